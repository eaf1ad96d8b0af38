//! `/audit` of the API.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Record, Whose};
use crate::kit::Time;
use crate::rest::{Caller, Error};

/// Something with an id and a kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = audit::Object)]
pub struct Object {
    id: String,
    kind: String,
}

/// Who acted; the id and the name are missing for the system, and after personal data was erased.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = audit::Actor)]
pub struct Actor {
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// A company.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = audit::Company)]
pub struct Company {
    id: String,
    name: String,
}

/// From where somebody of the own account acted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = audit::Origin)]
pub struct Origin {
    address: String,
    agent: String,
    request: String,
}

/// A value that changed; a secret is masked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = audit::Change)]
pub struct Change {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

/// The entry's place in the hash chain.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = audit::Seal)]
pub struct Seal {
    place: i64,
    hash: String,
}

/// An entry of the audit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = audit::Entry)]
pub struct Entry {
    id: String,
    at: Time,
    verb: String,
    /// What was done, as an English sentence.
    text: String,
    object: Object,
    actor: Actor,
    /// The company that acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Company>,
    /// The id of the company in whose name it acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<String>,
    changes: Vec<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<Seal>,
}

impl From<Record> for Entry {
    fn from(record: Record) -> Self {
        let (id, name) = record.actor.unzip();
        Self {
            id: record.id,
            at: record.at,
            verb: record.verb,
            text: record.text.to_string(),
            object: Object { id: record.object, kind: record.kind },
            actor: Actor { kind: record.actor_kind, id, name },
            account: record.account.map(|(id, name)| Company { id, name }),
            on_behalf_of: record.on_behalf,
            changes: record
                .changes
                .into_iter()
                .map(|c| Change { field: c.name().to_string(), before: c.before, after: c.after })
                .collect(),
            origin: record.origin.map(|o| Origin { address: o.address, agent: o.agent, request: o.request }),
            seal: record.seal.map(|(place, hash)| Seal { place, hash }),
        }
    }
}

/// What the own account may read.
pub async fn entries(caller: Caller) -> Result<HttpResponse, Error> {
    let load =
        |tx: &mut crate::db::Tx<'_>, actor: &crate::kit::Actor, ids: &[String], _: &crate::rql::Selection<'_>| {
            Ok(store::records(tx, actor, Whose::Own, ids)?.into_iter().map(Entry::from).collect())
        };
    caller.list(&store::AUDIT, load).await
}

/// One entry.
pub async fn entry(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    caller.one(move |tx, actor| Ok(Entry::from(store::record(tx, actor, &id)?))).await
}
