//! The shape of the API's answers: each must fit the description that the program makes of itself; and, where the variable
//! `PUBLISHED_API` names the published description (YAML), the keys that both know must have the same types.

use std::sync::OnceLock;

use causeway::kit::Role;
use causeway::rest::openapi::Reply;
use causeway::routes;
use serde_json::{Value, json};

use crate::chain::Chain;
use crate::support::server::Server;
use crate::world::{Company, door};

/// Where an answer differs from the published description on purpose: path (`*` is every one), place in the answer, why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    // Clients look for these keys and read null as "off", although the description does not say that they may be null.
    ("*", "capabilities.ppu", "null where pay-as-you-go is off"),
    ("*", "capabilities.tiers.configs", "null where resellers need no set-up"),
    // The description says that a listing has them and that they are objects; without any, clients expect null.
    ("*", "offer", "no offer"),
    ("*", "pricelist", "no price list"),
    ("*", "alt_pricelist_1", "no second price list"),
    ("*", "alt_pricelist_2", "no third price list"),
    // The same with what stands above something, or in its place, and with an item's id elsewhere.
    ("*", "parent", "nothing above it"),
    ("*", "replacement", "nothing in its place"),
    ("*", "external_id", "no id elsewhere"),
    // The same with the group of an item; and clients read whether an item is shown as true or false.
    ("*", "group", "no group"),
    ("*", "ui_visibility", "true or false, not a text"),
    // The description repeats the schema of the body for the answer.
    ("/products/{product}/items", "product_version", "a new item is in no version yet"),
];

/// Fails unless the answer of a successful call fits its descriptions. `path` is the template in the table of routes.
#[track_caller]
pub fn check_shape(method: &str, path: &str, answer: &Value) {
    let problems = differences(method, path, answer);
    assert!(problems.is_empty(), "{method} {path}:\n{}\n{answer:#}", problems.join("\n"));
}

/// Where the answer of a successful call differs from its descriptions.
fn differences(method: &str, path: &str, answer: &Value) -> Vec<String> {
    let mut problems = vec![];
    let own = own();
    match answer_of(own, method, path) {
        Some(schema) => Check { root: own, strict: true }.value(schema, answer, "", &mut problems),
        None => problems.push("the own description does not have it".to_owned()),
    }
    if let Some(published) = published()
        && let Some(schema) = answer_of(published, method, path)
    {
        let mut differences = vec![];
        Check { root: published, strict: false }.value(schema, answer, "", &mut differences);
        let excepted = |difference: &String| {
            let place = difference.split(": ").next().unwrap_or_default();
            let stands_at = |known: &str| place == known || place.ends_with(&format!(".{known}"));
            EXCEPTIONS.iter().any(|(of, known, _)| (*of == "*" || *of == path) && stands_at(known))
        };
        problems.extend(differences.into_iter().filter(|d| !excepted(d)).map(|d| format!("published: {d}")));
    }
    problems
}

fn own() -> &'static Value {
    static OWN: OnceLock<Value> = OnceLock::new();
    OWN.get_or_init(|| causeway::rest::openapi::document(&routes::api()))
}

/// The published description, if `PUBLISHED_API` names it.
pub fn published() -> Option<&'static Value> {
    static PUBLISHED: OnceLock<Option<Value>> = OnceLock::new();
    let read = || {
        let file = std::env::var_os("PUBLISHED_API")?;
        let text = std::fs::read_to_string(&file).expect("read the file that PUBLISHED_API names");
        Some(serde_yaml_ng::from_str(&text).expect("the published description is YAML"))
    };
    PUBLISHED.get_or_init(read).as_ref()
}

/// A path in which all parameters have the same name.
fn plain(path: &str) -> String {
    let parts = path.trim_end_matches('/').split('/').map(|p| if p.starts_with('{') { "{}" } else { p });
    parts.collect::<Vec<_>>().join("/")
}

/// The schema of what a call answers when it succeeds.
fn answer_of<'d>(document: &'d Value, method: &str, path: &str) -> Option<&'d Value> {
    let wanted = plain(path);
    let (_, methods) = document["paths"].as_object()?.iter().find(|(known, _)| plain(known) == wanted)?;
    let responses = methods.get(method.to_lowercase())?["responses"].as_object()?;
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    response["content"].get("application/json")?.get("schema")
}

/// The part of JSON Schema that both descriptions use.
struct Check<'d> {
    root: &'d Value,
    /// Whether a key that the description does not have is a problem, and an unknown word.
    strict: bool,
}

impl<'d> Check<'d> {
    fn follow(&self, schema: &'d Value) -> &'d Value {
        let mut schema = schema;
        while let Some(reference) = schema["$ref"].as_str() {
            let place = reference.trim_start_matches('#');
            schema = self.root.pointer(place).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        }
        schema
    }

    fn value(&self, schema: &'d Value, value: &Value, place: &str, problems: &mut Vec<String>) {
        let schema = self.follow(schema);
        for part in list(&schema["allOf"]) {
            self.value(part, value, place, problems);
        }
        for choice in ["oneOf", "anyOf"] {
            let all = list(&schema[choice]);
            let fits = |part: &'d Value| {
                let mut found = vec![];
                self.value(part, value, place, &mut found);
                found.is_empty()
            };
            if !all.is_empty() && !all.iter().any(fits) {
                problems.push(format!("{place}: {value} fits no {choice}"));
            }
        }
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            several => list(several).iter().filter_map(Value::as_str).collect(),
        };
        if !types.is_empty() && !types.iter().any(|t| is(t, value)) {
            problems.push(format!("{place}: {value} is not {}", types.join(" or ")));
            return;
        }
        let words = list(&schema["enum"]);
        if self.strict && !words.is_empty() && !words.contains(value) {
            problems.push(format!("{place}: {value} is not one of the words"));
        }
        match value {
            Value::Array(entries) => {
                for entry in entries {
                    self.value(&schema["items"], entry, &format!("{place}[]"), problems);
                }
            }
            Value::Object(object) => self.object(schema, object, place, problems),
            _ => {}
        }
    }

    fn object(
        &self,
        schema: &'d Value,
        object: &serde_json::Map<String, Value>,
        place: &str,
        problems: &mut Vec<String>,
    ) {
        let within = |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
        let properties = schema["properties"].as_object();
        for key in list(&schema["required"]).iter().filter_map(Value::as_str) {
            let only_sent = properties.is_some_and(|p| p.get(key).is_some_and(|s| s["writeOnly"] == true));
            if !object.contains_key(key) && !only_sent {
                problems.push(format!("{}: missing", within(key)));
            }
        }
        for (key, value) in object {
            match properties.and_then(|p| p.get(key)) {
                Some(property) => self.value(property, value, &within(key), problems),
                None if schema["additionalProperties"].is_object() => {
                    self.value(&schema["additionalProperties"], value, &within(key), problems);
                }
                None if self.strict && properties.is_some() => problems.push(format!("{}: not described", within(key))),
                None => {}
            }
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known here"),
    }
}

/// Whether a difference is one of type or of a missing key, and from the own description: what is compared for every route.
/// The tests of the flows compare the rest for theirs.
fn own_type(difference: &str) -> bool {
    !difference.starts_with("published: ") && !difference.ends_with(": not described")
}

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
            let answer = api.get(path.trim_start_matches('/'));
            if answer.status == 200 {
                read += 1;
                let wrong = differences("get", endpoint.path, &answer.json()).into_iter().filter(|d| own_type(d));
                found.extend(wrong.map(|w| format!("{}: {}: {w}", company.name, endpoint.path)));
            }
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
    let get = |template: &str, path: &str| check_shape("get", template, &api.get(path).expect(200).json());
    get("/accounts", "accounts");
    get("/accounts/{account}", &format!("accounts/{account}"));
    get("/accounts/{account}/users", &format!("accounts/{account}/users"));
    get("/accounts/{account}/users/{user}", &format!("accounts/{account}/users/{}", company.admin));
    get("/accounts/{account}/groups", &format!("accounts/{account}/groups"));
    get("/auth/context", "auth/context");
    get("/auth/tokens", "auth/tokens");
    get("/auth/tokens/{token}", &format!("auth/tokens/{}", company.token));
    get("/modules", "modules");
    let renamed = api.put(&format!("accounts/{account}"), &json!({ "name": "Alpha Two" })).expect(200);
    check_shape("put", "/accounts/{account}", &renamed.json());
    let user = json!({ "email": "cy@alpha.example", "name": "Cy", "groups": [{ "id": group }] });
    let invited = api.post(&format!("accounts/{account}/users"), &user).expect(201);
    check_shape("post", "/accounts/{account}/users", &invited.json());
    let made = api.post("auth/tokens", &json!({ "name": "Robot" })).expect(201).json();
    check_shape("post", "/auth/tokens", &made);
    for verb in ["deactivate", "activate"] {
        let path = format!("auth/tokens/{}/{verb}", made["id"].as_str().expect("an id"));
        let changed = api.post(&path, &json!({})).expect(200);
        check_shape("post", &format!("/auth/tokens/{{token}}/{verb}"), &changed.json());
    }
}

#[test]
fn the_check_sees_what_does_not_fit() {
    let schema = json!({ "type": "object", "required": ["id"], "properties": {
        "id": { "type": "string" }, "size": { "type": ["integer", "null"] }, "old": { "type": "string", "nullable": true },
        "kind": { "enum": ["a", "b"] }, "of": { "type": "array", "items": { "$ref": "#/part" } } } });
    let root = json!({ "part": { "type": "object", "properties": { "n": { "type": "integer" } } } });
    let problems = |value: Value| {
        let mut found = vec![];
        Check { root: &root, strict: true }.value(&schema, &value, "", &mut found);
        found
    };
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
