//! A vendor, a distributor and a reseller who do business with each other, and one object of each kind between them.

use std::collections::BTreeMap;

use causeway::flows::accounts::actions;
use causeway::flows::accounts::model::MemberStatus;
use causeway::flows::accounts::model::ip::Acl;
use causeway::flows::accounts::model::sso::ProviderWords;
use causeway::flows::accounts::store;
use causeway::flows::export::actions as exports;
use causeway::flows::orders::actions as orders;
use causeway::jobs::mail::{self, Mail};
use causeway::kit::{Actor, Email, Events, Permissions, Seat, Text};
use reqwest::Method;
use serde_json::{Value, json};

use crate::orders::world::{World, text};
use crate::support::client::{Api, Client};
use crate::support::clock::pass_days;
use crate::support::companies::{Company, PASSWORD, act, sign_in};
use crate::support::server::Server;
use crate::usage::world::{EIGHT, form, row_with, workbook};

/// An object in a path.
pub struct Object {
    /// What the path has.
    pub id: String,
    /// The kind and id by which the table of parties knows it; for a part of something, that something. None for what
    /// belongs to the distributor alone.
    party: Option<(&'static str, String)>,
}

/// The three companies and their objects.
pub struct Chain {
    world: World,
    objects: BTreeMap<&'static str, Object>,
    bystander: String,
}

/// Words in a path that name no object, by the parameter before them and their own.
const WORDS: &[(&str, &str)] = &[
    ("/category", "CAT-59128"),
    ("/acl", "users"),
    ("/country", "DE"),
    ("/industry", "IND-10"),
    ("/module", "MD-0006"),
    ("user/verb", "deactivate"),
    ("agreement/version", "1"),
    ("contract/version", "1"),
    ("form/version", "1"),
    ("product/version", "1"),
    ("tier_account/version", "1"),
    ("company/verb", "deactivate"),
    ("export/verb", "delete"),
    ("job/verb", "run-again"),
    ("token/verb", "deactivate"),
    ("version/verb", "activate"),
    ("contract/verb", "terminate"),
    ("item/verb", "endsale"),
    ("listing_request/verb", "cancel"),
    ("request/verb", "approve"),
    ("asset/verb", "cancel"),
    ("usage_file/verb", "submit"),
];

impl Chain {
    /// Makes them all, by the actions that make them in the program.
    pub fn new() -> Self {
        let world = World::new();
        let asset = world.subscription("c-1");
        let (buyer, seller) = (world.buyer(), world.seller());
        let request = text(&world.purchased("c-2"), "id");
        let order = act(&world.server, |tx| orders::begin(tx, &person(&world), &world.product));
        let sub_account = act(&world.server, |tx| {
            let new = actions::NewSubAccount { name: "Branch".to_owned(), myself: true, ..Default::default() };
            actions::create_sub_account(tx, &person(&world), &new, &actions::Door { deployment: "x" })
        });
        let sub_account = sub_account.to_string();
        let first = |api: &Api, list: &str| text(&api.get(list).expect(200).json(), "0.id");
        let contract = first(&seller, "contracts?eq(type,distribution)");
        let product = world.product.clone();
        let part = |name: &str| first(&seller, &format!("products/{product}/{name}"));
        let usage_file = reported(&world, &contract, &asset);
        // Something nobody stands on yet, so that it can be deleted.
        let customer = json!({ "name": "Spare", "type": "customer", "contact_info": contact() });
        let tier_account = text(&buyer.post("tier/accounts", &customer).expect(201).json(), "id");
        let schema = json!({ "type": "object", "properties": { "vat": { "type": "string", "title": "VAT number" } } });
        let form = json!({ "name": "Spare questions", "type": "enroll", "schema": schema });
        let form = text(&buyer.post("forms", &form).expect(201).json(), "id");
        let (user, group, token, rules) = act(&world.server, |tx| {
            let (company, events) = (&world.distributor, Events::created(tx.at(), None));
            let email = Email::parse("fixture@northgate.example").expect("an address");
            let user = store::insert_person(tx, "Fixture", &email, None, false, events.clone())?;
            store::put_membership(tx, &company.id, &user, MemberStatus::Active)?;
            let group = store::insert_group(tx, &company.id, "Fixture", "", &Permissions::default(), events)?;
            store::add_to_group(tx, &group, &user)?;
            let token = actions::create_token(tx, &company.system(), "Fixture", "", &Permissions::default())?;
            // They let in whoever is on this machine.
            let words = actions::IpRuleWords { value: "127.0.0.0/8".to_owned(), comment: "Fixture".to_owned() };
            let rules = [Acl::Users, Acl::Tokens]
                .map(|acl| actions::add_ip_rule(tx, &company.system(), acl, &words, "").map(|id| id.to_string()));
            let [people, programs] = rules;
            Ok((user.to_string(), group.to_string(), token.id.to_string(), (people?, programs?)))
        });
        let (idps, domain) = act(&world.server, |tx| {
            let (actor, name, issuer) =
                (world.distributor.system(), "Fixture".to_owned(), "https://127.0.0.1".to_owned());
            let words = ProviderWords { name, issuer, ..ProviderWords::default() };
            let domain = actions::add_sso_domain(tx, &actor, "fixture.example")?;
            let idps = [(); 2].map(|()| actions::add_idp(tx, &actor, &words).map(|id| id.to_string()));
            let [idp, bare] = idps;
            Ok(((idp?, bare?), domain.to_string()))
        });
        // The distributor runs the deployment.
        act(&world.server, |tx| actions::appoint_operator(tx, &world.distributor.id));
        act(&world.server, |tx| {
            let to = Email::parse("fixture@northgate.example").expect("an address");
            let mail = Mail {
                to_name: "Somebody".to_owned(),
                to: String::new(),
                subject: Text::new("Set a new password"),
                paragraphs: vec![],
                link: None,
                locale: None,
            };
            mail::send(tx, "chain", None, &to, mail)
        });
        let export = act(&world.server, |tx| exports::start(tx, &person(&world))).to_string();
        let invitation = invited(&world, &first(&buyer, "agreements?eq(type,program)"));
        world.server.settle();
        let number = |sql: &str| world.server.database().number(sql);
        let job = number("select max(id) as n from job where status = 'done' and kind = 'mail.send'");
        let of = format!("kind = 'account' and verb = 'account.created' and object_id = '{}'", world.distributor.id);
        let event = number(&format!("select min(id) as n from event where {of}"));
        let mut objects = BTreeMap::new();
        let mut own = |name, id: String| objects.insert(name, Object { id, party: None });
        own("account", world.distributor.id.to_string());
        own("user", user);
        own("group", group);
        own("token", token);
        own("ip_rule", rules.0.clone());
        own("idp", idps.0);
        own("bare_idp", idps.1);
        own("sso_domain", domain);
        own("user_ip_rule", rules.0);
        own("token_ip_rule", rules.1);
        own("order", order);
        own("company", world.reseller.id.to_string());
        own("job", job.to_string());
        own("mail", format!("ML-{job:012}"));
        own("event", format!("EV-{event:012}"));
        own("export", export);
        own("invitation", invitation);
        own("sub_account", sub_account);
        // A kind of object that has parties: its parameter, which is also its kind, and its id.
        let mut shared = |kind, id: String| objects.insert(kind, Object { party: Some((kind, id.clone())), id });
        shared("hub", world.hub.clone());
        shared("marketplace", world.marketplace.clone());
        shared("form", form);
        shared("agreement", first(&buyer, "agreements?eq(type,program)"));
        shared("listing", first(&seller, "listings"));
        shared("listing_request", first(&seller, "listing-requests"));
        shared("connection", world.connection.clone());
        shared("request", request);
        shared("tier_account", tier_account);
        // A part of something: its parameter, its id, and the kind and id of what it is a part of.
        let mut part_of = |name, id: String, kind, of: &str| {
            objects.insert(name, Object { id, party: Some((kind, of.to_owned())) });
        };
        part_of("distribution", contract.clone(), "contract", &contract);
        // The one that somebody signed; the distribution contract was accepted by itself.
        let signed = first(&seller, "contracts?eq(type,program)");
        part_of("contract", signed.clone(), "contract", &signed);
        let signature = first(&seller, &format!("contracts/{signed}/signatures"));
        part_of("signature", signature, "contract", &signed);
        part_of("product", product.clone(), "product", &product);
        // A partner is there for those who have the contract that makes it one.
        part_of("partner", world.vendor.id.to_string(), "contract", &first(&seller, "contracts?eq(type,program)"));
        part_of("asset", asset.clone(), "asset", &asset);
        part_of("usage_file", usage_file.clone(), "usage_file", &usage_file);
        part_of("usage_record", first(&seller, "usage/records"), "usage_file", &usage_file);
        part_of("item", part("items"), "product", &product);
        part_of("parameter", part("parameters"), "product", &product);
        part_of("template", part("templates"), "product", &product);
        part_of("medium", part("media"), "product", &product);
        let bystander = bystander(&world);
        Self { world, objects, bystander }
    }

    /// The running program.
    pub fn server(&self) -> &Server {
        &self.world.server
    }

    /// The companies: distributor, vendor, reseller.
    pub fn companies(&self) -> [&Company; 3] {
        [&self.world.distributor, &self.world.vendor, &self.world.reseller]
    }

    /// The id of its object of a kind.
    pub fn id(&self, name: &str) -> &str {
        &self.objects[name].id
    }

    /// One more order; `uid` is that of the customer and of the subscription.
    pub fn order(&self, uid: &str) {
        self.world.purchased(uid);
    }

    /// A browser in which somebody is signed in who belongs to all three companies and may do nothing in any of them.
    pub fn bystander(&self) -> Client {
        sign_in(&self.world.server, &self.bystander)
    }

    /// The parameters of a path, with the one before each.
    fn parameters(path: &str) -> Vec<(&str, &str)> {
        let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let names: Vec<&str> = names.collect();
        names.iter().enumerate().map(|(n, name)| (n.checked_sub(1).map_or("", |before| names[before]), *name)).collect()
    }

    /// The path of a route with the objects in it. `account` is the company in the path.
    pub fn fill(&self, path: &str, account: &str) -> String {
        self.fill_with(path, account, str::to_owned)
    }

    /// The same with objects that do not exist.
    pub fn fill_absent(&self, path: &str, account: &str) -> String {
        self.fill_with(path, account, absent)
    }

    fn fill_with(&self, path: &str, account: &str, change: fn(&str) -> String) -> String {
        let mut filled = path.to_owned();
        for (before, name) in Self::parameters(path) {
            let word = WORDS.iter().find(|(at, _)| *at == format!("{before}/{name}")).map(|(_, word)| *word);
            let id = match (name, word, self.objects.get(name)) {
                ("account", ..) => account.to_owned(),
                (_, Some(word), _) => word.to_owned(),
                (_, None, Some(object)) => change(&object.id),
                (_, None, None) => panic!("{path}: nothing is known for {{{name}}}; add a line to tests/it/chain.rs"),
            };
            filled = filled.replacen(&format!("{{{name}}}"), &id, 1);
        }
        filled
    }

    /// Whether a company may see every object in a path, as the table of parties says. The company that the path begins
    /// with on pages is not asked for.
    pub fn sees(&self, company: &Company, path: &str) -> bool {
        let objects = Self::parameters(path).into_iter().filter(|(before, name)| {
            let inner = *name == "account" && before.is_empty() && path.starts_with("/{account}");
            !inner && self.objects.contains_key(name)
        });
        objects.map(|(_, name)| &self.objects[name]).all(|object| match &object.party {
            None => company.id == self.world.distributor.id,
            Some((kind, id)) => {
                let rows = format!(
                    "select count(*) as n from party where account_id = '{}' and kind = '{kind}' and object_id = '{id}'",
                    company.id
                );
                self.world.server.database().number(&rows) > 0
            }
        })
    }

    /// Whether a path has an object besides the company that it begins with.
    pub fn has_object(path: &str) -> bool {
        path.strip_prefix("/{account}").unwrap_or(path).contains('{')
    }

    /// Every row of the three companies' objects, as their own programs see them.
    pub fn everything(&self, paths: &[&str]) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for company in self.companies() {
            let api = company.api(self.server());
            for path in paths {
                let path = self.fill(path, company.id.as_str());
                // Links to files are signed anew for each answer.
                let body = api.get(path.trim_start_matches('/')).body();
                let body: Vec<&str> = body.split('"').filter(|part| !part.contains("/downloads/")).collect();
                all.insert(format!("{} {path}", company.name), body.join("\""));
            }
        }
        all
    }
}

/// The distributor's administrator, at work.
fn person(world: &World) -> Actor {
    let Company { id, name, role, user, .. } = &world.distributor;
    let seat = Seat { account: id.clone(), name: name.clone(), role: *role, permissions: Permissions::all() };
    Actor::Person { user: user.clone(), name: name.clone(), seat }
}

/// The id of an object that does not exist.
pub fn absent(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect()
}

fn contact() -> Value {
    crate::orders::world::account("Spare", "spare")["contact_info"].clone()
}

/// A usage file with one good record, for the vendor and the distributor to see.
fn reported(world: &World, contract: &str, asset: &str) -> String {
    pass_days(world.server.clock(), 31);
    let seller = world.seller();
    let body = json!({ "name": "March", "product": { "id": world.product }, "contract": { "id": contract },
                       "period": { "from": "2026-03-01", "to": "2026-03-31" } });
    let file = text(&seller.post("usage/files", &body).expect(201).json(), "id");
    let row = row_with(
        "r-1",
        &[
            ("item_search_value", "TRAFFIC"),
            ("start_time_utc", "2026-03-03 00:00:00"),
            ("end_time_utc", "2026-03-31 00:00:00"),
            ("asset_search_value", asset),
        ],
    );
    let upload = form("usage_file", workbook("records", &EIGHT, &[row]));
    seller.send(Method::POST, &format!("usage/files/{file}/upload"), |r| r.multipart(upload)).expect(201);
    world.server.settle();
    let checked = seller.get(&format!("usage/files/{file}")).expect(200).json();
    assert_eq!(checked["status"], "ready", "{checked:#}");
    seller.post(&format!("usage/files/{file}/submit"), &json!({})).expect(201);
    world.server.settle();
    file
}

/// Invitations by spreadsheet, of one partner who can be invited and one who cannot.
fn invited(world: &World, agreement: &str) -> String {
    let sheet = "Partner,E-mail\nFixture partner,\nSpare partner,nobody\n";
    let upload = form("file", sheet.as_bytes().to_vec());
    let path = format!("agreements/{agreement}/invitations");
    text(&world.buyer().send(Method::POST, &path, |r| r.multipart(upload)).expect(201).json(), "id")
}

/// The address of somebody who belongs to the three companies without any permission.
fn bystander(world: &World) -> String {
    let email = "bystander@example.com";
    let hash = actions::password::hash(PASSWORD).expect("a hash");
    act(&world.server, |tx| {
        let address = Email::parse(email).expect("an address");
        let events = Events::created(tx.at(), None);
        let person = store::insert_person(tx, "Bo", &address, Some(&hash), true, events.clone())?;
        for company in [&world.distributor, &world.vendor, &world.reseller] {
            store::put_membership(tx, &company.id, &person, MemberStatus::Active)?;
            let group = store::insert_group(tx, &company.id, "Visitors", "", &Permissions::default(), events.clone())?;
            store::add_to_group(tx, &group, &person)?;
        }
        Ok(())
    });
    email.to_owned()
}
