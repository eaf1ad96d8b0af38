//! Where an account asks for its provider, passwords open it no longer.

use std::process::Command;

use causeway::flows::accounts::actions;
use causeway::kit::{Actor, Role};
use serde_json::json;

use super::world::{World, add_domain, add_provider, asks_for_own, asks_for_provider, go_on, is_in, send};
use crate::support::client::Client;
use crate::support::companies::{Company, act};

#[test]
fn passwords_open_the_account_no_longer_at_once() {
    let world = World::new();
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    act(&world.server, |tx| {
        actions::make_administrator(tx, &Actor::Operator, &beta.id, &world.company.user, "Alpha").map(drop)
    });
    let open = world.company.browser(&world.server);
    let form = open.open(&world.path("/account/edit")).form_with("Save").set("name", "Renamed");
    world.enforce();
    for path in ["", "/users", "/account", "/account/sso"] {
        assert!(asks_for_provider(&open.get(&world.path(path))), "{path}");
    }
    assert!(asks_for_provider(&open.post(form)), "a form was taken");
    let fresh = world.company.browser(&world.server);
    assert!(asks_for_provider(&fresh.get(&world.path("/users"))));
    // Others of the account, whose addresses are of other domains, are not concerned; nor is another account.
    let guest = world.company.colleague(&world.server, "Guest", &[]);
    guest.browser.open(&world.path(""));
    fresh.open(&format!("/{}/users", beta.id));
    world.company.api(&world.server).get("accounts").expect(200);
    // The password of before and the provider together open both.
    let page = fresh.open(&world.path("/users"));
    page.must_say("Alpha wants you to come in by its single sign-on");
    let ticket = go_on(&fresh, &page.link("Continue with single sign-on"));
    let led = world.back(&fresh, &ticket, &world.claims(&ticket)).expect(303);
    assert_eq!(led.redirect().map(|url| url.path().to_owned()), Some(world.path("/users")));
    fresh.open(&world.path("/users"));
    fresh.open(&format!("/{}/users", beta.id));
}

#[test]
fn who_asks_for_the_provider_has_come_in_by_it() {
    let world = World::new();
    let admin = world.company.browser(&world.server);
    let path = world.path(&format!("/account/sso/domains/{}", world.domain));
    let form = admin.open(&path).form_with("Save").check("enforce", "yes");
    admin.post(form.clone()).expect(422).must_say("Sign in by this provider yourself once");
    world.come_in();
    admin.submit(admin.open(&path).form_with("Save").check("enforce", "yes")).expect(200);
    // The provider that everybody needs stays.
    let inside = world.come_in();
    let provider = world.path(&format!("/account/sso/providers/{}", world.provider));
    let page = inside.open(&format!("{provider}/delete"));
    inside.post(page.form_with("Remove")).expect(422).must_say("come in by this provider alone");
    // An unverified domain, or one without a provider, asks for nothing.
    let page = inside.open(&path);
    inside.post(page.form_with("Save").set("idp", "")).expect(422).must_say("Choose the provider first");
    let page = inside.open(&path);
    let other = page.form_with("Save").tamper("idp", "IDP-000-000-001");
    inside.post(other).expect(422).must_say("Choose one of the account");
}

#[test]
fn the_operator_of_the_server_lets_people_in_again() {
    let mut world = World::new();
    world.enforce();
    let browser = world.company.browser(&world.server);
    assert!(asks_for_provider(&browser.get(&world.path("/users"))));
    let run = |account: &str| {
        Command::new(env!("CARGO_BIN_EXE_causeway"))
            .args(["account", "sso-off", account, "--data-dir"])
            .arg(world.server.dir())
            .args(["--database-url", world.server.database().url()])
            .output()
            .expect("run the program")
    };
    let done = run(world.company.id.as_str());
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success() && said.contains("for 1 of its domains"), "{said} {done:?}");
    assert!(!run("VA-000-001").status.success());
    browser.open(&world.path("/users"));
    browser.open(&world.path("/account")).must_say("The operator let people of example.com use their passwords again");
    world.server.expect_faults();
}

#[test]
fn without_its_domain_nothing_is_asked() {
    let world = World::new();
    world.enforce();
    let inside = world.come_in();
    let browser = world.company.browser(&world.server);
    let page = inside.open(&world.path(&format!("/account/sso/domains/{}/delete", world.domain)));
    inside.post(page.form_with("Remove")).expect(303);
    assert!(asks_for_own(&inside.get(&world.path("/users"))));
    browser.open(&world.path("/users"));
    assert!(!is_in(&world.told(&[])));
}

#[test]
fn what_an_invitation_opens_is_not_signed_for_a_company_that_the_session_does_not_open() {
    let world = World::new();
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    let api = world.company.api(&world.server);
    let agreement = json!({
        "type": "program", "title": "Program", "description": "Terms", "document_type": "none", "active": true,
    });
    let agreement = api.post("agreements", &agreement).expect(201).json()["id"].as_str().expect("an id").to_owned();
    let offer = json!({ "kind": "production", "activation": { "message": "Welcome" }, "partner": { "name": "Beta" } });
    let offered = api.post(&format!("agreements/{agreement}/contracts"), &offer).expect(201).json();
    let code = offered["activation"]["code"].as_str().expect("a code").to_owned();
    let sign = |client: &Client, account: &str| {
        let fields =
            [("secret", code.as_str()), ("step", "4"), ("accept", "yes"), ("account", account), ("company", "X")];
        send(client, "/contracts/activate", &fields)
    };
    // Beta asks for its provider.
    let theirs = add_provider(&world.server, &beta, &world.fake.issuer, "Beta's server");
    let domain = add_domain(&world.server, &beta, "example.com", &theirs);
    let own = beta.browser(&world.server);
    world.server.database().execute(&format!("update sso_domain set enforce = true where id = '{domain}'"));
    sign(&own, beta.id.as_str()).expect(422).must_say("Choose the company that signs");
    // Whom a provider alone vouches for makes no company of their own.
    let inside = world.come_in();
    sign(&inside, "new").expect(422).must_say("takes your own password");
    assert_eq!(world.server.database().number("select count(*) as n from contract where status = 'active'"), 0);
    let ticket = go_on(&own, &format!("/sign-in/sso/go?provider={theirs}"));
    let mut claims = world.claims(&ticket);
    (claims["email"], claims["sub"]) = (json!(beta.email), json!("b-1"));
    world.back(&own, &ticket, &claims).expect(303);
    sign(&own, beta.id.as_str()).expect(303);
}
