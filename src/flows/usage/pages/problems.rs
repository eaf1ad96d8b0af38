//! Everything that is wrong with the rows of a file, with row, column, value and reason.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::super::actions::{self, Problem};
use super::super::model::Code;
use super::file::plain_head;
use super::{Place, at, frame, tabs};
use crate::kit::{Refusal, Side, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::list::{Col, List};
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Ctx, Error};

/// The words of the filter by kind.
static KINDS: LazyLock<Vec<(&'static str, &'static str)>> =
    LazyLock::new(|| Code::ALL.iter().map(|code| (code.as_str(), code.title())).collect());

fn value(problem: &Problem) -> Cell {
    if problem.value.is_empty() { Cell::nothing() } else { Cell::id(&problem.value).wrap() }
}

/// The problems of a file's present upload. Only its vendor sees them.
pub async fn problems(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let asked = id.clone();
    let view = ctx.read(move |tx, actor| actions::file(tx, actor, &asked)).await?;
    if view.side != Side::Vendor {
        return Err(Refusal::not_found("usage file", id).into());
    }
    let here = at(&ctx, &view.file);
    let list = List::new("Rows with a problem", format!("{here}/problems"), &actions::USAGE_PROBLEMS, |tx, _, ids| {
        actions::problem_rows(tx, ids)
    })
    .within("file", &view.file.id)
    .within("generation", view.file.generation)
    .column(
        Col::new(
            "row",
            "Row",
            |p: &Problem| Cell::number(i64::from(p.sheet_row)).strong(),
            |p| p.sheet_row.to_string(),
        )
        .at(Narrow::Left1)
        .sorted("row"),
    )
    .column(
        Col::new("column", "Column", |p: &Problem| Cell::data(&p.column), |p| p.column.clone())
            .at(Narrow::Right1)
            .sorted("column"),
    )
    .column(Col::new("value", "Value", value, |p| p.value.clone()).at(Narrow::Left2))
    .column(
        Col::new("reason", "Reason", |p: &Problem| Cell::text(p.text.0.clone()).wrap(), |p| p.text.0.to_string())
            .at(Narrow::Left3)
            .grows(),
    )
    .column(
        Col::new("code", "Code", |p: &Problem| Cell::id(&p.code).muted(), |p| p.code.clone())
            .at(Narrow::Right2)
            .sorted("code"),
    )
    .filter("code", "Kind of problem", &KINDS)
    .filter_text("column", "Column")
    .search("Column, value")
    .empty(State::nothing_yet("circle-check", "No row has a problem", "All rows that were checked are good."));
    let head = plain_head(&view)
        .action(Button::link("Upload the corrected workbook", format!("{here}/upload")).primary().icon("upload"))
        .action(Button::link("Download with the reasons", format!("{here}/processed")).icon("download"));
    let page = frame(&ctx, Text::new("Rows with a problem"), &view.file);
    let tabs = tabs(&ctx, &view.file, view.side, Place::Problems);
    ctx.list_page(list, page, head, Some(tabs)).await
}
