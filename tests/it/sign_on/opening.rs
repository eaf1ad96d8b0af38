//! What a session opens that a provider began: its own account, and nothing else of anybody.

use causeway::flows::accounts::actions;
use causeway::kit::{Actor, Role};
use reqwest::Method;
use serde_json::json;

use super::world::{World, add_domain, add_provider, asks_for_own, go, go_on, is_in, send};
use crate::support::client::Client;
use crate::support::companies::{Company, PASSWORD, act};

/// A world in which Alpha's administrator works in Beta too.
fn in_two() -> (World, Company) {
    let world = World::new();
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    act(&world.server, |tx| {
        actions::make_administrator(tx, &Actor::Operator, &beta.id, &world.company.user, "Alpha").map(drop)
    });
    (world, beta)
}

fn confirm(client: &Client, page: &crate::support::page::Page) -> crate::support::page::Page {
    let asked = client.open(page.redirect().expect("the page that asks").as_str());
    client.post(asked.form_with("Confirm").set("password", PASSWORD)).expect(303)
}

#[test]
fn a_provider_opens_its_own_account_and_what_is_the_persons_own_stays_shut() {
    let (world, beta) = in_two();
    let client = world.come_in();
    let home = client.open(&world.path(""));
    assert!(!home.says("Beta"), "other companies are told");
    for path in [format!("/{}", beta.id), format!("/{}/users", beta.id), "/VA-999-999".to_owned()] {
        assert!(asks_for_own(&client.get(&path)), "{path}");
        assert!(asks_for_own(&client.fragment(&path)), "{path}");
    }
    for path in ["/profile/email", "/profile/security/app", "/profile/security/passkeys/new", "/profile/security/codes"]
    {
        assert!(asks_for_own(&client.get(path)), "{path}");
    }
    let form = [("name", "Taken over"), ("email", "a@b.example"), ("password", "x"), ("code", "1")];
    for path in [
        format!("/{}/account/edit", beta.id),
        format!("/{}/users/new", beta.id),
        "/profile/email".to_owned(),
        "/profile/security/app".to_owned(),
    ] {
        let page = client.send(Method::POST, &path, |r| r.form(&form));
        assert!(page.redirect().is_some_and(|url| url.path() == "/confirm/late"), "{path}: {}", page.status);
    }
    assert_eq!(world.server.database().number("select count(*) as n from account where name = 'Taken over'"), 0);
    // The address of something that Beta alone sees leads nowhere, and nothing tells that it is there.
    client.get("/products/PRD-000-000-001").expect(404);
    // By something of their own they get everywhere.
    let led = confirm(&client, &client.get(&format!("/{}/users", beta.id)));
    client.open(led.redirect().expect("back").as_str()).must_say("beta@example.com");
    client.open("/profile/email");
    client.open(&world.path("")).must_say("Beta");
}

#[test]
fn a_hostile_provider_gets_nobody_elses_account() {
    let world = World::new();
    let mallory = Company::new(&world.server, "Mallory", Role::Vendor);
    // Mallory has shown that the domain is theirs too, and asserts the address of Alpha's administrator.
    let provider = add_provider(&world.server, &mallory, &world.stranger.issuer, "Server");
    let domain = add_domain(&world.server, &mallory, "example.com", &provider);
    let tell = || {
        let client = world.server.visitor();
        let ticket = go(&client, &provider);
        let mut claims = world.claims(&ticket);
        claims["iss"] = json!(world.stranger.issuer);
        world.stranger.give(&world.stranger.signed("RS256", &claims));
        (client.get(&ticket.way_back()), client)
    };
    let (page, client) = tell();
    page.expect(422).must_say("No user of the account");
    assert!(client.get("/profile").redirect().is_some());
    // Even a member of both is let into Mallory's account alone.
    act(&world.server, |tx| {
        actions::make_administrator(tx, &Actor::Operator, &mallory.id, &world.company.user, "Alpha").map(drop)
    });
    let (page, client) = tell();
    assert!(is_in(&page), "{}", page.body());
    client.open(&format!("/{}", mallory.id));
    assert!(asks_for_own(&client.get(&world.path("/users"))));
    let sent = send(&client, &world.path("/account/edit"), &[("name", "Taken over")]);
    assert!(asks_for_own(&sent), "{}", sent.status);
    // A domain that is not Mallory's any more opens nothing at once.
    act(&world.server, |tx| actions::delete_sso_domain(tx, &mallory.system(), &domain));
    assert!(asks_for_own(&client.get(&format!("/{}", mallory.id))));
    let (page, _) = tell();
    page.expect(422).must_say("in no domain");
}

#[test]
fn who_leaves_the_account_or_the_domain_is_out_at_once() {
    let world = World::new();
    let client = world.come_in();
    client.open(&world.path("/users"));
    // Another address is not covered; the session by the provider opens nothing then.
    let moved = "update person set email = 'x@elsewhere.example', email_folded = 'x@elsewhere.example' where id = ";
    world.server.database().execute(&format!("{moved}'{}'", world.company.user));
    assert!(asks_for_own(&client.get(&world.path("/users"))));
    world.told(&[]).expect(422).must_say("in no domain");
}

#[test]
fn changes_are_confirmed_where_somebody_came_in() {
    let world = World::new();
    let client = world.come_in();
    let path = world.path("/users/new");
    client.get(&path).expect(200);
    world.server.clock().advance_seconds(16 * 60);
    let asked = client.open(client.get(&path).redirect().expect("the page that asks").as_str());
    let again = asked.link("Use single sign-on");
    let ticket = go_on(&client, &again);
    assert_eq!((ticket.all["prompt"].as_str(), ticket.all["max_age"].as_str()), ("login", "0"));
    // The provider did not ask anew, or signs in somebody else.
    let mut claims = world.claims(&ticket);
    claims["auth_time"] = json!(world.now() - 3_000);
    world.back(&client, &ticket, &claims).expect(422).must_say("did not ask you anew");
    assert!(asks_for_own(&client.get(&path)));
    let ticket = go_on(&client, &again);
    let mut claims = world.claims(&ticket);
    claims["auth_time"] = json!(world.now());
    let page = world.back(&client, &ticket, &claims).expect(303);
    assert_eq!(page.redirect().map(|url| url.path().to_owned()), Some(path.clone()));
    client.get(&path).expect(200);
    // What is the person's own is not confirmed by that.
    assert!(asks_for_own(&client.get("/profile/email")));
}

#[test]
fn second_factors_count_where_the_account_says_so() {
    let world = World::new();
    let admin = world.company.browser(&world.server);
    let page = admin.open(&world.path("/account/security"));
    admin.submit(page.form_with("Save").set("policy", "required")).expect(200);
    let tell = |amr: serde_json::Value| {
        let client = world.server.visitor();
        let ticket = go(&client, &world.provider);
        let mut claims = world.claims(&ticket);
        claims["amr"] = amr;
        assert!(is_in(&world.back(&client, &ticket, &claims)));
        client
    };
    let set_up =
        |client: &Client| client.get(&world.path("")).redirect().is_some_and(|u| u.path() == "/profile/security");
    assert!(set_up(&tell(json!(["pwd", "otp"]))), "the account does not trust its provider yet");
    world.server.database().execute("update idp set trusts_factors = true");
    assert!(set_up(&tell(json!(["pwd"]))));
    let client = tell(json!(["pwd", "otp"]));
    client.open(&world.path(""));
    world.server.database().execute("update idp set trusts_factors = false");
    assert!(set_up(&client), "a trust that was taken back counts still");
}

#[test]
fn whoever_has_a_second_factor_here_shows_it_and_gets_no_more_by_it() {
    let (world, beta) = in_two();
    let factors = crate::factors::world::World { server: world.server, company: world.company };
    let (_, app) = factors.with_app();
    let world = World {
        server: factors.server,
        company: factors.company,
        fake: world.fake,
        stranger: world.stranger,
        provider: world.provider,
        domain: world.domain,
    };
    let client = world.server.visitor();
    let ticket = go(&client, &world.provider);
    let page = world.back(&client, &ticket, &world.claims(&ticket));
    assert!(crate::factors::world::asks_more(&page), "{}", page.body());
    let page = client.open("/sign-in/second?with=recovery&next=/");
    client.post(page.form_with("Go on").set("code", &app.codes[0])).expect(303);
    client.open(&world.path("/users"));
    assert!(asks_for_own(&client.get(&format!("/{}", beta.id))));
}

#[test]
fn signing_out_leads_to_the_provider_too() {
    let world = World::new();
    let client = world.come_in();
    let page = client.post(client.open(&world.path("")).form_with("Sign out")).expect(200);
    let link = page.link("Sign out of Alpha's server too");
    assert!(
        link.starts_with(&format!("{}/end?client_id=portal&post_logout_redirect_uri=", world.fake.issuer)),
        "{link}"
    );
    assert!(client.get("/profile").redirect().is_some());
    // Who came in by a password goes nowhere else.
    let own = world.company.browser(&world.server);
    let page = own.post(own.open(&world.path("")).form_with("Sign out")).expect(303);
    assert_eq!(page.redirect().map(|url| url.path().to_owned()), Some("/sign-in".to_owned()));
}
