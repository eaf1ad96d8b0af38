//! Filters: from a form to the canonical URL, and from the URL back to controls and words.

use std::collections::HashMap;

use super::{Control, FilterBy, List};
use crate::kit::{Text, Time};
use crate::rql::{self, Filter, Op, Pattern, Query, Value};
use crate::web::cell::Cell;
use crate::web::form::Choice;
use crate::web::table::FilterControl;

pub(super) fn at(path: &str, query: &Query) -> String {
    let text = query.to_string();
    if text.is_empty() { path.to_owned() } else { format!("{path}?{text}") }
}

/// Where a filter's or search's form leads: the canonical URL of the list as it asks.
pub(super) fn redirect<T>(raw: &str, list: &List<T>) -> Option<String> {
    if !raw.contains("_set=") {
        return None;
    }
    let mut values: HashMap<String, Vec<String>> = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(raw.as_bytes()) {
        values.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    let first = |name: &str| values.get(name).and_then(|v| v.first()).map(|v| v.trim()).unwrap_or_default();
    let query = rql::parse(first("_q")).unwrap_or_default();
    let field = first("_set");
    if field == "search" {
        return Some(at(&list.path, &query.searching(first("_to"))));
    }
    let by = list.filters.iter().find(|f| f.field == field)?;
    let query = query.without(by.field);
    let query = match by.control {
        Control::Words(words) => {
            let chosen: Vec<&str> = values
                .get("_to")
                .into_iter()
                .flatten()
                .map(String::as_str)
                .filter(|v| words.iter().any(|(w, _)| w == v))
                .collect();
            match chosen.as_slice() {
                [] => query,
                [one] => query.with(Filter::eq(by.field, *one)),
                many => match Filter::one_of(by.field, many.iter().copied()) {
                    Some(filter) => query.with(filter),
                    None => query,
                },
            }
        }
        Control::Text => {
            let text = first("_to");
            if text.is_empty() {
                query
            } else {
                query.with(Filter::compare(by.field, Op::Ilike, Value::text(format!("{}*", Pattern::escaped(text)))))
            }
        }
        Control::Exact => {
            let text = first("_to");
            if text.is_empty() { query } else { query.with(Filter::eq(by.field, text)) }
        }
        Control::Days => {
            let mut query = query;
            if let Some(day) = day(first("_from")) {
                query = query.with(Filter::compare(by.field, Op::Ge, Value::text(day)));
            }
            if let Some(next) =
                day(first("_until")).and_then(|d| d.parse::<jiff::civil::Date>().ok()).and_then(|d| d.tomorrow().ok())
            {
                query = query.with(Filter::compare(by.field, Op::Lt, Value::text(next.to_string())));
            }
            query
        }
    };
    Some(at(&list.path, &query))
}

fn day(text: &str) -> Option<String> {
    text.parse::<jiff::civil::Date>().ok().map(|d| d.to_string())
}

fn values_of(term: &Filter) -> Vec<String> {
    match term {
        Filter::Compare { value, .. } => value.as_text().map(str::to_owned).into_iter().collect(),
        Filter::In { values, .. } => values.iter().filter_map(|v| v.as_text().map(str::to_owned)).collect(),
        _ => vec![],
    }
}

pub(super) fn control(by: &FilterBy, query: &Query) -> FilterControl {
    let now: Vec<String> = query.terms_on(by.field).flat_map(values_of).collect();
    match by.control {
        Control::Words(words) => FilterControl::Choices {
            name: "_to".to_owned(),
            choices: words
                .iter()
                .map(|(w, label)| Choice::new(*w, *label).selected(now.iter().any(|n| n == w)))
                .collect(),
        },
        Control::Exact => FilterControl::Words {
            name: "_to".to_owned(),
            value: now.first().cloned().unwrap_or_default(),
            hint: Text::new("In full"),
        },
        Control::Text => FilterControl::Words {
            name: "_to".to_owned(),
            value: now.first().map(|n| n.trim_end_matches('*').to_owned()).unwrap_or_default(),
            hint: Text::new("Begins with"),
        },
        Control::Days => {
            let bound = |op: Op| {
                query
                    .terms_on(by.field)
                    .find(|t| matches!(t, Filter::Compare { op: o, .. } if *o == op))
                    .and_then(|t| values_of(t).into_iter().next())
                    .unwrap_or_default()
            };
            let until = bound(Op::Lt)
                .parse::<jiff::civil::Date>()
                .ok()
                .and_then(|d| d.yesterday().ok())
                .map(|d| d.to_string())
                .unwrap_or_default();
            FilterControl::Days { from: ("_from".to_owned(), bound(Op::Ge)), to: ("_until".to_owned(), until) }
        }
    }
}

/// A set filter in words.
pub(super) fn said(by: &FilterBy, term: &Filter) -> Cell {
    let values = values_of(term);
    match by.control {
        Control::Words(words) => {
            let label = |value: &String| match words.iter().find(|(word, _)| word == value) {
                Some((_, label)) => Text::new(label),
                None => Text::data(value),
            };
            Cell::text(Text::listed(values.iter().map(label)))
        }
        Control::Text | Control::Exact => Cell::data(values.join(", ")),
        Control::Days => {
            let value = values.first().cloned().unwrap_or_default();
            let key = if matches!(term, Filter::Compare { op: Op::Lt, .. }) { "before {day}" } else { "from {day}" };
            let shown = Time::parse(&value).map_or(value, |t| t.date().to_string());
            Cell::text(Text::new(key).arg("day", shown))
        }
    }
}
