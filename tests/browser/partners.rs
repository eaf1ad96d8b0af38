//! The pages through which companies come to work together: readable, accessible and narrow enough everywhere.

use causeway::kit::Role;
use serde_json::json;

use crate::browser::Browser;
use crate::look::{look, look_refused};
use crate::support::companies::{Company, PASSWORD};

#[path = "../it/partners/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
pub mod world;

use world::World;

#[test]
fn the_pages_of_both_sides_are_accessible_and_fit() {
    let world = World::new();
    let market = world.marketplace("Nordics");
    let (program, service) = (world.agreement("program"), world.agreement("service"));
    let distribution = world.distribution(&program, &market, false);
    let text =
        json!({ "document_type": "text", "text": "# Terms\n\n- pay\n- deliver\n\nAnd **so** on.", "active": true });
    world.api().post(&format!("agreements/{program}/versions"), &text).expect(201);
    let vendor = Company::new(&world.server, "Halden Software", Role::Vendor);
    let offered = world.offered(&program, "Placeholder");
    let contract = offered["id"].as_str().expect("an id");
    let code = json!({ "code": offered["activation"]["code"] });
    vendor.api(&world.server).post(&format!("contracts/{contract}/sign"), &code).expect(200);
    let enrolled =
        vendor.api(&world.server).post(&format!("agreements/{distribution}/contracts"), &json!({})).expect(201);
    let enrolled = enrolled.json()["id"].as_str().expect("an id").to_owned();
    let pending = world.offered(&service, "A reseller with quite a long name & Sons");
    let hub = world.api().get("hubs").expect(200).json()[0]["id"].as_str().expect("an id").to_owned();

    let browser = Browser::start(world.server.base());
    let link =
        pending["activation"]["link"].as_str().expect("a link").trim_start_matches(world.server.base()).to_owned();
    look(&browser, &link, "invitation");
    look(&browser, &link.replace("activate?", "activate/decline?"), "decline");

    browser.sign_in(&world.distributor.email, PASSWORD);
    let at = |path: &str| format!("/{}{path}", world.distributor.id);
    let pending = pending["id"].as_str().expect("an id");
    for (path, name) in [
        ("/marketplaces".to_owned(), "marketplaces"),
        ("/marketplaces/new".to_owned(), "marketplace-1"),
        ("/marketplaces/new?step=2&name=x&countries=DE".to_owned(), "marketplace-2"),
        ("/marketplaces/new?step=3&name=x&countries=DE".to_owned(), "marketplace-3"),
        ("/marketplaces/new?step=4&name=x&countries=DE&currency=EUR".to_owned(), "marketplace-4"),
        (format!("/marketplaces/{market}"), "marketplace"),
        (format!("/marketplaces/{market}/edit"), "marketplace-edit"),
        ("/hubs".to_owned(), "hubs"),
        ("/hubs/new".to_owned(), "hub-new"),
        (format!("/hubs/{hub}"), "hub"),
        ("/agreements".to_owned(), "agreements"),
        ("/agreements/new".to_owned(), "agreement-new"),
        (format!("/agreements/{program}"), "agreement"),
        (format!("/agreements/{program}/versions/2"), "agreement-version"),
        (format!("/agreements/{program}/versions/new"), "agreement-version-new"),
        (format!("/agreements/{program}/distribution"), "distribution-new"),
        (format!("/agreements/{distribution}"), "distribution"),
        (format!("/agreements/{distribution}/edit"), "distribution-edit"),
        ("/contracts".to_owned(), "contracts"),
        ("/contracts/new".to_owned(), "contract-1"),
        ("/contracts/new?step=2&type=program".to_owned(), "contract-2"),
        (format!("/contracts/new?step=3&type=program&agreement={program}"), "contract-3"),
        (format!("/contracts/{pending}"), "contract-pending"),
        (format!("/contracts/{pending}/delete"), "contract-delete"),
        (format!("/contracts/{pending}/invite"), "contract-invite"),
        (format!("/contracts/{pending}/edit"), "contract-edit"),
        (format!("/contracts/{enrolled}"), "contract-enrolled"),
        (format!("/contracts/{contract}"), "contract-active"),
    ] {
        look(&browser, &at(&path), name);
    }
    look_refused(&browser, &at("/marketplaces/new?step=4&name=&countries=Atlantis"), "marketplace-wrong");

    let browser = Browser::start(world.server.base());
    browser.sign_in(&vendor.email, PASSWORD);
    let at = |path: &str| format!("/{}{path}", vendor.id);
    world.api().post(&format!("contracts/{enrolled}/reject"), &json!({ "termination_note": "Not yet" })).expect(200);
    for (path, name) in [
        ("/agreements".to_owned(), "vendor-agreements"),
        (format!("/agreements/{program}"), "vendor-agreement"),
        (format!("/agreements/{distribution}/enrol"), "vendor-enrol"),
        ("/contracts".to_owned(), "vendor-contracts"),
        (format!("/contracts/{contract}"), "vendor-contract"),
        (format!("/contracts/{enrolled}"), "vendor-rejected"),
        (format!("/marketplaces/{market}"), "vendor-marketplace"),
    ] {
        look(&browser, &at(&path), name);
    }
}
