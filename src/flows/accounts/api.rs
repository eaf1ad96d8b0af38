//! `/accounts`, `/auth/context`, `/modules` of the API; below it `/auth/tokens` and `/acl`.

mod ip_rules;
mod tokens;

pub use ip_rules::*;
pub use tokens::*;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{self, Door};
use super::model::factors::Policy;
use super::model::ip::Acl;
use super::model::{AccountStatus, MemberStatus};
use super::store::{self, AccountRow, MemberRow};
use crate::db::{Result, Tx};
use crate::kit::{AccountId, Actor, Events, GroupId, Module, NamedRef, Problems, Refusal, Role, Text, UserId};
use crate::rest::{Caller, Error};

/// A company on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    role: Role,
    external_id: String,
    icon: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    status: AccountStatus,
    events: Events,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            kind: row.role.wire_type().to_owned(),
            role: row.role,
            external_id: row.external_id.unwrap_or_default(),
            icon: None,
            brand: None,
            status: row.status,
            events: row.events.0,
        }
    }
}

/// The companies that a token sees: its own.
pub async fn accounts(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    caller.list(&store::ACCOUNTS, |tx, actor, _, _| Ok(vec![Account::from(store::own_account(tx, actor)?)])).await
}

fn own(actor: &Actor, id: &str) -> Result<AccountId> {
    let account = actor.account()?;
    if account == id { Ok(account.clone()) } else { Err(Refusal::not_found("account", id).into()) }
}

/// One company.
pub async fn account(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = path.into_inner();
    caller.one(move |tx, actor| Ok(Account::from(own(actor, &id).and_then(|_| store::own_account(tx, actor))?))).await
}

/// Changes the own company.
pub async fn edit_account(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(200, move |tx, actor| {
            own(actor, &id)?;
            let mut problems = Problems::default();
            if let Some(name) = fields.text("name", &mut problems) {
                actions::rename_company(tx, actor, &name, None)?;
            }
            problems.done()?;
            Ok(Account::from(store::own_account(tx, actor)?))
        })
        .await
}

/// A user of a company on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    id: String,
    name: String,
    email: String,
    active: bool,
    status: MemberStatus,
    timezone: String,
    notifications: bool,
    announcements: bool,
    blocklisted: bool,
    groups: Vec<NamedRef>,
    events: Events,
}

fn users_of(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<User>> {
    let members = store::members(tx, actor, ids)?;
    let groups = store::groups_of_members(tx, actor, ids)?;
    Ok(members.into_iter().map(|m| user(m, &groups)).collect())
}

fn user(row: MemberRow, groups: &[(UserId, GroupId, String)]) -> User {
    let mut events = row.events.0;
    events.stamp("invited", row.since, None);
    if let Some(at) = row.signed_in_at {
        events.stamp("signed", at, None);
    }
    User {
        active: row.status == MemberStatus::Active,
        groups: groups
            .iter()
            .filter(|(u, ..)| *u == row.id)
            .map(|(_, g, name)| NamedRef { id: g.to_string(), name: name.clone() })
            .collect(),
        id: row.id.to_string(),
        name: row.name,
        email: row.email,
        status: row.status,
        timezone: row.timezone.unwrap_or_else(|| "UTC".to_owned()),
        notifications: true,
        announcements: false,
        blocklisted: false,
        events,
    }
}

/// The users of the own company.
pub async fn users(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = path.into_inner();
    own(caller.actor(), &id)?;
    caller.list(&store::USERS, move |tx, actor, ids, _| users_of(tx, actor, ids)).await
}

/// One user of the own company.
pub async fn one_user(caller: Caller, path: web::Path<(String, String)>) -> std::result::Result<HttpResponse, Error> {
    let (id, user) = path.into_inner();
    caller
        .one(move |tx, actor| {
            own(actor, &id)?;
            users_of(tx, actor, std::slice::from_ref(&user))?
                .into_iter()
                .next()
                .ok_or_else(|| Refusal::not_found("user", user).into())
        })
        .await
}

/// Invites a user.
pub async fn invite(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    let services = caller.services().clone();
    caller
        .act(201, move |tx, actor| {
            own(actor, &id)?;
            let mut problems = Problems::default();
            let email = fields.required("email", 254, &mut problems);
            let name = fields.required("name", 128, &mut problems);
            let mut groups = vec![];
            for group in fields.list("groups", 50, &mut problems).unwrap_or_default() {
                let text = group.required("id", 48, &mut problems);
                match GroupId::parse(&text) {
                    Some(id) => groups.push(id),
                    None => problems.add(
                        &group.path("id"),
                        Text::new("{id} is not the id of a group, like UG-123-456-789.").arg("id", &text),
                    ),
                }
            }
            problems.done()?;
            let user = actions::invite(tx, actor, &email, &name, &groups, &Door { deployment: &services.secret })?;
            users_of(tx, actor, &[user.to_string()])?
                .into_iter()
                .next()
                .ok_or_else(|| Refusal::not_found("user", user).into())
        })
        .await
}

/// Takes a user out of the own company.
pub async fn remove_user(
    caller: Caller,
    path: web::Path<(String, String)>,
) -> std::result::Result<HttpResponse, Error> {
    let (id, user) = path.into_inner();
    caller
        .act_empty(move |tx, actor| {
            own(actor, &id)?;
            let user = UserId::parse(&user).ok_or_else(|| Refusal::not_found("user", &user))?;
            actions::remove_member(tx, actor, &user)
        })
        .await
}

/// A group on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Group {
    id: String,
    name: String,
    description: String,
    revision: i64,
    permissions: Vec<Permission>,
    events: Events,
}

/// The groups of the own company.
pub async fn groups(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = path.into_inner();
    own(caller.actor(), &id)?;
    caller
        .list(&store::GROUPS, move |tx, actor, ids, _| {
            let rows = store::groups(tx, actor)?;
            let held = store::permissions_of_groups(tx, actor)?;
            Ok(crate::db::in_order(ids, rows, |g| g.id.as_str())
                .into_iter()
                .map(|g| Group {
                    permissions: held.iter().filter(|(of, ..)| *of == g.id).map(|(_, m, _)| (*m).into()).collect(),
                    id: g.id.to_string(),
                    name: g.name,
                    description: g.description,
                    revision: g.revision,
                    events: g.events.0,
                })
                .collect())
        })
        .await
}

/// For which company and as whom a call acts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Context {
    account: NamedRef,
    user: NamedRef,
}

/// Who calls.
pub async fn context(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    let seat = caller.actor().company()?;
    let user = caller.actor().by().unwrap_or(NamedRef { id: String::new(), name: String::new() });
    let account = NamedRef { id: seat.account.to_string(), name: seat.name.clone() };
    Ok(HttpResponse::Ok().json(Context { account, user }))
}

/// A permission on the wire: the module that may be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct Permission {
    id: String,
    object: NamedRef,
}

impl From<Module> for Permission {
    fn from(module: Module) -> Self {
        let id = module.id().to_owned();
        Self { object: NamedRef { id: id.clone(), name: module.title().to_owned() }, id }
    }
}

/// Every module.
pub async fn modules(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    let all: Vec<NamedRef> =
        Module::ALL.iter().map(|m| NamedRef { id: m.id().to_owned(), name: m.title().to_owned() }).collect();
    caller.whole(&all)
}

/// What holds for everybody in an account, on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountSettings {
    acl: Allowed,
    mfa: MfaSettings,
}

/// Whether the account asks its members for a second factor.
#[derive(Debug, Serialize, ToSchema)]
struct MfaSettings {
    policy: Policy,
}

/// `GET /modules/account/settings`: from where people may come, and what they must sign in with.
pub async fn account_settings(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    caller
        .one(|tx, actor| {
            let mfa = MfaSettings { policy: store::factor_policy(tx, actor)? };
            Ok(AccountSettings { acl: ip_rules::allowed(tx, actor, Acl::Users)?, mfa })
        })
        .await
}
