//! Usage records: those of one file, those of all files, and one by itself.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::super::actions::{self, RecordRow};
use super::super::model::{FileStatus, RecordStatus};
use super::file::plain_head;
use super::{Place, at, closing, frame, is_priced, may, record_status, tabs};
use crate::flows::products::model::UsageSchema;
use crate::kit::{Amount, Level, Role, Side, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, List, ListPage, Shown};
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::table::{Boxed, BulkAction, Column, Narrow, Room, Row, ToolForm};
use crate::web::{Ctx, Error};

struct Line {
    record: RecordRow,
    base: String,
}

impl Line {
    fn item(&self) -> Cell {
        let name = self.record.item_name.clone().or_else(|| self.record.item_mpn.clone()).unwrap_or_default();
        let cell = Cell::data(name);
        match &self.record.item_mpn {
            Some(mpn) => cell.sub(Cell::id(mpn)),
            None => cell,
        }
    }

    fn asset(&self) -> Cell {
        let cell = Cell::maybe(self.record.asset_id.as_ref(), |id| {
            Cell::id(id).to(format!("{}/subscriptions/{id}", self.base))
        });
        match &self.record.customer_name {
            Some(customer) => cell.sub(Cell::data(customer)),
            None => cell,
        }
    }

    fn window(&self) -> Cell {
        let start = Cell::maybe(self.record.start_at, Cell::time);
        match self.record.end_at {
            Some(end) => start.sub(Cell::time(end)),
            None => start,
        }
    }

    fn quantity(&self) -> Cell {
        let cell = Cell::maybe(self.record.quantity, Cell::number);
        match &self.record.item_unit {
            Some(unit) => cell.sub(Cell::data(unit)),
            None => cell,
        }
    }

    fn amount(&self) -> Cell {
        let cell = Cell::maybe(self.record.amount, |a: Amount| Cell::money(a).strong());
        match &self.record.currency {
            Some(currency) if self.record.amount.is_some() => cell.sub(Cell::data(currency)),
            _ => cell,
        }
    }

    fn billing(&self) -> Cell {
        Cell::data(&self.record.billing_id)
    }
}

const STATUSES: &[(&str, &str)] = &[
    ("valid", "Valid"),
    ("invalid", "Invalid"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("closed", "Closed"),
];

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn exact(value: &Option<Amount>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// The columns and filters that both lists have.
fn dressed(list: List<Line>) -> List<Line> {
    list.column(
        Col::new(
            "id",
            "Record",
            |l: &Line| {
                Cell::id(&l.record.record_id)
                    .to(format!("{}/usage/records/{}", l.base, l.record.id))
                    .sub(Text::new("Row {row}").arg("row", l.record.sheet_row))
            },
            |l| l.record.id.clone(),
        )
        .at(Narrow::Left1)
        .sorted("id"),
    )
    .column(Col::new("item", "Item", Line::item, |l| text(&l.record.item_mpn)).at(Narrow::Left2).grows())
    .column(Col::new("asset", "Subscription", Line::asset, |l| text(&l.record.asset_id)).at(Narrow::Left3))
    .column(
        Col::new("window", "From, to", Line::window, |l| {
            let wire = |t: Option<crate::kit::Time>| t.map(|t| t.wire()).unwrap_or_default();
            format!("{} {}", wire(l.record.start_at), wire(l.record.end_at))
        })
        .sorted("usage_start_time"),
    )
    .column(
        Col::number("quantity", "Quantity", Line::quantity, |l| exact(&l.record.quantity))
            .at(Narrow::Right3)
            .sorted("usage"),
    )
}

fn finished(list: List<Line>) -> List<Line> {
    list.column(
        Col::new(
            "status",
            "Status",
            |l: &Line| Cell::status(record_status(l.record.status())),
            |l| l.record.status().to_string(),
        )
        .at(Narrow::Right1)
        .sorted("status"),
    )
    .column(Col::new("billing", "Billing id", Line::billing, |l| l.record.billing_id.clone()).needs(Room::Wide))
    .filter("status", "Status", STATUSES)
    .filter_text("item.mpn", "Item code")
    .filter_text("asset.id", "Subscription")
    .filter_text("customer.name", "Customer")
    .filter_text("external_billing_id", "Billing id")
    .filter_days("start_date", "Begins")
    .search("Record id, item code, subscription")
    .wrong(|l| l.record.status() == RecordStatus::Invalid)
}

fn amounts(list: List<Line>) -> List<Line> {
    list.column(
        Col::number("amount", "Amount", Line::amount, |l| exact(&l.record.amount)).at(Narrow::Right2).sorted("amount"),
    )
}

/// Columns that only an export needs are told apart there by their heads; the page shows them on the record's own page.
fn tiers(list: List<Line>) -> List<Line> {
    list.column(
        Col::number(
            "tier",
            "Tier",
            |l: &Line| Cell::maybe(l.record.tier.map(i64::from), Cell::number),
            |l| l.record.tier.map(|t| t.to_string()).unwrap_or_default(),
        )
        .needs(Room::Widest),
    )
}

/// The records of one file.
pub async fn file_records(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let view = ctx.read(move |tx, actor| actions::file(tx, actor, &id)).await?;
    let (here, base) = (at(&ctx, &view.file), ctx.url(""));
    let list = List::new("Records", format!("{here}/records"), &actions::FILE_RECORDS, move |tx, _, ids| {
        let line = |record| Line { record, base: base.clone() };
        Ok(actions::record_views(tx, ids)?.into_iter().map(line).collect())
    })
    .within("file", &view.file.id)
    .within("generation", view.file.visible);
    let mut list = dressed(list);
    if view.file.schema == UsageSchema::TiersRated {
        list = tiers(list);
    }
    if is_priced(view.file.schema) {
        list = amounts(list);
    }
    let empty = State::nothing_yet(
        "chart-bar",
        "No records yet",
        "Records appear here once a workbook was uploaded and checked.",
    );
    let mut table = match ctx.list(finished(list).empty(empty)).await? {
        Shown::Table(table) => table,
        Shown::Answer(answer) => return Ok(answer),
    };
    let closes = view.side != Side::Vendor && view.file.status == FileStatus::Accepted && may(&ctx, Level::Act);
    if closes && !table.rows.is_empty() {
        table.bulk = vec![BulkAction::new("close", "Close with a billing id", "checklist")];
        table.form = ToolForm::new(format!("{here}/records/close"));
    }
    ctx.render(&ListPage {
        page: frame(&ctx, Text::new("Records"), &view.file),
        head: plain_head(&view),
        tabs: Some(tabs(&ctx, &view.file, view.side, Place::Records)),
        table,
    })
}

/// The records of all files.
pub async fn records(ctx: Ctx) -> Result<HttpResponse, Error> {
    let vendor = ctx.actor().seat().is_some_and(|s| s.role == Role::Vendor);
    let base = ctx.url("");
    let list = List::new("Usage records", ctx.url("/usage/records"), &actions::USAGE_RECORDS, move |tx, _, ids| {
        let line = |record| Line { record, base: base.clone() };
        Ok(actions::record_views(tx, ids)?.into_iter().map(line).collect())
    });
    let words = if vendor {
        "Records are the rows of usage files. They appear here once a workbook was uploaded and checked."
    } else {
        "Records are the rows of usage files. They appear here once a vendor has submitted a file."
    };
    let list =
        finished(amounts(tiers(dressed(list)))).empty(State::nothing_yet("chart-bar", "No usage records yet", words));
    let page = ctx.page("Usage records").crumb(Crumb::link("Usage", ctx.url("/usage"))).crumb(Crumb::here("Records"));
    ctx.list_page(list, page, Head::new("Usage records"), None).await
}

/// One record.
pub async fn record(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (record, side) = ctx
        .read(move |tx, actor| {
            let record = actions::record(tx, actor, &id)?;
            let (_, side) = actions::find(tx, actor, record.file_id.as_str())?;
            Ok((record, side))
        })
        .await?;
    let here = ctx.url(&format!("/usage/records/{}", record.id));
    let status = record.status();
    let mut head = Head::new(Text::new("Record {id}").arg("id", &record.record_id))
        .meta(Cell::copy(&record.id))
        .meta(record_status(status));
    let mut dialogs = vec![];
    let closes = side != Side::Vendor && may(&ctx, Level::Act);
    if closes && matches!(status, RecordStatus::Approved | RecordStatus::Closed) {
        let label = if status == RecordStatus::Closed { "Correct the billing" } else { "Close" };
        let button = Button::dialog(label, "close", format!("{here}/close"));
        head = head.action(if status == RecordStatus::Closed { button } else { button.primary() });
        dialogs.push(closing::dialog(&ctx, &record));
    }
    let page = ctx
        .page(Text::data(&record.record_id))
        .crumb(Crumb::link("Usage", ctx.url("/usage")))
        .crumb(Crumb::link(Text::data(record.file_id.as_str()), ctx.url(&format!("/usage/{}", record.file_id))))
        .crumb(Crumb::here(Text::data(record.record_id.as_str())));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections: sections(&ctx, &record),
        about: Text::new("About this record"),
        facts: place(&ctx, &record),
        dialogs,
    })
}

fn sections(ctx: &Ctx, record: &RecordRow) -> Vec<Section> {
    let line = Line { record: record.clone(), base: ctx.url("") };
    let mut usage = Facts::new()
        .fact("Item", line.item())
        .fact("Subscription", line.asset())
        .fact("From", Cell::maybe(record.start_at, Cell::time_long))
        .fact("To", Cell::maybe(record.end_at, Cell::time_long))
        .fact("Quantity", line.quantity());
    if record.amount.is_some() {
        usage = usage.fact("Amount", line.amount());
    }
    if record.tier.is_some() {
        usage = usage.fact("Tier", Cell::maybe(record.tier.map(i64::from), Cell::number));
    }
    let category = Cell::data(text(&record.category_name)).wrap();
    let category = match record.category_description.as_deref() {
        None | Some("") => category,
        Some(words) => category.sub(Cell::data(words)),
    };
    usage = usage.fact("Category", category).fact("Note", Cell::data(&record.note).wrap());
    let billing = Facts::new()
        .fact("Billing id", line.billing())
        .fact("Billing note", Cell::data(&record.billing_note).wrap())
        .fact("Closed", Cell::maybe(record.closed_at, Cell::time_long))
        .fact("By", Cell::data(text(&record.closed_by)));
    let section = Section::new("Billing");
    let billed = if billing.facts.is_empty() {
        section.words("It has not been billed yet.")
    } else {
        section.part(billing.in_rows())
    };
    let mut all = vec![Section::new("Usage").part(usage.in_rows()), billed];
    if !record.params.0.is_empty() {
        let columns = vec![Column::new("name", "Column"), Column::new("value", "Value").grows()];
        let row = |(name, value): &(String, String)| Row::new(name, vec![Cell::id(name), Cell::data(value).wrap()]);
        let table = Boxed::new("Further columns", columns, record.params.0.iter().map(row).collect());
        all.push(Section::new("Further columns").part(table));
    }
    all
}

/// Where the record comes from.
fn place(ctx: &Ctx, record: &RecordRow) -> Facts {
    let file = ctx.url(&format!("/usage/{}", record.file_id));
    let customer = Cell::data(text(&record.customer_name));
    Facts::new()
        .fact("File", Cell::link(&record.file_name, file).sub(Cell::id(&record.file_id)))
        .fact("Row of the workbook", Cell::number(i64::from(record.sheet_row)))
        .fact("The vendor's id", Cell::id(&record.record_id))
        .fact("Product", Cell::id(&record.product_id).to(ctx.url(&format!("/products/{}", record.product_id))))
        .fact(
            "Customer",
            if record.customer_external_id.is_some() {
                customer.sub(Cell::data(text(&record.customer_external_id)))
            } else {
                customer
            },
        )
        .fact("External id of the subscription", Cell::data(text(&record.asset_external_id)))
        .fact("Reconciliation value", Cell::data(text(&record.recon_id)))
}
