//! `/accounts`, `/auth/context`, `/industries`, `/modules` of the API; below it `/auth/tokens` and `/acl`.

mod company;
mod ip_rules;
pub(in crate::flows) mod pictures;
mod tokens;

pub use company::{Account, account, accounts, edit_account, industries, industries_of, industry};
pub use ip_rules::*;
pub use tokens::*;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{self, Door};
use super::model::MemberStatus;
use super::model::factors::Policy;
use super::model::ip::Acl;
use super::store::{self, MemberRow};
use crate::db::{Result, Tx};
use crate::kit::{AccountId, Actor, Events, GroupId, Module, NamedRef, Problems, Refusal, Text, UserId};
use crate::rest::{Caller, Error};

fn own(actor: &Actor, id: &str) -> Result<AccountId> {
    let account = actor.account()?;
    if account == id { Ok(account.clone()) } else { Err(Refusal::not_found("account", id).into()) }
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
