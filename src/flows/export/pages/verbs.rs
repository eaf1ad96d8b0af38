//! Cancelling and deleting: each is a dialog over the export's page, and a page of its own without script.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

use super::{HOME, at, not_all, page};
use crate::flows::export::actions::{self, Shown};
use crate::flows::export::model::ExportState;
use crate::kit::{Refusal, Text};
use crate::web::dialog::Dialog;
use crate::web::form::Form;
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// What can be done with an export.
pub(super) struct Verb {
    /// In the address.
    pub word: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What follows from it.
    consequence: &'static str,
    /// Told once it is done.
    done: &'static str,
    /// In which state.
    pub from: ExportState,
}

pub(super) const VERBS: [Verb; 2] = [
    Verb {
        word: "cancel",
        label: "Cancel the export",
        consequence: "It stops at its next step, and nothing of it is kept.",
        done: "The export was cancelled.",
        from: ExportState::Making,
    },
    Verb {
        word: "delete",
        label: "Delete the archive",
        consequence: "It cannot be downloaded any more. What it was made of stays.",
        done: "The archive was deleted.",
        from: ExportState::Ready,
    },
];

fn known(word: &str) -> Result<&'static Verb, Error> {
    VERBS.iter().find(|verb| verb.word == word).ok_or_else(|| Refusal::not_found("action", word).into())
}

fn form(ctx: &Ctx, shown: &Shown, verb: &Verb) -> Form {
    ctx.form(format!("{}/{}", at(ctx, shown), verb.word), verb.label).hidden("confirmed", "yes")
}

/// The dialog of a verb.
pub(super) fn dialog(ctx: &Ctx, shown: &Shown, verb: &Verb) -> Dialog {
    Dialog::new(verb.word, verb.label, form(ctx, shown, verb)).text(verb.consequence)
}

async fn verb_page(
    ctx: &Ctx,
    status: StatusCode,
    (id, word): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (verb, wanted) = (known(word)?, id.to_owned());
    let shown = ctx.read(move |tx, actor| actions::export(tx, actor, &wanted)).await?;
    let mut form = form(ctx, &shown, verb).cancel(at(ctx, &shown));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = page(ctx, verb.label)
        .crumb(Crumb::link("Data export", ctx.url(HOME)))
        .crumb(Crumb::here(Text::data(shown.export.id.as_str())));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(verb.consequence);
    shown.notices.extend(not_all(ctx));
    ctx.render_as(status, &shown)
}

/// Asks whether an export is to be cancelled, or its archive deleted.
pub async fn verb(ctx: Ctx, path: Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, StatusCode::OK, (&path.1, &path.2), None).await
}

/// Cancels an export, or deletes its archive.
pub async fn do_verb(ctx: Ctx, path: Path<(String, String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id, word) = path.into_inner();
    let verb = known(&word)?;
    let (back, export) = (ctx.url(&format!("{HOME}/{id}")), id.clone());
    let again = async |code, error| verb_page(&ctx, code, (&id, &word), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        match verb.from {
            ExportState::Making => actions::cancel(tx, actor, &export)?,
            _ => actions::delete(tx, actor, &export)?,
        }
        Ok(Answer::go(&back).flash(Text::new(verb.done)))
    })
    .await
}
