//! A company with a provider of its own, and the gestures of coming in by it.

use std::collections::HashMap;

use causeway::flows::accounts::actions;
use causeway::flows::accounts::model::sso::DomainWords;
use causeway::kit::Role;
use openssl::sha::sha256;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::fake::{Fake, base64};
use crate::support::client::Client;
use crate::support::companies::{Company, act};
use crate::support::page::Page;
use crate::support::server::Server;

/// Our secret at every provider.
pub const SECRET: &str = "s3cret-of-the-portal";

/// A running program with a company, Alpha, whose domain and provider are set up.
pub struct World {
    pub server: Server,
    pub fake: Fake,
    /// A provider that the program may call, and nobody has named yet.
    pub stranger: Fake,
    pub company: Company,
    /// The provider's id.
    pub provider: String,
    /// The domain's id.
    pub domain: String,
}

/// What a browser takes to a provider.
pub struct Ticket {
    pub state: String,
    pub nonce: String,
    pub challenge: String,
    pub redirect: String,
    pub all: HashMap<String, String>,
}

impl Ticket {
    /// Reads the address to which the portal leads.
    pub fn of(address: &Url) -> Self {
        let all: HashMap<String, String> = address.query_pairs().into_owned().collect();
        let get = |name: &str| all.get(name).cloned().unwrap_or_else(|| panic!("no {name} in {address}"));
        Self {
            state: get("state"),
            nonce: get("nonce"),
            challenge: get("code_challenge"),
            redirect: get("redirect_uri"),
            all,
        }
    }

    /// The way back with a code.
    pub fn way_back(&self) -> String {
        format!("{}?code=c-1&state={}", self.redirect, self.state)
    }
}

/// Sets a provider up for a company, by its pages. Gives its id.
pub fn add_provider(server: &Server, company: &Company, issuer: &str, name: &str) -> String {
    let admin = company.browser(server);
    let page = admin.open(&format!("/{}/account/sso/providers/new", company.id));
    let made = admin.submit(page.form_with("Add provider").set("name", name).set("issuer", issuer)).expect(200);
    let form = made.form_with("Save").set("client_id", "portal").set("client_secret", SECRET);
    admin.submit(form).expect(200).must_say("The provider was saved");
    made.url.path().rsplit('/').next().expect("an id").to_owned()
}

/// Gives a company a verified domain that a provider knows. Gives its id.
pub fn add_domain(server: &Server, company: &Company, domain: &str, provider: &str) -> String {
    act(server, |tx| {
        let actor = company.system();
        let id = actions::add_sso_domain(tx, &actor, domain)?;
        actions::note_sso_check(tx, &actor, id.as_str(), Some(true))?;
        let idp = Some(provider.to_owned());
        actions::edit_sso_domain(tx, &actor, id.as_str(), None, |now| Ok(DomainWords { idp, ..now }))?;
        Ok(id.to_string())
    })
}

/// Goes to a provider.
pub fn go(client: &Client, provider: &str) -> Ticket {
    go_on(client, &format!("/sign-in/sso/go?provider={provider}&next=/"))
}

/// Goes to a provider by a link of ours.
pub fn go_on(client: &Client, link: &str) -> Ticket {
    Ticket::of(&client.get(link).expect(303).redirect().expect("the provider"))
}

impl World {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same, with settings changed.
    pub fn with(change: impl FnOnce(&mut causeway::config::Config)) -> Self {
        let (fake, stranger) = (Fake::start(), Fake::start());
        let server = Server::start_with(|config| {
            config.outgoing_allow = format!("{},{}", fake.issuer, stranger.issuer).parse().expect("addresses");
            change(config);
        });
        let company = Company::new(&server, "Alpha", Role::Distributor);
        let provider = add_provider(&server, &company, &fake.issuer, "Alpha's server");
        let domain = add_domain(&server, &company, "example.com", &provider);
        Self { server, fake, stranger, company, provider, domain }
    }

    /// A path of the company.
    pub fn path(&self, path: &str) -> String {
        format!("/{}{path}", self.company.id)
    }

    /// Seconds since 1970, by the program's clock.
    pub fn now(&self) -> i64 {
        self.server.clock().now().0 / 1_000_000
    }

    /// What a provider says of Alpha's administrator.
    pub fn claims(&self, ticket: &Ticket) -> Value {
        json!({
            "iss": self.fake.issuer, "aud": "portal", "sub": "s-1", "email": self.company.email, "email_verified": true,
            "iat": self.now(), "exp": self.now() + 300, "nonce": ticket.nonce,
        })
    }

    /// Comes back from Alpha's provider, which tells these claims.
    pub fn back(&self, client: &Client, ticket: &Ticket, claims: &Value) -> Page {
        self.fake.give(&self.fake.signed("RS256", claims));
        client.get(&ticket.way_back())
    }

    /// Tells the claims, some changed, after signing in anew in a fresh browser.
    pub fn told(&self, changes: &[(&str, Value)]) -> Page {
        let client = self.server.visitor();
        let ticket = go(&client, &self.provider);
        let mut claims = self.claims(&ticket);
        for (name, value) in changes {
            match value.is_null() {
                true => drop(claims.as_object_mut().expect("claims").remove(*name)),
                false => claims[*name] = value.clone(),
            }
        }
        self.back(&client, &ticket, &claims)
    }

    /// A browser into which Alpha's provider has let its administrator.
    pub fn come_in(&self) -> Client {
        let client = self.server.visitor();
        let ticket = go(&client, &self.provider);
        let page = self.back(&client, &ticket, &self.claims(&ticket));
        assert!(is_in(&page), "{}", page.body());
        client
    }

    /// Asks for the provider of whoever has an address of the domain.
    pub fn enforce(&self) {
        let admin = self.come_in();
        let page = admin.open(&self.path(&format!("/account/sso/domains/{}", self.domain)));
        admin.submit(page.form_with("Save").check("enforce", "yes")).expect(200).must_say("The domain was saved");
    }
}

/// Whether an answer has let somebody in.
pub fn is_in(page: &Page) -> bool {
    page.redirect().is_some_and(|url| url.path() == "/")
}

/// Whether a page asks for something of the person's own.
pub fn asks_for_own(page: &Page) -> bool {
    page.redirect().is_some_and(|url| url.path().starts_with("/confirm"))
}

/// Whether a page leads to single sign-on.
pub fn asks_for_provider(page: &Page) -> bool {
    page.redirect().is_some_and(|url| url.path() == "/sign-in/sso")
}

/// Whether the verifier that was sent belongs to what the browser took along.
pub fn fits(ticket: &Ticket, verifier: &str) -> bool {
    base64(&sha256(verifier.as_bytes())) == ticket.challenge
}

/// Sends a form as a browser would, to any path.
pub fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    client.send(Method::POST, path, |request| request.form(fields))
}
