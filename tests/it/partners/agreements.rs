//! Agreements and their versions.

use causeway::kit::Role;
use serde_json::json;

use super::world::{World, id, refused};
use crate::support::companies::Company;

#[test]
fn an_agreement_has_versions_of_which_one_is_active() {
    let world = World::new();
    let api = world.api();
    let body = json!({
        "type": "program", "title": "Vendors", "description": "How we work", "document_type": "external",
        "link": "https://terms.example/1", "active": true,
    });
    let made = api.post("agreements", &body).expect(201).json();
    let path = format!("agreements/{}", made["id"].as_str().unwrap());
    assert!(made["id"].as_str().unwrap().starts_with("AGP-"));
    assert_eq!((made["title"].clone(), made["name"].clone()), (json!("Vendors"), json!("Vendors")));
    assert_eq!(
        (made["version"].clone(), made["active"].clone(), made["link"].clone()),
        (json!(1), json!(true), json!("https://terms.example/1"))
    );
    assert_eq!(made["stats"], json!({ "contracts": 0, "versions": 1 }));

    let second = json!({ "document_type": "text", "text": "# New terms", "active": false });
    let second = api.post(&format!("{path}/versions"), &second).expect(201).json();
    assert_eq!((second["version"].clone(), second["active"].clone()), (json!(2), json!(false)));
    let found = api.get(&format!("{path}/document")).expect(302);
    assert_eq!(found.header("location"), "https://terms.example/1");
    assert_eq!(api.get(&format!("{path}/versions/2/document")).expect(200).body(), "# New terms");
    api.get(&format!("{path}/versions/3/document")).expect(404);

    api.post(&format!("{path}/versions/2/activate"), &json!({})).expect(200);
    assert_eq!(api.get(&path).expect(200).json()["version"], 2);
    assert_eq!(api.get(&format!("{path}/versions/1")).expect(200).json()["active"], false);
    assert_eq!(api.get(&format!("{path}/version/2")).expect(200).json()["active"], true);
    assert!(refused(api.post(&format!("{path}/versions/2/activate"), &json!({})), 400).contains("active already"));
    let list = api.get(&format!("{path}/versions")).expect(200);
    assert_eq!(list.header("content-range"), "items 0-1/2");
    assert_eq!(list.json()[0]["version"], 2);

    assert!(refused(api.delete(&format!("{path}/versions/2")), 400).contains("active"));
    api.delete(&format!("{path}/versions/1")).expect(204);
    assert!(refused(api.delete(&format!("{path}/versions/2")), 400).contains("only version"));
    // A number is not used twice.
    let third = api.post(&format!("{path}/versions"), &json!({ "document_type": "none" })).expect(201).json();
    assert_eq!(third["version"], 3);
    api.delete(&path).expect(204);
    api.get(&path).expect(404);
}

#[test]
fn the_words_of_an_agreement_are_checked() {
    let world = World::new();
    let api = world.api();
    let said = refused(api.post("agreements", &json!({ "type": "program", "document_type": "external" })), 400);
    for field in ["title: ", "description: ", "link: "] {
        assert!(said.contains(field), "{field} in {said}");
    }
    assert!(refused(api.post("agreements", &json!({ "type": "sourcing" })), 400).contains("type: "));
    assert!(refused(api.post("agreements", &json!({ "type": "distribution" })), 400).contains("type: "));
    let uploaded = json!({ "type": "service", "title": "S", "description": "D", "document_type": "uploaded" });
    assert!(refused(api.post("agreements", &uploaded), 400).contains("file: Choose the PDF"));
    let program = world.agreement("program");
    let again = json!({ "type": "program", "title": "PROGRAM agreement", "description": "D", "document_type": "none" });
    assert!(refused(api.post("agreements", &again), 400).contains(&program));
    let path = format!("agreements/{program}");
    let changed = api.put(&path, &json!({ "title": "Renamed", "owner": { "id": "PA-0-0" } })).expect(200).json();
    assert_eq!((changed["title"].clone(), changed["description"].clone()), (json!("Renamed"), json!("Terms")));
    assert!(refused(api.put(&path, &json!({ "auto_accept": true })), 400).contains("auto_accept: "));
}

#[test]
fn distribution_agreements_belong_to_a_program_and_a_marketplace() {
    let world = World::new();
    let api = world.api();
    let market = world.marketplace("Nordics");
    let (program, service) = (world.agreement("program"), world.agreement("service"));
    let distribution = world.distribution(&program, &market, false);
    assert!(distribution.starts_with("AGD-"));
    let made = api.get(&format!("agreements/{distribution}")).expect(200).json();
    assert_eq!((made["parent"]["id"].clone(), made["marketplace"]["id"].clone()), (json!(program), json!(market)));
    let children = api.get(&format!("agreements/{program}/agreements")).expect(200);
    assert_eq!(
        (children.header("content-range"), children.json()[0]["id"].clone()),
        ("items 0-0/1", json!(distribution))
    );

    let body = |market: &str| json!({ "title": "T", "description": "D", "document_type": "none", "marketplace": { "id": market } });
    assert!(refused(api.post(&format!("agreements/{service}/agreements"), &body(&market)), 400).contains("program"));
    assert!(
        refused(api.post(&format!("agreements/{program}/agreements"), &body("MP-00000")), 400)
            .contains("marketplace: ")
    );
    let bare = id(&api.post("marketplaces", &json!({ "name": "Bare" })).expect(201));
    assert!(refused(api.post(&format!("agreements/{program}/agreements"), &body(&bare)), 400).contains("no hub"));
    assert!(refused(api.delete(&format!("agreements/{program}")), 400).contains("One distribution agreement"));
    api.delete(&format!("agreements/{distribution}")).expect(204);
    api.delete(&format!("agreements/{program}")).expect(204);
}

#[test]
fn only_distributors_issue_agreements_and_strangers_see_none() {
    let world = World::new();
    let program = world.agreement("program");
    let body = json!({ "type": "program", "title": "T", "description": "D", "document_type": "none" });
    for (name, role) in [("Maker", Role::Vendor), ("Shop", Role::Reseller)] {
        let api = Company::new(&world.server, name, role).api(&world.server);
        assert!(refused(api.post("agreements", &body), 403).contains("distributor"));
        api.get(&format!("agreements/{program}")).expect(404);
    }
    let stranger = Company::new(&world.server, "Other", Role::Distributor).api(&world.server);
    for path in ["", "/versions", "/agreements", "/contracts", "/partners", "/document", "/versions/1"] {
        stranger.get(&format!("agreements/{program}{path}")).expect(404);
    }
    stranger.put(&format!("agreements/{program}"), &json!({ "title": "Mine" })).expect(404);
    stranger.delete(&format!("agreements/{program}")).expect(404);
    stranger.post(&format!("agreements/{program}/versions/1/activate"), &json!({})).expect(404);
    assert_eq!(stranger.get("agreements").expect(200).header("content-range"), "items 0-0/0");
}
