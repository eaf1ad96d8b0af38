//! What a query means, worked out on the requests in memory, without any SQL.

use std::cmp::Ordering;

use causeway::kit::{Amount, Time, fold};
use causeway::rql::{Filter, Op, Pattern, Query, Value};

use super::world::{EMAILS, PRODUCTS, Request};

/// A value of a request.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Text(String),
    Number(i128),
    Amount(Amount),
    Flag(bool),
    /// Microseconds.
    Moment(i64),
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn cell(request: &Request, property: &str) -> Option<Cell> {
    match property {
        "id" => Some(text(&request.id)),
        "status" => Some(text(request.status)),
        "created" => Some(Cell::Moment(request.created)),
        "note" => request.note.as_deref().map(text),
        "product.id" => Some(Cell::Text(format!("PRD-{}", request.product))),
        "product.name" => Some(text(PRODUCTS[request.product])),
        "assignee.email" => request.assignee.map(|at| text(EMAILS[at])),
        "total" => request.total.map(|total| Cell::Amount(Amount::parse(total).unwrap())),
        "count" => request.count.map(|count| Cell::Number(i128::from(count))),
        "test" => Some(Cell::Flag(request.test)),
        "signed" => request.signed.map(|(at, _)| Cell::Moment(at)),
        "signer" => request.signed.map(|(_, by)| text(by)),
        other => panic!("{other} is no property of a request"),
    }
}

fn param(row: &(&str, Option<&str>), property: &str) -> Option<Cell> {
    match property {
        "params.id" => Some(text(row.0)),
        "params.value" => row.1.map(text),
        other => panic!("{other} is no property of a parameter"),
    }
}

/// Whether a request is what the filter wants.
pub fn holds(request: &Request, filter: &Filter) -> bool {
    match filter {
        Filter::Not(inner) => !holds(request, inner),
        Filter::Or(inner) => inner.iter().any(|filter| holds(request, filter)),
        Filter::And(inner) => {
            // Positive conditions on the parameters are asked of the same one.
            let (same, others): (Vec<&Filter>, Vec<&Filter>) = inner.iter().partition(|filter| on_one_param(filter));
            let together = match same.as_slice() {
                [] => true,
                [one] => holds(request, one),
                several => some_param(request, several),
            };
            together && others.iter().all(|filter| holds(request, filter))
        }
        Filter::Compare { property, op: Op::Ne, value } => {
            !holds(request, &Filter::compare(property, Op::Eq, value.clone()))
        }
        Filter::In { property, negated: true, values } => {
            let list = Filter::In { property: property.clone(), negated: false, values: values.clone() };
            !holds(request, &list)
        }
        Filter::In { property, negated: false, values } => {
            values.iter().any(|value| holds(request, &Filter::eq(property, value.clone())))
        }
        Filter::Compare { property, .. } if property.starts_with("params.") => some_param(request, &[filter]),
        Filter::Compare { property, op, value } => compares(cell(request, property), *op, value),
    }
}

/// Whether all of it can be asked of one parameter.
fn on_one_param(filter: &Filter) -> bool {
    match filter {
        Filter::Not(_) | Filter::Compare { op: Op::Ne, .. } | Filter::In { negated: true, .. } => false,
        Filter::And(inner) | Filter::Or(inner) => inner.iter().all(on_one_param),
        Filter::Compare { property, .. } | Filter::In { property, .. } => property.starts_with("params."),
    }
}

fn some_param(request: &Request, filters: &[&Filter]) -> bool {
    let only_null = filters.iter().all(|filter| matches!(filter, Filter::Compare { value: Value::Null, .. }));
    let one = |row| filters.iter().all(|filter| of_row(row, filter));
    (only_null && request.params.is_empty()) || request.params.iter().any(one)
}

fn of_row(row: &(&str, Option<&str>), filter: &Filter) -> bool {
    match filter {
        Filter::And(inner) => inner.iter().all(|filter| of_row(row, filter)),
        Filter::Or(inner) => inner.iter().any(|filter| of_row(row, filter)),
        Filter::In { property, values, .. } => values.iter().any(|value| compares(param(row, property), Op::Eq, value)),
        Filter::Compare { property, op, value } => compares(param(row, property), *op, value),
        Filter::Not(_) => panic!("a negation is about no single parameter"),
    }
}

fn compares(cell: Option<Cell>, op: Op, value: &Value) -> bool {
    if *value == Value::Null {
        return cell.is_none();
    }
    let Some(cell) = cell else { return false };
    let wanted = value.as_text().unwrap();
    let ordering = match &cell {
        Cell::Text(text) if op == Op::Like => return matches(text, wanted),
        Cell::Text(text) if op == Op::Ilike => return matches(&fold(text), &fold(wanted)),
        Cell::Text(text) => text.as_str().cmp(wanted),
        Cell::Number(number) => number.cmp(&wanted.parse().unwrap()),
        Cell::Amount(amount) => amount.cmp(&Amount::parse(wanted).unwrap()),
        Cell::Flag(flag) => flag.cmp(&(wanted == "true")),
        // A time without a fraction is all of its second.
        Cell::Moment(at) if wanted.contains('.') => at.cmp(&Time::parse(wanted).unwrap().0),
        Cell::Moment(at) => at.div_euclid(1_000_000).cmp(&Time::parse(wanted).unwrap().0.div_euclid(1_000_000)),
    };
    match op {
        Op::Eq => ordering == Ordering::Equal,
        Op::Gt => ordering == Ordering::Greater,
        Op::Ge => ordering != Ordering::Less,
        Op::Lt => ordering == Ordering::Less,
        Op::Le => ordering != Ordering::Greater,
        Op::Ne | Op::Like | Op::Ilike => panic!("{} has its own way", op.name()),
    }
}

/// Whether text matches a pattern, by trying every place for each piece.
fn matches(text: &str, pattern: &str) -> bool {
    fn from(text: &str, pieces: &[String]) -> bool {
        match pieces {
            [] => false,
            [last] => text.ends_with(last.as_str()),
            [piece, rest @ ..] => {
                text.match_indices(piece.as_str()).any(|(at, _)| from(&text[at + piece.len()..], rest))
            }
        }
    }
    match Pattern::parse(pattern).unwrap().pieces() {
        [only] => text == only,
        [first, rest @ ..] => text.strip_prefix(first.as_str()).is_some_and(|text| from(text, rest)),
        [] => false,
    }
}

/// The ids the query asks for, in its order.
pub fn ids(requests: &[Request], query: &Query) -> Vec<String> {
    let mut found: Vec<&Request> =
        requests.iter().filter(|request| query.filter.as_ref().is_none_or(|filter| holds(request, filter))).collect();
    found.sort_by(|a, b| {
        let mut id_falls = false;
        for sort in &query.ordering {
            let (one, other) = (cell(a, &sort.property), cell(b, &sort.property));
            let ordering = sizes(&one, &other);
            let ordering = if sort.descending { ordering.reverse() } else { ordering };
            if ordering != Ordering::Equal {
                return ordering;
            }
            id_falls = sort.descending ^ matches!(sort.property.as_str(), "created" | "signed");
        }
        if id_falls { b.id.cmp(&a.id) } else { a.id.cmp(&b.id) }
    });
    found.into_iter().map(|request| request.id.clone()).collect()
}

/// Nothing is larger than everything.
fn sizes(one: &Option<Cell>, other: &Option<Cell>) -> Ordering {
    match (one, other) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(Cell::Text(a)), Some(Cell::Text(b))) => a.cmp(b),
        (Some(Cell::Number(a)), Some(Cell::Number(b))) => a.cmp(b),
        (Some(Cell::Amount(a)), Some(Cell::Amount(b))) => a.cmp(b),
        (Some(Cell::Flag(a)), Some(Cell::Flag(b))) => a.cmp(b),
        (Some(Cell::Moment(a)), Some(Cell::Moment(b))) => a.cmp(b),
        (a, b) => panic!("{a:?} and {b:?} are of different kinds"),
    }
}
