//! Chapter 7: sessions, from their beginning to their end.

use causeway::flows::accounts::{actions, store};
use causeway::kit::{Role, Secret};
use causeway::web::confirm::CONFIRM_SECONDS;
use reqwest::Method;

use crate::support::client::Client;
use crate::support::clock::pass_hours;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::world::{Company, PASSWORD, door, signed_in};

fn start() -> (Server, Company) {
    let server = Server::start();
    let company = Company::make(&door(&server), "Alpha", Role::Distributor);
    (server, company)
}

fn is_signed_in(client: &Client) -> bool {
    client.get("/profile").status == 200
}

/// The session's cookie in an answer.
fn cookie(page: &Page) -> String {
    let all = page.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
    let own = all.into_iter().find(|c| c.starts_with("causeway="));
    own.and_then(|c| c.split(';').next()).expect("a cookie").to_owned()
}

fn sign_in(client: &Client, company: &Company) -> Page {
    let form = client.open("/sign-in").form_with("Sign in").set("email", &company.email).set("password", PASSWORD);
    client.post(form).expect(303)
}

/// 7.2.3: a session's key cannot be guessed.
/// How: 256 bits of the system's randomness; the database has its hash.
#[test]
fn v7_2_3_a_sessions_key_cannot_be_guessed() {
    let (server, company) = start();
    let keys: std::collections::HashSet<String> =
        (0..4).map(|_| cookie(&sign_in(&server.visitor(), &company))).collect();
    assert_eq!(keys.len(), 4);
    for key in keys {
        assert!(key.len() > 64, "{key}");
        let value = key.split_once('=').expect("a value").1;
        assert_eq!(server.database().tables_with(value), Vec::<String>::new());
    }
    assert!(Secret::generate().reveal().len() >= 43);
}

/// 7.2.4: signing in makes a new key, and the one before opens nothing.
/// How: the key changes at every sign-in and at every proof of who one is.
#[test]
fn v7_2_4_signing_in_makes_a_new_key() {
    let (server, company) = start();
    let client = server.visitor();
    let first = cookie(&sign_in(&client, &company));
    let page = client.open("/confirm?next=/profile");
    let second = cookie(&client.post(page.form_with("Confirm").set("password", PASSWORD)).expect(303));
    assert_ne!(first, second);
    let with = |key: &str| server.visitor().send(Method::GET, "/profile", |r| r.header("Cookie", key)).status;
    assert_eq!((with(&first), with(&second)), (303, 200));
}

/// 7.3.1: a session that is not used ends.
/// How: after twelve hours.
#[test]
fn v7_3_1_an_unused_session_ends() {
    let (server, company) = start();
    let client = company.browser(&server);
    pass_hours(server.clock(), 13);
    assert!(!is_signed_in(&client));
}

/// 7.3.2: a session ends some time, however much it is used.
/// How: after seven days, which is a setting.
#[test]
fn v7_3_2_every_session_ends() {
    let (server, company) = start();
    let client = company.browser(&server);
    for _ in 0..15 {
        pass_hours(server.clock(), 11);
        assert!(is_signed_in(&client));
    }
    pass_hours(server.clock(), 4);
    assert!(!is_signed_in(&client), "after 169 hours");
}

/// 7.4.1: whoever signs out is signed out on the server.
/// How: the row of the session is deleted; its key opens nothing any more.
#[test]
fn v7_4_1_signing_out_ends_the_session() {
    let (server, company) = start();
    let client = server.visitor();
    let key = cookie(&sign_in(&client, &company));
    client.send(Method::POST, "/sign-out", |r| r.form(&[("x", "")])).expect(303);
    let again = server.visitor().send(Method::GET, "/profile", |r| r.header("Cookie", &key));
    assert_eq!(again.status, 303);
    assert_eq!(server.database().number("select count(*) as n from session"), 0);
}

/// 7.4.2: who may no longer work in a company cannot do it in an open session either.
/// How: what somebody may is read with every request; a membership that was removed is none from that moment on.
#[test]
fn v7_4_2_who_is_removed_is_out() {
    let (server, company) = start();
    let open = signed_in(&server, &company.bystander_email);
    open.get(&company.path("")).expect(200);
    company.api(&server).delete(&format!("accounts/{}/users/{}", company.id, company.bystander)).expect(204);
    open.get(&company.path("")).expect(404);
}

/// 7.4.3: a changed password ends the other sessions.
/// How: all of them but the one in which it was changed; all of them if it was set by a link.
#[test]
fn v7_4_3_a_new_password_ends_other_sessions() {
    let (server, company) = start();
    let (own, other) = (company.browser(&server), company.browser(&server));
    let new = "violet umbrellas in the rain";
    let form = own.open("/profile/security").form_with("Change password");
    own.post(form.set("old", PASSWORD).set("password", new).set("again", new)).expect(303);
    assert!(is_signed_in(&own) && !is_signed_in(&other));
    let secret = door(&server).write(|tx| actions::password_link(tx, &company.admin)).expect("a link");
    let visitor = server.visitor();
    let page = visitor.open(&format!("/set-password?secret={}", secret.reveal()));
    let newer = "seven green bottles on a wall";
    visitor.post(page.form_with("Set password").set("password", newer).set("again", newer)).expect(303);
    assert!(!is_signed_in(&own));
}

/// 7.5.1, 7.5.3: what would let a stranger stay asks again who it is.
/// How: routes that change how one signs in, who gets in, keys and contracts want a proof not older than a quarter of an hour; a
/// form that comes too late is kept and sent on after the proof.
#[test]
fn v7_5_1_dangerous_changes_ask_again() {
    let (server, company) = start();
    let client = company.browser(&server);
    server.clock().advance_seconds(CONFIRM_SECONDS + 1);
    let mut asked = 0;
    for endpoint in causeway::routes::pages().iter().filter(|e| e.confirmed) {
        let path = endpoint.path.replace("{account}", company.id.as_str());
        if path.contains('{') {
            continue;
        }
        let method = Method::from_bytes(endpoint.method.as_str().as_bytes()).expect("a method");
        let answer =
            client.send(method.clone(), &path, |r| if method == Method::GET { r } else { r.form(&[("x", "")]) });
        let target = answer.redirect().unwrap_or_else(|| panic!("{method} {path}: {}", answer.status));
        assert!(target.path().starts_with("/confirm"), "{method} {path} leads to {target}");
        asked += 1;
    }
    assert!(asked >= 4, "{asked} routes ask");
}

/// 7.5.2: people see their sessions and end them.
/// How: a page lists them with browser, address and times; one or all others are ended.
#[test]
fn v7_5_2_people_end_their_sessions() {
    let (server, company) = start();
    let (own, other) = (company.browser(&server), company.browser(&server));
    let page = own.open("/profile/sessions");
    assert_eq!(page.rows("table").len(), 2);
    own.submit(page.form("table form")).expect(200);
    assert!(is_signed_in(&own) && !is_signed_in(&other));
    let db = door(&server);
    db.write(|tx| store::end_sessions(tx, &company.admin, None)).expect("end them");
    assert!(!is_signed_in(&own));
}

/// 16.3.1, 16.3.2: who signs in, who fails to, and who is refused is written down.
/// How: in the log with address and time, and in the journal of the person, who sees it on their own page.
#[test]
fn v16_3_1_signing_in_is_written_down() {
    let (server, company) = start();
    let visitor = server.visitor();
    let form = || visitor.open("/sign-in").form_with("Sign in").set("email", &company.email);
    visitor.post(form().set("password", "Wrong-1-wrong")).expect(422);
    visitor.post(form().set("password", PASSWORD)).expect(303);
    visitor.open("/profile/security").must_say("A wrong password was typed").must_say("Signed in from");
}
