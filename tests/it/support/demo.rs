//! The demo world in a process of its own, and what `demo.json` says about it.

use serde_json::Value;
use tempfile::TempDir;

use super::client::{Api, Client};
use super::page::Page;
use super::program::Program;

/// A running demo.
pub struct Demo {
    program: Program,
    about: Value,
    dir: TempDir,
}

/// One of its companies.
pub struct Account<'a>(&'a Value);

impl Demo {
    /// Makes the demo world in a new folder, on SQLite, and serves it.
    pub fn start() -> Self {
        let dir = tempfile::tempdir().expect("make a folder for the demo");
        let program = Program::start(dir.path(), &["demo"], |_| {});
        let about = std::fs::read(dir.path().join("demo.json")).expect("the demo describes itself in demo.json");
        Self { program, about: serde_json::from_slice(&about).expect("demo.json is JSON"), dir }
    }

    /// `http://127.0.0.1:PORT`
    pub fn base(&self) -> &str {
        self.program.base()
    }

    /// The process.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Its folder.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// What `demo.json` says.
    pub fn about(&self) -> &Value {
        &self.about
    }

    /// The first company with this role: vendor, distributor or reseller.
    pub fn account(&self, role: &str) -> Account<'_> {
        let accounts = self.about["accounts"].as_array().expect("demo.json lists accounts");
        let found = accounts.iter().find(|account| account["role"] == role);
        Account(found.unwrap_or_else(|| panic!("the demo world has no {role}")))
    }

    /// A browser in which the first person of the company has signed in, and the page they came to.
    pub fn sign_in(&self, account: &Account<'_>) -> (Client, Page) {
        let client = Client::new(self.base());
        let form = client
            .open("/sign-in")
            .form_with("Sign in")
            .set("email", account.email())
            .set("password", account.password());
        let page = client.submit(form).expect(200);
        (client, page)
    }

    /// A client of the API with the company's key.
    pub fn api(&self, account: &Account<'_>) -> Api {
        Api::new(self.base(), account.text("/api_key"))
    }
}

impl Account<'_> {
    /// `VA-…` or `PA-…`
    pub fn id(&self) -> &str {
        self.text("/id")
    }

    /// The address of its first person.
    pub fn email(&self) -> &str {
        self.text("/users/0/email")
    }

    /// The password of its first person.
    pub fn password(&self) -> &str {
        self.text("/users/0/password")
    }

    fn text(&self, place: &str) -> &str {
        self.0.pointer(place).and_then(Value::as_str).unwrap_or_else(|| panic!("demo.json: no {place} in {}", self.0))
    }
}
