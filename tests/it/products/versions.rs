//! Versions: what is saved, who sees it, what stays as it was.

use reqwest::Method;
use serde_json::{Value, json};

use super::world::{PNG, Shop, seat, with_file};
use crate::partners::world::{id, refused};

#[test]
fn the_first_version_publishes() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    let said = refused(shop.save(&product), 400);
    for words in ["category: ", "media: ", "items: "] {
        assert!(said.contains(words), "{said}");
    }
    shop.seller().get(&format!("products/{product}")).expect(404);
    let product = shop.ready("Ready");
    let saved = shop.save(&product).expect(201).json();
    assert_eq!(
        (saved["version"].clone(), saved["public"].clone(), saved["latest"].clone()),
        (json!(1), json!(true), json!(true))
    );
    assert_eq!(saved["changes_description"], "All new");
    let master = shop.seen(&product);
    assert_eq!((master["status"].clone(), master["stats"]["versions"].clone()), (json!("published"), json!(1)));
    assert!(master["published_at"].is_string() && master["events"]["published"]["at"].is_string());
    let items = shop.maker().get(&format!("products/{product}/items")).expect(200).json();
    assert!(items.as_array().unwrap().iter().all(|i| i["status"] == "published"));
    let seen = shop.seller().get(&format!("products/{product}")).expect(200).json();
    assert_eq!((seen["version"].clone(), seen["visibility"]["owner"].clone()), (json!(1), json!(false)));
    let second = id(&shop.save(&product).expect(201));
    assert_eq!(second, product);
    assert_eq!(shop.seen(&product)["stats"]["versions"], 2);
}

#[test]
fn a_version_stays_as_it_was_saved() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    let path = format!("products/{product}");
    let before = shop.seller().get(&path).expect(200).json();
    let kept = shop.seller().get(&format!("{path}/versions/1/items")).expect(200).json();
    let icon = with_file(&json!({ "name": "Renamed", "detailed_description": "Secret plans" }), "icon", PNG);
    shop.maker().send(Method::PUT, &path, |r| r.multipart(icon)).expect(200);
    shop.maker()
        .put(&format!("{path}/items/{product}-0001"), &json!({ "name": "Renamed seats", "mpn": "NEW" }))
        .expect(200);
    shop.maker().post(&format!("{path}/items"), &seat("LATER", "Later")).expect(201);
    shop.picture(&product, 3).expect(201);
    shop.maker()
        .post(&format!("{path}/versions"), &json!({ "public": false, "changes_description": "Not yet" }))
        .expect(201);

    let after = shop.seller().get(&path).expect(200).json();
    for key in ["name", "detailed_description", "icon", "version", "media"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    assert_eq!(shop.seller().get(&format!("{path}/versions/1/items")).expect(200).json(), kept);
    let names = |who: &crate::support::client::Api, part: &str, key: &str| -> Vec<Value> {
        who.get(&format!("{path}/{part}"))
            .expect(200)
            .json()
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i[key].clone())
            .collect()
    };
    assert_eq!(names(&shop.seller(), "items", "mpn"), [json!("SEAT"), json!("GB")]);
    assert_eq!(names(&shop.maker(), "items", "mpn"), [json!("NEW"), json!("GB"), json!("LATER")]);
    assert_eq!(names(&shop.seller(), "media", "position"), [json!(1)]);
    assert_eq!(names(&shop.maker(), "media", "position"), [json!(1), json!(3)]);
    assert_eq!(names(&shop.seller(), "versions", "version"), [json!(1)]);
    assert_eq!(names(&shop.maker(), "versions", "version"), [json!(2), json!(1)]);
    shop.seller().get(&format!("{path}/versions/2")).expect(404);
    shop.seller().get(&format!("{path}/items/{product}-0003")).expect(404);
    let mine = shop.maker().get(&format!("{path}/versions/2")).expect(200).json();
    assert_eq!((mine["name"].clone(), mine["public"].clone()), (json!("Renamed"), json!(false)));

    shop.maker().put(&format!("{path}/versions/2"), &json!({ "public": true })).expect(200);
    assert_eq!(shop.seller().get(&path).expect(200).json()["name"], "Renamed");
    assert_eq!(names(&shop.seller(), "items", "mpn"), [json!("NEW"), json!("GB"), json!("LATER")]);
    shop.maker().put(&format!("{path}/versions/2"), &json!({ "public": false })).expect(200);
    assert_eq!(shop.seller().get(&path).expect(200).json()["name"], "Cloud Backup");
    let said = refused(shop.maker().put(&format!("{path}/versions/1"), &json!({ "public": false })), 400);
    assert!(said.contains("the only one that distributors see"), "{said}");
    for query in ["versions/1/media", "versions/1/templates", "versions/1/parameters", "versions"] {
        shop.maker().get(&format!("{path}/{query}")).expect(200);
    }
    shop.maker().get(&format!("{path}/versions/x")).expect(404);
}

#[test]
fn products_become_visible_with_a_contract() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    let second = shop.ready("Second");
    shop.maker().post(&format!("products/{second}/versions"), &json!({ "public": false })).expect(201);
    shop.seller().get(&format!("products/{second}")).expect(404);
    // A second distributor signs later.
    let other =
        crate::support::companies::Company::new(&shop.world.server, "Southgate", causeway::kit::Role::Distributor);
    let api = other.api(&shop.world.server);
    api.get(&format!("products/{product}")).expect(404);
    let database = shop.world.server.database();
    database.execute(&format!(
        "insert into agreement (id, kind, account_id, title, title_folded, description, auto_accept, events, revision, created_at, updated_at) \
         values ('AGD-9-9-9', 'distribution', '{}', 'D', 'd', '', false, '{{}}', 1, 1, 1);
         insert into contract (id, kind, status, name, name_folded, agreement_id, issuer_id, owner_id, creator_id, environment, note, \
         termination_note, message, permissions, events, revision, created_at, updated_at) values ('CRD-9-9-9', 'distribution', 'active', 'C', 'c', \
         'AGD-9-9-9', '{}', '{}', '{}', 'production', '', '', '', '[]', '{{}}', 1, 1, 1);",
        other.id, other.id, shop.vendor.id, other.id
    ));
    crate::support::companies::act(&shop.world.server, |tx| {
        causeway::flows::products::actions::contract_activated(tx, "CRD-9-9-9")
    });
    let seen = api.get("products").expect(200).json();
    assert_eq!((seen[0]["id"].clone(), seen.as_array().unwrap().len()), (json!(product), 1));
}
