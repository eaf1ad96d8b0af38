//! The API's signatures: who signed which version of an agreement, and their certificates.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{self, Act, DocumentType};
use super::super::{actions, certificate};
use crate::app::Services;
use crate::db;
use crate::kit::{NamedRef, Time};
use crate::rest::{Caller, Error};

/// A signature under a version of an agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct Signature {
    /// The code that finds it, as on its certificate.
    pub id: String,
    /// What was done by it.
    pub act: Act,
    /// The contract.
    pub contract: NamedRef,
    /// The agreement, as it was called then.
    pub agreement: NamedRef,
    /// Its version.
    pub version: i32,
    /// The company that signed, as it was called then.
    pub company: NamedRef,
    /// The person or the token that signed.
    pub signee: Option<NamedRef>,
    /// Where the text was.
    pub document_type: DocumentType,
    /// The SHA-256 of what was signed.
    pub sha256: String,
    /// The words that the signer agreed to.
    pub consent: String,
    /// The network address from where it came.
    pub address: Option<String>,
    /// Where anybody can verify it; not in archives, which may be read when the portal is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<String>,
    /// When.
    pub created: Time,
}

fn wire(services: &Services, s: model::Signature) -> Signature {
    let verify = Some(certificate::verify_link(services, &s));
    Signature { verify, ..Signature::from(s) }
}

impl From<model::Signature> for Signature {
    fn from(s: model::Signature) -> Self {
        let name = format!("Contract of {}", s.title);
        Self {
            verify: None,
            id: s.code(),
            act: s.act,
            contract: NamedRef { id: s.contract.to_string(), name },
            agreement: NamedRef { id: s.agreement.to_string(), name: s.title.clone() },
            version: s.version,
            company: s.company().clone(),
            signee: s.signer,
            document_type: s.document_type,
            sha256: s.sha256,
            consent: s.consent.to_string(),
            address: Some(s.address).filter(|a| !a.is_empty()),
            created: s.at,
        }
    }
}

/// `GET /contracts/{contract}/signatures`
pub async fn signatures(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let (id, services) = (path.into_inner(), caller.services().clone());
    let contract = id.clone();
    caller.read(move |tx, actor| actions::contract(tx, actor, &contract)).await?;
    caller
        .list_within(&actions::SIGNATURES, vec![("contract.id", id.clone())], move |tx, actor, ids, _| {
            let (_, all) = actions::signatures(tx, actor, &id)?;
            let found = db::in_order(ids, all, |s| s.id.as_str());
            Ok(found.into_iter().map(|s| wire(&services, s)).collect())
        })
        .await
}

/// `GET /contracts/{contract}/signatures/{signature}`
pub async fn signature(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let services = caller.services().clone();
    caller.one(move |tx, actor| actions::signature(tx, actor, &path.0, &path.1).map(|s| wire(&services, s))).await
}

/// `GET /contracts/{contract}/signatures/{signature}/certificate`
pub async fn certificate(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let signature = caller.read(move |tx, actor| actions::signature(tx, actor, &path.0, &path.1)).await?;
    let (services, of) = (caller.services().clone(), signature.clone());
    let bytes =
        web::block(move || certificate::write(&services, &of)).await?.map_err(|e| db::Error::Outside(e.to_string()))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/pdf"))
        .insert_header(header::ContentDisposition::attachment(certificate::file_name(&signature)))
        .body(bytes))
}
