//! The API's agreements and versions.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::super::actions::{self, AgreementChange};
use super::super::model::{AgreementWords, DocumentType, DocumentWords, Paper};
use super::forms::attached;
use super::wire;
use crate::db::{self, Tx};
use crate::flows::accounts::actions::Upload;
use crate::flows::accounts::api::pictures::{settle, with_upload};
use crate::kit::{Actor, Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields, version_number};
use crate::web::paper;

/// `GET /agreements`
pub async fn agreements(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&actions::AGREEMENTS, |tx, actor, ids, _| {
            Ok(actions::agreements(tx, actor, ids)?.into_iter().map(wire::Agreement::from).collect())
        })
        .await
}

/// `GET /agreements/{agreement}`
pub async fn agreement(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| actions::agreement(tx, actor, &path).map(wire::Agreement::from)).await
}

/// A call with what it says, and the document that came with it as the part `file` of a body in parts.
struct Sent {
    caller: Caller,
    upload: Option<Upload>,
    read: Result<(Fields, AgreementWords), Error>,
}

impl Sent {
    async fn read(caller: Caller, req: &HttpRequest, payload: web::Payload) -> Result<Self, Error> {
        let (caller, kept) =
            with_upload(caller, req, payload, ("file", actions::MAX_PAPER), actions::keep_paper).await?;
        let (upload, paper) = kept.unzip();
        let read = caller.fields().and_then(|fields| Ok((words(&fields, paper)?, fields)));
        Ok(Self { caller, upload, read: read.map(|(words, fields)| (fields, words)) })
    }

    /// Does what was asked for; the document is thrown away if that was refused.
    async fn act<T: Serialize + 'static>(
        self,
        work: impl Fn(&mut Tx<'_>, &Actor, &Fields, &AgreementWords) -> db::Result<T> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        let answer = match self.read {
            Ok((fields, words)) => self.caller.act(201, move |tx, actor| work(tx, actor, &fields, &words)).await,
            Err(error) => Err(error),
        };
        settle(&self.caller, self.upload).await;
        answer
    }
}

/// `POST /agreements`
pub async fn create_agreement(caller: Caller, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Error> {
    let sent = Sent::read(caller, &req, payload).await?;
    sent.act(|tx, actor, fields, words| {
        let mut p = Problems::default();
        let parent = fields.reference("parent", &mut p);
        p.done()?;
        let id = match &parent {
            Some(parent) => actions::create_distribution(tx, actor, parent, words)?,
            None => actions::create_agreement(tx, actor, words)?,
        };
        actions::agreement(tx, actor, id.as_str()).map(wire::Agreement::from)
    })
    .await
}

/// `PUT /agreements/{agreement}`
pub async fn edit_agreement(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut p = Problems::default();
    let change = AgreementChange {
        title: fields.text("title", &mut p).or_else(|| fields.text("name", &mut p)),
        description: fields.text_or_empty("description", &mut p),
        auto_accept: fields.flag("auto_accept", &mut p),
    };
    let forms = attached(&fields, &mut p);
    p.done()?;
    caller
        .act(200, move |tx, actor| {
            // Before contracts are made by themselves, which may have to wait for a form.
            actions::attach_forms(tx, actor, &path, None, &forms)?;
            actions::edit_agreement(tx, actor, &path, None, &change)?;
            actions::agreement(tx, actor, &path).map(wire::Agreement::from)
        })
        .await
}

/// `DELETE /agreements/{agreement}`
pub async fn delete_agreement(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.act_empty(move |tx, actor| actions::delete_agreement(tx, actor, &path)).await
}

/// `GET /agreements/{agreement}/agreements`
pub async fn distribution_agreements(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let parent = id.clone();
    caller.read(move |tx, actor| actions::agreement(tx, actor, &parent)).await?;
    caller
        .list_within(&actions::AGREEMENTS, vec![("parent.id", id)], |tx, actor, ids, _| {
            Ok(actions::agreements(tx, actor, ids)?.into_iter().map(wire::Agreement::from).collect())
        })
        .await
}

/// `POST /agreements/{agreement}/agreements`
pub async fn create_distribution(
    caller: Caller,
    req: HttpRequest,
    payload: web::Payload,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let sent = Sent::read(caller, &req, payload).await?;
    sent.act(move |tx, actor, _, words| {
        let id = actions::create_distribution(tx, actor, &path, words)?;
        actions::agreement(tx, actor, id.as_str()).map(wire::Agreement::from)
    })
    .await
}

/// `GET /agreements/{agreement}/versions`
pub async fn versions(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let agreement = id.clone();
    caller.read(move |tx, actor| actions::agreement(tx, actor, &agreement)).await?;
    let within = vec![("agreement.id", id.clone())];
    caller
        .list_within(&actions::VERSIONS, within, move |tx, actor, ids, _| {
            let (agreement, mut all) = actions::versions(tx, actor, &id)?;
            let mut page = vec![];
            for number in ids {
                if let Some(at) = all.iter().position(|v| v.version.to_string() == *number) {
                    page.push(wire::AgreementVersion::of(&agreement, all.swap_remove(at)));
                }
            }
            Ok(page)
        })
        .await
}

/// `POST /agreements/{agreement}/versions`
pub async fn add_version(
    caller: Caller,
    req: HttpRequest,
    payload: web::Payload,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let sent = Sent::read(caller, &req, payload).await?;
    sent.act(move |tx, actor, _, words| {
        let number = actions::add_version(tx, actor, &path, &words.document, words.active)?;
        let (agreement, version) = actions::version(tx, actor, &path, number)?;
        Ok(wire::AgreementVersion::of(&agreement, version))
    })
    .await
}

/// `GET /agreements/{agreement}/versions/{version}`
pub async fn version(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (id, number) = path.into_inner();
    let number = version_number(&number)?;
    caller
        .one(move |tx, actor| {
            let (agreement, version) = actions::version(tx, actor, &id, number)?;
            Ok(wire::AgreementVersion::of(&agreement, version))
        })
        .await
}

/// `POST /agreements/{agreement}/versions/{version}/activate`
pub async fn activate_version(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (id, number) = path.into_inner();
    let number = version_number(&number)?;
    caller
        .act(200, move |tx, actor| {
            actions::activate_version(tx, actor, &id, number)?;
            let (agreement, version) = actions::version(tx, actor, &id, number)?;
            Ok(wire::AgreementVersion::of(&agreement, version))
        })
        .await
}

/// `DELETE /agreements/{agreement}/versions/{version}`
pub async fn delete_version(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (id, number) = path.into_inner();
    let number = version_number(&number)?;
    caller.act_empty(move |tx, actor| actions::delete_version(tx, actor, &id, number)).await
}

/// `GET /agreements/{agreement}/document`
pub async fn document(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    answer_document(caller, path.into_inner(), None).await
}

/// `GET /agreements/{agreement}/versions/{version}/document`
pub async fn version_document(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (id, number) = path.into_inner();
    let number = version_number(&number)?;
    answer_document(caller, id, Some(number)).await
}

/// To the link of an external document; a file, or a text that is written here, is answered as it is.
async fn answer_document(caller: Caller, id: String, number: Option<i32>) -> Result<HttpResponse, Error> {
    let found = caller.read(move |tx, actor| actions::document(tx, actor, &id, number)).await?;
    if let Some(file) = found.file {
        return Ok(paper::answer(caller.services(), &file.key, &file.name).await?);
    }
    match (found.document_type, found.link, found.text) {
        (DocumentType::External, Some(link), _) => {
            Ok(HttpResponse::Found().insert_header((header::LOCATION, link)).finish())
        }
        (_, _, Some(text)) => Ok(HttpResponse::Ok().content_type("text/markdown; charset=utf-8").body(text)),
        _ => Err(Refusal::field("document", Text::new("This version has no document.")).into()),
    }
}

fn words(fields: &Fields, file: Option<Paper>) -> Result<AgreementWords, Refusal> {
    let mut p = Problems::default();
    let mut text = |name: &str| fields.text(name, &mut p).unwrap_or_default();
    let (title, name) = (text("title"), text("name"));
    let mut words = AgreementWords {
        kind: text("type"),
        title: if title.is_empty() { name } else { title },
        description: text("description"),
        document: DocumentWords { document_type: text("document_type"), link: text("link"), text: text("text"), file },
        ..AgreementWords::default()
    };
    if words.document.document_type.is_empty() {
        // What was sent says what is meant.
        words.document.document_type = match (&*words.document.link, &*words.document.text) {
            ("", "") if words.document.file.is_some() => DocumentType::Uploaded,
            ("", "") => DocumentType::None,
            ("", _) => DocumentType::Text,
            _ => DocumentType::External,
        }
        .to_string();
    }
    words.active = fields.flag("active", &mut p).unwrap_or(false);
    words.auto_accept = fields.flag("auto_accept", &mut p).unwrap_or(false);
    words.marketplace = fields.reference("marketplace", &mut p).unwrap_or_default();
    words.forms = attached(fields, &mut p);
    p.done()?;
    Ok(words)
}
