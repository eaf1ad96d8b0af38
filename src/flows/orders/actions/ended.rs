//! What the end of a contract means for subscriptions: they go on, and their story says why nothing new is ordered.

use serde_json::json;

use super::super::store::{self, ASSET};
use crate::db::{Result, Tx};
use crate::jobs::{self, NewJob};
use crate::journal::{self, Entry};
use crate::kit::{Actor, Text};

/// The kind of job that writes it.
pub const ENDED: &str = "orders.contract_ended";
/// Subscriptions whose story is written in one transaction.
const BATCH: i64 = 100;

/// What would become of subscriptions and requests if these contracts ended.
pub fn foresee_contract_end(tx: &mut Tx<'_>, contracts: &[String]) -> Result<Vec<Text>> {
    let (running, open) = store::count_under(tx, contracts)?;
    let mut all = vec![];
    if running > 0 {
        let text = "{count|One subscription goes|{count} subscriptions go} on: changes and cancellations stay possible, new orders are refused.";
        all.push(Text::new(text).arg("count", running));
    }
    if open > 0 {
        let text = "{count|One request is|{count} requests are} open and can still be finished.";
        all.push(Text::new(text).arg("count", open));
    }
    Ok(all)
}

/// Puts the job into the queue that tells the story of the subscriptions under a contract that has ended.
pub fn contract_ended(tx: &mut Tx<'_>, actor: &Actor, contract: &str) -> Result<()> {
    if store::running_under(tx, contract, "", 1)?.is_empty() {
        return Ok(());
    }
    let account = actor.account()?.clone();
    let args = json!({ "contract": contract, "account": account.as_str(), "name": actor.company()?.name });
    jobs::enqueue(tx, NewJob { account: Some(&account), object: Some(contract), ..NewJob::new(ENDED, args) }).map(drop)
}

/// Writes the next pages of the story, for the system of the company that ended the contract. Gives the last subscription
/// that was told of; nothing if all were.
pub fn tell_ended(tx: &mut Tx<'_>, system: &Actor, contract: &str, after: &str) -> Result<Option<String>> {
    let running = store::running_under(tx, contract, after, BATCH)?;
    for id in &running {
        let text =
            Text::new("The contract {contract} ended. The subscription goes on; nothing new is ordered under it.");
        let entry = Entry::new(ASSET, id, "asset.contract_ended", text.arg("contract", contract));
        journal::record(tx, system, entry)?;
    }
    Ok(running.last().map(ToString::to_string))
}
