//! What goes on by itself: tokens grow old, and their companies are told in time.

use super::actions;
use crate::jobs::{Failed, Work};

/// The kind of the job that writes what time has changed of tokens.
pub const TURN: &str = "tokens.turn";
/// How many companies are looked up at once.
const BATCH: i64 = 50;

/// Brings every company's tokens up to this moment.
pub fn turn(work: &Work) -> Result<(), Failed> {
    let mut after = String::new();
    while let Some(last) = actions::settle_companies(&work.services().db, &after, BATCH)? {
        after = last.to_string();
    }
    Ok(())
}
