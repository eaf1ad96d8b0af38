//! The one way to change who may do what in a company.

use super::super::model::people;
use super::super::store;
use crate::db::{self, Result, Tx};
use crate::kit::{Actor, Level, Module, Seat};

/// Runs a change of members or groups of the own company: one at a time per company, by an actor who may make it now, and
/// only if somebody who can manage the account is left.
///
/// What a person may do was read before this transaction began. Somebody may have taken it away since: it is read again
/// under the lock that every such change takes.
pub(super) fn managing<T>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    change: impl FnOnce(&mut Tx<'_>, &Actor, &Seat) -> Result<T>,
) -> Result<T> {
    let account = actor.need(Module::Account, Level::Manage)?.account.clone();
    db::lock(tx, "account", account.as_str())?;
    let actor = as_of_now(tx, actor)?;
    let seat = actor.need(Module::Account, Level::Manage)?;
    let before = store::hands(tx, &actor)?;
    let done = change(tx, &actor, seat)?;
    people::still_managed(&before, &store::hands(tx, &actor)?)?;
    crate::crash::point("accounts.manage.before-commit");
    Ok(done)
}

/// The actor with what they may do by what is kept now.
pub(super) fn as_of_now(tx: &mut Tx<'_>, actor: &Actor) -> Result<Actor> {
    let Actor::Person { user, name, seat } = actor else { return Ok(actor.clone()) };
    let seat = Seat { permissions: store::permissions_now(tx, actor)?, ..seat.clone() };
    Ok(Actor::Person { user: user.clone(), name: name.clone(), seat })
}
