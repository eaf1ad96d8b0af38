//! What companies may do with agreements: given by the operator or by the contract that opened them.

use causeway::kit::Role;
use serde_json::{Value, json};

use crate::partners::world::{World, id, offer, refused};
use crate::support::companies::Company;

fn rights(program: bool, service: bool, delegate: bool) -> Value {
    json!({ "agreement": { "program": { "create": program }, "service": { "create": service, "delegate": delegate } } })
}

fn offer_with(name: &str, rights: &Value) -> Value {
    let mut body = offer(name);
    body["permissions"] = rights.clone();
    body
}

fn agreement(kind: &str) -> Value {
    json!({ "type": kind, "title": format!("{kind} of ours"), "description": "Terms", "document_type": "none", "active": true })
}

/// A company that a service contract with these rights has opened.
fn opened_with(world: &World, service: &str, name: &str, rights: &Value) -> Company {
    let offered = world.api().post(&format!("agreements/{service}/contracts"), &offer_with(name, rights)).expect(201);
    let offered = offered.json();
    let code = offered["activation"]["code"].as_str().expect("a code");
    let body = json!({ "users": [{ "id": world.distributor.user.to_string() }] });
    let account = world.api().post(&format!("accounts?code={code}"), &body).expect(201).json();
    let role = Role::parse(account["role"].as_str().expect("a role")).expect("a known role");
    let company = causeway::kit::AccountId::parse(account["id"].as_str().expect("an id")).expect("an id");
    let key = crate::support::companies::key(&world.server, &company, name, role, &causeway::kit::Permissions::all());
    let Company { user, email, .. } = &world.distributor;
    Company { id: company, name: name.to_owned(), role, user: user.clone(), email: email.clone(), key }
}

#[test]
fn the_first_distributor_may_do_everything_and_its_resellers_nothing() {
    let world = World::new();
    let own = world.api().get("accounts").expect(200).json()[0].clone();
    assert_eq!(own["permissions"], rights(true, true, true));
    let service = world.agreement("service");
    let (reseller, _) = world.partner(&service, "Alpina");
    let theirs = reseller.api(&world.server).get("accounts").expect(200).json()[0].clone();
    assert_eq!(
        (theirs["role"].clone(), theirs["permissions"].clone()),
        (json!("reseller"), rights(false, false, false))
    );
    reseller.api(&world.server).post("agreements", &agreement("service")).expect(403);
}

#[test]
fn a_contract_opens_a_distributor_that_may_do_what_it_was_given_and_no_more() {
    let world = World::new();
    let service = world.agreement("service");
    let second = opened_with(&world, &service, "Firth", &rights(true, false, false));
    assert_eq!(second.role, Role::Distributor);
    let api = second.api(&world.server);
    let own = api.get("accounts").expect(200).json()[0].clone();
    assert_eq!((own["role"].clone(), own["permissions"].clone()), (json!("distributor"), rights(true, false, false)));
    let said = refused(api.post("agreements", &agreement("service")), 403);
    assert!(said.contains("may not make service agreements") && said.contains("Ask the operator"), "{said}");
    let program = id(&api.post("agreements", &agreement("program")).expect(201));
    // It cannot give what it may not give.
    let path = format!("agreements/{program}/contracts");
    let said = refused(api.post(&path, &offer_with("Maker", &rights(true, false, false))), 400);
    assert!(said.contains("permissions.agreement.program.create: Your account may not give this right"), "{said}");
    api.post(&path, &offer_with("Maker", &rights(false, false, false))).expect(201);
    // The page offers only what can be done, and says why not the rest.
    let client = second.browser(&world.server);
    let form = client.open(&format!("/{}/agreements/new", second.id));
    form.must_say("Your account may not make service agreements");
    assert!(form.has(r#"input[name="type"][value="service"][disabled]"#));
    let wizard = client.open(&format!("/{}/contracts/new", second.id));
    assert!(wizard.has(r#"input[name="type"][value="service"][disabled]"#));
    client.open(&format!("/{}/account", second.id)).must_say("Invites vendors");
}

#[test]
fn who_may_hand_rights_on_gives_at_most_its_own() {
    let world = World::new();
    let service = world.agreement("service");
    let second = opened_with(&world, &service, "Firth", &rights(true, true, true));
    let api = second.api(&world.server);
    let own = id(&api.post("agreements", &agreement("service")).expect(201));
    api.post(&format!("agreements/{own}/contracts"), &offer_with("Fjord", &rights(true, true, false))).expect(201);
    let client = second.browser(&world.server);
    let wizard = client.open(&format!("/{}/contracts/new", second.id)).form_with("Continue");
    let step = client.submit(wizard.set("type", "service")).expect(200).form_with("Continue");
    let step = client.submit(step.set("agreement", &own)).expect(200);
    step.must_say("It may give these rights to others");
}

#[test]
fn a_reseller_stays_one() {
    let world = World::new();
    let service = world.agreement("service");
    let (reseller, _) = world.partner(&service, "Alpina");
    let more = id(&world.api().post("agreements", &agreement("service")).expect(201));
    let path = format!("agreements/{more}/contracts");
    let mut known = offer_with("", &rights(true, false, false));
    known["partner"] = json!({ "id": reseller.id.as_str() });
    let said = refused(world.api().post(&path, &known), 400);
    assert!(said.contains("is a reseller and stays one"), "{said}");
    // Rights without a role add to what it has.
    known["permissions"] = rights(false, true, false);
    let contract = id(&world.api().post(&path, &known).expect(201));
    reseller.api(&world.server).post(&format!("contracts/{contract}/sign"), &json!({})).expect(200);
    let own = reseller.api(&world.server).get("accounts").expect(200).json()[0].clone();
    assert_eq!((own["role"].clone(), own["permissions"].clone()), (json!("reseller"), rights(false, true, false)));
}
