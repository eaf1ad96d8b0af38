//! What stands where something is missing: nothing here yet, nothing matches, could not load, not found, not allowed.
//!
//! Each says what happened, what it means and what to do. As a part it stands in the frame of a page (`{{ state }}`);
//! as [`StatePage`] it is a page of its own, which needs neither a session nor the database.

use askama::Template;

use super::button::Button;
use super::layout::Page;
use super::part::parts;
use crate::kit::text::Text;
use crate::web::filters;

/// A state in place of content.
#[derive(Clone, Debug, Template)]
#[template(path = "web/state.html")]
pub struct State {
    /// Its picture.
    pub icon: &'static str,
    /// What happened.
    pub title: Text,
    /// What it means and what to do.
    pub text: Text,
    /// What can be done; at most one is primary.
    pub actions: Vec<Button>,
    /// What to tell the support, to be copied.
    pub reference: Option<String>,
    /// True if screen readers should say it at once.
    pub alarm: bool,
    /// True if it is the page's only content, so that its title is the page's heading.
    pub alone: bool,
}

impl State {
    fn new(icon: &'static str, title: impl Into<Text>, text: impl Into<Text>) -> Self {
        Self {
            icon,
            title: title.into(),
            text: text.into(),
            actions: Vec::new(),
            reference: None,
            alarm: false,
            alone: false,
        }
    }

    /// Nothing here yet: what this list is for, why it is empty. Add the one thing to do as an action.
    pub fn nothing_yet(icon: &'static str, title: impl Into<Text>, text: impl Into<Text>) -> Self {
        Self::new(icon, title, text)
    }

    /// Filters or search leave nothing over; `clear` is the list without them.
    pub fn no_match(title: impl Into<Text>, text: impl Into<Text>, clear: impl Into<String>) -> Self {
        Self::new("filter-x", title, text).action(Button::link("Clear everything", clear))
    }

    /// The list could not be loaded; `again` is the same address.
    pub fn could_not_load(again: impl Into<String>, reference: impl Into<String>) -> Self {
        Self {
            alarm: true,
            reference: Some(reference.into()),
            ..Self::new(
                "cloud-off",
                "The list could not be loaded",
                "Nothing you did is lost, and nothing has changed. This usually passes within a minute; try again then.",
            )
        }
        .action(Button::link("Try again", again).primary().icon("refresh"))
    }

    /// There is no such page or object, or it is not yours: the two are told apart to nobody.
    pub fn not_found(home: impl Into<String>) -> Self {
        Self::new(
            "search",
            "There is nothing at this address",
            "It may have been mistyped or removed, or it belongs to an account you are not working in. \
             Check the address, or change the account at the bottom of the menu.",
        )
        .action(Button::link("Go home", home).primary())
    }

    /// It exists and is yours to see, but this person may not do it; `reason` names who may.
    pub fn not_allowed(reason: impl Into<Text>, back: impl Into<String>) -> Self {
        Self::new("lock", "You are not allowed to do this", reason).action(Button::link("Go back", back).primary())
    }

    /// The request came from another site, or the page was too old to be trusted.
    pub fn not_trusted(back: impl Into<String>) -> Self {
        Self::new(
            "shield",
            "This was not done",
            "The request did not come from a page of this portal, so it was refused and nothing has changed. \
             Open the page again and repeat what you did.",
        )
        .action(Button::link("Open the page", back).primary())
    }

    /// Something failed in the program; what was being done did not happen.
    pub fn failed(again: impl Into<String>, reference: impl Into<String>) -> Self {
        Self {
            alarm: true,
            reference: Some(reference.into()),
            ..Self::new(
                "alert-triangle",
                "This did not work",
                "Something failed on our side. Nothing has changed. Try again; if it fails again, \
                 tell the support the reference below.",
            )
        }
        .action(Button::link("Try again", again).primary().icon("refresh"))
    }

    /// The portal cannot serve now: it starts, is being updated, or its database is away.
    pub fn unavailable(again: impl Into<String>) -> Self {
        Self {
            alarm: true,
            ..Self::new(
                "cloud-off",
                "The portal is not available just now",
                "It is starting, being updated, or its database does not answer. This usually takes less than a minute. \
                 What was saved before is safe.",
            )
        }
        .action(Button::link("Try again", again).primary().icon("refresh"))
    }

    /// Too many requests; `text` says until when.
    pub fn too_many(text: impl Into<Text>) -> Self {
        Self::new("hourglass", "Too many attempts", text)
    }

    /// The answer takes too long; `text` says what to do about it, `again` is the same address.
    pub fn too_slow(text: impl Into<Text>, again: impl Into<String>) -> Self {
        Self { alarm: true, ..Self::new("hourglass", "This takes too long", text) }
            .action(Button::link("Try again", again).primary().icon("refresh"))
    }

    /// One more thing to do.
    #[must_use]
    pub fn action(mut self, button: Button) -> Self {
        self.actions.push(button);
        self
    }

    /// As the only content of a page.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }
}

/// A page that is a state: within the portal's frame if the page has an account, else on its own.
#[derive(Debug, Template)]
#[template(path = "web/state_page.html")]
pub struct StatePage {
    /// The page.
    pub page: Page,
    /// Its content.
    pub state: State,
}

impl StatePage {
    /// The page; its title is the state's.
    #[must_use]
    pub fn new(mut page: Page, state: State) -> Self {
        page.title = state.title.clone();
        Self { page, state: state.alone() }
    }
}

parts!(State);
