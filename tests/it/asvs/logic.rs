//! Chapter 2: what comes in is checked, and things happen in their order, whole, and once.

use causeway::kit::Role;
use reqwest::Method;
use serde_json::json;

use crate::orders::world::{World, refused, text};
use crate::support::client::Api;
use crate::support::companies::Company;
use crate::support::server::Server;

/// 2.2.1, 2.2.2: what comes in is checked against what is expected, by the server.
/// How: the rules are in the flows' models, behind pages and API alike; a refusal names the field, the value and the remedy.
#[test]
fn v2_2_1_input_is_checked_by_the_server() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let api = company.api(&server);
    for (body, field) in [
        (json!({}), "name"),
        (json!({ "name": "x".repeat(10_000), "instance": { "id": "x", "type": "API" } }), "name"),
        (json!({ "name": ["x"], "instance": { "id": "x", "type": "API" } }), "name"),
        (json!({ "name": "x", "instance": { "id": "x", "type": "no such type" } }), "instance_type"),
    ] {
        let said = refused(api.post("hubs", &body), 400);
        assert!(said.contains(field), "{body}: {said}");
    }
    // The form of the page does not ask for less than the API.
    let browser = company.browser(&server);
    let form = browser
        .open(&format!("/{}/hubs/new", company.id))
        .form_with("Register hub")
        .tamper("name", &"x".repeat(10_000));
    browser.post(form.tamper("instance_id", "x")).expect(422);
}

/// 2.2.3: fields that belong together are checked together.
/// How: in the models: an order's product, connection, items, customer and reseller must fit each other.
#[test]
fn v2_2_3_fields_are_checked_together() {
    let world = World::new();
    let other = Company::new(&world.server, "Elsewhere", Role::Distributor);
    let hub = json!({ "name": "Hub", "instance": { "id": "h", "type": "API" } });
    let foreign = text(&other.api(&world.server).post("hubs", &hub).expect(201).json(), "id");
    let mut order = world.order("u1");
    order["marketplace"] = json!({ "id": "MP-00000" });
    refused(world.buyer().post("requests", &order), 400);
    let mut order = world.order("u2");
    order["asset"]["connection"] = json!({ "id": foreign });
    refused(world.buyer().post("requests", &order), 400);
    let mut order = world.order("u3");
    order["asset"]["items"] = json!([{ "id": "SEAT", "quantity": "5" }, { "id": "SEAT", "quantity": "6" }]);
    refused(world.buyer().post("requests", &order), 400);
}

/// 2.3.1: steps of the business are taken in their order, none is left out.
/// How: each flow has one table of states and verbs; every verb is tried here in states that do not have it, by both sides.
#[test]
fn v2_3_1_steps_are_taken_in_order() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    let status = |api: &Api| text(&api.get(&format!("requests/{id}")).expect(200).json(), "status");
    for verb in ["approve", "fail", "inquire", "schedule", "pend", "revoke", "deploy", "confirm", "validate"] {
        let before = status(&world.buyer());
        let answer = world.buyer().try_send(Method::POST, &format!("requests/{id}/{verb}"), |r| r.json(&json!({})));
        let answer = answer.expect("an answer");
        assert!((400..500).contains(&answer.status) || verb == "revoke", "the buyer did {verb}: {}", answer.status);
        if answer.status >= 400 {
            assert_eq!(status(&world.buyer()), before, "{verb} was refused and done");
        }
    }
    let done = text(&world.purchased("u2"), "id");
    world.approved(&done);
    for verb in ["approve", "fail", "inquire", "pend", "schedule", "revoke"] {
        let answer = world.seller().try_send(Method::POST, &format!("requests/{done}/{verb}"), |r| r.json(&json!({})));
        assert!((400..500).contains(&answer.expect("an answer").status), "{verb} after the end");
    }
    assert_eq!(text(&world.seen(&world.seller(), &done), "status"), "approved");
}

/// 2.3.3: a step is done as a whole or not at all.
/// How: one transaction for an action with its journal entry and its jobs. The kills (`make test-kills`) end the program at
/// every named point and compare what is there with a ledger.
#[test]
fn v2_3_3_a_step_is_done_whole() {
    let world = World::new();
    let events = || world.server.database().number("select count(*) as n from event");
    let parties = || world.server.database().number("select count(*) as n from party");
    let before = (events(), parties());
    // Everything is right but the last parameter.
    let mut order = world.order("u1");
    order["asset"]["params"] = json!([{ "id": "admin_email", "value": "no address" }]);
    refused(world.buyer().post("requests", &order), 400);
    assert_eq!((events(), parties()), before, "something of the refused order is there");
}

/// 2.4.1: nobody takes all of the program for themselves.
/// How: calls of the API are counted for each token and each address, forms for each address; whoever asks too often is told to
/// wait, in words and with `Retry-After`.
#[test]
fn v2_4_1_too_many_calls_have_to_wait() {
    let server = Server::start_with(|config| config.limits.token_calls = 3);
    let company = Company::new(&server, "Halden", Role::Distributor);
    let api = company.api(&server);
    let answers: Vec<u16> = (0..5).map(|_| api.get("auth/context").status).collect();
    assert_eq!(answers, [200, 200, 200, 429, 429]);
    assert!(!api.get("auth/context").header("retry-after").is_empty());
}

/// 2.3.4, 15.4.2: what may happen once happens once, however many ask at the same time.
/// How: a change looks and writes in one transaction, under the database's lock; the one who comes second is refused.
#[test]
fn v2_3_4_fifty_approvals_approve_once() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    let fill = json!({ "asset": { "params": [{ "id": "tenant_id", "value": "t-1" }] } });
    world.seller().put(&format!("requests/{id}"), &fill).expect(200);
    let (base, key) = (world.server.base().to_owned(), world.vendor.key.clone());
    let approve = || {
        let path = format!("requests/{id}/approve");
        Api::new(&base, &key).try_send(Method::POST, &path, |r| r.json(&json!({}))).expect("an answer").status
    };
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..50).map(|_| scope.spawn(approve)).collect();
        asked.into_iter().map(|a| a.join().expect("a client")).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [200, 400, 409].contains(status)), "{answers:?}");
    let approved = "select count(*) as n from event where verb = 'request.approved'";
    assert_eq!(world.server.database().number(approved), 1);
}
