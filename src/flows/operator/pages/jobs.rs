//! The jobs of the deployment.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{frame, may, tabs};
use crate::flows::operator::actions::{self, JobVerb};
use crate::flows::operator::store::{self, JobLine};
use crate::kit::{Level, Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::Form;
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::status::Status;
use crate::web::table::{Narrow, Room};
use crate::web::{Answer, Ctx, Error, Posted, explain};

type Line = Linked<JobLine>;

fn status(line: &JobLine) -> Status {
    match line.status.as_str() {
        "ready" if line.error.is_some() => Status::caution("Tried again later"),
        "ready" => Status::scheduled("Waiting"),
        "running" if line.cancel => Status::caution("Stopping"),
        "running" => Status::working("Running"),
        "done" => Status::good("Done"),
        "dead" => Status::bad("Dead"),
        _ => Status::ended("Cancelled"),
    }
}

fn progress(line: &JobLine) -> Cell {
    match line.total {
        Some(total) => {
            Cell::text(Text::new("{done:number} of {total:number}").arg("done", line.done).arg("total", total))
        }
        None if line.done > 0 => Cell::number(line.done),
        None => Cell::nothing(),
    }
}

/// Every job, those that need somebody first.
pub async fn jobs(ctx: Ctx) -> Result<HttpResponse, Error> {
    let here = ctx.url("/operator/jobs");
    let list = List::new("Jobs", here.clone(), &store::JOBS, move |tx, actor, ids| {
        Ok(Linked::all(&here, store::job_lines(tx, actor, ids)?, |line| line.id.as_str()))
    })
    .column(Col::link("kind", "Job", |l: &Line| (&l.row.kind, &l.href)).at(Narrow::Left1))
    .column(Col::new("id", "Number", |l: &Line| Cell::id(&l.row.id), |l| l.row.id.clone()).at(Narrow::Left2))
    .column(
        Col::new("status", "Status", |l: &Line| Cell::status(status(&l.row)), |l| l.row.status.clone())
            .at(Narrow::Right1)
            .sorted("urgency"),
    )
    .column(Col::number("tries", "Tries", |l: &Line| Cell::number(l.row.tries), |l| l.row.tries.to_string()))
    .column(
        Col::new(
            "error",
            "Error",
            |l: &Line| Cell::data(l.row.error.clone().unwrap_or_default()),
            |l| l.row.error.clone().unwrap_or_default(),
        )
        .at(Narrow::Left3)
        .grows(),
    )
    .column(Col::new("progress", "Progress", |l: &Line| progress(&l.row), |l| l.row.done.to_string()).needs(Room::Wide))
    .column(Col::moment("next", "Next run or end", |l: &Line| Some(l.row.run_at)).sorted("next_run").at(Narrow::Right2))
    .column(Col::moment("created", "Created", |l: &Line| Some(l.row.created_at)).sorted("created").needs(Room::Wide))
    .column(Col::exported("account", "Account", |l: &Line| l.row.account.clone().unwrap_or_default()))
    .column(Col::exported("object", "Object", |l: &Line| l.row.object.clone().unwrap_or_default()))
    .wrong(|l| l.row.status == "dead")
    .filter(
        "status",
        "Status",
        &[("dead", "Dead"), ("ready", "Waiting"), ("running", "Running"), ("done", "Done"), ("cancelled", "Cancelled")],
    )
    .filter_exact("kind", "Job")
    .filter_exact("account.id", "Account")
    .filter_exact("object.id", "Object")
    .filter_days("created", "Created")
    .empty(State::nothing_yet("progress", "No jobs yet", "Mail, checks of usage files and schedules are jobs."));
    let head = Head::new("Jobs").lede("What goes on by itself. Those that failed for good come first.");
    ctx.list_page(list, frame(&ctx, "Jobs"), head, Some(tabs(&ctx, "/jobs"))).await
}

const VERBS: [(&str, &str, JobVerb); 2] =
    [("run-again", "Run again", JobVerb::RunAgain), ("cancel", "Cancel job", JobVerb::Cancel)];

fn known(word: &str) -> Result<(&'static str, &'static str, JobVerb), Error> {
    VERBS.into_iter().find(|(w, ..)| *w == word).ok_or_else(|| Refusal::not_found("action", word).into())
}

fn consequence(verb: JobVerb) -> Text {
    Text::new(match verb {
        JobVerb::RunAgain => "It goes on where it stood, as soon as a worker is free.",
        JobVerb::Cancel => "It stops at its next step, and what it was to do is not done. What it did already stays.",
    })
}

fn verb_form(ctx: &Ctx, id: &str, word: &str, label: &'static str) -> Form {
    ctx.form(ctx.url(&format!("/operator/jobs/{id}/{word}")), label).hidden("confirmed", "yes")
}

/// One job.
pub async fn job(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let line = ctx.read(move |tx, actor| store::job_line(tx, actor, &id)).await?;
    let here = ctx.url(&format!("/operator/jobs/{}", line.id));
    let mut head = Head::new(Text::data(&line.kind)).meta(Cell::copy(&line.id)).meta(status(&line));
    let mut dialogs = vec![];
    for (word, label, verb) in VERBS.into_iter().filter(|(.., verb)| may(&ctx, Level::Act) && verb.fits(&line.status)) {
        let title = Text::new("{verb:word}: {job}").arg("verb", label).arg("job", &line.kind);
        dialogs.push(Dialog::new(word, title, verb_form(&ctx, &line.id, word, label)).text(consequence(verb)));
        let button = Button::dialog(label, word, format!("{here}/{word}"));
        head = head.action(if verb == JobVerb::Cancel { button.danger() } else { button.primary() });
    }
    let wrong = Section::new("Last error");
    let wrong = match &line.error {
        Some(error) => wrong.words(Text::data(error)),
        None => wrong.words("None."),
    };
    let account =
        Cell::maybe(line.account.as_ref(), |id| Cell::id(id).to(ctx.url(&format!("/operator/accounts/{id}"))));
    let facts = Facts::new()
        .fact("Tries", Cell::number(line.tries))
        .fact("Progress", progress(&line))
        .fact("Created", Cell::time_long(line.created_at))
        .fact("Next run or end", Cell::time_long(line.run_at))
        .fact("Ended", Cell::maybe(line.ended_at, Cell::time_long))
        .fact("Last worker", Cell::data(line.worker.clone().unwrap_or_default()))
        .fact("Account", account)
        .fact("Object", Cell::maybe(line.object.as_ref(), Cell::copy));
    let page = ctx
        .page(Text::data(&line.kind))
        .crumb(Crumb::link("Operator", ctx.url("/operator")))
        .crumb(Crumb::link("Jobs", ctx.url("/operator/jobs")))
        .crumb(Crumb::here(Text::data(&line.id)));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![wrong],
        about: Text::new("About this job"),
        facts,
        dialogs,
    })
}

async fn verb_page(
    ctx: &Ctx,
    status: StatusCode,
    (id, word): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (word, label, verb) = known(word)?;
    let wanted = id.to_owned();
    let line = ctx.read(move |tx, actor| store::job_line(tx, actor, &wanted)).await?;
    let mut form = verb_form(ctx, id, word, label).cancel(ctx.url(&format!("/operator/jobs/{id}")));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page(Text::new("{verb:word}: {job}").arg("verb", label).arg("job", &line.kind))
        .crumb(Crumb::link("Jobs", ctx.url("/operator/jobs")))
        .crumb(Crumb::here(Text::data(&line.id)));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(consequence(verb));
    ctx.render_as(status, &shown)
}

/// Asks whether something is to be done with a job, where the dialog cannot.
pub async fn job_verb(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, StatusCode::OK, (&path.1, &path.2), None).await
}

/// Runs a job again or cancels it.
pub async fn do_job(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, word) = path.into_inner();
    let (.., verb) = known(&word)?;
    let (back, job) = (ctx.url(&format!("/operator/jobs/{id}")), id.clone());
    let again = async |code, error| verb_page(&ctx, code, (&id, &word), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::change_job(tx, actor, &job, verb)?;
        Ok(Answer::go(&back).flash(Text::new(match verb {
            JobVerb::RunAgain => "The job was put back into the queue.",
            JobVerb::Cancel => "The job was asked to stop.",
        })))
    })
    .await
}
