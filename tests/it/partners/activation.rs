//! Opening an offer by the secret of its link, as programs do it.

use causeway::kit::{Level, Module, Role};
use serde_json::json;

use super::world::{World, offer, refused};
use crate::support::clock;
use crate::support::companies::Company;

#[test]
fn an_offer_makes_the_partner_and_its_secret_opens_it_once() {
    let world = World::new();
    let api = world.api();
    let market = world.marketplace("Nordics");
    let program = world.agreement("program");
    world.distribution(&program, &market, true);
    let body = json!({
        "kind": "production", "activation": { "message": "Welcome" }, "partner": { "name": "Vendor X" }, "note": "From the fair",
        "permissions": { "agreement": { "program": { "create": true }, "service": { "create": false, "delegate": false } } },
    });
    let offered = api.post(&format!("agreements/{program}/contracts"), &body).expect(201).json();
    assert_eq!((offered["status"].clone(), offered["type"].clone()), (json!("pending"), json!("program")));
    assert!(
        offered["id"].as_str().unwrap().starts_with("CRP-")
            && offered["partner"]["id"].as_str().unwrap().starts_with("VA-")
    );
    let code = offered["activation"]["code"].as_str().unwrap();
    assert_eq!(offered["activation"]["link"], format!("{}/contracts/activate?secret={code}", world.server.base()));
    assert_eq!((code.len(), offered["note"].clone()), (64, json!("From the fair")));
    // It can be seen again while it is pending, but the database does not hold it.
    let again = api.get(&format!("contracts/{}", offered["id"].as_str().unwrap())).expect(200).json();
    assert_eq!(again["activation"]["code"], code);
    let held =
        format!("select count(*) as n from contract where activation_hash = '{code}' or activation_nonce = '{code}'");
    assert_eq!(world.server.database().number(&held), 0);

    let activate = |users: serde_json::Value| {
        let body = json!({ "id": offered["partner"]["id"], "name": "Vendor X Ltd", "contract_id": offered["id"], "code": code, "users": users });
        api.post(&format!("accounts?code={code}"), &body)
    };
    assert!(refused(activate(json!([])), 400).contains("users: "));
    assert!(refused(activate(json!([{ "id": "UR-000-000-001" }])), 400).contains("users.0.id: "));
    let account = activate(json!([{ "id": world.distributor.user.to_string() }])).expect(201).json();
    assert_eq!(
        (account["id"].clone(), account["name"].clone(), account["type"].clone()),
        (offered["partner"]["id"].clone(), json!("Vendor X Ltd"), json!("vendor"))
    );
    let contract = api.get(&format!("contracts/{}", offered["id"].as_str().unwrap())).expect(200).json();
    assert_eq!(
        (contract["status"].clone(), contract["owner"]["name"].clone()),
        (json!("active"), json!("Vendor X Ltd"))
    );
    assert!(contract["activation"].get("link").is_none() && contract["activation"]["date"].is_string());
    // The agreement that accepts by itself did.
    let active = api.get("contracts?eq(type,distribution)&eq(status,active)").expect(200);
    assert_eq!(active.header("content-range"), "items 0-0/1");
    // Once is once.
    refused(activate(json!([{ "id": world.distributor.user.to_string() }])), 404);
}

#[test]
fn a_secret_dies_with_deletion_rejection_and_time() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let user = world.distributor.user.to_string();
    let activate = |offered: &serde_json::Value| {
        let code = offered["activation"]["code"].as_str().unwrap();
        api.post(&format!("accounts?code={code}"), &json!({ "users": [{ "id": user }] }))
    };
    let deleted = world.offered(&program, "One");
    api.delete(&format!("contracts/{}", deleted["id"].as_str().unwrap())).expect(204);
    let companies = world.server.database().number("select count(*) as n from account where name = 'One'");
    assert_eq!(companies, 0, "the company of a withdrawn offer is gone");
    refused(activate(&deleted), 404);

    let mut body = offer("Two");
    body["expire_at"] = json!("2026-03-04T00:00:00+00:00");
    let late = api.post(&format!("agreements/{program}/contracts"), &body).expect(201).json();
    clock::pass_days(world.server.clock(), 5);
    refused(activate(&late), 404);

    // A partner that works already gets its second offer in its portal, and there alone it is accepted or declined.
    let (vendor, _) = world.partner(&program, "Three");
    let second =
        json!({ "type": "program", "title": "Second", "description": "D", "document_type": "none", "active": true });
    let second = api.post("agreements", &second).expect(201).json()["id"].as_str().unwrap().to_owned();
    let body = json!({ "activation": { "message": "Once more" }, "partner": { "id": vendor.id.to_string() } });
    let offered = api.post(&format!("agreements/{second}/contracts"), &body).expect(201).json();
    refused(activate(&offered), 403);
    let path = format!("contracts/{}", offered["id"].as_str().unwrap());
    refused(api.post(&format!("{path}/sign"), &json!({})), 403);
    refused(api.post(&format!("{path}/reject"), &json!({})), 403);
    vendor.api(&world.server).post(&format!("{path}/reject"), &json!({})).expect(200);
    refused(activate(&offered), 404);
    let third = api.post(&format!("agreements/{second}/contracts"), &body).expect(201).json();
    let path = format!("contracts/{}", third["id"].as_str().unwrap());
    assert_eq!(
        vendor.api(&world.server).post(&format!("{path}/sign"), &json!({})).expect(200).json()["status"],
        "active"
    );
    let twice = api.post(&format!("agreements/{second}/contracts"), &body).expect(409);
    assert_eq!(twice.json()["params"]["contract"], third["id"]);
    for code in ["", "x", "00"] {
        api.post(&format!("accounts?code={code}"), &json!({ "users": [{ "id": user }] })).expect(if code.is_empty() {
            400
        } else {
            404
        });
    }
}

#[test]
fn a_company_that_exists_accepts_by_the_link() {
    let world = World::new();
    let program = world.agreement("program");
    let distribution = world.distribution(&program, &world.marketplace("Nordics"), true);
    let offered = world.offered(&program, "Placeholder");
    let (contract, code) = (offered["id"].as_str().unwrap(), offered["activation"]["code"].as_str().unwrap());
    let sign = |who: &Company, body: serde_json::Value| {
        who.api(&world.server).post(&format!("contracts/{contract}/sign"), &body)
    };
    let vendor = Company::new(&world.server, "Old Hand", Role::Vendor);
    let reseller = Company::new(&world.server, "Shop", Role::Reseller);
    sign(&vendor, json!({})).expect(404);
    refused(sign(&reseller, json!({ "code": code })), 403);
    refused(sign(&world.distributor, json!({ "code": code })), 403);
    refused(
        vendor
            .api_with(&world.server, &[(Module::Partners, Level::Act)])
            .post(&format!("contracts/{contract}/sign"), &json!({ "code": code })),
        403,
    );
    let other = world.offered(&program, "Somebody");
    refused(sign(&vendor, json!({ "code": other["activation"]["code"] })), 400);
    assert_eq!(world.status(&world.distributor, other["id"].as_str().unwrap()), "pending");

    let signed = sign(&vendor, json!({ "code": code })).expect(200).json();
    assert_eq!(
        (signed["status"].clone(), signed["owner"]["id"].clone()),
        (json!("active"), json!(vendor.id.to_string()))
    );
    let placeholders = world.server.database().number("select count(*) as n from account where name = 'Placeholder'");
    assert_eq!(placeholders, 0, "no second company is left");
    let mine = vendor.api(&world.server).get(&format!("agreements/{distribution}/contracts")).expect(200).json();
    assert_eq!(mine[0]["status"], "active");
    // The same agreement is not signed twice by one company.
    let twice = sign_with(&world, &vendor, &other);
    assert_eq!(twice.json()["params"]["contract"], contract);
}

fn sign_with(world: &World, who: &Company, offered: &serde_json::Value) -> crate::support::page::Page {
    let path = format!("contracts/{}/sign", offered["id"].as_str().unwrap());
    who.api(&world.server).post(&path, &json!({ "code": offered["activation"]["code"] })).expect(409)
}

#[test]
fn the_words_of_an_offer_are_checked() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let path = format!("agreements/{program}/contracts");
    let said = refused(api.post(&path, &json!({ "kind": "staging", "activation": { "email": "nobody" } })), 400);
    for field in ["kind: ", "activation.message: ", "activation.email: ", "partner.name: "] {
        assert!(said.contains(field), "{field} in {said}");
    }
    let partial = json!({ "activation": { "message": "m" }, "partner": { "name": "n" }, "permissions": { "agreement": { "program": { "create": true } } } });
    assert!(refused(api.post(&path, &partial), 400).contains("permissions.agreement.service.create: "));
    let unknown = json!({ "activation": { "message": "m" }, "partner": { "id": "VA-000-001" } });
    assert!(refused(api.post(&path, &unknown), 400).contains("partner.id: "));
    let draft = json!({ "type": "service", "title": "Draft", "description": "D", "document_type": "none" });
    let draft = api.post("agreements", &draft).expect(201).json()["id"].as_str().unwrap().to_owned();
    assert!(
        refused(api.post(&format!("agreements/{draft}/contracts"), &offer("Shop")), 400).contains("no active version")
    );
    let vendor = Company::new(&world.server, "Maker", Role::Vendor).api(&world.server);
    vendor.post("accounts?code=x", &json!({})).expect(404);
    assert!(refused(api.post("accounts", &json!({ "name": "New" })), 400).contains("code: "));
}

#[test]
fn an_invitation_is_mailed_and_its_link_is_not_in_the_queue() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let mut body = offer("Maker");
    body["activation"]["email"] = json!("mara@maker.example");
    let offered = api.post(&format!("agreements/{program}/contracts"), &body).expect(201).json();
    assert_eq!(offered["activation"]["email"], "mara@maker.example");
    let mail = world.server.mail().next_to("mara@maker.example");
    assert_eq!(mail.subject, "Northgate invites you to program agreement");
    assert!(mail.text.contains("Welcome"), "{}", mail.text);
    assert_eq!(mail.link(), offered["activation"]["link"].as_str().unwrap());
    world.server.settle();
    let code = offered["activation"]["code"].as_str().unwrap();
    let held = format!("select count(*) as n from job where cast(args as text) like '%{code}%'");
    assert_eq!(world.server.database().number(&held), 0);
    let seen = format!("select count(*) as n from event where cast(text as text) like '%{code}%'");
    assert_eq!(world.server.database().number(&seen), 0);
}
