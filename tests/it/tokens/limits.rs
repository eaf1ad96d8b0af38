//! How often somebody may ask.

use causeway::kit::{Permissions, Role};
use serde_json::json;

use crate::support::client::{Api, Client};
use crate::support::companies::{Company, key};
use crate::support::page::Page;
use crate::support::server::Server;

/// The seconds that an answer asks to wait, which its text says too.
#[track_caller]
fn wait(refused: &Page) -> i64 {
    let seconds: i64 = refused.header("retry-after").parse().expect("Retry-After in seconds");
    assert!(seconds > 0 && refused.body().contains(&format!("{seconds} s")), "{}", refused.body());
    seconds
}

#[test]
fn a_token_that_calls_too_often_waits_and_others_do_not() {
    let server = Server::start_with(|config| config.limits.token_calls = 2);
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let other = key(&server, &company.id, "Northgate", Role::Distributor, &Permissions::all());
    let api = company.api(&server);
    for _ in 0..2 {
        api.get("auth/context").expect(200);
    }
    let refused = api.post("hubs", &json!({ "name": "H" })).expect(429);
    assert_eq!(
        (refused.json()["error_code"].as_str(), refused.header("content-type")),
        (Some("SYS_429"), "application/json")
    );
    assert!(!refused.header("connect-version").is_empty());
    server.api(&other).get("auth/context").expect(200);
    // A wrong secret uses up nothing of the token's.
    let id = other.trim_start_matches("ApiKey ").split(':').next().unwrap();
    for _ in 0..10 {
        server.api(&format!("ApiKey {id}:wrong")).get("auth/context").expect(401);
    }
    server.api(&other).get("auth/context").expect(200);
    server.clock().advance_seconds(wait(&refused));
    api.get("auth/context").expect(200);
    api.get("auth/context").expect(429);
}

#[test]
fn an_address_that_calls_too_often_waits_whatever_it_presents() {
    let server = Server::start_with(|config| {
        config.limits.address_calls = 2;
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    });
    let company = Company::new(&server, "Northgate", Role::Distributor);
    for n in 0..2 {
        // One client has a whole IPv6 network.
        Api::at(server.base(), "ApiKey nonsense", &format!("2001:db8:0:1::{n}")).get("accounts").expect(401);
    }
    let refused = Api::at(server.base(), &company.key, "2001:db8:0:1:ffff::9").get("accounts").expect(429);
    Api::at(server.base(), &company.key, "2001:db8:0:2::1").get("accounts").expect(200);
    server.clock().advance_seconds(wait(&refused));
    Api::at(server.base(), &company.key, "2001:db8:0:1::1").get("accounts").expect(200);
}

#[test]
fn forms_are_counted_and_pages_are_not() {
    let server = Server::start_with(|config| config.limits.address_forms = 2);
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let client = Client::new(server.base());
    let form =
        || client.open("/sign-in").form_with("Sign in").set("email", &company.email).set("password", "Wrong-1-x");
    for _ in 0..2 {
        client.post(form()).expect(422);
    }
    let refused = client.post(form()).expect(429);
    refused.must_say("Too many forms").must_say("nothing was changed");
    for _ in 0..5 {
        client.get("/sign-in").expect(200);
    }
    company.api(&server).get("accounts").expect(200);
    server.clock().advance_seconds(wait(&refused));
    client.post(form()).expect(422);
}
