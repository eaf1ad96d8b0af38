//! What the operator sees of the deployment.

mod accounts;
mod jobs;
mod mail;
mod overview;

pub use accounts::*;
pub use jobs::*;
pub use mail::*;
pub use overview::*;

use crate::db::{Result, Tx, settings};
use crate::kit::{Actor, Refusal};

/// The scope of every list here: all of the deployment for the operator, nothing for anybody else.
const OPERATOR: &str = "{account} = (select value from setting where name = 'operator')";

/// Refuses, as if there were nothing, unless the acting account is the operator.
fn operates(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    let operator = settings::get(tx, "operator")?;
    match actor.seat() {
        Some(seat) if operator.as_deref() == Some(seat.account.as_str()) => Ok(()),
        _ => Err(Refusal::not_found("page", "operator").into()),
    }
}
