//! The master copy: general data, capabilities, end of sale.

use serde_json::{Value, json};

use super::world::{Shop, metered, seat};
use crate::partners::world::{World, id, refused};

#[test]
fn a_vendor_needs_a_distribution_contract_to_begin() {
    let world = World::new();
    let program = world.agreement("program");
    let (vendor, _) = world.partner(&program, "Halden");
    let said = refused(vendor.api(&world.server).post("products", &json!({ "name": "Backup" })), 400);
    assert!(said.contains("no active distribution contract"), "{said}");
    let said = refused(world.api().post("products", &json!({ "name": "Backup" })), 403);
    assert!(said.contains("Only a vendor"), "{said}");
}

#[test]
fn a_new_product_has_everything_that_clients_read() {
    let shop = Shop::open();
    let body = json!({ "name": " Cloud Backup ", "external_id": "cb-1", "category": { "id": "CAT-67642" },
                       "translations": [{ "locale": { "id": "EN" }, "primary": true }] });
    let made = shop.maker().post("products", &body).expect(201);
    let product = id(&made);
    let seen = shop.seen(&product);
    for (place, value) in [
        ("/name", json!("Cloud Backup")),
        ("/external_id", json!("cb-1")),
        ("/status", json!("draft")),
        ("/icon", json!("/media/product.png")),
        ("/category", json!({ "id": "CAT-67642", "name": "Backup and Disaster Recovery" })),
        ("/owner/id", json!(shop.vendor.id.to_string())),
        ("/short_description", json!("")),
        ("/customer_ui_settings/download_links", json!([])),
        ("/customer_ui_settings/documents", json!([])),
        ("/customer_ui_settings/getting_started", json!("")),
        ("/capabilities/ppu", Value::Null),
        ("/capabilities/reservation/consumption", json!(false)),
        ("/capabilities/cart/validation", json!(false)),
        ("/capabilities/inquiring/validation", json!(false)),
        ("/capabilities/tiers", json!({ "updates": false, "configs": null, "validation": false })),
        ("/capabilities/subscription/hold", json!(false)),
        ("/capabilities/subscription/schema", json!("explicit")),
        ("/capabilities/subscription/change/editable_ordering_parameters", json!(false)),
        ("/visibility", json!({ "owner": true, "listing": false, "syndication": false, "catalog": false })),
        ("/latest", json!(true)),
        ("/stats/versions", json!(0)),
    ] {
        assert_eq!(seen.pointer(place), Some(&value), "{place}");
    }
    assert!(seen.get("version").is_none(), "the master copy has no version");
    let templates = shop.maker().get(&format!("products/{product}/templates")).expect(200).json();
    let kinds: Vec<&str> = templates.as_array().unwrap().iter().filter_map(|t| t["type"].as_str()).collect();
    assert_eq!(kinds, ["pending", "inquire", "fulfillment"]);
    assert!(templates[1]["body"].as_str().unwrap().contains("{{ activation_form_url }}"));
    assert_eq!(shop.maker().get(&format!("products/{product}/items")).expect(200).json(), json!([]));
}

#[test]
fn the_whole_answer_may_be_sent_back() {
    let shop = Shop::open();
    let product = shop.ready("Cloud Backup");
    let path = format!("products/{product}");
    let mut whole = shop.seen(&product);
    let object = whole.as_object_mut().unwrap();
    object.remove("icon");
    object.insert("unknown".into(), json!({ "a": 1 }));
    object["capabilities"]["subscription"].as_object_mut().unwrap().remove("schema");
    let ui = json!({ "description": "D", "getting_started": "G", "download_links": [{ "title": "Windows", "url": "https://example.com/w", "visible_for": "user" }],
                     "documents": [{ "title": "Guide", "url": "https://example.com/g" }] });
    object.insert("customer_ui_settings".into(), json!(ui.to_string()));
    let answer = shop.maker().put(&path, &whole).expect(200).json();
    assert_eq!(answer["customer_ui_settings"]["download_links"][0]["visible_for"], "user");
    assert_eq!(answer["capabilities"], shop.seen(&product)["capabilities"]);
    let again = shop.maker().put(&path, &answer).expect(200).json();
    assert_eq!(again["events"]["updated"], answer["events"]["updated"], "nothing changed, so nothing is noted");

    let only = shop.maker().put(&path, &json!({ "short_description": "Other" })).expect(200).json();
    assert_eq!((only["name"].clone(), only["short_description"].clone()), (json!("Cloud Backup"), json!("Other")));
    for (body, words) in [
        (json!({ "name": "" }), "name: This field is required."),
        (json!({ "name": "x".repeat(256) }), "name: This is 256 characters long"),
        (json!({ "category": { "id": "CAT-75105" } }), "category: CAT-75105 is not a category for products."),
        (json!({ "category": { "id": "CAT-99999" } }), "category: CAT-99999"),
        (json!({ "customer_ui_settings": "no json" }), "customer_ui_settings: This text is not a JSON object."),
        (
            json!({ "customer_ui_settings": { "documents": [{ "title": "x", "url": "javascript:x" }] } }),
            "customer_ui_settings.documents: ",
        ),
        (json!({ "capabilities": { "ppu": { "schema": "ZZ" } } }), "capabilities.ppu.schema: ZZ is not one of"),
        (json!({ "capabilities": [] }), "capabilities: This is a list"),
    ] {
        let said = refused(shop.maker().put(&path, &body), 400);
        assert!(said.starts_with(words), "{body}: {said}");
    }
    let plain = shop.draft("No category");
    let seen = shop.seen(&plain);
    assert_eq!(seen["category"]["id"], "CAT-00000");
    shop.maker().put(&format!("products/{plain}"), &seen).expect(200);
}

#[test]
fn pay_as_you_go_stays_while_it_is_sold() {
    let shop = Shop::open();
    let product = shop.ready("Cloud Backup");
    let path = format!("products/{product}");
    let off = json!({ "capabilities": { "ppu": null } });
    let on = json!({ "capabilities": { "ppu": { "schema": "QT", "late": true } } });
    assert_eq!(shop.maker().put(&path, &off).expect(200).json()["capabilities"]["ppu"], Value::Null);
    let said = refused(shop.maker().post(&format!("{path}/items"), &metered("X", "X")), 400);
    assert!(said.starts_with("type: Pay-as-you-go is off"), "{said}");
    let ppu = shop.maker().put(&path, &on).expect(200).json()["capabilities"]["ppu"].clone();
    assert_eq!(
        (ppu["schema"].clone(), ppu["late"].clone(), ppu["dynamic"].clone()),
        (json!("QT"), json!(true), json!(false))
    );
    shop.save(&product).expect(201);
    let said = refused(shop.maker().put(&path, &off), 400);
    assert!(said.starts_with("capabilities.ppu: Pay-as-you-go cannot be switched off"), "{said}");
}

#[test]
fn a_sale_ends_and_is_resumed() {
    let shop = Shop::open();
    let (old, new) = (shop.published("Old"), shop.published("New"));
    let draft = shop.draft("Draft");
    let end = |product: &str, body: Value| shop.maker().post(&format!("products/{product}/endsale"), &body);
    assert!(refused(end(&draft, json!({})), 400).contains("was never on sale"));
    assert!(refused(end(&old, json!({ "replacement": { "id": draft } })), 400).starts_with("replacement: "));
    let body = json!({ "replacement": { "id": new }, "end_of_sale_notes": "Use the new one" });
    let ended = end(&old, body).expect(200).json();
    assert_eq!((ended["status"].clone(), ended["replacement"]["id"].clone()), (json!("endofsale"), json!(new)));
    assert!(ended["events"]["saleended"]["at"].is_string());
    let seen = shop.seller().get(&format!("products/{old}")).expect(200).json();
    assert_eq!(
        (seen["status"].clone(), seen["end_of_sale_notes"].clone()),
        (json!("endofsale"), json!("Use the new one"))
    );
    assert!(refused(end(&old, json!({})), 400).contains("ended already"));
    assert!(refused(shop.save(&old), 400).contains("Resume its sale"));
    let resumed = shop.maker().post(&format!("products/{old}/resumesale"), &json!({})).expect(200).json();
    assert_eq!((resumed["status"].clone(), resumed["replacement"].clone()), (json!("published"), Value::Null));
    refused(shop.maker().post(&format!("products/{old}/resumesale"), &json!({})), 400);
    refused(shop.seller().post(&format!("products/{old}/endsale"), &json!({})), 403);
}

#[test]
fn only_drafts_are_deleted() {
    let shop = Shop::open();
    let (draft, published) = (shop.ready("Draft"), shop.published("Published"));
    refused(shop.maker().delete(&format!("products/{published}")), 400);
    refused(shop.seller().delete(&format!("products/{published}")), 403);
    refused(shop.seller().delete(&format!("products/{draft}")), 404);
    shop.maker().delete(&format!("products/{draft}")).expect(204);
    shop.maker().get(&format!("products/{draft}")).expect(404);
    let left = shop.maker().get("products?and(eq(visibility.owner,true),eq(version,null()))").expect(200);
    assert_eq!((left.header("content-range"), left.json()[0]["id"].clone()), ("items 0-0/1", json!(published)));
}

#[test]
fn a_repeated_call_with_a_key_is_done_once() {
    let shop = Shop::open();
    let make = |name: &str| {
        shop.maker().send(reqwest::Method::POST, "products", |r| {
            r.header("Idempotency-Key", "k1").json(&json!({ "name": name }))
        })
    };
    let (one, two) = (id(&make("Once").expect(201)), id(&make("Once").expect(201)));
    assert_eq!(one, two);
    refused(make("Other"), 409);
    let product = shop.ready("Twice");
    let item = |n: usize| {
        let body = seat("A", "A");
        shop.maker().send(reqwest::Method::POST, &format!("products/{product}/items"), |r| {
            r.header("Idempotency-Key", format!("i{n}")).json(&body)
        })
    };
    item(1).expect(201);
    item(1).expect(201);
    refused(item(2), 400);
}
