//! Users, groups and what they may do: through pages and the API, for open sessions, and whatever order things happen in.

mod groups;
mod mail;
mod members;
mod power;
mod races;

use causeway::flows::accounts::actions;
use causeway::flows::accounts::model::people::GroupWords;
use causeway::kit::{Actor, Email, GroupId, Level, Module, Permissions, Role, UserId};
use serde_json::{Value, json};

use crate::support::client::{Api, Client};
use crate::support::companies::{Company, PASSWORD, act, sign_in};
use crate::support::page::Page;
use crate::support::server::Server;

/// A running program with one company.
pub fn start() -> (Server, Company) {
    let server = Server::start();
    let company = Company::new(&server, "Alpha", Role::Distributor);
    (server, company)
}

/// A path of the API below the company's account.
pub fn below(company: &Company, path: &str) -> String {
    format!("accounts/{}/{path}", company.id)
}

/// A path of the company's portal.
pub fn at(company: &Company, path: &str) -> String {
    format!("/{}{path}", company.id)
}

/// Levels as permissions.
pub fn levels(levels: &[(Module, Level)]) -> Permissions {
    let mut all = Permissions::default();
    levels.iter().for_each(|(module, level)| all.grant(*module, *level));
    all
}

/// A new group that may do this.
pub fn group(server: &Server, company: &Company, name: &str, held: &[(Module, Level)]) -> GroupId {
    act(server, |tx| {
        let words = GroupWords { name: name.to_owned(), ..GroupWords::default() };
        let id = actions::create_group(tx, &company.system(), words, None)?;
        actions::set_permissions(tx, &company.system(), &id, None, |_| levels(held))?;
        Ok(id)
    })
}

/// Somebody new who has joined, in these groups alone.
pub fn member(server: &Server, company: &Company, email: &str, groups: &[&GroupId]) -> UserId {
    let hash = actions::password::hash(PASSWORD).expect("a hash");
    act(server, |tx| {
        let address = Email::parse(email).expect("an address");
        let new = actions::NewPerson { name: email, email: &address, password: Some(&hash) };
        let user = actions::register_administrator(tx, &Actor::Operator, &company.id, &new)?;
        let groups = Some(groups.iter().map(|group| (*group).clone()).collect());
        actions::edit_member(tx, &company.system(), &user, None, &actions::MemberWords { groups, tags: None })?;
        Ok(user)
    })
}

/// A browser of a new member.
pub fn colleague(server: &Server, company: &Company, email: &str, groups: &[&GroupId]) -> (UserId, Client) {
    let user = member(server, company, email, groups);
    (user, sign_in(server, email))
}

/// The id of the group Administrators.
pub fn administrators(api: &Api, company: &Company) -> String {
    let groups = api.get(&below(company, "groups?eq(name,Administrators)")).expect(200).json();
    groups[0]["id"].as_str().expect("an id").to_owned()
}

/// One user by the API.
pub fn shown(api: &Api, company: &Company, user: &str) -> Value {
    api.get(&below(company, &format!("users/{user}"))).expect(200).json()
}

/// Calls that take a body although the client has no method of its own for them.
pub fn delete(api: &Api, path: &str, body: &Value) -> Page {
    api.send(reqwest::Method::DELETE, path, |request| request.json(body))
}

/// Fails unless an answer refuses something and says this.
#[track_caller]
pub fn refuses(page: Page, status: u16, words: &str) {
    let page = page.expect(status);
    assert!(page.body().contains(words), "{}", page.body());
}

/// Invites by the API.
pub fn invite(api: &Api, company: &Company, email: &str, group: &str) -> Page {
    let body = json!({ "email": email, "name": "Cy", "groups": [{ "id": group }] });
    api.post(&below(company, "users"), &body)
}
