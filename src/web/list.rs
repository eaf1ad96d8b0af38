//! Every list page: a collection, its columns and filters as data; sorting, filtering, paging and export come from here.
//!
//! The state of a list is its URL, in RQL. A filter's form cannot write RQL, so it sends `_set=FIELD&_to=VALUE…` with the
//! list's present query in `_q`; the answer is a redirect to the one canonical URL. `_export=csv|xlsx` answers the whole
//! filtered list as a file.
//!
//! ```ignore
//! let list = List::new("Contracts", ctx.url("/contracts"), &store::CONTRACTS, |tx, actor, ids| actions::rows(tx, actor, ids))
//!     .column(Col::new("id", "Contract", |c: &Row| Cell::id(&c.id).to(c.href.clone()), |c| c.id.to_string()).at(Narrow::Left1).sorted("id"))
//!     .filter("status", "Status", &[("active", "Active"), ("pending", "Pending")])
//!     .search("Id, name, partner")
//!     .empty(State::nothing_yet("file-text", "No contracts yet", "…"));
//! let table = match ctx.list(list).await? { Shown::Table(table) => table, Shown::Answer(answer) => return Ok(answer) };
//! ```

use std::collections::HashMap;
use std::io::{BufWriter, Seek, Write};

use actix_web::HttpResponse;
use actix_web::http::header;

use super::cell::Cell;
use super::ctx::Ctx;
use super::error::{Error, broken};
use super::form::Choice;
use super::layout::Page;
use super::parts::Head;
use super::state::State;
use super::table::{
    Chip, Column, Filter as FilterForm, FilterControl, Narrow, Pager, Row, Search, Sort as Sorted, Table, ToolForm,
};
use crate::db::list::{self, Collection, IdPage, Rules};
use crate::db::{self, Tx};
use crate::kit::{Actor, Refusal, Text, Time};
use crate::outside::sheets;
use crate::rql::{self, Filter, Op, Pattern, Query, Value};
use crate::web::filters;

/// Most rows that an export has.
const MAX_EXPORT: i64 = 100_000;
/// How many rows an export loads at a time.
const EXPORT_CHUNK: usize = 500;

type Load<T> = Box<dyn Fn(&mut Tx<'_>, &Actor, &[String]) -> db::Result<Vec<T>> + Send>;

/// A column of a list.
pub struct Col<T> {
    column: Column,
    field: Option<&'static str>,
    cell: fn(&T) -> Cell,
    plain: fn(&T) -> String,
}

impl<T> Col<T> {
    /// A column: its key, its head, its cell on the page and its text in an export.
    pub fn new(key: &'static str, label: impl Into<Text>, cell: fn(&T) -> Cell, plain: fn(&T) -> String) -> Self {
        Self { column: Column::new(key, label), field: None, cell, plain }
    }

    /// A column of numbers or lengths of time.
    pub fn number(key: &'static str, label: impl Into<Text>, cell: fn(&T) -> Cell, plain: fn(&T) -> String) -> Self {
        Self { column: Column::number(key, label), field: None, cell, plain }
    }

    /// Its place on a narrow screen.
    #[must_use]
    pub fn at(mut self, narrow: Narrow) -> Self {
        self.column = self.column.at(narrow);
        self
    }

    /// It takes the slack.
    #[must_use]
    pub fn grows(mut self) -> Self {
        self.column = self.column.grows();
        self
    }

    /// The list can be sorted by it: the collection's field.
    #[must_use]
    pub fn sorted(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }
}

/// How a filter is filled in.
enum Control {
    Words(&'static [(&'static str, &'static str)]),
    Text,
    Days,
}

struct FilterBy {
    field: &'static str,
    label: &'static str,
    control: Control,
}

/// A list page as data.
pub struct List<T> {
    label: Text,
    path: String,
    collection: &'static Collection,
    within: Vec<(&'static str, String)>,
    load: Load<T>,
    columns: Vec<Col<T>>,
    filters: Vec<FilterBy>,
    search: Option<Text>,
    empty: Option<State>,
    views: Vec<super::parts::Tab>,
    wrong: Option<fn(&T) -> bool>,
}

impl<T> List<T> {
    /// A list of `label` at `path`; `load` gives the rows of the picked ids in their order.
    pub fn new(
        label: impl Into<Text>,
        path: String,
        collection: &'static Collection,
        load: impl Fn(&mut Tx<'_>, &Actor, &[String]) -> db::Result<Vec<T>> + Send + 'static,
    ) -> Self {
        Self {
            label: label.into(),
            path,
            collection,
            within: vec![],
            load: Box::new(load),
            columns: vec![],
            filters: vec![],
            search: None,
            empty: None,
            views: vec![],
            wrong: None,
        }
    }

    /// Only rows whose `field` has this value, whatever the URL says.
    #[must_use]
    pub fn within(mut self, field: &'static str, value: impl ToString) -> Self {
        self.within.push((field, value.to_string()));
        self
    }

    /// One more column.
    #[must_use]
    pub fn column(mut self, column: Col<T>) -> Self {
        self.columns.push(column);
        self
    }

    /// A filter by a few words: (word, label).
    #[must_use]
    pub fn filter(
        mut self,
        field: &'static str,
        label: &'static str,
        words: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.filters.push(FilterBy { field, label, control: Control::Words(words) });
        self
    }

    /// A filter by the beginning of a text.
    #[must_use]
    pub fn filter_text(mut self, field: &'static str, label: &'static str) -> Self {
        self.filters.push(FilterBy { field, label, control: Control::Text });
        self
    }

    /// A filter by days.
    #[must_use]
    pub fn filter_days(mut self, field: &'static str, label: &'static str) -> Self {
        self.filters.push(FilterBy { field, label, control: Control::Days });
        self
    }

    /// The list can be searched; the hint says what for.
    #[must_use]
    pub fn search(mut self, hint: impl Into<Text>) -> Self {
        self.search = Some(hint.into());
        self
    }

    /// What stands there when there is nothing yet.
    #[must_use]
    pub fn empty(mut self, state: State) -> Self {
        self.empty = Some(state);
        self
    }

    /// The views above the list.
    #[must_use]
    pub fn views(mut self, views: Vec<super::parts::Tab>) -> Self {
        self.views = views;
        self
    }

    /// Which rows have something wrong in them.
    #[must_use]
    pub fn wrong(mut self, wrong: fn(&T) -> bool) -> Self {
        self.wrong = Some(wrong);
        self
    }
}

/// What a list page shows.
#[expect(clippy::large_enum_variant, reason = "there is one per page, and it is taken apart at once")]
pub enum Shown {
    /// The table, to be put into the page.
    Table(Table),
    /// An answer of its own: a redirect, a file.
    Answer(HttpResponse),
}

/// A page that is a heading and a list.
#[derive(Debug, askama::Template)]
#[template(path = "web/list_page.html")]
pub struct ListPage {
    /// The frame.
    pub page: Page,
    /// The heading with its actions.
    pub head: Head,
    /// Other parts of the same place.
    pub tabs: Option<super::parts::Tabs>,
    /// The list.
    pub table: Table,
}

impl Ctx {
    /// Shows a list as its URL says.
    pub async fn list<T: Send + 'static>(&self, list: List<T>) -> Result<Shown, Error> {
        if let Some(location) = redirect(self.query(), &list) {
            return Ok(Shown::Answer(HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()));
        }
        let (raw, export) = split_export(self.query());
        let query = rql::parse(&raw).map_err(Refusal::from)?;
        if let Some(format) = export {
            return self.export(list, query, format).await.map(Shown::Answer);
        }
        let asked = query.clone();
        let (list, page, rows) = self
            .read(move |tx, actor| {
                let account = actor.account()?.clone();
                let within: Vec<(&str, &str)> = list.within.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let page = list::page(
                    tx.conn(),
                    list.collection,
                    Some(account.as_str()),
                    &asked,
                    &Rules::PAGE.within(&within),
                )?;
                let rows = if page.ids.is_empty() { vec![] } else { (list.load)(tx, actor, &page.ids)? };
                Ok((list, page, rows))
            })
            .await?;
        Ok(Shown::Table(table(self, list, &query, &page, &rows)))
    }

    async fn export<T: Send + 'static>(
        &self,
        list: List<T>,
        query: Query,
        format: Format,
    ) -> Result<HttpResponse, Error> {
        let folder = self.services().files.temp_folder().to_owned();
        let name = format!("{}.{}", list.collection.name, format.extension());
        let file = self
            .read(move |tx, actor| {
                let account = actor.account()?.clone();
                let within: Vec<(&str, &str)> = list.within.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let rules = Rules::PAGE.within(&within);
                let total = list::page(tx.conn(), list.collection, Some(account.as_str()), &query.clone().limited(0), &rules)?.total;
                if total > MAX_EXPORT {
                    return Err(Refusal::too_large(
                        Text::new("This list has {total:number} rows; an export has at most {max:number}. Filter the list first.")
                            .arg("total", total)
                            .arg("max", MAX_EXPORT),
                    )
                    .into());
                }
                let ids = list::ids(tx.conn(), list.collection, Some(account.as_str()), &query, &rules, MAX_EXPORT as u32)?;
                let mut out = tempfile::tempfile_in(&folder).map_err(outside)?;
                write_export(tx, actor, &list, &ids, format, &folder, &mut out)?;
                out.rewind().map_err(outside)?;
                Ok(out)
            })
            .await?;
        download(file, &name, format.content_type())
    }
}

fn outside(e: impl std::fmt::Display) -> db::Error {
    db::Error::Outside(format!("export: {e}"))
}

/// Answers a file to be saved under a name.
pub fn download(file: std::fs::File, name: &str, content_type: &'static str) -> Result<HttpResponse, Error> {
    let length = file.metadata().map_err(|e| broken(&e))?.len();
    let stream = super::stream::file(file);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .no_chunking(length)
        .streaming(stream))
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Xlsx,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

fn write_export<T>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    list: &List<T>,
    ids: &[String],
    format: Format,
    folder: &std::path::Path,
    out: &mut std::fs::File,
) -> db::Result<()> {
    let heads: Vec<String> = list.columns.iter().map(|c| c.column.label.to_string()).collect();
    let mut each = |put: &mut dyn FnMut(&[String]) -> db::Result<()>| -> db::Result<()> {
        for chunk in ids.chunks(EXPORT_CHUNK) {
            for row in (list.load)(tx, actor, chunk)? {
                let cells: Vec<String> = list.columns.iter().map(|c| (c.plain)(&row)).collect();
                put(&cells)?;
            }
        }
        Ok(())
    };
    match format {
        Format::Csv => {
            let mut csv = sheets::CsvWriter::new(BufWriter::new(out));
            csv.row(heads.iter().map(String::as_str)).map_err(outside)?;
            each(&mut |cells| csv.row(cells.iter().map(String::as_str)).map_err(outside))?;
            csv.finish().map_err(outside)?.flush().map_err(outside)
        }
        Format::Xlsx => {
            let mut book = sheets::BookWriter::new(folder).map_err(|e| outside(e.text()))?;
            {
                let columns: Vec<sheets::Column<'_>> = heads.iter().map(|h| sheets::Column::new(h, 24)).collect();
                let mut sheet = book.sheet(list.collection.name, &columns).map_err(|e| outside(e.text()))?;
                each(&mut |cells| {
                    let cells: Vec<sheets::OutCell<'_>> =
                        cells.iter().map(|c| sheets::OutCell::from(sheets::Value::Text(c))).collect();
                    sheet.row(&cells).map(drop).map_err(|e| outside(e.text()))
                })?;
            }
            book.save_to(out).map_err(|e| outside(e.text()))
        }
    }
}

/// Takes `_export=…` out of a query string.
fn split_export(raw: &str) -> (String, Option<Format>) {
    let mut format = None;
    let rest: Vec<&str> = raw
        .split('&')
        .filter(|part| match part.strip_prefix("_export=") {
            Some(word) => {
                format = if word == "xlsx" { Some(Format::Xlsx) } else { Some(Format::Csv) };
                false
            }
            None => true,
        })
        .collect();
    (rest.join("&"), format)
}

fn at(path: &str, query: &Query) -> String {
    let text = query.to_string();
    if text.is_empty() { path.to_owned() } else { format!("{path}?{text}") }
}

/// Where a filter's or search's form leads: the canonical URL of the list as it asks.
fn redirect<T>(raw: &str, list: &List<T>) -> Option<String> {
    if !raw.contains("_set=") {
        return None;
    }
    let mut values: HashMap<String, Vec<String>> = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(raw.as_bytes()) {
        values.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    let first = |name: &str| values.get(name).and_then(|v| v.first()).map(|v| v.trim()).unwrap_or_default();
    let query = rql::parse(first("_q")).unwrap_or_default();
    let field = first("_set");
    if field == "search" {
        return Some(at(&list.path, &query.searching(first("_to"))));
    }
    let by = list.filters.iter().find(|f| f.field == field)?;
    let query = query.without(by.field);
    let query = match by.control {
        Control::Words(words) => {
            let chosen: Vec<&str> = values
                .get("_to")
                .into_iter()
                .flatten()
                .map(String::as_str)
                .filter(|v| words.iter().any(|(w, _)| w == v))
                .collect();
            match chosen.as_slice() {
                [] => query,
                [one] => query.with(Filter::eq(by.field, *one)),
                many => match Filter::one_of(by.field, many.iter().copied()) {
                    Some(filter) => query.with(filter),
                    None => query,
                },
            }
        }
        Control::Text => {
            let text = first("_to");
            if text.is_empty() {
                query
            } else {
                query.with(Filter::compare(by.field, Op::Ilike, Value::text(format!("{}*", Pattern::escaped(text)))))
            }
        }
        Control::Days => {
            let mut query = query;
            if let Some(day) = day(first("_from")) {
                query = query.with(Filter::compare(by.field, Op::Ge, Value::text(day)));
            }
            if let Some(next) =
                day(first("_until")).and_then(|d| d.parse::<jiff::civil::Date>().ok()).and_then(|d| d.tomorrow().ok())
            {
                query = query.with(Filter::compare(by.field, Op::Lt, Value::text(next.to_string())));
            }
            query
        }
    };
    Some(at(&list.path, &query))
}

fn day(text: &str) -> Option<String> {
    text.parse::<jiff::civil::Date>().ok().map(|d| d.to_string())
}

fn table<T>(ctx: &Ctx, list: List<T>, query: &Query, page: &IdPage, rows: &[T]) -> Table {
    let path = list.path.clone();
    let columns = list
        .columns
        .iter()
        .map(|c| match c.field {
            Some(field) => {
                let now = match query.ordering.first() {
                    Some(sort) if rql::same_property(&sort.property, field) => {
                        if sort.descending {
                            Sorted::Descending
                        } else {
                            Sorted::Ascending
                        }
                    }
                    None if list.collection.order.first() == Some(&field) => Sorted::Ascending,
                    None if list.collection.order.first().and_then(|o| o.strip_prefix('-')) == Some(field) => {
                        Sorted::Descending
                    }
                    _ => Sorted::None,
                };
                c.column.clone().sort(at(&path, &query.clone().toggled(field)), now)
            }
            None => c.column.clone(),
        })
        .collect();
    let mut table = Table::new(list.label.clone(), columns);
    table.path = ctx.here();
    table.compact = ctx.density == super::theme::Density::Compact;
    table.views = list.views;
    let total = u64::try_from(page.total).unwrap_or(0);
    let offset = u64::try_from(page.offset).unwrap_or(0);
    table.pager = Pager::new(offset, u64::from(page.limit), total, |offset| at(&path, &query.clone().from_row(offset)));
    for row in rows {
        let cells: Vec<Cell> = list.columns.iter().map(|c| (c.cell)(row)).collect();
        let key = list.columns.first().map_or_else(String::new, |c| (c.plain)(row));
        let shown = Row::new(key, cells);
        table.rows.push(if list.wrong.is_some_and(|wrong| wrong(row)) { shown.wrong() } else { shown });
    }
    let narrowed = query.filter.is_some() || query.search.is_some();
    let clear = at(&path, &query.clone().cleared());
    table.clear = narrowed.then(|| clear.clone());
    let tool = |set: &str| ToolForm::new(path.clone()).hidden("_q", query.to_string()).hidden("_set", set);
    if let Some(hint) = list.search {
        table.search = Some(Search {
            form: tool("search"),
            name: "_to".to_owned(),
            value: query.search.clone().unwrap_or_default(),
            hint,
        });
    }
    for by in &list.filters {
        table.filters.push(FilterForm {
            key: by.field.replace('.', "-"),
            label: Text::new(by.label),
            form: tool(by.field),
            control: control(by, query),
        });
    }
    for (place, term) in query.terms().iter().enumerate() {
        let by = term.property().and_then(|p| list.filters.iter().find(|f| rql::same_property(f.field, p)));
        let (label, value) = match by {
            Some(by) => (Text::new(by.label), said(by, term)),
            None => (Text::new("Filter"), Cell::data(term.to_string())),
        };
        table.chips.push(Chip::new(label, value, at(&path, &query.clone().without_term(place))));
    }
    if total > 0 {
        let base = query.clone().from_row(0);
        let export = |format: &str| {
            let text = base.to_string();
            if text.is_empty() { format!("{path}?_export={format}") } else { format!("{path}?{text}&_export={format}") }
        };
        table = table.exports(export("xlsx"), export("csv"));
    } else {
        table.state = Some(if narrowed {
            State::no_match("Nothing matches", "No row fits these filters. Take one away, or clear them all.", clear)
        } else {
            list.empty.unwrap_or_else(|| State::nothing_yet("list", "Nothing here yet", "This list is empty."))
        });
    }
    table
}

fn values_of(term: &Filter) -> Vec<String> {
    match term {
        Filter::Compare { value, .. } => value.as_text().map(str::to_owned).into_iter().collect(),
        Filter::In { values, .. } => values.iter().filter_map(|v| v.as_text().map(str::to_owned)).collect(),
        _ => vec![],
    }
}

fn control(by: &FilterBy, query: &Query) -> FilterControl {
    let now: Vec<String> = query.terms_on(by.field).flat_map(values_of).collect();
    match by.control {
        Control::Words(words) => FilterControl::Choices {
            name: "_to".to_owned(),
            choices: words
                .iter()
                .map(|(w, label)| Choice::new(*w, *label).selected(now.iter().any(|n| n == w)))
                .collect(),
        },
        Control::Text => FilterControl::Words {
            name: "_to".to_owned(),
            value: now.first().map(|n| n.trim_end_matches('*').to_owned()).unwrap_or_default(),
            hint: Text::new("Begins with"),
        },
        Control::Days => {
            let bound = |op: Op| {
                query
                    .terms_on(by.field)
                    .find(|t| matches!(t, Filter::Compare { op: o, .. } if *o == op))
                    .and_then(|t| values_of(t).into_iter().next())
                    .unwrap_or_default()
            };
            let until = bound(Op::Lt)
                .parse::<jiff::civil::Date>()
                .ok()
                .and_then(|d| d.yesterday().ok())
                .map(|d| d.to_string())
                .unwrap_or_default();
            FilterControl::Days { from: ("_from".to_owned(), bound(Op::Ge)), to: ("_until".to_owned(), until) }
        }
    }
}

/// A set filter in words.
fn said(by: &FilterBy, term: &Filter) -> Cell {
    let values = values_of(term);
    match by.control {
        Control::Words(words) => {
            let labels: Vec<&str> = values
                .iter()
                .map(|v| words.iter().find(|(w, _)| w == v).map_or(v.as_str(), |(_, label)| label))
                .collect();
            match labels.as_slice() {
                [one] => Cell::data((*one).to_owned()),
                many => Cell::data(many.join(", ")),
            }
        }
        Control::Text => Cell::data(values.join(", ")),
        Control::Days => {
            let value = values.first().cloned().unwrap_or_default();
            let key = if matches!(term, Filter::Compare { op: Op::Lt, .. }) { "before {day}" } else { "from {day}" };
            let shown = Time::parse(&value).map_or(value, |t| t.date().to_string());
            Cell::text(Text::new(key).arg("day", shown))
        }
    }
}
