//! Companies, people and tokens for a test, made through the program's own actions.

use causeway::db::{self, Db, Tx};
use causeway::flows;
use causeway::flows::accounts::actions::{self, NewPerson};
use causeway::flows::accounts::model::{AccountStatus, MemberStatus};
use causeway::flows::accounts::store;
use causeway::kit::{AccountId, Actor, Email, Events, Level, Module, Permissions, Role, UserId};

use super::client::{Api, Client};
use super::server::Server;

/// The password of everybody in tests.
pub const PASSWORD: &str = "Right-1-password";

/// A company with its first person and a token.
pub struct Company {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its administrator.
    pub user: UserId,
    /// The administrator's address.
    pub email: String,
    /// The key of a token that may do everything.
    pub key: String,
}

/// Somebody of a company besides its administrator.
pub struct Colleague {
    /// Who.
    pub user: UserId,
    /// A browser in which they are signed in.
    pub browser: Client,
}

/// The database of a running program, for what no page offers.
pub fn database(server: &Server) -> Db {
    Db::open(server.database().url(), server.clock().clone(), flows::react).expect("open the test's database")
}

/// Acts behind the program's back.
#[track_caller]
pub fn act<T>(server: &Server, work: impl Fn(&mut Tx<'_>) -> db::Result<T>) -> T {
    database(server).write(work).unwrap_or_else(|e| panic!("{e}"))
}

impl Company {
    /// A new active company.
    pub fn new(server: &Server, name: &str, role: Role) -> Self {
        let db = database(server);
        let hash = actions::password::hash(PASSWORD).expect("a hash");
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let (id, user) = db
            .write(|tx| {
                let id = actions::create_company(tx, &Actor::Operator, name, role, AccountStatus::Active)?;
                let address = Email::parse(&email).expect("an address");
                let person = NewPerson { name, email: &address, password: Some(&hash) };
                let user = actions::register_administrator(tx, &Actor::Operator, &id, &person)?;
                Ok((id, user))
            })
            .expect("make the company");
        let key = key(server, &id, name, role, &Permissions::all());
        Self { id, name: name.to_owned(), role, user, email, key }
    }

    /// Its client of the API.
    pub fn api(&self, server: &Server) -> Api {
        server.api(&self.key)
    }

    /// A client of the API that may do less.
    pub fn api_with(&self, server: &Server, permissions: &[(Module, Level)]) -> Api {
        let mut wanted = Permissions::default();
        permissions.iter().for_each(|(module, level)| wanted.grant(*module, *level));
        server.api(&key(server, &self.id, &self.name, self.role, &wanted))
    }

    /// Somebody else of the company, who may do this and nothing else.
    pub fn colleague(&self, server: &Server, name: &str, permissions: &[(Module, Level)]) -> Colleague {
        let mut wanted = Permissions::default();
        permissions.iter().for_each(|(module, level)| wanted.grant(*module, *level));
        let hash = actions::password::hash(PASSWORD).expect("a hash");
        let email = format!("{}@{}.example", name.to_lowercase(), self.name.to_lowercase());
        let user = act(server, |tx| {
            let address = Email::parse(&email).expect("an address");
            let events = Events::created(tx.at(), None);
            let user = store::insert_person(tx, name, &address, Some(&hash), true, events.clone())?;
            store::put_membership(tx, &self.id, &user, MemberStatus::Active)?;
            let group = store::insert_group(tx, &self.id, name, "", &wanted, events)?;
            store::add_to_group(tx, &group, &user)?;
            Ok(user)
        });
        Colleague { user, browser: sign_in(server, &email) }
    }

    /// A browser in which its administrator is signed in.
    pub fn browser(&self, server: &Server) -> Client {
        sign_in(server, &self.email)
    }

    /// The system acting for it.
    pub fn system(&self) -> Actor {
        Actor::system(self.id.clone(), self.name.clone(), self.role)
    }
}

/// A browser in which somebody is signed in.
pub fn sign_in(server: &Server, email: &str) -> Client {
    let client = server.visitor();
    let form = client.open("/sign-in").form_with("Sign in").set("email", email).set("password", PASSWORD);
    client.submit(form).expect(200);
    client
}

/// The key of a new token of a company.
pub fn key(server: &Server, id: &AccountId, name: &str, role: Role, permissions: &Permissions) -> String {
    let system = Actor::system(id.clone(), name.to_owned(), role);
    let token = database(server).write(|tx| actions::create_token(tx, &system, "Test", "", permissions));
    token.expect("make the token").key()
}
