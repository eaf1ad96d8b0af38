//! Buttons and menus: what a person can do, and what not now, with the reason.
//!
//! A button says the verb; "…" means that a dialog or a page follows. One primary button per page. What changes
//! something is a form that posts, so it works without script; a dialog is an enhancement of a page with the same form.
//!
//! ```
//! use causeway::web::button::Button;
//! let approve = Button::post("Approve", "/VA-610-138/requests/PR-1/approve").field("revision", 7).primary().key("A");
//! let reject = Button::dialog("Reject…", "reject", "/VA-610-138/requests/PR-1/reject").danger();
//! let resume = Button::not_now("Resume", "Only a suspended subscription can be resumed.");
//! ```

use askama::Template;

use super::part::parts;
use crate::kit::text::Text;
use crate::web::filters;

/// What a button does.
#[derive(Clone, Debug)]
pub enum Act {
    /// Leads to a page.
    Link(String),
    /// Sends the form it stands in, as this action of it if the form has several.
    Submit(Option<(&'static str, String)>),
    /// Posts a small form of its own.
    Post {
        /// Where to.
        action: String,
        /// What the form carries.
        fields: Vec<(String, String)>,
    },
    /// Opens the dialog of that id; without script the page that holds the same form.
    Dialog {
        /// The dialog's id.
        id: String,
        /// The page.
        href: String,
    },
    /// Cannot be done now.
    NotNow {
        /// Why, and when it could.
        reason: Text,
        /// The id of the element that says so already; without it the reason is shown beside the buttons.
        shown_at: Option<&'static str>,
    },
}

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// One of several.
    #[default]
    Plain,
    /// The next step.
    Primary,
    /// Beside the way.
    Quiet,
    /// Takes something away.
    Danger,
}

/// A button.
#[derive(Clone, Debug, Template)]
#[template(path = "web/button.html")]
pub struct Button {
    /// The verb.
    pub label: Text,
    /// More words for screen readers: which object is meant.
    pub about: Option<Text>,
    /// What it does.
    pub act: Act,
    /// How it looks.
    pub look: Look,
    /// An icon before the words.
    pub icon: Option<&'static str>,
    /// True if only the icon is shown.
    pub bare: bool,
    /// The key that does the same; shown, and heard by the page's script.
    pub key: Option<&'static str>,
    /// True for the large form at the end of a form.
    pub large: bool,
    /// True for the small form within a list.
    pub small: bool,
}

impl Button {
    fn new(label: impl Into<Text>, act: Act) -> Self {
        Self {
            label: label.into(),
            about: None,
            act,
            look: Look::default(),
            icon: None,
            bare: false,
            key: None,
            large: false,
            small: false,
        }
    }

    /// Leads to a page.
    pub fn link(label: impl Into<Text>, href: impl Into<String>) -> Self {
        Self::new(label, Act::Link(href.into()))
    }

    /// Sends the form it stands in.
    pub fn submit(label: impl Into<Text>) -> Self {
        Self::new(label, Act::Submit(None))
    }

    /// Sends the form it stands in with one more field, which tells which of several buttons was used.
    pub fn submit_as(label: impl Into<Text>, name: &'static str, value: impl Into<String>) -> Self {
        Self::new(label, Act::Submit(Some((name, value.into()))))
    }

    /// Posts a small form of its own.
    pub fn post(label: impl Into<Text>, action: impl Into<String>) -> Self {
        Self::new(label, Act::Post { action: action.into(), fields: Vec::new() })
    }

    /// Opens a dialog, or without script the page with the same form.
    pub fn dialog(label: impl Into<Text>, id: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(label, Act::Dialog { id: id.into(), href: href.into() })
    }

    /// Wanted but impossible now, with the reason.
    pub fn not_now(label: impl Into<Text>, reason: impl Into<Text>) -> Self {
        Self::new(label, Act::NotNow { reason: reason.into(), shown_at: None })
    }

    /// The reason already stands in the element of that id.
    #[must_use]
    pub fn reason_at(mut self, id: &'static str) -> Self {
        if let Act::NotNow { shown_at, .. } = &mut self.act {
            *shown_at = Some(id);
        }
        self
    }

    /// A hidden field of a posting button: revision, idempotency key.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        if let Act::Post { fields, .. } = &mut self.act {
            fields.push((name.into(), value.to_string()));
        }
        self
    }

    /// The next step of who looks.
    #[must_use]
    pub fn primary(mut self) -> Self {
        self.look = Look::Primary;
        self
    }

    /// Beside the way.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.look = Look::Quiet;
        self
    }

    /// Takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.look = Look::Danger;
        self
    }

    /// With an icon.
    #[must_use]
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Only the icon; the label is for screen readers.
    #[must_use]
    pub fn bare(mut self, icon: &'static str) -> Self {
        self.icon = Some(icon);
        self.bare = true;
        self
    }

    /// With a key that does the same.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// With more words for screen readers.
    #[must_use]
    pub fn about(mut self, about: impl Into<Text>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// In the large form.
    #[must_use]
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }

    /// In the small form.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    fn class(&self) -> String {
        let mut class = String::from("btn");
        class.push_str(match self.look {
            Look::Plain => "",
            Look::Primary => " btn-primary",
            Look::Quiet => " btn-quiet",
            Look::Danger => " btn-danger",
        });
        for (set, name) in [(self.large, " btn-l"), (self.small, " btn-s"), (self.bare, " btn-icon")] {
            if set {
                class.push_str(name);
            }
        }
        class
    }

    /// The reason that has to be shown beside this button.
    pub(super) fn open_reason(&self) -> Option<&Text> {
        match &self.act {
            Act::NotNow { reason, shown_at: None } => Some(reason),
            _ => None,
        }
    }
}

/// An entry of a menu.
#[derive(Clone, Debug)]
pub enum Item {
    /// Something to do.
    Button(Button),
    /// A heading.
    Title(Text),
    /// A line.
    Line,
}

impl Item {
    fn class(&self) -> &'static str {
        match self {
            Self::Button(Button { look: Look::Danger, .. }) => "menu-item btn-danger",
            _ => "menu-item",
        }
    }
}

impl From<Button> for Item {
    fn from(button: Button) -> Self {
        Self::Button(button)
    }
}

/// A menu, which opens without script.
#[derive(Clone, Debug, Template)]
#[template(path = "web/menu.html")]
pub struct Menu {
    /// The words on it.
    pub label: Text,
    /// The icon on it.
    pub icon: &'static str,
    /// True if only the icon is shown.
    pub bare: bool,
    /// True for the quiet, small form above a list.
    pub quiet: bool,
    /// Its entries.
    pub items: Vec<Item>,
}

impl Menu {
    /// A menu with words on it.
    pub fn new(label: impl Into<Text>, icon: &'static str) -> Self {
        Self { label: label.into(), icon, bare: false, quiet: false, items: Vec::new() }
    }

    /// The three dots: what is rarely done.
    #[must_use]
    pub fn more() -> Self {
        Self { bare: true, ..Self::new("More actions", "dots") }
    }

    /// In the quiet, small form.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// One more entry.
    #[must_use]
    pub fn item(mut self, item: impl Into<Item>) -> Self {
        self.items.push(item.into());
        self
    }
}

/// Most buttons that stand beside each other; the others are in the menu.
const MOST_SHOWN: usize = 3;

/// The buttons of a page or row: shown ones, and a menu of the rarer ones.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "web/actions.html")]
pub struct Actions {
    /// Shown as buttons, the primary one first.
    pub buttons: Vec<Button>,
    /// Behind the three dots.
    pub more: Vec<Item>,
}

impl Actions {
    /// One more button.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    /// One more entry of the menu.
    #[must_use]
    pub fn more(mut self, item: impl Into<Item>) -> Self {
        self.more.push(item.into());
        self
    }

    /// True if nothing can be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buttons.is_empty() && self.more.is_empty()
    }

    /// The buttons that are shown, and those that go behind the dots. What cannot be done now goes there with its reason,
    /// unless there is nothing else; so do the last ones of many.
    fn parted(&self) -> (Vec<&Button>, Vec<&Button>) {
        let impossible = |button: &&Button| button.open_reason().is_some();
        let all_impossible = self.buttons.iter().all(|button| impossible(&button));
        let (mut hidden, mut shown): (Vec<&Button>, Vec<&Button>) =
            self.buttons.iter().partition(|button| !all_impossible && impossible(button));
        if shown.len() > MOST_SHOWN {
            hidden.splice(0..0, shown.split_off(MOST_SHOWN));
        }
        (shown, hidden)
    }

    fn menu(&self) -> Option<Menu> {
        let mut items: Vec<Item> = self.more.clone();
        items.extend(self.parted().1.into_iter().cloned().map(Item::Button));
        (!items.is_empty()).then(|| Menu { items, ..Menu::more() })
    }
}

parts!(Button, Menu, Actions);
