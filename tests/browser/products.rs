//! The pages of products, listings and connections: readable, accessible and narrow enough everywhere.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::look::look;
use crate::support::companies::PASSWORD;

#[path = "../it/products/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
pub mod world;

use world::Shop;

/// Makes a product rich: a description, parameters of all phases, a template.
fn furnish(shop: &Shop, product: &str) {
    let general = json!({
        "short_description": "Keeps what people made, in two places, for as long as they like.",
        "detailed_description": "# Backup for everyone\n\nFast **and** safe:\n\n- every night\n- in two places\n\n\
                                 | plan | size |\n|---|---|\n| small | 1 TB |\n",
    });
    shop.maker().put(&format!("products/{product}"), &general).expect(200);
    for body in [
        json!({ "name": "region", "title": "Region", "description": "Where it is kept", "phase": "ordering",
                "scope": "asset", "type": "dropdown", "constraints": { "required": true,
                "choices": [{ "value": "eu", "label": "Europe" }, { "value": "us", "label": "America" }] } }),
        json!({ "name": "admin_email", "title": "Administrator's e-mail", "description": "Who sets it up",
                "phase": "ordering", "scope": "asset", "type": "email", "constraints": { "required": true } }),
        json!({ "name": "tenant_id", "title": "Tenant", "description": "", "phase": "fulfillment", "scope": "asset",
                "type": "text", "constraints": { "reconciliation": true, "unique": true } }),
    ] {
        shop.maker().post(&format!("products/{product}/parameters"), &body).expect(201);
    }
}

/// The id of the first thing in a list of the API.
fn first(list: &Value) -> String {
    list[0]["id"].as_str().expect("something").to_owned()
}

#[test]
fn the_pages_of_products_and_listings_are_accessible_and_fit() {
    let shop = Shop::open();
    let browser = Browser::start(shop.world.server.base());
    browser.sign_in(&shop.vendor.email, PASSWORD);
    let at = |path: &str| format!("/{}{path}", shop.vendor.id);
    for (path, name) in [
        ("/products", "products-none"),
        ("/listings", "listings-none"),
        ("/listings/requests", "listing-requests-none"),
        ("/listings/connections", "connections-none"),
        ("/listings/request", "listing-none-to-ask"),
    ] {
        look(&browser, &at(path), name);
    }
    let product = shop.published("Cloud Backup");
    furnish(&shop, &product);
    let draft = shop.draft("A product with quite a long name & a draft");
    let list = |path: &str| first(&shop.maker().get(&format!("products/{product}/{path}")).expect(200).json());
    let (item, parameter, template) = (list("items"), list("parameters"), list("templates"));
    for (path, name) in [
        ("/products".to_owned(), "products"),
        ("/products?search=nothing-has-this".to_owned(), "products-no-match"),
        ("/products/new".to_owned(), "product-new"),
        (format!("/products/{draft}"), "product-draft"),
        (format!("/products/{draft}/items"), "items-none"),
        (format!("/products/{draft}/versions"), "versions-none"),
        (format!("/products/{draft}/delete"), "product-delete"),
        (format!("/products/{product}"), "product"),
        (format!("/products/{product}/edit"), "product-edit"),
        (format!("/products/{product}/media"), "product-media"),
        (format!("/products/{product}/settings"), "product-settings"),
        (format!("/products/{product}/end-sale"), "product-end-sale"),
        (format!("/products/{product}/items"), "items"),
        (format!("/products/{product}/items/new?type=reservation"), "item-new"),
        (format!("/products/{product}/items/new?type=ppu"), "item-new-metered"),
        (format!("/products/{product}/items/{item}"), "item"),
        (format!("/products/{product}/items/{item}/edit"), "item-edit"),
        (format!("/products/{product}/items/{item}/endsale"), "item-end-sale"),
        (format!("/products/{product}/parameters"), "parameters"),
        (format!("/products/{product}/parameters/new?phase=ordering"), "parameter-new"),
        (format!("/products/{product}/parameters/{parameter}"), "parameter"),
        (format!("/products/{product}/templates"), "templates"),
        (format!("/products/{product}/templates/new"), "template-new"),
        (format!("/products/{product}/templates/{template}"), "template"),
        (format!("/products/{product}/versions"), "versions"),
        (format!("/products/{product}/versions/1"), "version"),
        (format!("/products/{product}/connections"), "product-connections-none"),
        ("/listings/request".to_owned(), "listing-1"),
        (format!("/listings/request?step=2&product={product}"), "listing-2"),
        (format!("/listings/request?step=3&product={product}&contract={}", shop.contract), "listing-3"),
        (format!("/listings/request?step=4&product={product}&contract={}", shop.contract), "listing-4"),
    ] {
        look(&browser, &at(&path), name);
    }

    // Asked for; then the other side.
    let body =
        json!({ "type": "new", "product_id": product, "contract_id": shop.contract, "note": "As agreed in May" });
    let request = shop.maker().post("listing-requests", &body).expect(201).json();
    let (id, listing) = (request["id"].as_str().expect("an id"), request["listing"]["id"].as_str().expect("an id"));
    shop.maker().post(&format!("listing-requests/{id}/submit"), &json!({})).expect(200);
    let hub = json!({ "hub": { "id": shop.hub }, "type": "test" });
    look(&browser, &at(&format!("/listings/requests/{id}")), "listing-request-vendor");
    look(&browser, &at(&format!("/listings/{listing}")), "listing-vendor");

    let browser = Browser::start(shop.world.server.base());
    browser.sign_in(&shop.world.distributor.email, PASSWORD);
    let at = |path: &str| format!("/{}{path}", shop.world.distributor.id);
    look(&browser, &at(&format!("/products/{product}/connections/new")), "connect");
    shop.seller().post(&format!("products/{product}/connections"), &hub).expect(201);
    look(&browser, &at(&format!("/listings/requests/{id}")), "listing-request");
    look(&browser, &at(&format!("/listings/requests/{id}/refine")), "listing-request-refine");
    for verb in ["deploy", "complete"] {
        shop.seller().post(&format!("listing-requests/{id}/{verb}"), &json!({})).expect(200);
    }
    shop.save(&product).expect(201);
    for (path, name) in [
        ("/products".to_owned(), "products-seller"),
        (format!("/products/{product}"), "product-seller"),
        (format!("/products/{product}/parameters"), "parameters-seller"),
        (format!("/products/{product}/templates/{template}"), "template-seller"),
        (format!("/products/{product}/connections"), "product-connections"),
        ("/listings".to_owned(), "listings"),
        ("/listings/requests".to_owned(), "listing-requests"),
        ("/listings/connections".to_owned(), "connections"),
        (format!("/listings/{listing}"), "listing"),
    ] {
        look(&browser, &at(&path), name);
    }
}
