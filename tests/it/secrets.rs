//! Secrets are shown once and kept nowhere: not in the answers that wait for a repetition, not in the queue of mails, not in
//! the journal, not in the log.

use causeway::flows::accounts::actions::{self, Door};
use reqwest::Method;
use serde_json::{Value, json};

use crate::orders::world::{World as Orders, text};
use crate::partners::world::{World, offer};
use crate::support::client::Api;
use crate::support::companies::act;
use crate::support::logs;
use crate::support::page::Page;
use crate::support::server::Server;

/// Posts under a key of its own kind.
fn keyed(api: &Api, key: &str, path: &str, body: &Value) -> Page {
    api.send(Method::POST, path, |request| request.header("Idempotency-Key", key).json(body))
}

/// Fails if the database or the log of a program has a secret.
#[track_caller]
fn kept_nowhere(server: &Server, what: &str, secret: &str) {
    assert!(secret.len() >= 12, "{what}: {secret:?} is too short to be looked for");
    server.settle();
    assert_eq!(server.database().tables_with(secret), Vec::<String>::new(), "the database keeps {what}");
    if logs::one_test_per_process() {
        let lines = logs::kept_lines();
        assert!(lines.contains("request"), "nothing was logged at all");
        let line = lines.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "the log keeps {what}");
    }
}

/// The part of a link behind `secret=`.
fn secret_of(link: &str) -> String {
    link.split_once("secret=").unwrap_or_else(|| panic!("no secret in {link}")).1.to_owned()
}

#[test]
fn a_tokens_secret_is_answered_once() {
    logs::keep_lines();
    let world = World::new();
    let api = world.api();
    let body = json!({ "name": "Robot" });
    let first = keyed(&api, "k-1", "auth/tokens", &body).expect(201).json();
    let secret = first["token"].as_str().expect("the secret").to_owned();
    let again = keyed(&api, "k-1", "auth/tokens", &body).expect(201).json();
    assert_eq!(again["id"], first["id"], "a second token was made");
    assert_eq!(again.get("token"), None, "the secret was kept");
    let other = keyed(&api, "k-1", "auth/tokens", &json!({ "name": "Other" }));
    assert_eq!(other.status, 409, "the key was used for something else");
    let key = format!("ApiKey {}:{secret}", first["id"].as_str().expect("an id"));
    world.server.api(&key).get("accounts").expect(200);
    kept_nowhere(&world.server, "a token's secret", &secret);
}

#[test]
fn new_keys_of_a_token_are_answered_once() {
    logs::keep_lines();
    let world = World::new();
    let api = world.api();
    let body = json!({ "name": "Robot", "expiration_date": "2199-01-31" });
    let made = keyed(&api, "k-1", "auth/tokens", &body).expect(201).json();
    let path = format!("auth/tokens/{}", made["id"].as_str().expect("an id"));
    for (verb, field) in [("renew", "renewed_token"), ("rotate", "token")] {
        let path = format!("{path}/{verb}");
        let first = keyed(&api, verb, &path, &json!({})).expect(200).json();
        let secret = first[field].as_str().expect("the secret").to_owned();
        let again = keyed(&api, verb, &path, &json!({})).expect(200).json();
        assert_eq!((again.get(field), &again["events"]), (None, &first["events"]), "{verb}");
        let key = format!("ApiKey {}:{secret}", first["id"].as_str().expect("an id"));
        world.server.api(&key).get("accounts").expect(200);
        kept_nowhere(&world.server, verb, &secret);
    }
}

#[test]
fn an_activation_link_is_derived_again_for_a_repetition() {
    logs::keep_lines();
    let world = World::new();
    let program = world.agreement("program");
    let mut body = offer("Halden");
    body["activation"]["email"] = json!("eva@halden.example");
    let path = format!("agreements/{program}/contracts");
    let first = keyed(&world.api(), "k-1", &path, &body).expect(201).json();
    let code = first["activation"]["code"].as_str().expect("a code").to_owned();
    let again = keyed(&world.api(), "k-1", &path, &body).expect(201).json();
    assert_eq!(again, first);
    let link = world.server.mail().next_to("eva@halden.example").link();
    assert_eq!(secret_of(&link), code);
    world.server.visitor().open(&link);
    kept_nowhere(&world.server, "an activation code", &code);
}

#[test]
fn links_that_set_a_password_stand_in_mails_only() {
    logs::keep_lines();
    let world = World::new();
    let (server, company) = (&world.server, &world.distributor);
    let door = Door { deployment: "the deployment's secret" };
    act(server, |tx| actions::send_password_link(tx, &company.email, &door));
    server.settle();
    let groups = company.api(server).get(&format!("accounts/{}/groups", company.id)).expect(200).json();
    let cy = json!({ "email": "cy@northgate.example", "name": "Cy", "groups": [{ "id": groups[0]["id"] }] });
    keyed(&company.api(server), "k-1", &format!("accounts/{}/users", company.id), &cy).expect(201);
    let visitor = server.visitor();
    let form = visitor.open("/forgotten-password").form_with("Send a link").set("email", "cy@northgate.example");
    visitor.submit(form);
    let link = server.mail().next_to("cy@northgate.example").link();
    assert!(link.starts_with(server.base()), "{link}");
    let secret = secret_of(&link);
    kept_nowhere(server, "a link's secret", &secret);
    let password = "A-very-2nd-password";
    let form = visitor.open(&link).form_with("Set password").set("password", password).set("again", password);
    visitor.post(form).expect(303);
    kept_nowhere(server, "a link's secret after its use", &secret);
    kept_nowhere(server, "a password", password);
}

#[test]
fn the_link_of_a_customers_form_is_derived_again_for_a_repetition() {
    logs::keep_lines();
    let world = Orders::new();
    let request = text(&world.purchased("c-1"), "id");
    let seller = world.seller();
    let params = json!({ "asset": { "params": [{ "id": "admin_email", "value_error": "Not known" }] } });
    seller.put(&format!("requests/{request}"), &params).expect(200);
    let path = format!("requests/{request}/inquire");
    let first = keyed(&seller, "k-1", &path, &json!({})).expect(200).json();
    let again = keyed(&seller, "k-1", &path, &json!({})).expect(200).json();
    assert_eq!(again, first);
    let link = world.server.mail().next_to("eva@c-1.example").link();
    kept_nowhere(&world.server, "the secret of a form", &secret_of(&link));
}
