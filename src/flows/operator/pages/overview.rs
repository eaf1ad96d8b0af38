//! How the deployment is: version, what waits, what failed, what it keeps; and the operator's audit.

use actix_web::{HttpResponse, web};

use super::{frame, size, tabs};
use crate::flows::audit;
use crate::flows::operator::store::{self, Figures as Numbers};
use crate::jobs;
use crate::kit::Text;
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Facts, Figure, Figures, Head, Notice};
use crate::web::status::{Status, Tone};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error};

/// How long a schedule may be late before no worker seems to run, in seconds.
const LATE_SECONDS: i64 = 60;
/// How many accounts the page about storage shows.
const SHOWN: i64 = 100;

/// The area's first page.
pub async fn overview(ctx: Ctx) -> Result<HttpResponse, Error> {
    let (numbers, jobs) = ctx.read(|tx, actor| Ok((store::figures(tx, actor)?, jobs::counts(tx)?))).await?;
    let folder = ctx.services().files.temp_folder().to_owned();
    let files = web::block(move || tempfile::tempfile_in(folder).map(drop)).await?;
    let now = ctx.services().clock.now();
    let count = |status: &str| jobs.iter().find(|(s, _)| s == status).map_or(0, |(_, n)| *n);
    let list = |status: &str| ctx.url(&format!("/operator/jobs?eq(status,{status})"));
    let late = numbers.next_schedule.is_some_and(|next| next.plus_seconds(LATE_SECONDS) < now);
    let mut notices = vec![];
    if late {
        let text = "The schedules are late. Start `causeway serve` or `causeway work`, and look at its log.";
        notices.push(Notice::new(text).title("No worker seems to run").tone(Tone::Bad));
    }
    if count("dead") > 0 {
        let text = Text::new("{count|One job has|{count} jobs have} failed for good. Look why, then run them again.");
        let look = crate::web::button::Button::link("Show them", list("dead"));
        notices.push(Notice::new(text.arg("count", count("dead"))).tone(Tone::Warn).action(look));
    }
    let figures = vec![
        Figure::new("Dead jobs", Cell::number(count("dead")).to(list("dead"))),
        Figure::new("Waiting jobs", Cell::number(count("ready")).to(list("ready"))),
        Figure::new("Running jobs", Cell::number(count("running")).to(list("running"))),
        Figure::new("Accounts", Cell::number(numbers.accounts).to(ctx.url("/operator/accounts"))),
        Figure::new("People", Cell::number(numbers.people)),
        Figure::new("Files", Cell::number(numbers.files).to(ctx.url("/operator/storage"))),
    ];
    let sections = vec![
        Section::new("Now").part(Figures::new(figures)),
        Section::new("Health").part(health(&numbers, late, files.err())),
    ];
    let facts = Facts::new()
        .fact("Version", Cell::data(env!("CARGO_PKG_VERSION")))
        .fact("Running since", Cell::time_long(ctx.services().started))
        .fact("Database", Cell::data(if ctx.services().db.is_postgres() { "PostgreSQL" } else { "SQLite" }))
        .fact("Size of the database", Cell::text(size(&ctx, numbers.database)))
        .fact("Size of the files", Cell::text(size(&ctx, numbers.bytes)))
        .fact("Sealed journal entries", Cell::number(numbers.sealed.unwrap_or_default()));
    ctx.render(&ObjectPage {
        page: ctx.page("Operator").crumb(Crumb::here("Operator")),
        head: Head::new("Operator").lede("How this deployment is, for the account that runs it."),
        turn: None,
        notices,
        tabs: Some(tabs(&ctx, "")),
        sections,
        about: Text::new("About this deployment"),
        facts,
        dialogs: vec![],
    })
}

fn health(numbers: &Numbers, late: bool, files: Option<std::io::Error>) -> Boxed {
    let row = |key: &'static str, label: &'static str, status: Status, last: Cell, error: Cell| {
        Row::new(key, vec![Cell::text(label).strong(), Cell::status(status), last, error.wrap()])
    };
    let good = || Status::good("Works");
    // An error that came before the last mail that went out is over.
    let wrong = numbers.mail_error_at.filter(|at| numbers.mail_sent_at.is_none_or(|sent| sent < *at));
    let rows = vec![
        row("database", "Database", good(), Cell::nothing(), Cell::nothing()),
        row(
            "workers",
            "Workers",
            if late { Status::bad("Stand still") } else { good() },
            Cell::maybe(numbers.due_since, Cell::since),
            if late { Cell::text("The schedules are late.") } else { Cell::nothing() },
        ),
        row(
            "mail",
            "Mail",
            if wrong.is_some() { Status::caution("Last one failed") } else { good() },
            Cell::maybe(numbers.mail_sent_at, Cell::time),
            Cell::data(numbers.mail_error.clone().filter(|_| wrong.is_some()).unwrap_or_default()),
        ),
        row(
            "files",
            "Files",
            if files.is_some() { Status::bad("Cannot be written") } else { good() },
            Cell::nothing(),
            Cell::data(files.map(|e| e.to_string()).unwrap_or_default()),
        ),
    ];
    let columns = vec![
        Column::new("part", "Part"),
        Column::new("status", "Status"),
        Column::new("last", "Last done, or waits since").at(Narrow::Hidden),
        Column::new("error", "Last error").grows(),
    ];
    Boxed::new("Health", columns, rows)
}

/// A page of the area with one small table.
#[derive(askama::Template)]
#[template(path = "operator/storage.html")]
struct StoragePage {
    page: Page,
    head: Head,
    tabs: crate::web::parts::Tabs,
    accounts: Boxed,
}

/// What each account keeps.
pub async fn storage(ctx: Ctx) -> Result<HttpResponse, Error> {
    let stored = ctx.read(|tx, actor| store::stored(tx, actor, SHOWN)).await?;
    let rows = stored.into_iter().map(|line| {
        let name = match (&line.id, line.name) {
            (Some(id), name) => {
                Cell::link(name.unwrap_or_else(|| id.clone()), ctx.url(&format!("/operator/accounts/{id}"))).strong()
            }
            (None, _) => Cell::text("Of no account").muted(),
        };
        let key = line.id.clone().unwrap_or_default();
        let id = Cell::maybe(line.id, Cell::copy);
        Row::new(key, vec![name, id, Cell::number(line.files), Cell::text(size(&ctx, line.bytes))])
    });
    let columns = vec![
        Column::new("name", "Account").grows(),
        Column::new("id", "Id").at(Narrow::Hidden),
        Column::number("files", "Files"),
        Column::number("size", "Size"),
    ];
    ctx.render(&StoragePage {
        page: frame(&ctx, "Storage"),
        head: Head::new("Storage").lede("Uploads, media and documents, the largest first."),
        tabs: tabs(&ctx, "/storage"),
        accounts: Boxed::new("Storage", columns, rows.collect()),
    })
}

/// What the operator did, and what was done on the command line.
pub async fn operator_audit(ctx: Ctx) -> Result<HttpResponse, Error> {
    let list =
        audit::pages::entries_of(&ctx, "/operator/audit", &audit::store::OPERATOR_AUDIT, audit::store::Whose::Operator);
    let head = Head::new("Audit of the operator").lede("What was done here, and on the command line of the server.");
    ctx.list_page(list, frame(&ctx, "Audit"), head, Some(tabs(&ctx, "/audit"))).await
}
