//! `/auth/domains` of the API: domains of e-mail addresses, and how their people come in.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::actions;
use super::super::model::sso::{DomainStatus, DomainWords, RECORD_NAME, RECORD_PREFIX};
use super::super::store::{self, IdpRow, SsoDomainRow};
use super::sso::{OPENID, SYSTEM, SYSTEM_NAME, on_the_wire};
use crate::db::{self, Result, Tx};
use crate::kit::{Actor, Events, Level, Module, Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields};

type Answer = std::result::Result<HttpResponse, Error>;

/// A provider, named.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderRef {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

/// A domain on the wire. `token` is what its DNS record has to say, after the prefix that the settings of the module account name.
#[derive(Debug, Serialize, ToSchema)]
pub struct SsoDomain {
    id: String,
    name: String,
    description: String,
    domain: String,
    token: String,
    auth: DomainAuth,
    status: DomainStatus,
    events: Events,
}

/// How the people of a domain come in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DomainAuth {
    idp: ProviderRef,
    enforce: bool,
}

/// A user with an address of a domain.
#[derive(Debug, Serialize, ToSchema)]
pub struct DomainUser {
    id: String,
    name: String,
    auth: DomainAuth,
}

/// Where the record of a domain stands, for the settings of the module account.
#[derive(Debug, Serialize, ToSchema)]
pub struct DomainSettings {
    verification: Verification,
}

/// A DNS record: its name before the domain, its type, and what its text begins with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    prefix: String,
}

pub(super) fn domain_settings() -> DomainSettings {
    let verification =
        Verification { name: RECORD_NAME.to_owned(), kind: "TXT".to_owned(), prefix: RECORD_PREFIX.to_owned() };
    DomainSettings { verification }
}

/// How the people of a domain come in.
fn auth(row: &SsoDomainRow, idps: &[IdpRow]) -> DomainAuth {
    let found = row.idp.as_ref().and_then(|id| idps.iter().find(|idp| idp.id == *id));
    let (id, name, kind) = match found {
        Some(idp) => (idp.id.as_str(), idp.name.as_str(), OPENID),
        None => (SYSTEM, SYSTEM_NAME, "system"),
    };
    let idp = ProviderRef { id: id.to_owned(), name: name.to_owned(), kind: kind.to_owned() };
    DomainAuth { idp, enforce: row.enforce }
}

/// Domains of the own company, by their ids.
pub fn sso_domains_of(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<SsoDomain>> {
    let rows = db::in_order(ids, store::sso_domains(tx, actor)?, |row: &SsoDomainRow| row.id.as_str());
    let idps = store::idps(tx, actor)?;
    let domain = |row: SsoDomainRow| SsoDomain {
        auth: auth(&row, &idps),
        id: row.id.to_string(),
        name: row.name,
        description: row.description,
        domain: row.domain,
        token: row.token,
        status: row.status,
        events: row.events.0,
    };
    Ok(rows.into_iter().map(domain).collect())
}

fn sso_domain_of(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<SsoDomain> {
    sso_domains_of(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("domain", id).into())
}

/// Puts what a body says over what is said about a domain. The built-in provider is none.
fn domain_words(fields: &Fields, mut words: DomainWords) -> std::result::Result<DomainWords, Refusal> {
    let mut problems = Problems::default();
    words.name = fields.text_or_empty("name", &mut problems).unwrap_or(words.name);
    words.description = fields.text_or_empty("description", &mut problems).unwrap_or(words.description);
    if let Some(auth) = fields.object("auth", &mut problems) {
        if auth.has("idp") {
            words.idp = auth.reference("idp", &mut problems).filter(|id| id != SYSTEM);
        }
        words.enforce = auth.flag("enforce", &mut problems).unwrap_or(words.enforce);
    }
    problems.done().map(|()| words)
}

/// The domains of the own company.
pub async fn sso_domains(caller: Caller) -> Answer {
    caller.list(&store::SSO_DOMAINS, |tx, actor, ids, _| sso_domains_of(tx, actor, ids)).await
}

/// One domain.
pub async fn one_sso_domain(caller: Caller, path: web::Path<String>) -> Answer {
    caller.one(move |tx, actor| sso_domain_of(tx, actor, &path)).await
}

/// Adds a domain.
pub async fn add_sso_domain(caller: Caller) -> Answer {
    let fields = caller.fields()?;
    caller
        .act(201, move |tx, actor| {
            let mut problems = Problems::default();
            let domain = fields.text_or_empty("domain", &mut problems).unwrap_or_default();
            problems.done()?;
            let id = actions::add_sso_domain(tx, actor, &domain)?;
            sso_domain_of(tx, actor, id.as_str())
        })
        .await
}

/// Changes a domain.
pub async fn edit_sso_domain(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(200, move |tx, actor| {
            on_the_wire(actions::edit_sso_domain(tx, actor, &id, None, |now| domain_words(&fields, now)))?;
            sso_domain_of(tx, actor, &id)
        })
        .await
}

/// Takes a domain away.
pub async fn delete_sso_domain(caller: Caller, path: web::Path<String>) -> Answer {
    let id = path.into_inner();
    caller.act_empty(move |tx, actor| actions::delete_sso_domain(tx, actor, &id)).await
}

/// Looks the record of a domain up; the answer has the status that the domain has then.
pub async fn verify_sso_domain(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, key) = (path.into_inner(), caller.actor().clone());
    key.need(Module::Account, Level::Manage)?;
    let asked = id.clone();
    let row = caller.read(move |tx, actor| store::sso_domain(tx, actor, &asked)).await?;
    let dns = caller.services().dns.clone();
    let there = web::block(move || actions::proves(&dns, &row)).await?.map_err(|_| {
        Refusal::conflict(Text::new("No server of names answered, so nothing was changed. Try again in a minute."))
    })?;
    caller
        .act(200, move |tx, actor| {
            actions::note_sso_check(tx, actor, &id, Some(there))?;
            sso_domain_of(tx, actor, &id)
        })
        .await
}

/// Users with an address of a domain.
pub async fn sso_domain_users(caller: Caller, path: web::Path<String>) -> Answer {
    let id = path.into_inner();
    let users = caller
        .read(move |tx, actor| {
            let row = store::sso_domain(tx, actor, &id)?;
            let auth = auth(&row, &store::idps(tx, actor)?);
            let user =
                |user: store::DomainUser| DomainUser { id: user.id.to_string(), name: user.name, auth: auth.clone() };
            Ok(store::sso_domain_users(tx, actor, &row, i64::MAX)?.into_iter().map(user).collect::<Vec<_>>())
        })
        .await?;
    caller.whole(&users)
}
