//! Removing the rows of uploads that nobody sees any more, some at a time.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text as SqlText};

use super::keys::Claim;
use super::places;
use crate::db::schema::{usage_category, usage_leader, usage_new_item, usage_problem, usage_record, usage_total};
use crate::db::{MultiBackend, Result, Tx};

/// How far the removal is.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Cleared {
    /// The upload at hand.
    pub generation: i32,
    /// The last record of it that was removed; empty before the first.
    pub after: String,
    /// Records removed so far.
    pub records: i64,
}

/// Removes at most `limit` records of the uploads before the claim's, with their problems and claims, and gives how far it
/// came. When none are left, what else belonged to those uploads goes too; then it gives none.
pub fn clear_before(tx: &mut Tx<'_>, claim: Claim<'_>, so_far: &Cleared, limit: i64) -> Result<Option<Cleared>> {
    for generation in so_far.generation.max(1)..claim.generation {
        // The place is remembered rather than looked for: what was just deleted is still passed over in PostgreSQL's index.
        let after = if generation == so_far.generation { so_far.after.as_str() } else { "" };
        let rows: Vec<(String, String)> = usage_record::table
            .filter(usage_record::file_id.eq(claim.file))
            .filter(usage_record::generation.eq(generation))
            .filter(usage_record::id.gt(after))
            .order(usage_record::id)
            .limit(limit)
            .select((usage_record::id, usage_record::record_id))
            .load(tx.conn())?;
        let Some((last, _)) = rows.last() else { continue };
        let records = so_far.records + i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let now = Cleared { generation, after: last.clone(), records };
        remove(tx, claim, &rows)?;
        return Ok(Some(now));
    }
    remove_the_rest(tx, claim)?;
    Ok(None)
}

fn remove(tx: &mut Tx<'_>, claim: Claim<'_>, rows: &[(String, String)]) -> Result<()> {
    let ids: Vec<&str> = rows.iter().map(|(id, _)| id.as_str()).collect();
    diesel::delete(usage_problem::table.filter(usage_problem::record_id.eq_any(&ids))).execute(tx.conn())?;
    diesel::delete(usage_record::table.filter(usage_record::id.eq_any(&ids))).execute(tx.conn())?;
    let text = format!(
        "delete from usage_record_key where product_id = $1 and file_id = $2 and generation < $3 and record_id in ({})",
        places(4, rows.len())
    );
    let mut query = diesel::sql_query(text)
        .into_boxed::<MultiBackend>()
        .bind::<SqlText, _>(claim.product.as_str())
        .bind::<SqlText, _>(claim.file.as_str())
        .bind::<Integer, _>(claim.generation);
    for (_, record_id) in rows {
        query = query.bind::<SqlText, _>(record_id.as_str());
    }
    query.execute(tx.conn())?;
    Ok(())
}

fn remove_the_rest(tx: &mut Tx<'_>, claim: Claim<'_>) -> Result<()> {
    macro_rules! remove {
        ($($table:ident),*) => {$(
            let old = $table::table.filter($table::file_id.eq(claim.file)).filter($table::generation.lt(claim.generation));
            diesel::delete(old).execute(tx.conn())?;
        )*};
    }
    remove!(usage_category, usage_new_item, usage_total, usage_leader);
    Ok(())
}
