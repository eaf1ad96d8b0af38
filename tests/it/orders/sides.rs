//! What each side sees, and that nobody else sees anything.

use causeway::kit::Role;
use serde_json::{Value, json};

use super::world::{World, account, refused, text};
use crate::support::companies::Company;

fn param<'v>(request: &'v Value, name: &str) -> Option<&'v Value> {
    request["asset"]["params"].as_array().unwrap().iter().find(|p| p["id"] == json!(name))
}

#[test]
fn a_resale_has_three_sides() {
    let world = World::new();
    let shop = world.buyer().post("tier/accounts", &{
        let mut reseller = account("Alpina", "r1");
        reseller["type"] = json!("reseller");
        reseller["access"] = json!([{ "id": world.reseller.id.to_string() }]);
        reseller
    });
    let shop = text(&shop.expect(201).json(), "id");
    let mut customer = account("Stadtwerke", "u1");
    customer["parent"] = json!({ "id": shop });
    let customer = text(&world.buyer().post("tier/accounts", &customer).expect(201).json(), "id");
    let mut order = world.order("u1");
    order["asset"]["tiers"] = json!({ "customer": { "id": customer } });
    order["asset"]["params"].as_array_mut().unwrap().push(json!({ "id": "pin", "value": "s3cret" }));
    let request = world.buyer().post("requests", &order).expect(201).json();
    let id = text(&request, "id");
    assert_eq!(request["asset"]["tiers"]["tier1"]["id"], json!(shop));
    world.approved(&id);

    let reseller = world.reseller.api(&world.server);
    let (of_vendor, of_distributor, of_reseller) =
        (world.seen(&world.seller(), &id), world.seen(&world.buyer(), &id), world.seen(&reseller, &id));
    assert_eq!(param(&of_vendor, "pin").unwrap()["value"], json!("s3cret"));
    for seen in [&of_distributor, &of_reseller] {
        assert_eq!(param(seen, "pin").unwrap()["value"], json!("••••••••"));
        assert!(!seen.to_string().contains("s3cret"));
    }
    assert_eq!(param(&of_distributor, "tenant_id").unwrap()["value"], json!(format!("tenant-{id}")));
    assert!(param(&of_reseller, "tenant_id").is_none(), "the vendor's parameter is not the reseller's to see");
    let asset = text(&request, "asset.id");
    assert!(!reseller.get(&format!("assets/{asset}")).expect(200).body().contains("tenant_id"));
    assert_eq!(reseller.get("tier/accounts").expect(200).header("content-range"), "items 0-1/2");
    reseller.get(&format!("tier/accounts/{customer}")).expect(200);
    // The mask sent back leaves the password as it is.
    let seller = world.seller();
    let adjust = json!({ "type": "adjustment", "asset": { "id": asset, "params": [{ "id": "pin", "value": "••••••••" }, { "id": "inner", "value": "x" }] } });
    let adjusted = seller.post("requests", &adjust).expect(201).json();
    assert_eq!(param(&adjusted, "pin").unwrap()["value"], json!("s3cret"));
    let journal = world.server.database().number("select count(*) as n from event where cast(changes as text) like '%s3cret%' or cast(text as text) like '%s3cret%'");
    assert_eq!(journal, 0);
}

#[test]
fn a_reseller_orders_for_its_own_customers() {
    let world = World::new();
    let reseller = world.reseller.api(&world.server);
    let request = reseller.post("requests", &world.order("u1")).expect(201).json();
    assert_eq!(request["asset"]["tiers"]["tier1"]["external_id"], json!(world.reseller.id.to_string()));
    assert_eq!(text(&world.seen(&world.buyer(), &text(&request, "id")), "status"), "pending");
    // Another distributor's reseller does not get in.
    let stranger = Company::new(&world.server, "Other", Role::Reseller).api(&world.server);
    assert!(refused(stranger.post("requests", &world.order("u2")), 400).contains("service contract"));
}

#[test]
fn strangers_see_nothing() {
    let world = World::new();
    let request = world.purchased("u1");
    let (id, asset, customer) =
        (text(&request, "id"), text(&request, "asset.id"), text(&request, "asset.tiers.customer.id"));
    for role in [Role::Distributor, Role::Vendor, Role::Reseller] {
        let api = Company::new(&world.server, &format!("Other {role}"), role).api(&world.server);
        for path in [
            format!("requests/{id}"),
            format!("requests/{id}/render"),
            format!("assets/{asset}"),
            format!("assets/{asset}/requests"),
            format!("assets/{asset}/render"),
            format!("tier/accounts/{customer}"),
            format!("tier/accounts/{customer}/versions"),
        ] {
            api.get(&path).expect(404);
        }
        for verb in [
            "approve", "fail", "inquire", "pend", "purchase", "submit", "validate", "schedule", "revoke", "confirm",
            "assign", "unassign",
        ] {
            let body = json!({ "reason": "x", "planned_date": "2030-01-01" });
            api.post(&format!("requests/{id}/{verb}"), &body).expect(404);
        }
        api.put(&format!("requests/{id}"), &json!({ "note": "x" })).expect(404);
        let change = json!({ "type": "cancel", "asset": { "id": asset } });
        api.post("requests", &change).expect(404);
        for list in ["requests", "assets", "tier/accounts"] {
            assert_eq!(api.get(list).expect(200).header("content-range"), "items 0-0/0");
        }
    }
    // The vendor sees the customer of its subscription, and cannot change it.
    world.seller().get(&format!("tier/accounts/{customer}")).expect(200);
    refused(world.seller().put(&format!("tier/accounts/{customer}"), &json!({ "name": "Mine" })), 403);
}
