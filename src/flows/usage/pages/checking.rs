//! How far the check of the rows is, or the closing of many records: a part that the page asks for again every second.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use askama::Template;

use super::super::actions::{self, FileView, Review};
use super::at;
use super::file::is_closing;
use super::review::first_problems;
use crate::kit::Text;
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::parts::{Figure, Figures, Notice, Progress};
use crate::web::status::Tone;
use crate::web::table::Boxed;
use crate::web::{Ctx, Error};

/// How many problems are shown while the work goes on.
const SHOWN: usize = 10;

/// How far the work is.
#[derive(Debug, Template)]
#[template(path = "usage/checking.html")]
pub(super) struct Checking {
    /// The file's page.
    here: String,
    /// Where this part is asked for again, while the work goes on.
    again: Option<String>,
    /// What went wrong with the work itself.
    failed: Option<Notice>,
    bars: Vec<Progress>,
    figures: Option<Figures>,
    problems: Option<Boxed>,
    noted: Text,
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// How far the work on a file is.
pub(super) fn checking(ctx: &Ctx, view: &FileView, review: &Review) -> Checking {
    let here = at(ctx, &view.file);
    let goes_on = view.file.status.is_working() || is_closing(view);
    let mut part = Checking {
        again: goes_on.then(|| format!("{here}/progress")),
        here,
        failed: None,
        bars: vec![],
        figures: None,
        problems: None,
        noted: Text::default(),
    };
    if view.file.status.is_working() {
        rows(ctx, review, &mut part);
    } else {
        let figures = view.file.figures;
        let detail = Text::new("{done:number} of {total:number} records")
            .arg("done", figures.closed)
            .arg("total", figures.valid);
        part.bars.push(Progress::new(
            "closing",
            "Closing records",
            detail,
            count(figures.closed),
            count(figures.valid),
        ));
    }
    part
}

fn rows(ctx: &Ctx, review: &Review, part: &mut Checking) {
    if let Some(upload) = &review.upload {
        let size = ctx.reader().size(count(upload.size));
        part.bars.push(Progress::new(
            "transfer",
            Text::new("Transfer of {name}").arg("name", &upload.name),
            Text::new("Done, {size}").arg("size", size),
            1,
            1,
        ));
    }
    let (done, total) = review.progress.as_ref().map_or((0, 0), |p| (p.done, p.total.unwrap_or(0)));
    let detail = match review.progress.as_ref() {
        Some(progress) if progress.status == "dead" => {
            let text =
                "Something failed on our side, and it was given up. Cancel the check and upload the workbook again.";
            part.failed = Some(Notice::new(text).title("The check has ended early.").tone(Tone::Bad));
            Text::new("{done:number} rows").arg("done", done)
        }
        Some(progress) if total > 0 && done > 0 => {
            let passed = (ctx.services().clock.now().0 - progress.created_at.0) / 1_000_000;
            let left = passed.saturating_mul((total - done).max(0)) / done;
            Text::new("{done:number} of {total:number} · {left} left")
                .arg("done", done)
                .arg("total", total)
                .arg("left", ctx.reader().about(left))
        }
        _ if done > 0 => Text::new("{done:number} rows").arg("done", done),
        _ => "Begins in a moment".into(),
    };
    part.bars.push(Progress::new("rows", "Checking rows", detail, count(done.min(total)), count(total)));
    let noted: i64 = review.problems.iter().map(|(group, _)| group.count).sum();
    part.figures = Some(Figures::new(vec![
        Figure::new("Rows checked", Cell::number(done)),
        Figure::new("Problems so far", Cell::number(noted)),
    ]));
    part.problems = first_problems(review, SHOWN);
    part.noted = Text::new("Rows with a problem so far");
}

/// How far the work is, for the page that shows it; everybody else is sent to that page.
pub async fn progress(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (view, review) = ctx
        .read(move |tx, actor| {
            let view = actions::file(tx, actor, &id)?;
            let review = if view.file.status.is_working() {
                actions::review(tx, &view.file)?
            } else {
                Review { progress: None, upload: None, problems: vec![], items: vec![], subscriptions: vec![] }
            };
            Ok((view, review))
        })
        .await?;
    if ctx.wants_fragment() {
        return ctx.render(&checking(&ctx, &view, &review));
    }
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, at(&ctx, &view.file))).finish())
}
