//! The older style of queries, `name__lookup=value`, which integrations written before RQL still send.
//!
//! A query is in the older style as a whole, or not: it is a form-encoded list of pairs that bears one of the marks
//! below. Single `name__lookup=value` pairs within a query of the newer style are understood as well.

use super::Query;
use super::error::{Error, shortened};
use super::filter::{Filter, Op, Value};
use super::parse::Parser;
use super::source::{Ch, could_be_form, form_text, text};
use crate::kit::Text;

/// The endings of a name that compare.
const LOOKUPS: [&str; 16] = [
    "in",
    "isnull",
    "exact",
    "iexact",
    "contains",
    "icontains",
    "startswith",
    "istartswith",
    "endswith",
    "iendswith",
    "gt",
    "gte",
    "lt",
    "lte",
    "regex",
    "iregex",
];

/// One `name=value`.
struct Pair<'a> {
    name: &'a [Ch],
    value: &'a [Ch],
    /// It has an equals sign.
    complete: bool,
}

fn pairs(source: &[Ch]) -> impl Iterator<Item = Pair<'_>> {
    source.split(|ch| ch.is_and()).map(|part| {
        let equals = part.iter().position(|ch| ch.is_equals());
        let (name, value) = part.split_at(equals.unwrap_or(part.len()));
        Pair { name, value: value.split_first().map_or(&[], |(_, value)| value), complete: equals.is_some() }
    })
}

/// Whether the whole query is written in the older style.
///
/// Names must be plain. The marks are: `&` at the end, an empty value, a lookup in a name, `True` or `False`, a space
/// in a value without quotes, `order_by` or `ordering` as a name. A value with an operator in it speaks against.
pub(super) fn is_old_style(source: &[Ch]) -> bool {
    let mut marked = source.last().is_some_and(|last| last.is_and());
    for pair in pairs(source) {
        let name = text(pair.name);
        if is_select(&name) || name == "search" {
            continue;
        }
        if !name.is_empty() && !is_property(&name) {
            return false;
        }
        let value = text(pair.value);
        if value.contains('=') && !is_in_quotes(&value) {
            return false;
        }
        marked |= (value.is_empty() && pair.complete)
            || matches!(value.as_str(), "True" | "False")
            || is_spaced(&value)
            || matches!(name.as_str(), "order_by" | "ordering")
            || split_lookup(&name).is_some();
    }
    marked
}

fn is_select(name: &str) -> bool {
    name.starts_with("select(")
}

/// Reads a query in the older style. Empty values are dropped; repeated names all have to hold.
pub(super) fn parse(source: &[Ch]) -> Result<Query, Error> {
    let mut filters = vec![];
    let mut parser = Parser::new(&[]);
    parser.query.old_style = true;
    for pair in pairs(source) {
        let name = text(pair.name);
        if is_select(&name) {
            parser.restart(pair.name);
            filters.extend(parser.term_to_end()?);
            continue;
        }
        if pair.value.is_empty() {
            continue;
        }
        if name.is_empty() {
            let sentence = Text::new("A property is missing before ={value}.");
            return Err(Error::bad_query(sentence.arg("value", shortened(&text(pair.value)))));
        }
        if let Some((base, lookup)) = split_lookup(&name) {
            parser.count_condition()?;
            filters.extend(condition(base, lookup, &value_text(pair.value))?);
            continue;
        }
        if !is_aside(&name) && is_spaced(&text(pair.value)) {
            parser.count_condition()?;
            filters.push(Filter::eq(name, Value::text(text(pair.value))));
            continue;
        }
        parser.restart(&[pair.name, &[Ch { c: '=', encoded: false }], pair.value].concat());
        match parser.term_to_end() {
            Ok(filter) => filters.extend(filter),
            Err(error) if is_aside(&name) => return Err(error),
            Err(_) => filters.push(Filter::eq(name, Value::text(text(pair.value)))),
        }
    }
    parser.query.filter = Filter::all(filters);
    Ok(parser.finish())
}

/// A space in a value that is not in quotes: the value is meant as a whole.
fn is_spaced(value: &str) -> bool {
    value.contains(' ') && !is_in_quotes(value)
}

fn is_in_quotes(value: &str) -> bool {
    ['"', '\''].iter().any(|quote| value.matches(*quote).count() > 1)
}

pub(super) fn is_property(name: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(inner)
}

fn is_aside(name: &str) -> bool {
    matches!(name, "limit" | "offset" | "search" | "order_by" | "ordering")
}

/// A value as the older style means it: form-encoded, where it can be.
pub(super) fn value_text(part: &[Ch]) -> String {
    if could_be_form(part) { form_text(part) } else { text(part) }
}

/// A name that ends in a lookup, taken apart.
pub(super) fn split_lookup(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once("__").filter(|(base, lookup)| !base.is_empty() && LOOKUPS.contains(lookup))
}

/// The condition `base__lookup=value` means; none if it has no value.
pub(super) fn condition(base: &str, lookup: &str, value: &str) -> Result<Option<Filter>, Error> {
    let star_before = if value.starts_with('*') { "" } else { "*" };
    let star_after = if value.ends_with('*') { "" } else { "*" };
    let op = if lookup.starts_with('i') { Op::Ilike } else { Op::Like };
    let pattern = match lookup {
        "in" => return Ok(Filter::one_of(base, value.split(',').filter(|part| !part.is_empty()))),
        "gt" => return Ok(Some(Filter::compare(base, Op::Gt, value))),
        "gte" => return Ok(Some(Filter::compare(base, Op::Ge, value))),
        "lt" => return Ok(Some(Filter::compare(base, Op::Lt, value))),
        "lte" => return Ok(Some(Filter::compare(base, Op::Le, value))),
        "isnull" => {
            let op = match value {
                "True" | "true" | "1" => Op::Eq,
                "False" | "false" | "0" => Op::Ne,
                _ => return Err(not_boolean(base, value)),
            };
            return Ok(Some(Filter::compare(base, op, Value::Null)));
        }
        "exact" | "iexact" => value.to_owned(),
        "startswith" | "istartswith" => format!("{value}{star_after}"),
        "endswith" | "iendswith" => format!("{star_before}{value}"),
        "contains" | "icontains" => format!("{star_before}{value}{star_after}"),
        _ => {
            let text = Text::new("{base} cannot be matched by {lookup}: use like(…) or ilike(…) with * for any text.");
            return Err(Error::bad_query(text.arg("base", shortened(base)).arg("lookup", lookup)));
        }
    };
    Ok(Some(Filter::compare(base, op, Value::text(pattern))))
}

fn not_boolean(base: &str, value: &str) -> Error {
    let text = Text::new("{base}__isnull is {value}: write true or false.");
    Error::bad_query(text.arg("base", shortened(base)).arg("value", shortened(value)))
}
