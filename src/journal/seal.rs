//! The hash chain over the journal.
//!
//! Transactions commit out of order, so entries are not chained when they are written: one job gives each entry its
//! place (`sealed`) and its seal, SHA-256 over the seal before it and the entry. Names of people are covered by their
//! hash, so that erasing them leaves the chain whole.

use diesel::prelude::*;

use super::Change;
use crate::db::schema::event;
use crate::db::{Result, Tx};
use crate::kit::column::Doc;
use crate::kit::{NamedRef, Text, Time, digest};

/// How many entries one run seals at most.
const BATCH: i64 = 500;

/// Hash of the personal part of an entry.
pub(super) fn personal(by: Option<&NamedRef>) -> String {
    by.map_or_else(String::new, |b| digest(format!("{}\n{}", b.id, b.name).as_bytes()))
}

#[derive(Queryable)]
struct Row {
    id: i64,
    at: Time,
    kind: String,
    object_id: String,
    verb: String,
    account_id: Option<String>,
    audience: String,
    text: Doc<Text>,
    changes: Doc<Vec<Change>>,
    personal_hash: String,
    seal: Option<String>,
}

type Columns = (
    event::id,
    event::at,
    event::kind,
    event::object_id,
    event::verb,
    event::account_id,
    event::audience,
    event::text,
    event::changes,
    event::personal_hash,
    event::seal,
);
const COLUMNS: Columns = (
    event::id,
    event::at,
    event::kind,
    event::object_id,
    event::verb,
    event::account_id,
    event::audience,
    event::text,
    event::changes,
    event::personal_hash,
    event::seal,
);

impl Row {
    fn seal(&self, before: &str) -> String {
        let text = serde_json::to_string(&(&self.text.0, &self.changes.0)).unwrap_or_default();
        let fields = [
            before,
            &self.id.to_string(),
            &self.at.0.to_string(),
            &self.kind,
            &self.object_id,
            &self.verb,
            self.account_id.as_deref().unwrap_or_default(),
            &self.audience,
            &text,
            &self.personal_hash,
        ];
        digest(fields.join("\n").as_bytes())
    }
}

fn last(tx: &mut Tx<'_>) -> Result<(i64, String)> {
    let last: Option<(Option<i64>, Option<String>)> = event::table
        .filter(event::sealed.is_not_null())
        .order(event::sealed.desc())
        .select((event::sealed, event::seal))
        .first(tx.conn())
        .optional()?;
    Ok(last.map_or((0, String::new()), |(n, s)| (n.unwrap_or_default(), s.unwrap_or_default())))
}

/// Seals the oldest entries that have no seal; says how many. Two runs at once cannot fork the chain: the place in the
/// chain is unique.
pub fn run(tx: &mut Tx<'_>) -> Result<usize> {
    let (mut place, mut before) = last(tx)?;
    let rows: Vec<Row> =
        event::table.filter(event::sealed.is_null()).order(event::id).limit(BATCH).select(COLUMNS).load(tx.conn())?;
    for row in &rows {
        place += 1;
        before = row.seal(&before);
        diesel::update(event::table.find(row.id))
            .set((event::sealed.eq(place), event::seal.eq(&before)))
            .execute(tx.conn())?;
    }
    if !rows.is_empty() {
        crate::crash::point("journal.seal.before-commit");
    }
    Ok(rows.len())
}

/// Checks the chain from its beginning; gives the number of the first entry that does not fit, if any.
pub fn verify(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let (mut place, mut before) = (0i64, String::new());
    loop {
        let rows: Vec<Row> = event::table
            .filter(event::sealed.gt(place))
            .order(event::sealed)
            .limit(BATCH)
            .select(COLUMNS)
            .load(tx.conn())?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            place += 1;
            before = row.seal(&before);
            if row.seal.as_deref() != Some(before.as_str()) {
                return Ok(Some(row.id));
            }
        }
    }
}
