//! How far long work is: a bar that keeps itself fresh.

use askama::Template;
use rust_decimal::Decimal;

use super::part::parts;
use crate::kit::text::Text;
use crate::web::filters;

/// How far long work is. Answered alone, it is also the fragment that the page asks for again.
#[derive(Clone, Debug, Template)]
#[template(path = "web/progress.html")]
pub struct Progress {
    /// Its id in the page.
    pub id: &'static str,
    /// What is done.
    pub label: Text,
    /// How far, and the time left: `11,600 of 18,412 · about 20 s left`.
    pub detail: Text,
    /// How much is done.
    pub done: u64,
    /// Of how much; 0 if that is not known yet.
    pub total: u64,
    /// The address of this part, asked every second while the work goes on; the page keeps it fresh with a reload otherwise.
    pub again: Option<String>,
    /// The page that shows the outcome: opened by the script when the work has ended.
    pub then: Option<String>,
}

impl Progress {
    /// Work in progress.
    pub fn new(id: &'static str, label: impl Into<Text>, detail: impl Into<Text>, done: u64, total: u64) -> Self {
        Self { id, label: label.into(), detail: detail.into(), done, total, again: None, then: None }
    }

    /// The address of this part, while the work goes on.
    #[must_use]
    pub fn again(mut self, href: impl Into<String>) -> Self {
        self.again = Some(href.into());
        self
    }

    /// The work has ended: where its outcome is.
    #[must_use]
    pub fn then(mut self, href: impl Into<String>) -> Self {
        self.then = Some(href.into());
        self
    }

    fn is_done(&self) -> bool {
        self.total > 0 && self.done >= self.total
    }

    fn percent(&self) -> u64 {
        let share = Decimal::from(self.done) * Decimal::ONE_HUNDRED;
        share.checked_div(Decimal::from(self.total)).and_then(|share| share.trunc().try_into().ok()).unwrap_or(0)
    }
}

parts!(Progress);
