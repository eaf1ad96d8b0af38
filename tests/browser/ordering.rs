//! Ordering in a browser: the wizard by mouse and keyboard, the directory, the customer's form; in both themes and narrow.

use causeway::flows::products::actions as products;
use causeway::flows::products::model::{Choice, Constraints, ParameterDraft, ParameterKind, Phase, Scope};
use serde_json::json;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::look::look_here;
use crate::orders::world::{World, text};
use crate::support::companies::{PASSWORD, act};

/// Every kind of parameter, so that each is looked at.
fn with_parameters(world: &World) {
    let choice = |value: &str, label: &str| Choice { value: value.into(), label: label.into(), default: false };
    let places = vec![choice("fra", "Frankfurt"), choice("zrh", "Zürich")];
    let some = |choices: Vec<Choice>| Constraints { choices, ..Constraints::default() };
    let words = Constraints {
        display_content: Some("Halden keeps **two copies** of everything.".to_owned()),
        ..Constraints::default()
    };
    let all = [
        (
            "section",
            "Where your data is",
            ParameterKind::Heading,
            Constraints { level: Some(2), ..Constraints::default() },
        ),
        ("words", "Words", ParameterKind::Content, words),
        ("place", "Data region", ParameterKind::Choice, some(places.clone())),
        ("extras", "Extras", ParameterKind::Checkbox, some(places)),
        ("tenant", "Tenant name", ParameterKind::Subdomain, some(vec![choice("halden.example", "Halden")])),
        ("phone", "Phone of the administrator", ParameterKind::Phone, Constraints::default()),
        ("site", "Site", ParameterKind::Address, Constraints::default()),
        ("thing", "Settings", ParameterKind::Object, Constraints::default()),
    ];
    act(&world.server, |tx| {
        for (name, title, kind, constraints) in &all {
            let draft = ParameterDraft {
                name: (*name).to_owned(),
                title: (*title).to_owned(),
                description: String::new(),
                phase: Phase::Ordering,
                scope: Scope::Asset,
                kind: *kind,
                hint: if *name == "tenant" { "Becomes the address of the console.".to_owned() } else { String::new() },
                placeholder: String::new(),
                constraints: constraints.clone(),
                preset: None,
            };
            products::create_parameter(tx, &world.vendor.system(), &world.product, &draft)?;
        }
        Ok(())
    });
}

fn company(browser: &Browser) {
    for (label, value) in [
        ("Organisation", "Stadtwerke Lindau GmbH"),
        ("Street and number", "Auenstraße 12"),
        ("Postal code", "88131"),
        ("City", "Lindau"),
        ("First name", "Eva"),
        ("Last name", "Kern"),
        ("E-mail", "eva@lindau.example"),
    ] {
        browser.fill(label, value);
    }
    browser.choose("Country", "Germany");
}

#[test]
fn an_order_is_written_by_mouse_and_keyboard() {
    let world = World::new();
    with_parameters(&world);
    let browser = Browser::start(world.server.base());
    browser.sign_in(&world.distributor.email, PASSWORD);
    browser.open(&format!("/{}/orders/new", world.distributor.id));
    browser.see("What is ordered?");
    look_here(&browser, "order-1-product");
    browser.click("Continue");
    browser.see("Who is it for?");
    look_here(&browser, "order-3-customer");
    browser.click("Continue");
    browser.see("Who is the new customer?");
    company(&browser);
    look_here(&browser, "order-3-new-customer");
    browser.click("Continue");
    browser.see("Who sells it to them?");
    look_here(&browser, "order-3-reseller");
    browser.tick("Alpina");
    browser.click("Continue");
    browser.see("How many of what?");
    look_here(&browser, "order-4-items");

    // From here by keyboard alone: the first field, and Enter sends the form on.
    browser.fill("Item SEAT", "2.5");
    browser.press(Key::Enter);
    browser.see("SEAT is counted in whole numbers");
    assert!(browser.title().starts_with("Error:"), "{}", browser.title());
    look_here(&browser, "order-4-items-wrong");
    browser.complaints();
    browser.fill("Item SEAT", "300");
    browser.press(Key::Enter);
    browser.see("What Halden needs to set it up");
    look_here(&browser, "order-5-parameters");
    browser.fill("The admin_email", "nobody");
    browser.press(Key::Enter);
    browser.see("nobody is not an e-mail address");
    look_here(&browser, "order-5-parameters-wrong");
    browser.complaints();
    browser.fill("The admin_email", "it@lindau.example");
    browser.choose("The region", "EU");
    browser.tick("Frankfurt");
    browser.press(Key::Enter);
    browser.see("Check your answers");
    look_here(&browser, "order-6-check");
    browser.check_quiet();
    browser.click("Place the order");
    browser.see("The order is placed");
    look_here(&browser, "order-7-placed");
    browser.check_quiet();
    assert_eq!(world.buyer().get("requests").expect(200).json().as_array().map(Vec::len), Some(1));

    browser.open(&format!("/{}/customers", world.distributor.id));
    browser.see("Stadtwerke Lindau GmbH");
    look_here(&browser, "customers");
    browser.click("Stadtwerke Lindau GmbH");
    browser.see("Subscriptions");
    look_here(&browser, "customer");
    browser.click("Edit");
    browser.see("What was ordered before keeps the old data");
    look_here(&browser, "customer-edit");
    browser.check_quiet();
}

#[test]
fn the_wizard_and_the_form_work_without_script() {
    let world = World::new();
    let request = world.purchased("u1");
    let id = text(&request, "id");
    let mark =
        json!({ "asset": { "params": [{ "id": "admin_email", "value_error": "This domain receives no mail." }] } });
    world.seller().put(&format!("requests/{id}"), &mark).expect(200);
    world.seller().post(&format!("requests/{id}/inquire"), &json!({})).expect(200);
    let link = text(&world.seen(&world.buyer(), &id), "params_form_url").replace(world.server.base(), "");
    let browser = Browser::start(world.server.base());
    browser.open(&link);
    browser.see("This domain receives no mail.");
    look_here(&browser, "form");
    browser.check_quiet();
    browser.script(false);
    browser.open(&link);
    browser.fill("The admin_email", "it@lindau.example");
    browser.click("Send");
    browser.arrive("/orders/form/sent");
    browser.script(true);
    browser.open("/orders/form/sent");
    look_here(&browser, "form-sent");
    browser.open(&link);
    browser.see("There is nothing to fill in");
    look_here(&browser, "form-gone");
    browser.complaints();

    browser.sign_in(&world.distributor.email, PASSWORD);
    browser.script(false);
    browser.open(&format!("/{}/orders/new", world.distributor.id));
    browser.click("Continue");
    browser.tick("Stadtwerke");
    browser.click("Continue");
    browser.tick("No reseller");
    browser.click("Continue");
    browser.fill("Item SEAT", "3");
    browser.click("Save and leave");
    browser.script(true);
    browser.open(&format!("/{}/orders/new", world.distributor.id));
    browser.see("Not placed yet");
    look_here(&browser, "order-unfinished");
    browser.check_quiet();

    browser.open(&format!("/{}/orders/new", world.reseller.id));
    browser.see("What is ordered?");
    world.server.database().execute("update listing set status = 'unlisted'");
    browser.open(&format!("/{}/orders/new", world.reseller.id));
    browser.see("There is nothing to order yet");
    look_here(&browser, "order-nothing");
}
