//! Hubs and marketplaces.

use causeway::kit::{Level, Module, Role};
use serde_json::json;

use super::world::{World, id, refused};
use crate::support::companies::Company;

#[test]
fn a_hub_is_registered_changed_and_deleted() {
    let world = World::new();
    let api = world.api();
    let body = json!({ "name": "Live", "description": "Shop", "instance": { "id": "shop-1", "type": "API" } });
    let hub = api.post("hubs", &body).expect(201).json();
    let path = format!("hubs/{}", hub["id"].as_str().unwrap());
    assert!(hub["id"].as_str().unwrap().starts_with("HB-"));
    assert_eq!(hub["instance"], json!({ "id": "shop-1", "type": "API" }));
    assert_eq!(hub["company"]["id"], world.distributor.id.as_str());
    assert_eq!(hub["stats"], json!({ "connections": 0, "marketplaces": 0 }));

    let again = api.post("hubs", &body).expect(409);
    assert_eq!(again.json()["params"]["hub"], hub["id"]);
    let other = json!({ "name": "Staging", "instance_id": "shop-2", "instance_type": "oa" });
    let other = api.post("hubs", &other).expect(201).json();
    assert_eq!(other["instance"]["type"], "OA");

    // Read-only and unknown keys are passed over; an absent key stays.
    let changed = api.put(&path, &json!({ "id": "HB-0-0", "name": "Production", "more": 1 })).expect(200).json();
    assert_eq!((changed["name"].as_str(), changed["description"].as_str()), (Some("Production"), Some("Shop")));
    assert!(refused(api.put(&path, &json!({ "name": "" })), 400).contains("name: "));
    assert_eq!(api.get("hubs").expect(200).header("content-range"), "items 0-1/2");
    assert_eq!(api.get("hubs?eq(instance.type,oa)").expect(200).header("content-range"), "items 0-0/1");
    api.delete(&path).expect(204);
    api.get(&path).expect(404);
}

#[test]
fn a_marketplace_knows_its_hubs_and_countries() {
    let world = World::new();
    let api = world.api();
    let hub = id(&api.post("hubs", &json!({ "name": "Live", "instance": { "id": "1", "type": "API" } })).expect(201));
    let body = json!({
        "name": "Nordics", "description": "North", "countries": [{ "id": "SE" }, { "id": "no" }], "currency": "SEK",
        "hubs": [{ "hub": { "id": hub }, "external_id": "7" }],
        "attributes": [{ "id": "st0p", "name": "Suggested", "description": "What the customer pays" }],
    });
    let market = api.post("marketplaces", &body).expect(201).json();
    let path = format!("marketplaces/{}", market["id"].as_str().unwrap());
    assert_eq!(market["countries"], json!([{ "id": "SE", "name": "Sweden" }, { "id": "NO", "name": "Norway" }]));
    assert_eq!(market["hubs"], json!([{ "hub": { "id": hub, "name": "Live" }, "external_id": "7" }]));
    assert_eq!(market["attributes"][0]["id"], "st0p");
    assert_eq!(market["stats"], json!({ "hubs": 1, "contracts": 0 }));
    let of_hub = api.get(&format!("hubs/{hub}/marketplaces")).expect(200).json();
    assert_eq!((of_hub[0]["id"].clone(), of_hub[0]["external_id"].clone()), (market["id"].clone(), json!("7")));

    // A hub that is used stays.
    assert!(refused(api.delete(&format!("hubs/{hub}")), 400).contains("used by one marketplace"));
    let changed = api.put(&path, &json!({ "hubs": [], "zone": "EU" })).expect(200).json();
    assert_eq!((changed["hubs"].clone(), changed["zone"].clone()), (json!([]), json!("EU")));
    assert_eq!(changed["currency"], "SEK");
    api.delete(&format!("hubs/{hub}")).expect(204);
    api.delete(&path).expect(204);

    let bad = json!({ "name": "x", "currency": "euros", "countries": [{ "id": "ZZ" }], "hubs": [{ "hub": { "id": hub }, "external_id": "1" }] });
    let said = refused(api.post("marketplaces", &bad), 400);
    for field in ["currency: ", "countries: ", "hubs.0.hub.id: "] {
        assert!(said.contains(field), "{field} in {said}");
    }
}

#[test]
fn only_sellers_own_them_and_nobody_sees_others() {
    let world = World::new();
    let market = world.marketplace("Nordics");
    let stranger = Company::new(&world.server, "Other", Role::Distributor).api(&world.server);
    let vendor = Company::new(&world.server, "Maker", Role::Vendor).api(&world.server);
    let reseller = Company::new(&world.server, "Shop", Role::Reseller).api(&world.server);
    for api in [&stranger, &vendor, &reseller] {
        api.get(&format!("marketplaces/{market}")).expect(404);
        api.put(&format!("marketplaces/{market}"), &json!({ "name": "mine" })).expect(404);
        assert_eq!(api.get("marketplaces").expect(200).header("content-range"), "items 0-0/0");
        assert_eq!(api.get("hubs").expect(200).header("content-range"), "items 0-0/0");
    }
    let body = json!({ "name": "Live", "instance": { "id": "1", "type": "API" } });
    assert!(refused(vendor.post("hubs", &body), 403).contains("vendor"));
    reseller.post("hubs", &body).expect(201);
    let reader = world.distributor.api_with(&world.server, &[(Module::Marketplaces, Level::Read)]);
    reader.get(&format!("marketplaces/{market}")).expect(200);
    reader.post("hubs", &body).expect(403);
    world.distributor.api_with(&world.server, &[(Module::Partners, Level::Manage)]).get("hubs").expect(403);
}

#[test]
fn what_an_agreement_names_stays() {
    let world = World::new();
    let api = world.api();
    let market = world.marketplace("Nordics");
    let program = world.agreement("program");
    world.distribution(&program, &market, false);
    let path = format!("marketplaces/{market}");
    assert!(refused(api.delete(&path), 400).contains("one agreement"));
    assert!(refused(api.put(&path, &json!({ "currency": "USD" })), 400).contains("currency: "));
    assert!(refused(api.put(&path, &json!({ "hubs": [] })), 400).contains("hubs: "));
    assert!(refused(api.post("marketplaces", &json!({ "name": "NORDICS" })), 400).contains("name: "));
}
