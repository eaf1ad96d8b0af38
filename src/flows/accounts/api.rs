//! `/accounts`, `/auth/context`, `/modules` of the API; below it users and groups, `/auth/tokens` and `/acl`.

mod groups;
mod ip_rules;
mod people;
mod tokens;

pub use groups::*;
pub use ip_rules::*;
pub use people::*;
pub use tokens::*;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions;
use super::model::AccountStatus;
use super::model::factors::Policy;
use super::model::ip::Acl;
use super::store::{self, AccountRow};
use crate::db::Result;
use crate::kit::{AccountId, Actor, Events, Module, NamedRef, Problems, Refusal, Role};
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

/// A permission of a token on the wire: the module that may be used.
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
