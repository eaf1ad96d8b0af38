//! What goes on by itself: contracts whose time is over end, partners are told of newer versions, sheets of partners are
//! checked and their partners invited.

mod batches;

pub use batches::{check as check_batch, invite as invite_batch};

use serde_json::{Value, json};

use super::actions::{self, Told};
use crate::jobs::{Failed, Work};

/// How many contracts one transaction ends.
const BATCH: i64 = 20;

/// Ends the active contracts whose `expire_at` has passed.
pub fn expire(work: &Work) -> Result<(), Failed> {
    while work.services().db.write(|tx| actions::terminate_expired(tx, BATCH))? > 0 {}
    Ok(())
}

/// Tells every partner under an older version of an agreement that a newer one is active; a job that takes over goes on
/// behind the last that was told.
pub fn tell_newer(work: &Work) -> Result<(), Failed> {
    let agreement = work.text("agreement")?;
    let reminder = work.args().get("reminder").and_then(Value::as_bool).unwrap_or(false);
    let text = |name: &str| work.cursor().and_then(|c| c.get(name)?.as_str()).unwrap_or_default().to_owned();
    let count = work.cursor().and_then(|c| c.get("count")?.as_i64()).unwrap_or(0);
    let mut so_far = Told { last: text("last"), count };
    loop {
        let step = work.services().db.write(|tx| {
            let step = actions::tell_some(tx, agreement, reminder, &so_far)?;
            let noted = step.as_ref().unwrap_or(&so_far);
            work.checkpoint(tx, json!({ "last": noted.last, "count": noted.count }), noted.count, None)?;
            crate::crash::point("contracts.newer.told");
            Ok(step)
        })?;
        match step {
            Some(told) => so_far = told,
            None => return Ok(()),
        }
    }
}
