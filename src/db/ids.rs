//! Fresh ids: random digits, taken again when they are taken; and numbers per parent without gaps or races.

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};

use super::{Result, Tx};
use crate::kit::{Refusal, Text, random_digits};

/// Inserts a row under a fresh id: `insert` gets the digits and is tried again, in a savepoint, while they are taken.
/// A duplicate of anything else than the id must be found by `insert` itself before.
pub fn insert_with_fresh_id<T>(
    tx: &mut Tx<'_>,
    groups: &[usize],
    insert: impl Fn(&mut Tx<'_>, &str) -> Result<T>,
) -> Result<T> {
    let mut tries = 0;
    loop {
        let digits = random_digits(groups);
        match tx.savepoint(|tx| insert(tx, &digits)) {
            Err(e) if e.is_unique_violation() && tries < 8 => tries += 1,
            Err(e) if e.is_unique_violation() => {
                tracing::error!(error = %e, "no free id after nine tries");
                return Err(Refusal::conflict(Text::new("No free id could be found. Try again.")).into());
            }
            other => return other,
        }
    }
}

/// The next number of a sequence that belongs to `parent`: 1, 2, 3, … The row is locked until the transaction ends, so
/// that two actions never get the same number and none is skipped.
pub fn next_number(tx: &mut Tx<'_>, parent: &str, sequence: &str) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        value: i64,
    }
    let row: Row = diesel::sql_query(
        "insert into sequence (parent, name, value) values ($1, $2, 1) \
         on conflict (parent, name) do update set value = sequence.value + 1 returning value",
    )
    .bind::<diesel::sql_types::Text, _>(parent)
    .bind::<diesel::sql_types::Text, _>(sequence)
    .get_result(tx.conn())?;
    Ok(row.value)
}

/// Puts rows into the order of the ids they were loaded by; ids without a row are passed over.
pub fn in_order<R>(ids: &[String], rows: Vec<R>, id: impl Fn(&R) -> &str) -> Vec<R> {
    let mut rows: Vec<Option<R>> = rows.into_iter().map(Some).collect();
    let places: std::collections::HashMap<String, usize> =
        rows.iter().enumerate().filter_map(|(n, r)| r.as_ref().map(|r| (id(r).to_owned(), n))).collect();
    ids.iter().filter_map(|wanted| places.get(wanted).and_then(|n| rows[*n].take())).collect()
}
