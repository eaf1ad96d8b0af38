//! The columns of a list: what a cell shows on the page, and what it is in an export.

use crate::kit::{Text, Time};
use crate::web::cell::Cell;
use crate::web::filters::Number;
use crate::web::table::{Column, Narrow, Room};

/// A column of a list.
pub struct Col<T> {
    pub(super) column: Column,
    pub(super) field: Option<&'static str>,
    pub(super) cell: Box<dyn Fn(&T) -> Cell + Send>,
    pub(super) plain: Box<dyn Fn(&T) -> String + Send>,
    pub(super) only_exported: bool,
}

impl<T> Col<T> {
    /// A column: its key, its head, its cell on the page and its text in an export.
    pub fn new(
        key: &'static str,
        label: impl Into<Text>,
        cell: impl Fn(&T) -> Cell + Send + 'static,
        plain: impl Fn(&T) -> String + Send + 'static,
    ) -> Self {
        Self {
            column: Column::new(key, label),
            field: None,
            cell: Box::new(cell),
            plain: Box::new(plain),
            only_exported: false,
        }
    }

    /// A column that stands in exports alone.
    pub fn exported(key: &'static str, label: impl Into<Text>, plain: impl Fn(&T) -> String + Send + 'static) -> Self {
        Self { only_exported: true, ..Self::new(key, label, |_| Cell::nothing(), plain) }
    }

    /// A column of numbers or lengths of time.
    pub fn number(
        key: &'static str,
        label: impl Into<Text>,
        cell: impl Fn(&T) -> Cell + Send + 'static,
        plain: impl Fn(&T) -> String + Send + 'static,
    ) -> Self {
        Self { column: Column::number(key, label), ..Self::new(key, "", cell, plain) }
    }

    /// What a row is called, which leads to its page: the name and the address.
    pub fn link(
        key: &'static str,
        label: impl Into<Text>,
        named: impl Fn(&T) -> (&String, &String) + Copy + Send + 'static,
    ) -> Self {
        let cell = move |row: &T| {
            let (name, href) = named(row);
            Cell::link(name, href).strong()
        };
        Self::new(key, label, cell, move |row| named(row).0.clone())
    }

    /// Ids, to be copied.
    pub fn id<I: ToString>(
        key: &'static str,
        label: impl Into<Text>,
        id: impl Fn(&T) -> &I + Copy + Send + 'static,
    ) -> Self {
        Self::new(key, label, move |row| Cell::copy(id(row).to_string()), move |row| id(row).to_string())
    }

    /// Moments; exported as the API writes them.
    pub fn moment(
        key: &'static str,
        label: impl Into<Text>,
        at: impl Fn(&T) -> Option<Time> + Copy + Send + 'static,
    ) -> Self {
        let plain = move |row: &T| at(row).map(|at| at.wire()).unwrap_or_default();
        Self::new(key, label, move |row| Cell::maybe(at(row), Cell::time), plain)
    }

    /// How many there are of something.
    pub fn count<N: Number + ToString>(
        key: &'static str,
        label: impl Into<Text>,
        count: impl Fn(&T) -> N + Copy + Send + 'static,
    ) -> Self {
        Self::number(key, label, move |row| Cell::number(count(row)), move |row| count(row).to_string())
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

    /// It is shown where there is room for it.
    #[must_use]
    pub fn needs(mut self, room: Room) -> Self {
        self.column = self.column.needs(room);
        self
    }

    /// The list can be sorted by it: the collection's field.
    #[must_use]
    pub fn sorted(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }
}
