//! What the home page reads.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText};

use crate::db::{Result, Tx};
use crate::kit::{Actor, Time};

#[derive(QueryableByName)]
struct Day {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many objects of a kind that an account may see were created, by day (days since 1970 in UTC), since a moment.
pub fn created_by_day(tx: &mut Tx<'_>, actor: &Actor, kind: &str, since: Time) -> Result<Vec<(i64, i64)>> {
    let rows: Vec<Day> = diesel::sql_query(
        "select created_at / 86400000000 as day, count(*) as number from party \
         where account_id = $1 and kind = $2 and created_at >= $3 group by 1 order by 1",
    )
    .bind::<SqlText, _>(actor.account()?.as_str())
    .bind::<SqlText, _>(kind)
    .bind::<BigInt, _>(since)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|d| (d.day, d.number)).collect())
}

#[derive(QueryableByName)]
struct Status {
    #[diesel(sql_type = SqlText)]
    status: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many objects of a kind an account may see, by status.
pub fn by_status(tx: &mut Tx<'_>, actor: &Actor, kind: &str) -> Result<Vec<(String, i64)>> {
    let rows: Vec<Status> = diesel::sql_query(
        "select status, count(*) as number from party where account_id = $1 and kind = $2 group by status",
    )
    .bind::<SqlText, _>(actor.account()?.as_str())
    .bind::<SqlText, _>(kind)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|s| (s.status, s.number)).collect())
}
