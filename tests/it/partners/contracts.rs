//! Contracts: enrolling, deciding, ending.

use causeway::flows::contracts::actions;
use causeway::kit::{Level, MarketplaceId, Module, Role};
use serde_json::json;

use super::world::{World, offer, refused};
use crate::support::clock;
use crate::support::companies::{self, Company};

#[test]
fn a_vendor_enrols_and_the_distributor_approves() {
    let world = World::new();
    let api = world.api();
    let market = world.marketplace("Nordics");
    let program = world.agreement("program");
    let distribution = world.distribution(&program, &market, false);
    let (vendor, contract) = world.partner(&program, "Maker");
    let maker = vendor.api(&world.server);

    // The vendor sees what its program opened, and nothing of the issuer's own.
    let seen = maker.get(&format!("contracts/{contract}")).expect(200).json();
    assert_eq!((seen["status"].clone(), seen["type"].clone()), (json!("active"), json!("program")));
    assert!(
        seen.get("note").is_none()
            && seen["activation"].get("link").is_none()
            && seen["activation"].get("code").is_none()
    );
    maker.get(&format!("agreements/{distribution}")).expect(200);
    let seen_market = maker.get(&format!("marketplaces/{market}")).expect(200).json();
    assert!(seen_market["hubs"][0].get("external_id").is_none(), "{seen_market}");

    let enrolled = maker.post(&format!("agreements/{distribution}/contracts"), &json!({})).expect(201).json();
    let crd = enrolled["id"].as_str().unwrap().to_owned();
    assert!(crd.starts_with("CRD-"));
    assert_eq!((enrolled["status"].clone(), enrolled["marketplace"]["id"].clone()), (json!("pending"), json!(market)));
    assert!(enrolled["enrolled"].is_string() && enrolled["events"]["countersigned"]["at"].is_string());
    assert!(enrolled["events"].get("signed").is_none());
    assert_eq!(enrolled["name"], format!("Contract of Distribution on {market}"));

    // One at a time; the vendor does not approve, nothing is to be refined.
    let second = maker.post(&format!("agreements/{distribution}/contracts"), &json!({})).expect(409);
    assert_eq!(second.json()["params"]["contract"], crd);
    refused(maker.post(&format!("contracts/{crd}/sign"), &json!({})), 403);
    refused(maker.post(&format!("contracts/{crd}/reject"), &json!({})), 403);
    assert!(refused(api.post(&format!("contracts/{crd}/refine"), &json!({})), 400).contains("form"));
    refused(api.post(&format!("contracts/{crd}/enroll"), &json!({})), 403);
    assert!(refused(api.delete(&format!("contracts/{crd}")), 400).contains("cannot be deleted"));

    let approved = api.post(&format!("contracts/{crd}/sign"), &json!({})).expect(200).json();
    assert_eq!(approved["status"], "active");
    assert!(approved["events"]["signed"]["at"].is_string() && approved["activation"]["date"].is_string());
    assert_eq!(world.status(&vendor, &crd), "active");
    refused(api.post(&format!("contracts/{crd}/sign"), &json!({})), 409);
    assert_eq!(api.get(&format!("marketplaces/{market}")).expect(200).json()["active_contracts"], 1);
    let versions = api.get(&format!("contracts/{crd}/versions")).expect(200).json();
    assert_eq!(versions[0]["version"], 1);

    let found = companies::act(&world.server, |tx| {
        actions::active_distribution(tx, &vendor.id, &MarketplaceId::parse(&market).expect("an id"))
    });
    assert_eq!(found.map(|c| c.id.to_string()), Some(crd.clone()));
}

#[test]
fn after_a_rejection_the_vendor_may_enrol_again() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let distribution = world.distribution(&program, &world.marketplace("Nordics"), false);
    let (vendor, _) = world.partner(&program, "Maker");
    let maker = vendor.api(&world.server);
    let enrol = || maker.post(&format!("agreements/{distribution}/contracts"), &json!({}));
    let first = enrol().expect(201).json()["id"].as_str().unwrap().to_owned();
    let rejected =
        api.post(&format!("contracts/{first}/reject"), &json!({ "termination_note": "Not yet" })).expect(200).json();
    assert_eq!(
        (rejected["status"].clone(), rejected["termination_note"].clone()),
        (json!("rejected"), json!("Not yet"))
    );
    let second = enrol().expect(201).json()["id"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    refused(api.post(&format!("contracts/{first}/sign"), &json!({})), 400);
    assert_eq!(world.status(&vendor, &second), "pending");
}

#[test]
fn who_may_not_enrol_is_told_why() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let distribution = world.distribution(&program, &world.marketplace("Nordics"), false);
    let path = format!("agreements/{distribution}/contracts");
    refused(api.post(&path, &offer("Maker")), 403);
    let (vendor, contract) = world.partner(&program, "Maker");
    let maker = vendor.api(&world.server);
    refused(maker.post(&format!("agreements/{program}/contracts"), &json!({})), 403);
    let reader = vendor.api_with(&world.server, &[(Module::Partners, Level::Read)]);
    reader.get(&format!("contracts/{contract}")).expect(200);
    refused(reader.post(&path, &json!({})), 403);
    vendor
        .api_with(&world.server, &[(Module::Products, Level::Manage)])
        .get(&format!("contracts/{contract}"))
        .expect(403);
    let stranger = Company::new(&world.server, "Unknown", Role::Vendor).api(&world.server);
    stranger.post(&path, &json!({})).expect(404);
    stranger.get(&format!("contracts/{contract}")).expect(404);
    stranger.post(&format!("contracts/{contract}/terminate"), &json!({})).expect(404);

    // Without an active program contract there is no enrolment.
    refused(maker.post(&format!("contracts/{contract}/terminate"), &json!({})), 403);
    api.post(&format!("contracts/{contract}/terminate"), &json!({})).expect(200);
    assert!(refused(maker.post(&path, &json!({})), 400).contains("no active program contract"));
}

#[test]
fn the_end_of_a_program_contract_ends_what_stands_on_it() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let (one, two) = (world.marketplace("North"), world.marketplace("South"));
    let (first, second) = (world.distribution(&program, &one, false), world.distribution(&program, &two, false));
    let third = world.distribution(&program, &one_more(&world), true);
    let (vendor, contract) = world.partner(&program, "Maker");
    let (other, _) = world.partner(&program, "Bystander");
    let enrol = |who: &Company, agreement: &str| {
        let made = who.api(&world.server).post(&format!("agreements/{agreement}/contracts"), &json!({})).expect(201);
        made.json()["id"].as_str().unwrap().to_owned()
    };
    let (active, pending, untouched) = (enrol(&vendor, &first), enrol(&vendor, &second), enrol(&other, &first));
    api.post(&format!("contracts/{active}/sign"), &json!({})).expect(200);
    let automatic = vendor.api(&world.server).get(&format!("agreements/{third}/contracts")).expect(200).json();
    let automatic = automatic[0]["id"].as_str().unwrap().to_owned();

    refused(api.delete(&format!("contracts/{contract}")), 400);
    let ended =
        api.post(&format!("contracts/{contract}/terminate"), &json!({ "termination_note": "Bye" })).expect(200).json();
    assert_eq!((ended["status"].clone(), ended["termination_note"].clone()), (json!("terminated"), json!("Bye")));
    let is = |id: &str| world.status(&vendor, id);
    assert_eq!(
        (is(&contract), is(&active), is(&pending), is(&automatic)),
        ("terminated".into(), "terminated".into(), "rejected".into(), "terminated".into())
    );
    assert_eq!(world.status(&other, &untouched), "pending");
    refused(api.post(&format!("contracts/{contract}/terminate"), &json!({})), 409);
    let journal = world.server.database().number("select count(*) as n from event where verb = 'contract.terminated'");
    assert_eq!(journal, 3);
}

fn one_more(world: &World) -> String {
    world.marketplace("East")
}

#[test]
fn auto_accept_takes_vendors_in_but_never_again_after_the_distributor_ended_it() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let early = world.distribution(&program, &world.marketplace("Early"), true);
    let (vendor, _) = world.partner(&program, "Maker");
    let maker = vendor.api(&world.server);
    let under = |agreement: &str| maker.get(&format!("agreements/{agreement}/contracts")).expect(200).json();
    let contract = under(&early)[0].clone();
    assert_eq!(
        (contract["status"].clone(), contract["creator"]["id"].clone()),
        (json!("active"), json!(world.distributor.id.to_string()))
    );

    // Made later: at once if its version is active, otherwise when it becomes active.
    let late = world.distribution(&program, &world.marketplace("Late"), true);
    assert_eq!(under(&late)[0]["status"], "active");
    let body = json!({
        "title": "Waiting", "description": "D", "document_type": "none", "auto_accept": true,
        "marketplace": { "id": world.marketplace("Waiting") },
    });
    let waiting = api.post(&format!("agreements/{program}/agreements"), &body).expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(under(&waiting), json!([]));
    assert!(
        refused(maker.post(&format!("agreements/{waiting}/contracts"), &json!({})), 400).contains("no active version")
    );
    api.post(&format!("agreements/{waiting}/versions/1/activate"), &json!({})).expect(200);
    assert_eq!(under(&waiting)[0]["status"], "active");
    let manual = world.distribution(&program, &world.marketplace("Manual"), false);
    assert_eq!(under(&manual), json!([]));
    api.put(&format!("agreements/{manual}"), &json!({ "auto_accept": true })).expect(200);
    assert_eq!(under(&manual)[0]["status"], "active");

    let id = contract["id"].as_str().unwrap();
    api.post(&format!("contracts/{id}/terminate"), &json!({})).expect(200);
    api.post(&format!("agreements/{early}/versions"), &json!({ "document_type": "none", "active": true })).expect(201);
    let states: Vec<_> = under(&early).as_array().unwrap().iter().map(|c| c["status"].clone()).collect();
    assert_eq!(states, [json!("terminated")]);
}

#[test]
fn a_newer_version_is_accepted_by_the_partner() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let (vendor, contract) = world.partner(&program, "Maker");
    let maker = vendor.api(&world.server);
    refused(maker.post(&format!("contracts/{contract}/sign"), &json!({})), 409);
    api.post(&format!("agreements/{program}/versions"), &json!({ "document_type": "none", "active": true }))
        .expect(201);
    let old = maker.get(&format!("contracts/{contract}")).expect(200).json();
    assert_eq!(
        (old["latest"].clone(), old["version"].clone(), old["status"].clone()),
        (json!(false), json!(1), json!("active"))
    );
    refused(api.post(&format!("contracts/{contract}/sign"), &json!({})), 403);
    let new = maker.post(&format!("contracts/{contract}/sign"), &json!({})).expect(200).json();
    assert_eq!(
        (new["latest"].clone(), new["version"].clone(), new["status"].clone()),
        (json!(true), json!(2), json!("active"))
    );
    let versions = maker.get(&format!("contracts/{contract}/versions")).expect(200).json();
    assert_eq!((versions[0]["version"].clone(), versions[1]["version"].clone()), (json!(2), json!(1)));
    assert_eq!(maker.get(&format!("contracts/{contract}/versions/1")).expect(200).json()["version"], 1);
    maker.get(&format!("contracts/{contract}/versions/9")).expect(404);
    // What was signed stays readable.
    assert!(refused(api.delete(&format!("agreements/{program}/versions/1")), 400).contains("signed"));
}

#[test]
fn terms_change_while_the_contract_lives_and_time_ends_it() {
    let world = World::new();
    let api = world.api();
    let service = world.agreement("service");
    let (reseller, contract) = world.partner(&service, "Shop");
    assert_eq!(reseller.role, Role::Reseller);
    let path = format!("contracts/{contract}");
    let shop = reseller.api(&world.server);
    refused(shop.put(&path, &json!({ "note": "x" })), 403);
    assert!(refused(api.put(&path, &json!({ "expire_at": "2020-01-01T00:00:00+00:00" })), 400).contains("expire_at: "));
    let body = json!({ "note": "Big one", "kind": "test", "expire_at": "2026-03-10T00:00:00+00:00", "activation": { "message": "Hello again" } });
    let changed = api.put(&path, &body).expect(200).json();
    assert_eq!(
        (changed["note"].clone(), changed["kind"].clone(), changed["expire_at"].clone()),
        (json!("Big one"), json!("test"), json!("2026-03-10T00:00:00+00:00"))
    );
    let seen = shop.get(&path).expect(200).json();
    assert_eq!((seen.get("note"), seen["activation"]["message"].clone()), (None, json!("Hello again")));

    let end = || companies::act(&world.server, |tx| actions::terminate_expired(tx, 10));
    assert_eq!(end(), 0);
    let working = companies::act(&world.server, |tx| actions::active_service(tx, &reseller.id, &world.distributor.id));
    clock::pass_days(world.server.clock(), 9);
    end();
    assert!(working);
    assert_eq!(world.status(&reseller, &contract), "terminated");
    assert_eq!(end(), 0);
    assert!(refused(api.put(&path, &json!({ "kind": "production" })), 400).contains("Only its notes"));
    api.put(&path, &json!({ "note": "Gone" })).expect(200);
}
