//! What can be done with a file as a whole: each verb is a dialog over its page, and a page of its own without script.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

use super::super::actions::{self, FileView};
use super::super::model::{FileStatus, Verb, possible};
use super::file::is_closing;
use super::{at, frame_within, is_priced};
use crate::kit::{Level, Refusal, Side, Text};
use crate::web::dialog::Dialog;
use crate::web::form::{Field, Form, Width};
use crate::web::frames::FormPage;
use crate::web::parts::Head;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The verbs as the pages' addresses name them.
const WORDS: [(&str, Verb); 7] = [
    ("submit", Verb::Submit),
    ("accept", Verb::Accept),
    ("reject", Verb::Reject),
    ("close", Verb::CloseRecords),
    ("cancel", Verb::Cancel),
    ("delete", Verb::Delete),
    ("reprocess", Verb::Reprocess),
];

/// The word of a verb in an address.
pub(super) fn word(verb: Verb) -> &'static str {
    WORDS.iter().find(|(_, known)| *known == verb).map_or("", |(word, _)| word)
}

fn known(word: &str) -> Result<Verb, Error> {
    let found = WORDS.iter().find(|(known, _)| *known == word).map(|(_, verb)| *verb);
    found.ok_or_else(|| Refusal::not_found("action", word).into())
}

/// What a person must hold; the action checks again.
pub(super) fn level(verb: Verb) -> Level {
    if verb == Verb::Delete { Level::Manage } else { Level::Act }
}

/// What a verb is called.
pub(super) fn label(verb: Verb) -> &'static str {
    match verb {
        Verb::Submit => "Submit",
        Verb::Accept => "Accept",
        Verb::Reject => "Reject",
        Verb::CloseRecords | Verb::Close => "Close all",
        Verb::Cancel => "Cancel the check",
        Verb::Delete => "Delete",
        Verb::Reprocess => "Build the processed file again",
        Verb::Edit | Verb::Upload | Verb::Start | Verb::Pass | Verb::Fail | Verb::DecideRecords => "",
    }
}

/// The verbs that stand as buttons beside the heading, the next step first.
pub(super) fn shown(view: &FileView) -> Vec<Verb> {
    match (view.side, view.file.status) {
        (Side::Vendor, status) if status.is_working() => vec![Verb::Submit, Verb::Cancel],
        (Side::Vendor, FileStatus::Draft | FileStatus::Invalid | FileStatus::Ready | FileStatus::Rejected) => {
            vec![Verb::Submit]
        }
        (Side::Distributor, FileStatus::Pending) => vec![Verb::Accept, Verb::Reject],
        (Side::Distributor, FileStatus::Accepted) => vec![Verb::CloseRecords],
        _ => vec![],
    }
}

/// Why a verb of the page cannot be used now.
pub(super) fn why_not(view: &FileView, verb: Verb) -> Option<Text> {
    let file = &view.file;
    if verb == Verb::CloseRecords && is_closing(view) {
        return Some("The records are being worked on. Wait until that is done.".into());
    }
    if verb == Verb::Submit && file.submit_wish.is_some() {
        return Some("It is submitted by itself once all rows are good.".into());
    }
    if verb == Verb::Accept && file.verdicts.rejected > 0 {
        return Some("Records of it were rejected by the API. Reject the file, so that they are corrected.".into());
    }
    let refusal = possible(file.id.as_str(), file.status, verb, view.side).err()?;
    Some(match (verb, file.status) {
        (Verb::Submit, FileStatus::Draft) => "Upload a workbook first.".into(),
        (Verb::Submit, FileStatus::Invalid) => "All rows must be good first.".into(),
        (Verb::Submit, FileStatus::Rejected) => "Upload the corrected workbook first.".into(),
        _ => crate::web::tell(&refusal),
    })
}

fn form(ctx: &Ctx, view: &FileView, verb: Verb) -> Form {
    let file = &view.file;
    let form = ctx.form(format!("{}/{}", at(ctx, file), word(verb)), label(verb));
    match verb {
        Verb::Accept => form.revision(file.revision).field(
            Field::text("acceptance_note", "Note")
                .hint("The vendor reads it. At most 200 characters.")
                .width(Width::Full)
                .optional(),
        ),
        Verb::Reject => form.revision(file.revision).field(
            Field::area("rejection_note", "What has to be corrected?")
                .hint("The vendor reads it. At most 200 characters.")
                .rows(3),
        ),
        Verb::CloseRecords => form
            .field(
                Field::text("billing_id", "Billing id")
                    .hint("The invoice or posting in your billing. At most 255 characters."),
            )
            .field(
                Field::text("billing_note", "Billing note")
                    .hint("At most 255 characters.")
                    .width(Width::Full)
                    .optional(),
            ),
        Verb::Submit | Verb::Delete => form.revision(file.revision),
        _ => form,
    }
}

/// What will happen.
fn consequence(view: &FileView, verb: Verb) -> Text {
    let (file, refs) = (&view.file, &view.refs);
    let text = match verb {
        Verb::Submit if file.status.is_working() => Text::new(
            "Once all rows are found to be good, the file goes to {provider} by itself. If one is not, nothing is sent.",
        ),
        Verb::Submit => Text::new(
            "{provider} sees the file with {valid|its one record|its {valid} records}, and accepts or rejects it. Until then it cannot be changed.",
        ),
        Verb::Accept if is_priced(file.schema) => Text::new(
            "{valid|One record|{valid} records} of {amount:number} {currency} can then be billed and closed. That cannot be undone.",
        ),
        Verb::Accept => {
            Text::new("{valid|One record|{valid} records} can then be billed and closed. That cannot be undone.")
        }
        Verb::Reject => Text::new("{vendor} reads the note, corrects the workbook and submits it again."),
        Verb::CloseRecords | Verb::Close => Text::new(
            "{open|One open record is|{open} open records are} closed with this billing id, and the file with them. That cannot be undone.",
        ),
        Verb::Cancel => Text::new("What was checked so far is dropped. The workbook can be uploaded again."),
        Verb::Delete => Text::new("The file leaves all lists. Its record ids can be reported again."),
        _ => Text::new("It then shows which records were closed, with their billing ids."),
    };
    text.arg("provider", &refs.provider)
        .arg("vendor", &refs.vendor)
        .arg("valid", file.figures.valid)
        .arg("open", file.figures.open())
        .arg("amount", file.amount_total)
        .arg("currency", file.currency.as_deref().unwrap_or_default())
}

/// The dialog of a verb.
pub(super) fn dialog(ctx: &Ctx, view: &FileView, verb: Verb) -> Dialog {
    let title = Text::new("{verb:word}: {file}").arg("verb", label(verb)).arg("file", &view.file.name);
    Dialog::new(word(verb), title, form(ctx, view, verb)).text(consequence(view, verb))
}

async fn page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    verb: Verb,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let view = ctx.read(move |tx, actor| actions::file(tx, actor, &asked)).await?;
    let mut form = form(ctx, &view, verb).cancel(at(ctx, &view.file));
    match wrong {
        Some((error, posted)) => explain(&mut form, posted, error)?,
        None => possible(id, view.file.status, verb, view.side)?,
    }
    let title = Text::new(label(verb));
    let mut shown = FormPage::new(frame_within(ctx, title.clone(), &view.file), form);
    let about = Text::new("{verb:word}: {file}").arg("verb", label(verb)).arg("file", &view.file.name);
    shown.head = Head::new(about).lede(consequence(&view, verb));
    shown.aside.push(super::beside(&view));
    ctx.render_as(status, &shown)
}

/// Asks whether something is to be done with a file, where the dialog cannot.
pub async fn verb(ctx: Ctx, path: Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    page(&ctx, StatusCode::OK, &path.1, known(&path.2)?, None).await
}

/// Does it.
pub async fn do_verb(ctx: Ctx, path: Path<(String, String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id, word) = path.into_inner();
    let verb = known(&word)?;
    match done(&ctx, &id, verb, &posted).await {
        Ok(response) => Ok(response),
        Err(error) => page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, verb, Some((error, &posted))).await,
    }
}

async fn done(ctx: &Ctx, id: &str, verb: Verb, posted: &Posted) -> Result<HttpResponse, Error> {
    if verb == Verb::Reject && posted.get("rejection_note").trim().is_empty() {
        return Err(Ctx::wrong("rejection_note", Text::new("Say what has to be corrected.")));
    }
    let (id, typed) = (id.to_owned(), posted.clone());
    let (back, list) = (ctx.url(&format!("/usage/{id}")), ctx.url("/usage"));
    ctx.act(posted, move |tx, actor| {
        let (revision, note) = (typed.revision(), |name: &str| typed.get(name));
        let text = match verb {
            Verb::Submit => {
                actions::submit(tx, actor, &id, revision)?;
                match actions::find(tx, actor, &id)?.0.status {
                    FileStatus::Pending => Text::new("The file was submitted."),
                    _ => Text::new("The file is submitted once all its rows are good."),
                }
            }
            Verb::Accept => {
                actions::accept(tx, actor, &id, note("acceptance_note"), revision)?;
                Text::new("The file was accepted.")
            }
            Verb::Reject => {
                actions::reject(tx, actor, &id, note("rejection_note"), revision)?;
                Text::new("The file was rejected.")
            }
            Verb::CloseRecords => {
                match actions::close_all(tx, actor, &id, note("billing_id"), note("billing_note"), None)? {
                    0 => Text::new("All records are closed, and the file with them."),
                    left => Text::new("{left} records are being closed.").arg("left", left),
                }
            }
            Verb::Cancel => {
                actions::cancel(tx, actor, &id)?;
                Text::new("The check was cancelled.")
            }
            Verb::Reprocess => {
                actions::reprocess(tx, actor, &id)?;
                Text::new("The processed file is being built.")
            }
            Verb::Delete => {
                actions::delete(tx, actor, &id, revision)?;
                return Ok(Answer::go(&list).flash(Text::new("The file was deleted.")));
            }
            _ => return Err(Refusal::not_found("action", word(verb)).into()),
        };
        Ok(Answer::go(&back).flash(text))
    })
    .await
}
