//! A distributor with a marketplace, a vendor whose product is listed and connected there, and a reseller.

use causeway::flows::listings::actions::{self as listings, Asking, Connecting};
use causeway::flows::listings::model::Verb;
use causeway::flows::products::actions::{self as products, NewProduct, Seen};
use causeway::flows::products::model::{
    Choice, Constraints, ItemDraft, ItemKind, Offline, ParameterDraft, ParameterKind, Period, Phase, Ppu, Precision,
    Scope, TemplateDraft, TemplateKind, UsageSchema,
};
use causeway::kit::{AccountId, Actor, Permissions, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::products::world::{PNG, with_file};
use crate::support::client::Api;
use crate::support::companies::{self, Company, act};
use crate::support::page::Page;
use crate::support::server::Server;

pub struct World {
    pub server: Server,
    pub distributor: Company,
    pub vendor: Company,
    pub reseller: Company,
    pub hub: String,
    pub marketplace: String,
    pub product: String,
    pub connection: String,
}

/// The sentences of a refusal, after checking its status.
#[track_caller]
pub fn refused(page: Page, status: u16) -> String {
    let page = page.expect(status);
    page.json()["errors"].as_array().expect("errors").iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

/// The text of a field in an answer, `asset.id`.
#[track_caller]
pub fn text(value: &Value, path: &str) -> String {
    let found = path.split('.').fold(value, |v, key| match key.parse::<usize>() {
        Ok(n) => &v[n],
        Err(_) => &v[key],
    });
    found.as_str().unwrap_or_else(|| panic!("no text at {path} in {value}")).to_owned()
}

/// A company of the chain with a contact, as clients send it.
pub fn account(name: &str, uid: &str) -> Value {
    json!({
        "name": name, "type": "customer", "external_id": format!("X-{uid}"), "external_uid": uid, "tax_id": "T-1",
        "contact_info": {
            "address_line1": "Auenstraße 12", "city": "Lindau", "state": "Bayern", "postal_code": "88131", "country": "de",
            "contact": {
                "first_name": "Eva", "last_name": "Kern", "email": format!("eva@{uid}.example"),
                "phone_number": { "country_code": "+49", "area_code": "8382", "phone_number": "123456", "extension": "" },
            },
        },
    })
}

impl World {
    pub fn new() -> Self {
        let server = Server::start();
        let distributor = Company::new(&server, "Northgate", Role::Distributor);
        let api = distributor.api(&server);
        let made = |path: &str, body: Value| text(&api.post(path, &body).expect(201).json(), "id");
        let hub =
            made("hubs", json!({ "name": "Hub", "description": "", "instance": { "id": "hub-1", "type": "API" } }));
        let marketplace = made(
            "marketplaces",
            json!({ "name": "Nordics", "currency": "EUR", "countries": [{ "id": "DE" }], "hubs": [{ "hub": { "id": hub }, "external_id": "1" }] }),
        );
        let agreement = |kind: &str| {
            made(
                "agreements",
                json!({ "type": kind, "title": kind, "description": "Terms", "document_type": "none", "active": true }),
            )
        };
        let (program, service) = (agreement("program"), agreement("service"));
        let distribution = json!({
            "type": "distribution", "title": "Distribution", "description": "Terms", "document_type": "none", "active": true,
            "marketplace": { "id": marketplace }, "auto_accept": true,
        });
        made(&format!("agreements/{program}/agreements"), distribution);
        let vendor = partner(&server, &distributor, &program, "Halden");
        let reseller = partner(&server, &distributor, &service, "Alpina");
        let contract = vendor.api(&server).get("contracts?eq(type,distribution)&eq(status,active)").expect(200).json();
        let product = product(&server, &vendor, &text(&contract, "0.id"), &distributor);
        let connection = act(&server, |tx| {
            let words = Connecting {
                hub: hub.clone(),
                environment: "production".into(),
                version_type: "public".into(),
                note: String::new(),
            };
            listings::connect(tx, &distributor.system(), &product, &words)
        })
        .to_string();
        Self { server, distributor, vendor, reseller, hub, marketplace, product, connection }
    }

    /// Another reseller that works with the distributor.
    pub fn another_reseller(&self, name: &str) -> Company {
        let terms = self.buyer().get("agreements?eq(type,service)").expect(200).json();
        partner(&self.server, &self.distributor, &text(&terms, "0.id"), name)
    }

    pub fn buyer(&self) -> Api {
        self.distributor.api(&self.server)
    }

    pub fn seller(&self) -> Api {
        self.vendor.api(&self.server)
    }

    /// A purchase with everything in it; `uid` is that of the customer and of the subscription.
    pub fn order(&self, uid: &str) -> Value {
        json!({
            "type": "purchase",
            "marketplace": { "id": self.marketplace },
            "asset": {
                "product": { "id": self.product }, "connection": { "id": self.connection },
                "external_id": format!("ext-{uid}"), "external_uid": uid,
                "items": [{ "id": "SEAT", "quantity": "5" }, { "id": "TRAFFIC" }],
                "params": [{ "id": "admin_email", "value": "eva@lindau.example" }, { "id": "region", "value": "eu" }],
                "tiers": { "customer": account("Stadtwerke", uid) },
            },
        })
    }

    /// Sends a purchase with everything in it and gives the request.
    pub fn purchased(&self, uid: &str) -> Value {
        self.buyer().post("requests", &self.order(uid)).expect(201).json()
    }

    /// A request as somebody sees it.
    pub fn seen(&self, api: &Api, id: &str) -> Value {
        api.get(&format!("requests/{id}")).expect(200).json()
    }

    /// Fills what the vendor has to fill and approves.
    pub fn approved(&self, id: &str) -> Value {
        let fill = json!({ "asset": { "params": [{ "id": "tenant_id", "value": format!("tenant-{id}") }] } });
        self.seller().put(&format!("requests/{id}"), &fill).expect(200);
        self.seller().post(&format!("requests/{id}/approve"), &json!({})).expect(200).json()
    }

    /// An active subscription.
    pub fn subscription(&self, uid: &str) -> String {
        let request = self.purchased(uid);
        text(&self.approved(&text(&request, "id")), "asset.id")
    }

    /// The state of a subscription.
    pub fn asset_status(&self, id: &str) -> String {
        text(&self.buyer().get(&format!("assets/{id}")).expect(200).json(), "status")
    }

    /// Makes a request for a subscription.
    pub fn ask(&self, kind: &str, asset: &str) -> Page {
        self.buyer().post("requests", &json!({ "type": kind, "asset": { "id": asset } }))
    }

    /// Changes the product's capabilities.
    pub fn capabilities(&self, change: impl Fn(&mut causeway::flows::products::model::Capabilities)) {
        act(&self.server, |tx| {
            products::edit(tx, &self.vendor.system(), &self.product, None, None, |e, _| change(&mut e.capabilities))
                .map(drop)
        });
    }
}

fn partner(server: &Server, distributor: &Company, agreement: &str, name: &str) -> Company {
    let api = distributor.api(server);
    let offer = json!({ "kind": "production", "activation": { "message": "Welcome" }, "partner": { "name": name } });
    let contract = api.post(&format!("agreements/{agreement}/contracts"), &offer).expect(201).json();
    let code = text(&contract, "activation.code");
    let body = json!({
        "id": contract["partner"]["id"], "name": name, "contract_id": contract["id"], "code": code,
        "users": [{ "id": distributor.user.to_string() }],
    });
    let account = api.post(&format!("accounts?code={code}"), &body).expect(201).json();
    let role = Role::parse(&text(&account, "role")).expect("a known role");
    let id = AccountId::parse(&text(&account, "id")).expect("an account's id");
    let key = companies::key(server, &id, name, role, &Permissions::all());
    Company { id, name: name.to_owned(), role, user: distributor.user.clone(), email: distributor.email.clone(), key }
}

fn item(mpn: &str, kind: ItemKind) -> ItemDraft {
    let ppu = kind == ItemKind::Ppu;
    ItemDraft {
        mpn: mpn.to_owned(),
        name: format!("Item {mpn}"),
        description: "An item".to_owned(),
        kind,
        period: Period::Monthly,
        commitment: 1,
        precision: if ppu { Precision::Decimal2 } else { Precision::Integer },
        unit: if ppu { "mbh" } else { "licenses" }.to_owned(),
        visible: true,
        external_id: None,
        parent: None,
    }
}

fn parameter(name: &str, phase: Phase, kind: ParameterKind, constraints: Constraints) -> ParameterDraft {
    ParameterDraft {
        name: name.to_owned(),
        title: format!("The {name}"),
        description: String::new(),
        phase,
        scope: Scope::Asset,
        kind,
        hint: String::new(),
        placeholder: String::new(),
        constraints,
        preset: None,
    }
}

fn product(server: &Server, vendor: &Company, contract: &str, distributor: &Company) -> String {
    let by: Actor = vendor.system();
    let id = act(server, |tx| {
        let new =
            NewProduct { name: "Backup Cloud".into(), category: Some("CAT-67642".into()), ..NewProduct::default() };
        let id = products::create(tx, &by, &new)?.to_string();
        products::edit(tx, &by, &id, None, None, |e, _| {
            let c = &mut e.capabilities;
            c.ppu = Some(Ppu::new(UsageSchema::Quantity));
            c.cart.validation = true;
            c.subscription.hold = true;
            c.subscription.purchase.scheduling = true;
            c.subscription.change.editable_ordering_parameters = true;
            c.subscription.change.editable_fulfillment_parameters = true;
        })?;
        products::create_item(tx, &by, &id, &item("SEAT", ItemKind::Reservation))?;
        products::create_item(tx, &by, &id, &item("COLD", ItemKind::Reservation))?;
        products::create_item(tx, &by, &id, &item("TRAFFIC", ItemKind::Ppu))?;
        let required = Constraints { required: true, ..Constraints::default() };
        let choice = |value: &str| Choice { value: value.into(), label: value.to_uppercase(), default: false };
        let region = Constraints { choices: vec![choice("eu"), choice("us")], ..required.clone() };
        let tenant = Constraints { required: true, unique: true, reconciliation: Some(true), ..Constraints::default() };
        let parameters = [
            parameter("admin_email", Phase::Ordering, ParameterKind::Email, required),
            parameter("region", Phase::Ordering, ParameterKind::Dropdown, region),
            parameter("pin", Phase::Ordering, ParameterKind::Password, Constraints::default()),
            parameter(
                "inner",
                Phase::Ordering,
                ParameterKind::Text,
                Constraints { hidden: true, ..Constraints::default() },
            ),
            parameter("tenant_id", Phase::Fulfillment, ParameterKind::Text, tenant),
        ];
        for one in &parameters {
            products::create_parameter(tx, &by, &id, one)?;
        }
        let body = "# Welcome\n\nYour tenant is {{ tenant_id }}, {{ admin_email }}.".to_owned();
        let template = TemplateDraft {
            name: "Second".into(),
            title: "Second".into(),
            body,
            scope: Scope::Asset,
            kind: Some(TemplateKind::Fulfillment),
        };
        products::create_template(tx, &by, &id, &template)?;
        Ok(id)
    });
    let form = with_file(&json!({ "position": 1, "type": "image" }), "thumbnail", PNG);
    let path = format!("products/{id}/media");
    vendor.api(server).send(Method::POST, &path, |r| r.multipart(form)).expect(201);
    act(server, |tx| {
        products::save_version(tx, &by, &id, &Seen { changes: String::new(), public: true, staging: false })?;
        let asking = Asking::New { product: id.clone(), contract: contract.to_owned() };
        let request = listings::ask(tx, &by, &asking, "")?.to_string();
        listings::act(tx, &by, &request, None, Verb::Submit, "")?;
        listings::act(tx, &distributor.system(), &request, None, Verb::Deploy, "")?;
        listings::act(tx, &distributor.system(), &request, None, Verb::Complete, "")?;
        Ok(())
    });
    id
}

/// What a capability is called is said once.
pub fn offline(product: &World, offline: Offline) {
    product.capabilities(|c| c.subscription.cancel.offline = offline);
}
