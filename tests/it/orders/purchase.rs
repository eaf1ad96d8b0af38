//! Purchases: from the order to the active subscription, and every check before it is made.

use serde_json::json;

use super::world::{World, account, refused, text};

#[test]
fn a_purchase_becomes_an_active_subscription() {
    let world = World::new();
    let request = world.purchased("u1");
    let (id, asset) = (text(&request, "id"), text(&request, "asset.id"));
    assert_eq!(id, format!("PR-{}-001", asset.trim_start_matches("AS-")));
    assert_eq!((text(&request, "status"), text(&request, "asset.status")), ("pending".into(), "processing".into()));
    assert_eq!(
        (request["assignee"].clone(), request["params_form_url"].clone(), request["answered"].clone()),
        (json!(""), json!(""), json!(false))
    );
    assert_eq!(request["asset"]["tiers"]["tier2"], json!({}));
    assert_eq!(request["asset"]["tiers"]["tier1"]["external_id"], json!(world.distributor.id.to_string()));
    let seat = &request["asset"]["items"][0];
    assert_eq!(
        (
            seat["mpn"].clone(),
            seat["quantity"].clone(),
            seat["old_quantity"].clone(),
            seat["item_type"].clone(),
            seat["period"].clone()
        ),
        (json!("SEAT"), json!("5"), json!("0"), json!("Reservation"), json!("Monthly"))
    );
    assert_eq!(request["asset"]["items"][1]["quantity"], json!("unlimited"));
    assert_eq!(request["asset"]["connection"]["hub"]["id"], json!(world.hub));
    assert_eq!(request["asset"]["params"][0], world.seen(&world.seller(), &id)["asset"]["params"][0]);

    // What the vendor must fill in stands in the way.
    let seller = world.seller();
    let approve = format!("requests/{id}/approve");
    assert!(refused(seller.post(&approve, &json!({})), 400).contains("asset.params.tenant_id.value"));
    let fill = json!({ "note": "Done by hand", "asset": { "params": [{ "id": "tenant_id", "value": "hbc_1" }] } });
    let filled = seller.put(&format!("requests/{id}"), &fill).expect(200).json();
    assert_eq!(filled["note"], json!("Done by hand"));
    let templates: Vec<String> = ["TL-000-000-000".to_owned()].into();
    assert!(refused(seller.post(&approve, &json!({ "template_id": templates[0] })), 400).contains("template_id"));
    let done = seller.post(&approve, &json!({})).expect(200).json();
    assert_eq!((text(&done, "status"), text(&done, "asset.status")), ("approved".into(), "active".into()));
    assert!(done["effective_date"].is_string() && done["assignee"]["name"] == json!("Test"));
    assert!(text(&done, "activation_key").contains("ready"), "{}", done["activation_key"]);

    let active = world.buyer().get(&format!("assets/{asset}")).expect(200).json();
    assert_eq!((text(&active, "status"), active["pending_request"].clone()), ("active".into(), json!(null)));
    assert_eq!(active["template"]["id"], done["template"]["id"]);
    assert_eq!(active["items"][0]["quantity"], json!("5"));
    let rendered = world.buyer().get(&format!("assets/{asset}/render")).expect(200);
    assert!(rendered.body().contains("ready"));
    // What is final stays as it is.
    assert!(refused(seller.put(&format!("requests/{id}"), &fill), 400).contains("keeps its values"));
    assert!(refused(seller.post(&format!("requests/{id}/fail"), &json!({ "reason": "x" })), 400).contains("for good"));
}

#[test]
fn the_vendors_text_is_written_with_the_values_and_kept() {
    let world = World::new();
    let request = world.purchased("u1");
    let id = text(&request, "id");
    let seller = world.seller();
    seller
        .put(&format!("requests/{id}"), &json!({ "asset": { "params": [{ "id": "tenant_id", "value": "hbc_1" }] } }))
        .expect(200);
    let tile = json!({ "activation_tile": "Tenant **{{ tenant_id }}** for {{ admin_email }}, {{ unknown }}" });
    let done = seller.post(&format!("requests/{id}/approve/"), &tile).expect(200).json();
    assert_eq!(text(&done, "activation_key"), "Tenant **hbc_1** for eva@lindau.example, ");
}

#[test]
fn a_missing_required_parameter_is_asked_back_at_once() {
    let world = World::new();
    let mut order = world.order("u1");
    order["asset"]["params"] = json!([{ "id": "region", "value": "eu" }]);
    let request = world.buyer().post("requests", &order).expect(201).json();
    assert_eq!(text(&request, "status"), "inquiring");
    assert!(text(&request, "params_form_url").starts_with(&format!("{}/orders/form?request=PR-", world.server.base())));
    let mail = world.server.mail().next_to("eva@u1.example");
    assert_eq!(mail.link(), text(&request, "params_form_url"));
    assert!(mail.subject.contains("Backup Cloud"));
}

#[test]
fn every_check_names_its_field() {
    let world = World::new();
    let buyer = world.buyer();
    let refuse = |change: &dyn Fn(&mut serde_json::Value), status: u16| {
        let mut order = world.order("u9");
        change(&mut order);
        refused(buyer.post("requests", &order), status)
    };
    let cases: &[(&dyn Fn(&mut serde_json::Value), &str)] = &[
        (&|o| o["type"] = json!("buy"), "type: "),
        (&|o| o["asset"]["product"]["id"] = json!("PRD-000-000-001"), "asset.product.id: "),
        (&|o| o["asset"]["connection"]["id"] = json!("CT-0000-0000-0001"), "asset.connection.id: "),
        (&|o| o["asset"]["connection"]["id"] = json!("HB-0000-0001"), "asset.connection.id: "),
        (
            &|o| o["asset"]["connection"] = json!({ "type": "live" }),
            "asset.connection.type: live is not an environment",
        ),
        (&|o| o["asset"]["items"] = json!([]), "asset.items: "),
        (
            &|o| o["asset"]["items"] = json!([{ "id": "SEAT", "quantity": "0" }]),
            "asset.items: This list may not be empty",
        ),
        (
            &|o| o["asset"]["items"][0]["quantity"] = json!("1.5"),
            "asset.items.0.quantity: SEAT is counted in whole numbers",
        ),
        (&|o| o["asset"]["items"][0]["quantity"] = json!("-3"), "asset.items.0.quantity: "),
        (&|o| o["asset"]["items"][0]["id"] = json!("NOPE"), "asset.items.0.id: The product has no item NOPE"),
        (
            &|o| o["asset"]["items"][1] = json!({ "id": "SEAT", "quantity": 1 }),
            "asset.items.1: The item SEAT is there twice",
        ),
        (&|o| o["asset"]["params"][0]["value"] = json!("eva"), "asset.params.0.value: eva is not an e-mail address"),
        (&|o| o["asset"]["params"][1]["value"] = json!("mars"), "asset.params.1.value: mars cannot be chosen"),
        (&|o| o["asset"]["params"][1]["id"] = json!("regio"), "asset.params.1: The request has no parameter regio"),
        (&|o| o["asset"]["tiers"] = json!({}), "asset.tiers.customer: "),
        (&|o| o["asset"]["tiers"]["customer"] = json!({ "id": "TA-0000-0000-0001" }), "asset.tiers.customer.id: "),
        (
            &|o| o["asset"]["tiers"]["customer"]["contact_info"]["contact"]["first_name"] = json!(null),
            "asset.tiers.customer.contact_info.contact.first_name: This field may not be blank",
        ),
        (&|o| o["planned_date"] = json!("2020-01-01"), "planned_date: "),
        (&|o| o["planned_date"] = json!("soon"), "planned_date: "),
        (&|o| o["marketplace"]["id"] = json!("MP-00001"), "There is no Listing for specified Product and Marketplace."),
    ];
    for (change, expected) in cases {
        let said = refuse(*change, 400);
        assert!(said.contains(expected), "{expected} in {said}");
    }
    assert_eq!(world.server.database().number("select count(*) as n from asset"), 0);
    assert_eq!(world.server.database().number("select count(*) as n from tier_account where external_uid = 'u9'"), 0);
    // Without a marketplace it follows from the hub; with two it must be said.
    let mut order = world.order("u9");
    order.as_object_mut().unwrap().remove("marketplace");
    let made = buyer.post("requests", &order).expect(201).json();
    assert_eq!(text(&made, "marketplace.id"), world.marketplace);
    assert!(
        refused(world.seller().post("requests", &world.order("u8")), 403).contains("distributors and resellers order")
    );
    for (key, value) in [("id", "CT-0000-0000-0000"), ("type", "preview")] {
        let mut order = world.order("u8");
        order["asset"]["connection"] = json!({ key: value });
        for api in [world.seller(), world.buyer()] {
            assert!(refused(api.post("requests", &order), 400).contains("preview is not there yet"), "{key}");
        }
    }
}

#[test]
fn whole_objects_of_clients_are_taken() {
    let world = World::new();
    let mut order = world.order("u1");
    order["id"] = json!("PR-000-000-000");
    order["status"] = json!("approved");
    order["asset"]["id"] = json!("AS-0000-0000-0000");
    order["asset"]["status"] = json!("active");
    order["asset"]["params"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "id": "tenant_id", "value": "mine", "phase": "fulfillment" }));
    order["asset"]["tiers"]["tier1"] = account("Between", "t1");
    let request = world.buyer().post("requests/", &order).expect(201).json();
    assert_eq!(text(&request, "status"), "pending");
    let tenant =
        request["asset"]["params"].as_array().unwrap().iter().find(|p| p["id"] == json!("tenant_id")).unwrap().clone();
    assert_eq!(tenant["value"], json!(""), "the vendor's parameter is not the buyer's to give");
    assert_eq!(request["asset"]["tiers"]["customer"]["parent"]["id"], request["asset"]["tiers"]["tier1"]["id"]);
    // The same customer is found again by its UUID.
    let mut again = world.order("u2");
    again["asset"]["tiers"]["customer"] = account("Renamed", "u1");
    let second = world.buyer().post("requests", &again).expect(201).json();
    assert_eq!(second["asset"]["tiers"]["customer"]["id"], request["asset"]["tiers"]["customer"]["id"]);
    assert_eq!(second["asset"]["tiers"]["customer"]["name"], json!("Stadtwerke"));
}

#[test]
fn a_uuid_belongs_to_one_live_subscription() {
    let world = World::new();
    let request = world.purchased("u1");
    let twice = world.buyer().post("requests", &world.order("u1")).expect(409).json();
    assert_eq!(twice["params"]["request_id"], request["id"]);
    assert_eq!(
        (twice["params"]["asset_id"].clone(), twice["params"]["request_status"].clone()),
        (request["asset"]["id"].clone(), json!("pending"))
    );
    let fail = format!("requests/{}/fail", text(&request, "id"));
    assert!(refused(world.seller().post(&fail, &json!({ "reason": " " })), 400).contains("reason: "));
    let failed = world.seller().post(&fail, &json!({ "reason": "No capacity" })).expect(200).json();
    assert_eq!(
        (text(&failed, "status"), text(&failed, "reason"), text(&failed, "asset.status")),
        ("failed".into(), "No capacity".into(), "terminated".into())
    );
    // A terminated one gives its UUID free.
    world.buyer().post("requests", &world.order("u1")).expect(201);
}

#[test]
fn an_idempotency_key_does_it_once() {
    let world = World::new();
    let mut order = world.order("u1");
    order["asset"].as_object_mut().unwrap().remove("external_uid");
    let send = || {
        world
            .buyer()
            .send(reqwest::Method::POST, "requests", |r| r.header("Idempotency-Key", "k1").json(&order))
            .expect(201)
            .json()
    };
    assert_eq!(send(), send());
    assert_eq!(world.server.database().number("select count(*) as n from request"), 1);
}

#[test]
fn a_draft_is_the_buyers_until_it_is_sent() {
    let world = World::new();
    let mut order = world.order("u1");
    order["status"] = json!("draft");
    order["asset"]["params"] = json!([]);
    let draft = world.buyer().post("requests", &order).expect(201).json();
    let id = text(&draft, "id");
    assert_eq!((text(&draft, "status"), text(&draft, "asset.status")), ("draft".into(), "draft".into()));
    world.seller().get(&format!("requests/{id}")).expect(404);
    world.seller().get(&format!("assets/{}", text(&draft, "asset.id"))).expect(404);

    let validate = json!({ "asset": { "params": [{ "id": "admin_email", "value": "nobody" }] } });
    let checked = world.buyer().post(&format!("requests/{id}/validate"), &validate).expect(200).json();
    assert!(text(&checked, "asset.params.0.value_error").contains("not an e-mail address"));
    assert!(text(&checked, "asset.params.1.value_error").contains("required"));
    let params = json!({ "asset": { "params": [{ "id": "admin_email", "value": "a@b.example" }, { "id": "region", "value": "us" }] } });
    world.buyer().put(&format!("requests/{id}"), &params).expect(200);
    assert!(refused(world.buyer().post(&format!("requests/{id}/submit"), &json!({})), 400).contains("purchase"));
    let sent = world.buyer().post(&format!("requests/{id}/purchase"), &json!({})).expect(200).json();
    assert_eq!((text(&sent, "status"), text(&sent, "asset.status")), ("pending".into(), "processing".into()));
    let seen = world.seen(&world.seller(), &id);
    assert_eq!(seen["asset"]["params"][1]["value"], json!("us"));
    assert!(refused(world.buyer().put(&format!("requests/{id}"), &params), 400).contains("only the vendor"));
}
