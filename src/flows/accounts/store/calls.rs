//! Rows of how often API tokens were used.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text as SqlText};

use crate::db::schema::{token, token_call, token_call_sum};
use crate::db::{Result, Tx};
use crate::kit::{Actor, Time, TokenId};

/// How long calls are kept by day, in days. The sums stay as long as the token.
pub const CALL_DAYS: i64 = 400;
/// Microseconds of a day.
const DAY: i64 = 24 * 3600 * 1_000_000;

/// The number of a day in UTC, from 1970.
pub fn day_of(at: Time) -> i64 {
    at.0.div_euclid(DAY)
}

/// When a day of this number began.
pub fn day_began(day: i64) -> Time {
    Time(day.saturating_mul(DAY))
}

/// Adds calls of a token on a day that were answered with this HTTP status. What other processes add at the same moment counts
/// too.
pub fn add_calls(tx: &mut Tx<'_>, id: &TokenId, day: i64, code: i32, calls: i64) -> Result<()> {
    diesel::sql_query(
        "insert into token_call (token_id, day, code, calls) values ($1, $2, $3, $4) \
         on conflict (token_id, day, code) do update set calls = token_call.calls + excluded.calls",
    )
    .bind::<SqlText, _>(id.as_str())
    .bind::<BigInt, _>(day)
    .bind::<Integer, _>(code)
    .bind::<BigInt, _>(calls)
    .execute(tx.conn())?;
    diesel::sql_query(
        "insert into token_call_sum (token_id, code, total, since_reset) values ($1, $2, $3, $3) \
         on conflict (token_id, code) do update set total = token_call_sum.total + excluded.total, \
         since_reset = token_call_sum.since_reset + excluded.since_reset",
    )
    .bind::<SqlText, _>(id.as_str())
    .bind::<Integer, _>(code)
    .bind::<BigInt, _>(calls)
    .execute(tx.conn())?;
    Ok(())
}

/// Notes when a token was used last, and from where, unless a later use is noted.
pub fn token_used(tx: &mut Tx<'_>, id: &TokenId, at: Time, address: &str) -> Result<()> {
    let older = token::table.find(id).filter(token::used_at.is_null().or(token::used_at.lt(at)));
    diesel::update(older).set((token::used_at.eq(Some(at)), token::used_from.eq(Some(address)))).execute(tx.conn())?;
    Ok(())
}

/// The calls of a token that were answered with one HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct CallSum {
    /// The HTTP status.
    pub code: i32,
    /// How many in all.
    pub total: i64,
    /// How many since somebody began to count anew; without that, in all.
    pub since_reset: i64,
}

/// The calls of a token of a company by HTTP status.
pub fn call_sums(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId) -> Result<Vec<CallSum>> {
    let company = actor.account()?;
    Ok(token_call_sum::table
        .inner_join(token::table)
        .filter(token::account_id.eq(company))
        .filter(token_call_sum::token_id.eq(id))
        .order(token_call_sum::code)
        .select((token_call_sum::code, token_call_sum::total, token_call_sum::since_reset))
        .load(tx.conn())?)
}

/// The calls of a token of a company by day and HTTP status, from this day on, the newest day first: (day, code, calls).
pub fn calls_by_day(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId, since: i64) -> Result<Vec<(i64, i32, i64)>> {
    let company = actor.account()?;
    Ok(token_call::table
        .inner_join(token::table)
        .filter(token::account_id.eq(company))
        .filter(token_call::token_id.eq(id))
        .filter(token_call::day.ge(since))
        .order((token_call::day.desc(), token_call::code))
        .select((token_call::day, token_call::code, token_call::calls))
        .load(tx.conn())?)
}

/// Begins to count a token's calls anew: the sums in all stay, and the days.
pub fn reset_calls(tx: &mut Tx<'_>, id: &TokenId) -> Result<()> {
    let at = tx.at();
    diesel::update(token_call_sum::table.filter(token_call_sum::token_id.eq(id)))
        .set(token_call_sum::since_reset.eq(0i64))
        .execute(tx.conn())?;
    diesel::update(token::table.find(id)).set(token::calls_reset_at.eq(Some(at))).execute(tx.conn())?;
    Ok(())
}

/// Forgets the days that are over for longer than [`CALL_DAYS`], at most `limit` rows; gives how many.
pub fn forget_calls(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let before = day_of(tx.at()) - CALL_DAYS;
    let old: Vec<(String, i64, i32)> = token_call::table
        .filter(token_call::day.lt(before))
        .select((token_call::token_id, token_call::day, token_call::code))
        .limit(limit)
        .load(tx.conn())?;
    for (token, day, code) in &old {
        diesel::delete(token_call::table.find((token, day, code))).execute(tx.conn())?;
    }
    Ok(old.len())
}
