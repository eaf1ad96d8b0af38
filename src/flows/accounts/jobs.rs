//! What goes on by itself: invitations whose time is over end.

use super::actions;
use crate::jobs::{Failed, Work};

/// How many invitations one transaction ends.
const BATCH: i64 = 50;

/// Ends the invitations that nobody took up in time.
pub fn expire(work: &Work) -> Result<(), Failed> {
    while work.services().db.write(|tx| actions::expire_invitations(tx, BATCH))? > 0 {}
    Ok(())
}
