//! A dangerous change asks for a proof that is not older than a quarter of an hour.

use std::collections::BTreeSet;

use causeway::kit::Role;
use causeway::routes;
use causeway::web::confirm::CONFIRM_SECONDS;
use reqwest::Method;

use crate::support::client::Client;
use crate::support::form::Form;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::world::{Company, PASSWORD, door};

fn start() -> (Server, Company) {
    let server = Server::start();
    let company = Company::make(&door(&server), "Alpha", Role::Distributor);
    (server, company)
}

fn asks_for_proof(page: &Page) -> bool {
    page.redirect().is_some_and(|url| url.path() == "/confirm")
}

fn cookie(page: &Page) -> String {
    let all = page.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok());
    let session = all.into_iter().find(|c| c.starts_with("causeway=")).expect("the session's cookie");
    session.split(';').next().unwrap_or_default().to_owned()
}

/// Sends a form on to where a 307 leads, as browsers do.
#[track_caller]
fn sent_on(client: &Client, answer: &Page, form: Form) -> Page {
    assert_eq!(answer.status, 307, "{}", answer.body());
    let target = answer.redirect().expect("a redirect");
    assert_eq!(target.path(), "/confirm/late");
    client.send(Method::POST, target.as_str(), |request| request.form(&form.into_request().fields))
}

fn members(server: &Server) -> i64 {
    server.database().number("select count(*) as n from membership")
}

#[test]
fn a_proof_lasts_a_quarter_of_an_hour_and_another_one_changes_the_key() {
    let (server, company) = start();
    let client = server.visitor();
    let form = client.open("/sign-in").form_with("Sign in").set("email", &company.email).set("password", PASSWORD);
    let before = cookie(&client.post(form).expect(303));
    let path = company.path("/tokens/new");
    server.clock().advance_seconds(CONFIRM_SECONDS - 60);
    client.get(&path).expect(200);
    server.clock().advance_seconds(120);
    let asked = client.get(&path);
    assert!(asks_for_proof(&asked), "{}", asked.status);
    client.get(&company.path("/tokens")).expect(200);
    let page = client.follow(asked).expect(200);
    page.must_say(&company.email);
    let wrong = client.post(page.form_with("Confirm").set("password", "Wrong-1-wrong")).expect(422);
    wrong.must_say("This is not your password");
    assert!(asks_for_proof(&client.get(&path)));
    let proved = client.post(wrong.form_with("Confirm").set("password", PASSWORD)).expect(303);
    assert_eq!(proved.redirect().map(|url| url.path().to_owned()), Some(path.clone()));
    let after = cookie(&proved);
    client.get(&path).expect(200);
    let with = |cookie: &str| server.visitor().send(Method::GET, "/profile", |r| r.header("Cookie", cookie));
    with(&after).expect(200);
    assert_ne!(before, after);
    assert!(with(&before).redirect().is_some_and(|url| url.path() == "/sign-in"), "the key before opens still");
    assert_eq!(server.database().number("select count(*) as n from session"), 1);
}

#[test]
fn a_form_that_comes_too_late_does_nothing_and_is_not_lost() {
    let (server, company) = start();
    let client = company.browser(&server);
    let form = client.open(&company.path("/users/new")).form_with("Send invitation").set("name", "Robot \"7\"");
    let form = form.set("email", "robot@alpha.example").check("groups", company.group.as_str());
    let before = members(&server);
    server.clock().advance_seconds(CONFIRM_SECONDS + 1);
    let answer = client.post(form.clone());
    let asked = sent_on(&client, &answer, form).expect(403);
    asked.must_say("Nothing was changed yet");
    let again = client.post(asked.form_with("Confirm").set("password", "Wrong-1-wrong")).expect(422);
    let proved = client.post(again.form_with("Confirm").set("password", PASSWORD)).expect(200);
    assert_eq!(members(&server), before, "it was done already");
    client.submit(proved.form_with("Send it now")).expect(200).must_say("robot@alpha.example was invited");
    assert_eq!(members(&server), before + 1);
    client.open(&company.path("/users")).must_say("Robot \"7\"");
}

#[test]
fn passwords_are_not_kept_in_a_page() {
    let (server, company) = start();
    let client = company.browser(&server);
    let fields = [("name", "x"), ("password", "A-secret-in-a-form"), ("code", "123456")];
    let late = |next: &str| client.send(Method::POST, &format!("/confirm/late?{next}"), |r| r.form(&fields));
    let asked = late("next=/profile&then=/profile").expect(403);
    assert!(!asked.body().contains("A-secret-in-a-form"));
    let proved = client.post(asked.form_with("Confirm").set("password", PASSWORD)).expect(303);
    assert_eq!(proved.redirect().map(|url| url.path().to_owned()), Some("/profile".to_owned()));
}

#[test]
fn what_was_sent_is_sent_on_to_this_portal_only() {
    let (server, company) = start();
    let client = company.browser(&server);
    let late = |query: &str| client.send(Method::POST, &format!("/confirm/late?{query}"), |r| r.form(&[("a", "b")]));
    let asked = late("next=//evil.example&then=https://evil.example/").expect(403);
    let form = asked.form_with("Confirm");
    assert_eq!((form.value("next"), form.value("then")), (Some("/"), Some("/")));
    let form = asked.form_with("Confirm").set("password", PASSWORD).tamper("then", "//evil.example/x");
    assert!(!client.post(form).expect(200).body().contains("evil.example"));
    server.visitor().send(Method::POST, "/confirm/late?next=/", |r| r.form(&[("a", "b")])).expect(303);
}

#[test]
fn wrong_passwords_are_counted_for_each_session_by_itself() {
    let (server, company) = start();
    let (thief, owner) = (company.browser(&server), company.browser(&server));
    let confirm = |client: &Client, password: &str| {
        client.post(client.open("/confirm?next=/profile").form_with("Confirm").set("password", password))
    };
    for _ in 0..8 {
        confirm(&thief, "Wrong-1-wrong").expect(422);
    }
    confirm(&thief, PASSWORD).expect(429);
    confirm(&owner, PASSWORD).expect(303);
}

#[test]
fn what_needs_a_proof_is_on_this_list() {
    let marked = routes::pages().into_iter().filter(|e| e.confirmed);
    let marked: BTreeSet<&str> = marked.map(|e| e.path).collect();
    let listed = [
        "/profile/email",
        "/profile/notifications",
        "/profile/security/app",
        "/profile/security/app/remove",
        "/profile/security/codes",
        "/profile/security/passkeys/new",
        "/profile/security/passkeys/remove",
        "/{account}/account/exports/new",
        "/{account}/account/exports/{export}/archive",
        "/{account}/account/close",
        "/{account}/account/security",
        "/{account}/account/security/contracts",
        "/{account}/account/sso/domains/new",
        "/{account}/account/sso/domains/{sso_domain}",
        "/{account}/account/sso/domains/{sso_domain}/delete",
        "/{account}/account/sso/domains/{sso_domain}/unlink",
        "/{account}/account/sso/domains/{sso_domain}/verify",
        "/{account}/account/sso/providers/new",
        "/{account}/account/sso/providers/{idp}",
        "/{account}/account/sso/providers/{idp}/delete",
        "/{account}/account/sso/providers/{idp}/test",
        "/{account}/agreements/{agreement}/enrol",
        "/{account}/contracts/{contract}/enrolment",
        "/{account}/contracts/decide",
        "/{account}/contracts/{contract}/{verb}",
        "/{account}/operator/accounts/{company}/{verb}",
        "/{account}/sub-accounts/new",
        "/{account}/sub-accounts/{sub_account}/close",
        "/{account}/sub-accounts/{sub_account}/open",
        "/{account}/groups/new",
        "/{account}/groups/{group}",
        "/{account}/groups/{group}/delete",
        "/{account}/groups/{group}/permissions",
        "/{account}/groups/{group}/users/add",
        "/{account}/groups/{group}/users/{user}/remove",
        "/{account}/tokens/ip-rules/new",
        "/{account}/tokens/ip-rules/{token_ip_rule}/delete",
        "/{account}/tokens/ip-rules/{token_ip_rule}/edit",
        "/{account}/tokens/new",
        "/{account}/tokens/{token}/edit",
        "/{account}/tokens/{token}/handle",
        "/{account}/tokens/{token}/permissions",
        "/{account}/tokens/{token}/renew",
        "/{account}/tokens/{token}/rotate",
        "/{account}/tokens/{token}/{verb}",
        "/{account}/users/ip-rules/new",
        "/{account}/users/ip-rules/{user_ip_rule}/delete",
        "/{account}/users/ip-rules/{user_ip_rule}/edit",
        "/{account}/users/new",
        "/{account}/users/{user}/edit",
        "/{account}/users/{user}/remove",
        "/{account}/users/{user}/{verb}",
    ];
    assert_eq!(marked, BTreeSet::from(listed));
}
