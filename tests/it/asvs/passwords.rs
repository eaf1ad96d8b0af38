//! Chapter 6, passwords: what they have to be, and how guessing them is made hard.

use causeway::flows::accounts::model::{MAX_FAILURES, MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS};
use causeway::kit::Role;
use reqwest::Method;

use crate::support::client::Client;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::world::{Company, PASSWORD, door};

/// A good password.
const GOOD: &str = "violet umbrellas in the rain";

fn start() -> (Server, Company) {
    let server = Server::start_with(|config| config.trusted_proxies = vec![std::net::IpAddr::from([127, 0, 0, 1])]);
    let company = Company::make(&door(&server), "Alpha", Role::Distributor);
    (server, company)
}

fn sign_in(client: &Client, from: &str, email: &str, password: &str) -> Page {
    let fields = [("next", "/"), ("email", email), ("password", password)];
    client.send(Method::POST, "/sign-in", |r| r.header("X-Forwarded-For", from).form(&fields))
}

/// Changes the own password; the answer.
fn change(client: &Client, old: &str, new: &str) -> Page {
    let form = client.open("/profile/security").form_with("Change password");
    client.post(form.set("old", old).set("password", new).set("again", new))
}

/// 6.2.1: a password has at least eight characters.
/// How: eight are asked for, fifteen are advised.
#[test]
fn v6_2_1_a_password_has_eight_characters() {
    let (server, company) = start();
    let client = company.browser(&server);
    assert_eq!(MIN_PASSWORD_CHARS, 8);
    change(&client, PASSWORD, "q7#vB2x").expect(422).must_say("too short");
    change(&client, PASSWORD, "q7#vB2xk").expect(303);
}

/// 6.2.2: people change their password themselves.
/// How: on the page of their profile, and by a link in a mail if they forgot it.
#[test]
fn v6_2_2_people_change_their_password() {
    let (server, company) = start();
    change(&company.browser(&server), PASSWORD, GOOD).expect(303);
    sign_in(&server.visitor(), "192.0.2.1", &company.email, PASSWORD).expect(422);
    sign_in(&server.visitor(), "192.0.2.1", &company.email, GOOD).expect(303);
}

/// 6.2.3: a change wants the present password besides the new one.
/// How: the form asks for both; the present one is checked and counted like a sign-in.
#[test]
fn v6_2_3_a_change_wants_the_present_password() {
    let (server, company) = start();
    let client = company.browser(&server);
    change(&client, "Wrong-1-wrong", GOOD).expect(422).must_say("This is not your password");
    change(&client, "", GOOD).expect(422);
    sign_in(&server.visitor(), "192.0.2.1", &company.email, PASSWORD).expect(303);
}

/// 6.2.4, 6.2.12: passwords that many people use, or that were found in leaks, are not taken.
/// How: a list of tens of thousands of them is inside the program, made from a well-kept package when it is built.
#[test]
fn v6_2_4_common_passwords_are_not_taken() {
    let (server, company) = start();
    let client = company.browser(&server);
    for common in [
        "password",
        "password1",
        "12345678",
        "PassWord1",
        "qwertyuiop",
        "iloveyou",
        "sunshine",
        "football1",
        "aaaaaaaaaaaa",
    ] {
        change(&client, PASSWORD, common).expect(422).must_say("Many people use this password");
    }
}

/// 6.2.5: any characters make a password, and none are asked for.
/// How: there are no rules about kinds of characters.
#[test]
fn v6_2_5_any_characters_are_taken() {
    let (server, company) = start();
    let client = company.browser(&server);
    let mut old = PASSWORD.to_owned();
    for new in [
        "only small letters here",
        "        spaces around        ",
        "密码要长一些才好记",
        "🦀🦀🐟🐟🦞🦞🐙🐙",
        "'; drop table person; --",
    ] {
        change(&client, &old, new).expect(303);
        new.clone_into(&mut old);
    }
}

/// 6.2.6: what is typed into a password's field is not shown.
/// How: `type=password`.
#[test]
fn v6_2_6_passwords_are_not_shown() {
    let (server, company) = start();
    let fields = |page: &Page| page.document().select(&crate::support::page::selector("input[type=password]")).count();
    assert_eq!(fields(&server.visitor().open("/sign-in")), 1);
    assert_eq!(fields(&company.browser(&server).open("/profile/security")), 3);
}

/// 6.2.7: passwords can be pasted and filled in by a manager.
/// How: no script touches the fields; `autocomplete` says which password is meant.
#[test]
fn v6_2_7_passwords_can_be_pasted() {
    let (server, company) = start();
    let page = server.visitor().open("/sign-in");
    assert!(page.has("input[type=password][autocomplete=current-password]"));
    let page = company.browser(&server).open("/profile/security");
    assert!(page.has("input[autocomplete=new-password]") && page.has("input[autocomplete=current-password]"));
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/static/js")).expect("the scripts").flatten() {
        let source = std::fs::read_to_string(entry.path()).expect("a script");
        assert!(!source.contains("onpaste") && !source.contains("\"paste\""), "{}", entry.path().display());
    }
}

/// 6.2.8, 6.2.9: a password is checked as it was typed, all of it, up to at least 64 characters.
/// How: up to 256 bytes, nothing is cut off or changed; what is longer is refused when it is chosen.
#[test]
fn v6_2_8_a_password_is_checked_as_it_was_typed() {
    let (server, company) = start();
    let client = company.browser(&server);
    const { assert!(MAX_PASSWORD_BYTES >= 64) };
    let long: String = "Wy7-".chars().cycle().take(MAX_PASSWORD_BYTES).collect();
    change(&client, PASSWORD, &format!("{long}x")).expect(422).must_say("too long");
    change(&client, PASSWORD, &long).expect(303);
    for near in [&long[..255], &long.to_lowercase(), &format!("{long} "), &format!(" {long}")] {
        sign_in(&server.visitor(), "192.0.2.1", &company.email, near).expect(422);
    }
    sign_in(&server.visitor(), "192.0.2.1", &company.email, &long).expect(303);
}

/// 6.2.10: nobody is made to change a password for its age.
/// How: there is no such rule; a session ends after days, a password does not.
#[test]
fn v6_2_10_passwords_do_not_grow_old() {
    let (server, company) = start();
    crate::support::clock::pass_days(server.clock(), 4_000);
    let client = server.visitor();
    sign_in(&client, "192.0.2.1", &company.email, PASSWORD).expect(303);
    client.get("/profile").expect(200);
}

/// 6.2.11: a password is not made of words that anybody would try for this person.
/// How: name, address, companies and the program's name may be part of a password, but not most of it.
#[test]
fn v6_2_11_words_of_the_context_are_not_taken() {
    let (server, company) = start();
    let client = company.browser(&server);
    for (new, word) in [("causeway2026", "causeway"), ("Alpha-2026!", "alpha"), ("admin@alpha.example", "admin")] {
        change(&client, PASSWORD, new).expect(422).must_say(word);
    }
}

/// 6.3.1: guessing many passwords is made useless.
/// How: wrong passwords are counted for the address and the network they come from together, and make the next try wait longer and
/// longer; for an address from all networks together unknown browsers are slowed down. A browser in which the person signed
/// in before, and the way by mail, stay open, so that nobody is kept out by it.
#[test]
fn v6_3_1_guessing_is_slow() {
    let (server, company) = start();
    let guesser = server.visitor();
    for _ in 0..MAX_FAILURES {
        sign_in(&guesser, "198.51.100.1", &company.email, "Wrong-1-wrong").expect(422);
    }
    sign_in(&guesser, "198.51.100.1", &company.email, PASSWORD).expect(429).must_say("Try again in");
    sign_in(&server.visitor(), "192.0.2.1", &company.email, PASSWORD).expect(303);
}

/// 6.3.5, 6.3.7: people are told of sign-ins that may not be theirs, and of every change of what they sign in with.
/// How: a mail for a sign-in in a browser not used before, for a new password, a new address and changed factors, with a link by
/// which the person takes everything back.
#[test]
fn v6_3_5_people_are_told() {
    let (server, company) = start();
    sign_in(&server.visitor(), "192.0.2.1", &company.email, PASSWORD).expect(303);
    let other = server.visitor();
    sign_in(&other, "198.51.100.7", &company.email, PASSWORD).expect(303);
    server.settle();
    let mails = server.mail().all_to(&company.email);
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("198.51.100.7") && !mails[0].link_with("/set-password").is_empty());
    change(&other, PASSWORD, GOOD).expect(303);
    server.settle();
    assert_eq!(server.mail().all_to(&company.email).len(), 2);
}

/// 6.3.8: nobody learns whether an address is registered.
/// How: signing in, asking for a link, and waiting say the same for every address; a password is hashed once in any case, also when
/// the address is unknown.
#[test]
fn v6_3_8_nobody_learns_who_is_registered() {
    let (server, company) = start();
    let said = |email: &str, from: &str| {
        let page = sign_in(&server.visitor(), from, email, "Wrong-1-wrong");
        (page.status, page.texts("[role=alert], .error-summary").join(" ").replace(email, "…"))
    };
    assert_eq!(said(&company.email, "192.0.2.1"), said("nobody@alpha.example", "192.0.2.2"));
    let asked = |email: &str| {
        let client = server.visitor();
        let page = client.post(client.open("/forgotten-password").form_with("Send a link").set("email", email));
        (page.status, page.text("main").replace(email, "…"))
    };
    assert_eq!(asked(&company.email), asked("nobody@alpha.example"));
}
