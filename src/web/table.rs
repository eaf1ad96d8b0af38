//! The list: one table for every list page, with views, search, filters, columns, export, bulk actions and pages.
//!
//! The struct holds finished addresses and finished cells; what a filter does to the address is the query language's
//! matter. Everything works without script. `{{ table }}` writes all of it, from the saved views to the pager.
//!
//! ```
//! use causeway::web::cell::Cell;
//! use causeway::web::status::Status;
//! use causeway::web::table::{Column, Narrow, Pager, Row, Sort, Table};
//!
//! let mut table = Table::new("Requests", vec![
//!     Column::new("id", "Request").at(Narrow::Left1).sort("?ordering(id)", Sort::None),
//!     Column::new("customer", "Customer").at(Narrow::Left2).grows(),
//!     Column::number("quantity", "Quantity").at(Narrow::Hidden),
//!     Column::new("status", "Status").at(Narrow::Right1),
//! ]);
//! table.rows.push(Row::new("PR-1", vec![
//!     Cell::id("PR-1").to("/VA-1/requests/PR-1"),
//!     Cell::data("Krämer Logistik GmbH").strong(),
//!     Cell::signed(25),
//!     Cell::status(Status::waiting("Pending")),
//! ]));
//! table.pager = Pager::new(0, 25, 128, |offset| format!("?limit=25&offset={offset}"));
//! ```
//!
//! An empty list is a [`super::state::State`] in `table.state`: `nothing_yet`, `no_match` or `could_not_load`; the rest of
//! the frame stays.

mod tools;

use askama::Template;

pub use tools::{BulkAction, Chip, ColumnChoice, Columns, Filter, FilterControl, Search, ToolForm};

use super::button::{Button, Item, Menu};
use super::cell::Cell;
use super::form::Choice;
use super::part::parts;
use super::parts::Tab;
use super::state::State;
use super::theme;
use crate::kit::text::Text;
use crate::web::filters;

/// Where a cell stands when the screen is narrow and a row is a block of up to three lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrow {
    /// First line, left.
    Left1,
    /// First line, right.
    Right1,
    /// Second line, left.
    Left2,
    /// Second line, right.
    Right2,
    /// The whole second line.
    Whole2,
    /// Third line, left.
    Left3,
    /// Third line, right.
    Right3,
    /// Not shown.
    Hidden,
}

impl Narrow {
    /// The class that says so.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Left1 => "c-1a",
            Self::Right1 => "c-1b",
            Self::Left2 => "c-2a",
            Self::Right2 => "c-2b",
            Self::Whole2 => "c-2w",
            Self::Left3 => "c-3a",
            Self::Right3 => "c-3b",
            Self::Hidden => "c-off",
        }
    }
}

/// How wide a list must be to show a column. Whatever there is no room for stands on the object's own page and in the
/// export; what a narrow screen shows is said by [`Narrow`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// It is always shown.
    #[default]
    Any,
    /// About 1,100 px: a window of 1,440.
    Wide,
    /// About 1,350 px: a window of 1,680.
    Widest,
}

/// How a column is sorted now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Not by this column.
    #[default]
    None,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in the address and in the column choice.
    pub key: &'static str,
    /// Its head.
    pub label: Text,
    /// True for numbers: at the end, in figures of one width.
    pub numeric: bool,
    /// Its place on a narrow screen. Without one a list hides it there, a boxed table keeps it.
    pub narrow: Option<Narrow>,
    /// True for the one column that takes the slack and is cut first.
    pub grows: bool,
    /// How wide the list must be to have room for it.
    pub room: Room,
    /// Where its head leads, and how it is sorted now.
    pub sort: Option<(String, Sort)>,
}

impl Column {
    /// A column of words.
    pub fn new(key: &'static str, label: impl Into<Text>) -> Self {
        Self { key, label: label.into(), numeric: false, narrow: None, grows: false, room: Room::Any, sort: None }
    }

    /// A column of numbers, amounts or lengths of time.
    pub fn number(key: &'static str, label: impl Into<Text>) -> Self {
        Self { numeric: true, ..Self::new(key, label) }
    }

    /// Its place on a narrow screen.
    #[must_use]
    pub fn at(mut self, narrow: Narrow) -> Self {
        self.narrow = Some(narrow);
        self
    }

    /// It takes the slack.
    #[must_use]
    pub fn grows(mut self) -> Self {
        self.grows = true;
        self
    }

    /// It is shown where there is room for it.
    #[must_use]
    pub fn needs(mut self, room: Room) -> Self {
        self.room = room;
        self
    }

    /// It can be sorted by: `href` is the list sorted the next way.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, now: Sort) -> Self {
        self.sort = Some((href.into(), now));
        self
    }

    fn aria_sort(&self) -> Option<&'static str> {
        match self.sort {
            Some((_, Sort::Ascending)) => Some("ascending"),
            Some((_, Sort::Descending)) => Some("descending"),
            _ => None,
        }
    }

    fn room_class(&self) -> &'static str {
        match self.room {
            Room::Any => "",
            Room::Wide => " at-wide",
            Room::Widest => " at-widest",
        }
    }

    /// The classes of its head in a list.
    fn head_class(&self) -> String {
        let numeric = if self.numeric { "num" } else { "" };
        format!("{numeric}{}", self.room_class()).trim_start().to_owned()
    }

    /// The classes of one of its cells, beginning with its place on a narrow screen.
    fn class(&self, place: &str, cell: &Cell) -> String {
        let mut class = String::from(place);
        for (set, name) in [(self.numeric, " num"), (self.grows, " grow"), (cell.wraps, " wrap")] {
            if set {
                class.push_str(name);
            }
        }
        class.push_str(self.room_class());
        class.push_str(if cell.is_nothing() { " none" } else { cell.look() });
        class.trim_start().to_owned()
    }
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// The id of its object: the value of its check box.
    pub key: String,
    /// Its cells, one for each column; the first one names the row.
    pub cells: Vec<Cell>,
    /// Where its three dots lead, if there is more to do with it than to open it.
    pub more: Option<String>,
    /// What its three dots offer.
    pub menu: Option<Menu>,
    /// True if something in it is wrong.
    pub wrong: bool,
}

impl Row {
    /// A row.
    pub fn new(key: impl ToString, cells: Vec<Cell>) -> Self {
        Self { key: key.to_string(), cells, more: None, menu: None, wrong: false }
    }

    /// Where its three dots lead.
    #[must_use]
    pub fn more(mut self, href: impl Into<String>) -> Self {
        self.more = Some(href.into());
        self
    }

    /// Something in it is wrong.
    #[must_use]
    pub fn wrong(mut self) -> Self {
        self.wrong = true;
        self
    }
}

/// Which part of the list is shown, and the ways to the others.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// The number of the first row shown, from 1; 0 if there is none.
    pub from: u64,
    /// The number of the last row shown.
    pub to: u64,
    /// How many rows there are.
    pub total: u64,
    /// The first page, unless it is this one.
    pub first: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The last page, unless it is this one.
    pub last: Option<String>,
}

impl Pager {
    /// The pager of a list of `total` rows that shows `limit` rows after the first `offset`; `href` gives the address for an
    /// offset.
    pub fn new(offset: u64, limit: u64, total: u64, href: impl Fn(u64) -> String) -> Self {
        let limit = limit.max(1);
        let to = total.min(offset.saturating_add(limit));
        // The last page starts where the pages counted from this one end, so that going back and forth shows the same rows.
        let last =
            if total == 0 { 0 } else { (total - 1 - offset.min(total - 1)) / limit * limit + offset.min(total - 1) };
        Self {
            from: if offset < total { offset + 1 } else { 0 },
            to,
            total,
            first: (offset > 0).then(|| href(0)),
            previous: (offset > 0).then(|| href(offset.min(total).saturating_sub(limit))),
            next: (to < total).then(|| href(offset.saturating_add(limit))),
            last: (to < total).then(|| href(last)),
        }
    }

    fn is_single(&self) -> bool {
        self.first.is_none() && self.next.is_none()
    }
}

/// The list of a page.
#[derive(Clone, Debug, Template)]
#[template(path = "web/table.html")]
pub struct Table {
    /// What the rows are: `Requests`.
    pub label: Text,
    /// Said to screen readers about this list: view and order. The range is added.
    pub caption: Option<Text>,
    /// Saved views.
    pub views: Vec<Tab>,
    /// Where the present state of the list is saved as a view.
    pub save_view: Option<String>,
    /// Search in the list.
    pub search: Option<Search>,
    /// What can be filtered by.
    pub filters: Vec<Filter>,
    /// The filters that are set.
    pub chips: Vec<Chip>,
    /// The list without any filter, if one is set.
    pub clear: Option<String>,
    /// Which columns are shown.
    pub choice: Option<Columns>,
    /// The list as a file: what is filtered, all pages.
    pub export: Vec<Button>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What can be done with picked rows; empty means that rows cannot be picked.
    pub bulk: Vec<BulkAction>,
    /// Where the form round the rows posts, with its hidden fields.
    pub form: ToolForm,
    /// Which rows these are of how many.
    pub pager: Pager,
    /// What stands in place of rows, if there are none.
    pub state: Option<State>,
    /// Path and query of the list, for the choice of density.
    pub path: String,
    /// True if rows are dense now.
    pub compact: bool,
    /// Where the rows are asked for again while the page is open, if they are.
    pub live: Option<String>,
}

impl Table {
    /// An empty list.
    pub fn new(label: impl Into<Text>, columns: Vec<Column>) -> Self {
        Self {
            label: label.into(),
            caption: None,
            views: Vec::new(),
            save_view: None,
            search: None,
            filters: Vec::new(),
            chips: Vec::new(),
            clear: None,
            choice: None,
            export: Vec::new(),
            columns,
            rows: Vec::new(),
            bulk: Vec::new(),
            form: ToolForm::default(),
            pager: Pager::default(),
            state: None,
            path: String::new(),
            compact: false,
            live: None,
        }
    }

    /// Adds the export menu: the same list as Excel and as CSV.
    #[must_use]
    pub fn exports(mut self, excel: impl Into<String>, csv: impl Into<String>) -> Self {
        let rows = self.pager.total;
        let named = |key: &'static str| Text::new(key).arg("rows", rows);
        self.export = vec![
            Button::link(named("{rows|Excel, one row|Excel, {rows} rows}"), excel).icon("file-spreadsheet"),
            Button::link(named("{rows|CSV, one row|CSV, {rows} rows}"), csv).icon("file-type-csv"),
        ];
        self
    }

    fn export_menu(&self) -> Option<Menu> {
        let items: Vec<Item> = self.export.iter().cloned().map(Item::from).collect();
        (!items.is_empty()).then(|| Menu { items, ..Menu::new("Export", "download").quiet() })
    }

    /// Whether there is a row of views above; without one, what stands at its end moves to the tools.
    fn has_views(&self) -> bool {
        !self.views.is_empty() || self.choice.is_some()
    }

    fn has_tools(&self) -> bool {
        let searches = self.search.is_some() || !self.filters.is_empty() || !self.chips.is_empty();
        searches || (!self.has_views() && !self.export.is_empty())
    }

    fn class(column: &Column, cell: &Cell) -> String {
        column.class(column.narrow.map_or("", Narrow::class), cell)
    }

    fn has_more(&self) -> bool {
        self.rows.iter().any(|row| row.more.is_some() || row.menu.is_some())
    }
}

/// A small table with a border, within a page: items, parameters, bad rows of a file.
#[derive(Clone, Debug, Template)]
#[template(path = "web/boxed.html")]
pub struct Boxed {
    /// What the rows are.
    pub label: Text,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The cells of the last line: totals.
    pub foot: Vec<Cell>,
    /// True if a row becomes a block on a narrow screen; else the table scrolls sideways in its box.
    pub cards: bool,
}

impl Boxed {
    /// A table.
    pub fn new(label: impl Into<Text>, columns: Vec<Column>, rows: Vec<Row>) -> Self {
        Self { label: label.into(), columns, rows, foot: Vec::new(), cards: false }
    }

    /// With totals.
    #[must_use]
    pub fn foot(mut self, cells: Vec<Cell>) -> Self {
        self.foot = cells;
        self
    }

    /// Rows become blocks on a narrow screen.
    #[must_use]
    pub fn cards(mut self) -> Self {
        self.cards = true;
        self
    }

    /// The place of a column: as a block, or else only whether it is there at all.
    fn place(&self, column: &Column) -> &'static str {
        match column.narrow {
            Some(narrow) if self.cards || narrow == Narrow::Hidden => narrow.class(),
            _ => "",
        }
    }

    fn class(&self, column: &Column, cell: &Cell) -> String {
        column.class(self.place(column), cell)
    }

    fn head_class(&self, column: &Column) -> String {
        column.class(self.place(column), &Cell::text("")).replace("grow", "")
    }
}

parts!(Table, Boxed);

#[cfg(test)]
mod tests;
