//! Companies and people to test with, made by the actions that make them in the program.

use causeway::db::Db;
use causeway::flows::accounts::actions::{self, NewPerson, NewToken, password};
use causeway::flows::accounts::model::{AccountStatus, MemberStatus};
use causeway::flows::accounts::store;
use causeway::kit::{AccountId, Actor, Email, Events, GroupId, Permissions, Role, TokenId, UserId};

use crate::support::client::{Api, Client};
use crate::support::server::Server;

/// The password of everybody here.
pub const PASSWORD: &str = "Tr0ub4dor&3";

/// A second door to the database of a running program.
pub fn door(server: &Server) -> Db {
    Db::open(server.database().url(), server.clock().clone(), causeway::flows::react).expect("open the database")
}

/// A company with one administrator, one member who may do nothing, and a token that may do everything.
pub struct Company {
    /// The company.
    pub id: AccountId,
    /// Its administrator.
    pub admin: UserId,
    /// The administrator's address.
    pub email: String,
    /// A member without any permission.
    pub bystander: UserId,
    /// That member's address.
    pub bystander_email: String,
    /// The group without permissions that the bystander is in.
    pub group: GroupId,
    /// Its token.
    pub token: TokenId,
    /// The token's key.
    pub key: String,
}

impl Company {
    /// Makes one.
    pub fn make(db: &Db, name: &str, role: Role) -> Self {
        let hash = password::hash(PASSWORD).expect("hash the password");
        let short = name.to_lowercase();
        let (email, bystander_email) = (format!("admin@{short}.example"), format!("visitor@{short}.example"));
        db.write(|tx| {
            let id = actions::create_company(tx, &Actor::Operator, name, role, AccountStatus::Active)?;
            let address = Email::parse(&email).expect("an address");
            let person = NewPerson { name: &format!("Ada of {name}"), email: &address, password: Some(&hash) };
            let admin = actions::register_administrator(tx, &Actor::Operator, &id, &person)?;
            let address = Email::parse(&bystander_email).expect("an address");
            let events = Events::created(tx.at(), None);
            let bystander = store::insert_person(tx, "Bo", &address, Some(&hash), true, events.clone())?;
            store::put_membership(tx, &id, &bystander, MemberStatus::Active)?;
            let group = store::insert_group(tx, &id, "Visitors", "", &Permissions::default(), events)?;
            store::add_to_group(tx, &group, &bystander)?;
            let system = Actor::system(id.clone(), name.to_owned(), role);
            let token: NewToken = actions::create_token(tx, &system, "Main", "", &Permissions::all())?;
            Ok(Self {
                key: token.key(),
                token: token.id,
                id,
                admin,
                email: email.clone(),
                bystander,
                bystander_email: bystander_email.clone(),
                group,
            })
        })
        .expect("make a company")
    }

    /// A path in its portal.
    pub fn path(&self, path: &str) -> String {
        format!("/{}{path}", self.id)
    }

    /// A client of the API with its token.
    pub fn api(&self, server: &Server) -> Api {
        server.api(&self.key)
    }

    /// A browser in which its administrator is signed in.
    pub fn browser(&self, server: &Server) -> Client {
        signed_in(server, &self.email)
    }
}

/// A browser in which this person is signed in.
pub fn signed_in(server: &Server, email: &str) -> Client {
    let client = server.visitor();
    let form = client.open("/sign-in").form_with("Sign in").set("email", email).set("password", PASSWORD);
    client.post(form).expect(303);
    client
}
