//! Enrolling with a form: filling, sending, sending back, by the API and on pages.

use causeway::kit::{Level, Module, Role};
use serde_json::{Value, json};

use super::forms::{attach, form, questions};
use super::world::{World, id, refused};
use crate::export::opened::exported;
use crate::support::client::Client;
use crate::support::companies::Company;
use crate::support::page::Page;

/// A distributor whose agreement has a form, and a vendor of its program.
struct Asked {
    world: World,
    form: String,
    agreement: String,
    vendor: Company,
}

impl Asked {
    fn new(auto_accept: bool) -> Self {
        let world = World::new();
        let program = world.agreement("program");
        let form = form(&world, "enroll", "Vendor questions");
        let body = json!({
            "title": "Nordics", "description": "Terms", "document_type": "none", "active": true, "auto_accept": auto_accept,
            "marketplace": { "id": world.marketplace("Nordics") }, "forms": { "enroll": { "id": form } },
        });
        let agreement = id(&world.api().post(&format!("agreements/{program}/agreements"), &body).expect(201));
        let (vendor, _) = world.partner(&program, "Maker");
        Self { world, form, agreement, vendor }
    }

    /// Enrols by the API.
    fn enrol(&self) -> String {
        id(&self.maker().post(&format!("agreements/{}/contracts", self.agreement), &json!({})).expect(201))
    }

    fn maker(&self) -> crate::support::client::Api {
        self.vendor.api(&self.world.server)
    }

    /// The newest contract under the agreement, as the vendor sees it.
    fn newest(&self) -> Value {
        self.maker().get(&format!("agreements/{}/contracts", self.agreement)).expect(200).json()[0].clone()
    }

    fn data(&self, who: &Company, contract: &str) -> Value {
        who.api(&self.world.server).get(&format!("contracts/{contract}/data")).expect(200).json()
    }

    fn at(&self, who: &Company, path: &str) -> String {
        format!("/{}{path}", who.id)
    }

    fn browsers(&self) -> (Client, Client) {
        (self.vendor.browser(&self.world.server), self.world.distributor.browser(&self.world.server))
    }
}

fn answers() -> Value {
    json!({ "vat": "DE1", "regions": ["North"], "people": 3, "bank": { "iban": "DE02" }, "insured": true })
}

#[test]
fn a_vendor_fills_the_form_and_sends_it() {
    let asked = Asked::new(false);
    let (maker, api) = (asked.maker(), asked.world.api());
    let contract = asked.enrol();
    let path = format!("contracts/{contract}");
    let begun = maker.get(&path).expect(200).json();
    assert_eq!((&begun["status"], &begun["enrolled"]), (&json!("enrolling"), &Value::Null));
    let accepted = begun["events"]["countersigned"]["at"].clone();
    assert!(accepted.is_string());
    assert!(
        refused(maker.post(&format!("agreements/{}/contracts", asked.agreement), &json!({})), 409)
            .contains("enrolling")
    );
    refused(api.post(&format!("{path}/sign"), &json!({})), 400);
    // Nothing was answered, so nothing can be sent; what is wrong is told by its path.
    assert!(refused(maker.post(&format!("{path}/enroll"), &json!({})), 400).contains("data: Fill the form"));
    let data = format!("{path}/data");
    assert!(refused(maker.post(&data, &json!({})), 400).contains("data: This field is required"));
    let wrong = json!({ "data": { "vat": "D", "people": 0, "bank": {}, "other": 1 } });
    let told = refused(maker.post(&data, &wrong), 400);
    assert!(told.contains("data.other: "), "{told}");
    let wrong = json!({ "data": { "vat": "D", "people": 0, "bank": {} } });
    let told = refused(maker.post(&data, &wrong), 400);
    for place in ["data.vat: ", "data.people: ", "data.bank.iban: This field is required."] {
        assert!(told.contains(place), "{told}");
    }
    assert_eq!(asked.data(&asked.vendor, &contract), json!([]));

    let kept = maker.post(&data, &json!({ "data": answers() })).expect(201).json();
    assert_eq!(
        (&kept["type"], &kept["contract"]["id"], &kept["data"]),
        (&json!("enroll"), &json!(contract), &answers())
    );
    assert_eq!((&kept["form_version"]["id"], &kept["form_version"]["version"]), (&json!(asked.form), &json!(1)));
    assert_eq!(asked.data(&asked.vendor, &contract)[0]["id"], kept["id"]);
    // What was not sent is the vendor's alone.
    assert_eq!(asked.data(&asked.world.distributor, &contract), json!([]));
    refused(api.post(&data, &json!({ "data": answers() })), 403);
    refused(api.post(&format!("{path}/enroll"), &json!({})), 403);

    let sent = maker.post(&format!("{path}/enroll"), &json!({})).expect(200).json();
    assert_eq!((&sent["status"], &sent["events"]["countersigned"]["at"]), (&json!("pending"), &accepted));
    assert!(sent["enrolled"].is_string());
    assert_eq!(asked.data(&asked.world.distributor, &contract)[0]["data"], answers());
    refused(maker.post(&data, &json!({ "data": answers() })), 400);
    refused(maker.post(&format!("{path}/enroll"), &json!({})), 400);
    assert_eq!(api.post(&format!("{path}/sign"), &json!({})).expect(200).json()["status"], "active");

    for stranger in [Role::Vendor, Role::Distributor] {
        let name = format!("Stranger {stranger}");
        let stranger = Company::new(&asked.world.server, &name, stranger).api(&asked.world.server);
        stranger.get(&data).expect(404);
        stranger.post(&data, &json!({ "data": answers() })).expect(404);
    }
    asked.vendor.api_with(&asked.world.server, &[(Module::Products, Level::Manage)]).get(&data).expect(403);
    for who in [&asked.vendor, &asked.world.distributor] {
        let archive = exported(&asked.world.server, who);
        let kept = archive.objects("contract_data");
        assert_eq!((kept.len(), &kept[0]["data"]), (1, &answers()), "{}", who.name);
        assert_eq!(archive.objects("forms").len(), 1);
    }
}

#[test]
fn an_enrolment_is_sent_back_with_a_note_and_what_changed_is_told() {
    let asked = Asked::new(false);
    let (maker, api) = (asked.maker(), asked.world.api());
    let contract = asked.enrol();
    let path = format!("contracts/{contract}");
    let send = |data: Value| {
        maker.post(&format!("{path}/data"), &json!({ "data": data })).expect(201);
        maker.post(&format!("{path}/enroll"), &json!({})).expect(200);
    };
    send(answers());
    refused(maker.post(&format!("{path}/refine"), &json!({ "note": "x" })), 403);
    assert!(refused(api.post(&format!("{path}/refine"), &json!({ "note": "x".repeat(501) })), 400).contains("note: "));
    let note = "Your VAT number is not complete.";
    let back = api.post(&format!("{path}/refine"), &json!({ "note": note })).expect(200).json();
    assert_eq!(back["status"], "enrolling");
    assert!(back["enrolled"].is_string());
    refused(api.post(&format!("{path}/refine"), &json!({})), 400);
    // The note and the old answers are on the vendor's pages.
    let (vendor, distributor) = asked.browsers();
    let page = vendor.open(&asked.at(&asked.vendor, &format!("/{path}")));
    page.must_say(note).must_say("DE02").must_say("Your turn");
    let fill = vendor.click(&page, "Fill the form");
    fill.must_say(note);
    assert_eq!(fill.attribute("#f-data-vat", "value").as_deref(), Some("DE1"));
    let form = fill.form_with("Send enrolment").set("data.vat", "DE123").uncheck("data.insured", "yes");
    let page = vendor.submit(form.set("data.people", "")).expect(200);
    page.must_say("The enrolment was sent.").must_say("DE123");
    assert!(!page.has(".notice") || !page.text(".notice").contains(note));
    // The distributor reads what became other, question by question.
    let page = distributor.open(&asked.at(&asked.world.distributor, &format!("/{path}")));
    for words in ["DE123", "VAT number", "People", note, "Vendor questions, version 1"] {
        page.must_say(words);
    }
    let changes = "select count(*) as n from event where verb = 'contract.enrolled' and cast(changes as text) like '%VAT number%'";
    assert_eq!(asked.world.server.database().number(changes), 1);
    let sent = asked.data(&asked.world.distributor, &contract)[0]["data"].clone();
    assert_eq!((&sent["vat"], &sent["insured"], sent.get("people")), (&json!("DE123"), &json!(false), None));
    api.post(&format!("{path}/sign"), &json!({})).expect(200);
    refused(api.post(&format!("{path}/refine"), &json!({})), 400);
}

#[test]
fn the_newer_version_of_a_form_counts_when_it_is_sent() {
    let asked = Asked::new(false);
    let (maker, api) = (asked.maker(), asked.world.api());
    let contract = asked.enrol();
    let path = format!("contracts/{contract}");
    maker.post(&format!("{path}/data"), &json!({ "data": answers() })).expect(201);
    maker.post(&format!("{path}/enroll"), &json!({})).expect(200);
    let mut newer = questions();
    newer["properties"]["city"] = json!({ "type": "string", "title": "City" });
    newer["properties"]["people"] = json!({ "type": "string", "enum": ["few", "many"], "title": "People" });
    newer["required"] = json!(["vat", "city"]);
    api.put(&format!("forms/{}", asked.form), &json!({ "schema": newer })).expect(200);
    // What was sent stays with the version that was filled.
    let sent = asked.data(&asked.world.distributor, &contract)[0].clone();
    assert_eq!((&sent["form_version"]["version"], &sent["data"]), (&json!(1), &answers()));
    api.post(&format!("{path}/refine"), &json!({ "note": "Where are you?" })).expect(200);
    let told = refused(maker.post(&format!("{path}/enroll"), &json!({})), 400);
    assert!(told.contains("data.city: This field is required.") && told.contains("data.people: "), "{told}");
    let (vendor, _) = asked.browsers();
    let page = vendor.open(&asked.at(&asked.vendor, &format!("/{path}/enrolment")));
    page.must_say("The form has changed since you sent it").must_say("City");
    assert_eq!(page.attribute("#f-data-vat", "value").as_deref(), Some("DE1"));
    let filled = page.form_with("Send enrolment");
    assert_eq!(filled.value("data.people").unwrap_or_default(), "", "what does not fit is not taken over");
    vendor.submit(filled.set("data.city", "Lindau")).expect(200).must_say("Lindau");
    let sent = asked.data(&asked.world.distributor, &contract)[0].clone();
    assert_eq!((&sent["form_version"]["version"], &sent["data"]["city"]), (&json!(2), &json!("Lindau")));
    assert!(sent["data"].get("people").is_none());
}

#[test]
fn an_agreement_that_accepts_by_itself_still_asks() {
    let asked = Asked::new(true);
    let (maker, api) = (asked.maker(), asked.world.api());
    let contract = asked.newest();
    let id = contract["id"].as_str().expect("an id").to_owned();
    assert_eq!((&contract["status"], &contract["activation"]["date"]), (&json!("enrolling"), &Value::Null));
    assert_eq!(maker.get(&format!("contracts/{id}/versions")).expect(200).json(), json!([]));
    // Nobody of the vendor's has accepted the agreement: its page asks for that too.
    let (vendor, _) = asked.browsers();
    let here = asked.at(&asked.vendor, &format!("/contracts/{id}"));
    let page = vendor.open(&here);
    page.must_say("Your turn");
    let fill = vendor.click(&page, "Fill the form");
    let form = fill.form_with("Send enrolment").set("data.vat", "DE9");
    vendor.post(form.clone()).expect(422).must_say("Tick the box");
    let page = vendor.submit(form.check("accept", "yes")).expect(200);
    page.must_say("The contract is active.").must_say("DE9");
    let active = asked.newest();
    assert_eq!(active["status"], "active");
    assert!(active["events"]["countersigned"]["by"]["id"].is_string() && active["activation"]["date"].is_string());
    assert_eq!(maker.get(&format!("contracts/{id}/versions")).expect(200).json()[0]["version"], 1);
    // Whom the distributor has ended is not taken in again without it.
    api.post(&format!("contracts/{id}/terminate"), &json!({})).expect(200);
    let again = asked.enrol();
    maker.post(&format!("contracts/{again}/data"), &json!({ "data": answers() })).expect(201);
    assert_eq!(maker.post(&format!("contracts/{again}/enroll"), &json!({})).expect(200).json()["status"], "pending");
}

#[test]
fn auto_accept_that_is_switched_on_with_a_form_asks_everybody_first() {
    let world = World::new();
    let program = world.agreement("program");
    let agreement = world.distribution(&program, &world.marketplace("Nordics"), false);
    let (vendor, _) = world.partner(&program, "Maker");
    let form = form(&world, "enroll", "Questions");
    let both = json!({ "auto_accept": true, "forms": { "enroll": { "id": form } } });
    world.api().put(&format!("agreements/{agreement}"), &both).expect(200);
    let under = || vendor.api(&world.server).get(&format!("agreements/{agreement}/contracts")).expect(200).json();
    assert_eq!(under()[0]["status"], "enrolling");
    // Without the form there is nothing to fill, and it can be sent as it is.
    world.api().put(&format!("agreements/{agreement}"), &json!({ "forms": { "enroll": null } })).expect(200);
    let contract = under()[0]["id"].as_str().expect("an id").to_owned();
    let path = format!("contracts/{contract}");
    let told = refused(vendor.api(&world.server).post(&format!("{path}/data"), &json!({ "data": {} })), 400);
    assert!(told.contains("no enrolment form"), "{told}");
    let browser = vendor.browser(&world.server);
    let page = browser.open(&format!("/{}/{path}/enrolment", vendor.id));
    assert!(!page.has("[name=later]"));
    browser
        .submit(page.form_with("Send enrolment").check("accept", "yes"))
        .expect(200)
        .must_say("The contract is active.");
}

#[test]
fn a_form_is_filled_on_pages_in_several_sittings() {
    let asked = Asked::new(false);
    let (vendor, distributor) = asked.browsers();
    let page = vendor.open(&asked.at(&asked.vendor, &format!("/agreements/{}/enrol", asked.agreement)));
    page.must_say("Vendor questions");
    let fill = vendor.submit(page.form_with("Enrol").check("accept", "yes")).expect(200);
    fill.must_say("You accepted the agreement. Now fill its form.");
    let here = fill.url.path().trim_end_matches("/enrolment").to_owned();
    assert!(!fill.has("[name=accept]"), "it was accepted a moment ago");
    // What is wrong is told at its field, and what was typed is kept.
    let form = fill.form_with("Send enrolment").set("data.people", "many").check("data.regions", "South");
    let wrong = vendor.post(form.clone()).expect(422);
    wrong.must_say("A whole number is needed here").must_say("VAT number: This field is required.");
    assert_eq!(wrong.attribute("#f-data-people", "value").as_deref(), Some("many"));
    assert!(wrong.has("#f-data-regions-2[checked]"));
    // Half filled it waits, and only the vendor sees it.
    let page = vendor.submit(form.set("data.about", "Two\nlines & <b>").press("Save for later")).expect(200);
    page.must_say("Your answers are kept.").must_say("This was not sent yet").must_say("many");
    let other = asked.at(&asked.world.distributor, &here[here.find("/contracts").expect("a contract")..]);
    let seen = distributor.open(&other);
    assert!(!seen.says("many") && seen.says("was not filled yet") && seen.says("Maker has to fill the form"));
    distributor.get(&format!("{other}/enrolment")).expect(403);
    let fill = vendor.open(&format!("{here}/enrolment"));
    assert_eq!(fill.attribute("#f-data-people", "value").as_deref(), Some("many"));
    assert_eq!(fill.text("#f-data-about"), "Two lines & <b>");
    // Two people at once: the second one is told, and nothing is lost.
    let colleague = vendor.open(&format!("{here}/enrolment"));
    let form = |page: &Page| page.form_with("Send enrolment").set("data.people", "12").set("data.vat", "NO1");
    vendor.submit(form(&colleague).set("data.about", "Colleague").press("Save for later")).expect(200);
    let late = vendor.post(form(&fill)).expect(422);
    late.must_say("Somebody changed");
    assert_eq!(late.attribute("#f-data-vat", "value").as_deref(), Some("NO1"));
    let fill = vendor.open(&format!("{here}/enrolment"));
    let form = fill.form_with("Send enrolment");
    // Pressing twice sends once.
    let (first, second) = (vendor.post(form.clone()).expect(303), vendor.post(form).expect(303));
    assert_eq!(first.header("location"), second.header("location"));
    let sent = "select count(*) as n from event where verb = 'contract.enrolled'";
    assert_eq!(asked.world.server.database().number(sent), 1);
    vendor.get(&format!("{here}/enrolment")).expect(400);
    let seen = distributor.open(&other);
    seen.must_say("Colleague").must_say("South").must_say("NO1").must_say("Not answered");
    // Without a word it is not sent back.
    let back = distributor.open(&format!("{other}/refine"));
    distributor.post(back.form_with("Send back")).expect(422).must_say("Say what is missing");
    distributor
        .submit(back.form_with("Send back").set("note", "More, please"))
        .expect(200)
        .must_say("The enrolment was sent back.");
    vendor.open(&here).must_say("More, please");
}

#[test]
fn forms_are_attached_on_the_agreements_page() {
    let world = World::new();
    let program = world.agreement("program");
    let agreement = world.distribution(&program, &world.marketplace("Nordics"), false);
    let (first, item) = (form(&world, "enroll", "Enrol questions"), form(&world, "item", "Item questions"));
    let browser = world.distributor.browser(&world.server);
    let here = format!("/{}/agreements/{agreement}", world.distributor.id);
    browser.open(&here).must_say("Attached forms").must_say("Vendors enrol without answering anything");
    let page = browser.open(&format!("{here}/forms"));
    let stale = browser.open(&format!("{here}/forms")).form_with("Save");
    let page = browser.submit(page.form_with("Save").set("forms.enroll.id", &first)).expect(200);
    page.must_say("The attached forms were saved.").must_say("Enrol questions");
    assert!(!page.says("Item questions"));
    browser.post(stale.set("forms.item.id", &item)).expect(422).must_say("Somebody changed");
    browser.open(&format!("/{}/forms/{first}", world.distributor.id)).must_say("Distribution on");
    browser.get(&format!("/{}/agreements/{program}/forms", world.distributor.id)).expect(400);
    let (vendor, _) = world.partner(&program, "Maker");
    let other = vendor.browser(&world.server);
    let page = other.open(&format!("/{}/agreements/{agreement}", vendor.id));
    page.must_say("Enrol questions");
    other.click(&page, "Enrol questions").must_say("VAT number");
    other.get(&format!("/{}/agreements/{agreement}/forms", vendor.id)).expect(403);
    attach(&world, &agreement, &first);
}
