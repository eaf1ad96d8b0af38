//! Changing a file's own values.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

use super::super::actions::{self, Change, FileView};
use super::super::model::{Period, Verb, possible};
use super::{at, frame_within};
use crate::kit::{Problems, Text};
use crate::web::form::{Field, Form, Width};
use crate::web::frames::FormPage;
use crate::web::parts::Notice;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The days of a period as date fields have them.
fn days(period: Option<Period>) -> (String, String) {
    period.map_or_else(Default::default, |p| (p.from.date().to_string(), p.last().date().to_string()))
}

fn form(ctx: &Ctx, view: &FileView) -> Form {
    let file = &view.file;
    let (from, to) = days(file.period);
    ctx.form(format!("{}/edit", at(ctx, file)), "Save")
        .revision(file.revision)
        .field(Field::text("name", "Name").hint("At most 100 characters.").value(&file.name))
        .field(Field::date("period.from", "First day").hint("Days of the period count in UTC.").optional().value(from))
        .field(Field::date("period.to", "Last day").optional().value(to))
        .field(
            Field::text("external_id", "Your own number")
                .hint("At most 200 characters.")
                .optional()
                .value(file.external_id.as_deref().unwrap_or_default()),
        )
        .field(
            Field::text("description", "Description")
                .hint("The distributor reads it. At most 200 characters.")
                .width(Width::Full)
                .optional()
                .value(&file.description),
        )
        .field(
            Field::text("note", "Internal note")
                .hint("Only your company reads it. At most 200 characters.")
                .width(Width::Full)
                .optional()
                .value(&file.note),
        )
        .cancel(at(ctx, file))
}

async fn page(ctx: &Ctx, status: StatusCode, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let view = ctx.read(move |tx, actor| actions::file(tx, actor, &asked)).await?;
    let mut form = form(ctx, &view);
    match wrong {
        Some((error, posted)) => explain(&mut form, posted, error)?,
        None => possible(id, view.file.status, Verb::Edit, view.side)?,
    }
    let mut shown = FormPage::new(frame_within(ctx, "Edit".into(), &view.file), form).beside(super::beside(&view));
    if view.file.visible > 0 {
        shown.notices.push(Notice::new("If the period changes, the rows are checked against it again."));
    }
    ctx.render_as(status, &shown)
}

/// The form that changes a file.
pub async fn edit(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Changes a file.
pub async fn do_edit(ctx: Ctx, path: Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    match done(&ctx, &id, &posted).await {
        Ok(response) => Ok(response),
        Err(error) => page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}

async fn done(ctx: &Ctx, id: &str, posted: &Posted) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (file, _) = ctx.read(move |tx, actor| actions::find(tx, actor, &asked)).await?;
    let (from, to) = (posted.get("period.from").trim().to_owned(), posted.get("period.to").trim().to_owned());
    let mut problems = Problems::default();
    let period = if (from.clone(), to.clone()) == days(file.period) {
        // Days that were not touched keep the hours that a program may have set.
        None
    } else if from.is_empty() && to.is_empty() {
        Some(None)
    } else {
        Some(Period::read(&mut problems, "period", &from, &to))
    };
    problems.done()?;
    let text = |name: &str| Some(posted.get(name).to_owned());
    let change = Change {
        name: text("name"),
        external_id: text("external_id"),
        description: text("description"),
        note: text("note"),
        period,
        currency: None,
    };
    let (id, back, revision) = (id.to_owned(), at(ctx, &file), posted.revision());
    ctx.act(posted, move |tx, actor| {
        actions::edit(tx, actor, &id, change.clone(), revision)?;
        Ok(Answer::go(&back).flash(Text::new("The usage file was saved.")))
    })
    .await
}
