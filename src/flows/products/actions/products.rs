//! The product itself.

use super::pictures::{self, Upload};
use crate::db::list::{self, Rules};
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::flows::products::model::{
    self, Capabilities, Category, Extra, General, InUse, Product, SEED, STEP, Scope, TemplateDraft, Verb, View, next,
};
use crate::flows::products::store::{self, lists::PRODUCTS};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{
    Actor, CategoryId, Events, Level, Module, NamedRef, Problems, ProductId, Refusal, Role, Seat, Side, Text,
};
use crate::rql::Query;

/// Entries about the master copy are for its vendor.
pub(super) const VENDOR: Audience = Audience::Sides(&[Side::Vendor]);

/// The vendor who acts on products.
fn vendor(actor: &Actor) -> Result<&Seat> {
    let seat = actor.need(Module::Products, Level::Manage)?;
    actor.need_role(Role::Vendor)?;
    Ok(seat)
}

fn read_id(id: &str) -> Result<ProductId> {
    ProductId::parse(id).ok_or_else(|| Refusal::not_found("product", id).into())
}

/// The products of these ids that the actor may see, in the order of the ids.
pub fn products(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Product>> {
    actor.need(Module::Products, Level::Read)?;
    let wanted: Vec<ProductId> = ids.iter().filter_map(|id| ProductId::parse(id)).collect();
    let mut found = store::products::seen(tx, actor, &wanted)?;
    let place = |p: &Product| wanted.iter().position(|id| *id == p.id);
    found.sort_by_key(place);
    Ok(found)
}

/// A product that the actor may see: the master copy for its vendor, the newest public version for others.
pub fn product(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Product> {
    products(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("product", id).into())
}

/// The products that the actor may see and that a query asks for, at most `most` of them, in the query's order.
pub fn find(tx: &mut Tx<'_>, actor: &Actor, query: &Query, most: u32) -> Result<Vec<Product>> {
    let account = actor.need(Module::Products, Level::Read)?.account.to_string();
    let ids = list::ids(tx.conn(), &PRODUCTS, Some(&account), query, &Rules::API, most)?;
    products(tx, actor, &ids)
}

/// Which copy of a product the actor sees; refused if it may not see the product: one statement.
pub fn view(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<View> {
    actor.need(Module::Products, Level::Read)?;
    let id = read_id(id)?;
    store::view(tx, actor, &id)?.ok_or_else(|| Refusal::not_found("product", id).into())
}

/// Whether a product is the actor's own; refused if the actor may not see it: one statement.
pub fn is_own(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(ProductId, bool)> {
    let view = view(tx, actor, id)?;
    Ok((view.id, view.own))
}

/// The actor's own product, locked until the transaction ends.
pub(super) fn owned(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Product> {
    db::lock(tx, "product", id)?;
    let product = product(tx, actor, id)?;
    if !product.own {
        let text = Text::new("The product {id} belongs to {owner}, who alone can change it.");
        return Err(Refusal::forbidden(text.arg("id", id).arg("owner", &product.owner.name)).into());
    }
    vendor(actor)?;
    Ok(product)
}

/// Refuses unless a product is the actor's own to change: asked before anything else is said about what was sent.
pub fn may_change(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let (id, own) = is_own(tx, actor, id)?;
    if !own {
        return Err(Refusal::forbidden(Text::new("Only the vendor of {id} can change it.").arg("id", id)).into());
    }
    vendor(actor).map(drop)
}

/// Notes that something of an own product changed, for its vendor.
pub(super) fn changed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &Product,
    verb: &'static str,
    text: Text,
    changes: Vec<Change>,
) -> Result<()> {
    let mut events = product.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::products::touch(tx, &product.id, &events)?;
    journal::record(tx, actor, Entry::new("product", &product.id, verb, text).audience(VENDOR).changes(changes))?;
    crate::crash::point("products.change.before-commit");
    Ok(())
}

/// What a new product is made of.
#[derive(Debug, Clone, Default)]
pub struct NewProduct {
    /// Its name.
    pub name: String,
    /// The vendor's own id.
    pub external_id: Option<String>,
    /// Id of its category.
    pub category: Option<String>,
    /// `transactable` or `referral`.
    pub purchase_model: Option<String>,
}

/// Makes a draft with the templates that every product starts with.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, new: &NewProduct) -> Result<ProductId> {
    let seat = vendor(actor)?;
    let mut problems = Problems::default();
    let mut general = General { name: new.name.clone(), external_id: new.external_id.clone(), ..General::default() };
    general.check(&mut problems);
    let category = category(tx, new.category.as_deref(), &mut problems)?;
    let model = new.purchase_model.as_deref().map(str::to_ascii_lowercase);
    problems.check(matches!(model.as_deref(), None | Some("transactable" | "referral")), "purchase_model", || {
        Text::new("A product is transactable or referral. Leave it out, or use one of these words.")
    });
    problems.done()?;
    if store::partners::distributors_of(tx, &seat.account)?.is_empty() {
        let text = Text::new("{account} has no active distribution contract yet. Sign one before you make a product.");
        return Err(Refusal::state(text.arg("account", &seat.name)).into());
    }
    let count = store::products::count(tx, &seat.account)?;
    if count >= tx.limits().products {
        let text =
            Text::new("{account} has {count} products; more are not allowed. Delete a draft that is not needed.");
        return Err(Refusal::conflict(text.arg("account", &seat.name).arg("count", count)).into());
    }
    let events = Events::created(tx.at(), actor.by());
    let extra = Extra { purchase_model: model, ..Extra::default() };
    let id = store::products::insert(tx, &seat.account, &general, category.as_ref().map(|c| &c.id), &extra, &events)?;
    for (n, (kind, title, body)) in (1..).zip(SEED) {
        let draft = TemplateDraft {
            name: (*title).to_owned(),
            title: (*title).to_owned(),
            body: (*body).to_owned(),
            scope: Scope::Asset,
            kind: Some(*kind),
        };
        store::templates::insert(tx, &id, n * STEP, &draft, &events)?;
    }
    party::put(tx, "product", id.as_str(), "draft", None, &[Party::new(&seat.account, Side::Vendor)])?;
    let text = Text::new("{name} was created").arg("name", &general.name);
    journal::record(tx, actor, Entry::new("product", &id, "product.created", text).audience(VENDOR))?;
    crate::crash::point("products.create.before-commit");
    Ok(id)
}

/// The category of an id, if products may be in it; notes a problem otherwise.
fn category(tx: &mut Tx<'_>, id: Option<&str>, problems: &mut Problems) -> Result<Option<Category>> {
    let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(None) };
    let found = store::shelves::category(tx, id)?.filter(Category::is_assignable);
    if found.is_none() {
        problems
            .add("category", Text::new("{id} is not a category for products. Choose one of the list.").arg("id", id));
    }
    Ok(found)
}

/// A master copy while it is edited.
#[derive(Debug, Clone)]
pub struct Editing {
    /// General data.
    pub general: General,
    /// Id of its category.
    pub category: Option<String>,
    /// What it can do.
    pub capabilities: Capabilities,
}

/// Changes general data and capabilities, and the icon if one is given. `edit` gets the master copy as it is.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    icon: Option<&Upload>,
    edit: impl FnOnce(&mut Editing, &mut Problems),
) -> Result<ProductId> {
    let old = owned(tx, actor, id)?;
    journal::unchanged(tx, actor, ("product", id), "product", (revision, old.revision))?;
    next(old.status, Verb::Edit)?;
    let before = Editing {
        general: old.general.clone(),
        category: old.general.category.as_ref().map(|c| c.id.clone()),
        capabilities: old.capabilities.clone(),
    };
    let mut new = before.clone();
    let mut problems = Problems::default();
    edit(&mut new, &mut problems);
    new.general.check(&mut problems);
    // Who has chosen no category is shown the root of all of them, and may send it back.
    if before.category.is_none() && new.category.as_deref() == Some(model::NEVER_ASSIGNED[0]) {
        new.category = None;
    }
    let category = category(tx, new.category.as_deref(), &mut problems)?;
    if old.latest_version.is_some() && category.is_none() {
        problems.add("category", Text::new("A product with versions needs a category. Choose one."));
    }
    if new.capabilities != before.capabilities {
        let used = used(tx, &old.id)?;
        model::check(&mut problems, &before.capabilities, &new.capabilities, used);
    }
    problems.done()?;
    if let Some(icon) = icon {
        new.general.icon = Some(pictures::put(tx, &old, icon)?);
    }
    let named = (old.general.category.as_ref().map(|c| c.name.as_str()), category.as_ref().map(|c| c.name.as_str()));
    let changes = differences(&before, &new, named);
    if new.general == before.general && new.category == before.category && new.capabilities == before.capabilities {
        return Ok(old.id);
    }
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    let extra = extra_of(&old, &new.general);
    let row = store::products::Changed {
        general: &new.general,
        category: category.as_ref().map(|c| &c.id),
        capabilities: &new.capabilities,
        extra: &extra,
        events: &events,
    };
    store::products::update(tx, &old.id, &row)?;
    let audience = if new.capabilities == before.capabilities { VENDOR } else { Audience::All };
    let text = Text::new("The product was changed");
    journal::record(
        tx,
        actor,
        Entry::new("product", &old.id, "product.changed", text).audience(audience).changes(changes),
    )?;
    crate::crash::point("products.edit.before-commit");
    Ok(old.id)
}

fn extra_of(old: &Product, general: &General) -> Extra {
    Extra {
        ui: general.ui.clone(),
        replacement: old.replacement.as_ref().map(|r| r.id.clone()),
        end_of_sale_notes: old.end_of_sale_notes.clone(),
        purchase_model: old.purchase_model.clone(),
    }
}

fn used(tx: &mut Tx<'_>, id: &ProductId) -> Result<InUse> {
    let tier_level = store::parameters::of_product(tx, id)?.iter().map(|p| p.scope.level()).max().unwrap_or(0);
    Ok(InUse { ppu_items: store::items::any_ppu(tx, id)?, tier_level })
}

/// The beginning of a long text, as much as a timeline has room for.
fn beginning(text: &str) -> String {
    const ROOM: usize = 160;
    match text.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn long(field: &str, before: &str, after: &str) -> Option<Change> {
    let (b, a) = (beginning(before), beginning(after));
    // Where only the rest differs, both begin alike.
    if before != after && b == a {
        return Some(Change {
            field: field.to_owned(),
            before: None,
            after: Some("changed further on".to_owned()),
            words: true,
        });
    }
    Change::of(field, b, a)
}

fn differences(before: &Editing, after: &Editing, category: (Option<&str>, Option<&str>)) -> Vec<Change> {
    let (b, a) = (&before.general, &after.general);
    let text = |o: &Option<String>| o.clone().unwrap_or_default();
    let on = |on: bool| if on { "on" } else { "off" };
    let schema = |c: &Capabilities| c.ppu.as_ref().map(|p| p.schema.to_string()).unwrap_or_default();
    let level = |c: &Capabilities| c.tiers.configs.as_ref().map(|t| t.level.to_string()).unwrap_or_default();
    let mut changes: Vec<Change> = [
        Change::of("Name", &b.name, &a.name),
        Change::of("External id", text(&b.external_id), text(&a.external_id)),
        Change::of("Category", category.0.unwrap_or_default(), category.1.unwrap_or_default()),
        long("Short description", &b.short_description, &a.short_description),
        long("Overview", &b.detailed_description, &a.detailed_description),
        (b.icon != a.icon).then(|| Change {
            field: "Icon".to_owned(),
            before: None,
            after: Some("a new one".to_owned()),
            words: true,
        }),
        long("First steps", &b.ui.getting_started, &a.ui.getting_started),
        (b.ui != a.ui && b.ui.getting_started == a.ui.getting_started).then(|| Change {
            field: "Embedding".to_owned(),
            before: None,
            after: Some("changed".to_owned()),
            words: true,
        }),
        Change::word("Pay-as-you-go", schema(&before.capabilities), schema(&after.capabilities)),
        Change::of("Reseller authorization level", level(&before.capabilities), level(&after.capabilities)),
    ]
    .into_iter()
    .flatten()
    .collect();
    for switch in model::SWITCHES {
        changes.extend(Change::word(
            switch.title,
            on(switch.on(&before.capabilities)),
            on(switch.on(&after.capabilities)),
        ));
    }
    changes
}

/// Ends the sale of a product, with the product that replaces it and a note if there are such.
pub fn end_sale(tx: &mut Tx<'_>, actor: &Actor, id: &str, replacement: Option<&str>, notes: &str) -> Result<ProductId> {
    let old = owned(tx, actor, id)?;
    let status = next(old.status, Verb::EndSale)?;
    let mut problems = Problems::default();
    let notes = problems.optional("end_of_sale_notes", notes, 4_000).unwrap_or_default();
    let replacement = match replacement.filter(|r| !r.is_empty()) {
        None => None,
        Some(other) => {
            let found = ProductId::parse(other).filter(|o| *o != old.id);
            let found = found.map(|o| store::products::seen(tx, actor, &[o])).transpose()?.and_then(|mut f| f.pop());
            if found.as_ref().is_none_or(|p| !p.own || p.public_version.is_none()) {
                let text =
                    Text::new("{id} cannot replace this product. Name another product of yours that is published.");
                problems.add("replacement", text.arg("id", other));
            }
            found.map(|p| p.id)
        }
    };
    problems.done()?;
    let extra = Extra { replacement, end_of_sale_notes: notes.clone(), ..extra_of(&old, &old.general) };
    stand(tx, actor, &old, status, &extra, "saleended")?;
    let text = if notes.is_empty() {
        Text::new("The sale of {name} ended").arg("name", &old.general.name)
    } else {
        Text::new("The sale of {name} ended: {notes}").arg("name", &old.general.name).arg("notes", &notes)
    };
    journal::record(tx, actor, Entry::new("product", &old.id, "product.sale_ended", text))?;
    Ok(old.id)
}

/// Puts a product on sale again.
pub fn resume_sale(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<ProductId> {
    let old = owned(tx, actor, id)?;
    let status = next(old.status, Verb::ResumeSale)?;
    let extra = Extra { replacement: None, end_of_sale_notes: String::new(), ..extra_of(&old, &old.general) };
    stand(tx, actor, &old, status, &extra, "saleresumed")?;
    let text = Text::new("{name} is on sale again").arg("name", &old.general.name);
    journal::record(tx, actor, Entry::new("product", &old.id, "product.sale_resumed", text))?;
    Ok(old.id)
}

fn stand(
    tx: &mut Tx<'_>,
    actor: &Actor,
    old: &Product,
    status: model::ProductStatus,
    extra: &Extra,
    stamp: &str,
) -> Result<()> {
    let mut events = old.events.clone();
    events.stamp(stamp, tx.at(), actor.by());
    events.stamp("updated", tx.at(), actor.by());
    let category = old.general.category.as_ref().and_then(|c: &NamedRef| CategoryId::parse(&c.id));
    let row = store::products::Changed {
        general: &old.general,
        category: category.as_ref(),
        capabilities: &old.capabilities,
        extra,
        events: &events,
    };
    store::products::update(tx, &old.id, &row)?;
    store::products::set_status(tx, &old.id, status)?;
    party::moved(tx, "product", old.id.as_str(), status.as_str(), None)
}

/// Deletes a draft.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let old = owned(tx, actor, id)?;
    next(old.status, Verb::Delete)?;
    let text = Text::new("The draft {name} was deleted").arg("name", &old.general.name);
    journal::record(tx, actor, Entry::new("product", &old.id, "product.deleted", text).audience(Audience::Own))?;
    store::products::delete(tx, &old.id)?;
    party::remove(tx, "product", old.id.as_str())
}

/// Lets the distributor of a distribution contract see the vendor's public products, now that it is active.
pub fn contract_activated(tx: &mut Tx<'_>, contract: &str) -> Result<()> {
    let Some((vendor, distributor)) = store::partners::distribution(tx, contract)? else { return Ok(()) };
    for (id, status, created_at) in store::partners::public_products(tx, &vendor)? {
        party::add(
            tx,
            "product",
            id.as_str(),
            status.as_str(),
            created_at,
            &Party::new(&distributor, Side::Distributor),
        )?;
    }
    Ok(())
}
