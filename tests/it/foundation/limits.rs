//! How much there may be is a setting.

use causeway::kit::Role;
use serde_json::json;

use crate::orders::world::refused;
use crate::support::companies::Company;
use crate::support::server::Server;

#[test]
fn a_limit_that_was_set_holds_and_is_told() {
    let server = Server::start_with(|config| {
        config.limits = "users=2,tokens=2,hubs=1,marketplaces=1,agreements=1,agreement_versions=1".parse().unwrap();
    });
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let api = company.api(&server);
    let group = api.get(&format!("accounts/{}/groups", company.id)).expect(200).json()[0]["id"].clone();
    let user = |n: u8| json!({ "email": format!("u{n}@northgate.example"), "name": "U", "groups": [{ "id": group }] });
    let hub = |n: u8| json!({ "name": format!("H{n}"), "description": "", "instance": { "id": format!("h-{n}"), "type": "API" } });
    let market = |n: u8| json!({ "name": format!("M{n}"), "currency": "EUR", "countries": [{ "id": "DE" }] });
    let agreement =
        |n: u8| json!({ "type": "program", "title": format!("A{n}"), "description": "Terms", "document_type": "none" });
    let token = |n: u8| json!({ "name": format!("T{n}"), "permissions": [] });
    let users = format!("accounts/{}/users", company.id);
    // Each path, what is sent there, and what is said about the second.
    let cases: [(&str, &dyn Fn(u8) -> serde_json::Value, &str); 5] = [
        (&users, &user, "This account has 2 users already"),
        ("hubs", &hub, "Northgate has 1 hubs; more are not allowed"),
        ("marketplaces", &market, "Northgate has 1 marketplaces; more are not allowed"),
        ("agreements", &agreement, "Northgate has 1 agreements; more are not allowed"),
        ("auth/tokens", &token, "This account has 2 tokens already"),
    ];
    for (path, body, said) in cases {
        api.post(path, &body(1)).expect(201);
        let told = refused(api.post(path, &body(2)), 409);
        assert!(told.contains(said), "{path}: {told}");
    }
}
