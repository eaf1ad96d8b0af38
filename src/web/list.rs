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
//! ctx.list_page(list, page, Head::new("Contracts"), None).await
//! ```

mod col;
mod export;
mod filters_of;
mod nothing;

use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError as _};

pub use col::Col;
pub use export::download;
use export::split_export;
use filters_of::{at, control, redirect, said};

use super::button::Menu;
use super::cell::Cell;
use super::ctx::Ctx;
use super::error::{Cause, Error};
use super::layout::Page;
use super::parts::Head;
use super::state::State;
use super::table::{Chip, Filter as FilterForm, Pager, Row, Search, Sort as Sorted, Table, ToolForm};
use super::tell;
use crate::db::list::{self, Collection, IdPage, Rules};
use crate::db::{self, Tx};
use crate::kit::{Actor, Code, Refusal, Text, Time};
use crate::rql::{self, Query};
use crate::web::filters;

type Load<T> = Box<dyn Fn(&mut Tx<'_>, &Actor, &[String]) -> db::Result<Vec<T>> + Send>;

/// How a filter is filled in.
enum Control {
    Words(&'static [(&'static str, &'static str)]),
    Text,
    Exact,
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
    after: Option<(&'static str, Time)>,
    load: Load<T>,
    columns: Vec<Col<T>>,
    filters: Vec<FilterBy>,
    search: Option<Text>,
    empty: Option<State>,
    views: Vec<super::parts::Tab>,
    wrong: Option<fn(&T) -> bool>,
    menu: Option<fn(&T) -> Menu>,
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
            after: None,
            load: Box::new(load),
            columns: vec![],
            filters: vec![],
            search: None,
            empty: None,
            views: vec![],
            wrong: None,
            menu: None,
        }
    }

    /// Only rows whose `field` has this value, whatever the URL says.
    #[must_use]
    pub fn within(mut self, field: &'static str, value: impl ToString) -> Self {
        self.within.push((field, value.to_string()));
        self
    }

    /// Only rows whose `field` comes after a moment, whatever the URL says.
    #[must_use]
    pub fn after(mut self, field: &'static str, at: Time) -> Self {
        self.after = Some((field, at));
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

    /// A filter by a whole text: an id.
    #[must_use]
    pub fn filter_exact(mut self, field: &'static str, label: &'static str) -> Self {
        self.filters.push(FilterBy { field, label, control: Control::Exact });
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

    /// What the three dots of a row offer: links, for a list is a form itself.
    #[must_use]
    pub fn menu(mut self, menu: fn(&T) -> Menu) -> Self {
        self.menu = Some(menu);
        self
    }
}

/// A row with the address of its page.
pub struct Linked<T> {
    /// The row.
    pub row: T,
    /// The address.
    pub href: String,
}

impl<T> Linked<T> {
    /// Rows whose pages are below the list's own path, by their ids.
    pub fn all(path: &str, rows: Vec<T>, id: impl Fn(&T) -> &str) -> Vec<Self> {
        rows.into_iter().map(|row| Self { href: format!("{path}/{}", id(&row)), row }).collect()
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
    /// Answers with a page that is a heading and a list as its URL says.
    pub async fn list_page<T: Send + 'static>(
        &self,
        list: List<T>,
        page: Page,
        head: Head,
        tabs: Option<super::parts::Tabs>,
    ) -> Result<HttpResponse, Error> {
        match self.list(list).await? {
            Shown::Table(table) => self.render(&ListPage { page, head, tabs, table }),
            Shown::Answer(answer) => Ok(answer),
        }
    }

    /// Shows a list as its URL says.
    pub async fn list<T: Send + 'static>(&self, mut list: List<T>) -> Result<Shown, Error> {
        if let Some(location) = redirect(self.query(), &list) {
            return Ok(Shown::Answer(HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()));
        }
        let (raw, export) = split_export(self.query());
        let query = rql::parse(&raw).map_err(Refusal::from)?;
        if let Some(format) = export {
            return self.export(list, query, format).await.map(Shown::Answer);
        }
        let (asked, collection) = (query.clone(), list.collection);
        let load = std::mem::replace(&mut list.load, Box::new(|_, _, _| Ok(vec![])));
        let (within, after) = (list.within.clone(), list.after);
        let read = self
            .read(move |tx, actor| {
                let account = actor.account()?.clone();
                let within: Vec<(&str, &str)> = within.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let rules = Rules::PAGE.within(&within).after(after);
                let page = list::page(tx.conn(), collection, Some(account.as_str()), &asked, &rules)?;
                let rows = if page.ids.is_empty() { vec![] } else { load(tx, actor, &page.ids)? };
                Ok((page, rows))
            })
            .await;
        let (page, rows) = match read {
            Ok(read) => read,
            Err(error) => {
                // The page stays, with the way back and the filters; only its rows are missing.
                let state = match &error.cause {
                    Cause::Broken(number) => State::could_not_load(self.here(), number.clone()),
                    Cause::Refused(r) if r.code == Code::TooSlow => State::too_slow(tell(r), self.here()),
                    _ => return Err(error),
                };
                self.failed.set(error.status_code());
                let mut table = table(self, list, &query, &IdPage { limit: 25, ..IdPage::default() }, &[]);
                table.state = Some(state);
                return Ok(Shown::Table(table));
            }
        };
        Ok(Shown::Table(table(self, list, &query, &page, &rows)))
    }
}

fn table<T>(ctx: &Ctx, list: List<T>, query: &Query, page: &IdPage, rows: &[T]) -> Table {
    let path = list.path.clone();
    let shown = || list.columns.iter().filter(|c| !c.only_exported);
    let columns = shown()
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
        let cells: Vec<Cell> = shown().map(|c| (c.cell)(row)).collect();
        let key = list.columns.first().map_or_else(String::new, |c| (c.plain)(row));
        let mut shown = Row::new(key, cells);
        shown.menu = list.menu.map(|menu| menu(row));
        table.rows.push(if list.wrong.is_some_and(|wrong| wrong(row)) { shown.wrong() } else { shown });
    }
    let narrowed = query.filter.is_some() || query.search.is_some();
    let clear = at(&path, &query.clone().cleared());
    table.clear = narrowed.then(|| clear.clone());
    let tool = |set: &str| ToolForm::new(path.clone()).hidden("_q", query.to_string()).hidden("_set", set);
    let searched = list.search.clone();
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
        table.state = Some(match table.views.iter().find(|v| v.current) {
            Some(view) if narrowed => nothing::in_view(view, &table.views, &path),
            _ if narrowed => nothing::matches(query, searched, clear),
            _ => list.empty.unwrap_or_else(|| State::nothing_yet("list", "Nothing here yet", "This list is empty.")),
        });
    }
    table
}
