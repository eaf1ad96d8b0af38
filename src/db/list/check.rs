//! For the tests of the flows: whether a declaration is whole, and how a database would answer a query.

use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl};

use super::collection::{Collection, Field, Kind, Place};
use super::plan;
use super::statement::{Dialect, Statement, Window, Writer};
use super::{Rules, ids, page};
use crate::db::{AnyConn, Result};
use crate::rql::{Filter, Op, Query, Sort, Value};

/// What is wrong with a declaration; nothing if it is whole. Runs every operator of every field and every order once
/// on the database, so that a misspelt column or join is found by a test and not by a customer.
pub fn problems(conn: &mut AnyConn, collection: &Collection) -> Vec<String> {
    let mut found = misdeclared(collection);
    // The list's own order is looked at above; here a mistake in it would hide all others.
    let Collection { name, from, id, scope, joins, many, fields, .. } = *collection;
    let unordered = Collection { name, from, id, scope, joins, many, fields, order: &[] };
    let mut tried = |what: String, query: &Query| {
        // In a transaction of its own: on PostgreSQL nothing runs in one that has seen a failure.
        let tried = conn.transaction(|conn| {
            page(conn, &unordered, Some("XX-0"), query, &Rules::PAGE)?;
            ids(conn, &unordered, Some("XX-0"), query, &Rules::PAGE, 1)
        });
        if let Err(error) = tried {
            found.push(format!("{what}: {error}"));
        }
    };
    tried("everything".to_owned(), &Query::default());
    for field in collection.fields.iter().filter(|field| !field.internal) {
        for lookup in field.lookups {
            let filter = sample(field, lookup);
            tried(format!("{lookup}({})", field.name), &Query { filter, ..Query::default() });
        }
        let null = Query::default().with(Filter::eq(field.name, Value::Null));
        tried(format!("eq({},null())", field.name), &null);
        if field.orderable {
            for descending in [false, true] {
                let sort = Sort { property: field.name.to_owned(), descending };
                tried(format!("ordering({})", field.name), &Query::default().ordered([sort]));
            }
        }
    }
    if collection.fields.iter().any(|field| field.searchable) {
        tried("search".to_owned(), &Query::default().searching("x"));
    }
    found
}

fn misdeclared(collection: &Collection) -> Vec<String> {
    let mut found = vec![];
    let relations = |name: &str| collection.joins.iter().position(|join| join.name == name);
    for (at, field) in collection.fields.iter().enumerate() {
        if collection.fields.iter().take(at).any(|other| other.name == field.name) {
            found.push(format!("{} is declared twice", field.name));
        }
        let known = match field.place {
            Place::Join(name) => relations(name).is_some(),
            Place::Many(name) => collection.many.iter().any(|many| many.name == name),
            Place::Party => collection.is_by_party(),
            Place::Id | Place::Object => true,
        };
        if !known {
            found.push(format!("{} lives in a relation that is not declared: {:?}", field.name, field.place));
        }
        if field.orderable && matches!(field.place, Place::Many(_)) {
            found.push(format!("{} has many values and cannot be ordered by", field.name));
        }
        for lookup in field.lookups {
            if sample(field, lookup).is_none() {
                found.push(format!("{} has the unknown operator {lookup}", field.name));
            }
        }
    }
    for (at, join) in collection.joins.iter().enumerate() {
        for need in join.needs.iter().filter(|need| **need != "party") {
            if relations(need).is_none_or(|other| other >= at) {
                found.push(format!("the join {} needs {need}, which is not declared before it", join.name));
            }
        }
    }
    for name in collection.order {
        let plain = name.strip_prefix('-').unwrap_or(name);
        if collection.field(plain).is_none_or(|field| !field.orderable) {
            found.push(format!("the list is ordered by {plain}, which is no orderable field"));
        }
    }
    found
}

/// A filter with a value that fits.
fn sample(field: &Field, lookup: &str) -> Option<Filter> {
    let value = match field.kind {
        Kind::Text => "x",
        Kind::Choice(words) => words.first().copied().unwrap_or_default(),
        Kind::Flag => "true",
        Kind::Int | Kind::Amount => "1",
        Kind::Time => "2021-01-01",
    };
    match lookup {
        "in" | "out" => {
            let values = vec![Value::text(value), Value::Null];
            Some(Filter::In { property: field.name.to_owned(), negated: lookup == "out", values })
        }
        "like" | "ilike" => {
            Some(Filter::compare(field.name, if lookup == "like" { Op::Like } else { Op::Ilike }, "*x*"))
        }
        _ => {
            let op = Op::ALL.into_iter().find(|op| op.name() == lookup)?;
            Some(Filter::compare(field.name, op, value))
        }
    }
}

#[derive(QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresStep {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    step: String,
}

/// How the database would find the ids of the first page, and count them: one line per step of its plan.
///
/// # Errors
/// As [`page`].
pub fn explain(
    conn: &mut AnyConn,
    collection: &Collection,
    account: Option<&str>,
    query: &Query,
    rules: &Rules<'_>,
) -> Result<Vec<String>> {
    let plan = plan::plan(collection, query, rules)?;
    let dialect = Dialect::of(conn);
    let writer = Writer::new(collection, account, &plan, dialect);
    let take = i64::from(query.limit.unwrap_or(rules.default_limit));
    let mut steps = vec![];
    for statement in [writer.ids(Window { skip: 0, take, backwards: false })?, writer.count()?] {
        let text = &statement.text;
        match dialect {
            Dialect::Sqlite => {
                let bound = Statement { text: format!("explain query plan {text}"), ..statement }.bound();
                steps.extend(bound.load::<SqliteStep>(conn)?.into_iter().map(|step| step.detail));
            }
            Dialect::Postgres => {
                let bound = Statement { text: format!("explain {text}"), ..statement }.bound();
                steps.extend(bound.load::<PostgresStep>(conn)?.into_iter().map(|step| step.step));
            }
        }
    }
    Ok(steps)
}
