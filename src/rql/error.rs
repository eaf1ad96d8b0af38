//! Why a query was refused: the words the published filter library uses, and a sentence that helps.

use std::fmt;

use crate::kit::{FieldProblem, Refusal, Text};

/// Longest piece of a query that is repeated in an error, in characters.
const SHOWN: usize = 100;

/// The three classes of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is not a query.
    Parsing,
    /// The property does not exist or does not know this operator.
    Lookup,
    /// The value does not fit the property.
    Value,
}

/// A refused query. As a [`Refusal`] it answers 400 with what is wrong and with the three parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Reason>);

/// Why a query was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which class.
    pub kind: ErrorKind,
    /// What is wrong; for parsing errors in the fixed words that clients know.
    pub message: Text,
    /// Where, and what to write instead.
    pub detail: Option<Text>,
    /// The property concerned.
    pub filter: Option<String>,
    /// The operator concerned.
    pub lookup: Option<String>,
    /// The value concerned.
    pub value: Option<String>,
}

impl std::ops::Deref for Error {
    type Target = Reason;

    fn deref(&self) -> &Reason {
        &self.0
    }
}

impl Error {
    fn new(kind: ErrorKind, message: Text) -> Self {
        Error(Box::new(Reason { kind, message, detail: None, filter: None, lookup: None, value: None }))
    }

    /// A parsing error in the library's fixed words.
    pub(crate) fn fixed(message: Text) -> Self {
        Error::new(ErrorKind::Parsing, message)
    }

    /// "Bad filter query." with a sentence that says where and what to do.
    pub(crate) fn bad_query(detail: Text) -> Self {
        let mut error = Error::fixed(Text::new("Bad filter query."));
        error.0.detail = Some(detail);
        error
    }

    /// An ordering field that does not exist or cannot be ordered by.
    pub(crate) fn bad_ordering(name: &str) -> Self {
        Error::fixed(Text::new("Bad ordering filter: {name}.").arg("name", shortened(name)))
    }

    /// A property that does not exist, or an operator it does not know.
    pub(crate) fn lookup(filter: &str, lookup: &str, message: Text) -> Self {
        let mut error = Error::new(ErrorKind::Lookup, message);
        error.0.filter = Some(shortened(filter));
        error.0.lookup = Some(lookup.to_owned());
        error
    }

    /// A value that does not fit.
    pub(crate) fn value(filter: &str, lookup: &str, value: &str, message: Text) -> Self {
        let mut error = Error::lookup(filter, lookup, message);
        error.0.kind = ErrorKind::Value;
        error.0.value = Some(shortened(value));
        error
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let Reason { message, detail, filter, lookup, value, .. } = *error.0;
        let field = filter.clone().unwrap_or_default();
        let texts = std::iter::once(message).chain(detail);
        let problems = texts.map(|text| FieldProblem { field: field.clone(), text }).collect();
        let params = [("filter", filter), ("lookup", lookup), ("value", value)];
        params
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .fold(Refusal::fields(problems), |refusal, (name, value)| refusal.with(name, value))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(filter) = &self.filter {
            write!(out, "{filter}: ")?;
        }
        write!(out, "{}", self.message)?;
        match &self.detail {
            Some(detail) => write!(out, " {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// A piece of a query, cut to what an error repeats.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
