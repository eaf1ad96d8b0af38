//! Nobody reaches what belongs to others: every route with an object in its path, tried by everybody who must not.
//!
//! The routes come from the program's own tables, so a new route is tried without a new test. A new kind of object in a
//! path needs one line in [`fixtures`].

use std::collections::BTreeMap;

use causeway::db::Db;
use causeway::flows::accounts::actions;
use causeway::flows::accounts::model::MemberStatus;
use causeway::flows::accounts::store;
use causeway::kit::{Email, Events, Permissions, Role};
use causeway::routes;
use causeway::web::endpoint::{Endpoint, Who};
use reqwest::Method;

use crate::support::client::{Api, Client};
use crate::support::page::Page;
use crate::support::server::Server;
use crate::world::{Company, door, signed_in};

/// Names of path parameters, each with the id of an object of `owner` that was made for this one attempt; and the words
/// that stand for an action in a path.
fn fixtures(db: &Db, owner: &Company) -> BTreeMap<&'static str, String> {
    db.write(|tx| {
        let email = format!("u{:x}@fixtures.example", rand::random::<u64>());
        let address = Email::parse(&email).expect("an address");
        let events = Events::created(tx.at(), None);
        let user = store::insert_person(tx, "Fixture", &address, None, events.clone())?;
        store::put_membership(tx, &owner.id, &user, MemberStatus::Active)?;
        let group = store::insert_group(tx, &owner.id, &email, "", &Permissions::default(), events)?;
        let token = actions::create_token(tx, &owner.system(), "Fixture", "", &Permissions::default())?;
        Ok(BTreeMap::from([
            ("account", owner.id.to_string()),
            ("user", user.to_string()),
            ("group", group.to_string()),
            ("token", token.id.to_string()),
            ("verb", "deactivate".to_owned()),
        ]))
    })
    .expect("make the fixtures")
}

/// The path of a route with the fixtures in it.
fn fill(path: &str, fixtures: &BTreeMap<&'static str, String>) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
        None => part.to_owned(),
        Some(name) => fixtures
            .get(name)
            .unwrap_or_else(|| {
                panic!("{path}: nothing is known for {{{name}}}; add its id to `fixtures` in isolation.rs")
            })
            .clone(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Kinds of objects that have no fixture yet; their routes are tried by the tests of their flows only. To be emptied.
const WITHOUT_FIXTURE: &[&str] = &[
    "{hub}",
    "{marketplace}",
    "{agreement}",
    "{contract}",
    "{version}",
    "{partner}",
    "{program}",
    "{product}",
    "{tier_account}",
    "{request}",
    "{asset}",
    "{usage_file}",
    "{usage_record}",
    "{listing}",
    "{listing_request}",
    "{connection}",
    "{template}",
    "{category}",
    "{order}",
    "/contracts/new",
    "/products/new",
    "/listings/request",
];

/// The routes that somebody's objects are reached by.
fn guarded(table: Vec<Endpoint>) -> Vec<Endpoint> {
    let open = |e: &Endpoint| matches!(e.who, Who::Anyone | Who::Guest);
    table.into_iter().filter(|e| e.path.contains('{') && !open(e) && has_fixture(e)).collect()
}

fn has_fixture(endpoint: &Endpoint) -> bool {
    !WITHOUT_FIXTURE.iter().any(|kind| endpoint.path.contains(kind))
}

fn needs_permission(endpoint: &Endpoint) -> bool {
    matches!(endpoint.who, Who::Member(..) | Who::Only(..))
}

fn method(endpoint: &Endpoint) -> Method {
    Method::from_bytes(endpoint.method.as_str().as_bytes()).expect("a method")
}

fn call(api: &Api, endpoint: &Endpoint, path: &str) -> Page {
    let path = path.trim_start_matches('/');
    match endpoint.method.as_str() {
        "GET" | "DELETE" => api.send(method(endpoint), path, |request| request),
        _ => api.send(method(endpoint), path, |request| request.json(&serde_json::json!({}))),
    }
}

fn visit(client: &Client, endpoint: &Endpoint, path: &str) -> Page {
    match endpoint.method.as_str() {
        "GET" => client.get(path),
        _ => client.send(method(endpoint), path, |request| request.form(&[("x", "")])),
    }
}

/// Whether an answer keeps everything back.
fn keeps_back(answer: &Page) -> bool {
    matches!(answer.status, 401 | 403 | 404) || answer.redirect().is_some_and(|url| url.path() == "/sign-in")
}

/// A server with an owner of the role, and three strangers, one of each role.
fn start(role: Role) -> (Server, Db, Company, Vec<Company>) {
    let server = Server::start();
    let db = door(&server);
    let owner = Company::make(&db, "Owner", role);
    let strangers = Role::ALL.iter().map(|role| Company::make(&db, &format!("Stranger-{role}"), *role)).collect();
    (server, db, owner, strangers)
}

/// Everything of the owner that the API shows.
fn everything(api: &Api, known: &BTreeMap<&'static str, String>) -> BTreeMap<String, String> {
    let reads = routes::api().into_iter().filter(|e| e.method.as_str() == "GET" && e.shape.is_some() && has_fixture(e));
    reads
        .map(|endpoint| {
            let path = fill(endpoint.path, known);
            (path.clone(), call(api, &endpoint, &path).body())
        })
        .collect()
}

#[test]
fn the_api_keeps_back_what_belongs_to_others() {
    let (server, db, owner, strangers) = start(Role::Distributor);
    let known = fixtures(&db, &owner);
    let weak = db
        .write(|tx| actions::create_token(tx, &owner.system(), "Weak", "", &Permissions::default()))
        .expect("make a token");
    let before = everything(&owner.api(&server), &known);
    for endpoint in guarded(routes::api()) {
        let name = format!("{} {}", endpoint.method, endpoint.path);
        let path = fill(endpoint.path, &known);
        let answer = call(&server.api("ApiKey SU-000-000-000:none"), &endpoint, &path);
        assert_eq!(answer.status, 401, "{name} without a token");
        for stranger in &strangers {
            let answer = call(&stranger.api(&server), &endpoint, &path);
            assert!(keeps_back(&answer), "{name} answers a {}: {} {}", stranger.role, answer.status, answer.body());
            let mut mixed = known.clone();
            mixed.insert("account", stranger.id.to_string());
            let mixed = fill(endpoint.path, &mixed);
            // With nothing of the owner left in it, the path is the stranger's own business.
            if mixed != path
                && known.iter().any(|(kind, id)| !matches!(*kind, "account" | "verb") && mixed.contains(id))
            {
                let answer = call(&stranger.api(&server), &endpoint, &mixed);
                assert!(keeps_back(&answer), "{name} as {mixed} answers a {}: {}", stranger.role, answer.status);
            }
        }
        if needs_permission(&endpoint) {
            assert_eq!(call(&server.api(&weak.key()), &endpoint, &path).status, 403, "{name} with a weak token");
        }
    }
    assert_eq!(everything(&owner.api(&server), &known), before, "something was changed");
}

#[test]
fn the_api_answers_the_owner() {
    let (server, db, owner, _) = start(Role::Distributor);
    for endpoint in guarded(routes::api()) {
        let path = fill(endpoint.path, &fixtures(&db, &owner));
        let answer = call(&owner.api(&server), &endpoint, &path);
        let fine = answer.status < 500 && !keeps_back(&answer);
        assert!(fine, "{} {path} answers its owner {}: {}", endpoint.method, answer.status, answer.body());
    }
}

#[test]
fn pages_keep_back_what_belongs_to_others() {
    let (server, db, owner, strangers) = start(Role::Distributor);
    let known = fixtures(&db, &owner);
    let outsiders: Vec<(&Company, Client)> = strangers.iter().map(|s| (s, s.browser(&server))).collect();
    let bystander = signed_in(&server, &owner.bystander_email);
    let before = everything(&owner.api(&server), &known);
    for endpoint in guarded(routes::pages()) {
        let name = format!("{} {}", endpoint.method, endpoint.path);
        let path = fill(endpoint.path, &known);
        let answer = visit(&server.visitor(), &endpoint, &path);
        assert!(keeps_back(&answer), "{name} answers a visitor: {}", answer.status);
        for (stranger, client) in &outsiders {
            let answer = visit(client, &endpoint, &path);
            assert!(keeps_back(&answer), "{name} answers a {}: {}", stranger.role, answer.status);
            assert!(!answer.body().contains(&owner.name), "{name} names its owner");
            let mut mixed = known.clone();
            mixed.insert("account", stranger.id.to_string());
            let mixed = fill(endpoint.path, &mixed);
            if known.iter().any(|(kind, id)| !matches!(*kind, "account" | "verb") && mixed.contains(id)) {
                let answer = visit(client, &endpoint, &mixed);
                assert!(keeps_back(&answer), "{name} as {mixed} answers a {}: {}", stranger.role, answer.status);
            }
        }
        if needs_permission(&endpoint) {
            assert_eq!(visit(&bystander, &endpoint, &path).status, 403, "{name} without permission");
        }
    }
    assert_eq!(everything(&owner.api(&server), &known), before, "something was changed");
}

#[test]
fn pages_answer_the_owner() {
    let (server, db, owner, _) = start(Role::Distributor);
    let client = owner.browser(&server);
    for endpoint in guarded(routes::pages()) {
        let path = fill(endpoint.path, &fixtures(&db, &owner));
        let answer = visit(&client, &endpoint, &path);
        let fine = answer.status < 500 && !keeps_back(&answer);
        assert!(fine, "{} {path} answers its owner {}: {}", endpoint.method, answer.status, answer.body());
    }
}

#[test]
#[should_panic(expected = "add its id to `fixtures`")]
fn an_unknown_kind_of_object_fails() {
    fill("/{account}/things/{thing}", &BTreeMap::from([("account", "VA-1".to_owned())]));
}
