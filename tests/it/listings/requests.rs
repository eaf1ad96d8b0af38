//! From the request to the listing, and the end of it.

use serde_json::{Value, json};

use crate::partners::world::{id, refused};
use crate::products::world::Shop;
use crate::support::client::Api;

fn ask(shop: &Shop, product: &str) -> String {
    let body = json!({ "type": "new", "product_id": product, "contract_id": shop.contract, "note": "Please" });
    id(&shop.maker().post("listing-requests", &body).expect(201))
}

#[track_caller]
fn does(who: &Api, request: &str, verb: &str) -> Value {
    who.post(&format!("listing-requests/{request}/{verb}"), &json!({})).expect(200).json()
}

/// Asks for something and has it completed.
fn listed(shop: &Shop, product: &str) -> String {
    let request = ask(shop, product);
    does(&shop.maker(), &request, "submit");
    does(&shop.seller(), &request, "deploy");
    let done = does(&shop.seller(), &request, "complete");
    done["listing"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_product_comes_onto_the_marketplace() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    let body = json!({ "type": "new", "product_id": product, "contract_id": shop.contract, "note": "Please" });
    let made = shop.maker().post("listing-requests", &body).expect(201).json();
    let (request, listing) = (made["id"].as_str().unwrap(), made["listing"]["id"].as_str().unwrap());
    assert_eq!(request, format!("LSTR{}-001", listing.trim_start_matches("LST")));
    assert_eq!(
        (made["state"].clone(), made["type"].clone(), made["note"].clone()),
        (json!("draft"), json!("new"), json!("Please"))
    );
    assert_eq!((made["product"]["version"].clone(), made["listing"]["status"].clone()), (json!(1), json!("unlisted")));
    assert_eq!(made["listing"]["contract"]["marketplace"]["id"], shop.market);
    assert_eq!(made["listing"]["pending_request"], json!({ "id": request, "type": "new", "status": "draft" }));

    // Each in turn; who is not, is told.
    let seller = shop.seller();
    for (who, verb, status) in [
        (&seller, "submit", 403),
        (&shop.maker(), "deploy", 403),
        (&seller, "deploy", 400),
        (&seller, "complete", 400),
        (&shop.maker(), "refine", 403),
    ] {
        refused(who.post(&format!("listing-requests/{request}/{verb}"), &json!({})), status);
    }
    does(&shop.maker(), request, "submit");
    let assigned = does(&seller, request, "assign");
    assert!(assigned["assignee"]["id"].as_str().unwrap().starts_with("SU-"));
    assert_eq!(does(&seller, request, "unassign")["assignee"], Value::Null);
    refused(shop.maker().post(&format!("listing-requests/{request}/cancel"), &json!({})), 400);
    assert_eq!(does(&seller, request, "refine")["state"], "draft");
    assert_eq!(does(&shop.maker(), request, "submit")["state"], "reviewing");
    refused(seller.post(&format!("listing-requests/{request}/complete"), &json!({})), 400);
    assert_eq!(does(&seller, request, "deploy")["state"], "deploying");
    let done = does(&seller, request, "complete");
    assert_eq!((done["state"].clone(), done["listing"]["status"].clone()), (json!("completed"), json!("listed")));
    for verb in ["submit", "refine", "deploy", "complete", "cancel", "assign", "unassign"] {
        refused(seller.post(&format!("listing-requests/{request}/{verb}"), &json!({})), 400);
    }
    for who in [&shop.maker(), &seller] {
        let seen = who.get(&format!("listings/{listing}")).expect(200).json();
        assert_eq!(
            (seen["status"].clone(), seen["product"]["version"].clone(), seen["pending_request"].clone()),
            (json!("listed"), json!(1), Value::Null)
        );
        assert_eq!(who.get(&format!("products/{product}")).expect(200).json()["visibility"]["listing"], true);
    }
    let found = seller.get("products?or(eq(visibility.listing,true),eq(visibility.syndication,true))").expect(200);
    assert_eq!(found.header("content-range"), "items 0-0/1");
}

#[test]
fn one_request_at_a_time_and_only_what_makes_sense() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    let private = shop.ready("Private");
    let new = |product: &str, contract: &str| json!({ "type": "new", "product_id": product, "contract_id": contract });
    let post = |body: Value| shop.maker().post("listing-requests", &body);
    for (body, status, words) in [
        (new(&private, &shop.contract), 400, "no public version"),
        (new("PRD-000-000-001", &shop.contract), 404, "PRD-000-000-001"),
        (new(&product, "CRD-00000-00000-00001"), 400, "contract_id: "),
        (json!({ "type": "new", "contract_id": shop.contract }), 400, "product_id: This field is required."),
        (json!({ "type": "sell" }), 400, "type: sell is neither"),
        (json!({ "type": "remove", "listing_id": "LST-000-000-001" }), 404, "LST-000-000-001"),
    ] {
        let said = refused(post(body.clone()), status);
        assert!(said.contains(words), "{body}: {said}");
    }
    refused(shop.seller().post("listing-requests", &new(&product, &shop.contract)), 403);
    let request = ask(&shop, &product);
    let second = post(new(&product, &shop.contract)).expect(409);
    assert_eq!(second.json()["params"]["request"], request);
    assert_eq!(does(&shop.maker(), &request, "cancel")["state"], "canceled");
    let again = ask(&shop, &product);
    assert!(again.ends_with("-002"), "{again}");
    let listing = shop.maker().get(&format!("listing-requests/{again}")).expect(200).json()["listing"]["id"].clone();
    assert!(refused(post(json!({ "type": "remove", "listing_id": listing })), 409).contains("still draft"));
    does(&shop.maker(), &again, "cancel");
    assert!(refused(post(json!({ "type": "update", "listing_id": listing })), 400).contains("not on this marketplace"));
    listed(&shop, &product);
    assert!(refused(post(new(&product, &shop.contract)), 400).contains("already"));
}

#[test]
fn a_listing_is_updated_and_removed() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    let listing = listed(&shop, &product);
    shop.maker().put(&format!("products/{product}"), &json!({ "name": "Cloud Backup 2" })).expect(200);
    shop.save(&product).expect(201);
    let seen = shop.seller().get(&format!("listings/{listing}")).expect(200).json();
    assert_eq!(
        (seen["product"]["name"].clone(), seen["upgrade_available"].clone()),
        (json!("Cloud Backup"), json!(true))
    );
    shop.maker().post(&format!("products/{product}/endsale"), &json!({})).expect(200);
    for (kind, version, status, name) in
        [("update", 2, "listed", "Cloud Backup 2"), ("remove", 2, "unlisted", "Cloud Backup 2")]
    {
        let request =
            id(&shop.maker().post("listing-requests", &json!({ "type": kind, "listing_id": listing })).expect(201));
        does(&shop.maker(), &request, "submit");
        does(&shop.seller(), &request, "deploy");
        does(&shop.seller(), &request, "complete");
        let seen = shop.maker().get(&format!("listings/{listing}")).expect(200).json();
        assert_eq!(
            (seen["status"].clone(), seen["product"]["version"].clone()),
            (json!(status), json!(version)),
            "{kind}"
        );
        assert_eq!(seen["product"]["name"], name);
    }
    let body = json!({ "type": "new", "product_id": product, "contract_id": shop.contract });
    assert!(refused(shop.maker().post("listing-requests", &body), 400).contains("sale of"));
}

#[test]
fn the_end_of_the_contract_takes_products_off() {
    let shop = Shop::open();
    let (one, two) = (shop.published("One"), shop.published("Two"));
    let listing = listed(&shop, &one);
    let request = ask(&shop, &two);
    shop.seller().post(&format!("contracts/{}/terminate", shop.contract), &json!({ "note": "Enough" })).expect(200);
    let seen = shop.maker().get(&format!("listings/{listing}")).expect(200).json();
    assert_eq!((seen["status"].clone(), seen["pending_request"].clone()), (json!("unlisted"), Value::Null));
    let seen = shop.maker().get(&format!("listing-requests/{request}")).expect(200).json();
    assert_eq!(seen["state"], "canceled");
    refused(
        shop.maker()
            .post("listing-requests", &json!({ "type": "new", "product_id": one, "contract_id": shop.contract })),
        400,
    );
}

#[test]
fn listings_are_found_as_clients_look_for_them() {
    let shop = Shop::open();
    let (one, two) = (shop.published("One"), shop.published("Two"));
    let listing = listed(&shop, &one);
    let request = ask(&shop, &two);
    let count = |who: &Api, query: &str| -> String {
        let found = who.get(query).expect(200);
        found.header("content-range").rsplit('/').next().unwrap().to_owned()
    };
    let seller = shop.seller();
    for (query, total) in [
        ("listings".to_owned(), "2"),
        ("listings?in(state,(listed,unlisted))&ordering(-created)".to_owned(), "2"),
        ("listings?eq(status,listed)".to_owned(), "1"),
        (format!("listings?eq(product.id,{one})&eq(contract.marketplace.id,{})", shop.market), "1"),
        (format!("listings?eq(vendor.id,{})&pending_request__is_null=true", shop.vendor.id), "1"),
        ("listings?eq(pending_request.status,draft)".to_owned(), "1"),
        ("listings?search=one".to_owned(), "1"),
        ("listing-requests?in(state,(draft,completed))".to_owned(), "2"),
        ("listing-requests?eq(type,new)&eq(state,completed)".to_owned(), "1"),
        (format!("listing-requests?eq(listing.id,{listing})"), "1"),
        (format!("listing-requests?eq(listing__marketplace__id,{})&ordering(-product.name)", shop.market), "2"),
    ] {
        assert_eq!(count(&seller, &query), total, "{query}");
    }
    let other =
        crate::support::companies::Company::new(&shop.world.server, "Elsewhere", causeway::kit::Role::Distributor);
    let api = other.api(&shop.world.server);
    assert_eq!((count(&api, "listings"), count(&api, "listing-requests")), ("0".to_owned(), "0".to_owned()));
    api.get(&format!("listings/{listing}")).expect(404);
    refused(api.post(&format!("listing-requests/{request}/deploy"), &json!({})), 404);
}
