//! The steps the grammar takes through the characters.

use super::error::Error;
use super::parse::Parser;
use super::source::{Ch, text};
use crate::kit::Text;

/// Characters of the query repeated in an error.
const EXCERPT: usize = 30;

impl Parser {
    pub(super) fn ch(&self, at: usize) -> Option<Ch> {
        self.source.get(at).copied()
    }

    pub(super) fn peek(&self) -> Option<Ch> {
        self.ch(self.at)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<Ch> {
        self.ch(self.at + ahead)
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &[Ch] {
        self.source.get(from..to).unwrap_or_default()
    }

    /// Steps over `c`, if it is next.
    pub(super) fn take(&mut self, c: char) -> bool {
        let found = self.peek().is_some_and(|ch| ch.c == c);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn expect(&mut self, c: char) -> Result<(), Error> {
        if self.take(c) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Whether the ASCII `word` is next.
    pub(super) fn looking_at(&self, word: &str) -> bool {
        word.chars().enumerate().all(|(ahead, c)| self.peek_at(ahead).is_some_and(|ch| ch.c == c))
    }

    /// The letters, digits, `_`, `-` and `.` that follow.
    pub(super) fn name(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|ch| ch.c.is_alphanumeric() || matches!(ch.c, '_' | '-' | '.')) {
            self.at += 1;
        }
        text(self.slice(start, self.at))
    }

    /// A property; it begins with a letter.
    pub(super) fn property(&mut self) -> Result<String, Error> {
        if self.peek().is_some_and(|ch| ch.c.is_ascii_alphabetic()) { Ok(self.name()) } else { Err(self.unexpected()) }
    }

    /// Everything up to the next `&`.
    pub(super) fn up_to_next_and(&mut self) -> Vec<Ch> {
        let start = self.at;
        while self.peek().is_some_and(|ch| !ch.is_and()) {
            self.at += 1;
        }
        self.slice(start, self.at).to_vec()
    }

    /// The query cannot go on as it does here.
    pub(super) fn unexpected(&self) -> Error {
        if self.peek().is_none() {
            let text = "The query ends too early, after {before}: a bracket is not closed or a condition is missing.";
            return Error::bad_query(Text::new(text).arg("before", self.before(self.at)));
        }
        let text = "The query cannot be read at {at}. Write conditions as eq(property,value) joined by &, and put \
                    values with special characters in quotes.";
        Error::bad_query(Text::new(text).arg("at", self.after(self.at)))
    }

    /// The text from `at`, for an error.
    pub(super) fn after(&self, at: usize) -> String {
        text(self.slice(at, self.source.len().min(at + EXCERPT)))
    }

    /// The text up to `at`, for an error.
    pub(super) fn before(&self, at: usize) -> String {
        text(self.slice(at.saturating_sub(EXCERPT), at))
    }
}
