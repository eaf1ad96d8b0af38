//! One list of invitations: what was found in its rows, how far it is, what came of it.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Path};
use actix_web::{HttpResponse, http};

use super::super::actions;
use super::super::model::{BatchState, RowStatus};
use super::super::store::{Batch, BatchRow};
use super::super::workbooks;
use super::batches::{HOME, batch_status, frame};
use super::kind_word;
use crate::jobs;
use crate::kit::Text;
use crate::outside::files::Content;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::error::broken;
use crate::web::form::{Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Panel, Section};
use crate::web::layout::{Crumb, Page};
use crate::web::list::{Col, List};
use crate::web::parts::{Facts, Figure, Figures, Head, Notice, Progress, Tab, Tabs};
use crate::web::state::State;
use crate::web::status::{Status, Tone};
use crate::web::table::{Narrow, Room};
use crate::web::{Answer, Ctx, Error, Posted, explain, moments};

/// What the button that gives a batch up is called.
const CANCEL: &str = "Cancel the invitations";

fn at(ctx: &Ctx, batch: &Batch) -> String {
    ctx.url(&format!("{HOME}/{}", batch.id))
}

fn within(ctx: &Ctx, batch: &Batch, title: impl Into<Text>) -> Page {
    frame(ctx, title).crumb(Crumb::link(Text::data(&batch.name), at(ctx, batch)))
}

fn invite_label(batch: &Batch) -> Text {
    Text::new("Invite {count|one partner|{count:number} partners}").arg("count", batch.counts.ready)
}

fn tabs(ctx: &Ctx, batch: &Batch, rows: bool) -> Tabs {
    let here = at(ctx, batch);
    let count = u64::try_from(batch.counts.total).unwrap_or(0);
    Tabs::new(
        "Invitations",
        vec![
            Tab::new("Overview", &here).current(!rows),
            Tab::new("Rows", format!("{here}/rows")).count(count).current(rows),
        ],
    )
}

fn head(ctx: &Ctx, batch: &Batch) -> Head {
    let here = at(ctx, batch);
    let mut head = Head::new(Text::data(&batch.name)).meta(Cell::copy(&batch.id)).meta(batch_status(batch.state));
    if batch.state == BatchState::Ready && batch.counts.ready > 0 {
        head = head.action(Button::link(invite_label(batch), format!("{here}/start")).primary().icon("send"));
    }
    if batch.state != BatchState::Checking && batch.counts.total > 0 {
        head = head.action(Button::link("Download the results", format!("{here}/file")).icon("download"));
    }
    if batch.state.is_open() {
        head = head.action(Button::dialog("Cancel", "cancel", format!("{here}/cancel")).danger());
    }
    head
}

fn bar(ctx: &Ctx, batch: &Batch, progress: Option<&jobs::Progress>) -> Progress {
    let here = at(ctx, batch);
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let label = match batch.state {
        BatchState::Checking => "Checking rows",
        _ => "Inviting partners",
    };
    if !batch.state.is_working() {
        return Progress::new("work", "Working", Text::new("Done"), 1, 1).then(here);
    }
    let (done, total) = progress.map_or((0, 0), |p| (p.done, p.total.unwrap_or(0)));
    let detail = match total {
        0 => Text::new("Begins in a moment"),
        _ => Text::new("{done:number} of {total:number}").arg("done", done).arg("total", total),
    };
    // The last row is not the end: what came of all is noted after it.
    let of = if total > 0 { count(total) + 1 } else { 0 };
    Progress::new("work", label, detail, count(done.min(total)), of).again(format!("{here}/progress"))
}

fn figures(batch: &Batch) -> Figures {
    let c = batch.counts;
    let figure = |label: &'static str, n: i32| Figure::new(label, Cell::number(n));
    let [what, bad] = match batch.started_at {
        None => [figure("Ready", c.ready), figure("Wrong", c.wrong)],
        Some(_) => [figure("Invited", c.invited), figure("Wrong or refused", c.wrong + c.refused)],
    };
    Figures::new(vec![figure("Rows", c.total), what, bad, figure("Invited already", c.already)])
}

fn notices(ctx: &Ctx, batch: &Batch) -> Vec<Notice> {
    let mut notices = vec![];
    if let Some(problem) = &batch.problem {
        notices.push(Notice::new(problem.0.clone()).title("The invitations could not go on.").tone(Tone::Bad));
    }
    if !batch.ignored.0.is_empty() {
        let text = Text::new("These columns mean nothing here and were passed over: {columns}.");
        notices.push(Notice::new(text.arg("columns", batch.ignored.0.join(", "))));
    }
    let (ready, bad) = (batch.counts.ready, batch.counts.wrong + batch.counts.refused);
    if batch.state == BatchState::Ready && ready == 0 {
        let text = "None of the rows can be invited. Correct them in the workbook with the results, and upload it.";
        notices.push(Notice::new(text).tone(Tone::Warn));
    } else if bad > 0 && !batch.state.is_working() {
        let text = Text::new(
            "{count|One row needs|{count:number} rows need} a correction. Download the results, correct them there and upload the workbook: \
             partners who are invited already are passed over.",
        );
        let again = Button::link("Upload again", ctx.url(&format!("{HOME}/new?agreement={}", batch.agreement)));
        notices.push(Notice::new(text.arg("count", bad)).tone(Tone::Warn).action(again));
    }
    if matches!(batch.state, BatchState::Cancelled | BatchState::Failed) && batch.counts.invited > 0 {
        let text =
            Text::new("{count|One partner was|{count:number} partners were} invited before. Those contracts stay.");
        notices.push(Notice::new(text.arg("count", batch.counts.invited)));
    }
    notices
}

/// One list of invitations.
pub async fn invitation(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let (batch, progress, told) = ctx
        .read(move |tx, actor| {
            let batch = actions::batch(tx, actor, &id)?;
            let progress = actions::batch_progress(tx, &batch)?;
            let told = actions::batch_story(tx, actor, &batch)?;
            Ok((batch, progress, told))
        })
        .await?;
    let here = at(&ctx, &batch);
    let mut sections = vec![];
    if batch.state.is_working() {
        let words = match batch.state {
            BatchState::Checking => "You can leave this page. Nothing is sent before you confirm.",
            _ => "You can leave this page. It goes on by itself.",
        };
        sections.push(Section::new("Progress").words(words).part(bar(&ctx, &batch, progress.as_ref())));
    }
    if batch.state != BatchState::Checking {
        sections.push(Section::new("Rows").link("See the rows", format!("{here}/rows")).part(figures(&batch)));
    }
    sections.push(moments::story(&ctx, &batch.id, told));
    let agreement = ctx.url(&format!("/agreements/{}", batch.agreement));
    let mut facts = Facts::new()
        .fact("Agreement", Cell::link(&batch.agreement_title, agreement))
        .fact("Type", Cell::text(kind_word(batch.kind)))
        .fact("Uploaded", Cell::time_long(batch.created_at))
        .fact("By", Cell::maybe(batch.made_by.as_ref(), |by| Cell::person(&by.0.name)))
        .fact("Confirmed", Cell::maybe(batch.started_at, Cell::time_long))
        .fact("Confirmed by", Cell::maybe(batch.started_by.as_ref(), |by| Cell::person(&by.0.name)))
        .fact("Ended", Cell::maybe(batch.ended_at, Cell::time_long));
    if !batch.message.is_empty() {
        facts = facts.fact("Message for rows without one", Cell::data(&batch.message).wrap());
    }
    let dialogs = match batch.state.is_open() {
        true => vec![Dialog::new("cancel", CANCEL, cancel_form(&ctx, &batch)).text(cancel_words(&batch))],
        false => vec![],
    };
    ctx.render(&ObjectPage {
        page: frame(&ctx, Text::data(&batch.name)).crumb(Crumb::here(Text::data(batch.id.as_str()))),
        head: head(&ctx, &batch),
        turn: None,
        notices: notices(&ctx, &batch),
        tabs: Some(tabs(&ctx, &batch, false)),
        sections,
        about: Text::new("About these invitations"),
        facts,
        dialogs,
    })
}

/// How far the job is, for the page that shows it; everybody else is sent to that page.
pub async fn invitation_progress(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let (batch, progress) = ctx
        .read(move |tx, actor| {
            let batch = actions::batch(tx, actor, &id)?;
            let progress = actions::batch_progress(tx, &batch)?;
            Ok((batch, progress))
        })
        .await?;
    if ctx.wants_fragment() {
        return ctx.render(&bar(&ctx, &batch, progress.as_ref()));
    }
    Ok(HttpResponse::build(http::StatusCode::SEE_OTHER).insert_header((header::LOCATION, at(&ctx, &batch))).finish())
}

struct Line {
    row: BatchRow,
    contracts: String,
}

fn row_status(status: RowStatus) -> Status {
    match status {
        RowStatus::Ready => Status::waiting("Ready"),
        RowStatus::Wrong => Status::bad("Wrong"),
        RowStatus::Already => Status::ended("Invited already"),
        RowStatus::Invited => Status::good("Invited"),
        RowStatus::Refused => Status::bad("Refused"),
    }
}

impl Line {
    fn contract(&self) -> Cell {
        Cell::maybe(self.row.contract.as_ref(), |id| Cell::id(id).to(format!("{}/{id}", self.contracts)))
    }
}

/// The rows of a list of invitations, with what was found in each.
pub async fn invitation_rows(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let batch = ctx.read(move |tx, actor| actions::batch(tx, actor, &id)).await?;
    let contracts = ctx.url("/contracts");
    let path = format!("{}/rows", at(&ctx, &batch));
    let list = List::new("Rows", path, &actions::INVITATION_ROWS, move |tx, actor, ids| {
        let line = |row| Line { row, contracts: contracts.clone() };
        Ok(actions::batch_rows(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .within("invitation.id", &batch.id)
    .column(
        Col::new("row", "Row", |l: &Line| Cell::number(l.row.words.place), |l| l.row.words.place.to_string())
            .at(Narrow::Left1)
            .sorted("row"),
    )
    .column(
        Col::new(
            "partner",
            "Partner",
            |l: &Line| Cell::data(&l.row.words.partner).strong().sub(Cell::data(&l.row.words.email)),
            |l| l.row.words.partner.clone(),
        )
        .at(Narrow::Left2)
        .sorted("partner.name"),
    )
    .column(Col::exported("email", "E-mail", |l: &Line| l.row.words.email.clone()))
    .column(
        Col::new("status", "Status", |l: &Line| Cell::status(row_status(l.row.status)), |l| l.row.status.to_string())
            .at(Narrow::Right1)
            .sorted("status"),
    )
    .column(
        Col::new(
            "problem",
            "Result",
            |l: &Line| Cell::maybe(l.row.problem.clone(), Cell::text).wrap(),
            |l| l.row.problem.as_ref().map(ToString::to_string).unwrap_or_default(),
        )
        .at(Narrow::Left3)
        .grows(),
    )
    .column(
        Col::new("contract", "Contract", Line::contract, |l| l.row.contract.clone().unwrap_or_default())
            .at(Narrow::Right2),
    )
    .column(
        Col::new(
            "expire_at",
            "Ends on",
            |l: &Line| Cell::data(&l.row.words.expire_at),
            |l| l.row.words.expire_at.clone(),
        )
        .needs(Room::Widest),
    )
    .filter(
        "status",
        "Status",
        &[
            ("ready", "Ready"),
            ("wrong", "Wrong"),
            ("already", "Invited already"),
            ("invited", "Invited"),
            ("refused", "Refused"),
        ],
    )
    .filter_text("partner.name", "Partner")
    .filter_text("email", "E-mail")
    .search("Partner, e-mail, contract")
    .wrong(|l| l.row.status.is_bad())
    .empty(State::nothing_yet("file-spreadsheet", "No rows yet", "Rows appear here while they are checked."));
    let page = within(&ctx, &batch, "Rows").crumb(Crumb::here("Rows"));
    ctx.list_page(list, page, head(&ctx, &batch), Some(tabs(&ctx, &batch, true))).await
}

/// The workbook with what is known of each row.
pub async fn invitation_file(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let name = format!("{id}.xlsx");
    let (_, rows) = ctx.read(move |tx, actor| actions::whole_batch(tx, actor, &id)).await?;
    let files = ctx.services().files.clone();
    let file = web::block(move || workbooks::results_file(&rows, &files)).await?.map_err(|e| broken(&e))?;
    crate::web::list::download(file, &name, Content::Xlsx.serving().content_type)
}

// ---- doing something ----

fn cancel_form(ctx: &Ctx, batch: &Batch) -> Form {
    ctx.form(format!("{}/cancel", at(ctx, batch)), CANCEL).hidden("confirmed", "yes")
}

fn cancel_words(batch: &Batch) -> Text {
    match batch.state {
        BatchState::Inviting => {
            Text::new("It stops before the next partner. Contracts that were offered stay, and their invitations work.")
        }
        _ => Text::new("Nobody is invited. To go on, upload the spreadsheet again."),
    }
}

fn start_form(ctx: &Ctx, batch: &Batch) -> Form {
    let form = ctx.form(format!("{}/start", at(ctx, batch)), invite_label(batch)).hidden("confirmed", "yes");
    if batch.counts.silent == 0 {
        return form;
    }
    let hint = Text::new(
        "{count|One partner has|{count:number} partners have} none in the spreadsheet and read this one. At most 200 characters.",
    );
    let hint = hint.arg("count", batch.counts.silent);
    form.field(Field::area("message", "Message for rows without one").hint(hint).rows(3))
}

async fn asked(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    start: bool,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let wanted = id.to_owned();
    let batch = ctx.read(move |tx, actor| actions::batch(tx, actor, &wanted)).await?;
    if wrong.is_none() {
        match start {
            true => batch.state.may_start()?,
            false => batch.state.may_cancel()?,
        }
    }
    let (title, lede, form) = match start {
        true => (
            invite_label(&batch),
            Text::new(
                "A contract is made for each, and the invitation is sent to those with an address. Rows that are wrong or invited \
                 already are left out.",
            ),
            start_form(ctx, &batch),
        ),
        false => (Text::new(CANCEL), cancel_words(&batch), cancel_form(ctx, &batch)),
    };
    let mut form = form.cancel(at(ctx, &batch));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(within(ctx, &batch, title.clone()).crumb(Crumb::here(title.clone())), form);
    shown.head = Head::new(title).lede(lede);
    let c = batch.counts;
    let facts = Facts::new()
        .fact("Agreement", Cell::data(&batch.agreement_title).sub(Cell::id(&batch.agreement)))
        .fact("Rows", Cell::number(c.total))
        .fact("Ready", Cell::number(c.ready))
        .fact("Wrong", Cell::number(c.wrong))
        .fact("Invited already", Cell::number(c.already));
    ctx.render_as(status, &shown.beside(Panel::about("The spreadsheet", facts)))
}

/// Asks whether the partners are to be invited.
pub async fn start_invitation(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    asked(&ctx, StatusCode::OK, &path.1, true, None).await
}

/// Lets the partners be invited.
pub async fn do_start_invitation(
    ctx: Ctx,
    path: Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let (back, batch, message) = (ctx.url(&format!("{HOME}/{id}")), id.clone(), posted.get("message").to_owned());
    let again = async |code, error| asked(&ctx, code, &id, true, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::start_batch(tx, actor, &batch, &message)?;
        Ok(Answer::go(&back).flash(Text::new("The partners are being invited.")))
    })
    .await
}

/// Asks whether a list of invitations is to be given up, where the dialog cannot.
pub async fn cancel_invitation(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    asked(&ctx, StatusCode::OK, &path.1, false, None).await
}

/// Gives a list of invitations up.
pub async fn do_cancel_invitation(
    ctx: Ctx,
    path: Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner().1;
    let (back, batch) = (ctx.url(&format!("{HOME}/{id}")), id.clone());
    let again = async |code, error| asked(&ctx, code, &id, false, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::cancel_batch(tx, actor, &batch)?;
        Ok(Answer::go(&back).flash(Text::new("The invitations were cancelled.")))
    })
    .await
}
