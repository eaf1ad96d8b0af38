//! The pages of the directory: list, one company, adding, changing, taking out.

use causeway::kit::Role;
use serde_json::json;

use super::world::{World, account, text};
use crate::support::companies::Company;
use crate::support::form::Form;

fn at(company: &Company, path: &str) -> String {
    format!("/{}{path}", company.id)
}

fn company(form: Form, name: &str) -> Form {
    form.set("name", name)
        .set("contact_info.address_line1", "Auenstraße 12")
        .set("contact_info.postal_code", "88131")
        .set("contact_info.city", "Lindau")
        .set("contact_info.country", "DE")
        .set("contact_info.contact.first_name", "Eva")
        .set("contact_info.contact.last_name", "Kern")
        .set("contact_info.contact.email", "eva@lindau.example")
}

#[test]
fn a_distributor_keeps_its_directory() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let list = browser.open(&at(&world.distributor, "/customers"));
    list.must_say("No customers yet");
    let form = browser.click(&list, "Add reseller").form_with("Add reseller");
    let page = browser.submit(company(form, "Bergland Systems")).expect(200);
    page.must_say("Bergland Systems was added.").must_say("Reseller").must_say("Germany");
    let reseller = page.url.path().rsplit('/').next().expect("an id").to_owned();

    let new = browser.open(&at(&world.distributor, "/customers/new"));
    let wrong = company(new.form_with("Add customer"), "").set("contact_info.contact.email", "eva");
    let wrong = browser.submit(wrong).expect(422);
    wrong.must_say("This field may not be blank").must_say("eva is not an e-mail address");
    assert_eq!(wrong.attribute("[name='contact_info.city']", "value").as_deref(), Some("Lindau"));
    let form = company(wrong.form_with("Add customer"), "Talwerke").set("parent.id", &reseller);
    let first = browser.post(form.clone()).expect(303);
    let second = browser.post(form).expect(303);
    assert_eq!(first.header("location"), second.header("location"), "sent twice, added once");
    let page = browser.open(first.header("location"));
    page.must_say("Talwerke").must_say("Bergland Systems").must_say("Nothing has been ordered for this customer yet.");

    let edit = browser.click(&page, "Edit");
    let stale = edit.form_with("Save").set("tax_id", "T-1").tamper("idempotency_key", "from-another-window");
    let saved = browser.submit(edit.form_with("Save").set("contact_info.city", "Bregenz")).expect(200);
    saved.must_say("Talwerke was saved.").must_say("Bregenz").must_say("Lindau");
    let told = browser.submit(stale).expect(422);
    told.must_say("Somebody changed customer").must_say("Northgate: ").must_say("became Auenstraße 12");

    let list = browser.open(&at(&world.distributor, "/customers"));
    list.must_say("Talwerke").must_say("Bergland Systems");
    let of = |query: &str| browser.open(&at(&world.distributor, &format!("/customers?{query}")));
    assert_eq!(of("eq(type,reseller)").rows("table").len(), 1);
    of("eq(type,customer)&eq(external_id,none)").must_say("Nothing matches");
    let csv = of("eq(type,customer)&_export=csv").body();
    assert!(csv.contains("Talwerke") && csv.lines().count() == 2, "{csv}");

    // A reseller with customers stays; a customer without subscriptions can go.
    browser.open(&at(&world.distributor, &format!("/customers/{reseller}"))).must_say("Customers stand under it.");
    let page = browser.open(first.header("location"));
    let gone = browser.submit(page.form_with("Decommission")).expect(200);
    gone.must_say("The company was taken out of the directory.");
    browser.get(first.header("location")).expect(404);
}

#[test]
fn everybody_sees_what_concerns_them_and_only_the_owner_changes_it() {
    let world = World::new();
    let mut chain = world.order("u1");
    let reseller = json!({ "id": reseller_of(&world) });
    chain["asset"]["tiers"]["tier1"] = reseller;
    let request = world.buyer().post("requests", &chain).expect(201).json();
    let customer = text(&request, "asset.tiers.customer.id");
    world.buyer().post("tier/accounts", &account("Unconcerned", "u9")).expect(201);
    let browser = world.distributor.browser(&world.server);
    let path = format!("/customers/{customer}");
    let own = browser.open(&at(&world.distributor, &path));
    own.must_say("Backup Cloud").must_say(&text(&request, "asset.id")).must_say(&text(&request, "id"));
    own.must_say("It has subscriptions that are not terminated.");
    for other in [&world.vendor, &world.reseller] {
        let page = browser.open(&at(other, &path));
        page.must_say("Stadtwerke").must_say("Backup Cloud");
        assert!(!page.says("Edit") && !page.says("Decommission"), "{} changes nothing", other.name);
        let list = browser.open(&at(other, "/customers"));
        list.must_say("Stadtwerke");
        assert!(!list.says("Unconcerned") && !list.says("Add customer"), "{} sees its own part", other.name);
        browser.get(&at(other, &format!("{path}/edit"))).expect(403);
        browser.get(&at(other, "/customers/new")).expect(403);
    }
    let stranger = Company::new(&world.server, "Stranger", Role::Distributor);
    let outside = stranger.browser(&world.server);
    for path in [path.clone(), format!("{path}/edit"), format!("{path}/decommission")] {
        outside.get(&at(&stranger, &path)).expect(404);
    }
    outside.open(&at(&stranger, "/customers")).must_say("No customers yet");
}

/// The reseller with a portal as an account of the directory.
fn reseller_of(world: &World) -> String {
    let made = crate::support::companies::act(&world.server, |tx| {
        let owner = world.distributor.id.clone();
        causeway::flows::customers::actions::portal_reseller(
            tx,
            &world.distributor.system(),
            &owner,
            &world.reseller.id,
        )
    });
    made.id.to_string()
}
