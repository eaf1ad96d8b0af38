//! A query on objects in memory, for lists that are so short that they exist whole.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::{Error, Filter, Op, Pattern, Query, Value};
use crate::kit::{Amount, Time, fold};

impl Query {
    /// The objects that match, in the order asked for, or as they stand. As in the other lists of the API, a filter on a
    /// property that no object has is passed over. `limit`, `offset` and `select` are left to the caller.
    ///
    /// # Errors
    /// An order by a property that no object has.
    pub fn apply(&self, objects: Vec<Json>) -> Result<Vec<Json>, Error> {
        let unknown = |property: &str| !objects.is_empty() && !objects.iter().any(|object| has(object, property));
        if let Some(sort) = self.ordering.iter().find(|sort| unknown(&sort.property)) {
            return Err(Error::bad_ordering(&sort.property));
        }
        let filter = self.filter.as_ref().and_then(|filter| known(filter, &objects));
        let wanted = self.search.as_deref().map(|text| Pattern::containing(text).map(fold));
        let mut found = objects;
        found.retain(|object| {
            filter.as_ref().is_none_or(|filter| holds(filter, object))
                && wanted.as_ref().is_none_or(|pattern| mentions(object, pattern))
        });
        found.sort_by(|one, other| {
            let mut compared = self.ordering.iter().map(|sort| {
                let rising = order(first(one, &sort.property), first(other, &sort.property));
                if sort.descending { rising.reverse() } else { rising }
            });
            compared.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        });
        Ok(found)
    }
}

/// What stands at a path, in arrays each of it; nothing where the object has no such property.
fn at<'j>(value: &'j Json, path: &str) -> Vec<&'j Json> {
    match value {
        Json::Array(elements) => elements.iter().flat_map(|element| at(element, path)).collect(),
        _ if path.is_empty() => vec![value],
        Json::Object(properties) => {
            let (name, rest) = path.split_once('.').unwrap_or((path, ""));
            properties.get(name).map(|inner| at(inner, rest)).unwrap_or_default()
        }
        _ => vec![],
    }
}

fn values<'j>(object: &'j Json, property: &str) -> Vec<&'j Json> {
    at(object, &property.replace("__", "."))
}

fn has(object: &Json, property: &str) -> bool {
    !values(object, property).is_empty()
}

fn first<'j>(object: &'j Json, property: &str) -> &'j Json {
    values(object, property).first().copied().unwrap_or(&Json::Null)
}

/// The filter without what is asked of properties that no object has.
fn known(filter: &Filter, objects: &[Json]) -> Option<Filter> {
    match filter {
        Filter::And(inner) => Filter::all(inner.iter().filter_map(|filter| known(filter, objects))),
        Filter::Or(inner) => Filter::any(inner.iter().filter_map(|filter| known(filter, objects))),
        Filter::Not(inner) => known(inner, objects).map(Filter::negated),
        Filter::Compare { property, .. } | Filter::In { property, .. } => {
            objects.iter().any(|object| has(object, property)).then(|| filter.clone())
        }
    }
}

fn holds(filter: &Filter, object: &Json) -> bool {
    match filter {
        Filter::And(inner) => inner.iter().all(|filter| holds(filter, object)),
        Filter::Or(inner) => inner.iter().any(|filter| holds(filter, object)),
        Filter::Not(inner) => !holds(inner, object),
        Filter::Compare { property, op: Op::Ne, value } => !one_is(object, property, Op::Eq, value),
        Filter::Compare { property, op, value } => one_is(object, property, *op, value),
        Filter::In { property, negated, values } => {
            values.iter().any(|value| one_is(object, property, Op::Eq, value)) != *negated
        }
    }
}

/// Whether one of the values at a property compares so; a property that is not there has no value.
fn one_is(object: &Json, property: &str, op: Op, value: &Value) -> bool {
    let found = values(object, property);
    let Some(text) = value.as_text() else { return op == Op::Eq && found.iter().all(|json| json.is_null()) };
    let matches = |json: &Json, change: fn(&str) -> String| {
        let pattern = Pattern::parse(text).map(|pattern| pattern.map(change));
        json.as_str().is_some_and(|have| pattern.is_ok_and(|pattern| pattern.matches(&change(have))))
    };
    found.iter().any(|json| match op {
        Op::Like => matches(json, str::to_owned),
        Op::Ilike => matches(json, fold),
        Op::Eq | Op::Ne => compared(json, text) == Some(Ordering::Equal),
        Op::Gt => compared(json, text) == Some(Ordering::Greater),
        Op::Ge => compared(json, text).is_some_and(Ordering::is_ge),
        Op::Lt => compared(json, text) == Some(Ordering::Less),
        Op::Le => compared(json, text).is_some_and(Ordering::is_le),
    })
}

/// How a value stands to one of the query: numbers by size, moments by time, texts by bytes; none if they have nothing in
/// common.
fn compared(json: &Json, text: &str) -> Option<Ordering> {
    match json {
        Json::Number(number) => Some(amount(number)?.cmp(&Amount::parse(text).ok()?)),
        Json::Bool(flag) => Some(flag.cmp(&text.to_ascii_lowercase().parse().ok()?)),
        Json::String(have) => match (Time::parse(have), Time::parse(text)) {
            (Some(have), Some(asked)) => Some(have.0.cmp(&asked.0)),
            _ => Some(have.as_str().cmp(text)),
        },
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn amount(number: &serde_json::Number) -> Option<Amount> {
    Amount::parse(&number.to_string()).ok()
}

/// The order of a list: what has no value comes last.
fn order(one: &Json, other: &Json) -> Ordering {
    match (one, other) {
        (Json::Null, Json::Null) => Ordering::Equal,
        (Json::Null, _) => Ordering::Greater,
        (_, Json::Null) => Ordering::Less,
        (Json::Number(one), Json::Number(other)) => amount(one).cmp(&amount(other)),
        (Json::Bool(one), Json::Bool(other)) => one.cmp(other),
        _ => one.as_str().cmp(&other.as_str()),
    }
}

/// Whether one of its texts matches.
fn mentions(value: &Json, pattern: &Pattern) -> bool {
    match value {
        Json::String(text) => pattern.matches(&fold(text)),
        Json::Array(elements) => elements.iter().any(|element| mentions(element, pattern)),
        Json::Object(properties) => properties.values().any(|inner| mentions(inner, pattern)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}
