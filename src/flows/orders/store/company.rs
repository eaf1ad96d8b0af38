//! What was ordered for a company, or through it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText};

use super::{ASSET, REQUEST};
use crate::db::{Result, Tx};
use crate::kit::Actor;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlText)]
    id: String,
}

fn ids(tx: &mut Tx<'_>, actor: &Actor, text: String, company: &str, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<Row> = diesel::sql_query(text)
        .bind::<SqlText, _>(actor.account()?.as_str())
        .bind::<SqlText, _>(company)
        .bind::<BigInt, _>(limit)
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// The newest subscriptions in whose chain a company stands, as far as the actor may see them.
pub fn assets_of_company(tx: &mut Tx<'_>, actor: &Actor, company: &str, limit: i64) -> Result<Vec<String>> {
    let text = format!(
        "select a.id from asset a join party p on p.account_id = $1 and p.kind = '{ASSET}' and p.object_id = a.id \
         where a.customer_id = $2 or a.tier1_id = $2 or a.tier2_id = $2 order by a.created_at desc, a.id limit $3"
    );
    ids(tx, actor, text, company, limit)
}

/// The newest requests of such subscriptions.
pub fn requests_of_company(tx: &mut Tx<'_>, actor: &Actor, company: &str, limit: i64) -> Result<Vec<String>> {
    let text = format!(
        "select r.id from asset a join request r on r.asset_id = a.id \
         join party p on p.account_id = $1 and p.kind = '{REQUEST}' and p.object_id = r.id \
         where a.customer_id = $2 or a.tier1_id = $2 or a.tier2_id = $2 order by r.created_at desc, r.id desc limit $3"
    );
    ids(tx, actor, text, company, limit)
}
