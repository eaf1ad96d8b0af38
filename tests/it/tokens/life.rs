//! What becomes of a token through the API: its ends, its keys, what it may do.

use causeway::flows::accounts::actions;
use causeway::kit::{Level, Module, Permissions, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::Api;
use crate::support::clock::pass_days;
use crate::support::companies::{Company, act};
use crate::support::server::Server;

fn start() -> (Server, Company) {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    (server, company)
}

fn day(server: &Server, days: i64) -> String {
    server.clock().now().plus_seconds(days * 24 * 3600).wire()
}

/// Makes a token; gives its id and its key.
fn make(api: &Api, body: Value) -> (String, String) {
    let made = api.post("auth/tokens", &body).expect(201).json();
    let id = made["id"].as_str().unwrap().to_owned();
    (id.clone(), format!("ApiKey {id}:{}", made["token"].as_str().unwrap()))
}

fn key_of(answer: &Value, field: &str) -> String {
    format!("ApiKey {}:{}", answer["id"].as_str().unwrap(), answer[field].as_str().unwrap())
}

fn status(api: &Api, id: &str) -> String {
    api.get(&format!("auth/tokens/{id}")).expect(200).json()["status"].as_str().unwrap().to_owned()
}

#[track_caller]
fn works(server: &Server, key: &str, works: bool) {
    server.api(key).get("auth/context").expect(if works { 200 } else { 401 });
}

fn found(api: &Api, status: &str) -> Vec<String> {
    let list = api.get(&format!("auth/tokens?eq(status,{status})")).expect(200).json();
    list.as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_token_grows_old_and_the_administrators_are_told_once() {
    let (server, company) = start();
    let api = company.api(&server);
    let (id, key) = make(&api, json!({ "name": "Nightly", "expiration_date": day(&server, 60) }));
    assert_eq!((status(&api, &id), found(&api, "active").contains(&id)), ("active".to_owned(), true));
    pass_days(server.clock(), 47);
    // No job is needed: the status, the filter and the key go by the clock.
    assert_eq!((status(&api, &id), found(&api, "expiring")), ("expiring".to_owned(), vec![id.clone()]));
    assert_eq!(api.get("auth/tokens?like(id,*)").json()[0]["status"], "expiring");
    works(&server, &key, true);
    server.settle();
    let mails = server.mail().all_to(&company.email);
    assert_eq!(mails.len(), 1, "one mail for one end");
    assert!(mails[0].subject.contains("Nightly") && mails[0].text.contains("1 May 2026"), "{}", mails[0].text);
    assert!(mails[0].link().ends_with(&format!("/{}/tokens/{id}", company.id)));
    pass_days(server.clock(), 14);
    works(&server, &key, false);
    assert_eq!((status(&api, &id), found(&api, "expired")), ("expired".to_owned(), vec![id.clone()]));
    assert_eq!(found(&api, "expiring"), Vec::<String>::new());
    server.settle();
    assert_eq!(server.mail().all_to(&company.email).len(), 1);
    let noted = "select count(*) as n from event where verb = 'token.expired'";
    assert_eq!(server.database().number(noted), 1);
    // It comes back with a new end.
    api.put(&format!("auth/tokens/{id}"), &json!({ "expiration_date": day(&server, 90) })).expect(200);
    works(&server, &key, true);
}

#[test]
fn nobody_is_told_of_an_end_that_was_near_when_it_was_chosen() {
    let (server, company) = start();
    make(&company.api(&server), json!({ "name": "Short", "expiration_date": day(&server, 3) }));
    pass_days(server.clock(), 2);
    found(&company.api(&server), "expiring");
    server.settle();
    assert!(server.mail().all_to(&company.email).is_empty());
}

#[test]
fn after_a_renewal_both_keys_work_until_the_old_one_ends() {
    let (server, company) = start();
    let api = company.api(&server);
    let first_end = day(&server, 10);
    let (id, old) = make(&api, json!({ "name": "Nightly", "expiration_date": first_end }));
    let renew = |body: Value| api.post(&format!("auth/tokens/{id}/renew"), &body);
    let renewed_end = day(&server, 300);
    let lost = key_of(&renew(json!({ "expiration_date": renewed_end })).expect(200).json(), "renewed_token");
    let answer = renew(json!({ "expiration_date": renewed_end })).expect(200).json();
    let new = key_of(&answer, "renewed_token");
    assert_eq!(
        (&answer["status"], &answer["expiration_date"], &answer["renewed_expiration_date"]),
        (&json!("revitalised"), &json!(first_end), &json!(renewed_end))
    );
    assert!(answer.get("token").is_none(), "the old secret is not shown again");
    assert_eq!(found(&api, "revitalised"), std::slice::from_ref(&id));
    works(&server, &old, true);
    works(&server, &new, true);
    works(&server, &lost, false);
    // The old key cannot be made to outlive the new one.
    let edit = |end: Value| api.put(&format!("auth/tokens/{id}"), &json!({ "expiration_date": end }));
    for end in [Value::Null, json!(day(&server, 301))] {
        assert!(edit(end).expect(400).body().contains("newer key"));
    }
    pass_days(server.clock(), 11);
    works(&server, &old, false);
    works(&server, &new, true);
    let shown = api.get(&format!("auth/tokens/{id}")).expect(200).json();
    assert_eq!(
        (&shown["status"], &shown["expiration_date"], &shown["renewed_expiration_date"]),
        (&json!("active"), &json!(renewed_end), &Value::Null)
    );
    assert_eq!(found(&api, "revitalised"), Vec::<String>::new());
    // Now the new one is the first, and can be renewed itself.
    let again = key_of(&renew(json!({})).expect(200).json(), "renewed_token");
    for key in [&new, &again] {
        works(&server, key, true);
    }
    works(&server, &old, false);
}

#[test]
fn what_cannot_be_renewed_says_why() {
    let (server, company) = start();
    let api = company.api(&server);
    let (endless, _) = make(&api, json!({ "name": "Endless" }));
    let (short, _) = make(&api, json!({ "name": "Short", "expiration_date": day(&server, 30) }));
    let renew = |id: &str, body: Value| api.post(&format!("auth/tokens/{id}/renew"), &body).expect(400).body();
    assert!(renew(&endless, json!({})).contains("has no end"));
    assert!(renew(&short, json!({ "expiration_date": day(&server, 29) })).contains("before the old one"));
    assert!(renew(&short, json!({ "expiration_date": "2001-01-01" })).contains("has passed"));
    assert!(renew(&short, json!({ "expiration_date": "soon" })).contains("soon"));
    api.post(&format!("auth/tokens/{short}/deactivate"), &json!({})).expect(200);
    assert!(renew(&short, json!({})).contains("inactive"));
    api.post(&format!("auth/tokens/{short}/activate"), &json!({})).expect(200);
    pass_days(server.clock(), 31);
    assert!(renew(&short, json!({})).contains("expired"));
}

#[test]
fn a_rotated_token_has_one_key_and_the_older_ones_are_dead_at_once() {
    let (server, company) = start();
    let api = company.api(&server);
    let end = day(&server, 10);
    let (id, old) = make(&api, json!({ "name": "Nightly", "expiration_date": end }));
    let second = api.post(&format!("auth/tokens/{id}/renew"), &json!({})).expect(200).json();
    let second = key_of(&second, "renewed_token");
    let rotate = |body: Value| api.post(&format!("auth/tokens/{id}/rotate"), &body).expect(200).json();
    let answer = rotate(json!({ "expiration_date": end }));
    let new = key_of(&answer, "token");
    assert_eq!((&answer["status"], &answer["renewed_expiration_date"]), (&json!("expiring"), &Value::Null));
    for (key, alive) in [(&old, false), (&second, false), (&new, true)] {
        works(&server, key, alive);
    }
    // An end that has passed is replaced by the usual one; without a word the end stays.
    pass_days(server.clock(), 11);
    works(&server, &new, false);
    let answer = rotate(json!({}));
    assert_eq!(answer["expiration_date"], day(&server, 365));
    works(&server, &key_of(&answer, "token"), true);
    assert_eq!(rotate(json!({}))["expiration_date"], answer["expiration_date"]);
    assert_eq!(rotate(json!({ "expiration_date": null }))["expiration_date"], Value::Null);
    // What is stopped stays stopped, and what is deleted stays dead.
    api.post(&format!("auth/tokens/{id}/deactivate"), &json!({})).expect(200);
    let stopped = rotate(json!({}));
    assert_eq!(stopped["status"], "inactive");
    works(&server, &key_of(&stopped, "token"), false);
    api.delete(&format!("auth/tokens/{id}")).expect(204);
    for verb in ["renew", "rotate", "activate", "deactivate"] {
        let refused = api.post(&format!("auth/tokens/{id}/{verb}"), &json!({})).expect(400);
        assert!(refused.body().contains("is deleted"), "{verb}");
    }
    let read = api.get(&format!("auth/tokens/{id}")).expect(200).json();
    assert_eq!((&read["status"], &read["name"]), (&json!("deleted"), &json!("Nightly")));
    assert!(!read["permissions"].as_array().unwrap().is_empty(), "the record stays readable");
}

#[test]
fn of_keys_that_are_made_at_the_same_time_one_works() {
    let (server, company) = start();
    let api = company.api(&server);
    let (id, _) = make(&api, json!({ "name": "Nightly", "expiration_date": day(&server, 100) }));
    for (verb, field) in [("rotate", "token"), ("renew", "renewed_token")] {
        let path = format!("auth/tokens/{id}/{verb}");
        let keys: Vec<String> = std::thread::scope(|scope| {
            let one = || key_of(&api.post(&path, &json!({})).expect(200).json(), field);
            let all: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
            all.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let alive = keys.iter().filter(|key| server.api(key).get("auth/context").status == 200).count();
        assert_eq!(alive, 1, "{verb}");
    }
}

#[test]
fn a_token_may_do_what_it_is_permitted_from_its_next_call_on() {
    let (server, company) = start();
    let api = company.api(&server);
    let only = json!([{ "object": { "id": "MD-0001" }, "level": "read" }]);
    let (id, key) = make(&api, json!({ "name": "Weak", "permissions": only }));
    let (path, weak) = (format!("auth/tokens/{id}/permissions"), server.api(&key));
    let listed = api.get(&path).expect(200);
    assert_eq!(
        (listed.header("content-range"), listed.json()),
        (
            "items 0-0/1",
            json!([{ "id": "MD-0001", "object": { "id": "MD-0001", "name": "Account" }, "level": "read" }])
        )
    );
    weak.get("hubs").expect(403);
    let granted = api.post(&path, &json!({ "object": { "id": "MD-0004" } })).expect(201).json();
    assert_eq!((&granted["id"], &granted["level"]), (&json!("MD-0004"), &json!("manage")));
    weak.get("hubs").expect(200);
    let hub = json!({ "name": "H", "description": "", "instance": { "id": "h", "type": "API" } });
    api.post(&path, &json!({ "id": "MD-0004", "level": "read" })).expect(201);
    weak.post("hubs", &hub).expect(403);
    weak.get("hubs").expect(200);
    let gone = |body: Value| api.send(Method::DELETE, &path, |request| request.json(&body));
    gone(json!({ "object": { "id": "MD-0004" } })).expect(204);
    weak.get("hubs").expect(403);
    for wrong in [json!({}), json!({ "object": { "id": "MD-9999" } }), json!({ "object": 7 }), json!({ "id": "" })] {
        gone(wrong.clone()).expect(400);
        api.post(&path, &wrong).expect(400);
    }
    let refused = api.post(&path, &json!({ "id": "MD-0004", "level": "own" })).expect(400);
    assert!(refused.body().contains("read, act, manage"), "{}", refused.body());
    // Somebody else's token is not there, and a deleted one is not changed.
    let other = Company::new(&server, "Halden", Role::Vendor);
    other.api(&server).get(&path).expect(404);
    other.api(&server).post(&path, &json!({ "id": "MD-0001" })).expect(404);
    api.delete(&format!("auth/tokens/{id}")).expect(204);
    api.post(&path, &json!({ "id": "MD-0001" })).expect(400);
}

#[test]
fn nobody_gets_more_by_a_token_than_they_hold() {
    let (server, company) = start();
    let strong = company.key.trim_start_matches("ApiKey ").split(':').next().unwrap().to_owned();
    let mut little = Permissions::default();
    little.grant(Module::Integrations, Level::Manage);
    little.grant(Module::Account, Level::Read);
    let clerk = act(&server, |tx| actions::create_token(tx, &company.system(), "Clerk", "", &little));
    let clerk = server.api(&clerk.key());
    // A new key of a token that may do more would be more.
    for verb in ["renew", "rotate"] {
        let refused = clerk.post(&format!("auth/tokens/{strong}/{verb}"), &json!({})).expect(403);
        assert!(refused.body().contains("may do more than you may"), "{}", refused.body());
    }
    works(&server, &company.key, true);
    let more = json!([{ "object": { "id": "MD-0001" }, "level": "manage" }]);
    clerk.post("auth/tokens", &json!({ "name": "More", "permissions": more })).expect(400);
    let less = json!([{ "object": { "id": "MD-0001" }, "level": "read" }]);
    let (id, _) = make(&clerk, json!({ "name": "Less", "permissions": less }));
    let path = format!("auth/tokens/{id}/permissions");
    clerk.post(&path, &json!({ "id": "MD-0001", "level": "manage" })).expect(400);
    clerk.post(&path, &json!({ "id": "MD-0010", "level": "read" })).expect(400);
    clerk.post(&path, &json!({ "id": "MD-0007" })).expect(201);
    // What a token had before may stay, and can be taken away.
    clerk.put(&format!("auth/tokens/{strong}"), &json!({ "description": "Known" })).expect(200);
    clerk
        .send(Method::DELETE, &format!("auth/tokens/{strong}/permissions"), |r| r.json(&json!({ "id": "MD-0010" })))
        .expect(204);
    company.api(&server).get("usage/files").expect(403);
}

#[test]
fn where_a_token_was_used_last_is_noted() {
    let server = Server::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]);
    let company = Company::new(&server, "Northgate", Role::Distributor);
    Api::at(server.base(), &company.key, "203.0.113.7").get("auth/context").expect(200);
    let id = company.key.trim_start_matches("ApiKey ").split(':').next().unwrap().to_owned();
    let page = company.browser(&server).open(&format!("/{}/tokens/{id}", company.id));
    page.must_say("203.0.113.7");
}
