//! What happened to a file, and the workbooks that were uploaded to it.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::super::actions::{self, KIND, Upload};
use super::super::model::FileStatus;
use super::file::plain_head;
use super::{Place, at, frame, tabs};
use crate::journal;
use crate::kit::{Side, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::{ObjectPage, Section};
use crate::web::moments;
use crate::web::parts::{Facts, Notice};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error};

/// How many entries are shown.
const SHOWN: i64 = 200;

async fn show(
    ctx: &Ctx,
    view: &actions::FileView,
    title: &'static str,
    place: Place,
    sections: Vec<Section>,
) -> Result<HttpResponse, Error> {
    let file = &view.file;
    let facts = Facts::new()
        .fact("File", Cell::link(&file.name, at(ctx, file)).sub(Cell::id(&file.id)))
        .fact("Product", Cell::data(&view.refs.product).sub(Cell::id(&file.product)))
        .fact("Created", Cell::time_long(file.created_at));
    ctx.render(&ObjectPage {
        page: frame(ctx, Text::new(title), file),
        head: plain_head(view),
        turn: None,
        notices: vec![],
        tabs: Some(tabs(ctx, file, view.side, place)),
        sections,
        about: Text::new("About this file"),
        facts,
        dialogs: vec![],
    })
}

/// What happened to a file, as the reader's side may know it.
pub async fn history(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (view, moments) = ctx
        .read(move |tx, actor| {
            let view = actions::file(tx, actor, &id)?;
            let moments = journal::seen_by(tx, actor, KIND, &id, SHOWN)?;
            Ok((view, moments))
        })
        .await?;
    let sections = vec![moments::story(&ctx, &view.file.id, moments)];
    show(&ctx, &view, "History", Place::History, sections).await
}

/// The workbooks of a file.
pub async fn uploads(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (view, uploads) = ctx
        .read(move |tx, actor| {
            let view = actions::file(tx, actor, &id)?;
            let uploads = actions::uploads(tx, &view.file, view.side)?;
            Ok((view, uploads))
        })
        .await?;
    let sections = if uploads.is_empty() {
        vec![Section::new("Uploads").words("No workbook was uploaded yet.")]
    } else {
        sections(&ctx, &view, &uploads)
    };
    show(&ctx, &view, "Uploads", Place::Uploads, sections).await
}

fn sections(ctx: &Ctx, view: &actions::FileView, uploads: &[Upload]) -> Vec<Section> {
    let (file, here) = (&view.file, at(ctx, &view.file));
    let mut columns = vec![
        Column::new("workbook", "Workbook").grows().at(Narrow::Left1),
        Column::number("rows", "Rows").at(Narrow::Right1),
        Column::number("good", "Good").at(Narrow::Hidden),
        Column::number("bad", "With a problem").at(Narrow::Hidden),
        Column::new("by", "Uploaded by").at(Narrow::Left2),
        Column::new("at", "When").at(Narrow::Right2),
    ];
    if view.side != Side::Vendor {
        // What went before is the vendor's own affair.
        columns.retain(|c| c.key != "bad" && c.key != "good");
    }
    let row = |upload: &Upload| {
        let now = upload.generation == file.generation;
        let name = Cell::data(&upload.name);
        let name = if now { name.to(format!("{here}/workbook")) } else { name };
        let size = ctx.reader().size(u64::try_from(upload.size).unwrap_or(0));
        let mut cells = vec![name.sub(Text::data(size)), Cell::number(upload.uploaded)];
        if view.side == Side::Vendor {
            cells.push(Cell::number(upload.valid));
            cells.push(Cell::number(upload.invalid));
        }
        cells.push(Cell::maybe(upload.uploaded_by.as_ref(), |by| Cell::person(&by.0.name)));
        cells.push(Cell::time(upload.created_at));
        Row::new(upload.generation, cells)
    };
    let processed = uploads.iter().any(|u| u.generation == file.generation && u.processed_key.is_some());
    let table = Boxed::new("Uploads", columns, uploads.iter().map(row).collect()).cards();
    let section = Section::new("Uploads").note("The newest first").part(table);
    if file.status == FileStatus::Deleted {
        return vec![section];
    }
    let notice = if processed {
        let words = "The workbook with what was found of each row: its record, and what is wrong with it.";
        let button = Button::link("Download the processed file", format!("{here}/processed")).icon("download");
        Notice::new(words).action(button)
    } else {
        Notice::new("It is being built: the workbook with what was found of each row.")
    };
    vec![section, Section::new("Processed file").part(notice)]
}
