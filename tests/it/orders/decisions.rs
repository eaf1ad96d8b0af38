//! Changes, suspensions, cancellations, adjustments, and putting off.

use causeway::flows::products::model::Offline;
use serde_json::json;

use super::world::{World, offline, refused, text};
use crate::support::clock;

#[test]
fn a_change_shows_old_and_new_and_leaves_the_first_request_alone() {
    let world = World::new();
    let first = world.purchased("u1");
    let asset = text(&world.approved(&text(&first, "id")), "asset.id");
    let change = |items: serde_json::Value, params: serde_json::Value| {
        world
            .buyer()
            .post("requests", &json!({ "type": "change", "asset": { "id": asset, "items": items, "params": params } }))
    };
    assert!(refused(change(json!([]), json!([])), 400).contains("unchanged"));
    assert!(refused(change(json!([{ "id": "SEAT", "quantity": 5 }]), json!([])), 400).contains("unchanged"));
    let request = change(
        json!([{ "id": "SEAT", "quantity": 8 }, { "id": "COLD", "quantity": 2 }]),
        json!([{ "id": "region", "value": "us" }]),
    )
    .expect(201)
    .json();
    let id = text(&request, "id");
    assert!(id.ends_with("-002"));
    let quantities: Vec<(String, String)> = request["asset"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| (text(i, "old_quantity"), text(i, "quantity")))
        .collect();
    assert_eq!(
        quantities,
        [("5".into(), "8".into()), ("0".into(), "2".into()), ("unlimited".to_owned(), "unlimited".to_owned())]
    );
    assert_eq!(request["previous_approved_request"]["id"], first["id"]);
    let open = change(json!([{ "id": "SEAT", "quantity": 9 }]), json!([])).expect(409).json();
    assert_eq!(open["params"]["request_id"], json!(id));
    // Nothing changes before the vendor approves.
    assert_eq!(world.buyer().get(&format!("assets/{asset}")).expect(200).json()["items"][0]["quantity"], json!("5"));
    world.seller().post(&format!("requests/{id}/approve"), &json!({})).expect(200);
    let now = world.buyer().get(&format!("assets/{asset}")).expect(200).json();
    assert_eq!(
        (text(&now, "items.0.quantity"), text(&now, "items.1.quantity"), text(&now, "params.1.value")),
        ("8".into(), "2".into(), "us".into())
    );
    let before = world.seen(&world.buyer(), &text(&first, "id"));
    assert_eq!(
        (text(&before, "asset.items.0.quantity"), text(&before, "asset.params.1.value")),
        ("5".into(), "eu".into())
    );
    let chain = world.buyer().get(&format!("assets/{asset}/requests")).expect(200);
    assert_eq!((chain.header("content-range"), text(&chain.json(), "0.id")), ("items 0-1/2", id));
}

#[test]
fn hold_and_resume() {
    let world = World::new();
    let asset = world.subscription("u1");
    assert!(refused(world.ask("resume", &asset), 400).contains("not allowed in the asset state active"));
    let suspend = text(&world.ask("suspend", &asset).expect(201).json(), "id");
    assert_eq!(world.asset_status(&asset), "active");
    world.seller().post(&format!("requests/{suspend}/approve"), &json!({})).expect(200);
    assert_eq!(world.asset_status(&asset), "suspended");
    let change = json!({ "type": "change", "asset": { "id": asset, "items": [{ "id": "SEAT", "quantity": 9 }] } });
    assert!(refused(world.buyer().post("requests", &change), 400).contains("not allowed in the asset state suspended"));
    let resume = text(&world.ask("resume", &asset).expect(201).json(), "id");
    assert!(
        refused(world.seller().post(&format!("requests/{resume}/inquire"), &json!({})), 400)
            .contains("cannot be asked back")
    );
    world.seller().post(&format!("requests/{resume}/approve"), &json!({})).expect(200);
    assert_eq!(world.asset_status(&asset), "active");

    world.capabilities(|c| c.subscription.hold = false);
    let failed = world.ask("suspend", &asset).expect(201).json();
    let failed = world.seen(&world.buyer(), &text(&failed, "id"));
    assert_eq!(text(&failed, "status"), "failed");
    assert!(text(&failed, "reason").contains("does not support"));
    assert_eq!(world.asset_status(&asset), "active");
}

#[test]
fn a_cancellation_that_fails_gives_the_subscription_back() {
    let world = World::new();
    let asset = world.subscription("u1");
    let cancel = world.ask("cancel", &asset).expect(201).json();
    assert_eq!(
        (text(&cancel, "asset.items.0.quantity"), text(&cancel, "asset.items.0.old_quantity")),
        ("0".into(), "5".into())
    );
    assert_eq!(world.asset_status(&asset), "terminating");
    world
        .seller()
        .post(&format!("requests/{}/fail", text(&cancel, "id")), &json!({ "reason": "Bound until May" }))
        .expect(200);
    assert_eq!(world.asset_status(&asset), "active");
    let cancel = text(&world.ask("cancel", &asset).expect(201).json(), "id");
    world.seller().post(&format!("requests/{cancel}/approve"), &json!({})).expect(200);
    assert_eq!(world.asset_status(&asset), "terminated");
    for kind in ["cancel", "change", "suspend", "resume"] {
        assert!(refused(world.ask(kind, &asset), 400).contains("asset state terminated"), "{kind}");
    }
    let first = world.buyer().get(&format!("assets/{asset}/requests")).expect(200).json();
    assert_eq!(text(&first, "0.status"), "approved");
}

#[test]
fn offline_cancelling_asks_nobody() {
    let world = World::new();
    let asset = world.subscription("u1");
    offline(&world, Offline::Allowed);
    let cancel = text(&world.ask("cancel", &asset).expect(201).json(), "id");
    assert_eq!(world.asset_status(&asset), "terminating");
    world.buyer().post(&format!("requests/{cancel}/approve"), &json!({})).expect(200);
    assert_eq!(world.asset_status(&asset), "terminated");
    let asset = world.subscription("u2");
    offline(&world, Offline::Auto);
    let cancel = world.ask("cancel", &asset).expect(201).json();
    assert_eq!((text(&cancel, "status"), world.asset_status(&asset)), ("approved".into(), "terminated".into()));
}

#[test]
fn a_vendor_adjusts_and_nobody_else() {
    let world = World::new();
    let asset = world.subscription("u1");
    let adjust = |value: &str| json!({ "type": "adjustment", "asset": { "id": asset, "params": [{ "id": "tenant_id", "value": value }] } });
    assert!(refused(world.buyer().post("requests", &adjust("x")), 403).contains("Only the vendor"));
    assert!(
        refused(world.seller().post("requests", &json!({ "type": "change", "asset": { "id": asset } })), 403)
            .contains("adjustment")
    );
    let nothing = json!({ "type": "adjustment", "asset": { "id": asset } });
    assert!(refused(world.seller().post("requests", &nothing), 400).contains("changes nothing"));
    let id = text(&world.seller().post("requests", &adjust("moved")).expect(201).json(), "id");
    world.seller().post(&format!("requests/{id}/approve"), &json!({})).expect(200);
    let now = world.seller().get(&format!("assets/{asset}")).expect(200).json();
    let tenant = now["params"].as_array().unwrap().iter().find(|p| p["id"] == json!("tenant_id")).unwrap().clone();
    assert_eq!(tenant["value"], json!("moved"));
}

#[test]
fn a_unique_value_is_used_once() {
    let world = World::new();
    let (one, two) = (text(&world.purchased("u1"), "id"), text(&world.purchased("u2"), "id"));
    let fill = json!({ "asset": { "params": [{ "id": "tenant_id", "value": "same" }] } });
    world.seller().put(&format!("requests/{one}"), &fill).expect(200);
    world.seller().put(&format!("requests/{one}"), &fill).expect(200);
    assert!(
        refused(world.seller().put(&format!("requests/{two}"), &fill), 400)
            .contains("asset.params.0.value: same is used")
    );
    world.seller().post(&format!("requests/{one}/fail"), &json!({ "reason": "x" })).expect(200);
    world.seller().put(&format!("requests/{two}"), &fill).expect(200);
}

#[test]
fn two_changes_that_want_the_same_unique_value_do_not_both_get_it() {
    let world = World::new();
    let fill = |value: &str| json!({ "asset": { "params": [{ "id": "tenant_id", "value": value }] } });
    let open = |uid: &str| {
        let asset = world.subscription(uid);
        let change =
            json!({ "type": "change", "asset": { "id": asset, "items": [{ "id": "SEAT", "quantity": "9" }] } });
        text(&world.buyer().post("requests", &change).expect(201).json(), "id")
    };
    let (one, two) = (open("u1"), open("u2"));
    for id in [&one, &two] {
        world.seller().put(&format!("requests/{id}"), &fill("same")).expect(200);
    }
    world.seller().post(&format!("requests/{one}/approve"), &json!({})).expect(200);
    let second = world.seller().post(&format!("requests/{two}/approve"), &json!({}));
    assert!(refused(second, 400).contains("asset.params.tenant_id.value: same is used"));
    world.seller().put(&format!("requests/{two}"), &fill("other")).expect(200);
    world.seller().post(&format!("requests/{two}/approve"), &json!({})).expect(200);
}

#[test]
fn an_order_for_a_day_to_come_reaches_the_vendor_on_that_day() {
    let world = World::new();
    world.capabilities(|c| {
        c.subscription.purchase.scheduling = true;
        c.cart.validation = true;
    });
    let planned = world.server.clock().now().plus_seconds(3 * 24 * 3600).wire();
    let ordered = |uid: &str, change: &dyn Fn(&mut serde_json::Value)| {
        let mut order = world.order(uid);
        order["planned_date"] = json!(planned);
        change(&mut order);
        let made = world.buyer().post("requests", &order).expect(201).json();
        (text(&made, "id"), text(&made, "status"))
    };
    let (whole, status) = ordered("u1", &|_| {});
    assert_eq!(status, "scheduled");
    let (draft, status) = ordered("u2", &|order| order["status"] = json!("draft"));
    assert_eq!(status, "draft");
    let sent = world.buyer().post(&format!("requests/{draft}/purchase"), &json!({})).expect(200).json();
    assert_eq!(text(&sent, "status"), "scheduled");
    let (asked, status) = ordered("u3", &|order| order["asset"]["params"] = json!([]));
    assert_eq!(status, "inquiring");
    let answer = json!({ "asset": { "params": [{ "id": "admin_email", "value": "eva@lindau.example" }, { "id": "region", "value": "eu" }] } });
    let given = world.buyer().post(&format!("requests/{asked}/pend"), &answer).expect(200).json();
    assert_eq!(text(&given, "status"), "scheduled");
    clock::pass_days(world.server.clock(), 4);
    for id in [&whole, &draft, &asked] {
        crate::support::wait::until("the request to be taken up", || {
            (text(&world.seen(&world.seller(), id), "status") == "pending").then_some(())
        });
    }
}

#[test]
fn a_scheduled_request_waits_for_its_day_or_is_taken_back() {
    let world = World::new();
    let seller = world.seller();
    let schedule = |id: &str, body: serde_json::Value| seller.post(&format!("requests/{id}/schedule"), &body);
    let id = text(&world.purchased("u1"), "id");
    assert!(refused(schedule(&id, json!({})), 400).contains("planned_date"));
    assert!(
        refused(schedule(&id, json!({ "planned_date": "2020-01-01T00:00:00" })), 400).contains("not in the future")
    );
    let planned = world.server.clock().now().plus_seconds(10 * 24 * 3600).wire();
    // One client wraps what it sends.
    let waiting = schedule(&id, json!({ "data": { "planned_date": planned } })).expect(200).json();
    assert_eq!((text(&waiting, "status"), text(&waiting, "planned_date")), ("scheduled".into(), planned.clone()));
    assert!(refused(seller.post(&format!("requests/{id}/approve"), &json!({})), 400).contains("Scheduled"));
    let revoke = format!("requests/{id}/revoke");
    assert!(!refused(seller.post(&revoke, &json!({ "reason": "x" })), 403).is_empty());
    let revoking = world.buyer().post(&revoke, &json!({ "reason": "Not needed" })).expect(200).json();
    assert_eq!((text(&revoking, "status"), text(&revoking, "reason")), ("revoking".into(), "Not needed".into()));
    assert!(refused(schedule(&id, json!({ "planned_date": planned })), 400).contains("Revoking"));
    let revoked = seller.post(&format!("requests/{id}/confirm"), &json!({})).expect(200).json();
    assert_eq!((text(&revoked, "status"), text(&revoked, "asset.status")), ("revoked".into(), "terminated".into()));

    let id = text(&world.purchased("u2"), "id");
    let planned = world.server.clock().now().plus_seconds(3 * 24 * 3600).wire();
    schedule(&id, json!({ "planned_date": planned })).expect(200);
    clock::pass_days(world.server.clock(), 4);
    crate::support::wait::until("the request to be taken up", || {
        (text(&world.seen(&seller, &id), "status") == "pending").then_some(())
    });
}

#[test]
fn somebody_processes_a_request() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    let seller = world.seller();
    assert!(refused(seller.post(&format!("requests/{id}/assign"), &json!({})), 400).contains("token"));
    assert!(
        refused(seller.post(&format!("requests/{id}/assign"), &json!({ "email": "a@b.example" })), 400)
            .contains("a@b.example")
    );
    let mine =
        seller.post(&format!("requests/{id}/assign"), &json!({ "email": world.vendor.email })).expect(200).json();
    assert_eq!(
        mine["assignee"],
        json!({ "id": world.vendor.user.to_string(), "name": "Northgate", "email": world.vendor.email })
    );
    assert_eq!(
        seller.get(&format!("requests?eq(assignee,{})", world.vendor.user)).expect(200).header("content-range"),
        "items 0-0/1"
    );
    assert_eq!(seller.get("requests?eq(assignee,null())").expect(200).header("content-range"), "items 0-0/0");
    let nobody = seller.post(&format!("requests/{id}/unassign"), &json!({})).expect(200).json();
    assert_eq!(nobody["assignee"], json!(""));
    assert!(
        !refused(world.buyer().post(&format!("requests/{id}/assign"), &json!({ "email": world.vendor.email })), 403)
            .is_empty()
    );
}

#[test]
fn a_change_keeps_the_text_that_the_customer_reads_and_a_cancellation_writes_none() {
    let world = World::new();
    world.capabilities(|c| c.subscription.change.validation = true);
    let templates = world.seller().get(&format!("products/{}/templates?eq(type,fulfillment)", world.product)).json();
    let second = templates.as_array().unwrap().iter().find(|t| t["name"] == "Second").expect("the second template");
    let second = text(second, "id");
    assert_ne!(text(&templates, "0.id"), second, "it is not the one that a purchase is approved with");
    let first = text(&world.purchased("u1"), "id");
    let fill = json!({ "asset": { "params": [{ "id": "tenant_id", "value": "t-1" }] } });
    world.seller().put(&format!("requests/{first}"), &fill).expect(200);
    let approve = |id: &str, body: serde_json::Value| {
        world.seller().post(&format!("requests/{id}/approve"), &body).expect(200).json()
    };
    let asset = text(&approve(&first, json!({ "template_id": second })), "asset.id");
    let read =
        || text(&world.buyer().get(&format!("assets/{asset}?select(template)")).expect(200).json(), "template.id");
    assert_eq!(read(), second);

    // A change that was sent as a draft: the text of the waiting request is not the one that it ends with.
    let items = json!([{ "id": "SEAT", "quantity": 8 }]);
    let draft = json!({ "type": "change", "status": "draft", "asset": { "id": asset, "items": items } });
    let change = text(&world.buyer().post("requests", &draft).expect(201).json(), "id");
    world.buyer().post(&format!("requests/{change}/submit"), &json!({})).expect(200);
    let person = world.vendor.browser(&world.server);
    let form = |id: &str| person.open(&format!("/{}/requests/{id}/approve", world.vendor.id)).form_with("Approve");
    assert_eq!(form(&change).value("template_id"), Some(second.as_str()), "the subscription's own is suggested");
    let done = approve(&change, json!({}));
    assert!(text(&done, "activation_key").contains("Your tenant is t-1"), "{}", done["activation_key"]);
    assert_eq!(read(), second);

    let cancel = text(&world.ask("cancel", &asset).expect(201).json(), "id");
    assert_eq!(form(&cancel).value("template_id"), None, "who cancels reads nothing new");
    assert_eq!(text(&approve(&cancel, json!({})), "activation_key"), "");
    assert_eq!(read(), second);
}
