//! The pages of usage: files with their tabs, records, and what can be done with them.

mod checking;
mod closing;
mod downloads;
mod edit;
mod file;
mod history;
mod list;
mod new;
mod problems;
mod records;
mod review;
mod upload;
mod verbs;

pub use checking::progress;
pub use closing::{close_record, close_records, do_close_record};
pub use downloads::{download, processed, template, workbook};
pub use edit::{do_edit, edit};
pub use file::file;
pub use history::{history, uploads};
pub use list::files;
pub use new::{do_new_file, new_file};
pub use problems::problems;
pub use records::{file_records, record, records};
pub use upload::{do_upload, upload};
pub use verbs::{do_verb, verb};

use super::actions::{File, FileView};
use super::model::{FileStatus, Period, RecordStatus, shown};
use crate::flows::products::model::UsageSchema;
use crate::kit::{Level, Module, Side, Text};
use crate::web::Ctx;
use crate::web::cell::Cell;
use crate::web::frames::Panel;
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Facts, Tab, Tabs};
use crate::web::status::Status;

/// The status of a file in its shape.
fn file_status(status: FileStatus) -> Status {
    let word = status.title();
    match status {
        FileStatus::Draft => Status::draft(word),
        FileStatus::Uploading | FileStatus::Uploaded | FileStatus::Processing => Status::working(word),
        FileStatus::Invalid | FileStatus::Rejected => Status::bad(word),
        FileStatus::Ready | FileStatus::Pending => Status::waiting(word),
        FileStatus::Accepted => Status::good(word),
        FileStatus::Closed | FileStatus::Deleted => Status::ended(word),
    }
}

/// The status of a record in its shape.
fn record_status(status: RecordStatus) -> Status {
    let word = status.title();
    match status {
        RecordStatus::Valid | RecordStatus::Approved => Status::good(word),
        RecordStatus::Invalid | RecordStatus::Rejected => Status::bad(word),
        RecordStatus::Closed => Status::ended(word),
    }
}

/// What a schema is called.
fn schema_word(schema: UsageSchema) -> &'static str {
    match schema {
        UsageSchema::Quantity => "Quantities",
        UsageSchema::PriceRated => "Quantities with prices",
        UsageSchema::CostRated => "Quantities with costs",
        UsageSchema::TiersRated => "Quantities with an amount for each tier",
    }
}

/// Whether a file's rows carry amounts.
fn is_priced(schema: UsageSchema) -> bool {
    schema != UsageSchema::Quantity
}

/// A period as people read it: days where it is made of days. Periods are days of UTC, whatever the reader's zone.
fn period_words(period: Period) -> Text {
    const DAY: i64 = 24 * 3600 * 1_000_000;
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if period.from.0 % DAY != 0 || period.end.0 % DAY != 0 {
        return Text::new("{from} to {to}").arg("from", shown(period.from)).arg("to", shown(period.last()));
    }
    // Whole days are days of the calendar in UTC, whoever reads.
    let (from, to) = (period.from.date(), period.last().date());
    let month = |date: jiff::civil::Date| MONTHS[(date.month().unsigned_abs() as usize + 11) % 12];
    let key = match (from.year() == to.year(), from.month() == to.month()) {
        (true, true) if from == to => "{day} {month:word} {year}",
        (true, true) => "{first}–{day} {month:word} {year}",
        (true, false) => "{first} {before:word} – {day} {month:word} {year}",
        (false, _) => "{first} {before:word} {then} – {day} {month:word} {year}",
    };
    Text::new(key)
        .arg("first", from.day())
        .arg("before", month(from))
        .arg("then", from.year())
        .arg("day", to.day())
        .arg("month", month(to))
        .arg("year", to.year())
}

/// What stands beside the forms about a file.
fn beside(view: &FileView) -> Panel {
    let (file, refs) = (&view.file, &view.refs);
    let mut facts = Facts::new()
        .fact("Product", Cell::data(&refs.product))
        .fact("Period", Cell::maybe(file.period, |p| Cell::text(period_words(p)).sub(Cell::text("Days of UTC"))))
        .fact("Marketplace", Cell::data(&refs.marketplace))
        .fact("Vendor", Cell::data(&refs.vendor))
        .fact("Status", Cell::status(file_status(file.status)));
    if file.figures.uploaded > 0 {
        facts = facts
            .fact("Records", Cell::number(file.figures.uploaded))
            .fact("Subscriptions", Cell::number(file.subscriptions));
    }
    if let Some(currency) = file.currency.as_ref().filter(|_| is_priced(file.schema)) {
        facts = facts.fact("Amount", Cell::money(file.amount_total).sub(Cell::data(currency)));
    }
    Panel::about("The file", facts)
}

fn may(ctx: &Ctx, level: Level) -> bool {
    ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Usage, level))
}

/// The address of a file's page.
fn at(ctx: &Ctx, file: &File) -> String {
    ctx.url(&format!("/usage/{}", file.id))
}

/// Which of a file's pages is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Review,
    Records,
    Problems,
    Uploads,
    History,
}

/// The pages of a file.
fn tabs(ctx: &Ctx, file: &File, side: Side, here: Place) -> Tabs {
    let base = at(ctx, file);
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let tab =
        |place: Place, label: &'static str, path: &str| Tab::new(label, format!("{base}{path}")).current(place == here);
    let mut all = vec![tab(Place::Review, "Review", "")];
    if file.visible > 0 || here == Place::Records {
        all.push(tab(Place::Records, "Records", "/records").count(count(file.figures.uploaded)));
    }
    if side == Side::Vendor && (file.figures.invalid > 0 || here == Place::Problems) {
        all.push(tab(Place::Problems, "Rows with a problem", "/problems").count(count(file.figures.invalid)));
    }
    if file.generation > 0 || here == Place::Uploads {
        all.push(tab(Place::Uploads, "Uploads", "/uploads"));
    }
    all.push(tab(Place::History, "History", "/history"));
    Tabs::new("Usage file", all)
}

/// The frame of one of a file's pages.
fn frame(ctx: &Ctx, title: Text, file: &File) -> Page {
    ctx.page(title).crumb(Crumb::link("Usage", ctx.url("/usage"))).crumb(Crumb::here(Text::data(file.id.as_str())))
}

/// The frame of a page that does something with a file.
fn frame_within(ctx: &Ctx, title: Text, file: &File) -> Page {
    ctx.page(title.clone())
        .crumb(Crumb::link("Usage", ctx.url("/usage")))
        .crumb(Crumb::link(Text::data(file.id.as_str()), at(ctx, file)))
        .crumb(Crumb::here(title))
}

/// The company on the other side of a file.
fn partner(view: &FileView) -> &str {
    if view.side == Side::Vendor { &view.refs.provider } else { &view.refs.vendor }
}
