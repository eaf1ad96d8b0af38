//! The hash chain over the journal.
//!
//! Transactions commit out of order, so entries are not chained when they are written: one job gives each entry its
//! place (`sealed`) and its seal, SHA-256 over the seal before it and the entry. What may name people (who acted, the
//! arguments of the sentence, the values before and after) is covered through a hash of its own: erased, it leaves the
//! chain whole; replaced by something else, it shows.

use diesel::prelude::*;

use super::Change;
use crate::db::schema::event;
use crate::db::{Result, Tx};
use crate::kit::column::Doc;
use crate::kit::{NamedRef, Text, Time, digest};

/// How many entries one run seals at most.
const BATCH: i64 = 500;

/// Hash of the part of an entry that may name people.
pub(super) fn personal(by: Option<&NamedRef>, text: &Text, changes: &[Change]) -> String {
    let by = by.map(|b| (&b.id, &b.name));
    digest(serde_json::to_string(&(by, text.values(), changes)).unwrap_or_default().as_bytes())
}

#[derive(Queryable)]
struct Row {
    id: i64,
    at: Time,
    kind: String,
    object_id: String,
    verb: String,
    account_id: Option<String>,
    actor_kind: String,
    actor_id: Option<String>,
    actor_name: Option<String>,
    on_behalf: Option<String>,
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
    event::actor_kind,
    event::actor_id,
    event::actor_name,
    event::on_behalf,
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
    event::actor_kind,
    event::actor_id,
    event::actor_name,
    event::on_behalf,
    event::audience,
    event::text,
    event::changes,
    event::personal_hash,
    event::seal,
);

impl Row {
    fn seal(&self, before: &str) -> String {
        let fields = [
            before,
            &self.id.to_string(),
            &self.at.0.to_string(),
            &self.kind,
            &self.object_id,
            &self.verb,
            self.account_id.as_deref().unwrap_or_default(),
            &self.actor_kind,
            self.on_behalf.as_deref().unwrap_or_default(),
            &self.audience,
            self.text.0.key(),
            &self.personal_hash,
        ];
        digest(fields.join("\n").as_bytes())
    }

    /// Whether the part that may name people is as it was written, or is gone altogether.
    fn is_personal_part_good(&self) -> bool {
        let by = match (&self.actor_id, &self.actor_name) {
            (Some(id), Some(name)) => Some(NamedRef { id: id.clone(), name: name.clone() }),
            (None, None) => None,
            _ => return false,
        };
        let erased = by.is_none() && self.changes.0.is_empty() && self.text.0.values().is_empty();
        erased || personal(by.as_ref(), &self.text.0, &self.changes.0) == self.personal_hash
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

/// Erases what may name people from an entry: who acted, the arguments of the sentence, the values before and after. The
/// chain stays whole.
pub fn erase(tx: &mut Tx<'_>, entry: i64) -> Result<()> {
    let text: Doc<Text> = event::table.find(entry).select(event::text).first(tx.conn())?;
    diesel::update(event::table.find(entry))
        .set((
            event::actor_id.eq(None::<String>),
            event::actor_name.eq(None::<String>),
            event::text.eq(Doc(Text::kept(text.0.key()))),
            event::changes.eq(Doc(Vec::<Change>::new())),
        ))
        .execute(tx.conn())?;
    Ok(())
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
            if row.seal.as_deref() != Some(before.as_str()) || !row.is_personal_part_good() {
                return Ok(Some(row.id));
            }
        }
    }
}
