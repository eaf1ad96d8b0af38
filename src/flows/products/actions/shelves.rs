//! Categories and units: what products are sorted by and counted in.

use crate::db::{Result, Tx};
use crate::flows::products::model::{Category, ItemKind, UnitOfMeasure};
use crate::flows::products::store;
use crate::journal::{self, Audience, Entry};
use crate::kit::{Actor, Level, Module, Problems, Refusal, Text};

/// All categories.
pub fn categories(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Category>> {
    actor.company()?;
    store::shelves::categories(tx)
}

/// The units that the actor's company may use: the shared ones and its own.
pub fn units(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<UnitOfMeasure>> {
    store::shelves::units(tx, actor.account()?)
}

/// Makes a unit for the actor's company.
pub fn create_unit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    description: &str,
    code: &str,
    kind: ItemKind,
) -> Result<UnitOfMeasure> {
    let seat = actor.need(Module::Products, Level::Manage)?;
    let mut problems = Problems::default();
    let description = problems.text("description", description, 255);
    let code = problems.text("unit", code, 64);
    problems.done()?;
    let count = store::shelves::count_units(tx, &seat.account)?;
    if count >= tx.limits().units {
        let text = Text::new("{account} has {count} units of its own; more are not allowed. Use one of them.");
        return Err(Refusal::conflict(text.arg("account", &seat.name).arg("count", count)).into());
    }
    let same = |u: &UnitOfMeasure| u.kind == kind && u.description == description && u.owner.is_some();
    if let Some(unit) = store::shelves::units(tx, &seat.account)?.into_iter().find(same) {
        let text = Text::new("The unit {description} exists already: {id}. Use it.").arg("description", &description);
        return Err(Refusal::conflict(text.arg("id", &unit.id)).with("unit", unit.id).into());
    }
    let id = store::shelves::insert_unit(tx, &seat.account, &description, &code, kind)?;
    let text = Text::new("Unit {description} was added").arg("description", &description);
    journal::record(
        tx,
        actor,
        Entry::new("account", &seat.account, "account.unit_added", text).audience(Audience::Own),
    )?;
    store::shelves::unit(tx, &seat.account, &id)?.ok_or_else(|| Refusal::not_found("unit", id).into())
}
