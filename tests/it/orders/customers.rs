//! The directory of customers and resellers.

use serde_json::json;

use super::world::{World, account, refused, text};

#[test]
fn an_account_has_versions() {
    let world = World::new();
    let buyer = world.buyer();
    let made = buyer.post("tier/accounts", &account("Stadtwerke", "u1")).expect(201).json();
    let path = format!("tier/accounts/{}", text(&made, "id"));
    assert_eq!(
        (made["version"].clone(), made["scopes"].clone(), made["parent"].clone()),
        (json!(1), json!([]), json!(null))
    );
    assert_eq!(
        (text(&made, "contact_info.country"), text(&made, "owner.id")),
        ("DE".into(), world.distributor.id.to_string())
    );
    let changed = buyer
        .put(&path, &json!({ "name": "Stadtwerke Lindau", "version": 7, "contact_info": { "city": "Bregenz" } }))
        .expect(200)
        .json();
    assert_eq!(
        (changed["version"].clone(), text(&changed, "contact_info.city"), text(&changed, "contact_info.postal_code")),
        (json!(2), "Bregenz".into(), "88131".into())
    );
    let same = buyer.put(&path, &json!({ "name": "Stadtwerke Lindau" })).expect(200).json();
    assert_eq!(same["version"], json!(2));
    let versions = buyer.get(&format!("{path}/versions")).expect(200);
    assert_eq!(
        (versions.header("content-range"), text(&versions.json(), "1.name")),
        ("items 0-1/2", "Stadtwerke".into())
    );
    assert_eq!(text(&buyer.get(&format!("{path}/versions/1")).expect(200).json(), "contact_info.city"), "Lindau");
    buyer.get(&format!("{path}/versions/9")).expect(404);
    buyer.delete(&path).expect(204);
    buyer.get(&path).expect(404);
    assert_eq!(buyer.get("tier/accounts").expect(200).header("content-range"), "items 0-0/0");
}

#[test]
fn accounts_stand_under_resellers() {
    let world = World::new();
    let buyer = world.buyer();
    let mut reseller = account("Alpina", "r1");
    reseller["type"] = json!("reseller");
    let mut upper = account("Top", "r0");
    upper["type"] = json!("reseller");
    reseller["parent"] = json!({ "index": 0 });
    let mut customer = account("Stadtwerke", "u1");
    customer["parent"] = json!({ "index": 1 });
    let made = buyer.post("tier/accounts", &json!([upper, reseller, customer])).expect(201).json();
    assert_eq!(made[2]["parent"]["id"], made[1]["id"]);
    let bad = json!([account("A", "a"), { "name": "B", "parent": { "index": 5 } }]);
    assert!(refused(buyer.post("tier/accounts", &bad), 400).contains("accounts.1."));
    assert_eq!(world.server.database().number("select count(*) as n from tier_account"), 3);
    let mut below = account("Below", "u2");
    below["parent"] = json!({ "id": made[2]["id"] });
    assert!(refused(buyer.post("tier/accounts", &below), 400).contains("parent.id: "));
    let mut third = account("Third", "r3");
    (third["type"], third["parent"]) = (json!("reseller"), json!({ "id": made[1]["id"] }));
    assert!(refused(buyer.post("tier/accounts", &third), 400).contains("the chain ends at two"));
    assert!(
        refused(buyer.delete(&format!("tier/accounts/{}", text(&made, "1.id"))), 400).contains("customers under it")
    );
    let taken = buyer.post("tier/accounts", &account("Again", "u1")).expect(409).json();
    assert_eq!(taken["params"]["id"], made[2]["id"]);
}

#[test]
fn a_used_account_stays() {
    let world = World::new();
    let request = world.purchased("u1");
    let customer = text(&request, "asset.tiers.customer.id");
    let path = format!("tier/accounts/{customer}");
    let seen = world.buyer().get(&path).expect(200).json();
    assert_eq!(seen["scopes"], json!(["customer"]));
    assert!(refused(world.buyer().delete(&path), 400).contains("subscriptions"));
    world.buyer().put(&path, &json!({ "name": "New name" })).expect(200);
    let old = world.seen(&world.buyer(), &text(&request, "id"));
    assert_eq!(text(&old, "asset.tiers.customer.name"), "Stadtwerke", "a request keeps its snapshot");
    let now = world.buyer().get(&format!("assets/{}", text(&request, "asset.id"))).expect(200).json();
    assert_eq!(text(&now, "tiers.customer.name"), "New name");
}

#[test]
fn the_words_of_an_account_are_checked() {
    let world = World::new();
    let said = refused(world.buyer().post("tier/accounts", &json!({ "type": "customer" })), 400);
    for field in ["name: ", "contact_info.address_line1: ", "contact_info.contact.email: "] {
        assert!(said.contains(field), "{field} in {said}");
    }
    let mut wrong = account("X", "x");
    wrong["contact_info"]["country"] = json!("ZZ");
    wrong["access"] = json!([{ "id": "PA-000-001" }]);
    assert!(refused(world.buyer().post("tier/accounts", &wrong), 400).contains("contact_info.country: "));
    assert!(refused(world.seller().post("tier/accounts", &account("X", "x")), 403).contains("distributor"));
}
