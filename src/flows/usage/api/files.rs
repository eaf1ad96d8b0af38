//! Usage files.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::wire::{Links, TemplateLink, UsageCategory, UsageFile, UsageFileDetail};
use crate::db::{self, Tx};
use crate::flows::usage::actions::{self, Change, NewFile, USAGE_CATEGORIES, USAGE_FILES};
use crate::flows::usage::model::{Draft, FileStatus, Period};
use crate::kit::{Actor, Problems, Refusal};
use crate::rest::{Caller, Error, Fields};
use crate::rql;

/// `GET /usage/files`
pub async fn files(caller: Caller) -> Result<HttpResponse, Error> {
    // Deleted files are listed where the query asks for them.
    let query = rql::parse(caller.query()).map_err(Refusal::from)?;
    let deleted = query.filter.is_some_and(|filter| filter.wants("status", FileStatus::Deleted.as_str()));
    let within = if deleted { vec![] } else { vec![("live", "yes".to_owned())] };
    caller
        .list_within(&USAGE_FILES, within, |tx, actor, ids, _| {
            Ok(actions::file_views(tx, actor, ids)?.iter().map(UsageFile::of).collect::<Vec<_>>())
        })
        .await
}

/// `GET /usage/files/{usage_file}`
pub async fn file(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let links = Links::of(&caller);
    caller.one(move |tx, actor| Ok(UsageFileDetail::of(&actions::detail(tx, actor, &id)?, &links))).await
}

/// `POST /usage/files`
pub async fn create(caller: Caller) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let text = |name: &str, problems: &mut Problems| fields.text(name, problems).unwrap_or_default();
    let draft = Draft {
        name: text("name", &mut problems),
        external_id: fields.text("external_id", &mut problems),
        description: text("description", &mut problems),
        note: text("note", &mut problems),
        period: period(&fields, &mut problems).flatten(),
        currency: fields.text("currency", &mut problems),
    };
    let product = fields
        .reference("product", &mut problems)
        .or_else(|| fields.text("product_id", &mut problems))
        .unwrap_or_default();
    let contract = fields
        .reference("contract", &mut problems)
        .or_else(|| fields.text("contract_id", &mut problems))
        .unwrap_or_default();
    problems.done()?;
    let new = NewFile { product, contract, draft };
    answer(caller, 201, move |tx, actor| actions::create(tx, actor, new.clone()).map(|id| id.to_string())).await
}

/// Acts on a file and answers it. The links to its workbooks are not kept: a repetition makes new ones.
pub async fn answer(
    caller: Caller,
    status: u16,
    work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<String> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let links = Links::of(&caller);
    let later = links.clone();
    caller
        .act_on(
            status,
            move |tx, actor| {
                let id = work(tx, actor)?;
                let detail = UsageFileDetail::of(&actions::detail(tx, actor, &id)?, &links);
                Ok((id, detail))
            },
            move |tx, actor, id| Ok(UsageFileDetail::of(&actions::detail(tx, actor, id)?, &later)),
        )
        .await
}

/// The period of a body: none if it says nothing, `Some(None)` if it takes the period away.
fn period(fields: &Fields, problems: &mut Problems) -> Option<Option<Period>> {
    if let Some(period) = fields.object("period", problems) {
        let from = period.text("from", problems).unwrap_or_default();
        let to = period.text("to", problems).unwrap_or_default();
        if from.is_empty() && to.is_empty() {
            return Some(None);
        }
        return Some(Period::read(problems, "period", &from, &to));
    }
    if fields.is_null("period") {
        return Some(None);
    }
    let from = fields.text("start_datetime_utc", problems)?;
    let to = fields.text("end_datetime_utc", problems)?;
    Some(Period::read(problems, "period", &from, &to))
}

/// `PUT /usage/files/{usage_file}`
pub async fn update(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let change = Change {
        name: fields.text("name", &mut problems),
        external_id: fields.text_or_empty("external_id", &mut problems),
        description: fields.text_or_empty("description", &mut problems),
        note: fields.text_or_empty("note", &mut problems),
        period: period(&fields, &mut problems),
        currency: fields.text("currency", &mut problems),
    };
    problems.done()?;
    answer(caller, 200, move |tx, actor| {
        actions::edit(tx, actor, &id, change.clone(), None)?;
        Ok(id.to_string())
    })
    .await
}

/// An act that needs no body: some clients send a text, or nothing.
macro_rules! verb {
    ($(#[$doc:meta])* $name:ident $status:literal |$tx:ident, $actor:ident, $id:ident| $act:expr) => {
        $(#[$doc])*
        pub async fn $name(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
            answer(caller, $status, move |$tx, $actor| {
                let $id: &str = &id;
                $act?;
                Ok($id.to_owned())
            })
            .await
        }
    };
}

verb! {
    /// `POST /usage/files/{usage_file}/submit`
    submit 201 |tx, actor, id| actions::submit(tx, actor, id, None)
}
verb! {
    /// `PUT /usage/files/{usage_file}/approve-all`
    approve_all 200 |tx, actor, id| actions::accept(tx, actor, id, "", None)
}
verb! {
    /// `POST /usage/files/{usage_file}/close`
    close 201 |tx, actor, id| actions::close_file(tx, actor, id, None)
}
verb! {
    /// `POST /usage/files/{usage_file}/delete`
    delete 201 |tx, actor, id| actions::delete(tx, actor, id, None)
}
verb! {
    /// `POST /usage/files/{usage_file}/reprocess`
    reprocess 201 |tx, actor, id| actions::reprocess(tx, actor, id)
}

/// `POST /usage/files/{usage_file}/accept`
pub async fn accept(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let note = note(&caller, "acceptance_note")?;
    answer(caller, 201, move |tx, actor| {
        actions::accept(tx, actor, &id, &note, None)?;
        Ok(id.to_string())
    })
    .await
}

/// `POST /usage/files/{usage_file}/reject`
pub async fn reject(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let note = note(&caller, "rejection_note")?;
    answer(caller, 201, move |tx, actor| {
        actions::reject(tx, actor, &id, &note, None)?;
        Ok(id.to_string())
    })
    .await
}

/// The note in a body; nothing if it has none.
fn note(caller: &Caller, name: &str) -> Result<String, Error> {
    let mut problems = Problems::default();
    let note = caller.fields()?.text(name, &mut problems).unwrap_or_default();
    problems.done()?;
    Ok(note)
}

/// `GET /usage/files/{usage_file}/categories`
pub async fn categories(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let (file, _) = caller.read(move |tx, actor| actions::find(tx, actor, &id)).await?;
    let within = vec![("file", file.id.to_string()), ("generation", file.visible.to_string())];
    caller
        .list_within(&USAGE_CATEGORIES, within, move |tx, _, ids, _| {
            Ok(actions::category_rows(tx, &file, ids)?.into_iter().map(UsageCategory::from).collect::<Vec<_>>())
        })
        .await
}

/// `GET /usage/products/{product}/template`
pub async fn template(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let links = Links::of(&caller);
    caller
        .one(move |tx, actor| {
            let path = actions::template_link(tx, actor, links.secret(), &id)?;
            Ok(TemplateLink { template_link: links.absolute(&path) })
        })
        .await
}
