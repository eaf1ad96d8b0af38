//! Parameters.

use super::is_full;
use super::products::{changed, owned, view};
use crate::db::{self, Result, Tx, in_order, next_number};
use crate::flows::products::model::{Parameter, ParameterDraft, Phase, Product, STEP, View};
use crate::flows::products::store;
use crate::journal::Change;
use crate::kit::{Actor, Events, ParameterId, Problems, Refusal, Text};

/// The parameters of a product that the actor may see, by position. Those of the phase configuration are the vendor's
/// alone.
pub fn parameters(tx: &mut Tx<'_>, actor: &Actor, product: &str) -> Result<Vec<Parameter>> {
    let view = view(tx, actor, product)?;
    all_of(tx, &view)
}

/// Those of these ids, in the order of the ids, of a product that the reader is known to see: one statement.
pub fn parameters_of(tx: &mut Tx<'_>, product: &View, ids: &[String]) -> Result<Vec<Parameter>> {
    Ok(in_order(ids, all_of(tx, product)?, |p| p.id.as_str()))
}

fn all_of(tx: &mut Tx<'_>, product: &View) -> Result<Vec<Parameter>> {
    let mut found = store::parameters::of_product(tx, &product.id)?;
    found.retain(|p| product.own || p.phase != Phase::Configuration);
    Ok(found)
}

/// A parameter of a product that the actor may see, by its id or name.
pub fn parameter(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<Parameter> {
    let found = parameters(tx, actor, product)?.into_iter().find(|p| p.id == *id || p.name == id);
    found.ok_or_else(|| Refusal::not_found("parameter", id).into())
}

/// The parameters of an own product, with one of them taken out.
fn owned_parameter(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    id: &str,
) -> Result<(Product, Parameter, Vec<Parameter>)> {
    let product = owned(tx, actor, product)?;
    let mut all = store::parameters::of_product(tx, &product.id)?;
    let place =
        all.iter().position(|p| p.id == *id || p.name == id).ok_or_else(|| Refusal::not_found("parameter", id))?;
    let found = all.remove(place);
    Ok((product, found, all))
}

/// Makes a parameter.
pub fn create_parameter(tx: &mut Tx<'_>, actor: &Actor, product: &str, draft: &ParameterDraft) -> Result<ParameterId> {
    let product = owned(tx, actor, product)?;
    let others = store::parameters::of_product(tx, &product.id)?;
    let mut problems = Problems::default();
    let draft = draft.clone().checked(&mut problems, None, &others, &product.capabilities);
    problems.done()?;
    if is_full(others.len(), tx.limits().parameters) {
        let text = Text::new("{name} has {count} parameters; more are not allowed. Delete one that is not needed.");
        return Err(Refusal::conflict(text.arg("name", &product.general.name).arg("count", others.len())).into());
    }
    let number = next_number(tx, product.id.as_str(), "parameter")?;
    let id = format!("PRM-{}-{number:04}", product.id.digits());
    let id = ParameterId::parse(&id).ok_or_else(|| db::Error::Outside(format!("parameter id {id}")))?;
    let position = others.iter().map(|p| p.position).max().unwrap_or(0).saturating_add(STEP);
    store::parameters::insert(tx, &product.id, &id, position, &draft, &Events::created(tx.at(), actor.by()))?;
    let text = Text::new("Parameter {name} was added").arg("name", &draft.name);
    changed(tx, actor, &product, "product.parameter_added", text, vec![])?;
    Ok(id)
}

/// Changes a parameter. Its type, phase and scope stay.
pub fn edit_parameter(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    id: &str,
    edit: impl FnOnce(&mut ParameterDraft, &mut Problems),
) -> Result<ParameterId> {
    let (product, old, others) = owned_parameter(tx, actor, product, id)?;
    let mut draft = ParameterDraft::of(&old);
    let mut problems = Problems::default();
    edit(&mut draft, &mut problems);
    let draft = draft.checked(&mut problems, Some(&old), &others, &product.capabilities);
    problems.done()?;
    if draft == ParameterDraft::of(&old) {
        return Ok(old.id);
    }
    let (b, a) = (&old.constraints, &draft.constraints);
    let changes: Vec<Change> = [
        Change::of("Id", &old.name, &draft.name),
        Change::of("Title", &old.title, &draft.title),
        Change::of("Description", &old.description, &draft.description),
        Change::of("Hint", &old.hint, &draft.hint),
        Change::of("Placeholder", &old.placeholder, &draft.placeholder),
        Change::word("Required", b.required, a.required),
        Change::word("Hidden", b.hidden, a.hidden),
        Change::word("Unique", b.unique, a.unique),
        (b.choices != a.choices).then(|| Change::secret("Choices")),
        (b.dependency != a.dependency).then(|| Change::secret("Dependency")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::parameters::update(tx, &old.id, &draft, &events)?;
    let text = Text::new("Parameter {name} was changed").arg("name", &draft.name);
    changed(tx, actor, &product, "product.parameter_changed", text, changes)?;
    Ok(old.id)
}

/// Deletes a parameter. Requests keep the values they have.
pub fn delete_parameter(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<()> {
    let (product, old, others) = owned_parameter(tx, actor, product, id)?;
    let on_it = |p: &&Parameter| p.constraints.dependency.as_ref().is_some_and(|d| d.parameter.id == old.id.as_str());
    if let Some(other) = others.iter().find(on_it) {
        let text = Text::new("The parameter {other} depends on {name}. Change it first.").arg("other", &other.name);
        return Err(Refusal::state(text.arg("name", &old.name)).with("parameter", &other.id).into());
    }
    if !store::parameters::delete(tx, &old.id)? {
        let text = Text::new("Subscriptions have values of the parameter {name}, so it stays. Hide it instead.");
        return Err(Refusal::state(text.arg("name", &old.name)).into());
    }
    let text = Text::new("Parameter {name} was deleted").arg("name", &old.name);
    changed(tx, actor, &product, "product.parameter_deleted", text, vec![])
}
