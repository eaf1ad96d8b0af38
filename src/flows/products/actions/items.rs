//! Items.

use super::products::{changed, owned, view};
use crate::db::{self, Result, Tx, next_number};
use crate::flows::products::model::{
    Item, ItemDraft, ItemExtra, ItemStatus, ItemVerb, Product, STEP, View, item_after,
};
use crate::flows::products::store;
use crate::journal::Change;
use crate::kit::{Actor, Events, ItemId, Problems, ProductId, Refusal, Text};

/// The items of these ids in a product, in the order of the ids, as the actor may see them: the vendor sees the master
/// copy; others see what the newest public version keeps, in the status of now.
pub fn items(tx: &mut Tx<'_>, actor: &Actor, product: &str, ids: &[String]) -> Result<Vec<Item>> {
    let view = view(tx, actor, product)?;
    items_of(tx, &view, ids)
}

/// The same of a product that the reader is known to see: one or two statements.
pub fn items_of(tx: &mut Tx<'_>, product: &View, ids: &[String]) -> Result<Vec<Item>> {
    let mut found = store::items::by_ids(tx, ids)?;
    found.retain(|i| belongs(&i.id, &product.id));
    if !product.own {
        let kept = match product.public_version {
            Some(number) => store::versions::snapshot(tx, &product.id, number)?.map(|s| s.items).unwrap_or_default(),
            None => vec![],
        };
        found = found
            .into_iter()
            .filter_map(|now| kept.iter().find(|k| k.id == now.id).map(|k| Item { status: now.status, ..k.clone() }))
            .collect();
    }
    found.sort_by_key(|i| ids.iter().position(|wanted| i.id == **wanted));
    Ok(found)
}

/// An item's id starts with its product's.
fn belongs(item: &ItemId, product: &ProductId) -> bool {
    item.as_str().strip_prefix(product.as_str()).is_some_and(|rest| rest.starts_with('-'))
}

/// An item of a product that the actor may see, by id or local id.
pub fn item(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<Item> {
    let plain = id.replace('_', "-");
    items(tx, actor, product, &[plain])?.pop().ok_or_else(|| Refusal::not_found("item", id).into())
}

/// The item of an own product.
fn owned_item(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<(Product, Item)> {
    let product = owned(tx, actor, product)?;
    let item = item(tx, actor, product.id.as_str(), id)?;
    Ok((product, item))
}

/// Looks at a draft: its own values, its unit, what the product has already.
fn check(tx: &mut Tx<'_>, actor: &Actor, product: &Product, draft: ItemDraft, now: Option<&Item>) -> Result<ItemDraft> {
    let mut problems = Problems::default();
    let draft = draft.checked(&mut problems, now, &product.capabilities);
    let unit = store::shelves::unit(tx, actor.account()?, &draft.unit)?;
    match &unit {
        None => {
            problems.add("unit", Text::new("There is no unit {id}. Choose one of the list.").arg("id", &draft.unit))
        }
        Some(unit) => {
            problems.check(unit.kind == draft.kind || now.is_some_and(|i| i.unit.id == unit.id), "unit", || {
                Text::new("The unit {unit} is for {kind:word} items. Choose another.")
                    .arg("unit", &unit.description)
                    .arg("kind", unit.kind)
            })
        }
    }
    if let Some(parent) = &draft.parent {
        let known = store::items::by_ids(tx, &[parent.to_string()])?;
        let good = known.first().is_some_and(|p| belongs(&p.id, &product.id) && p.extra.parent.is_none());
        problems.check(good, "parent", || {
            Text::new("{id} cannot be the parent: it must be an item of this product that has no parent itself.")
                .arg("id", parent)
        });
    }
    for (other, mpn, _) in store::items::taken(tx, &product.id, &draft.mpn, &draft.name)? {
        if now.is_some_and(|i| i.id == other) {
            continue;
        }
        // Clients look for these two sentences.
        if mpn == draft.mpn {
            problems.add("mpn", Text::new("Item with same mpn already exists for the product."));
        } else {
            problems.add("name", Text::new("Item with same name already exists for the product."));
        }
    }
    problems.done()?;
    Ok(draft)
}

/// Makes a draft item.
pub fn create_item(tx: &mut Tx<'_>, actor: &Actor, product: &str, draft: &ItemDraft) -> Result<ItemId> {
    let product = owned(tx, actor, product)?;
    let draft = check(tx, actor, &product, draft.clone(), None)?;
    let (count, last) = store::items::count(tx, &product.id)?;
    if count >= tx.limits().items {
        let text = Text::new("{name} has {count} items; more are not allowed. Delete a draft that is not needed.");
        return Err(Refusal::conflict(text.arg("name", &product.general.name).arg("count", count)).into());
    }
    let number = next_number(tx, product.id.as_str(), "item")?;
    let id = format!("{}-{number:04}", product.id);
    let id = ItemId::parse(&id).ok_or_else(|| db::Error::Outside(format!("item id {id}")))?;
    let events = Events::created(tx.at(), actor.by());
    store::items::insert(tx, &product.id, &id, last.saturating_add(STEP), &draft, false, &events)?;
    let text = Text::new("Item {name} ({mpn}) was added").arg("name", &draft.name).arg("mpn", &draft.mpn);
    changed(tx, actor, &product, "product.item_added", text, vec![])?;
    Ok(id)
}

/// Changes an item. After it was published, what it is charged by stays.
pub fn edit_item(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    id: &str,
    edit: impl FnOnce(&mut ItemDraft, &mut Problems),
) -> Result<ItemId> {
    let (product, old) = owned_item(tx, actor, product, id)?;
    let mut draft = ItemDraft::of(&old);
    let mut problems = Problems::default();
    edit(&mut draft, &mut problems);
    problems.done()?;
    let draft = check(tx, actor, &product, draft, Some(&old))?;
    let parent = |id: &Option<ItemId>| id.as_ref().map(ToString::to_string).unwrap_or_default();
    let changes: Vec<Change> = [
        Change::of("Name", &old.name, &draft.name),
        Change::of("MPN", &old.mpn, &draft.mpn),
        Change::of("Description", &old.description, &draft.description),
        Change::word("Type", old.kind, draft.kind),
        Change::word("Billing period", old.period, draft.period),
        Change::word("Commitment", old.commitment, draft.commitment),
        Change::word("Precision", old.precision, draft.precision),
        Change::of("Unit", &old.unit.id, &draft.unit),
        Change::word("Shown when ordering", old.visible, draft.visible),
        Change::of(
            "External id",
            old.external_id.clone().unwrap_or_default(),
            draft.external_id.clone().unwrap_or_default(),
        ),
        Change::of("Parent", parent(&old.extra.parent), parent(&draft.parent)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let extra = ItemExtra { parent: draft.parent.clone(), ..old.extra.clone() };
    if changes.is_empty() && extra == old.extra {
        return Ok(old.id);
    }
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::items::update(tx, &old.id, &draft, &extra, &events)?;
    let text = Text::new("Item {name} was changed").arg("name", &draft.name);
    changed(tx, actor, &product, "product.item_changed", text, changes)?;
    Ok(old.id)
}

/// Ends the sale of an item, with the item that replaces it and a note if there are such.
pub fn end_item_sale(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    id: &str,
    replacement: Option<&str>,
    notes: &str,
) -> Result<ItemId> {
    let (product, old) = owned_item(tx, actor, product, id)?;
    let status = item_after(old.status, ItemVerb::EndSale)?;
    let mut problems = Problems::default();
    let notes = problems.optional("end_of_sale_notes", notes, 4_000);
    let replacement = match replacement.filter(|r| !r.is_empty()) {
        None => None,
        Some(other) => {
            let found = store::items::by_ids(tx, &[other.to_owned()])?.pop();
            let good = |i: &&Item| belongs(&i.id, &product.id) && i.id != old.id && i.status == ItemStatus::Published;
            let found = found.as_ref().filter(good).map(|i| i.id.clone());
            problems.check(found.is_some(), "replacement", || {
                Text::new("{id} cannot replace this item. Name another item of this product that is on sale.")
                    .arg("id", other)
            });
            found
        }
    };
    problems.done()?;
    let extra = ItemExtra { replacement, end_of_sale_notes: notes, ..old.extra.clone() };
    let text = Text::new("The sale of item {name} ended").arg("name", &old.name);
    stand(tx, actor, &product, &old, status, &extra, ("saleended", "product.item_sale_ended", text))
}

/// Puts an item on sale again.
pub fn resume_item_sale(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<ItemId> {
    let (product, old) = owned_item(tx, actor, product, id)?;
    let status = item_after(old.status, ItemVerb::ResumeSale)?;
    let extra = ItemExtra { replacement: None, end_of_sale_notes: None, ..old.extra.clone() };
    let text = Text::new("Item {name} is on sale again").arg("name", &old.name);
    stand(tx, actor, &product, &old, status, &extra, ("saleresumed", "product.item_sale_resumed", text))
}

fn stand(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &Product,
    old: &Item,
    status: ItemStatus,
    extra: &ItemExtra,
    (stamp, verb, text): (&str, &'static str, Text),
) -> Result<ItemId> {
    let mut events = old.events.clone();
    events.stamp(stamp, tx.at(), actor.by());
    events.stamp("updated", tx.at(), actor.by());
    store::items::update(tx, &old.id, &ItemDraft::of(old), extra, &events)?;
    store::items::set_status(tx, &old.id, status)?;
    changed(tx, actor, product, verb, text, vec![])?;
    Ok(old.id.clone())
}

/// Deletes a draft item.
pub fn delete_item(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<()> {
    let (product, old) = owned_item(tx, actor, product, id)?;
    item_after(old.status, ItemVerb::Delete)?;
    store::items::delete(tx, &old.id)?;
    let text = Text::new("Item {name} ({mpn}) was deleted").arg("name", &old.name).arg("mpn", &old.mpn);
    changed(tx, actor, &product, "product.item_deleted", text, vec![])
}
