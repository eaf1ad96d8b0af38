//! The work of the accounts flow that is done in the background: links are mailed; invitations that nobody took up end;
//! tokens grow old, and their companies are told in time; the records of domains are looked up again.

use super::actions;
use super::model::sso;
use crate::db::Error;
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

/// The kind of the job that looks the records of verified domains up again.
pub const CHECK_DOMAINS: &str = "sso.check";

/// Looks up again what nobody has looked up for a day. Where no server of names answers, nothing is known and
/// nothing changes.
pub fn check_domains(work: &Work) -> Result<(), Failed> {
    let services = work.services();
    let since = services.clock.now().plus_seconds(-sso::CHECK_SECONDS);
    loop {
        let due = services.db.read(|tx| actions::sso_domains_to_check(tx, since, BATCH))?;
        if due.is_empty() {
            return Ok(());
        }
        for (actor, row) in due {
            let there = actions::proves(&services.dns, &row).ok();
            // A domain that its account took away meanwhile is not looked at any more.
            match services.db.write(|tx| actions::note_sso_check(tx, &actor, row.id.as_str(), there)) {
                Ok(_) | Err(Error::Refused(_)) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
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
