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
fn a_reseller_does_not_get_at_the_customers_of_another() {
    let world = World::new();
    let (one, other) = (world.reseller.api(&world.server), world.another_reseller("Brenner").api(&world.server));
    let mut order = world.order("u1");
    order["asset"]["tiers"]["customer"]["external_id"] = json!("1001");
    let theirs = text(&one.post("requests", &order).expect(201).json(), "asset.tiers.customer.id");
    // The same number is another customer for another reseller.
    let mut order = world.order("u2");
    order["asset"]["tiers"]["customer"]["external_id"] = json!("1001");
    let own = text(&other.post("requests", &order).expect(201).json(), "asset.tiers.customer.id");
    assert_ne!(theirs, own);
    other.get(&format!("tier/accounts/{theirs}")).expect(404);
    // A UUID is there once; who may not see the account that has it learns no more than that.
    let mut order = world.order("u3");
    order["asset"]["tiers"]["customer"]["external_uid"] = json!("u1");
    let said = other.post("requests", &order).expect(409);
    assert!(!said.body().contains(&theirs), "{}", said.body());
    // The distributor's own entry cannot be taken by sending its number first.
    let mut order = world.order("u4");
    let mut top = account("Own", "top");
    (top["type"], top["external_id"]) = (json!("reseller"), json!(world.distributor.id.to_string()));
    order["asset"]["tiers"]["tier1"] = top;
    let _ = other.post("requests", &order);
    let direct = world.purchased("u5");
    let asset = text(&direct, "asset.id");
    other.get(&format!("assets/{asset}")).expect(404);
}

#[test]
fn a_reseller_sees_the_name_of_the_one_above_and_no_more() {
    let world = World::new();
    let reseller = |name: &str, uid: &str, company: &Company, parent: Option<&str>| {
        let mut entry = account(name, uid);
        entry["type"] = json!("reseller");
        entry["access"] = json!([{ "id": company.id.to_string() }]);
        if let Some(parent) = parent {
            entry["parent"] = json!({ "id": parent });
        }
        text(&world.buyer().post("tier/accounts", &entry).expect(201).json(), "id")
    };
    let above = world.another_reseller("Brenner");
    let tier2 = reseller("Brenner", "r2", &above, None);
    let tier1 = reseller("Alpina", "r1", &world.reseller, Some(&tier2));
    let mut customer = account("Stadtwerke", "u1");
    customer["parent"] = json!({ "id": tier1 });
    let customer = text(&world.buyer().post("tier/accounts", &customer).expect(201).json(), "id");
    let mut order = world.order("u1");
    order["asset"]["tiers"] = json!({ "customer": { "id": customer } });
    let id = text(&world.buyer().post("requests", &order).expect(201).json(), "id");
    for (api, knows) in
        [(world.reseller.api(&world.server), false), (above.api(&world.server), true), (world.seller(), true)]
    {
        let tiers = world.seen(&api, &id)["asset"]["tiers"].clone();
        assert_eq!(text(&tiers, "tier2.name"), "Brenner");
        assert_eq!(tiers["tier2"].to_string().contains("eva@r2.example"), knows, "{}", tiers["tier2"]);
        assert!(tiers["tier1"].to_string().contains("eva@r1.example"));
    }
}

#[test]
fn a_reseller_who_lost_a_customer_sees_it_no_more() {
    let world = World::new();
    let reseller = |name: &str, uid: &str, company: &Company| {
        let mut entry = account(name, uid);
        entry["type"] = json!("reseller");
        entry["access"] = json!([{ "id": company.id.to_string() }]);
        text(&world.buyer().post("tier/accounts", &entry).expect(201).json(), "id")
    };
    let other = world.another_reseller("Brenner");
    let (first, second) = (reseller("Alpina", "r1", &world.reseller), reseller("Brenner", "r2", &other));
    let mut customer = account("Stadtwerke", "u1");
    customer["parent"] = json!({ "id": first });
    let customer = text(&world.buyer().post("tier/accounts", &customer).expect(201).json(), "id");
    let path = format!("tier/accounts/{customer}");
    world.reseller.api(&world.server).get(&path).expect(200);
    world.buyer().put(&path, &json!({ "parent": { "id": second } })).expect(200);
    world.reseller.api(&world.server).get(&path).expect(404);
    other.api(&world.server).get(&path).expect(200);
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
