//! Record ids that were reported: each counts once per product, over all files that are neither rejected nor deleted.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text as SqlText};

use super::places;
use crate::db::{MultiBackend, Result, Tx};
use crate::kit::{ProductId, UsageFileId};

/// For which upload ids are claimed.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The product.
    pub product: &'a ProductId,
    /// The file.
    pub file: &'a UsageFileId,
    /// The upload's number.
    pub generation: i32,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = SqlText)]
    record_id: String,
}

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = SqlText)]
    record_id: String,
    #[diesel(sql_type = SqlText)]
    file_id: String,
}

/// Claims record ids, all different, and gives those that another file holds, with that file. A claim that no longer
/// counts is taken over. Two files that are checked at the same time cannot both have the same id: the second waits for
/// the row and then finds it taken.
pub fn claim(tx: &mut Tx<'_>, claim: Claim<'_>, ids: &[&str]) -> Result<HashMap<String, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<String> = (4..ids.len() + 4).map(|n| format!("(${n})")).collect();
    // SQLite numbers the places of values in the order of the text.
    let text = format!(
        "with mine (product_id, file_id, generation) as (values ($1, $2, $3)), given (record_id) as (values {}) \
         insert into usage_record_key (product_id, record_id, file_id, generation) \
         select m.product_id, g.record_id, m.file_id, m.generation from mine m, given g where true \
         on conflict (product_id, record_id) do update set file_id = excluded.file_id, generation = excluded.generation \
         where usage_record_key.file_id = excluded.file_id or not exists (select 1 from usage_file f \
         where f.id = usage_record_key.file_id and f.generation = usage_record_key.generation and f.status not in ('rejected', 'deleted')) \
         returning record_id",
        rows.join(", ")
    );
    let mut query = diesel::sql_query(text)
        .into_boxed::<MultiBackend>()
        .bind::<SqlText, _>(claim.product.as_str())
        .bind::<SqlText, _>(claim.file.as_str())
        .bind::<Integer, _>(claim.generation);
    for id in ids {
        query = query.bind::<SqlText, _>(*id);
    }
    let taken: Vec<Taken> = query.load(tx.conn())?;
    if taken.len() == ids.len() {
        return Ok(HashMap::new());
    }
    let mine: std::collections::HashSet<&str> = taken.iter().map(|t| t.record_id.as_str()).collect();
    let others: Vec<&str> = ids.iter().copied().filter(|id| !mine.contains(id)).collect();
    let text = format!(
        "select record_id, file_id from usage_record_key where product_id = $1 and record_id in ({})",
        places(2, others.len())
    );
    let mut query = diesel::sql_query(text).into_boxed::<MultiBackend>().bind::<SqlText, _>(claim.product.as_str());
    for id in others {
        query = query.bind::<SqlText, _>(id);
    }
    let holders: Vec<Holder> = query.load(tx.conn())?;
    Ok(holders.into_iter().map(|h| (h.record_id, h.file_id)).collect())
}
