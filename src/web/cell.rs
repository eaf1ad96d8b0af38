//! One thing that is shown: in a table, beside a label, in a line of details, before and after a change.
//!
//! ```
//! use causeway::web::cell::{Cell, Due};
//! let id = Cell::id("PR-9301-9893-8624-002").to("/VA-610-138/requests/PR-9301-9893-8624-002");
//! let name = Cell::data("Krämer Logistik GmbH").strong().sub(Cell::text("Tier 1"));
//! let waiting = Cell::since(1_795_000_000_000_000_i64).due(Due::Missed);
//! ```

use askama::Template;
use rust_decimal::Decimal;

use super::filters::Number;
use super::part::{Part, parts};
use super::status::{Status, Tone};
use crate::kit::locale::Moment;
use crate::kit::text::Text;
use crate::web::filters;

/// What is shown.
#[derive(Clone, Debug)]
pub enum What {
    /// Nothing: a dash.
    Nothing,
    /// Words of ours.
    Text(Text),
    /// Somebody's data.
    Data(String),
    /// An id to read, or to go to.
    Id(String),
    /// An id to copy.
    Copy(String),
    /// A status.
    Status(Status),
    /// A number with the decimals it has.
    Number(Decimal),
    /// An amount of money.
    Money(Decimal),
    /// A change.
    Signed(Decimal),
    /// A moment.
    Time(i64),
    /// A moment with weekday and year.
    TimeLong(i64),
    /// A day.
    Day(i64),
    /// How long something waits.
    Since(i64, Due),
    /// A person's name, and the address of their picture.
    Person(String, Option<String>),
    /// Any part of a page.
    Part(Part),
}

/// How a waiting thing stands against its target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Due {
    /// It has time, or no target.
    #[default]
    Open,
    /// The target is near.
    Near,
    /// The target is missed.
    Missed,
}

/// How strong it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// As the text round it.
    #[default]
    Plain,
    /// What the row is about.
    Strong,
    /// Secondary.
    Muted,
    /// Hardly needed.
    Faint,
}

/// What is shown and how. Made by one of the constructors, refined by the other methods.
#[derive(Clone, Debug, Template)]
#[template(path = "web/cell.html")]
pub struct Cell {
    /// What is shown.
    pub what: What,
    /// Where it leads.
    pub href: Option<String>,
    /// Its strength.
    pub ink: Ink,
    /// Its colour, if it means something.
    pub tone: Option<Tone>,
    /// An id beside it, in smaller type.
    pub beside: Option<String>,
    /// Words before it in the same line: `Subscription` before an id.
    pub label: Option<Text>,
    /// Smaller lines under it.
    pub subs: Vec<Cell>,
    /// True if it may take several lines.
    pub wraps: bool,
}

impl From<What> for Cell {
    fn from(what: What) -> Self {
        Self {
            what,
            href: None,
            ink: Ink::default(),
            tone: None,
            beside: None,
            label: None,
            subs: Vec::new(),
            wraps: false,
        }
    }
}

impl From<Status> for Cell {
    fn from(status: Status) -> Self {
        Self::from(What::Status(status))
    }
}

impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Self::from(What::Text(text))
    }
}

impl Cell {
    /// A dash.
    #[must_use]
    pub fn nothing() -> Self {
        Self { ink: Ink::Faint, ..Self::from(What::Nothing) }
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        matches!(self.what, What::Nothing) && self.subs.is_empty() && self.beside.is_none()
    }

    /// Words of ours.
    pub fn text(text: impl Into<Text>) -> Self {
        Self::from(What::Text(text.into()))
    }

    /// Somebody's data, never translated; a dash if it is empty.
    pub fn data(words: impl Into<String>) -> Self {
        let words = words.into();
        if words.is_empty() { Self::nothing() } else { Self::from(What::Data(words)) }
    }

    /// Somebody's data that leads somewhere.
    pub fn link(words: impl Into<String>, href: impl Into<String>) -> Self {
        Self::data(words).to(href)
    }

    /// An id; with [`Cell::to`] it leads to its object.
    pub fn id(id: impl ToString) -> Self {
        Self::from(What::Id(id.to_string()))
    }

    /// An id that can be copied.
    pub fn copy(id: impl ToString) -> Self {
        Self::from(What::Copy(id.to_string()))
    }

    /// A status.
    #[must_use]
    pub fn status(status: Status) -> Self {
        Self::from(status)
    }

    /// A number with the decimals it has.
    pub fn number(number: impl Number) -> Self {
        Self::from(What::Number(number.decimal()))
    }

    /// An amount of money; its currency stands in the column's head.
    pub fn money(amount: impl Number) -> Self {
        Self::from(What::Money(amount.decimal()))
    }

    /// A change, with its sign.
    pub fn signed(change: impl Number) -> Self {
        Self::from(What::Signed(change.decimal()))
    }

    /// A moment: `18 Nov, 16:40`.
    pub fn time(at: impl Moment) -> Self {
        Self::from(What::Time(at.micros()))
    }

    /// A moment in full: `Wed 18 Nov 2026, 10:11`.
    pub fn time_long(at: impl Moment) -> Self {
        Self::from(What::TimeLong(at.micros()))
    }

    /// A day: `18 Nov 2026`.
    pub fn day(at: impl Moment) -> Self {
        Self::from(What::Day(at.micros()))
    }

    /// How long something waits: `2 d 5 h`.
    pub fn since(at: impl Moment) -> Self {
        Self::from(What::Since(at.micros(), Due::Open))
    }

    /// A person.
    pub fn person(name: impl Into<String>) -> Self {
        Self::from(What::Person(name.into(), None))
    }

    /// A person by name and picture, if they have one.
    pub fn face(name: impl Into<String>, picture: Option<&str>) -> Self {
        Self::from(What::Person(name.into(), picture.map(str::to_owned)))
    }

    /// Any part of a page.
    pub fn part(part: impl Template + Send + Sync + 'static) -> Self {
        Self::from(What::Part(Part::new(part)))
    }

    /// What `value` is made into, or a dash if there is none: `Cell::maybe(order.approved, Cell::time)`.
    pub fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or_else(Self::nothing, cell)
    }

    /// Where it leads.
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// How what waits stands against its target.
    #[must_use]
    pub fn due(mut self, due: Due) -> Self {
        if let What::Since(_, known) = &mut self.what {
            *known = due;
        }
        self
    }

    /// What the row is about.
    #[must_use]
    pub fn strong(mut self) -> Self {
        self.ink = Ink::Strong;
        self
    }

    /// Secondary.
    #[must_use]
    pub fn muted(mut self) -> Self {
        self.ink = Ink::Muted;
        self
    }

    /// Hardly needed.
    #[must_use]
    pub fn faint(mut self) -> Self {
        self.ink = Ink::Faint;
        self
    }

    /// In a colour that means something.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    /// With an id beside it.
    #[must_use]
    pub fn beside(mut self, id: impl ToString) -> Self {
        self.beside = Some(id.to_string());
        self
    }

    /// With words before it.
    #[must_use]
    pub fn label(mut self, label: impl Into<Text>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With one more, smaller line under it.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a line under another one, not a subtraction")]
    pub fn sub(mut self, line: impl Into<Self>) -> Self {
        self.subs.push(line.into());
        self
    }

    /// It may take several lines.
    #[must_use]
    pub fn wrap(mut self) -> Self {
        self.wraps = true;
        self
    }

    /// The classes of its look, each with a space before it.
    pub(super) fn look(&self) -> &'static str {
        match (self.tone, self.ink) {
            (Some(Tone::Ok), _) => " tone-ok",
            (Some(Tone::Warn), _) => " tone-warn",
            (Some(Tone::Bad), _) => " tone-bad strong",
            (Some(Tone::Act), _) | (None, Ink::Strong) => " strong",
            (None, Ink::Muted) => " muted",
            (None, Ink::Faint) => " faint",
            (None, Ink::Plain) => "",
        }
    }

    fn is_id(&self) -> bool {
        matches!(self.what, What::Id(_))
    }
}

parts!(Cell);
