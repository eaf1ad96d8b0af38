//! Connections of products with hubs.

use causeway::flows::listings::actions;
use causeway::kit::{ConnectionId, MarketplaceId, ProductId};
use serde_json::json;

use crate::partners::world::{id, refused};
use crate::products::world::Shop;
use crate::support::companies::act;

#[test]
fn a_hub_is_connected_once_and_not_too_early() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    let path = format!("products/{product}/connections");
    let body = json!({ "hub": { "id": shop.hub }, "type": "test" });
    assert!(refused(shop.seller().post(&path, &body), 400).contains("has not asked yet"));
    let new = json!({ "type": "new", "product_id": product, "contract_id": shop.contract });
    let request = id(&shop.maker().post("listing-requests", &new).expect(201));
    assert!(refused(shop.seller().post(&path, &body), 400).contains("has not asked yet"), "a draft is nothing yet");
    shop.maker().post(&format!("listing-requests/{request}/submit"), &json!({})).expect(200);
    for (body, words) in [
        (json!({ "hub": { "id": "HB-0000-0001" }, "type": "test" }), "hub: Northgate has no hub HB-0000-0001."),
        (json!({ "hub": { "id": shop.hub }, "type": "preview" }), "type: A connection is for test or production"),
        (
            json!({ "hub": { "id": shop.hub }, "type": "production", "product_version_type": "staging" }),
            "product_version_type: ",
        ),
    ] {
        let said = refused(shop.seller().post(&path, &body), 400);
        assert!(said.starts_with(words), "{said}");
    }
    refused(shop.maker().post(&path, &body), 403);
    let made = shop.seller().post(&path, &body).expect(201).json();
    assert_eq!((made["type"].clone(), made["status"].clone()), (json!("test"), json!("active")));
    assert_eq!((made["hub"]["id"].clone(), made["product_version_type"].clone()), (json!(shop.hub), json!("public")));
    let again = shop.seller().post(&path, &body).expect(409);
    assert_eq!(again.json()["params"]["connection"], made["id"]);
    let instance = made["hub"]["instance"]["id"].as_str().unwrap();
    for who in [shop.seller(), shop.maker()] {
        let found = who.get(&format!("{path}?eq(hub.instance.id,{})", instance.replace(' ', "%20"))).expect(200).json();
        assert_eq!(found[0]["id"], made["id"]);
        who.get(&format!("{path}/{}", made["id"].as_str().unwrap())).expect(200);
    }
    // The same from the hub's side.
    let of_hub = format!("hubs/{}/connections", shop.hub);
    let wanted = json!({ "id": made["id"], "type": "test", "status": "active", "provider": made["provider"], "vendor": made["vendor"],
                         "created_at": made["created_at"], "product": { "id": product, "name": "Cloud Backup" } });
    for query in [
        "",
        "?eq(product.name,Cloud%20Backup)",
        "?product.id=PRD-000&ordering(product.name)",
        "?ilike(product.name,zz*)",
    ] {
        let page = shop.seller().get(&format!("{of_hub}{query}")).expect(200);
        let mut found = page.json();
        if query.contains("PRD-000") || query.contains("zz") {
            assert_eq!(found, json!([]), "{query}");
            continue;
        }
        assert_eq!(page.header("content-range"), "items 0-0/1");
        assert!(found[0]["product"]["icon"].is_string(), "{found}");
        found[0]["product"].as_object_mut().unwrap().remove("icon");
        assert_eq!(found[0], wanted, "{query}");
    }
    refused(shop.seller().get("hubs/HB-0000-0001/connections"), 404);
    let connection = ConnectionId::parse(made["id"].as_str().unwrap()).unwrap();
    let product = ProductId::parse(&product).unwrap();
    let market = MarketplaceId::parse(&shop.market).unwrap();
    act(&shop.world.server, |tx| {
        let brief = actions::connection(tx, &connection)?.expect("a connection");
        assert_eq!((&brief.product, brief.provider.as_str()), (&product, shop.world.distributor.id.as_str()));
        assert_eq!(actions::connections_of(tx, &product, &shop.world.distributor.id)?, vec![brief]);
        assert_eq!(actions::listed(tx, &product, &market)?, None);
        Ok(())
    });
    shop.seller().post(&format!("listing-requests/{request}/deploy"), &json!({})).expect(200);
    shop.seller().post(&format!("listing-requests/{request}/complete"), &json!({})).expect(200);
    act(&shop.world.server, |tx| {
        let brief = actions::listed(tx, &product, &market)?.expect("a listing");
        assert_eq!((brief.contract.as_str(), brief.version), (shop.contract.as_str(), 1));
        Ok(())
    });
}
