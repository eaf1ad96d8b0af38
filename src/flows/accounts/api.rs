//! `/accounts`, `/auth/context`, `/industries`, `/modules` of the API; below it users and groups, `/auth/tokens`,
//! `/statistics/tokens`, `/acl`, `/auth/idps` and `/auth/domains`.

mod calls;
mod company;
mod groups;
mod ip_rules;
mod people;
pub(in crate::flows) mod pictures;
mod sso;
mod sso_domains;
mod tokens;

pub use calls::*;
pub use company::{Account, account, accounts, edit_account, industries, industries_of, industry};
pub use groups::*;
pub use ip_rules::*;
pub use people::*;
pub use sso::*;
pub use sso_domains::*;
pub use tokens::*;

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::factors::Policy;
use super::model::ip::Acl;
use super::store;
use crate::db::Result;
use crate::kit::{AccountId, Actor, Module, NamedRef, Refusal};
use crate::rest::{Caller, Error};

fn own(actor: &Actor, id: &str) -> Result<AccountId> {
    let account = actor.account()?;
    if account == id { Ok(account.clone()) } else { Err(Refusal::not_found("account", id).into()) }
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
    domain: DomainSettings,
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
            Ok(AccountSettings { domain: domain_settings(), acl: ip_rules::allowed(tx, actor, Acl::Users)?, mfa })
        })
        .await
}
