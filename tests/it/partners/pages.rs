//! The same as people do it in a browser.

use causeway::kit::Role;
use reqwest::Method;
use serde_json::json;

use super::world::World;
use crate::support::client::Client;
use crate::support::companies::{Company, PASSWORD};
use crate::support::page::Page;

/// The path of a page within the company's portal.
fn at(who: &Company, path: &str) -> String {
    format!("/{}{path}", who.id)
}

/// Registers a hub and creates a marketplace on it by the wizard; gives the marketplace's page.
fn marketplace(world: &World, browser: &Client) -> Page {
    let form = browser.open(&at(&world.distributor, "/hubs/new")).form_with("Register hub");
    let hub = browser.submit(form.set("name", "Live").set("instance_id", "shop-1")).expect(200);
    hub.must_say("The hub Live was registered.");
    let hub_id = hub.url.path().rsplit('/').next().expect("an id").to_owned();
    let first = browser.open(&at(&world.distributor, "/marketplaces/new")).form_with("Continue");
    let second =
        browser.submit(first.set("name", "Nordics").set("countries", "se, Norway").set("currency", "SEK")).expect(200);
    let form = second.form_with("Continue").check("hub", &hub_id).set(&format!("external.{hub_id}"), "1");
    let third = browser.submit(form).expect(200);
    let last = browser.submit(third.form_with("Continue")).expect(200);
    last.must_say("Sweden, Norway").must_say("Live (1)").must_say("SEK, Swedish krona");
    let made = browser.submit(last.form_with("Create marketplace")).expect(200);
    made.must_say("The marketplace Nordics was created.");
    made
}

#[test]
fn a_vendor_is_invited_accepts_enrols_and_is_approved() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let market = marketplace(&world, &browser);
    market.must_say("Price-list attributes");

    // The program agreement with a text, and a distribution agreement under it.
    let form = browser.open(&at(&world.distributor, "/agreements/new")).form_with("Create agreement");
    let form = form.set("title", "Vendor program").set("description", "How **we** work");
    let wrong = browser.submit(form.check("active", "yes")).expect(422);
    assert_eq!(wrong.attribute("#f-text", "aria-invalid").as_deref(), Some("true"));
    let form = wrong.form_with("Create agreement").set("text", "# Terms\n\nPay in thirty days.");
    let program = browser.submit(form).expect(200);
    program.must_say("Version 1 active").must_say("How we work");
    let form = browser.click(&program, "Create distribution agreement").form_with("Create distribution agreement");
    let form = form.set("title", "Nordics").set("description", "Selling there").set("marketplace", "Nordics");
    let form = form.set("document_type", "none").check("active", "yes");
    browser.submit(form).expect(200).must_say("The distribution agreement Nordics was created.");

    // The contract: a wizard, then a mail.
    let program = browser.get(program.url.as_str()).expect(200);
    let step = browser.click(&program, "Create contract");
    let form = step.form_with("Continue").set("partner.name", "Halden").set("activation.email", "mara@halden.example");
    let check = browser.submit(form.set("activation.message", "Sell with us")).expect(200);
    check.must_say("Vendor program").must_say("Sell with us");
    let contract = browser.submit(check.form_with("Create and send")).expect(200);
    contract.must_say("Pending").must_say("Halden has to decide").must_say("Activation link");

    // The vendor's person opens the link.
    let mail = world.server.mail().next_to("mara@halden.example");
    let mara = world.server.visitor();
    let page = mara.open(&mail.link());
    page.must_say("Northgate invites Halden").must_say("Pay in thirty days.").must_say("Sell with us");
    let wrong = mara.submit(page.form_with("Continue")).expect(422);
    wrong.must_say("Tick the box");
    let page = mara.submit(wrong.form_with("Continue").check("accept", "yes")).expect(200);
    let form = page.form_with("Continue").set("name", "Mara Holt").set("email", "mara@halden.example");
    let page = mara.submit(form.set("company", "Halden AS")).expect(200);
    page.must_say("Mara Holt").must_say("Halden AS");
    let wrong = mara.submit(page.form_with("Activate").set("password", "short").set("again", "short")).expect(422);
    wrong.must_say("too short");
    let form = wrong.form_with("Activate").set("password", PASSWORD).set("again", PASSWORD);
    let home = mara.submit(form).expect(200);
    home.must_say("Welcome. The contract is active.");
    let vendor = home.url.path().trim_matches('/').to_owned();
    assert!(vendor.starts_with("VA-"), "{vendor}");
    let again = world.server.visitor().get(&mail.link()).expect(404);
    again.must_say("This link cannot be used");

    // Enrolling and approving.
    let list = mara.open(&format!("/{vendor}/agreements"));
    let page = mara.click(&list, "Vendor program");
    let page = mara.click(&page, "Enrol");
    let wrong = mara.submit(page.form_with("Enrol")).expect(422);
    let crd = mara.submit(wrong.form_with("Enrol").check("accept", "yes")).expect(200);
    crd.must_say("Pending").must_say("Northgate has to decide");
    assert!(!crd.has("main form") && !crd.says("Approve"), "the vendor has nothing to decide here");
    let id = crd.url.path().rsplit('/').next().expect("an id").to_owned();
    let waiting = browser.open(&at(&world.distributor, ""));
    waiting.must_say("One thing waits for you.").must_say("One contract to approve");
    let page = browser.open(&at(&world.distributor, &format!("/contracts/{id}")));
    page.must_say("Your turn");
    let page = browser.submit(page.form_with("Approve")).expect(200);
    page.must_say("The contract is active.").must_say("Northgate approved the contract");
    mara.open(&format!("/{vendor}/contracts/{id}")).must_say("Active");
    mara.open(&format!("/{vendor}/marketplaces")).must_say("Nordics");

    // Ending the program ends both.
    let page = browser.click(&browser.open(contract.url.as_str()), "Terminate");
    page.must_say("distribution contract ends with it");
    let page = browser.submit(page.form_with("Terminate").set("note", "Too slow")).expect(200);
    page.must_say("Terminated").must_say("Reason: Too slow");
    mara.open(&format!("/{vendor}/contracts/{id}")).must_say("Terminated").must_say("ended with the program contract");
}

#[test]
fn a_signed_in_person_accepts_for_an_own_or_a_new_company_or_declines() {
    let world = World::new();
    let program = world.agreement("program");
    let service = world.agreement("service");
    let old = Company::new(&world.server, "Old Hand", Role::Vendor);
    let person = old.browser(&world.server);
    let link = |offered: &serde_json::Value| offered["activation"]["link"].as_str().expect("a link").to_owned();
    let accept = |link: &str| {
        let page = person.open(link);
        page.must_say("You are signed in as Old Hand");
        person.submit(page.form_with("Continue").check("accept", "yes")).expect(200)
    };
    let offered = world.offered(&program, "Somebody");
    let page = accept(&link(&offered));
    let page = person.submit(page.form_with("Continue").set("account", old.id.as_str())).expect(200);
    let home = person.submit(page.form_with("Activate")).expect(200);
    assert_eq!(home.url.path(), at(&old, ""));
    assert_eq!(world.status(&old, offered["id"].as_str().expect("an id")), "active");

    // A vendor is no reseller: a new company beside the one there is.
    let page = accept(&link(&world.offered(&service, "Side Shop")));
    let page =
        person.submit(page.form_with("Continue").set("account", "new").set("company", "Side Shop Ltd")).expect(200);
    let home = person.submit(page.form_with("Activate")).expect(200);
    assert!(home.url.path().starts_with("/PA-"), "{}", home.url);
    home.must_say("Side Shop Ltd");

    let offered = world.offered(&service, "Nobody");
    let page = world.server.visitor().open(&link(&offered));
    let visitor = world.server.visitor();
    let page = visitor.click(&page, "Decline");
    visitor.submit(page.form_with("Decline").set("note", "No time")).expect(200).must_say("You declined");
    let seen = world.api().get(&format!("contracts/{}", offered["id"].as_str().expect("an id"))).expect(200).json();
    assert_eq!((seen["status"].clone(), seen["termination_note"].clone()), (json!("rejected"), json!("No time")));
    world.server.visitor().get(&link(&offered)).expect(404);
}

#[test]
fn an_address_that_is_registered_signs_in_instead() {
    let world = World::new();
    let known = Company::new(&world.server, "Known", Role::Vendor);
    let offered = world.offered(&world.agreement("program"), "Maker");
    let link = offered["activation"]["link"].as_str().expect("a link");
    let visitor = world.server.visitor();
    let page = visitor.submit(visitor.open(link).form_with("Continue").check("accept", "yes")).expect(200);
    let page = visitor.submit(page.form_with("Continue").set("name", "X").set("email", &known.email)).expect(200);
    let page = visitor.submit(page.form_with("Activate").set("password", PASSWORD).set("again", PASSWORD)).expect(422);
    page.must_say("is registered already");
    assert_eq!(world.status(&world.distributor, offered["id"].as_str().expect("an id")), "pending");
    // Signing in leads back to the invitation.
    let page = visitor.click(&visitor.open(link), "Sign in");
    let page =
        visitor.submit(page.form_with("Sign in").set("email", &known.email).set("password", PASSWORD)).expect(200);
    page.must_say("You are signed in as Known");
}

#[test]
fn activating_twice_with_the_same_form_is_activating_once() {
    let world = World::new();
    let offered = world.offered(&world.agreement("service"), "Shop");
    let visitor = world.server.visitor();
    let page = visitor.open(offered["activation"]["link"].as_str().expect("a link"));
    let page = visitor.submit(page.form_with("Continue").check("accept", "yes")).expect(200);
    let page =
        visitor.submit(page.form_with("Continue").set("name", "Ann Lee").set("email", "ann@shop.example")).expect(200);
    let form = || page.form_with("Activate").set("password", PASSWORD).set("again", PASSWORD);
    let first = visitor.post(form()).expect(303);
    let second = visitor.post(form()).expect(303);
    assert_eq!(first.header("location"), second.header("location"));
    visitor.open(first.header("location")).must_say("Shop");
    let stranger = world.server.visitor();
    let other = form().set("password", "Wrong-2-password").set("again", "Wrong-2-password");
    assert!(matches!(stranger.post(other).status, 404 | 409), "another form does not get the first one's answer");
    assert_eq!(world.server.database().number("select count(*) as n from person where email = 'ann@shop.example'"), 1);
}

#[test]
fn forms_say_what_is_wrong_and_keep_what_was_typed() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let form = browser.open(&at(&world.distributor, "/marketplaces/new")).form_with("Continue");
    let form = form.set("name", "Nordics").set("countries", "Atlantis").set("description", "kept");
    let page = browser.submit(form).expect(422);
    page.must_say("There is no country “Atlantis”");
    assert_eq!(page.text("#f-description"), "kept");
    let form = browser.open(&at(&world.distributor, "/hubs/new")).form_with("Register hub").set("name", "Live");
    let page = browser.submit(form).expect(422);
    page.must_say("This field is required.");
    assert_eq!(page.attribute("#f-name", "value").as_deref(), Some("Live"));
    let last = "/contracts/new?step=4&type=program&partner.name=X&activation.message=Hi";
    browser.get(&at(&world.distributor, last)).expect(422).must_say("Choose the agreement");
    for agreement in ["", "AGP-000-000-000"] {
        let path = at(&world.distributor, "/contracts/new");
        let form = [("agreement", agreement), ("partner.name", "X"), ("activation.message", "Hi")];
        let page = browser.send(Method::POST, &path, |request| request.form(&form)).expect(422);
        page.must_say("Choose the agreement");
    }

    // A form that was opened before somebody else changed the object.
    let market = world.marketplace("Baltics");
    let page = browser.open(&at(&world.distributor, &format!("/marketplaces/{market}/edit")));
    world.api().put(&format!("marketplaces/{market}"), &json!({ "description": "meanwhile" })).expect(200);
    assert_eq!(page.texts("nav.crumbs a"), ["Marketplaces", "Baltics"]);
    let page = browser.submit(page.form_with("Save").set("description", "mine")).expect(422);
    page.must_say("Somebody changed");
}

#[test]
fn beside_a_form_stands_what_it_is_about() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let market = world.marketplace("Nordics");
    let hub = world.api().get("hubs").expect(200).json()[0]["id"].as_str().expect("a hub").to_owned();
    let program = world.agreement("program");
    let objects = [("marketplaces", market), ("hubs", hub), ("agreements", program.clone())];
    let mut paths: Vec<String> = objects.iter().map(|(kind, id)| format!("/{kind}/{id}/edit")).collect();
    paths.extend(["versions/new", "distribution", "delete"].map(|deed| format!("/agreements/{program}/{deed}")));
    for path in paths {
        let page = browser.open(&at(&world.distributor, &path));
        let facts = page.texts("aside #about dt");
        assert!(facts.contains(&"Created".to_owned()), "{path}: {facts:?}");
    }
}

#[test]
fn lists_filter_sort_and_export_and_say_why_they_are_empty() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    for (list, words) in [
        ("/contracts", "No contracts yet"),
        ("/agreements", "No agreements yet"),
        ("/marketplaces", "No marketplaces yet"),
        ("/hubs", "No hubs yet"),
    ] {
        browser.open(&at(&world.distributor, list)).must_say(words);
    }
    let program = world.agreement("program");
    world.partner(&program, "Maker");
    world.offered(&program, "Waiting");
    let path = at(&world.distributor, "/contracts");
    let all = browser.open(&path);
    all.must_say("Maker").must_say("Waiting");
    let pending = browser.open(&format!("{path}?eq(status,pending)"));
    let shown = pending.rows("table");
    assert!(shown.len() == 1 && shown[0].iter().any(|cell| cell.contains("Waiting")), "{shown:?}");
    browser.open(&format!("{path}?eq(status,terminated)")).must_say("Nothing matches");
    browser.get(&format!("{path}?eq(colour,red)")).expect(400);
    let csv = browser.open(&format!("{path}?eq(status,active)&_export=csv")).body();
    assert!(csv.contains("Maker") && !csv.contains("Waiting"), "{csv}");
    let sorted = browser.open(&format!("{path}?ordering(status)"));
    sorted.must_say("Maker");

    // A vendor's list is its own.
    let stranger = Company::new(&world.server, "Stranger", Role::Vendor);
    let other = stranger.browser(&world.server);
    other.open(&at(&stranger, "/contracts")).must_say("No contracts yet");
    other.get(&path).expect(404);
    other.get(&at(&stranger, &format!("/agreements/{program}"))).expect(404);
    other.get(&at(&stranger, "/agreements/new")).expect(403).must_say("is a vendor");
}
