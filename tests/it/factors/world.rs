//! A company whose administrator sets up factors, and the gestures of signing in.

use causeway::kit::Role;
use totp_rs::{Builder, Secret};

use crate::support::client::Client;
use crate::support::companies::{Company, PASSWORD, sign_in};
use crate::support::page::Page;
use crate::support::server::Server;

/// A running program with one company.
pub struct World {
    pub server: Server,
    pub company: Company,
}

/// What somebody has after setting up an app.
pub struct App {
    /// The key as the page shows it.
    pub key: String,
    /// The recovery codes, as long as they are new.
    pub codes: Vec<String>,
}

impl World {
    pub fn new() -> Self {
        let server = Server::start();
        let company = Company::new(&server, "Alpha", Role::Distributor);
        Self { server, company }
    }

    /// A browser that reaches the portal by its name: passkeys need one.
    pub fn at_localhost(&self) -> Client {
        Client::on_host(self.server.base(), "localhost")
    }

    /// Gives the right password; where that leads to.
    pub fn password(&self, client: &Client) -> Page {
        password_of(client, &self.company.email)
    }

    /// Sets up an app in a browser that is signed in.
    pub fn set_up(&self, client: &Client) -> App {
        let page = client.open("/profile/security/app");
        let key = key(&page);
        let page = client.post(page.form_with("Set up").set("code", &self.code(&key))).expect(200);
        App { key, codes: page.texts("ol.codes li") }
    }

    /// Signs the company's administrator in, and sets up an app.
    pub fn with_app(&self) -> (Client, App) {
        let client = self.company.browser(&self.server);
        let app = self.set_up(&client);
        self.next_step();
        (client, app)
    }

    /// The code that an app shows now.
    pub fn code(&self, key: &str) -> String {
        self.code_in(key, 0)
    }

    /// The code that an app shows in so many seconds.
    pub fn code_in(&self, key: &str, seconds: i64) -> String {
        let secret = Secret::try_from_base32(key.replace(' ', "")).expect("a key in base 32");
        let app = Builder::new().with_secret(secret).build().expect("an app");
        let now = self.server.clock().now().0 / 1_000_000 + seconds;
        app.generate(u64::try_from(now).expect("after 1970")).to_string()
    }

    /// Lets the app show its next code.
    pub fn next_step(&self) {
        self.server.clock().advance_seconds(30);
    }

    /// Whether somebody is signed in in a browser.
    pub fn is_in(&self, client: &Client) -> bool {
        let page = client.get("/profile");
        assert!(page.status == 200 || page.redirect().is_some_and(|url| url.path() == "/sign-in"), "{}", page.status);
        page.status == 200
    }

    /// A second person of the company, with a browser in which they are signed in.
    pub fn other(&self, name: &str) -> (Company, Client) {
        let other = Company::new(&self.server, name, Role::Vendor);
        let client = sign_in(&self.server, &other.email);
        (other, client)
    }
}

/// Gives the right password of an address.
pub fn password_of(client: &Client, email: &str) -> Page {
    client.post(client.open("/sign-in").form_with("Sign in").set("email", email).set("password", PASSWORD)).expect(303)
}

/// The key that a page shows.
pub fn key(page: &Page) -> String {
    page.text("main p code.id")
}

/// Types a code at the second step.
pub fn type_code(client: &Client, at: &Page, code: &str) -> Page {
    let page = client.open(at.redirect().expect("the second step").as_str());
    client.post(page.form_with("Go on").set("code", code))
}

/// Whether a page leads to the second step.
pub fn asks_more(page: &Page) -> bool {
    page.redirect().is_some_and(|url| url.path() == "/sign-in/second")
}
