//! The work of the accounts flow that is done in the background.

use super::actions;
use crate::jobs::{Failed, Work};

/// Sends a link to set a new password, if the address that somebody typed is registered.
pub fn forgotten(work: &Work) -> Result<(), Failed> {
    let (services, email) = (work.services(), work.args()["email"].as_str().unwrap_or_default());
    let door = actions::Door { deployment: &services.secret };
    Ok(services.db.write(|tx| actions::send_password_link(tx, email, &door))?)
}
