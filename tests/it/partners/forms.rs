//! Forms: their schemas and versions, who sees them, which agreements have them.

use causeway::kit::{Level, Module, Role};
use serde_json::{Value, json};

use super::world::{World, id, refused};
use crate::support::companies::Company;

/// A schema whose questions are not in the order of the alphabet.
pub fn questions() -> Value {
    serde_json::from_str(QUESTIONS).expect("JSON")
}

pub const QUESTIONS: &str = r#"{"type":"object","properties":{
  "vat":{"type":"string","title":"VAT number","minLength":3},
  "about":{"type":"string","title":"About you","maxLength":1000},
  "regions":{"type":"array","title":"Regions","items":{"type":"string","enum":["North","South","East"]}},
  "people":{"type":"integer","title":"People","minimum":1},
  "bank":{"type":"object","title":"Bank","properties":{"iban":{"type":"string","title":"IBAN"}},"required":["iban"]},
  "insured":{"type":"boolean","title":"Insured"}},"required":["vat"]}"#;

/// Makes a form of the distributor's.
pub fn form(world: &World, kind: &str, name: &str) -> String {
    id(&world.api().post("forms", &json!({ "type": kind, "name": name, "schema": questions() })).expect(201))
}

/// Gives an agreement a form to enrol with.
pub fn attach(world: &World, agreement: &str, form: &str) {
    let forms = json!({ "forms": { "enroll": { "id": form } } });
    world.api().put(&format!("agreements/{agreement}"), &forms).expect(200);
}

#[test]
fn a_form_has_versions_and_another_name_is_none() {
    let world = World::new();
    let api = world.api();
    let made =
        api.post("forms", &json!({ "type": "enroll", "name": " Questions ", "schema": questions() })).expect(201);
    assert!(made.body().find("\"vat\"") < made.body().find("\"about\""), "{}", made.body());
    let form = id(&made);
    assert!(form.starts_with("FRM-"));
    let made = made.json();
    assert_eq!((&made["name"], &made["type"], &made["version"]), (&json!("Questions"), &json!("enroll"), &json!(1)));
    assert_eq!((&made["status"], &made["schema"]), (&json!("active"), &questions()));
    assert!(made["events"]["created"]["at"].is_string());
    let path = format!("forms/{form}");
    assert_eq!(api.put(&path, &json!({ "name": "More" })).expect(200).json()["version"], 1);
    // The same questions in the same order are the same version, however they are written.
    assert_eq!(api.put(&path, &json!({ "schema": questions() })).expect(200).json()["version"], 1);
    let newer = json!({ "type": "object", "properties": { "vat": { "type": "string" } } });
    let changed = api.put(&path, &json!({ "schema": newer })).expect(200).json();
    assert_eq!((&changed["version"], &changed["schema"], &changed["name"]), (&json!(2), &newer, &json!("More")));
    let versions = api.get(&format!("{path}/versions")).expect(200).json();
    let numbers: Vec<&Value> = versions.as_array().expect("a list").iter().map(|v| &v["version"]).collect();
    assert_eq!(numbers, [&json!(2), &json!(1)]);
    let first = api.get(&format!("{path}/versions/1")).expect(200);
    assert!(first.body().find("\"vat\"") < first.body().find("\"about\""), "{}", first.body());
    assert_eq!((&first.json()["schema"], &first.json()["id"]), (&questions(), &json!(form)));
    api.get(&format!("{path}/versions/3")).expect(404);
    assert!(refused(api.put(&path, &json!({ "type": "item" })), 400).contains("stays what it is"));
    api.put(&path, &json!({ "type": "enroll", "name": "Again" })).expect(200);

    let other = id(&api.post("forms", &json!({ "type": "item", "name": "Items", "schema": newer })).expect(201));
    for (query, found) in [
        ("eq(type,item)", vec![&other]),
        ("ilike(name,*again*)", vec![&form]),
        (&*format!("in(id,({form},{other}))&ordering(name)"), vec![&form, &other]),
        ("gt(events.created.at,2100-01-01T00:00:00Z)", vec![]),
        ("ordering(events.created.at)", vec![&form, &other]),
    ] {
        let list = api.get(&format!("forms?{query}")).expect(200).json();
        let ids: Vec<&str> = list.as_array().expect("a list").iter().filter_map(|f| f["id"].as_str()).collect();
        assert_eq!(ids, found, "{query}");
    }
    api.delete(&path).expect(204);
    api.get(&path).expect(404);
    api.delete(&path).expect(404);
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_place() {
    let world = World::new();
    let api = world.api();
    let send = |body: Value| refused(api.post("forms", &body), 400);
    let all = send(json!({}));
    assert!(all.contains("name: This field is required.") && all.contains("schema: This field is required."), "{all}");
    assert!(send(json!({ "name": "x", "type": "other", "schema": questions() })).contains("type: Choose the type"));
    assert!(send(json!({ "name": "x".repeat(256), "schema": questions() })).contains("at most 255"));
    assert!(send(json!({ "name": "x", "schema": "{}" })).contains("schema: A JSON object"));
    let remote =
        json!({ "type": "object", "properties": { "q": { "$ref": "http://127.0.0.1:1/s.json", "type": "string" } } });
    assert!(
        send(json!({ "name": "x", "schema": remote }))
            .contains("schema.properties.q.$ref: References are not followed")
    );
    let large =
        json!({ "type": "object", "properties": { "q": { "type": "string", "$comment": "x".repeat(70_000) } } });
    assert!(send(json!({ "name": "x", "schema": large })).contains("bytes; at most"));
    assert_eq!(api.get("forms").expect(200).json(), json!([]));
}

#[test]
fn a_form_is_its_distributors_and_of_those_who_have_to_fill_it() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let distribution = world.distribution(&program, &world.marketplace("Nordics"), false);
    let (early, _) = world.partner(&program, "Early");
    let (first, second) = (form(&world, "enroll", "First"), form(&world, "enroll", "Second"));
    let sees = |who: &Company, form: &str| who.api(&world.server).get(&format!("forms/{form}")).status == 200;
    assert!(!sees(&early, &first));
    attach(&world, &distribution, &first);
    let (late, _) = world.partner(&program, "Late");
    let stranger = Company::new(&world.server, "Stranger", Role::Distributor);
    let other = Company::new(&world.server, "Other", Role::Vendor);
    assert!(sees(&early, &first) && sees(&late, &first) && !sees(&early, &second));
    assert!(!sees(&stranger, &first) && !sees(&other, &first));
    // They read it, and change nothing.
    let vendor = early.api(&world.server);
    let path = format!("forms/{first}");
    refused(vendor.put(&path, &json!({ "name": "Mine" })), 403);
    refused(vendor.delete(&path), 403);
    refused(vendor.post("forms", &json!({ "name": "x", "schema": questions() })), 403);
    assert_eq!(stranger.api(&world.server).put(&path, &json!({ "name": "Mine" })).status, 404);
    early.api_with(&world.server, &[(Module::Products, Level::Manage)]).get(&path).expect(403);
    let reader = world.distributor.api_with(&world.server, &[(Module::Partners, Level::Read)]);
    refused(reader.delete(&path), 403);
    // Another form in its place: who has not answered the first one has nothing to do with it any more.
    let contract = id(&vendor.post(&format!("agreements/{distribution}/contracts"), &json!({})).expect(201));
    vendor.post(&format!("contracts/{contract}/data"), &json!({ "data": { "vat": "DE1" } })).expect(201);
    attach(&world, &distribution, &second);
    assert!(sees(&early, &first) && !sees(&late, &first) && sees(&early, &second) && sees(&late, &second));

    // What is used or was answered stays.
    assert!(refused(api.delete(&format!("forms/{second}")), 400).contains("One agreement has"));
    assert!(refused(api.delete(&path), 400).contains("answered once"));
    let unused = form(&world, "enroll", "Unused");
    api.delete(&format!("forms/{unused}")).expect(204);
}

#[test]
fn an_agreement_has_a_form_of_each_type() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let market = world.marketplace("Nordics");
    let (enroll, product) = (form(&world, "enroll", "Enrol"), form(&world, "product", "Product"));
    let body = json!({
        "title": "Nordics", "description": "Terms", "document_type": "none", "active": true, "marketplace": { "id": market },
        "forms": { "enroll": { "id": enroll }, "product": { "id": product } },
    });
    let made = api.post(&format!("agreements/{program}/agreements"), &body).expect(201).json();
    let agreement = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(made["forms"]["enroll"], json!({ "id": enroll, "name": "Enrol", "type": "enroll" }));
    assert!(made["forms"]["product"]["id"] == json!(product) && made["forms"].get("item").is_none());
    let path = format!("agreements/{agreement}");
    // What is not named stays, null takes a form off.
    let changed = api.put(&path, &json!({ "forms": { "product": null } })).expect(200).json();
    assert!(changed["forms"].get("product").is_none() && changed["forms"]["enroll"]["id"] == json!(enroll));
    let changed = api.put(&path, &json!({ "title": "North" })).expect(200).json();
    assert_eq!(changed["forms"]["enroll"]["id"], json!(enroll));

    let stranger = Company::new(&world.server, "Stranger", Role::Distributor);
    let foreign = json!({ "type": "enroll", "name": "Foreign", "schema": questions() });
    let foreign = id(&stranger.api(&world.server).post("forms", &foreign).expect(201));
    for wrong in [&foreign, &product, "FRM-000-000-000", "nonsense"] {
        let told = refused(api.put(&path, &json!({ "forms": { "enroll": { "id": wrong } } })), 400);
        assert!(told.contains("forms.enroll.id: You have no form") && told.contains("enroll"), "{told}");
    }
    let told =
        refused(api.put(&format!("agreements/{program}"), &json!({ "forms": { "enroll": { "id": enroll } } })), 400);
    assert!(told.contains("forms: Forms belong to distribution agreements"), "{told}");
    api.put(&format!("agreements/{program}"), &json!({ "forms": { "enroll": null } })).expect(200);
    for (query, found) in [
        (format!("eq(forms.id,{enroll})"), 1),
        (format!("eq(forms.id,{product})"), 0),
        ("eq(forms.type,enroll)".to_owned(), 1),
        ("forms__type=item".to_owned(), 0),
    ] {
        assert_eq!(
            api.get(&format!("agreements?{query}")).expect(200).json().as_array().map(Vec::len),
            Some(found),
            "{query}"
        );
    }
    // An agreement that goes lets its forms go.
    api.delete(&path).expect(204);
    api.delete(&format!("forms/{enroll}")).expect(204);
}

#[test]
fn who_comes_second_with_an_old_page_is_told() {
    let world = World::new();
    let form = form(&world, "enroll", "First");
    let at = |path: &str| format!("/{}{path}", world.distributor.id);
    let browser = world.distributor.browser(&world.server);
    let page = browser.open(&at(&format!("/forms/{form}/edit")));
    world.api().put(&format!("forms/{form}"), &json!({ "name": "Meanwhile" })).expect(200);
    let page = browser.post(page.form_with("Save").set("name", "Mine")).expect(422);
    page.must_say("Somebody changed");
    assert_eq!(page.attribute("#f-name", "value").as_deref(), Some("Mine"));
    assert_eq!(world.api().get(&format!("forms/{form}")).expect(200).json()["name"], "Meanwhile");
}

#[test]
fn a_form_is_made_and_changed_on_pages() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let at = |path: &str| format!("/{}{path}", world.distributor.id);
    browser.open(&at("/agreements")).must_say("Forms");
    browser.open(&at("/forms")).must_say("No forms yet");
    let page = browser.open(&at("/forms/new"));
    page.must_say("How it looks").must_say("This is an example to begin with");
    // The button that checks says what is wrong or shows what is right, and saves nothing.
    let form = page.form_with("Create form").set("name", "Our questions");
    let shown = browser.submit(form.clone().set("schema", QUESTIONS).press("Check")).expect(200);
    shown.must_say("VAT number").must_say("Bank: IBAN");
    assert!(shown.has("#preview fieldset[disabled] #f-data-vat"), "{}", shown.body());
    let wrong = r#"{"type":"object","properties":{"q":{"type":"null"}}}"#;
    let shown = browser.submit(form.clone().set("schema", wrong).press("Check")).expect(200);
    shown.must_say("This cannot be used yet").must_say("schema.properties.q.type");
    assert_eq!(shown.attribute("#f-name", "value").as_deref(), Some("Our questions"));
    browser.submit(form.clone().set("schema", wrong)).expect(422).must_say("schema.properties.q.type");
    assert_eq!(world.api().get("forms").expect(200).json(), json!([]));
    let page = browser.submit(form.set("schema", QUESTIONS)).expect(200);
    page.must_say("The form Our questions was created.").must_say("VAT number").must_say("Version 1");
    let here = page.url.path().to_owned();
    let edit = browser.click(&page, "Edit");
    let page = browser.submit(edit.form_with("Save").set("name", "Other questions")).expect(200);
    page.must_say("Other questions").must_say("Version 1");
    assert!(!page.says("Version 2"));
    let newer = r#"{"type":"object","properties":{"z":{"type":"string","title":"Zeta"},"a":{"type":"string","title":"Alpha"}}}"#;
    let edit = browser.open(&format!("{here}/edit"));
    let page = browser.submit(edit.form_with("Save").set("schema", newer)).expect(200);
    page.must_say("Version 2").must_say("Version 1");
    let main = page.text("main");
    assert!(main.find("Zeta") < main.find("Alpha"), "{main}");
    browser.open(&format!("{here}/versions/1")).must_say("VAT number");
    browser.open(&at("/forms?eq(type,enroll)")).must_say("Other questions");
    let asked = browser.open(&format!("{here}/delete"));
    browser.submit(asked.form_with("Delete form")).expect(200).must_say("The form was deleted.");
    browser.get(&here).expect(404);
    let vendor = Company::new(&world.server, "Maker", Role::Vendor);
    vendor.browser(&world.server).get(&format!("/{}/forms", vendor.id)).expect(403);
}
