//! The work of the accounts flow that is done in the background: links are mailed; invitations that nobody took up end;
//! tokens grow old, and their companies are told in time.

use super::actions;
use crate::jobs::{Failed, Work};

/// Sends a link to set a new password, if the address that somebody typed is registered.
pub fn forgotten(work: &Work) -> Result<(), Failed> {
    let (services, email) = (work.services(), work.args()["email"].as_str().unwrap_or_default());
    let door = actions::Door { deployment: &services.secret };
    Ok(services.db.write(|tx| actions::send_password_link(tx, email, &door))?)
}

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

/// The kind of the job that ends invitations.
pub const EXPIRE: &str = "accounts.expire";
/// How many invitations one transaction ends.
const INVITATIONS: i64 = 50;

/// Ends the invitations that nobody took up in time.
pub fn expire(work: &Work) -> Result<(), Failed> {
    while work.services().db.write(|tx| actions::expire_invitations(tx, INVITATIONS))? > 0 {}
    Ok(())
}
