//! The steps of a wizard, and the page on which its answers are checked before anything is sent.
//!
//! ```
//! use causeway::web::cell::Cell;
//! use causeway::web::steps::{Answer, Answers, Step, Steps};
//!
//! let steps = Steps::new(2, vec![Step::new("Product").to("/new/product"), Step::new("Items").to("/new/items"),
//!     Step::new("Check and order")]);
//! let answers = Answers::new("Items", vec![Answer::new("Backup seat", Cell::text("300 seats")).change("/new/items")]);
//! ```

use askama::Template;

use super::cell::Cell;
use super::part::parts;
use crate::kit::text::Text;
use crate::web::filters;

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub label: Text,
    /// Its page, to go back to once it is done.
    pub href: Option<String>,
}

impl Step {
    /// A step.
    pub fn new(label: impl Into<Text>) -> Self {
        Self { label: label.into(), href: None }
    }

    /// Its page.
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// The steps of a wizard.
#[derive(Clone, Debug, Template)]
#[template(path = "web/steps.html")]
pub struct Steps {
    /// The steps.
    pub steps: Vec<Step>,
    /// The number of the present one, from 1; those before it are done.
    pub current: usize,
}

impl Steps {
    /// The steps, of which number `current` (from 1) is the present one.
    #[must_use]
    pub fn new(current: usize, steps: Vec<Step>) -> Self {
        Self { steps, current }
    }
}

/// An answer to be checked.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub label: Text,
    /// What was answered.
    pub value: Cell,
    /// Where it is changed.
    pub change: Option<String>,
}

impl Answer {
    /// An answer.
    pub fn new(label: impl Into<Text>, value: impl Into<Cell>) -> Self {
        Self { label: label.into(), value: value.into(), change: None }
    }

    /// Where it is changed.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>) -> Self {
        self.change = Some(href.into());
        self
    }
}

/// The answers of one step.
#[derive(Clone, Debug, Template)]
#[template(path = "web/answers.html")]
pub struct Answers {
    /// The heading.
    pub title: Text,
    /// The answers.
    pub rows: Vec<Answer>,
}

impl Answers {
    /// The answers of one step.
    pub fn new(title: impl Into<Text>, rows: Vec<Answer>) -> Self {
        Self { title: title.into(), rows }
    }
}

parts!(Steps, Answers);
