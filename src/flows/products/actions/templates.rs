//! Templates.

use super::is_full;
use super::products::{changed, is_own, owned};
use crate::db::{Result, Tx, in_order};
use crate::flows::products::model::{Product, STEP, Template, TemplateDraft, View, may_delete};
use crate::flows::products::store;
use crate::journal::Change;
use crate::kit::{Actor, Events, Problems, Refusal, TemplateId, Text};

/// The templates of a product that the actor may see, by position.
pub fn templates(tx: &mut Tx<'_>, actor: &Actor, product: &str) -> Result<Vec<Template>> {
    let (id, _) = is_own(tx, actor, product)?;
    store::templates::of_product(tx, &id)
}

/// Those of these ids, in the order of the ids, of a product that the reader is known to see: one statement.
pub fn templates_of(tx: &mut Tx<'_>, product: &View, ids: &[String]) -> Result<Vec<Template>> {
    Ok(in_order(ids, store::templates::of_product(tx, &product.id)?, |t| t.id.as_str()))
}

/// A template of a product that the actor may see.
pub fn template(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<Template> {
    let found = templates(tx, actor, product)?.into_iter().find(|t| t.id == *id);
    found.ok_or_else(|| Refusal::not_found("template", id).into())
}

fn owned_template(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    id: &str,
) -> Result<(Product, Template, Vec<Template>)> {
    let product = owned(tx, actor, product)?;
    let all = store::templates::of_product(tx, &product.id)?;
    let found = all.iter().find(|t| t.id == *id).cloned().ok_or_else(|| Refusal::not_found("template", id))?;
    Ok((product, found, all))
}

/// Makes a template.
pub fn create_template(tx: &mut Tx<'_>, actor: &Actor, product: &str, draft: &TemplateDraft) -> Result<TemplateId> {
    let product = owned(tx, actor, product)?;
    let mut problems = Problems::default();
    let draft = draft.clone().checked(&mut problems, None);
    problems.done()?;
    let all = store::templates::of_product(tx, &product.id)?;
    if is_full(all.len(), tx.limits().templates) {
        let text = Text::new("{name} has {count} templates; more are not allowed. Delete one that is not needed.");
        return Err(Refusal::conflict(text.arg("name", &product.general.name).arg("count", all.len())).into());
    }
    let position = all.iter().map(|t| t.position).max().unwrap_or(0).saturating_add(STEP);
    let id = store::templates::insert(tx, &product.id, position, &draft, &Events::created(tx.at(), actor.by()))?;
    let text = Text::new("Template {name} was added").arg("name", &draft.title);
    changed(tx, actor, &product, "product.template_added", text, vec![])?;
    Ok(id)
}

/// Changes a template. Its scope and type stay.
pub fn edit_template(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    id: &str,
    edit: impl FnOnce(&mut TemplateDraft, &mut Problems),
) -> Result<TemplateId> {
    let (product, old, _) = owned_template(tx, actor, product, id)?;
    let mut draft = TemplateDraft::of(&old);
    let mut problems = Problems::default();
    edit(&mut draft, &mut problems);
    let draft = draft.checked(&mut problems, Some(&old));
    problems.done()?;
    let now = TemplateDraft::of(&old);
    // The texts that every product begins with end with a line break, which checking takes away.
    if draft == (TemplateDraft { body: now.body.trim().to_owned(), ..now }) {
        return Ok(old.id);
    }
    let changes: Vec<Change> = [
        Change::of("Name", &old.name, &draft.name),
        Change::of("Title", &old.title, &draft.title),
        (old.body != draft.body).then(|| Change::secret("Text")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::templates::update(tx, &old.id, &draft, &events)?;
    let text = Text::new("Template {name} was changed").arg("name", &draft.title);
    changed(tx, actor, &product, "product.template_changed", text, changes)?;
    Ok(old.id)
}

/// Deletes a template that may be deleted.
pub fn delete_template(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<()> {
    let (product, old, all) = owned_template(tx, actor, product, id)?;
    may_delete(&old, &all)?;
    store::templates::delete(tx, &old.id)?;
    let text = Text::new("Template {name} was deleted").arg("name", &old.title);
    changed(tx, actor, &product, "product.template_deleted", text, vec![])
}
