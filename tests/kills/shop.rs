//! Products and listings: from a draft to what is sold.

use reqwest::Method;
use serde_json::{Value, json};

use crate::partners::{Partners, partners, text};
use crate::portal::{Body, Portal, twice};

/// The smallest PNG there is.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6,
    0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0,
    0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// What can be ordered.
pub struct Shop {
    pub partners: Partners,
    pub product: String,
    pub connection: String,
}

/// The thread from active contracts to a listed and connected product.
pub fn shop(portal: &mut Portal, partners: Partners) -> Shop {
    let (vendor, distributor) = (&partners.vendor, &partners.distributor);
    let new = json!({ "name": "Backup Cloud" });
    let product = text(&portal.post("products.create.before-commit", vendor, "products", new), "id");
    let general = json!({
        "category": { "id": "CAT-59128" }, "short_description": "Short", "detailed_description": "# Long",
        "capabilities": { "ppu": { "schema": "PR" }, "cart": { "validation": true } },
    });
    portal.write("products.edit.before-commit", vendor, Method::PUT, &format!("products/{product}"), general);
    let item = |mpn: &str, kind: &str, precision: &str, unit: &str| {
        json!({ "mpn": mpn, "name": format!("Item {mpn}"), "description": "One", "type": kind, "precision": precision,
                "unit": { "id": unit }, "period": "monthly", "ui": { "visibility": true } })
    };
    let parts: [(&str, Value); 5] = [
        ("items", item("SEAT", "Reservation", "integer", "licenses")),
        ("items", item("GB", "PPU", "decimal(2)", "unith")),
        ("parameters", parameter("region", "ordering")),
        ("parameters", parameter("tenant_id", "fulfillment")),
        (
            "templates",
            json!({ "title": "Done", "body": "Your tenant is {{ tenant_id }}", "scope": "asset", "type": "fulfillment" }),
        ),
    ];
    for (path, body) in parts {
        portal.post("products.change.before-commit", vendor, &format!("products/{product}/{path}"), body);
    }
    let picture = Body::File(json!({ "position": "1", "type": "image" }), "thumbnail", "x.png", PNG.to_vec());
    let path = format!("products/{product}/media");
    portal.write("products.change.before-commit", vendor, Method::POST, &path, picture);
    let version = json!({ "changes_description": "All new", "public": true });
    portal.post("products.save_version.before-commit", vendor, &format!("products/{product}/versions"), version);

    let ask = json!({ "type": "new", "product_id": product, "contract_id": partners.contract });
    let request = text(&portal.post("listings.ask.before-commit", vendor, "listing-requests", ask), "id");
    for (who, verb) in [(vendor, "submit"), (distributor, "deploy"), (distributor, "complete")] {
        portal.post("listings.act.before-commit", who, &format!("listing-requests/{request}/{verb}"), json!({}));
    }
    let words = json!({ "hub": { "id": partners.hub }, "type": "production" });
    let path = format!("products/{product}/connections");
    let connection = text(&portal.post("listings.connect.before-commit", distributor, &path, words), "id");
    Shop { partners, product, connection }
}

fn parameter(name: &str, phase: &str) -> Value {
    json!({ "name": name, "title": name, "description": "", "phase": phase, "scope": "asset", "type": "text",
            "constraints": { "required": true } })
}

/// A shop whose making is not under test.
pub fn ready_shop(portal: &mut Portal) -> Shop {
    portal.in_peace(|portal| {
        let partners = partners(portal);
        shop(portal, partners)
    })
}

#[test]
fn products_and_listings() {
    twice(28, |portal| {
        let made = portal.in_peace(partners);
        let shop = shop(portal, made);
        let product = portal.get(&shop.partners.vendor, &format!("products/{}", shop.product));
        assert_eq!(product["status"], "published");
        let listings = portal.get(&shop.partners.distributor, "listings?status=listed");
        assert_eq!(listings.as_array().map(Vec::len), Some(1));
    });
}
