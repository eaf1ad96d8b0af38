//! RQL, the language in which a URL says which rows of a list it wants: filter, search, order, page, selection.
//!
//! The API's clients send it, and list pages keep their filters in the URL in the same words. This module knows text
//! only: [`parse`] reads the raw query string, `Display` prints the canonical one (ready to stand after `?`), `edit`
//! changes a query for the next link, [`Selection`] applies `select(…)` to a JSON representation. Which properties
//! exist and what they mean in SQL is the matter of `db::list`.
//!
//! | file | its part |
//! |---|---|
//! | `source` | percent-decoding, once; which characters came encoded |
//! | `parse`, `cursor` | the grammar, and the steps it takes through the text |
//! | `value` | the forms a value may have |
//! | `asides` | what is not a condition: `limit`, `offset`, `search`, `ordering`, `select` |
//! | `legacy` | the older `name__lookup=value` style |
//! | `filter` | the tree that comes out |
//! | `print`, `edit` | from the tree back to a URL |
//! | `pattern` | the `*` patterns of `like` |
//! | `select` | what `select(…)` does to a representation |
//! | `apply` | filter, search and order of objects in memory |

mod apply;
mod asides;
mod cursor;
mod edit;
mod error;
mod filter;
mod legacy;
mod parse;
mod pattern;
mod print;
mod select;
mod source;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use error::shortened;
pub use error::{Error, ErrorKind, Reason};
pub use filter::{Filter, Op, Value, same_property};
pub use pattern::{Pattern, TwoStars};
pub use select::Selection;

use crate::kit::Text;

/// Longest query string that is read, in bytes as received.
pub const MAX_LENGTH: usize = 16 * 1024;
/// Deepest nesting of parentheses. One client nests once per alternative, so this is generous.
pub const MAX_DEPTH: usize = 100;
/// Most conditions in one query; a whole `in(…)` list counts once.
pub const MAX_CONDITIONS: usize = 200;
/// Most fields in one `ordering(…)`.
pub const MAX_ORDERING: usize = 5;

/// What a query string asks for. The default asks for everything, in the list's own order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Which rows.
    pub filter: Option<Filter>,
    /// Order, most significant first; empty means the list's own.
    pub ordering: Vec<Sort>,
    /// Properties added to or dropped from the representation.
    pub select: Vec<Pick>,
    /// Rows wanted; absent (or not a number) means the list's default. Not yet held against the list's maximum.
    pub limit: Option<u32>,
    /// Rows to pass over.
    pub offset: Option<u64>,
    /// Text to look for in the list's searchable fields; never empty.
    pub search: Option<String>,
    /// Written in the older style, where `1` and `0` may stand for true and false.
    pub old_style: bool,
}

/// One field of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The property as it was written.
    pub property: String,
    /// Largest first.
    pub descending: bool,
}

impl Sort {
    /// Smallest first.
    pub fn up(property: impl Into<String>) -> Self {
        Sort { property: property.into(), descending: false }
    }

    /// Largest first.
    pub fn down(property: impl Into<String>) -> Self {
        Sort { property: property.into(), descending: true }
    }
}

/// One entry of `select(…)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// Dotted path into the representation.
    pub path: String,
    /// Written with `-`: leave it out. Otherwise: show it even if it is hidden by default.
    pub dropped: bool,
}

/// Reads the query string of a URL as it was received: still percent-encoded, without the `?`.
///
/// # Errors
/// Says what cannot be read and what to write instead; every limit above has its own sentence.
pub fn parse(raw_query: &str) -> Result<Query, Error> {
    if raw_query.len() > MAX_LENGTH {
        let text = "The query is {length} bytes long; at most {limit} are read. Ask for fewer values at a time.";
        return Err(Error::bad_query(Text::new(text).arg("length", raw_query.len()).arg("limit", MAX_LENGTH)));
    }
    let source = source::decode(raw_query)?;
    if source.is_empty() {
        return Ok(Query::default());
    }
    if legacy::is_old_style(&source) { legacy::parse(&source) } else { parse::parse(&source) }
}

impl std::str::FromStr for Query {
    type Err = Error;

    fn from_str(raw_query: &str) -> Result<Self, Error> {
        parse(raw_query)
    }
}
