//! Rules about addresses: they hold at once, nobody locks themselves out, and there is a way back in.

use causeway::kit::{Level, Module, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{Api, Client};
use crate::support::companies::{Company, PASSWORD, sign_in};
use crate::support::page::Page;
use crate::support::program;
use crate::support::server::Server;

const OFFICE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.9";

fn start() -> (Server, Company) {
    let server = Server::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]);
    let company = Company::new(&server, "Northgate", Role::Distributor);
    (server, company)
}

/// A browser at an address in which the company's administrator is signed in.
fn browser(server: &Server, company: &Company, address: &str) -> Client {
    let client = Client::at(server.base(), address);
    let form = client.open("/sign-in").form_with("Sign in").set("email", &company.email).set("password", PASSWORD);
    client.post(form).expect(303);
    client
}

fn rules(company: &Company, rest: &str) -> String {
    format!("/{}/users/ip-rules{rest}", company.id)
}

fn add(client: &Client, path: &str, value: &str) -> Page {
    client
        .submit(client.open(&format!("{path}/new")).form_with("Add rule").set("value", value).set("comment", "Office"))
}

fn at(client: &Client, path: &str, address: &str) -> Page {
    client.send(Method::GET, path, |request| request.header("x-forwarded-for", address))
}

#[test]
fn a_rule_for_people_holds_at_once_and_in_its_company_alone() {
    let (server, company) = start();
    let office = browser(&server, &company, OFFICE);
    let outside = browser(&server, &company, ELSEWHERE);
    let home = format!("/{}", company.id);
    outside.get(&home).expect(200);
    let page = office.open(&rules(&company, ""));
    page.must_say("Everybody may come from everywhere").must_say(OFFICE);
    // The first rule is suggested with the address of whoever makes it.
    let form = office.click(&page, "Add my address").form_with("Add rule");
    assert_eq!(form.value("value"), Some(OFFICE));
    office.submit(form.set("comment", "Office")).expect(200).must_say("holds from now on").must_say("Office");
    let refused = outside.get(&home).expect(403);
    refused.must_say(ELSEWHERE).must_say("Northgate").must_say("administrator");
    outside.get(&rules(&company, "")).expect(403);
    outside.get("/profile").expect(200);
    office.get(&home).expect(200);
    // IPv4 in IPv6 clothes is IPv4; a header that names no address opens no door.
    at(&office, &home, &format!("::ffff:{OFFICE}")).expect(200);
    at(&office, &home, "2001:db8::1").expect(403);
    at(&office, &home, "unknown").expect(403);
    at(&office, &home, &format!("{OFFICE}, {ELSEWHERE}")).expect(403);
    // Programs have a list of their own.
    Api::at(server.base(), &company.key, ELSEWHERE).get("accounts").expect(200);
    // Whoever works elsewhere too is led there.
    let other = Company::new(&server, "Halden", Role::Vendor);
    let join = format!(
        "insert into membership (account_id, user_id, status, created_at) values ('{}', '{}', 'active', 1)",
        other.id, company.user
    );
    server.database().execute(&join);
    outside.get(&format!("/{}", other.id)).expect(200);
    let led = outside.follow(outside.get("/"));
    assert_eq!(led.url.path(), format!("/{}", other.id));
    office.get(&home).expect(200);
}

#[test]
fn nobody_locks_themselves_out() {
    let (server, company) = start();
    let office = browser(&server, &company, OFFICE);
    let list = rules(&company, "");
    let refused = add(&office, &list, ELSEWHERE).expect(422);
    refused.must_say(OFFICE).must_say("lock yourself out").must_say("Use my address");
    assert_eq!(refused.form_with("Add rule").value("value"), Some(ELSEWHERE), "what was typed is kept");
    add(&office, &list, "203.0.113.0/24").expect(200);
    add(&office, &list, ELSEWHERE).expect(200);
    let page = office.open(&list);
    let own = office.click(&page, "203.0.113.0/24");
    let form = own.form_with("Save").set("value", "203.0.113.100-203.0.113.200");
    office.post(form).expect(422).must_say("lock yourself out");
    let asked = office.click(&own, "Delete rule…");
    office.post(asked.form_with("Delete rule")).expect(422).must_say("lock yourself out");
    let other = office.click(&page, ELSEWHERE);
    let asked = office.click(&other, "Delete rule…");
    office.submit(asked.form_with("Delete rule")).expect(200).must_say("The rule was deleted");
    // The last one can go: then everybody may come.
    let asked = office.click(&own, "Delete rule…");
    office.submit(asked.form_with("Delete rule")).expect(200).must_say("No IP rules yet");
    browser(&server, &company, ELSEWHERE).get(&format!("/{}", company.id)).expect(200);
}

#[test]
fn two_who_take_each_others_address_away_do_not_both_succeed() {
    let (server, company) = start();
    let (office, outside) = (browser(&server, &company, OFFICE), browser(&server, &company, ELSEWHERE));
    let list = rules(&company, "");
    // With a third rule the list does not become empty, which would let everybody in.
    for value in [OFFICE, ELSEWHERE, "192.0.2.1"] {
        add(&office, &list, value).expect(200);
    }
    let asked = |client: &Client, value: &str| {
        let rule = client.click(&client.open(&list), value);
        client.click(&rule, "Delete rule…").form_with("Delete rule")
    };
    let (by_office, by_outside) = (asked(&office, ELSEWHERE), asked(&outside, OFFICE));
    let done: Vec<u16> = std::thread::scope(|scope| {
        let one = scope.spawn(|| office.post(by_office).status);
        let two = scope.spawn(|| outside.post(by_outside).status);
        [one, two].into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|status| **status == 303).count(), 1, "{done:?}");
    let left = server.database().number("select count(*) as n from ip_rule");
    assert_eq!(left, 2);
    let inside = [&office, &outside].into_iter().filter(|c| c.get(&list).status == 200).count();
    assert_eq!(inside, 1);
}

#[test]
fn what_is_no_address_is_refused_and_what_was_there_stays() {
    let (server, company) = start();
    let office = browser(&server, &company, OFFICE);
    let list = rules(&company, "");
    for (value, said) in [
        ("", "required"),
        ("portal.example", "is no address"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("203.0.113.9-203.0.113.1", "begins after its end"),
        ("203.0.113.1-2001:db8::1", "mixes IPv4 and IPv6"),
        ("203.0.113.7; drop table ip_rule", "is no address"),
        (&"9".repeat(600), "at most 512"),
    ] {
        add(&office, &list, value).expect(422).must_say(said);
    }
    add(&office, &list, " 203.0.113.0 - 203.0.113.255 ").expect(200).must_say("203.0.113.0/24");
    add(&office, &list, "203.0.113.0/24").expect(422).must_say("already");
    // Two who edit the same rule: the second is told.
    let page = office.open(&list);
    let first = office.click(&page, "203.0.113.0/24").form_with("Save").set("comment", "First");
    let late = office.click(&page, "203.0.113.0/24").form_with("Save").set("comment", "Late");
    office.submit(first).expect(200);
    office.post(late).expect(422).must_say("Somebody changed");
    office.open(&list).must_say("First");
}

#[test]
fn only_so_many_rules_fit() {
    let server = Server::start_with(|config| {
        config.limits.ip_rules = 2;
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    });
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let office = browser(&server, &company, OFFICE);
    for value in [OFFICE, ELSEWHERE] {
        add(&office, &rules(&company, ""), value).expect(200);
    }
    add(&office, &rules(&company, ""), "192.0.2.1").expect(422).must_say("2 IP rules already");
}

#[test]
fn a_rule_for_programs_holds_at_once_and_says_who_can_change_it() {
    let (server, company) = start();
    let api = |address: &str| Api::at(server.base(), &company.key, address);
    let add = |address: &str, value: &str| {
        api(address).post("acl/tokens/rules", &json!({ "value": value, "comment": "Data centre" }))
    };
    let refused = add(OFFICE, ELSEWHERE).expect(400).json();
    assert!(refused["errors"][0].as_str().unwrap().contains(OFFICE), "{refused}");
    let rule = add(OFFICE, "203.0.113.0/24").expect(201).json();
    assert_eq!((&rule["action"], &rule["value"]), (&json!("allow"), &json!("203.0.113.0/24")));
    let refused = api(ELSEWHERE).get("accounts").expect(403);
    let body = refused.json();
    assert_eq!((&body["error_code"], &body["params"]["address"]), (&json!("AUTH_004"), &json!(ELSEWHERE)));
    let said = body["errors"][0].as_str().unwrap();
    assert!(said.contains(ELSEWHERE) && said.contains("administrator of Northgate"), "{said}");
    // Without the right secret nothing is told about rules.
    let id = company.key.split(':').next().unwrap();
    Api::at(server.base(), &format!("{id}:wrong"), ELSEWHERE).get("accounts").expect(401);
    // People have a list of their own, and may change that of programs from anywhere.
    let person = browser(&server, &company, ELSEWHERE);
    person.open(&format!("/{}/tokens/ip-rules", company.id)).must_say("203.0.113.0/24").must_say("Data centre");
    let path = format!("acl/tokens/rules/{}", rule["id"].as_str().unwrap());
    api(OFFICE).put(&path, &json!({ "value": ELSEWHERE })).expect(400);
    let changed = api(OFFICE).put(&path, &json!({ "value": OFFICE, "comment": null })).expect(200).json();
    assert_eq!((&changed["value"], &changed["comment"]), (&json!(OFFICE), &json!("")));
    assert!(changed["events"]["updated"]["by"]["id"].is_string(), "{changed}");
    api(OFFICE).delete(&path).expect(204);
    api(OFFICE).get(&path).expect(404);
    api(ELSEWHERE).get("accounts").expect(200);
}

#[test]
fn rules_are_listed_filtered_deleted_together_and_told_by_the_settings() {
    let (server, company) = start();
    let api = Api::at(server.base(), &company.key, OFFICE);
    let make = |acl: &str, value: &str| {
        let made =
            api.post(&format!("acl/{acl}/rules"), &json!({ "value": value, "comment": value })).expect(201).json();
        made["id"].as_str().unwrap().to_owned()
    };
    let domain = |module: &str| api.get(&format!("modules/{module}/settings")).expect(200).json()["acl"].clone();
    assert_eq!(domain("account"), json!({ "domain": "allow", "ips": [] }));
    let ids: Vec<String> = ["192.0.2.0/30", "2001:db8::/127", OFFICE].iter().map(|v| make("users", v)).collect();
    make("tokens", OFFICE);
    assert_eq!(domain("integrations")["ips"], json!([{ "name": OFFICE, "ip_range": [OFFICE, OFFICE] }]));
    let told = domain("account");
    assert_eq!(told["domain"], "deny");
    assert_eq!(told["ips"][0], json!({ "name": "192.0.2.0/30", "ip_range": ["192.0.2.0", "192.0.2.3"] }));
    assert_eq!(told["ips"][1]["ip_range"], json!(["2001:db8::", "2001:db8::1"]));
    let count = |query: &str| api.get(&format!("acl/users/rules{query}")).expect(200).json().as_array().unwrap().len();
    assert_eq!((count(""), count("?eq(action,allow)"), count("?eq(action,deny)")), (3, 3, 0));
    assert_eq!(
        (count("?like(value,192*)"), count(&format!("?eq(id,{})", ids[1])), count("?eq(acl,tokens)")),
        (1, 1, 3)
    );
    let gone = |body: Value| api.send(Method::DELETE, "acl/users/rules", |request| request.json(&body));
    api.delete("acl/users/rules").expect(400);
    gone(json!([])).expect(400);
    // One that is not there keeps the others.
    gone(json!([{ "id": ids[0] }, { "id": "IPR-999-999-999" }])).expect(404);
    assert_eq!(count(""), 3);
    gone(json!([{ "id": ids[0] }, { "id": ids[1] }])).expect(204);
    gone(json!({ "id": ids[2] })).expect(204);
    assert_eq!(count(""), 0);
    // The lists are those two, and a rule is in its own list alone.
    api.get("acl/others/rules").expect(404);
    api.post("acl/others/rules", &json!({ "value": OFFICE })).expect(404);
    let people = make("users", OFFICE);
    api.get(&format!("acl/tokens/rules/{people}")).expect(404);
    api.put(&format!("acl/tokens/rules/{people}"), &json!({ "comment": "x" })).expect(404);
    api.delete(&format!("acl/tokens/rules/{people}")).expect(404);
    // Nobody else's, and not without the permission.
    let other = Company::new(&server, "Halden", Role::Vendor);
    other.api(&server).get(&format!("acl/users/rules/{people}")).expect(404);
    other.api(&server).delete(&format!("acl/users/rules/{people}")).expect(404);
    let weak = |held: &[(Module, Level)]| company.api_with(&server, held);
    let at_office = |api: Api, method: Method, path: &str| {
        api.send(method, path, |r| r.header("x-forwarded-for", OFFICE).json(&json!({ "value": "192.0.2.7" }))).status
    };
    let reader = || weak(&[(Module::Account, Level::Read)]);
    assert_eq!(at_office(reader(), Method::GET, "acl/users/rules"), 200);
    assert_eq!(at_office(reader(), Method::POST, "acl/users/rules"), 403);
    assert_eq!(at_office(reader(), Method::GET, "acl/tokens/rules"), 403);
    assert_eq!(at_office(reader(), Method::GET, "modules/integrations/settings"), 403);
}

#[test]
fn the_operator_opens_the_door_again() {
    let (server, company) = start();
    let office = browser(&server, &company, OFFICE);
    add(&office, &rules(&company, ""), OFFICE).expect(200);
    office.open(&format!("/{}/account", company.id)).must_say("An IP rule for people in the portal was added");
    let outside = browser(&server, &company, ELSEWHERE);
    outside.get(&format!("/{}", company.id)).expect(403);
    let url = server.database().url();
    let run =
        |account: &str| program::run(server.dir(), &["--database-url", url, "account", "clear-ip-rules", account]);
    let done = run(company.id.as_str());
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("there were 1"), "{said}{}", String::from_utf8_lossy(&done.stderr));
    outside.get(&format!("/{}", company.id)).expect(200);
    for unknown in ["VA-000-000", "nonsense", "PRD-123"] {
        let refused = run(unknown);
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains(&format!("There is no account {unknown}")));
    }
    sign_in(&server, &company.email).open(&format!("/{}/account", company.id)).must_say("took away every IP rule");
}
