//! What the home page reads. Totals and charts count what is in production, never previews and tests.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText};

use crate::db::{Result, Tx};
use crate::kit::{Actor, Time};

/// What is counted by party rows, and has an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Fulfillment requests.
    Requests,
    /// Subscriptions.
    Subscriptions,
}

impl Counted {
    /// The kind in party rows, which is also the table's name.
    fn kind(self) -> &'static str {
        match self {
            Self::Requests => "request",
            Self::Subscriptions => "asset",
        }
    }

    /// The condition on party rows that leaves out what is not in production.
    fn in_production(self) -> String {
        let kind = self.kind();
        format!("kind = '{kind}' and object_id not in (select id from {kind} where environment <> 'production')")
    }
}

#[derive(QueryableByName)]
struct Day {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many things that an account may see were created, by day (days since 1970 in UTC), since a moment.
pub fn created_by_day(tx: &mut Tx<'_>, actor: &Actor, what: Counted, since: Time) -> Result<Vec<(i64, i64)>> {
    let rows: Vec<Day> = diesel::sql_query(format!(
        "select created_at / 86400000000 as day, count(*) as number from party \
         where account_id = $1 and {} and created_at >= $2 group by 1 order by 1",
        what.in_production()
    ))
    .bind::<SqlText, _>(actor.account()?.as_str())
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

/// How many things an account may see, by status.
pub fn by_status(tx: &mut Tx<'_>, actor: &Actor, what: Counted) -> Result<Vec<(String, i64)>> {
    let rows: Vec<Status> = diesel::sql_query(format!(
        "select status, count(*) as number from party where account_id = $1 and {} group by status",
        what.in_production()
    ))
    .bind::<SqlText, _>(actor.account()?.as_str())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|s| (s.status, s.number)).collect())
}
