//! Parameters and templates.

use serde_json::{Value, json};

use super::world::Shop;
use crate::partners::world::{id, refused};

fn parameter(name: &str, phase: &str, scope: &str) -> Value {
    json!({ "name": name, "title": format!("The {name}"), "description": "What it is for", "phase": phase, "scope": scope, "type": "text",
            "constraints": { "required": true, "unique": false, "hidden": false }, "hint": "Look here", "placeholder": "abc" })
}

#[test]
fn parameters_are_made_as_clients_make_them() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    let path = format!("products/{product}/parameters");
    let made = shop.maker().post(&path, &parameter("tenant", "ordering", "asset")).expect(201).json();
    assert_eq!(made["id"], format!("PRM{}-0001", product.trim_start_matches("PRD")));
    assert_eq!(
        (made["position"].clone(), made["constraints"].clone()),
        (json!(10_000), json!({ "required": true, "unique": false, "hidden": false }))
    );
    let mut choice = parameter("size", "ordering", "asset");
    choice["type"] = json!("dropdown");
    choice["constraints"]["choices"] =
        json!([{ "value": "s", "label": "Small" }, { "value": "l", "label": "Large", "default": true }]);
    let choice = shop.maker().post(&path, &choice).expect(201).json();
    // Dependencies come in a second call, when all parameters are there.
    let second = json!({ "constraints": { "required": true, "unique": false, "hidden": false,
        "dependency": { "parameter": { "id": choice["id"], "name": "size" }, "values": ["l"], "required": true } } });
    let changed = shop.maker().put(&format!("{path}/{}", made["id"].as_str().unwrap()), &second).expect(200).json();
    assert_eq!(
        changed["constraints"]["dependency"],
        json!({ "parameter": { "id": choice["id"], "name": "size" }, "values": ["l"], "required": true })
    );
    assert_eq!((changed["hint"].clone(), changed["title"].clone()), (json!("Look here"), json!("The tenant")));
    refused(shop.maker().delete(&format!("{path}/{}", choice["id"].as_str().unwrap())), 400);

    for (body, words) in [
        (parameter("tenant", "ordering", "asset"), "name: The parameter PRM-"),
        (parameter("a b", "ordering", "asset"), "name: The id a b may have"),
        (parameter("x", "ordering", "product"), "scope: "),
        (parameter("x", "ordering", "tier2"), "scope: Parameters of tier2 need"),
        (parameter("x", "sometimes", "asset"), "phase: sometimes is not one of"),
        (json!({}), "name: This field is required."),
    ] {
        let said = refused(shop.maker().post(&path, &body), 400);
        assert!(said.starts_with(words), "{body}: {said}");
    }
    let said = refused(
        shop.maker().put(&format!("{path}/{}", made["id"].as_str().unwrap()), &json!({ "type": "email" })),
        400,
    );
    assert!(said.starts_with("type: This cannot change"), "{said}");
    let found = shop.maker().get(&format!("{path}?eq(name,tenant)&limit=1&offset=0")).expect(200);
    assert_eq!((found.header("content-range"), found.json()[0]["id"].clone()), ("items 0-0/1", made["id"].clone()));
}

#[test]
fn one_reconciliation_parameter_and_no_look_at_the_configuration() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    let path = format!("products/{product}/parameters");
    let mut recon = parameter("account_no", "fulfillment", "asset");
    recon["constraints"]["reconciliation"] = json!(true);
    shop.maker().post(&path, &recon).expect(201);
    recon["name"] = json!("account_no_2");
    assert!(refused(shop.maker().post(&path, &recon), 400).starts_with("constraints.reconciliation: account_no is"));
    let secret = id(&shop.maker().post(&path, &parameter("secret", "configuration", "product")).expect(201));
    let names = |who: &crate::support::client::Api| -> Vec<String> {
        let found = who.get(&format!("{path}?in(phase,(ordering,fulfillment,configuration))")).expect(200).json();
        found.as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&shop.maker()), ["account_no", "secret"]);
    assert_eq!(names(&shop.seller()), ["account_no"]);
    shop.seller().get(&format!("{path}/{secret}")).expect(404);
    refused(shop.seller().put(&format!("{path}/{secret}"), &json!({})), 403);
    shop.maker().delete(&format!("{path}/{secret}")).expect(204);
    // Parameters belong to no version: the version's list is the product's.
    let version = shop.seller().get(&format!("products/{product}/versions/1/parameters")).expect(200).json();
    assert_eq!(version[0]["name"], "account_no");
}

#[test]
fn templates_are_made_previewed_and_kept_where_needed() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    let path = format!("products/{product}/templates");
    let seeds = shop.maker().get(&path).expect(200).json();
    let of = |kind: &str| {
        seeds.as_array().unwrap().iter().find(|t| t["type"] == kind).unwrap()["id"].as_str().unwrap().to_owned()
    };
    assert!(refused(shop.maker().delete(&format!("{path}/{}", of("pending"))), 400).contains("cannot be deleted"));
    assert!(refused(shop.maker().delete(&format!("{path}/{}", of("fulfillment"))), 400).contains("last template"));
    let body = json!({ "title": "Welcome", "name": "Welcome", "scope": "asset", "type": "fulfillment",
                       "body": "# Hello {{ tenant }}\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))" });
    let made = shop.maker().post(&path, &body).expect(201).json();
    let made = format!("{path}/{}", made["id"].as_str().unwrap());
    let page = shop.maker().get(&format!("{made}/preview")).expect(200).json();
    let page = page.as_str().expect("HTML as a text");
    assert!(page.contains("<h1>Hello [tenant]</h1>") && !page.contains("script"), "{page}");
    shop.maker().delete(&format!("{path}/{}", of("fulfillment"))).expect(204);
    let tier = json!({ "name": "Tier", "scope": "tier1", "body": "Welcome" });
    assert_eq!(shop.maker().post(&path, &tier).expect(201).json()["type"], Value::Null);
    assert!(refused(shop.maker().put(&made, &json!({ "scope": "tier1" })), 400).starts_with("scope: "));
    let changed = shop.maker().put(&made, &json!({ "body": "Better" })).expect(200).json();
    assert_eq!((changed["body"].clone(), changed["title"].clone()), (json!("Better"), json!("Welcome")));
}
