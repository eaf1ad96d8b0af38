//! The canonical spelling of a query, ready to stand after `?`.
//!
//! Everything that could be taken for syntax, or that a server between may rewrite, is percent-encoded. Reading the
//! result gives the query back, less `old_style`.

use std::fmt::{self, Display, Formatter};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::asides::{search_in_quotes, search_op};
use super::{Filter, Pick, Query, Sort, Value};

/// What is not left as it is. `&`, `=`, `+`, quotes and brackets are always encoded in texts.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'*')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

fn encoded(text: &str) -> impl Display {
    utf8_percent_encode(text, ENCODED)
}

impl Display for Query {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let mut parts = vec![];
        if !self.select.is_empty() {
            parts.push(format!("select({})", joined(&self.select)));
        }
        match &self.filter {
            Some(Filter::And(all)) => parts.extend(all.iter().map(Filter::to_string)),
            Some(other) => parts.push(other.to_string()),
            None => {}
        }
        if !self.ordering.is_empty() {
            parts.push(format!("ordering({})", joined(&self.ordering)));
        }
        parts.extend(self.limit.map(|limit| format!("limit={limit}")));
        parts.extend(self.offset.map(|offset| format!("offset={offset}")));
        parts.extend(self.search.as_deref().map(|search| {
            let quote = if search_in_quotes(search).is_some() || search_op(search).is_some() { "%22" } else { "" };
            format!("search={quote}{}{quote}", encoded(search))
        }));
        out.write_str(&parts.join("&"))
    }
}

fn joined(parts: &[impl Display]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl Display for Sort {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", if self.descending { "-" } else { "" }, encoded(&self.property))
    }
}

impl Display for Pick {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", if self.dropped { "-" } else { "" }, encoded(&self.path))
    }
}

impl Display for Filter {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Filter::And(all) => write!(out, "and({})", joined(all)),
            Filter::Or(any) => write!(out, "or({})", joined(any)),
            Filter::Not(inner) => write!(out, "not({inner})"),
            Filter::Compare { property, op, value } => write!(out, "{}({},{value})", op.name(), encoded(property)),
            Filter::In { property, negated, values } => {
                write!(out, "{}({},({}))", if *negated { "out" } else { "in" }, encoded(property), joined(values))
            }
        }
    }
}

impl Display for Value {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Plain(text) if matches!(Value::text(text.as_str()), Value::Plain(_)) => encoded(text).fmt(out),
            Value::Plain(text) | Value::Quoted(text) => {
                out.write_str("%22")?;
                encoded(&text.replace('"', "\"\"")).fmt(out)?;
                out.write_str("%22")
            }
            Value::Null => out.write_str("null()"),
            Value::Empty => out.write_str("empty()"),
        }
    }
}
