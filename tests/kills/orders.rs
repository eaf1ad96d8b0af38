//! Orders: purchases that are asked back, approved, failed; drafts; follow-ups; customers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::partners::text;
use crate::portal::{Portal, twice};
use crate::shop::{Shop, ready_shop};

/// A purchase for a customer; `uid` is that of the customer and of the subscription.
fn purchase(shop: &Shop, uid: &str) -> Value {
    json!({
        "type": "purchase",
        "marketplace": { "id": shop.partners.marketplace },
        "asset": {
            "product": { "id": shop.product }, "connection": { "id": shop.connection },
            "external_id": format!("ext-{uid}"), "external_uid": uid,
            "items": [{ "id": "SEAT", "quantity": "5" }, { "id": "GB" }],
            "params": [{ "id": "region", "value": "eu" }],
            "tiers": { "customer": customer(uid) },
        },
    })
}

fn customer(uid: &str) -> Value {
    json!({
        "name": "Stadtwerke", "type": "customer", "external_id": format!("X-{uid}"), "external_uid": uid,
        "contact_info": {
            "address_line1": "Auenstraße 12", "city": "Lindau", "state": "Bayern", "postal_code": "88131", "country": "de",
            "contact": { "first_name": "Eva", "last_name": "Kern", "email": format!("eva@{uid}.example"),
                "phone_number": { "country_code": "+49", "area_code": "8382", "phone_number": "123456", "extension": "" } },
        },
    })
}

/// A subscription from the order to the approval, with one question to the customer.
pub fn subscription(portal: &mut Portal, shop: &Shop, uid: &str) -> String {
    let (buyer, seller) = (&shop.partners.distributor, &shop.partners.vendor);
    let request = portal.post("orders.create.before-commit", buyer, "requests", purchase(shop, uid));
    let (id, asset) = (text(&request, "id"), text(&request, "asset.id"));
    let mark = json!({ "asset": { "params": [{ "id": "region", "value_error": "Nothing there" }] } });
    portal.post("orders.inquire.before-commit", seller, &format!("requests/{id}/inquire"), mark);
    assert_eq!(portal.mail().all_to(&format!("eva@{uid}.example")).len(), 1);
    let correct = json!({ "asset": { "params": [{ "id": "region", "value": "us" }] } });
    portal.post("orders.pend.before-commit", buyer, &format!("requests/{id}/pend"), correct);
    let fill = json!({ "asset": { "params": [{ "id": "tenant_id", "value": format!("tenant-{uid}") }] } });
    portal.write("orders.edit.before-commit", seller, Method::PUT, &format!("requests/{id}"), fill);
    let done = portal.post("orders.approve.before-commit", seller, &format!("requests/{id}/approve"), json!({}));
    assert_eq!(text(&done, "asset.status"), "active");
    asset
}

#[test]
fn orders() {
    twice(64, |portal| {
        let shop = ready_shop(portal);
        let (buyer, seller) = (shop.partners.distributor.clone(), shop.partners.vendor.clone());
        let assets: Vec<String> = ["u1", "u2", "u3", "u4"].map(|uid| subscription(portal, &shop, uid)).into();
        portal.post("customers.create.before-commit", &buyer, "tier/accounts", customer("c9"));

        // A draft that is sent later, and fails.
        let mut draft = purchase(&shop, "u9");
        draft["status"] = json!("draft");
        let id = text(&portal.post("orders.create.before-commit", &buyer, "requests", draft), "id");
        portal.post("orders.submit.before-commit", &buyer, &format!("requests/{id}/purchase"), json!({}));
        let fail = format!("requests/{id}/fail");
        portal.post("orders.fail.before-commit", &seller, &fail, json!({ "reason": "No capacity" }));

        // What follows the purchase.
        for (asset, kind) in assets.iter().zip(["change", "cancel", "change", "cancel"]) {
            let mut order = json!({ "type": kind, "asset": { "id": asset } });
            if kind == "change" {
                order["asset"]["items"] = json!([{ "id": "SEAT", "quantity": "9" }]);
            }
            let id = text(&portal.post("orders.create.before-commit", &buyer, "requests", order), "id");
            portal.post("orders.approve.before-commit", &seller, &format!("requests/{id}/approve"), json!({}));
        }
        let quantity = portal.get(&buyer, &format!("assets/{}", assets[0]));
        assert_eq!(quantity["items"][0]["quantity"], "9");
        assert_eq!(text(&portal.get(&buyer, &format!("assets/{}", assets[1])), "status"), "terminated");
    });
}
