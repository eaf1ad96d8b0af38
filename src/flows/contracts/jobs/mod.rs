//! What goes on by itself: contracts whose time is over end, sheets of partners are checked, their partners invited.

mod batches;

pub use batches::{check as check_batch, invite as invite_batch};

use super::actions;
use crate::jobs::{Failed, Work};

/// How many contracts one transaction ends.
const BATCH: i64 = 20;

/// Ends the active contracts whose `expire_at` has passed.
pub fn expire(work: &Work) -> Result<(), Failed> {
    while work.services().db.write(|tx| actions::terminate_expired(tx, BATCH))? > 0 {}
    Ok(())
}
