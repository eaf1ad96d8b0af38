//! Wrong passwords are slowed down, and nobody keeps the owner of an address out by them.

use causeway::flows::accounts::model::{MAX_FAILURES, SLOW_AFTER};

use super::{sign_in_from, start};
use crate::support::server::Server;
use crate::world::PASSWORD;

const WRONG: &str = "Wrong-1-wrong";

/// Wrong passwords for an address, from so many networks, `each` from each.
fn attack(server: &Server, email: &str, networks: std::ops::Range<i32>, each: i32) {
    let attacker = server.visitor();
    for network in networks {
        for _ in 0..each {
            let from = format!("198.51.{}.{}", network / 200, network % 200 + 1);
            sign_in_from(&attacker, &from, "x", email, WRONG).expect(422);
        }
    }
}

#[test]
fn an_attacker_in_other_networks_does_not_keep_the_owner_out() {
    let (server, company) = start();
    attack(&server, &company.email, 0..4, MAX_FAILURES);
    sign_in_from(&server.visitor(), "198.51.0.1", "x", &company.email, PASSWORD).expect(429);
    sign_in_from(&server.visitor(), "192.0.2.1", "x", &company.email, PASSWORD).expect(303);
}

#[test]
fn a_known_browser_stays_open_even_in_the_attackers_network() {
    let (server, company) = start();
    let known = server.visitor();
    sign_in_from(&known, "192.0.2.1", "x", &company.email, PASSWORD).expect(303);
    let (each, networks) = (MAX_FAILURES - 1, SLOW_AFTER / (MAX_FAILURES - 1));
    attack(&server, &company.email, 0..networks, each);
    attack(&server, &company.email, networks..networks + 1, SLOW_AFTER - networks * each);
    // The address is slow for browsers that nobody knows, for some seconds.
    sign_in_from(&server.visitor(), "203.0.113.9", "x", &company.email, PASSWORD).expect(429);
    sign_in_from(&known, "198.51.0.1", "x", &company.email, PASSWORD).expect(303);
    server.clock().advance_seconds(6);
    sign_in_from(&server.visitor(), "203.0.113.9", "x", &company.email, PASSWORD).expect(303);
}

#[test]
fn a_known_browser_has_a_limit_of_its_own() {
    let (server, company) = start();
    let known = server.visitor();
    sign_in_from(&known, "192.0.2.1", "x", &company.email, PASSWORD).expect(303);
    for _ in 0..MAX_FAILURES {
        sign_in_from(&known, "192.0.2.1", "x", &company.email, WRONG).expect(422);
    }
    sign_in_from(&known, "192.0.2.1", "x", &company.email, PASSWORD).expect(429);
    // Known to one person, it is unknown to every other.
    sign_in_from(&known, "192.0.2.1", "x", &company.bystander_email, PASSWORD).expect(303);
}

#[test]
fn a_network_that_tries_many_addresses_is_stopped() {
    let (server, company) = start();
    let attacker = server.visitor();
    for n in 0..(MAX_FAILURES + 40) {
        sign_in_from(&attacker, "198.51.100.1", "x", &format!("p{n}@alpha.example"), WRONG).expect(422);
    }
    sign_in_from(&attacker, "198.51.100.1", "x", "q@alpha.example", WRONG).expect(429);
    sign_in_from(&attacker, "198.51.100.2", "x", &company.email, PASSWORD).expect(303);
}

#[test]
fn an_unknown_address_waits_as_a_known_one_does() {
    let (server, company) = start();
    for email in [company.email.as_str(), "nobody@alpha.example"] {
        let client = server.visitor();
        let from = if email == company.email { "192.0.2.1" } else { "192.0.2.2" };
        let mut told = vec![];
        for _ in 0..=MAX_FAILURES {
            told.push(sign_in_from(&client, from, "x", email, WRONG).status);
        }
        assert_eq!(told.iter().filter(|s| **s == 422).count(), 8, "{email}");
        assert_eq!(told.last(), Some(&429), "{email}");
    }
    let long = "x".repeat(300_000);
    sign_in_from(&server.visitor(), "192.0.2.3", "x", &company.email, &long).expect(422).must_say("No account fits");
}

#[test]
fn the_way_by_a_forgotten_password_stays_open_and_has_a_limit() {
    let (server, company) = start();
    attack(&server, &company.email, 0..4, MAX_FAILURES);
    let ask = |email: &str| {
        let client = server.visitor();
        client.post(client.open("/forgotten-password").form_with("Send a link").set("email", email))
    };
    ask(&company.email).expect(200);
    server.settle();
    let client = server.visitor();
    let page = client.open(&server.mail().next_to(&company.email).link_with("/set-password"));
    let new = "seven green bottles";
    client.post(page.form_with("Set password").set("password", new).set("again", new)).expect(303);
    let mut asked = (0..40).map(|n| ask(&format!("p{n}@alpha.example")).status);
    assert!(asked.any(|status| status == 429));
    ask("q@alpha.example").expect(429).must_say("Too many links");
}

#[test]
fn a_password_kept_with_old_settings_is_kept_anew_at_the_next_sign_in() {
    let (server, company) = start();
    // "Tr0ub4dor&3" with 8 MiB, one pass.
    let old = causeway_hash();
    server.database().execute(&format!("update person set password = '{old}' where id = '{}'", company.admin));
    sign_in_from(&server.visitor(), "192.0.2.1", "x", &company.email, PASSWORD).expect(303);
    let renewed = "select count(*) as n from person where password like '%m=19456,t=2,p=1%'";
    assert_eq!(server.database().number(renewed), 2);
    sign_in_from(&server.visitor(), "192.0.2.1", "x", &company.email, PASSWORD).expect(303);
}

/// The hash of [`PASSWORD`] as an older version would have kept it.
fn causeway_hash() -> String {
    use argon2::password_hash::PasswordHasher;
    let settings = argon2::Params::new(8 * 1024, 1, 1, None).expect("settings");
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, settings);
    argon.hash_password(PASSWORD.as_bytes()).expect("a hash").to_string()
}
