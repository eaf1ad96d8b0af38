//! Subscriptions under contracts that end, or are about to.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::schema::{asset, request};
use crate::db::{Result, Tx};
use crate::flows::orders::model::AssetStatus;
use crate::kit::AssetId;

/// Where a subscription is over, or never was one.
const OVER: [AssetStatus; 2] = [AssetStatus::Draft, AssetStatus::Terminated];
/// Requests that are not done with, in the words of the index of migration 0029.
const OPEN: &str = "request.status not in ('approved', 'failed', 'revoked')";

/// How many subscriptions run under these contracts, and how many requests for such are open. For a flow below that asks
/// what would happen.
pub fn count_under(tx: &mut Tx<'_>, contracts: &[String]) -> Result<(i64, i64)> {
    let running = asset::table
        .filter(asset::contract_id.eq_any(contracts))
        .filter(asset::status.ne_all(OVER))
        .count()
        .get_result(tx.conn())?;
    let open = request::table
        .filter(request::contract_id.eq_any(contracts))
        .filter(sql::<Bool>(OPEN))
        .count()
        .get_result(tx.conn())?;
    Ok((running, open))
}

/// The subscriptions that run under a contract, by id, after one of them. For the job that tells their story.
pub fn running_under(tx: &mut Tx<'_>, contract: &str, after: &str, limit: i64) -> Result<Vec<AssetId>> {
    Ok(asset::table
        .filter(asset::contract_id.eq(contract))
        .filter(asset::status.ne_all(OVER))
        .filter(asset::id.gt(after.to_owned()))
        .order(asset::id)
        .limit(limit)
        .select(asset::id)
        .load(tx.conn())?)
}
