//! A distributor with a marketplace and agreements, and partners that signed them.

use causeway::kit::{AccountId, Role};
use serde_json::{Value, json};

use crate::support::client::Api;
use crate::support::companies::{self, Company};
use crate::support::page::Page;
use crate::support::server::Server;

pub struct World {
    pub server: Server,
    pub distributor: Company,
}

/// The text of an id in an answer.
#[track_caller]
pub fn id(page: &Page) -> String {
    page.json()["id"].as_str().unwrap_or_else(|| panic!("no id in {}", page.body())).to_owned()
}

/// The sentences of a refusal, after checking its status.
#[track_caller]
pub fn refused(page: Page, status: u16) -> String {
    let page = page.expect(status);
    page.json()["errors"].as_array().expect("errors").iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

/// The offer of a contract to a new partner.
pub fn offer(name: &str) -> Value {
    json!({ "kind": "production", "activation": { "message": "Welcome" }, "partner": { "name": name } })
}

impl World {
    pub fn new() -> Self {
        let server = Server::start();
        let distributor = Company::new(&server, "Northgate", Role::Distributor);
        Self { server, distributor }
    }

    pub fn api(&self) -> Api {
        self.distributor.api(&self.server)
    }

    /// A marketplace with a hub.
    pub fn marketplace(&self, name: &str) -> String {
        let api = self.api();
        let hub =
            json!({ "name": name, "description": "", "instance": { "id": format!("hub of {name}"), "type": "API" } });
        let hub = id(&api.post("hubs", &hub).expect(201));
        let market = json!({ "name": name, "currency": "EUR", "countries": [{ "id": "DE" }], "hubs": [{ "hub": { "id": hub }, "external_id": "1" }] });
        id(&api.post("marketplaces", &market).expect(201))
    }

    /// A program or service agreement with an active version.
    pub fn agreement(&self, kind: &str) -> String {
        let title = format!("{kind} agreement");
        let body =
            json!({ "type": kind, "title": title, "description": "Terms", "document_type": "none", "active": true });
        id(&self.api().post("agreements", &body).expect(201))
    }

    /// A distribution agreement with an active version.
    pub fn distribution(&self, program: &str, marketplace: &str, auto_accept: bool) -> String {
        let body = json!({
            "type": "distribution", "title": format!("Distribution on {marketplace}"), "description": "Terms", "document_type": "none",
            "active": true, "marketplace": { "id": marketplace }, "auto_accept": auto_accept,
        });
        id(&self.api().post(&format!("agreements/{program}/agreements"), &body).expect(201))
    }

    /// Offers a contract and gives the answer.
    pub fn offered(&self, agreement: &str, name: &str) -> Value {
        self.api().post(&format!("agreements/{agreement}/contracts"), &offer(name)).expect(201).json()
    }

    /// A partner that has signed a program or service agreement, as the distributor's scripts make one; and the contract.
    pub fn partner(&self, agreement: &str, name: &str) -> (Company, String) {
        let contract = self.offered(agreement, name);
        let code = contract["activation"]["code"].as_str().expect("the code");
        let body = json!({
            "id": contract["partner"]["id"], "name": name, "contract_id": contract["id"], "code": code,
            "users": [{ "id": self.distributor.user.to_string() }],
        });
        let account = self.api().post(&format!("accounts?code={code}"), &body).expect(201).json();
        let role = Role::parse(account["role"].as_str().expect("a role")).expect("a known role");
        let account = AccountId::parse(account["id"].as_str().expect("an id")).expect("an account's id");
        let key = companies::key(&self.server, &account, name, role, &causeway::kit::Permissions::all());
        let company = Company {
            id: account,
            name: name.to_owned(),
            role,
            user: self.distributor.user.clone(),
            email: self.distributor.email.clone(),
            key,
        };
        (company, contract["id"].as_str().expect("an id").to_owned())
    }

    /// The status of a contract as a company sees it.
    #[track_caller]
    pub fn status(&self, who: &Company, contract: &str) -> String {
        let answer = who.api(&self.server).get(&format!("contracts/{contract}")).expect(200).json();
        answer["status"].as_str().expect("a status").to_owned()
    }
}
