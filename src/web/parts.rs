//! The smaller parts of pages: head, whose turn it is, notices, facts, key figures, waiting list, tabs, progress.
//!
//! ```
//! use causeway::web::button::Button;
//! use causeway::web::cell::Cell;
//! use causeway::web::parts::{Facts, Head, Tab, Tabs, Turn};
//! use causeway::web::status::Status;
//!
//! let head = Head::new("Purchase for Krämer")
//!     .meta(Cell::copy("PR-1")).meta(Status::waiting("Pending"))
//!     .meta(Cell::id("AS-1").to("/VA-1/subscriptions/AS-1").label("Subscription"))
//!     .action(Button::post("Approve", "/VA-1/requests/PR-1/approve").primary());
//! let turn = Turn::yours(1_795_000_000_000_000_i64);
//! let facts = Facts::new().fact("Customer", Cell::link("Krämer", "/VA-1/customers/TA-1").sub(Cell::data("Bremen")));
//! let tabs = Tabs::new("Request", vec![Tab::new("Request", "?").current(true), Tab::new("Conversation", "c").count(3)]);
//! ```

use askama::Template;

use super::button::{Actions, Button, Item};
use super::cell::{Cell, Due};
use super::part::parts;
pub use super::progress::Progress;
use super::status::Tone;
use crate::kit::locale::Moment;
use crate::kit::text::Text;
use crate::web::filters;

/// The head of a page: what it shows, its id and status, what can be done.
#[derive(Clone, Debug, Template)]
#[template(path = "web/page_head.html")]
pub struct Head {
    /// The heading.
    pub title: Text,
    /// A line under it.
    pub lede: Option<Text>,
    /// Id, status and what belongs to it, in one line.
    pub meta: Vec<Cell>,
    /// What can be done.
    pub actions: Actions,
}

impl Head {
    /// A head.
    pub fn new(title: impl Into<Text>) -> Self {
        Self { title: title.into(), lede: None, meta: Vec::new(), actions: Actions::default() }
    }

    /// A line under the heading.
    #[must_use]
    pub fn lede(mut self, lede: impl Into<Text>) -> Self {
        self.lede = Some(lede.into());
        self
    }

    /// One more thing in the line of id and status.
    #[must_use]
    pub fn meta(mut self, cell: impl Into<Cell>) -> Self {
        self.meta.push(cell.into());
        self
    }

    /// One more button, the primary one first.
    #[must_use]
    pub fn action(mut self, button: Button) -> Self {
        self.actions.buttons.push(button);
        self
    }

    /// One more entry behind the three dots.
    #[must_use]
    pub fn more(mut self, item: impl Into<Item>) -> Self {
        self.actions.more.push(item.into());
        self
    }
}

/// Who has to act next, since when, and what holds it up.
#[derive(Clone, Debug, Template)]
#[template(path = "web/turn.html")]
pub struct Turn {
    /// The name of its icon.
    pub icon: &'static str,
    /// Who.
    pub who: Text,
    /// Since when.
    pub since: Option<i64>,
    /// How long that is, against what target.
    pub target: Option<(Text, Due)>,
    /// What holds it up.
    pub note: Option<Text>,
    /// The id of the note, for a button that cannot be used for that reason ([`Button::reason_at`]).
    pub note_id: Option<&'static str>,
}

impl Turn {
    /// It is the turn of who looks.
    pub fn yours(since: impl Moment) -> Self {
        Self { icon: "user-exclamation", ..Self::of("Your turn", since) }
    }

    /// It is somebody else's turn: `Text::new("{name} has to decide").arg(…)`.
    pub fn of(who: impl Into<Text>, since: impl Moment) -> Self {
        Self {
            icon: "hourglass",
            who: who.into(),
            since: Some(since.micros()),
            target: None,
            note: None,
            note_id: None,
        }
    }

    /// The program works.
    pub fn working(what: impl Into<Text>, since: impl Moment) -> Self {
        Self { icon: "progress", ..Self::of(what, since) }
    }

    /// Against a target: `due 25 Nov`, `target was 1 d`.
    #[must_use]
    pub fn target(mut self, words: impl Into<Text>, due: Due) -> Self {
        self.target = Some((words.into(), due));
        self
    }

    /// What holds it up.
    #[must_use]
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// What holds it up, as the reason of a button.
    #[must_use]
    pub fn reason(mut self, id: &'static str, note: impl Into<Text>) -> Self {
        self.note_id = Some(id);
        self.note(note)
    }
}

/// Something to know: a line with an icon, in a tone if it means something.
#[derive(Clone, Debug, Template)]
#[template(path = "web/notice.html")]
pub struct Notice {
    /// Its tone.
    pub tone: Option<Tone>,
    /// The first words, in bold.
    pub title: Option<Text>,
    /// The rest.
    pub text: Text,
    /// What can be done about it.
    pub actions: Vec<Button>,
    /// Its id, if a button refers to it as its reason.
    pub id: Option<&'static str>,
}

impl Notice {
    /// A notice without tone.
    pub fn new(text: impl Into<Text>) -> Self {
        Self { tone: None, title: None, text: text.into(), actions: Vec::new(), id: None }
    }

    /// With a tone.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    /// With first words in bold.
    #[must_use]
    pub fn title(mut self, title: impl Into<Text>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// With something to do.
    #[must_use]
    pub fn action(mut self, button: Button) -> Self {
        self.actions.push(button.small());
        self
    }

    /// With an id, for [`Button::reason_at`].
    #[must_use]
    pub fn id(mut self, id: &'static str) -> Self {
        self.id = Some(id);
        self
    }

    fn icon(&self) -> &'static str {
        self.tone.map_or("info-circle", Tone::icon)
    }
}

/// Something known about an object.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What.
    pub label: Text,
    /// The value or values.
    pub values: Vec<Cell>,
}

/// What is known about an object, beside the page or in rows.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "web/facts.html")]
pub struct Facts {
    /// The facts.
    pub facts: Vec<Fact>,
    /// True to set them beside each other.
    pub in_rows: bool,
}

impl Facts {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more.
    #[must_use]
    pub fn fact(self, label: impl Into<Text>, value: impl Into<Cell>) -> Self {
        self.facts(label, vec![value.into()])
    }

    /// One more, with several values. What is not known is left out.
    #[must_use]
    pub fn facts(mut self, label: impl Into<Text>, values: Vec<Cell>) -> Self {
        if !values.iter().all(Cell::is_nothing) {
            self.facts.push(Fact { label: label.into(), values });
        }
        self
    }

    /// Beside each other.
    #[must_use]
    pub fn in_rows(mut self) -> Self {
        self.in_rows = true;
        self
    }
}

/// A key figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it counts.
    pub label: Text,
    /// The figure.
    pub value: Cell,
    /// Its unit, in smaller type.
    pub unit: Option<Text>,
    /// What it is compared with.
    pub sub: Option<Text>,
}

impl Figure {
    /// A figure.
    pub fn new(label: impl Into<Text>, value: impl Into<Cell>) -> Self {
        Self { label: label.into(), value: value.into(), unit: None, sub: None }
    }

    /// With a unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<Text>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// With a comparison.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a line under another one, not a subtraction")]
    pub fn sub(mut self, sub: impl Into<Text>) -> Self {
        self.sub = Some(sub.into());
        self
    }
}

/// Key figures.
#[derive(Clone, Debug, Template)]
#[template(path = "web/figures.html")]
pub struct Figures {
    /// The figures.
    pub figures: Vec<Figure>,
    /// True for two in a row.
    pub in_pairs: bool,
}

impl Figures {
    /// Figures in one row if there is room.
    #[must_use]
    pub fn new(figures: Vec<Figure>) -> Self {
        Self { figures, in_pairs: false }
    }

    /// Two in a row.
    #[must_use]
    pub fn in_pairs(mut self) -> Self {
        self.in_pairs = true;
        self
    }
}

/// Something that waits for somebody.
#[derive(Clone, Debug)]
pub struct Wait {
    /// The name of its icon.
    pub icon: &'static str,
    /// What waits.
    pub title: Text,
    /// Words before the detail: `Oldest:`.
    pub before: Option<Text>,
    /// The oldest, or what it is about.
    pub detail: Option<Text>,
    /// Since when.
    pub since: Option<(i64, Due)>,
    /// The target: `due 25 Nov`, `3 past target`.
    pub due: Option<Text>,
    /// Where it is done.
    pub href: String,
}

impl Wait {
    /// Something that waits.
    pub fn new(icon: &'static str, title: impl Into<Text>, href: impl Into<String>) -> Self {
        Self { icon, title: title.into(), before: None, detail: None, since: None, due: None, href: href.into() }
    }

    /// The oldest, or what it is about.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Text>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Words before the detail.
    #[must_use]
    pub fn before(mut self, words: impl Into<Text>) -> Self {
        self.before = Some(words.into());
        self
    }

    /// Since when, and how that stands against the target.
    #[must_use]
    pub fn since(mut self, at: impl Moment, due: Due) -> Self {
        self.since = Some((at.micros(), due));
        self
    }

    /// The target.
    #[must_use]
    pub fn due(mut self, due: impl Into<Text>) -> Self {
        self.due = Some(due.into());
        self
    }
}

/// What waits for who looks.
#[derive(Clone, Debug, Template)]
#[template(path = "web/waits.html")]
pub struct Waits {
    /// The waiting things, the most urgent first.
    pub waits: Vec<Wait>,
}

impl Waits {
    /// A waiting list.
    #[must_use]
    pub fn new(waits: Vec<Wait>) -> Self {
        Self { waits }
    }
}

/// A tab or saved view.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Its words.
    pub label: Text,
    /// Its address.
    pub href: String,
    /// How many things are in it.
    pub count: Option<u64>,
    /// True if it is shown.
    pub current: bool,
}

impl Tab {
    /// A tab.
    pub fn new(label: impl Into<Text>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), count: None, current: false }
    }

    /// With a count.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Shown or not.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// The pages of one object.
#[derive(Clone, Debug, Template)]
#[template(path = "web/tabs.html")]
pub struct Tabs {
    /// What they are the pages of, for screen readers.
    pub label: Text,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

impl Tabs {
    /// Tabs.
    pub fn new(label: impl Into<Text>, tabs: Vec<Tab>) -> Self {
        Self { label: label.into(), tabs }
    }
}

parts!(Head, Turn, Notice, Facts, Figures, Waits, Tabs);
