//! Sending a workbook.

use actix_web::http::StatusCode;
use actix_web::web::{self, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::actions::{self, FileView};
use super::super::model::{FileStatus, Verb, possible};
use super::{at, frame_within};
use crate::kit::{Code, Text};
use crate::rest::multipart;
use crate::web::button::Button;
use crate::web::error::Cause;
use crate::web::form::{Field, Form};
use crate::web::frames::FormPage;
use crate::web::parts::Notice;
use crate::web::{Answer, Ctx, Error, Posted, tell};

/// The part with the workbook.
const FIELD: &str = "usage_file";

/// The form that sends a workbook, with its limits said before.
pub(super) fn form(ctx: &Ctx, view: &FileView) -> Form {
    let limits = ctx.services().config.limits;
    let hint = Text::new("An Excel workbook (.xlsx) of at most {size} and {rows:number} rows.")
        .arg("size", ctx.reader().size(limits.workbook()))
        .arg("rows", limits.usage_rows);
    ctx.form(format!("{}/upload", at(ctx, &view.file)), "Upload")
        .field(Field::file(FIELD, "Workbook", ".xlsx", limits.workbook()).hint(hint))
}

async fn page(ctx: &Ctx, status: StatusCode, id: &str, wrong: Option<Text>) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let view = ctx.read(move |tx, actor| actions::file(tx, actor, &asked)).await?;
    if wrong.is_none() {
        possible(id, view.file.status, Verb::Upload, view.side)?;
    }
    let here = at(ctx, &view.file);
    let mut form = form(ctx, &view).cancel(&here);
    if let Some(text) = wrong {
        form.errors(&[(FIELD, text)]);
    }
    let mut shown = FormPage::new(frame_within(ctx, "Upload a workbook".into(), &view.file), form);
    shown.head = shown.head.lede(Text::data(&view.file.name));
    shown.aside.push(super::beside(&view));
    let template = Button::link("Download the template", format!("{here}/template")).icon("file-spreadsheet");
    shown.notices.push(match view.file.status {
        FileStatus::Ready => Notice::new("The rows of the present workbook are replaced by those of the new one."),
        _ => Notice::new("One row is one record. All rows are checked; the file can be submitted once all are good."),
    });
    if let Some(notice) = shown.notices.pop() {
        shown.notices.push(notice.action(template));
    }
    ctx.render_as(status, &shown)
}

/// The form that sends a workbook.
pub async fn upload(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Takes a workbook in.
pub async fn do_upload(
    req: HttpRequest,
    ctx: Ctx,
    path: Path<(String, String)>,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    match taken(&req, &ctx, &id, payload).await {
        Err(Error { cause: Cause::Refused(refusal) }) if !matches!(refusal.code, Code::NotFound | Code::Forbidden) => {
            page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some(tell(&refusal))).await
        }
        other => other,
    }
}

async fn taken(req: &HttpRequest, ctx: &Ctx, id: &str, payload: Payload) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let may = ctx.read(move |tx, actor| actions::may_upload(tx, actor, &asked)).await;
    if let Err(error) = may {
        // Somebody whose file went on meanwhile gets to read why, which takes that the body is read to its end.
        if matches!(&error.cause, Cause::Refused(r) if r.code == Code::WrongState) {
            let parts = multipart::read(req.headers(), payload, &ctx.services().files, &[], 0).await;
            // The file may have gone on by this very form, whose answer was lost.
            if let Ok(parts) = parts
                && ctx.was_answered(&Posted::of_parts(&ctx.services().secret, ctx.path(), &parts)).await?
            {
                return ctx.go(Answer::go(ctx.url(&format!("/usage/{id}"))));
            }
        }
        return Err(error);
    }
    let (files, limits) = (&ctx.services().files, ctx.services().config.limits);
    let parts = multipart::read(req.headers(), payload, files, &[FIELD], limits.workbook()).await?;
    let posted = Posted::of_parts(&ctx.services().secret, ctx.path(), &parts);
    let part = parts.file(&[FIELD]).filter(|p| p.staged.size > 0);
    let Some(part) = part else {
        return Err(Ctx::wrong(FIELD, Text::new("Choose the workbook that is to be uploaded.")));
    };
    let (files, staged, name) = (ctx.services().files.clone(), part.staged.clone(), part.file_name.clone());
    let incoming = web::block(move || actions::take_in(&files, &limits, &staged, &name)).await??;
    let (id, back) = (id.to_owned(), ctx.url(&format!("/usage/{id}")));
    let (services, new) = (ctx.services().clone(), incoming.clone());
    let answered = ctx
        .act(&posted, move |tx, actor| {
            actions::upload(tx, actor, &id, &new)?;
            Ok(Answer::go(&back))
        })
        .await;
    // Only a server that stops gives an error here; its next start sweeps.
    drop(web::block(move || actions::settle_upload(&services.db, &services.files, &incoming)).await);
    answered
}
