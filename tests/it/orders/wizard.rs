//! The wizard that writes an order: its steps, what they refuse, going back, leaving, placing it once.

use causeway::flows::products::actions as products;
use causeway::flows::products::model::{Choice, Constraints, ParameterDraft, ParameterKind, Phase, Scope};
use causeway::kit::Role;
use serde_json::json;

use super::world::{World, account, text};
use crate::support::client::Client;
use crate::support::companies::{Company, act};
use crate::support::form::Form;
use crate::support::page::Page;

fn at(company: &Company, path: &str) -> String {
    format!("/{}{path}", company.id)
}

/// The field of an item, by the number at the end of its id.
fn item(world: &World, number: usize) -> String {
    format!("q.{}-{number:04}", world.product)
}

/// Begins an order and gives the page of the customer.
fn begun(world: &World, browser: &Client) -> Page {
    let page = browser.open(&at(&world.distributor, "/orders/new"));
    page.must_say("Backup Cloud").must_say("Halden");
    // With one product and one connection, both are chosen already.
    let page = browser.submit(page.form_with("Continue")).expect(200);
    page.must_say("Who is it for?").must_say("Nordics");
    page
}

/// Fills the page of a new company.
fn company(form: Form, name: &str) -> Form {
    form.set("name", name)
        .set("contact_info.address_line1", "Auenstraße 12")
        .set("contact_info.postal_code", "88131")
        .set("contact_info.city", "Lindau")
        .set("contact_info.country", "Germany")
        .set("contact_info.contact.first_name", "Eva")
        .set("contact_info.contact.last_name", "Kern")
        .set("contact_info.contact.email", "eva@lindau.example")
        .set("contact_info.contact.phone_number.phone_number", "+49 8382 123456")
}

/// Answers everything up to the parameters: a new customer of the reseller with a service contract, five seats.
fn up_to_parameters(world: &World, browser: &Client) -> Page {
    let page = begun(world, browser);
    let page = browser.submit(page.form_with("Continue").set("customer", "new")).expect(200);
    let page = browser.submit(company(page.form_with("Continue"), "Stadtwerke Lindau")).expect(200);
    page.must_say("Who sells it to them?").must_say("Stadtwerke Lindau").must_say("Alpina");
    // From its second order on, the reseller stands in the directory under an id of its own.
    let partner = world.reseller.id.as_str();
    let reseller = if page.has(&format!("[name=reseller][value={partner}]")) { partner } else { "nobody" };
    let page = browser.submit(page.form_with("Continue").set("reseller", reseller)).expect(200);
    page.must_say("How many of what?").must_say("Licenses").must_say("whole numbers");
    browser.submit(page.form_with("Continue").set(&item(world, 1), "5")).expect(200)
}

/// Answers everything and gives the page on which it is checked.
fn up_to_check(world: &World, browser: &Client) -> Page {
    let page = up_to_parameters(world, browser);
    page.must_say("What Halden needs to set it up");
    let form = page.form_with("Continue").set("p.admin_email", "it@lindau.example").set("p.region", "EU");
    browser.submit(form.set("p.pin", "s3cret").set("external_id", "SWL-118")).expect(200)
}

#[test]
fn a_distributor_orders_for_a_new_customer_of_a_reseller() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let page = up_to_check(&world, &browser);
    page.must_say("Check your answers").must_say("Nothing has been sent yet. Halden receives the order");
    for words in ["Stadtwerke Lindau", "Auenstraße 12, 88131 Lindau, Germany", "Alpina", "5", "Pay as you go"] {
        page.must_say(words);
    }
    page.must_say("it@lindau.example").must_say("SWL-118").must_say("EU");
    assert!(!page.body().contains("s3cret"), "a password is shown");
    assert_eq!(world.buyer().get("requests").expect(200).json(), json!([]), "nothing is sent before the last step");
    assert_eq!(world.buyer().get("tier/accounts?eq(name,Stadtwerke Lindau)").expect(200).json(), json!([]));

    let placed = browser.submit(page.form_with("Place the order")).expect(200);
    placed.must_say("The order is placed").must_say("Halden has received the order");
    let requests = world.seller().get("requests").expect(200).json();
    let request = &requests[0];
    assert_eq!(text(request, "status"), "pending");
    assert_eq!(text(request, "asset.external_id"), "SWL-118");
    assert_eq!(text(request, "asset.tiers.customer.name"), "Stadtwerke Lindau");
    assert_eq!(text(request, "asset.tiers.customer.contact_info.contact.phone_number.country_code"), "+49");
    assert_eq!(text(request, "asset.tiers.tier1.name"), "Alpina");
    let value = |id: &str| {
        let params = request["asset"]["params"].as_array().expect("parameters");
        params.iter().find(|p| p["id"] == id).map(|p| text(p, "value")).unwrap_or_default()
    };
    assert_eq!((value("admin_email"), value("region")), ("it@lindau.example".into(), "eu".into()));
    let items = request["asset"]["items"].as_array().expect("items");
    let quantities: Vec<_> = items.iter().map(|i| (text(i, "mpn"), text(i, "quantity"))).collect();
    assert!(quantities.contains(&("SEAT".into(), "5".into())), "{quantities:?}");
    assert!(quantities.iter().any(|(mpn, _)| mpn == "TRAFFIC"), "{quantities:?}");
    // The reseller sees what is sold through it.
    let seen = world.reseller.api(&world.server).get("requests").expect(200).json();
    assert_eq!(seen[0]["id"], request["id"]);
    let kept =
        world.server.database().number("select count(*) as n from order_draft where cast(doc as text) like '%s3cret%'");
    assert_eq!(kept, 0, "what was typed is forgotten once the order is placed");
}

#[test]
fn placing_twice_makes_one_request() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let page = up_to_check(&world, &browser);
    let first = browser.post(page.form_with("Place the order")).expect(303);
    let second = browser.post(page.form_with("Place the order")).expect(303);
    assert_eq!(first.header("location"), second.header("location"));
    // Another key, as from a second window.
    let third = browser.post(page.form_with("Place the order").tamper("idempotency_key", "other")).expect(303);
    assert_eq!(first.header("location"), third.header("location"));
    assert_eq!(world.buyer().get("requests").expect(200).json().as_array().map(Vec::len), Some(1));
    // Every step of it leads to where it went.
    for step in ["product", "connection", "customer", "reseller", "items", "parameters", "check"] {
        let path = page.url.path().replace("/check", &format!("/{step}"));
        browser.open(&path).must_say("The order is placed");
    }
    let request = browser.open(first.header("location")).link_to("requests/");
    assert!(request.contains("/requests/PR-"), "{request}");
}

#[test]
fn wrong_answers_are_said_at_their_fields_and_kept() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let page = begun(&world, &browser);
    let wrong = browser.submit(page.form_with("Continue").tamper("customer", "TA-0000-0000-0000")).expect(422);
    wrong.must_say("Choose the customer, or describe a new one.");
    let page = browser.submit(page.form_with("Continue").set("customer", "new")).expect(200);
    let form = company(page.form_with("Continue"), "Stadtwerke").set("contact_info.contact.email", "eva");
    let page = browser.submit(form.set("contact_info.city", "")).expect(422);
    page.must_say("eva is not an e-mail address").must_say("This field may not be blank. Fill it in.");
    assert_eq!(page.attribute("[name='name']", "value").as_deref(), Some("Stadtwerke"));
    let page = browser.submit(company(page.form_with("Continue"), "Stadtwerke")).expect(200);
    let page = browser.submit(page.form_with("Continue").without("reseller")).expect(422);
    page.must_say("Choose who sells to the customer.");
    let items = browser.submit(page.form_with("Continue").set("reseller", "nobody")).expect(200);
    let seats = item(&world, 1);
    for (typed, said) in [
        ("2.5", "SEAT is counted in whole numbers; 2.5 is not one."),
        ("many", "many is not a quantity"),
        ("-3", "is not a quantity"),
        ("1e40", "is not a quantity"),
    ] {
        let page = browser.submit(items.form_with("Continue").set(&seats, typed)).expect(422);
        page.must_say(said);
        assert_eq!(page.attribute(&format!("[name='{seats}']"), "value").as_deref(), Some(typed));
        assert!(page.has(&format!(".error-summary a[href='#f-{}']", seats.replace('.', "-"))), "{typed}");
    }
    let nothing = items.form_with("Continue").uncheck(&item(&world, 3), "yes");
    browser.submit(nothing).expect(422).must_say("Order at least one item");
    let page = browser.submit(items.form_with("Continue").set(&seats, "5")).expect(200);
    let form = page.form_with("Continue").set("p.admin_email", "nobody").set("external_id", &"x".repeat(101));
    let page = browser.submit(form).expect(422);
    page.must_say("nobody is not an e-mail address").must_say("at most 100 are allowed");
    page.must_say("The region: This field is required.");
    assert_eq!(page.attribute("[name='p.admin_email']", "value").as_deref(), Some("nobody"));
    assert_eq!(page.attribute("[name='p.admin_email']", "aria-invalid").as_deref(), Some("true"));
    let order = page.url.path().to_owned();
    browser.open(&order.replace("/parameters", "/check")).must_say("What Halden needs to set it up");
    assert_eq!(world.buyer().get("requests").expect(200).json(), json!([]));
}

#[test]
fn going_back_and_leaving_keep_what_was_typed() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let page = up_to_parameters(&world, &browser);
    let form = page.form_with("Back").set("p.admin_email", "half typed").set("p.pin", "s3cret");
    let items = browser.submit(form).expect(200);
    items.must_say("How many of what?");
    assert_eq!(items.attribute(&format!("[name='{}']", item(&world, 1)), "value").as_deref(), Some("5"));
    let page = browser.submit(items.form_with("Continue")).expect(200);
    page.must_say("A password is kept already");
    assert_eq!(page.attribute("[name='p.admin_email']", "value").as_deref(), Some("half typed"));
    let form = page.form_with("Save and leave").set("p.region", "US");
    let start = browser.submit(form).expect(200);
    start.must_say("The order was saved").must_say("Not placed yet").must_say("Backup Cloud");
    // Another person of the same company, in another browser, goes on with it.
    let colleague = world.distributor.browser(&world.server);
    let href = start.link_to("/orders/OD-");
    let page = colleague.open(&href);
    page.must_say("What Halden needs to set it up");
    assert_eq!(page.form_with("Continue").value("p.region"), Some("us"));
    let page = colleague.submit(page.form_with("Continue").set("p.admin_email", "it@lindau.example")).expect(200);
    page.must_say("Check your answers").must_say("••••••••");

    // Each answer can be changed from there, and leads back.
    let items = colleague.open(&page.url.path().replace("/check", "/items"));
    let page = colleague.submit(items.form_with("Continue").set(&item(&world, 2), "7")).expect(200);
    page.must_say("Check your answers").must_say("Item COLD");
    let customer = colleague.open(&page.url.path().replace("/check", "/customer"));
    customer.must_say("A new customer: Stadtwerke Lindau");

    let start = colleague.open(&at(&world.distributor, "/orders/new"));
    colleague.submit(start.form("form[action$='/discard']")).expect(200).must_say("The order was discarded.");
    colleague.get(page.url.path()).expect(404);
}

#[test]
fn a_known_customer_brings_its_reseller() {
    let world = World::new();
    let mut reseller = account("Bergland", "r1");
    reseller["type"] = json!("reseller");
    let reseller = text(&world.buyer().post("tier/accounts", &reseller).expect(201).json(), "id");
    let mut customer = account("Talwerke", "c1");
    customer["parent"] = json!({ "id": reseller });
    let customer = text(&world.buyer().post("tier/accounts", &customer).expect(201).json(), "id");
    let browser = world.distributor.browser(&world.server);
    let page = begun(&world, &browser);
    page.must_say("bought through Bergland");
    let found = browser.open(&format!("{}?q=talw", page.url.path()));
    assert_eq!(found.form_with("Continue").value("customer"), None);
    browser.open(&format!("{}?q=nobody%25", page.url.path())).must_say("matches “nobody%”");
    let page = browser.submit(found.form_with("Continue").set("customer", &customer)).expect(200);
    page.must_say("How many of what?").must_say("Bergland");
    let page = browser.submit(page.form_with("Continue").set(&item(&world, 1), "1")).expect(200);
    let form = page.form_with("Continue").set("p.admin_email", "a@b.example").set("p.region", "eu");
    let page = browser.submit(form).expect(200);
    browser.submit(page.form_with("Place the order")).expect(200);
    let request = world.buyer().get("requests").expect(200).json();
    assert_eq!(text(&request, "0.asset.tiers.tier1.id"), reseller);
    assert_eq!(text(&request, "0.asset.tiers.customer.id"), customer);
}

#[test]
fn a_reseller_orders_for_itself_and_others_do_not() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    // The same person works for the reseller too.
    let page = browser.open(&at(&world.reseller, "/orders/new"));
    let page = browser.submit(page.form_with("Continue")).expect(200);
    let page = browser.submit(page.form_with("Continue").set("customer", "new")).expect(200);
    let page = browser.submit(company(page.form_with("Continue"), "Huber AG")).expect(200);
    page.must_say("How many of what?");
    let path = page.url.path().to_owned();
    let page = browser.submit(page.form_with("Continue").set(&item(&world, 1), "2")).expect(200);
    let form = page.form_with("Continue").set("p.admin_email", "a@b.example").set("p.region", "eu");
    let page = browser.submit(form).expect(200);
    browser.submit(page.form_with("Place the order")).expect(200).must_say("The order is placed");
    let request = world.buyer().get("requests").expect(200).json();
    assert_eq!(text(&request, "0.asset.tiers.tier1.name"), "Alpina");

    // Another company's order does not exist, whoever asks by whatever path; a vendor does not order at all.
    let stranger = Company::new(&world.server, "Stranger", Role::Distributor);
    let other = stranger.browser(&world.server);
    other.get(&path).expect(404);
    other.get(&path.replace(world.reseller.id.as_str(), stranger.id.as_str())).expect(404);
    browser.get(&path.replace(world.reseller.id.as_str(), world.distributor.id.as_str())).expect(404);
    browser.get(&at(&world.vendor, "/orders/new")).expect(403);
    other
        .open(&at(&stranger, "/orders/new"))
        .must_say("There is nothing to order yet")
        .must_say("listed on one of your");
    let reseller = Company::new(&world.server, "Newcomer", Role::Reseller);
    reseller.browser(&world.server).open(&at(&reseller, "/orders/new")).must_say("There is nothing to order yet");
    let begin = |product: &str| {
        let form = browser.open(&at(&world.distributor, "/orders/new")).form_with("Continue");
        browser.post(form.tamper("product", product))
    };
    begin("PRD-000-000-000").expect(422).must_say("Choose one of the products that you can order.");
    begin("").expect(422);
}

#[test]
fn the_customer_is_asked_for_what_is_left_empty() {
    let world = World::new();
    let browser = world.distributor.browser(&world.server);
    let page = up_to_parameters(&world, &browser);
    let page = browser.submit(page.form_with("Continue").check("ask", "yes")).expect(200);
    page.must_say("The customer is asked for it");
    browser.submit(page.form_with("Place the order")).expect(200).must_say("The customer is asked for what is missing");
    let request = world.buyer().get("requests").expect(200).json();
    assert_eq!(text(&request, "0.status"), "inquiring");
}

#[test]
fn what_stopped_being_possible_is_said_when_the_order_is_placed() {
    let world = World::new();
    act(&world.server, |tx| {
        let unique = Constraints { unique: true, ..Constraints::default() };
        let by = world.vendor.system();
        products::create_parameter(tx, &by, &world.product, &parameter("domain", ParameterKind::Domain, unique))
            .map(drop)
    });
    let browser = world.distributor.browser(&world.server);
    let order = |domain: &str| {
        let page = up_to_parameters(&world, &browser);
        let form = page.form_with("Continue").set("p.admin_email", "a@b.example").set("p.region", "eu");
        let page = browser.submit(form.set("p.domain", domain)).expect(200);
        browser.submit(page.form_with("Place the order"))
    };
    order("lindau.example").expect(200);
    let refused = order("lindau.example").expect(422);
    refused.must_say("The order was not placed").must_say("is used by another subscription of this product");
    assert!(refused.link_to("/parameters").ends_with("/parameters"));
}

fn parameter(name: &str, kind: ParameterKind, constraints: Constraints) -> ParameterDraft {
    ParameterDraft {
        name: name.to_owned(),
        title: format!("Your {name}"),
        description: String::new(),
        phase: Phase::Ordering,
        scope: Scope::Asset,
        kind,
        hint: "A hint of the vendor’s.".to_owned(),
        placeholder: String::new(),
        constraints,
        preset: None,
    }
}

#[test]
fn every_kind_of_parameter_has_its_input() {
    let world = World::new();
    let choice = |value: &str| Choice { value: value.into(), label: value.to_uppercase(), default: false };
    let choices = Constraints { choices: vec![choice("a"), choice("b")], ..Constraints::default() };
    let end = Constraints { choices: vec![choice("halden.example")], ..Constraints::default() };
    let words =
        Constraints { display_content: Some("Some **words** <script>x</script>".into()), ..Constraints::default() };
    let heading = Constraints { level: Some(2), ..Constraints::default() };
    let none = Constraints::default;
    act(&world.server, |tx| {
        let by = world.vendor.system();
        for draft in [
            parameter("section", ParameterKind::Heading, heading.clone()),
            parameter("words", ParameterKind::Content, words.clone()),
            parameter("note", ParameterKind::Text, none()),
            parameter("tel", ParameterKind::Phone, none()),
            parameter("site", ParameterKind::Address, Constraints { required: true, ..none() }),
            parameter("boxes", ParameterKind::Checkbox, choices.clone()),
            parameter("one", ParameterKind::Choice, choices.clone()),
            parameter("web", ParameterKind::Url, none()),
            parameter("host", ParameterKind::Domain, none()),
            parameter("sub", ParameterKind::Subdomain, end.clone()),
            parameter("thing", ParameterKind::Object, none()),
        ] {
            products::create_parameter(tx, &by, &world.product, &draft)?;
        }
        Ok(())
    });
    let browser = world.distributor.browser(&world.server);
    let page = up_to_parameters(&world, &browser);
    for (css, there) in [
        ("h2.form-heading", true),
        (".prose strong", true),
        (".prose script", false),
        ("input[type=email][name='p.admin_email']", true),
        ("select[name='p.region']", true),
        ("input[type=password][name='p.pin']", true),
        ("[name='p.inner']", false),
        ("[name='p.tenant_id']", false),
        ("input[type=text][name='p.note']", true),
        ("input[type=tel][name='p.tel']", true),
        ("fieldset input[name='p.site.address_line1'][required]", true),
        ("fieldset select[name='p.site.country']", true),
        ("input[type=checkbox][name='p.boxes'][value=b]", true),
        ("input[type=radio][name='p.one'][value=a]", true),
        ("input[type=url][name='p.web']", true),
        (".affix input[name='p.sub']", true),
        ("textarea[name='p.thing']", true),
    ] {
        assert_eq!(page.has(css), there, "{css}");
    }
    page.must_say("A hint of the vendor’s.").must_say(".halden.example");
    let form = page.form_with("Continue").set("p.admin_email", "a@b.example").set("p.region", "eu");
    let wrong = form.clone().set("p.tel", "call me").set("p.web", "example").set("p.host", "x").set("p.sub", "a b");
    let wrong = browser.submit(wrong.set("p.thing", "[1]")).expect(422);
    for words in [
        "A phone number has digits",
        "example is not a web address",
        "x is not a domain",
        "a b is not a subdomain",
        "This is not a JSON object",
    ] {
        wrong.must_say(words);
    }
    wrong.must_say("Street and number: This field is required.");
    let form = form
        .set("p.note", "<b>hello</b>")
        .set("p.tel", "+41 44 1234567")
        .set("p.site.address_line1", "Gasse 1")
        .set("p.site.city", "Zürich")
        .set("p.site.country", "CH")
        .check("p.boxes", "b")
        .set("p.one", "a")
        .set("p.web", "https://lindau.example/")
        .set("p.host", "lindau.example")
        .set("p.sub", "lindau")
        .set("p.thing", "{\"a\": 1}");
    let page = browser.submit(form).expect(200);
    page.must_say("<b>hello</b>").must_say("Gasse 1, Zürich, CH").must_say("+41 44 1234567");
    browser.submit(page.form_with("Place the order")).expect(200);
    let request = world.buyer().get("requests").expect(200).json();
    let params = request[0]["asset"]["params"].as_array().cloned().expect("parameters");
    let structured =
        |id: &str| params.iter().find(|p| p["id"] == id).map(|p| p["structured_value"].clone()).unwrap_or_default();
    assert_eq!(structured("boxes"), json!({ "a": false, "b": true }));
    assert_eq!(structured("tel")["country_code"], "+41");
    assert_eq!(structured("site")["city"], "Zürich");
    assert_eq!(structured("thing"), json!({ "a": 1 }));
}
