//! The shape of the API's answers. Whatever a test asks of the API is compared with its descriptions, see
//! `tests/it/support/shapes`; here everything is read that can be read.

use causeway::kit::Role;
use causeway::rest::openapi::Reply;
use causeway::routes;
use reqwest::Method;
use serde_json::{Value, json};

use crate::chain::Chain;
use crate::support::server::Server;
use crate::support::shapes::{self, Check};
use crate::world::{Company, door};

#[test]
fn whatever_is_read_has_the_described_shape() {
    let chain = Chain::new();
    let (mut found, mut read) = (vec![], 0);
    for company in chain.companies() {
        let api = company.api(chain.server());
        for endpoint in routes::api() {
            let json = matches!(endpoint.shape.as_ref().map(|s| &s.gives), Some(Reply::One(..) | Reply::List(_)));
            if endpoint.method.as_str() != "GET" || !json || !chain.sees(company, endpoint.path) {
                continue;
            }
            let path = chain.fill(endpoint.path, company.id.as_str());
            let answer = api.try_send(Method::GET, path.trim_start_matches('/'), |request| request).expect("an answer");
            read += usize::from(answer.status == 200);
            let wrong = shapes::differences("GET", &answer);
            found.extend(wrong.into_iter().map(|w| format!("{}: {}: {w}", company.name, endpoint.path)));
        }
    }
    found.sort_unstable();
    found.dedup();
    assert!(read >= 80, "only {read} answers were read");
    assert!(found.is_empty(), "\n{}\n{} in all", found.join("\n"), found.len());
}

#[test]
fn accounts_and_tokens_have_the_described_shape() {
    let server = Server::start();
    let company = Company::make(&door(&server), "Alpha", Role::Vendor);
    let api = company.api(&server);
    let (account, group) = (company.id.as_str(), company.group.as_str());
    for path in ["users", &format!("users/{}", company.admin), "groups"] {
        api.get(&format!("accounts/{account}/{path}")).expect(200);
    }
    for path in ["accounts", "auth/context", "auth/tokens", &format!("auth/tokens/{}", company.token), "modules"] {
        api.get(path).expect(200);
    }
    api.put(&format!("accounts/{account}"), &json!({ "name": "Alpha Two" })).expect(200);
    let user = json!({ "email": "cy@alpha.example", "name": "Cy", "groups": [{ "id": group }] });
    api.post(&format!("accounts/{account}/users"), &user).expect(201);
    let made = api.post("auth/tokens", &json!({ "name": "Robot" })).expect(201).json();
    for verb in ["deactivate", "activate"] {
        let path = format!("auth/tokens/{}/{verb}", made["id"].as_str().expect("an id"));
        api.post(&path, &json!({})).expect(200);
    }
    let token = format!("auth/tokens/{}", made["id"].as_str().expect("an id"));
    api.put(&token, &json!({ "expiration_date": "2199-01-31" })).expect(200);
    for verb in ["renew", "rotate"] {
        api.post(&format!("{token}/{verb}"), &json!({})).expect(200);
    }
    api.get(&format!("{token}/permissions")).expect(200);
    api.post(&format!("{token}/permissions"), &json!({ "object": { "id": "MD-0007" } })).expect(201);
    let rule = api.post("acl/users/rules", &json!({ "value": "192.0.2.0/24", "comment": null })).expect(201).json();
    let rule = format!("acl/users/rules/{}", rule["id"].as_str().expect("an id"));
    api.put(&rule, &json!({ "comment": "Office" })).expect(200);
    for path in [rule.as_str(), "acl/users/rules", "modules/account/settings", "modules/integrations/settings"] {
        api.get(path).expect(200);
    }
}

#[test]
fn the_check_sees_what_does_not_fit() {
    let schema = json!({ "type": "object", "required": ["id"], "properties": {
        "id": { "type": "string" }, "size": { "type": ["integer", "null"] }, "old": { "type": "string", "nullable": true },
        "kind": { "enum": ["a", "b"] }, "of": { "type": "array", "items": { "$ref": "#/part" } } } });
    let root = json!({ "part": { "type": "object", "properties": { "n": { "type": "integer" } } } });
    let problems = |value: Value| Check::new(&root, true).problems(&schema, &value);
    let fits = json!({ "id": "1", "size": null, "old": null, "kind": "a", "of": [{ "n": 1 }] });
    assert!(problems(fits).is_empty());
    for (bad, problem) in [
        (json!({}), "id: missing"),
        (json!({ "id": 1 }), "id: 1 is not string"),
        (json!({ "id": null }), "id: null is not string"),
        (json!({ "id": "1", "size": 1.5 }), "size: 1.5 is not integer or null"),
        (json!({ "id": "1", "kind": "c" }), "kind: \"c\" is not one of the words"),
        (json!({ "id": "1", "of": [{ "n": "x" }] }), "of[].n: \"x\" is not integer"),
        (json!({ "id": "1", "more": 1 }), "more: not described"),
        (json!([]), ": [] is not object"),
    ] {
        assert_eq!(problems(bad), [problem]);
    }
}

#[test]
fn the_check_joins_what_holds_together() {
    let schema = json!({ "allOf": [
        { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
        { "type": "object", "properties": { "at": { "oneOf": [{ "type": "null" }, { "$ref": "#/day" }, { "$ref": "#/none" }] } } }] });
    let root = json!({
        "day": { "type": "object", "required": ["day"], "properties": { "day": { "enum": ["mon", "tue"] } } },
        "none": { "type": "object", "additionalProperties": false } });
    let problems = |value: Value| Check::new(&root, true).problems(&schema, &value);
    for fits in
        [json!({ "id": "1", "at": null }), json!({ "id": "1", "at": { "day": "mon" } }), json!({ "id": "1", "at": {} })]
    {
        assert_eq!(problems(fits), [""; 0]);
    }
    for (bad, problem) in [
        (json!({ "at": null }), "id: missing"),
        (json!({ "id": "1", "of": 1 }), "of: not described"),
        (json!({ "id": "1", "at": { "day": "sun" } }), "at.day: \"sun\" is not one of the words"),
        (json!({ "id": "1", "at": { "day": "mon", "hour": 1 } }), "at.hour: not described"),
    ] {
        assert_eq!(problems(bad), [problem]);
    }
}
