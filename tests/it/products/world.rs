//! A vendor with a distribution contract on a distributor's marketplace, and products in all stages.

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::partners::world::{World, id};
use crate::support::client::Api;
use crate::support::companies::Company;
use crate::support::page::Page;

/// The smallest PNG there is.
pub const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6,
    0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0,
    0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

pub struct Shop {
    pub world: World,
    pub vendor: Company,
    /// The marketplace.
    pub market: String,
    /// The active distribution contract of the vendor there.
    pub contract: String,
    /// The hub of the marketplace.
    pub hub: String,
}

impl Shop {
    pub fn open() -> Self {
        let world = World::new();
        let market = world.marketplace("Nordics");
        let program = world.agreement("program");
        let distribution = world.distribution(&program, &market, true);
        let (vendor, _) = world.partner(&program, "Halden");
        let contracts = vendor.api(&world.server).get("contracts?eq(type,distribution)").expect(200).json();
        let contract = match contracts[0]["id"].as_str() {
            Some(id) => id.to_owned(),
            None => id(&vendor
                .api(&world.server)
                .post(&format!("agreements/{distribution}/contracts"), &json!({}))
                .expect(201)),
        };
        let hub = world.api().get("hubs").expect(200).json()[0]["id"].as_str().expect("a hub").to_owned();
        Self { world, vendor, market, contract, hub }
    }

    /// The vendor's program.
    pub fn maker(&self) -> Api {
        self.vendor.api(&self.world.server)
    }

    /// The distributor's program.
    pub fn seller(&self) -> Api {
        self.world.api()
    }

    /// A draft with nothing but its name.
    pub fn draft(&self, name: &str) -> String {
        id(&self.maker().post("products", &json!({ "name": name })).expect(201))
    }

    /// A draft with everything that a version needs, and pay-as-you-go.
    pub fn ready(&self, name: &str) -> String {
        let product = self.draft(name);
        let general = json!({
            "category": { "id": "CAT-59128" }, "short_description": "Short", "detailed_description": "# Long",
            "capabilities": { "ppu": { "schema": "PR" } },
        });
        self.maker().put(&format!("products/{product}"), &general).expect(200);
        self.picture(&product, 1).expect(201);
        self.maker().post(&format!("products/{product}/items"), &seat("SEAT", "Seats")).expect(201);
        self.maker().post(&format!("products/{product}/items"), &metered("GB", "Gigabytes")).expect(201);
        product
    }

    /// A published product.
    pub fn published(&self, name: &str) -> String {
        let product = self.ready(name);
        self.save(&product).expect(201);
        product
    }

    /// Saves a public version.
    pub fn save(&self, product: &str) -> Page {
        let body = json!({ "changes_description": "All new", "public": true });
        self.maker().post(&format!("products/{product}/versions"), &body)
    }

    /// Puts a picture at a place.
    pub fn picture(&self, product: &str, position: u8) -> Page {
        let body = json!({ "position": position.to_string(), "type": "image" });
        self.maker().send(Method::POST, &format!("products/{product}/media"), |r| {
            r.multipart(with_file(&body, "thumbnail", PNG))
        })
    }

    /// One product as its vendor sees it.
    pub fn seen(&self, product: &str) -> Value {
        self.maker().get(&format!("products/{product}")).expect(200).json()
    }
}

/// A body in parts, as clients send it: JSON and a file with a whole path for a name.
pub fn with_file(body: &Value, field: &str, bytes: &[u8]) -> Form {
    let json = Part::text(body.to_string()).mime_str("application/json").expect("a type");
    let file = Part::bytes(bytes.to_vec()).file_name("/srv/pictures/x.png").mime_str("image/png").expect("a type");
    Form::new().part("body", json).part(field.to_owned(), file)
}

/// An item that is reserved.
pub fn seat(mpn: &str, name: &str) -> Value {
    json!({ "mpn": mpn, "name": name, "description": "One for each user", "type": "Reservation", "precision": "integer",
            "unit": { "id": "licenses" }, "period": "monthly", "ui": { "visibility": true }, "commitment": { "count": 12 } })
}

/// An item that is metered.
pub fn metered(mpn: &str, name: &str) -> Value {
    json!({ "mpn": mpn, "name": name, "description": "By the hour", "type": "PPU", "precision": "decimal(2)",
            "unit": { "id": "unith" }, "period": "Monthly", "ui": { "visibility": true } })
}
