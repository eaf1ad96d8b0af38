//! The exports of an account, and starting one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::{HOME, not_all, page, status};
use crate::flows::accounts::pages as account;
use crate::flows::export::actions::{self, Shown};
use crate::flows::export::model::DOWNLOAD_DAYS;
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::{FormPage, Panel};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain};

type Line = Linked<Shown>;

fn asked_by(line: &Line) -> Option<&str> {
    line.row.export.asked_by.as_ref().map(|by| by.0.name.as_str())
}

/// The exports, the newest first.
pub async fn list(ctx: Ctx) -> Result<HttpResponse, Error> {
    let (here, add) = (ctx.url(HOME), ctx.url(&format!("{HOME}/new")));
    let base = here.clone();
    let list = List::new("Data exports", here, &actions::EXPORTS, move |tx, actor, ids| {
        Ok(Linked::all(&base, actions::exports(tx, actor, ids)?, |shown: &Shown| shown.export.id.as_str()))
    })
    .column(
        Col::new(
            "id",
            "Export",
            |l: &Line| Cell::link(l.row.export.id.as_str(), &l.href).strong(),
            |l| l.row.export.id.to_string(),
        )
        .at(Narrow::Left1),
    )
    .column(
        Col::new(
            "status",
            "Status",
            |l: &Line| Cell::status(status(l.row.export.state)),
            |l| l.row.export.state.to_string(),
        )
        .at(Narrow::Right1)
        .sorted("status"),
    )
    .column(
        Col::new(
            "asked_by",
            "Asked for by",
            |l: &Line| Cell::maybe(asked_by(l), Cell::person),
            |l| asked_by(l).unwrap_or_default().to_owned(),
        )
        .at(Narrow::Left2)
        .grows(),
    )
    .column(
        Col::moment("created", "Asked for", |l: &Line| Some(l.row.export.created_at))
            .at(Narrow::Right2)
            .sorted("created"),
    )
    .column(
        Col::number(
            "lines",
            "Objects",
            |l: &Line| Cell::maybe(l.row.export.lines, Cell::number),
            |l| l.row.export.lines.map(|n| n.to_string()).unwrap_or_default(),
        )
        .at(Narrow::Hidden),
    )
    .column(Col::moment("until", "Download until", |l: &Line| l.row.export.expires_at).at(Narrow::Hidden))
    .filter(
        "status",
        "Status",
        &[
            ("making", "Being made"),
            ("ready", "Ready"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
            ("expired", "Expired"),
            ("deleted", "Deleted"),
        ],
    )
    .filter_days("created", "Asked for")
    .search("Id")
    .empty(State::nothing_yet(
        "file-text",
        "No data exports yet",
        "An export has everything that this account has, in one archive that programs can read.",
    ));
    let mut head = Head::new("Data export").lede(
        "Everything that this account has, as its side sees it, in one archive: people, contracts, products, orders, usage, history.",
    );
    let start = Button::link("Start an export", add).primary();
    head = match actions::may_have(ctx.actor()) {
        true => head.action(start),
        false => head.action(Button::not_now("Start an export", not_all(&ctx).map(|n| n.text).unwrap_or_default())),
    };
    let tabs = account::tabs(&ctx, HOME);
    ctx.list_page(list, page(&ctx, "Data export").crumb(Crumb::here("Data export")), head, Some(tabs)).await
}

/// Asks whether an export is to be started.
pub async fn new(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_page(&ctx, StatusCode::OK, None)
}

fn new_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let here = ctx.url(HOME);
    let mut form = ctx.form(format!("{here}/new"), "Start the export").hidden("confirmed", "yes").cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page =
        page(ctx, "Start an export").crumb(Crumb::link("Data export", here)).crumb(Crumb::here("Start an export"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(
        Text::new(
            "The archive is made in the background; you get a mail when it is ready. It can be downloaded for {days} days, by who is signed in and \
             may read all that is in it.",
        )
        .arg("days", DOWNLOAD_DAYS),
    );
    shown.notices.extend(not_all(ctx));
    let facts = Facts::new()
        .fact("Layout", Cell::text("A ZIP file: a JSON object in each line, pictures and workbooks as they are").wrap())
        .fact("Not in it", Cell::text("Passwords, keys of tokens, links that let somebody in").wrap())
        .fact(
            "Careful",
            Cell::text("It has names, addresses and prices in it. Keep it where nobody else finds it.").wrap(),
        );
    let shown = shown.beside(Panel::about("What is in it", facts));
    ctx.render_as(status, &shown)
}

/// Starts an export.
pub async fn do_new(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let home = ctx.url(HOME);
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::start(tx, actor)?;
            Ok(Answer::go(format!("{home}/{id}")).flash(Text::new("The export was started.")).about(id.as_str()))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))),
    }
}
