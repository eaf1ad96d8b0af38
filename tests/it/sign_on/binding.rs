//! What comes back belongs to one sign-in, in one browser, at one provider.

use causeway::kit::Role;
use serde_json::json;

use super::world::{World, add_domain, add_provider, go, go_on, is_in};
use crate::support::companies::Company;
use crate::support::server::Server;

fn counted(server: &Server) -> i64 {
    server.database().number("select count(*) as n from sso_attempt")
}

#[test]
fn each_sign_in_comes_back_once_in_its_own_browser_and_in_time() {
    let world = World::new();
    let (mine, other) = (world.server.visitor(), world.server.visitor());
    let ticket = go(&mine, &world.provider);
    world.fake.give(&world.fake.signed("RS256", &world.claims(&ticket)));
    // Somebody else's link, a guessed state, none at all.
    go(&other, &world.provider);
    for (client, path) in [
        (&other, ticket.way_back()),
        (&world.server.visitor(), ticket.way_back()),
        (&mine, format!("{}?code=c-1&state={}", ticket.redirect, "0".repeat(64))),
        (&mine, format!("{}?code=c-1", ticket.redirect)),
    ] {
        let page = client.get(&path).expect(422);
        page.must_say("did not begin in this browser");
        assert!(client.get("/profile").redirect().is_some(), "{path}");
    }
    assert!(world.fake.seen("/token").is_empty(), "a code was exchanged");
    // The cookie went with the refusals; the browser begins anew.
    let ticket = go(&mine, &world.provider);
    world.fake.give(&world.fake.signed("RS256", &world.claims(&ticket)));
    assert!(is_in(&mine.get(&ticket.way_back())));
    let again = mine.get(&ticket.way_back()).expect(422);
    again.must_say("was used already");
    let late = go(&mine, &world.provider);
    world.server.clock().advance_seconds(601);
    mine.get(&late.way_back()).expect(422).must_say("took too long");
}

#[test]
fn a_session_that_a_provider_begins_has_a_fresh_key() {
    let world = World::new();
    let client = world.server.visitor();
    client.open("/sign-in");
    let ticket = go(&client, &world.provider);
    let page = world.back(&client, &ticket, &world.claims(&ticket));
    let cookies: Vec<&str> = page.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).collect();
    let session = cookies.iter().find(|c| c.starts_with("causeway=")).expect("a session");
    assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"), "{session}");
    let gone = cookies.iter().find(|c| c.starts_with("causeway-sign-on=")).expect("the cookie of the sign-in");
    assert!(gone.contains("Max-Age=0"), "{gone}");
    assert_eq!(counted(&world.server), 0);
}

#[test]
fn the_answer_of_one_provider_is_not_taken_for_that_of_another() {
    let world = World::new();
    let other = Company::new(&world.server, "Beta", Role::Vendor);
    // The stranger's provider sends the browser on to Alpha's, whose answer it would like to have.
    let theirs = add_provider(&world.server, &other, &world.stranger.issuer, "Beta's server");
    add_domain(&world.server, &other, "example.com", &theirs);
    let client = world.server.visitor();
    let ticket = go(&client, &world.provider);
    let crossed = format!("{}/sign-in/oidc/callback/{theirs}?code=c-1&state={}", world.server.base(), ticket.state);
    client.get(&crossed).expect(422).must_say("did not begin in this browser");
    assert!(world.stranger.seen("/token").is_empty() && world.fake.seen("/token").is_empty(), "a code went astray");
    // Who sends an issuer along sends the right one.
    let ticket = go(&client, &world.provider);
    let wrong = format!("{}&iss=https%3A%2F%2Felsewhere.example", ticket.way_back());
    client.get(&wrong).expect(422).must_say("did not come from this provider");
    assert!(world.fake.seen("/token").is_empty(), "a code went astray");
    // Who says that it always sends it, has to.
    let mut description = world.fake.description();
    description["authorization_response_iss_parameter_supported"] = json!(true);
    world.fake.put("/.well-known/openid-configuration", 200, &description);
    let ticket = go(&client, &world.provider);
    client.get(&ticket.way_back()).expect(422).must_say("did not come from this provider");
    let ticket = go(&client, &world.provider);
    world.fake.give(&world.fake.signed("RS256", &world.claims(&ticket)));
    let right: String = url::form_urlencoded::byte_serialize(world.fake.issuer.as_bytes()).collect();
    assert!(is_in(&client.get(&format!("{}&iss={right}", ticket.way_back()))));
}

#[test]
fn people_are_led_on_within_the_portal_only() {
    let world = World::new();
    for (next, to) in [
        ("/profile", "/profile"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ] {
        let client = world.server.visitor();
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let ticket = go_on(&client, &format!("/sign-in/sso/go?provider={}&next={next}", world.provider));
        let page = world.back(&client, &ticket, &world.claims(&ticket));
        let led = page.redirect().expect("a redirect");
        assert_eq!((led.path(), led.host_str()), (to, Some("127.0.0.1")), "{next}");
    }
    let visitor = world.server.visitor();
    for unknown in ["IDP-000-000-001", "nonsense", "%00"] {
        let page = visitor.get(&format!("/sign-in/sso/go?provider={unknown}"));
        assert!(page.status >= 400 && page.status < 500, "{unknown}: {}", page.status);
    }
}

#[test]
fn what_nobody_comes_back_from_is_forgotten() {
    let world = World::new();
    go(&world.server.visitor(), &world.provider);
    assert_eq!(counted(&world.server), 1);
    world.server.clock().advance_seconds(7_200);
    world.server.settle();
    crate::support::wait::until("the attempt to be forgotten", || (counted(&world.server) == 0).then_some(()));
}
