//! Finding an account to order for.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText};

use super::{KIND, snapshots};
use crate::db::{self, Result, Tx};
use crate::flows::customers::model::{Kind, TierSnapshot};
use crate::kit::{AccountId, Actor, fold};

/// The accounts of a kind in an owner's directory that the actor may see, newest first; `words` narrows them by name, id,
/// external id or e-mail address.
pub fn pick(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: &AccountId,
    kind: Kind,
    words: &str,
    limit: i64,
) -> Result<Vec<TierSnapshot>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlText)]
        id: String,
    }
    let words = words.trim();
    let pattern = fold(words).replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let rows: Vec<Row> = diesel::sql_query(format!(
        "select t.id from tier_account t join party p on p.account_id = $1 and p.kind = '{KIND}' and p.object_id = t.id \
         where t.account_id = $2 and t.kind = $3 and (t.name_folded like $4 escape '!' or t.email_folded like $4 escape '!' \
         or t.id = $5 or t.external_id = $5) order by t.created_at desc, t.id limit $6"
    ))
    .bind::<SqlText, _>(actor.account()?.as_str())
    .bind::<SqlText, _>(owner.as_str())
    .bind::<SqlText, _>(kind.as_str())
    .bind::<SqlText, _>(format!("%{pattern}%"))
    .bind::<SqlText, _>(words)
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?;
    let ids: Vec<String> = rows.into_iter().map(|r| r.id).collect();
    let found = snapshots(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>())?;
    Ok(db::in_order(&ids, found.into_values().collect(), |a| a.id.as_str()))
}
