//! Closing single records with billing data.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

use super::super::actions::{self, CloseWish, MAX_RECORDS, RecordRow};
use super::{at, frame_within};
use crate::kit::{Side, Text};
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Field, Form, Width};
use crate::web::frames::{FormPage, Panel};
use crate::web::layout::Crumb;
use crate::web::parts::{Facts, Head};
use crate::web::{Answer, Ctx, Error, Posted, explain, tell};

/// The check boxes of a list.
const PICK: &str = "pick";

fn billing_fields(form: Form, id: &str, note: &str) -> Form {
    form.field(
        Field::text("external_billing_id", "Billing id")
            .hint("The invoice or posting in your billing. At most 255 characters.")
            .value(id),
    )
    .field(
        Field::text("external_billing_note", "Billing note")
            .hint("At most 255 characters.")
            .width(Width::Full)
            .optional()
            .value(note),
    )
}

/// What was typed about a record.
fn wish(id: String, posted: &Posted) -> Result<CloseWish, Error> {
    let billing = posted.get("external_billing_id").trim().to_owned();
    if billing.is_empty() {
        return Err(Ctx::wrong("external_billing_id", Text::new("This field is required.")));
    }
    let note = posted.get("external_billing_note").to_owned();
    Ok(CloseWish { id, billing_id: Some(billing), billing_note: Some(note) })
}

fn form(ctx: &Ctx, record: &RecordRow) -> Form {
    let form = ctx.form(ctx.url(&format!("/usage/records/{}/close", record.id)), "Save the billing");
    billing_fields(form, &record.billing_id, &record.billing_note)
}

/// The dialog that closes a record.
pub(super) fn dialog(ctx: &Ctx, record: &RecordRow) -> Dialog {
    let title = Text::new("Close record {id}").arg("id", &record.record_id);
    Dialog::new("close", title, form(ctx, record))
        .text("A closed record stays closed; its billing id and note can still be corrected.")
}

async fn page(ctx: &Ctx, status: StatusCode, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let record = ctx.read(move |tx, actor| actions::record(tx, actor, &asked)).await?;
    let here = ctx.url(&format!("/usage/records/{}", record.id));
    let mut form = form(ctx, &record).cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let title = Text::new("Close record {id}").arg("id", &record.record_id);
    let page = ctx
        .page(title.clone())
        .crumb(Crumb::link("Usage", ctx.url("/usage")))
        .crumb(Crumb::link(Text::data(record.record_id.as_str()), here))
        .crumb(Crumb::here("Close"));
    let mut shown = FormPage::new(page, form);
    shown.head = Head::new(title).lede("A closed record stays closed; its billing id and note can still be corrected.");
    let facts = Facts::new()
        .fact("File", Cell::data(&record.file_name))
        .fact("Customer", Cell::data(record.customer_name.clone().unwrap_or_default()))
        .fact("From", Cell::maybe(record.start_at, Cell::time_long))
        .fact("To", Cell::maybe(record.end_at, Cell::time_long));
    shown.aside.push(Panel::about("The record", facts));
    ctx.render_as(status, &shown)
}

/// Asks with which billing data a record is closed.
pub async fn close_record(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Closes a record, or corrects the billing data of a closed one.
pub async fn do_close_record(ctx: Ctx, path: Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url(&format!("/usage/records/{id}"));
    let done = match wish(id.clone(), &posted) {
        Ok(wish) => {
            ctx.act(&posted, move |tx, actor| {
                actions::close_record(tx, actor, &wish)?;
                Ok(Answer::go(&back).flash(Text::new("The record is closed.")))
            })
            .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(response) => Ok(response),
        Err(error) => page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}

async fn picked_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    posted: &Posted,
    wrong: Option<Error>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let view = ctx.read(move |tx, actor| actions::file(tx, actor, &asked)).await?;
    let here = at(ctx, &view.file);
    let mut form = ctx.form(format!("{here}/records/close"), "Close these records").hidden("confirmed", "yes");
    for record in posted.all(PICK) {
        form = form.hidden(PICK, record);
    }
    let mut form = billing_fields(form, "", "").cancel(format!("{here}/records"));
    if let Some(error) = wrong {
        explain(&mut form, posted, error)?;
    }
    let title = Text::new("Close {count|one record|{count} records}").arg("count", posted.all(PICK).len());
    let mut shown = FormPage::new(frame_within(ctx, "Close records".into(), &view.file), form);
    shown.head =
        Head::new(title).lede("They all get this billing id and note. With its last record the file is closed.");
    shown.aside.push(super::beside(&view));
    ctx.render_as(status, &shown)
}

/// Closes the records that were picked in a file's list; first it asks for their billing data.
pub async fn close_records(ctx: Ctx, path: Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let asked = id.clone();
    let (file, side) = ctx.read(move |tx, actor| actions::find(tx, actor, &asked)).await?;
    super::super::model::possible(&id, file.status, super::super::model::Verb::CloseRecords, side)?;
    let back = ctx.url(&format!("/usage/{id}/records"));
    let picks = posted.all(PICK);
    if picks.is_empty() || picks.len() > MAX_RECORDS || side == Side::Vendor {
        let text = Text::new("Pick between one and {max:number} records first.").arg("max", MAX_RECORDS);
        return ctx.go(Answer::go(back).flash(text));
    }
    if !posted.checked("confirmed") {
        return picked_page(&ctx, StatusCode::OK, &id, &posted, None).await;
    }
    let wishes: Result<Vec<CloseWish>, Error> = picks.iter().map(|record| wish(record.clone(), &posted)).collect();
    let done = match wishes {
        Ok(wishes) => {
            ctx.act(&posted, move |tx, actor| {
                let done = actions::close_records(tx, actor, &wishes)?;
                let refused: Vec<_> = done.iter().filter_map(|d| d.refusal.as_ref()).collect();
                let closed = done.len() - refused.len();
                let text = match refused.first() {
                    None => Text::new("{closed|One record is|{closed} records are} closed."),
                    Some(why) => Text::new(
                        "{closed|One record is|{closed} records are} closed, {refused|one is|{refused} are} not. {why:text}",
                    )
                    .arg("refused", refused.len())
                    .part("why", &tell(why)),
                };
                Ok(Answer::go(&back).flash(text.arg("closed", closed)))
            })
            .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(response) => Ok(response),
        Err(error) => picked_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, &posted, Some(error)).await,
    }
}
