//! What a company does with all its business at once: closing its account.

use super::{model, store};
use crate::db::{Result, Tx};
use crate::flows::accounts;
use crate::kit::{Actor, Level, Module, Text};

/// What keeps the actor's company from being closed, in sentences.
pub fn in_the_way(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Text>> {
    actor.need(Module::Account, Level::Manage)?;
    let mut all = model::in_the_way(&store::all_counts(tx, actor)?);
    all.extend(accounts::actions::kept_open(tx, actor)?);
    Ok(all)
}

/// Closes the actor's company, if nothing is going on in it any more. The operator of the portal can open it again, and
/// the company above a sub-account.
pub fn close_account(tx: &mut Tx<'_>, actor: &Actor, reason: &str) -> Result<()> {
    accounts::actions::close_own_company(tx, actor, reason, |tx| in_the_way(tx, actor))
}
