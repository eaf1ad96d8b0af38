//! The list of usage files.

use actix_web::HttpResponse;

use super::super::actions::{self, FileView};
use super::super::model::FileStatus;
use super::{file_status, is_priced, may, partner, period_words};
use crate::kit::{Level, Role, Side, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::parts::{Head, Tab};
use crate::web::state::State;
use crate::web::table::{Narrow, Room};
use crate::web::{Ctx, Error};

struct Line {
    view: FileView,
    href: String,
}

impl Line {
    fn name(&self) -> Cell {
        Cell::link(&self.view.file.name, &self.href).strong().sub(Cell::id(&self.view.file.id))
    }

    fn amount(&self) -> Cell {
        let file = &self.view.file;
        match &file.currency {
            Some(currency) if is_priced(file.schema) && file.visible > 0 => {
                Cell::money(file.amount_total).label(Text::data(currency))
            }
            _ => Cell::nothing(),
        }
    }

    fn rows(&self) -> Cell {
        let file = &self.view.file;
        if file.visible == 0 {
            return Cell::nothing();
        }
        let cell = Cell::number(file.figures.uploaded);
        match file.figures.invalid {
            0 => cell,
            bad => cell.sub(Text::new("{bad:number} with a problem").arg("bad", bad)),
        }
    }
}

/// The words of a filter by status.
const STATUSES: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("uploaded", "Uploaded"),
    ("processing", "Processing"),
    ("invalid", "Invalid"),
    ("ready", "Ready"),
    ("pending", "Pending"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("closed", "Closed"),
    ("deleted", "Deleted"),
];

const SCHEMAS: &[(&str, &str)] = &[
    ("qt", "Quantities"),
    ("pr", "Quantities with prices"),
    ("cr", "Quantities with costs"),
    ("tr", "Quantities with an amount for each tier"),
];

/// The views above the list: everything, what waits for the reader, and one for each status that occurs.
fn views(ctx: &Ctx, side: Side, counts: &[(FileStatus, i64)]) -> Vec<Tab> {
    let sum = |of: &dyn Fn(FileStatus) -> bool| -> u64 {
        counts.iter().filter(|(status, _)| of(*status)).map(|(_, n)| u64::try_from(*n).unwrap_or(0)).sum()
    };
    let mine: Vec<&str> = FileStatus::ALL.iter().filter(|s| s.turn() == Some(side)).map(|s| s.as_str()).collect();
    let base = ctx.url("/usage");
    let here = ctx.here();
    let view = |label: &'static str, query: String, count: u64| {
        let href = if query.is_empty() { base.clone() } else { format!("{base}?{query}") };
        let current = href == here;
        Tab::new(label, href).count(count).current(current)
    };
    let mut all = vec![
        view("All", String::new(), sum(&|_| true)),
        view("Waiting for you", format!("in(status,({}))", mine.join(",")), sum(&|s| s.turn() == Some(side))),
    ];
    for status in FileStatus::ALL {
        let count = sum(&|s| s == *status);
        if count > 0 {
            all.push(view(status.title(), format!("in(status,({status}))"), count));
        }
    }
    all
}

/// The usage files of the company.
pub async fn files(ctx: Ctx) -> Result<HttpResponse, Error> {
    let vendor = ctx.actor().seat().is_some_and(|s| s.role == Role::Vendor);
    let side = if vendor { Side::Vendor } else { Side::Distributor };
    let counts = ctx.read(actions::by_status).await?;
    let base = ctx.url("/usage");
    let create = || Button::link("New usage file", ctx.url("/usage/new")).primary().icon("plus");
    let mut head = Head::new("Usage");
    let mut empty = State::nothing_yet(
        "chart-bar",
        "No usage yet",
        "Usage files appear here once a vendor has submitted them. You then review the records, accept or reject them, and close them with a billing id.",
    );
    if vendor {
        empty = State::nothing_yet(
            "chart-bar",
            "No usage files yet",
            "A usage file tells a distributor what was used of a product in a period. You fill a workbook; its rows are checked before the distributor sees them.",
        );
        if may(&ctx, Level::Act) {
            head = head.action(create());
            empty = empty.action(create());
        }
    }
    if !counts.is_empty() {
        head = head.action(Button::link("All records", ctx.url("/usage/records")).icon("table"));
    }
    let mut list = List::new("Usage files", base.clone(), &actions::USAGE_FILES, move |tx, actor, ids| {
        let line = |view: FileView| Line { href: format!("{base}/{}", view.file.id), view };
        Ok(actions::file_views(tx, actor, ids)?.into_iter().map(line).collect())
    });
    // Deleted files are listed where the address names a status.
    if !ctx.query().contains("status") {
        list = list.within("live", "yes");
    }
    let list = list
        .column(
            Col::new("id", "File", Line::name, |l| l.view.file.id.to_string()).at(Narrow::Left1).sorted("id").grows(),
        )
        .column(
            Col::new(
                "product",
                "Product",
                |l: &Line| Cell::data(&l.view.refs.product),
                |l| l.view.refs.product.clone(),
            )
            .at(Narrow::Left2)
            .sorted("product.name"),
        )
        .column(
            Col::new(
                "partner",
                if vendor { "Distributor" } else { "Vendor" },
                |l: &Line| Cell::data(partner(&l.view)),
                |l| partner(&l.view).to_owned(),
            )
            .needs(Room::Wide)
            .sorted(if vendor { "provider.name" } else { "vendor.name" }),
        )
        .column(
            Col::new(
                "marketplace",
                "Marketplace",
                |l: &Line| Cell::data(&l.view.refs.marketplace),
                |l| l.view.refs.marketplace.clone(),
            )
            .needs(Room::Wide)
            .sorted("marketplace.name"),
        )
        .column(
            Col::new(
                "period",
                "Period",
                |l: &Line| Cell::maybe(l.view.file.period, |p| Cell::text(period_words(p))),
                |l| l.view.file.period.map(|p| format!("{} to {}", p.from.date(), p.last().date())).unwrap_or_default(),
            )
            .at(Narrow::Left3),
        )
        .column(
            Col::number("rows", "Rows", Line::rows, |l| l.view.file.figures.uploaded.to_string()).at(Narrow::Right3),
        )
        .column(
            Col::number("amount", "Amount", Line::amount, |l| {
                if is_priced(l.view.file.schema) { l.view.file.amount_total.to_string() } else { String::new() }
            })
            .at(Narrow::Right2),
        )
        .column(
            Col::new(
                "status",
                "Status",
                |l: &Line| Cell::status(file_status(l.view.file.status)),
                |l| l.view.file.status.to_string(),
            )
            .at(Narrow::Right1)
            .sorted("status"),
        )
        .column(
            Col::moment("created", "Created", |l: &Line| Some(l.view.file.created_at))
                .needs(Room::Widest)
                .sorted("created.at"),
        )
        .filter("status", "Status", STATUSES)
        .filter_text("product.name", "Product")
        .filter_text(
            if vendor { "provider.name" } else { "vendor.name" },
            if vendor { "Distributor" } else { "Vendor" },
        )
        .filter_text("marketplace.name", "Marketplace")
        .filter("schema", "What is reported", SCHEMAS)
        .filter_days("created.at", "Created")
        .search("Id, name, product, partner")
        .views(if counts.is_empty() { vec![] } else { views(&ctx, side, &counts) })
        .wrong(|l| matches!(l.view.file.status, FileStatus::Invalid | FileStatus::Rejected))
        .empty(empty);
    let page = ctx.page("Usage").crumb(Crumb::here("Usage"));
    ctx.list_page(list, page, head, None).await
}
