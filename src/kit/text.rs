//! Text for people: an English sentence as key, with named arguments, put into words only when it is known who reads it.
//!
//! A refusal, a journal entry, a mail and a label on a page all carry a [`Text`]. It is stored as key and arguments,
//! never as a finished sentence, so that each reader gets it in their language, time zone and number format
//! ([`crate::kit::locale`]).
//!
//! What may stand in a key:
//!
//! | written | means |
//! |---|---|
//! | `{name}` | the argument as it is (somebody's data, an id) |
//! | `{status:word}` | the argument is itself a key and is translated |
//! | `{why:text}` | the argument is a whole text, given by [`Text::part`] |
//! | `{rows:number}` | a decimal number, with the reader's separators |
//! | `{when:time}`, `{when:day}` | microseconds since 1970 in UTC, as time or as day in the reader's zone |
//! | `{count\|one request\|{count} requests}` | plural forms, chosen by the number `count`; inside, `{count}` is the number |
//! | `{{` | a brace |
//!
//! ```
//! use causeway::kit::text::Text;
//! let text = Text::new("{count|One request waits|{count} requests wait} for {who}").arg("count", 3).arg("who", "Mara");
//! assert_eq!(text.to_string(), "3 requests wait for Mara");
//! ```

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::locale::{Moment, Reader};

/// A sentence or word for people: the English key and its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    key: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    args: Vec<(Cow<'static, str>, String)>,
}

impl Text {
    /// A text by its English key.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: Vec::new() }
    }

    /// Somebody's own words where a text is expected: shown as they are, never translated.
    #[must_use]
    pub fn data(words: impl Into<String>) -> Self {
        Self { key: Cow::Borrowed("{words}"), args: vec![(Cow::Borrowed("words"), words.into())] }
    }

    /// A text whose key is only known at run time: a word that was kept, or that is the argument of another text.
    #[must_use]
    pub fn kept(key: &str) -> Self {
        Self { key: Cow::Owned(key.to_owned()), args: Vec::new() }
    }

    /// The same text with one more argument. The last argument of a name counts.
    #[must_use]
    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        let name = name.into();
        self.args.retain(|(known, _)| *known != name);
        self.args.push((name, value.to_string()));
        self
    }

    /// The same text with a moment, for a place written `{name:time}` or `{name:day}`.
    #[must_use]
    pub fn moment(self, name: impl Into<Cow<'static, str>>, at: impl Moment) -> Self {
        self.arg(name, at.micros())
    }

    /// The same text with another one in it, for a place written `{name:text}`.
    #[must_use]
    pub fn part(self, name: impl Into<Cow<'static, str>>, text: &Text) -> Self {
        let kept = serde_json::to_string(text).unwrap_or_else(|_| text.to_string());
        self.arg(name, kept)
    }

    /// One text after the other.
    #[must_use]
    pub fn then(&self, next: &Text) -> Self {
        Self::both("{first:text} {next:text}", self, next)
    }

    /// The texts as `a, b, c`; empty if there is none.
    #[must_use]
    pub fn listed(texts: impl IntoIterator<Item = Self>) -> Self {
        texts.into_iter().reduce(|all, next| Self::both("{first:text}, {next:text}", &all, &next)).unwrap_or_default()
    }

    /// The texts as `a or b or c`; empty if there is none.
    #[must_use]
    pub fn either(texts: impl IntoIterator<Item = Self>) -> Self {
        texts.into_iter().reduce(|all, next| Self::both("{first:text} or {next:text}", &all, &next)).unwrap_or_default()
    }

    fn both(key: &'static str, first: &Self, next: &Self) -> Self {
        Self::new(key).part("first", first).part("next", next)
    }

    /// The English key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value of an argument.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every argument with its value.
    #[must_use]
    pub fn values(&self) -> &[(Cow<'static, str>, String)] {
        &self.args
    }

    /// True if nothing would be shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }
}

impl From<&'static str> for Text {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// English, in UTC: for logs and error messages, not for pages.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Reader::plain().text(self))
    }
}

/// One piece of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Words of the sentence.
    Words(&'a str),
    /// The place of an argument.
    Place {
        /// The argument's name.
        name: &'a str,
        /// How it is shown.
        form: Form<'a>,
    },
}

/// How an argument is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    Plain,
    Word,
    Text,
    Number,
    Day,
    Time,
    /// The plural forms, in the order of the language's rule.
    Plural(Vec<&'a str>),
}

/// Takes a key apart. What is not well formed stays as it is written: keys come from the database too.
pub(super) fn pieces(key: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = key;
    while let Some(open) = rest.find('{') {
        let (words, tail) = rest.split_at(open);
        if let Some(after) = tail.strip_prefix("{{") {
            // The first brace is shown with the words before it, the second one is dropped.
            push_words(&mut found, &rest[..=open]);
            rest = after;
            continue;
        }
        let Some(close) = closing_brace(tail) else { break };
        push_words(&mut found, words);
        match place(&tail[1..close]) {
            Some(piece) => found.push(piece),
            None => push_words(&mut found, &tail[..=close]),
        }
        rest = &tail[close + 1..];
    }
    push_words(&mut found, rest);
    found
}

fn push_words<'a>(found: &mut Vec<Piece<'a>>, words: &'a str) {
    if !words.is_empty() {
        found.push(Piece::Words(words));
    }
}

/// Where the brace that opens `text` is closed.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn place(inside: &str) -> Option<Piece<'_>> {
    let end = inside.find(['|', ':']).unwrap_or(inside.len());
    let (name, how) = inside.split_at(end);
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let form = match how {
        "" => Form::Plain,
        ":word" => Form::Word,
        ":text" => Form::Text,
        ":number" => Form::Number,
        ":day" => Form::Day,
        ":time" => Form::Time,
        _ if how.starts_with('|') => Form::Plural(split_forms(&how[1..])),
        _ => return None,
    };
    Some(Piece::Place { name, form })
}

/// Splits at the bars that are not inside braces.
fn split_forms(text: &str) -> Vec<&str> {
    let mut forms = Vec::new();
    let (mut depth, mut start) = (0_usize, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => {
                forms.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    forms.push(&text[start..]);
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_one_piece() {
        assert_eq!(pieces("Nothing here yet"), vec![Piece::Words("Nothing here yet")]);
        assert!(pieces("").is_empty());
    }

    #[test]
    fn places_and_plurals_are_found() {
        assert_eq!(
            pieces("{count|one|{count} of {total:number}} left"),
            vec![
                Piece::Place { name: "count", form: Form::Plural(vec!["one", "{count} of {total:number}"]) },
                Piece::Words(" left"),
            ]
        );
    }

    #[test]
    fn malformed_keys_stay_as_written() {
        for key in ["{", "}", "a {b", "{a b}", "{a:colour}", "{}", "x}}y"] {
            let text = Text { key: Cow::Owned(key.to_owned()), args: Vec::new() };
            assert_eq!(text.to_string(), key);
        }
    }

    #[test]
    fn doubled_brace_is_a_brace() {
        assert_eq!(Text::new("a {{b} {c}").arg("c", 1).to_string(), "a {b} 1");
    }

    #[test]
    fn a_missing_argument_shows_its_place() {
        assert_eq!(Text::new("Hello {name}").to_string(), "Hello {name}");
    }

    #[test]
    fn data_is_never_read_as_a_key() {
        let text = Text::data("{count|a|b} {{");
        assert_eq!(text.to_string(), "{count|a|b} {{");
    }

    #[test]
    fn a_text_within_a_text() {
        let inner = Text::new("{n|one row|{n} rows} of {who}").arg("n", 2).arg("who", "{n}");
        assert_eq!(Text::new("Not kept: {why:text}.").part("why", &inner).to_string(), "Not kept: 2 rows of {n}.");
        assert_eq!(Text::new("A.").then(&inner).to_string(), "A. 2 rows of {n}");
        assert_eq!(Text::new("{why:text}").arg("why", "no text").to_string(), "no text");
        let words = || ["a", "b", "c"].map(Text::kept);
        assert_eq!(Text::listed(words()).to_string(), "a, b, c");
        assert_eq!(Text::either(words()).to_string(), "a or b or c");
        assert!(Text::listed([]).is_empty());
    }

    #[test]
    fn the_last_argument_of_a_name_counts() {
        assert_eq!(Text::new("{a}").arg("a", 1).arg("a", 2).to_string(), "2");
    }

    #[test]
    fn stored_and_read_again() -> serde_json::Result<()> {
        let text = Text::new("Sent to {who}").arg("who", "Ærø");
        let stored = serde_json::to_string(&text)?;
        assert_eq!(stored, r#"{"key":"Sent to {who}","args":[["who","Ærø"]]}"#);
        assert_eq!(serde_json::from_str::<Text>(&stored)?, text);
        assert_eq!(serde_json::from_str::<Text>(r#"{"key":"Pending"}"#)?, Text::new("Pending"));
        Ok(())
    }
}
