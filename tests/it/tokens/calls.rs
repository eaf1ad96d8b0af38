//! How often tokens are used: counted beside the calls, added up over processes, forgotten by day.

use causeway::kit::{Permissions, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::Api;
use crate::support::clock::pass_days;
use crate::support::companies::{Company, key};
use crate::support::program::Program;
use crate::support::server::Server;

fn id_of(key: &str) -> String {
    key.trim_start_matches("ApiKey ").split(':').next().unwrap().to_owned()
}

/// A company, and the key of a token of it that may do nothing.
fn start() -> (Server, Company, String) {
    let server = Server::start_with(|config| config.limits.token_calls = 8);
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let weak = key(&server, &company.id, "Northgate", Role::Distributor, &Permissions::default());
    (server, company, weak)
}

fn summary(api: &Api, id: &str) -> Value {
    api.get(&format!("statistics/tokens/{id}/summary")).expect(200).json()
}

fn totals(api: &Api, id: &str) -> Vec<(String, i64, i64)> {
    let all = summary(api, id)["statuses"].as_array().unwrap().clone();
    let number = |value: &Value, name: &str| value[name].as_i64().unwrap();
    let total = |v: &Value| (v["code"].as_str().unwrap().to_owned(), number(v, "total"), number(v, "since_last_reset"));
    all.iter().map(total).collect()
}

fn total(code: &str, total: i64, since: i64) -> (String, i64, i64) {
    (code.to_owned(), total, since)
}

#[test]
fn calls_are_counted_by_day_and_status_with_those_that_were_refused() {
    let (server, company, weak) = start();
    let (id, began) = (id_of(&weak), server.clock().now());
    let manager = || key(&server, &company.id, "Northgate", Role::Distributor, &Permissions::all());
    let api = company.api(&server);
    assert_eq!(summary(&api, &id)["statuses"], json!([]));
    assert_eq!(api.get(&format!("statistics/tokens/{id}/aggregates")).expect(200).json(), json!([]));
    let caller = server.api(&weak);
    caller.get("auth/context").expect(200);
    caller.get("auth/context").expect(200);
    caller.get("hubs").expect(403);
    caller.get("usage/files").expect(403);
    server.api(&format!("ApiKey {id}:wrong")).get("auth/context").expect(401);
    server.api("ApiKey SU-000-000-000:wrong").get("auth/context").expect(401);
    assert_eq!(totals(&api, &id), [total("200", 2, 2), total("401", 1, 1), total("403", 2, 2)]);
    pass_days(server.clock(), 1);
    for _ in 0..8 {
        caller.get("auth/context").expect(200);
    }
    caller.get("auth/context").expect(429);
    // The other token has used up its calls of this minute too.
    let api = server.api(&manager());
    let days = api.get(&format!("statistics/tokens/{id}/aggregates")).expect(200);
    assert_eq!(days.header("content-range"), "items 0-1/2");
    assert_eq!(
        days.json(),
        json!([
            { "date": "2026-03-03", "statuses": [{ "code": "200", "count": 8 }, { "code": "429", "count": 1 }] },
            {
                "date": "2026-03-02",
                "statuses": [
                    { "code": "200", "count": 2 }, { "code": "401", "count": 1 }, { "code": "403", "count": 2 },
                ],
            },
        ])
    );
    let since = summary(&api, &id)["started_tracking_at"].as_str().unwrap().to_owned();
    assert!(since <= began.wire() && since[..10] == began.wire()[..10], "{since}");
    // Counting anew keeps what was counted in all.
    let anew = api.post(&format!("statistics/tokens/{id}/reset"), &json!({})).expect(200).json();
    assert_eq!(anew["statuses"][0], json!({ "code": "200", "total": 10, "since_last_reset": 0 }));
    pass_days(server.clock(), 1);
    caller.get("auth/context").expect(200);
    let counted = totals(&api, &id);
    assert_eq!((&counted[0], &counted[2]), (&total("200", 11, 1), &total("403", 2, 0)));
    // No unknown token was counted, and calls of others are nobody's business.
    assert_eq!(server.database().number("select count(*) as n from token_call where token_id = 'SU-000-000-000'"), 0);
    let other = Company::new(&server, "Halden", Role::Vendor).api(&server);
    for (method, path) in [(Method::GET, "summary"), (Method::GET, "aggregates"), (Method::POST, "reset")] {
        other.send(method, &format!("statistics/tokens/{id}/{path}"), |request| request).expect(404);
    }
    assert_eq!(totals(&server.api(&manager()), &id)[0], total("200", 11, 1));
}

#[test]
fn what_a_token_did_stands_on_its_page() {
    let (server, company, weak) = start();
    let client = company.browser(&server);
    let here = format!("/{}/tokens/{}", company.id, id_of(&weak));
    client.open(&here).must_say("No program has used this token since counting began.");
    let caller = server.api(&weak);
    caller.get("auth/context").expect(200);
    caller.get("hubs").expect(403);
    let page = client.open(&here);
    assert!(page.has("figure[aria-label='Calls by day: 2 in the last 30 days']"), "{}", page.body());
    page.must_say("403: 1");
    assert!(!page.says("Since 2 Mar"), "nobody has begun anew");
    let page = client.submit(page.form_with("Count anew")).expect(200);
    page.must_say("The calls are counted anew.").must_say("The calls of token Test are counted anew");
    page.must_say("Since 2 Mar 2026");
    pass_days(server.clock(), 40);
    let later = company.browser(&server).open(&here);
    later.must_say("No program has used this token in the last 30 days.").must_say("403: 1");
}

/// The calls of a token that are written, whoever counted them.
fn written(server: &Server, id: &str) -> i64 {
    let sum = "select cast(coalesce(sum(calls), 0) as bigint) as n from token_call where token_id";
    server.database().number(&format!("{sum} = '{id}'"))
}

#[test]
fn several_processes_add_up_and_write_when_they_stop() {
    let mut server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let id = id_of(&company.key);
    let url = server.database().url().to_owned();
    let others: Vec<Program> = (0..2)
        .map(|_| {
            Program::start(server.dir(), &["serve", "--no-workers"], |command| {
                command.env("CAUSEWAY_DATABASE_URL", &url);
            })
        })
        .collect();
    std::thread::scope(|scope| {
        let bases = others.iter().map(|other| other.base().to_owned()).chain([server.base().to_owned()]);
        for base in bases {
            let key = company.key.clone();
            scope.spawn(move || {
                let api = Api::new(&base, &key);
                (0..20).for_each(|_| drop(api.get("auth/context").expect(200)));
            });
        }
    });
    for other in others {
        assert!(other.terminate().success());
    }
    server.restart();
    assert_eq!(written(&server, &id), 60);
    let sums = format!("select total as n from token_call_sum where token_id = '{id}' and code = 200");
    assert_eq!(server.database().number(&sums), 60);
    assert!(
        server.database().number(&format!("select count(*) as n from token where id = '{id}' and used_at > 0")) > 0
    );
}

#[test]
fn what_could_not_be_written_is_written_later() {
    let mut server = Server::start();
    server.expect_faults();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let (api, id) = (company.api(&server), id_of(&company.key));
    server.database().execute("alter table token_call rename to token_call_away");
    api.get("auth/context").expect(200);
    let broken = api.try_send(Method::GET, &format!("statistics/tokens/{id}/summary"), |request| request);
    assert_eq!(broken.unwrap().status, 500);
    server.database().execute("alter table token_call_away rename to token_call");
    assert_eq!(totals(&api, &id), [total("200", 1, 1), total("500", 1, 1)]);
}
