//! The timeline of an object: what happened, who did it, when, and what changed from what to what.
//!
//! ```
//! use causeway::kit::text::Text;
//! use causeway::web::cell::Cell;
//! use causeway::web::timeline::{Event, Timeline};
//!
//! let changed = Event::new("edit", Text::new("{who} changed the order").arg("who", "Tobias Frei"), 1_795_000_000_000_000_i64)
//!     .change("Backup seat", Cell::number(70), Cell::number(75));
//! let timeline = Timeline::new(vec![changed]);
//! ```
//!
//! The arguments of an event's text are set in bold: names of people, companies, things.

use askama::Template;

use super::cell::Cell;
use super::part::parts;
use crate::kit::locale::Moment;
use crate::kit::text::Text;
use crate::web::filters;

/// What changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// The field.
    pub field: Text,
    /// Its value before.
    pub before: Cell,
    /// Its value after.
    pub after: Cell,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// The name of its icon.
    pub icon: &'static str,
    /// What happened; its arguments are set in bold.
    pub what: Text,
    /// What was said about it.
    pub note: Option<Text>,
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
    /// What changed.
    pub changes: Vec<Change>,
    /// The object that it happened to: its name and address.
    pub href: Option<(Text, String)>,
}

impl Event {
    /// An event.
    pub fn new(icon: &'static str, what: impl Into<Text>, at: impl Moment) -> Self {
        Self { icon, what: what.into(), note: None, at: at.micros(), changes: Vec::new(), href: None }
    }

    /// Without who did it, where that is plain.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.note = None;
        self
    }

    /// What was said about it.
    #[must_use]
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// One more field that changed.
    #[must_use]
    pub fn change(mut self, field: impl Into<Text>, before: impl Into<Cell>, after: impl Into<Cell>) -> Self {
        self.changes.push(Change { field: field.into(), before: before.into(), after: after.into() });
        self
    }

    /// The object that it happened to.
    #[must_use]
    pub fn link(mut self, label: impl Into<Text>, href: impl Into<String>) -> Self {
        self.href = Some((label.into(), href.into()));
        self
    }
}

/// The events of an object, newest first.
#[derive(Clone, Debug, Template)]
#[template(path = "web/timeline.html")]
pub struct Timeline {
    /// The events.
    pub events: Vec<Event>,
    /// Where the older ones are.
    pub older: Option<String>,
}

impl Timeline {
    /// A timeline.
    #[must_use]
    pub fn new(events: Vec<Event>) -> Self {
        Self { events, older: None }
    }

    /// Where the older events are.
    #[must_use]
    pub fn older(mut self, href: impl Into<String>) -> Self {
        self.older = Some(href.into());
        self
    }
}

parts!(Timeline);
