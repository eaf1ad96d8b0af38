//! One export: how far it is, what came of it, and the archive itself.

use actix_web::http::header;
use actix_web::web::{self, Path};
use actix_web::{HttpResponse, http::StatusCode};

use super::verbs::{VERBS, dialog};
use super::{HOME, at, not_all, page, status};
use crate::flows::accounts::pages as account;
use crate::flows::export::actions::{self, Shown};
use crate::flows::export::model::ExportState;
use crate::kit::Text;
use crate::outside::files::FileKey;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::broken;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::parts::{Facts, Head, Notice, Progress};
use crate::web::status::Tone;
use crate::web::{Ctx, Error, list, moments};

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// How far the job is.
fn bar(ctx: &Ctx, shown: &Shown) -> Progress {
    let here = at(ctx, shown);
    let (done, total) = shown.progress.as_ref().map_or((0, 0), |p| (p.done, p.total.unwrap_or(0)));
    if shown.export.state != ExportState::Making {
        let detail = Text::new("Done");
        return Progress::new("making", "Reading and writing", detail, 1, 1).then(here);
    }
    let detail = match total {
        0 => Text::new("Begins in a moment"),
        _ => Text::new("{done:number} of {total:number} objects and files").arg("done", done).arg("total", total),
    };
    // What is done is not all: packing and keeping come after it.
    let of = if total > 0 { count(total) + 1 } else { 0 };
    Progress::new("making", "Reading and writing", detail, count(done.min(total)), of).again(format!("{here}/progress"))
}

/// How far the job is, for the page that shows it; everybody else is sent to that page.
pub async fn progress(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let shown = ctx.read(move |tx, actor| actions::export(tx, actor, &id)).await?;
    if ctx.wants_fragment() {
        return ctx.render(&bar(&ctx, &shown));
    }
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, at(&ctx, &shown))).finish())
}

/// One export.
pub async fn export(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let (shown, told) = ctx
        .read(move |tx, actor| {
            let shown = actions::export(tx, actor, &id)?;
            let told = actions::story(tx, actor, &shown.export)?;
            Ok((shown, told))
        })
        .await?;
    let (here, export, may) = (at(&ctx, &shown), &shown.export, actions::may_have(ctx.actor()));
    let mut head = Head::new("Data export").meta(Cell::copy(&export.id)).meta(Cell::status(status(export.state)));
    let mut dialogs = vec![];
    if export.state == ExportState::Ready && may {
        head = head.action(Button::link("Download", format!("{here}/archive")).primary().icon("download"));
    }
    for verb in VERBS.iter().filter(|verb| may && verb.from == export.state) {
        dialogs.push(dialog(&ctx, &shown, verb));
        head = head.action(Button::dialog(verb.label, verb.word, format!("{here}/{}", verb.word)).danger());
    }
    let mut notices: Vec<Notice> = not_all(&ctx).into_iter().collect();
    if let Some(problem) = &export.problem {
        notices.push(Notice::new(problem.0.clone()).title("The archive could not be made.").tone(Tone::Bad));
    } else if export.state == ExportState::Failed {
        let text = "Something failed on our side, and it was given up. Start another export; if that fails too, ask the operator.";
        notices.push(Notice::new(text).title("The archive could not be made.").tone(Tone::Bad));
    }
    if export.missing.unwrap_or(0) > 0 {
        let text = Text::new(
            "{count|One file was|{count} files were} deleted while the archive was made; files.ndjson in it says which.",
        );
        notices.push(Notice::new(text.arg("count", export.missing.unwrap_or(0))).tone(Tone::Warn));
    }
    let mut sections = vec![];
    if export.state == ExportState::Making {
        sections.push(
            Section::new("Progress")
                .words("You can leave this page. You get a mail when it is ready.")
                .part(bar(&ctx, &shown)),
        );
    }
    sections.push(moments::story(&ctx, &export.id, told));
    let size = export.size.map(|bytes| Cell::text(Text::data(ctx.reader().size(count(bytes)))));
    let facts = Facts::new()
        .fact("Asked for by", Cell::maybe(export.asked_by.as_ref(), |by| Cell::person(&by.0.name)))
        .fact("Asked for", Cell::time_long(export.created_at))
        .fact("Data of", Cell::maybe(export.taken_at, Cell::time_long))
        .fact("Objects", Cell::maybe(export.lines, Cell::number))
        .fact("Files", Cell::maybe(export.attachments, Cell::number))
        .fact("Size", size.unwrap_or_else(Cell::nothing))
        .fact("Download until", Cell::maybe(export.expires_at, Cell::time_long));
    let page = page(&ctx, "Data export")
        .crumb(Crumb::link("Data export", ctx.url(HOME)))
        .crumb(Crumb::here(Text::data(export.id.as_str())));
    ctx.render_as(
        StatusCode::OK,
        &ObjectPage {
            page,
            head,
            turn: None,
            notices,
            tabs: Some(account::tabs(&ctx, HOME)),
            sections,
            about: Text::new("About this export"),
            facts,
            dialogs,
        },
    )
}

/// The archive of an export.
pub async fn archive(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let name = format!("{id}.zip");
    let key = ctx.read(move |tx, actor| actions::archive(tx, actor, &id)).await?;
    let key: FileKey = key.parse().map_err(|e| broken(&e))?;
    let files = ctx.services().files.clone();
    let file = web::block(move || files.read(&key).map_err(|e| e.text())).await?.map_err(|e| broken(&e))?;
    list::download(file, &name, "application/zip")
}
