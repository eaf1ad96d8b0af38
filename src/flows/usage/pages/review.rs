//! What a file reports: figures, sums by item and by subscription, and its problems by kind.

use super::super::actions::{FileView, Problem, Review, Total};
use super::super::model::{Code, FileStatus};
use super::{at, is_priced};
use crate::kit::{Side, Text};
use crate::web::Ctx;
use crate::web::cell::Cell;
use crate::web::frames::Section;
use crate::web::parts::{Figure, Figures};
use crate::web::table::{Boxed, Column, Narrow, Row};

/// The sums over the whole file.
pub(super) fn figures(view: &FileView, review: &Review) -> Figures {
    let file = &view.file;
    let mut all = vec![];
    if let Some(currency) = file.currency.as_ref().filter(|_| is_priced(file.schema)) {
        all.push(Figure::new("Amount", Cell::money(file.amount_total)).sub(Text::data(currency)));
    }
    let records = Figure::new("Records", Cell::number(file.figures.valid));
    all.push(match file.figures.invalid {
        0 => records.sub("All of them are good"),
        bad => records.sub(Text::new("and {bad:number} with a problem").arg("bad", bad)),
    });
    let items = review.items.len();
    all.push(Figure::new("Subscriptions", Cell::number(file.subscriptions)));
    if matches!(file.status, FileStatus::Accepted | FileStatus::Closed) {
        let closed = Figure::new("Closed", Cell::number(file.figures.closed));
        all.push(closed.sub(Text::new("{open:number} open").arg("open", file.figures.open())));
    } else {
        all.push(Figure::new("Items", Cell::number(i64::try_from(items).unwrap_or(i64::MAX))));
    }
    Figures::new(all)
}

/// The sums by item.
pub(super) fn items(ctx: &Ctx, view: &FileView, review: &Review) -> Option<Section> {
    if review.items.is_empty() {
        return None;
    }
    let (file, priced) = (&view.file, is_priced(view.file.schema));
    let records = format!("{}/records", at(ctx, file));
    let mut columns = vec![Column::new("item", "Item").grows(), Column::number("quantity", "Quantity")];
    columns.extend(amount_column(view));
    columns.push(Column::number("records", "Records"));
    let row = |total: &Total| {
        let name = total.name.clone().unwrap_or_else(|| total.key.clone());
        let unit = total.unit.clone().unwrap_or_default();
        let quantity = Cell::number(total.quantity);
        let href = format!("{records}?eq(item.mpn,{})", encoded(&total.key));
        let mut cells = vec![
            Cell::link(name, href).sub(Cell::id(&total.key)),
            if unit.is_empty() { quantity } else { quantity.sub(Cell::data(unit).faint()) },
        ];
        if priced {
            cells.push(Cell::money(total.amount).strong());
        }
        cells.push(Cell::number(total.records));
        Row::new(&total.key, cells)
    };
    let mut foot = vec![Cell::text("Total"), Cell::text("")];
    if priced {
        foot.push(Cell::money(file.amount_total));
    }
    foot.push(Cell::number(file.figures.valid));
    let table = Boxed::new("By item", columns, review.items.iter().map(row).collect()).foot(foot);
    let section = Section::new("By item");
    let section =
        if review.items.len() >= 100 { section.note("The 100 largest; the total is of all") } else { section };
    Some(section.part(table))
}

/// The column of amounts, if there are any.
fn amount_column(view: &FileView) -> Option<Column> {
    let currency = view.file.currency.as_deref().filter(|_| is_priced(view.file.schema))?;
    Some(Column::number("amount", Text::data(currency)).at(Narrow::Right1))
}

/// The largest sums by subscription.
pub(super) fn subscriptions(ctx: &Ctx, view: &FileView, review: &Review) -> Option<Section> {
    if review.subscriptions.is_empty() {
        return None;
    }
    let (file, priced) = (&view.file, is_priced(view.file.schema));
    let here = at(ctx, file);
    let mut columns = vec![
        Column::new("asset", "Subscription").at(Narrow::Left1),
        Column::new("customer", "Customer").at(Narrow::Left2).grows(),
    ];
    columns.extend(amount_column(view));
    columns.push(Column::number("records", "Records").at(Narrow::Right2));
    let row = |total: &Total| {
        let mut cells = vec![
            Cell::id(&total.key).to(ctx.url(&format!("/subscriptions/{}", total.key))),
            Cell::data(total.name.clone().unwrap_or_default()),
        ];
        if priced {
            cells.push(Cell::money(total.amount).strong());
        }
        cells.push(Cell::number(total.records).to(format!("{here}/records?eq(asset.id,{})", total.key)));
        Row::new(&total.key, cells)
    };
    let shown = i64::try_from(review.subscriptions.len()).unwrap_or(i64::MAX);
    let table = Boxed::new("By subscription", columns, review.subscriptions.iter().map(row).collect()).cards();
    let section = Section::new("By subscription").link("All records", format!("{here}/records"));
    let section = if file.subscriptions > shown {
        let note = Text::new("The {shown} largest of {all:number}").arg("shown", shown).arg("all", file.subscriptions);
        section.note(note)
    } else {
        section
    };
    Some(section.part(table))
}

/// The columns of a table of problems.
fn problem_columns() -> Vec<Column> {
    vec![
        Column::new("row", "Row").at(Narrow::Left1),
        Column::new("column", "Column").at(Narrow::Right1),
        Column::new("value", "Value").at(Narrow::Whole2),
        Column::new("reason", "Reason").at(Narrow::Left3).grows(),
    ]
}

fn problem_row(problem: &Problem) -> Row {
    let value = if problem.value.is_empty() { Cell::nothing() } else { Cell::id(&problem.value) };
    Row::new(
        problem.sheet_row,
        vec![
            Cell::number(i64::from(problem.sheet_row)),
            Cell::data(&problem.column),
            value,
            Cell::text(problem.text.0.clone()).wrap(),
        ],
    )
}

/// Some problems, in the order of their rows.
pub(super) fn first_problems(review: &Review, most: usize) -> Option<Boxed> {
    let mut all: Vec<&Problem> = review.problems.iter().flat_map(|(_, problems)| problems).collect();
    all.sort_by_key(|p| p.sheet_row);
    let rows: Vec<Row> = all.into_iter().take(most).map(problem_row).collect();
    (!rows.is_empty()).then(|| Boxed::new("Rows with a problem", problem_columns(), rows).cards())
}

/// Each kind of problem with its first rows and the way to all of them.
pub(super) fn problem_groups(ctx: &Ctx, view: &FileView, review: &Review) -> Vec<Section> {
    if view.side != Side::Vendor {
        return vec![];
    }
    let file = at(ctx, &view.file);
    let here = format!("{file}/problems");
    let figures = view.file.figures;
    let count = Text::new("{bad:number} of {rows:number}").arg("bad", figures.invalid).arg("rows", figures.uploaded);
    let words = "Correct them in your workbook and upload it below. The download is your workbook with the reasons in it; it can be corrected and uploaded as well.";
    let intro = Section::new("Rows with a problem")
        .note(count)
        .link("Download with the reasons", format!("{file}/processed"))
        .words(words);
    let group = |(group, problems): &(super::super::actions::Group, Vec<Problem>)| {
        let title =
            Code::ALL.iter().find(|code| code.as_str() == group.code).map_or("Something else", |code| code.title());
        let note = Text::new("{count|once|{count} times}").arg("count", group.count);
        let href = format!("{here}?in(code,({}))", group.code);
        let more = usize::try_from(group.count).is_ok_and(|n| n > problems.len());
        let rows = problems.iter().map(problem_row).collect();
        let section = Section::new(title).note(note).part(Boxed::new(title, problem_columns(), rows).cards());
        if more { section.link("Show all", href) } else { section }
    };
    std::iter::once(intro).chain(review.problems.iter().map(group)).collect()
}

/// A value as it stands in a query of a list.
pub(super) fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}
