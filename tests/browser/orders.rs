//! The pages of orders: readable, accessible and narrow enough on every side.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::browser::Browser;
use crate::look::{look, look_here};
use crate::support::companies::{Company, PASSWORD};

#[path = "../it/orders/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
pub mod world;

use world::{World, account, text};

/// A customer of the reseller; gives its id.
fn customer(world: &World, shop: &str, name: &str, uid: &str) -> Value {
    let mut customer = account(name, uid);
    customer["parent"] = json!({ "id": shop });
    json!({ "customer": { "id": text(&world.buyer().post("tier/accounts", &customer).expect(201).json(), "id") } })
}

fn shop(world: &World) -> String {
    let mut shop = account("Alpina Systemhaus GmbH", "r1");
    shop["type"] = json!("reseller");
    shop["access"] = json!([{ "id": world.reseller.id.to_string() }]);
    text(&world.buyer().post("tier/accounts", &shop).expect(201).json(), "id")
}

#[test]
fn requests_and_subscriptions_are_accessible_and_fit() {
    let world = World::new();
    let shop = shop(&world);
    let names = [
        "Krämer Logistik GmbH",
        "Oslo Havn Rederi AS",
        "Van Dijk Bouwgroep BV",
        "Stadtwerke Lindau",
        "Hotel Bellevue Montreux SA and its many friends",
    ];
    let ids: Vec<(String, String)> = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let uid = format!("u{n}");
            let mut order = world.order(&uid);
            order["asset"]["tiers"] = customer(&world, &shop, name, &uid);
            order["asset"]["params"].as_array_mut().unwrap().push(json!({ "id": "pin", "value": "s3cret" }));
            let request = world.buyer().post("requests", &order).expect(201).json();
            (text(&request, "id"), text(&request, "asset.id"))
        })
        .collect();
    let seller = world.seller();
    let mark = json!({ "note": "Checked by hand", "asset": { "params": [{ "id": "admin_email", "value_error": "This domain receives no mail. Is “kraemer” meant?" }] } });
    for marked in [0, 1] {
        seller.put(&format!("requests/{}", ids[marked].0), &mark).expect(200);
    }
    seller.post(&format!("requests/{}/inquire", ids[1].0), &json!({})).expect(200);
    world.approved(&ids[2].0);
    let change = json!({ "type": "change", "asset": { "id": ids[2].1, "items": [{ "id": "SEAT", "quantity": "12" }, { "id": "COLD", "quantity": "2" }], "params": [{ "id": "region", "value": "us" }] } });
    let change = text(&world.buyer().post("requests", &change).expect(201).json(), "id");
    seller.post(&format!("requests/{}/fail", ids[3].0), &json!({ "reason": "The region is not served." })).expect(200);

    let browser = Browser::start(world.server.base());
    browser.sign_in(&world.distributor.email, PASSWORD);
    let see = |who: &Company, path: &str, name: &str| look(&browser, &format!("/{}{path}", who.id), name);
    let (vendor, distributor, reseller) = (&world.vendor, &world.distributor, &world.reseller);
    let request = |n: usize| format!("/requests/{}", ids[n].0);
    see(vendor, "/requests", "vendor-queue");
    see(vendor, "/requests?eq(status,pending)&ordering(-created)", "vendor-queue-filtered");
    see(vendor, "/requests?eq(status,revoked)", "vendor-queue-nothing");
    see(vendor, &request(0), "vendor-marked");
    see(vendor, &request(4), "vendor-pending");
    see(vendor, &format!("{}/approve", request(4)), "vendor-approve");
    // What the customer will read follows what is typed and chosen.
    browser.open(&format!("/{}{}/approve", vendor.id, request(4)));
    browser.choose("Template", "Second");
    browser.see("Your tenant is [tenant_id]");
    browser.fill("The tenant_id", "t-7");
    browser.press(Key::Tab);
    browser.see("Your tenant is t-7");
    look_here(&browser, "vendor-approve-preview");
    browser.check_quiet();
    see(vendor, &format!("{}/inquire", request(0)), "vendor-inquire");
    see(vendor, &format!("{}/mark?parameter=region", request(4)), "vendor-mark");
    see(vendor, &format!("{}/edit", request(4)), "vendor-edit");
    see(vendor, &format!("{}/fail", request(4)), "vendor-fail");
    see(vendor, &format!("/requests/{change}"), "vendor-change");
    see(vendor, &request(2), "vendor-approved");
    see(vendor, &format!("/subscriptions/{}", ids[2].1), "vendor-subscription");
    see(distributor, "/requests?ordering(-created)", "distributor-queue");
    see(distributor, &request(1), "distributor-inquiring");
    see(distributor, &format!("{}/pend", request(1)), "distributor-correct");
    see(distributor, &request(3), "distributor-failed");
    see(distributor, "/subscriptions", "distributor-subscriptions");
    see(distributor, &format!("/subscriptions/{}", ids[2].1), "distributor-subscription");
    world.approved(&change);
    see(distributor, &format!("/subscriptions/{}/change", ids[2].1), "distributor-change");
    see(reseller, "/requests?ordering(-created)", "reseller-queue");
    see(reseller, &request(2), "reseller-approved");
    see(reseller, &format!("/subscriptions/{}", ids[2].1), "reseller-subscription");
}
