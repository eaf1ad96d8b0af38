//! Chapter 16: what is written down, and how errors are told.

use causeway::db::{self, Db};
use causeway::flows;
use causeway::journal::seal;
use causeway::kit::Role;
use reqwest::Method;
use serde_json::json;

use crate::orders::world::text;
use crate::support::companies::{Company, PASSWORD, act, database};
use crate::support::logs;
use crate::support::server::Server;

/// 16.2.1, 16.2.2: what is written down says when, where, who and what.
/// How: the journal has a moment in UTC, the actor, the company, the object and what changed for every action; the log has a line
/// for every request with its id, method, path and end.
#[test]
fn v16_2_1_entries_say_when_who_and_what() {
    logs::keep_lines();
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let hub = json!({ "name": "Shop", "instance": { "id": "x", "type": "API" } });
    company.api(&server).post("hubs", &hub).expect(201);
    let whole = "select count(*) as n from event where verb = 'hub.registered' and at > 0 and actor_kind = 'token' and object_id like 'HB-%'";
    assert_eq!(server.database().number(whole), 1);
    let lines = logs::kept_lines();
    let line = lines.lines().find(|l| l.contains("/public/v1/hubs")).expect("a line for the request");
    assert!(line.contains("POST") && line.contains("id="), "{line}");
}

/// 16.2.5: what is secret is not logged.
/// How: the log has no queries and no bodies; secrets are a type that prints as dots. More of this is in the tests of secrets.
#[test]
fn v16_2_5_secrets_are_not_logged() {
    logs::keep_lines();
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    company.browser(&server).get("/profile").expect(200);
    company.api(&server).get("accounts?name=Very-secret-name").expect(200);
    let lines = logs::kept_lines();
    let secret = company.key.rsplit(':').next().expect("a secret");
    for word in [PASSWORD, secret, "Very-secret-name"] {
        assert!(!lines.contains(word), "the log has {word}");
    }
}

/// 16.3.3: attempts to get around the rules are written down.
/// How: requests from other sites, wrong keys and what is not allowed end in the log with their status and request id.
#[test]
fn v16_3_3_attempts_are_written_down() {
    logs::keep_lines();
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let browser = company.browser(&server);
    browser
        .send(Method::POST, "/sign-out", |r| r.header("sec-fetch-site", "cross-site").form(&[("x", "")]))
        .expect(403);
    server.api("ApiKey SU-000-000-000:wrong").get("accounts").expect(401);
    company.api_with(&server, &[]).get("hubs").expect(403);
    let lines = logs::kept_lines();
    for status in ["403", "401"] {
        assert!(lines.contains(&format!("status={status}")), "no line with {status}:\n{lines}");
    }
}

/// 16.4.1: nobody writes lines of the log.
/// How: fields are logged with their quotes and line ends escaped.
#[test]
fn v16_4_1_nobody_writes_lines_of_the_log() {
    logs::keep_lines();
    let server = Server::start();
    server.visitor().get("/x%0d%0aERROR%20forged%20line=1");
    let company = Company::new(&server, "Halden", Role::Distributor);
    company
        .api(&server)
        .post("hubs", &json!({ "name": "a\r\nERROR forged line", "instance": { "id": "x", "type": "API" } }));
    let lines = logs::kept_lines();
    assert!(lines.lines().all(|line| !line.starts_with("ERROR forged")), "{lines}");
}

/// 16.4.2: what was written down cannot be changed without being found out.
/// How: entries of the journal are chained by hashes; whoever changes one behind the program's back breaks the chain.
#[test]
fn v16_4_2_a_changed_entry_is_found() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    company.api(&server).post("hubs", &json!({ "name": "Shop", "instance": { "id": "x", "type": "API" } })).expect(201);
    while act(&server, seal::run) > 0 {}
    let db: Db = Db::open(server.database().url(), server.clock().clone(), flows::react).expect("the database");
    let broken = || -> db::Result<bool> { db.read(|tx| Ok(seal::verify(tx)?.is_some())) };
    assert!(!broken().expect("the journal"));
    server.database().execute("update event set verb = 'hub.deleted' where verb = 'hub.registered'");
    assert!(broken().expect("the journal"), "nobody noticed");
    server.database().execute("update event set verb = 'hub.registered' where verb = 'hub.deleted'");
    drop(database(&server));
}

/// 16.5.1: an error of the program tells its reader nothing of its inside.
/// How: the answer is a sentence with a reference; the cause is in the log under it.
#[test]
fn v16_5_1_errors_tell_nothing_of_the_inside() {
    let mut server = Server::start();
    server.expect_faults();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let (browser, api) = (company.browser(&server), company.api(&server));
    api.post("hubs", &json!({ "name": "Shop", "instance": { "id": "x", "type": "API" } })).expect(201);
    server.database().execute("alter table hub rename to hub_gone");
    let page = browser.get(&format!("/{}/hubs", company.id)).expect(500);
    let answer = api.try_send(Method::GET, "hubs", |r| r).expect("an answer").expect(500);
    for body in [page.body(), answer.body()] {
        for word in ["hub_gone", "no such table", "relation", "select ", "diesel", "src/"] {
            assert!(!body.contains(word), "{word} in {body}");
        }
    }
    assert!(!text(&answer.json(), "error_code").is_empty());
}

/// 16.5.3, 16.5.4: what nobody expected ends one request, not the program, and lets nothing through.
/// How: an action is one transaction, undone by any error; the last handler turns what is left over into a page or a JSON answer.
#[test]
fn v16_5_3_the_unexpected_ends_one_request() {
    let mut server = Server::start();
    server.expect_faults();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let api = company.api(&server);
    let hub = json!({ "name": "Shop", "instance": { "id": "x", "type": "API" } });
    server.database().execute("alter table event rename to event_gone");
    let post = || api.try_send(Method::POST, "hubs", |r| r.json(&hub)).expect("an answer");
    post().expect(500);
    server.database().execute("alter table event_gone rename to event");
    assert_eq!(server.database().number("select count(*) as n from hub"), 0, "done without an entry in the journal");
    post().expect(201);
    // Without its permissions a key opens nothing.
    server.database().execute("alter table token_permission rename to token_permission_gone");
    assert!(api.try_send(Method::GET, "hubs", |r| r).expect("an answer").status >= 400);
    server.database().execute("alter table token_permission_gone rename to token_permission");
}
