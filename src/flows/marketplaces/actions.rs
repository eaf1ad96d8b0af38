//! What people do with hubs and marketplaces.

use std::collections::HashMap;

use super::model::{GoodMarketplace, Hub, HubBrief, HubWords, Marketplace, MarketplaceBrief, MarketplaceWords};
use super::store;
pub use super::store::{HUBS, MARKETPLACES};
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::journal::{self, Change, Entry};
use crate::kit::{Actor, Events, HubId, Level, MarketplaceId, Module, NamedRef, Problems, Refusal, Role, Seat, Text};

/// What the party rows say of hubs and marketplaces, which have no states.
const ACTIVE: &str = "active";

/// A company that sells may own hubs and marketplaces; a vendor may not.
fn seller(actor: &Actor) -> Result<&Seat> {
    let seat = actor.need(Module::Marketplaces, Level::Manage)?;
    if seat.role == Role::Vendor {
        let text = Text::new("Only distributors and resellers own hubs and marketplaces; {account} is a vendor.")
            .arg("account", &seat.name);
        return Err(Refusal::forbidden(text).into());
    }
    Ok(seat)
}

fn good<T>(checked: Option<T>, problems: Problems) -> Result<T> {
    problems.done()?;
    checked.ok_or_else(|| Refusal::field("body", Text::new("This could not be read.")).into())
}

// ---- hubs ----

/// A hub that the actor may see.
pub fn hub(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Hub> {
    actor.need(Module::Marketplaces, Level::Read)?;
    store::hubs(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("hub", id).into())
}

/// The hubs of a list's page, in its order.
pub fn hubs(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Hub>> {
    actor.need(Module::Marketplaces, Level::Read)?;
    Ok(db::in_order(ids, store::hubs(tx, actor, ids)?, |h| h.id.as_str()))
}

/// The hubs of the actor's own company, by name: what a marketplace can be sold through.
pub fn own_hubs(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<NamedRef>> {
    seller(actor)?;
    store::hub_names(tx, actor)
}

/// A hub's marketplaces that the actor may see, by name, each with the id under which the hub knows it (for the owner).
pub fn marketplaces_of_hub(tx: &mut Tx<'_>, actor: &Actor, hub: &Hub) -> Result<Vec<(Marketplace, Option<String>)>> {
    let ids = store::marketplaces_of_hub(tx, actor, &hub.id)?;
    let mut found = store::marketplaces(tx, actor, &ids)?;
    found.sort_by_key(|m| (crate::kit::fold(&m.name), m.id.clone()));
    let external =
        |m: &Marketplace| m.hubs.iter().find(|b| b.hub.id == hub.id.as_str()).and_then(|b| b.external_id.clone());
    Ok(found.into_iter().map(|m| (m.clone(), external(&m))).collect())
}

/// Registers a hub.
pub fn register_hub(tx: &mut Tx<'_>, actor: &Actor, words: &HubWords) -> Result<HubId> {
    let seat = seller(actor)?;
    let mut problems = Problems::default();
    let checked = words.check(&mut problems);
    let new = good(checked, problems)?;
    // Who else registers a hub for this company waits here, so that instances stay unique and the limit holds.
    db::lock(tx, "account", seat.account.as_str())?;
    free_instance(tx, actor, &new.instance_id, None)?;
    let count = store::count_hubs(tx, actor)?;
    if count >= tx.limits().hubs {
        return Err(Refusal::conflict(
            Text::new("{account} has {count} hubs; more are not allowed. Delete one that nothing uses.")
                .arg("account", &seat.name)
                .arg("count", count),
        )
        .into());
    }
    let id = store::insert_hub(tx, &seat.account, &new, &Events::created(tx.at(), actor.by()))?;
    party::put(tx, "hub", id.as_str(), ACTIVE, None, &[Party::new(&seat.account, seat.role.side())])?;
    let text = Text::new("Hub {name} was registered").arg("name", &new.name);
    journal::record(tx, actor, Entry::new("hub", &id, "hub.registered", text))?;
    crate::crash::point("marketplaces.register_hub.before-commit");
    Ok(id)
}

fn free_instance(tx: &mut Tx<'_>, actor: &Actor, instance_id: &str, own: Option<&HubId>) -> Result<()> {
    match store::hub_by_instance(tx, actor, instance_id)? {
        Some(other) if own != Some(&other) => {
            let text = Text::new(
                "instance_id: the hub {id} has the instance {instance} already. Use that hub, or another instance.",
            )
            .arg("id", &other)
            .arg("instance", instance_id);
            Err(Refusal::conflict(text).with("hub", other).into())
        }
        _ => Ok(()),
    }
}

/// Changes a hub's words. Its instance stays while products are connected with it.
pub fn edit_hub(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    words: impl FnOnce(&Hub) -> std::result::Result<HubWords, Refusal>,
) -> Result<HubId> {
    let old = owned_hub(tx, actor, id, revision)?;
    seller(actor)?;
    let mut problems = Problems::default();
    let checked = words(&old)?.check(&mut problems);
    let new = good(checked, problems)?;
    let same_instance = new.instance_id == old.instance_id && new.instance_type == old.instance_type;
    if old.connections > 0 && !same_instance {
        let text = Text::new(
            "{count} products are connected with this hub, so its instance stays {instance}. Register another hub.",
        )
        .arg("count", old.connections)
        .arg("instance", &old.instance_id);
        return Err(Refusal::field("instance_id", text).into());
    }
    db::lock(tx, "account", &old.owner.id)?;
    free_instance(tx, actor, &new.instance_id, Some(&old.id))?;
    let changes = [
        Change::of("Name", &old.name, &new.name),
        Change::of("Description", &old.description, &new.description),
        Change::of("Instance id", &old.instance_id, &new.instance_id),
        Change::word("Type", old.instance_type, new.instance_type),
    ];
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    if changes.is_empty() {
        return Ok(old.id);
    }
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_hub(tx, &old.id, &new, &events)?;
    journal::record(
        tx,
        actor,
        Entry::new("hub", &old.id, "hub.changed", Text::new("The hub was changed")).changes(changes),
    )?;
    Ok(old.id)
}

/// Deletes a hub that nothing uses.
pub fn delete_hub(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    seller(actor)?;
    let old = owned_hub(tx, actor, id, None)?;
    if !old.is_unused() {
        let text = Text::new(
            "{id} is used by {marketplaces|one marketplace|{marketplaces} marketplaces} and {connections|one connection|{connections} connections}. \
             Only a hub that nothing uses can be deleted.",
        );
        let text = text.arg("id", id).arg("marketplaces", old.marketplaces).arg("connections", old.connections);
        return Err(Refusal::state(text).into());
    }
    let text = Text::new("Hub {name} was deleted").arg("name", &old.name);
    journal::record(tx, actor, Entry::new("hub", &old.id, "hub.deleted", text))?;
    party::remove(tx, "hub", old.id.as_str())?;
    store::delete_hub(tx, &old.id)
}

fn owned_hub(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<Hub> {
    db::lock(tx, "hub", id)?;
    let old = hub(tx, actor, id)?;
    if *actor.account()?.as_str() != old.owner.id {
        return Err(Refusal::forbidden(
            Text::new("The hub {id} belongs to {owner}, who alone can change it.")
                .arg("id", id)
                .arg("owner", &old.owner.name),
        )
        .into());
    }
    journal::unchanged(tx, actor, ("hub", id), "hub", (revision, old.revision))?;
    Ok(old)
}

// ---- marketplaces ----

/// A marketplace that the actor may see.
pub fn marketplace(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Marketplace> {
    actor.need(Module::Marketplaces, Level::Read)?;
    store::marketplaces(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("marketplace", id).into())
}

/// The marketplaces of a list's page, in its order.
pub fn marketplaces(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Marketplace>> {
    actor.need(Module::Marketplaces, Level::Read)?;
    Ok(db::in_order(ids, store::marketplaces(tx, actor, ids)?, |m| m.id.as_str()))
}

/// Checks the words of a marketplace without making one: each step of the wizard asks.
pub fn check_marketplace(
    tx: &mut Tx<'_>,
    actor: &Actor,
    words: &MarketplaceWords,
    own: Option<&MarketplaceId>,
) -> Result<GoodMarketplace> {
    seller(actor)?;
    let mut problems = Problems::default();
    let checked = words.check(&mut problems);
    let hubs: Vec<HubId> = words.hubs.iter().filter_map(|(id, _)| HubId::parse(id.trim())).collect();
    let known = store::own_hubs(tx, actor, &hubs)?;
    for (n, id) in hubs.iter().enumerate().filter(|(_, id)| !known.contains(id)) {
        problems.add(
            &format!("hubs.{n}.hub.id"),
            Text::new("You have no hub {id}. Choose one of your hubs, or register it first.").arg("id", id),
        );
    }
    if let Some(other) = store::marketplace_by_name(tx, actor, words.name.trim())?.filter(|other| own != Some(other)) {
        problems.add(
            "name",
            Text::new("You have a marketplace of this name already: {id}. Choose another name.").arg("id", other),
        );
    }
    good(checked, problems)
}

/// Creates a marketplace.
pub fn create_marketplace(tx: &mut Tx<'_>, actor: &Actor, words: &MarketplaceWords) -> Result<MarketplaceId> {
    let seat = seller(actor)?;
    db::lock(tx, "account", seat.account.as_str())?;
    let new = check_marketplace(tx, actor, words, None)?;
    let count = store::count_marketplaces(tx, actor)?;
    if count >= tx.limits().marketplaces {
        let text = Text::new("{account} has {count} marketplaces; more are not allowed. Delete one that nothing uses.");
        return Err(Refusal::conflict(text.arg("account", &seat.name).arg("count", count)).into());
    }
    let id = store::insert_marketplace(tx, &seat.account, &new, &Events::created(tx.at(), actor.by()))?;
    party::put(tx, "marketplace", id.as_str(), ACTIVE, None, &[Party::new(&seat.account, seat.role.side())])?;
    let text = Text::new("Marketplace {name} was created").arg("name", &new.name);
    journal::record(tx, actor, Entry::new("marketplace", &id, "marketplace.created", text))?;
    crate::crash::point("marketplaces.create.before-commit");
    Ok(id)
}

/// Changes a marketplace. `words` makes the new words from what there is.
pub fn edit_marketplace(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    words: impl FnOnce(&Marketplace) -> std::result::Result<MarketplaceWords, Refusal>,
) -> Result<MarketplaceId> {
    let old = owned_marketplace(tx, actor, id, revision)?;
    seller(actor)?;
    db::lock(tx, "account", &old.owner.id)?;
    let new = check_marketplace(tx, actor, &words(&old)?, Some(&old.id))?;
    if old.uses > 0 && !old.currency.is_empty() && new.currency != old.currency {
        let text = Text::new(
            "The currency stays {currency}: agreements are made for this marketplace. Create another marketplace.",
        );
        return Err(Refusal::field("currency", text.arg("currency", &old.currency)).into());
    }
    if old.uses > 0 && !old.hubs.is_empty() && new.hubs.is_empty() {
        let text = Text::new(
            "A marketplace for which agreements are made needs a hub. Keep one, or put another in its place.",
        );
        return Err(Refusal::field("hubs", text).into());
    }
    let changes = changes(&old, &new);
    if changes.is_empty() {
        return Ok(old.id);
    }
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_marketplace(tx, &old.id, &new, &events)?;
    let entry = Entry::new("marketplace", &old.id, "marketplace.changed", Text::new("The marketplace was changed"));
    journal::record(tx, actor, entry.changes(changes).audience(journal::Audience::Own))?;
    Ok(old.id)
}

fn changes(old: &Marketplace, new: &GoodMarketplace) -> Vec<Change> {
    let (a, b) = (&old.details, &new.details);
    let words = |list: &[super::model::Attribute]| {
        list.iter()
            .map(|a| format!("{} ({}) {}", a.name, a.id, a.description).trim_end().to_owned())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut old_hubs: Vec<String> =
        old.hubs.iter().map(|h| format!("{}: {}", h.hub.id, h.external_id.as_deref().unwrap_or_default())).collect();
    let mut new_hubs: Vec<String> = new.hubs.iter().map(|(id, external)| format!("{id}: {external}")).collect();
    old_hubs.sort();
    new_hubs.sort();
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let zone = |z: Option<super::model::Zone>| z.map_or("", |z| z.as_str()).to_owned();
    [
        Change::of("Name", &old.name, &new.name),
        Change::of("Description", &old.description, &new.description),
        Change::of("Currency", &old.currency, &new.currency),
        Change::of("Second currency", text(&a.alt_currency_1), text(&b.alt_currency_1)),
        Change::of("Third currency", text(&a.alt_currency_2), text(&b.alt_currency_2)),
        Change::word("Zone", zone(a.zone), zone(b.zone)),
        Change::of("Countries", a.countries.join(", "), b.countries.join(", ")),
        Change::of("Attributes", words(&a.attributes), words(&b.attributes)),
        Change::of("Hubs", old_hubs.join(", "), new_hubs.join(", ")),
        Change::word("Automatic referral", a.referral_auto, b.referral_auto),
        Change::word("Commerce compatibility", a.commerce_compatibility, b.commerce_compatibility),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Deletes a marketplace that no agreement and no listing names.
pub fn delete_marketplace(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    seller(actor)?;
    let old = owned_marketplace(tx, actor, id, None)?;
    if old.uses > 0 {
        let text = Text::new(
            "{id} is named by {count|one agreement or listing|{count} agreements and listings}. Only a marketplace that nothing uses can be deleted.",
        );
        return Err(Refusal::state(text.arg("id", id).arg("count", old.uses)).into());
    }
    let text = Text::new("Marketplace {name} was deleted").arg("name", &old.name);
    journal::record(tx, actor, Entry::new("marketplace", &old.id, "marketplace.deleted", text))?;
    party::remove(tx, "marketplace", old.id.as_str())?;
    store::delete_marketplace(tx, &old.id)
}

fn owned_marketplace(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<Marketplace> {
    db::lock(tx, "marketplace", id)?;
    let old = marketplace(tx, actor, id)?;
    if !old.own {
        let text = Text::new("The marketplace {id} belongs to {owner}, who alone can change it.");
        return Err(Refusal::forbidden(text.arg("id", id).arg("owner", &old.owner.name)).into());
    }
    journal::unchanged(tx, actor, ("marketplace", id), "marketplace", (revision, old.revision))?;
    Ok(old)
}

// ---- for the flows above ----

/// Name, picture and currency of marketplaces. For the flows above, which have shown them to their actor.
pub fn names(tx: &mut Tx<'_>, ids: &[MarketplaceId]) -> Result<HashMap<MarketplaceId, MarketplaceBrief>> {
    Ok(store::marketplace_briefs(tx, ids)?.into_iter().map(|b| (b.id.clone(), b)).collect())
}

/// Name and instance of hubs. For the flows above, which have shown them to their actor.
pub fn hubs_by_id(tx: &mut Tx<'_>, ids: &[HubId]) -> Result<HashMap<HubId, HubBrief>> {
    Ok(store::hub_briefs(tx, ids)?.into_iter().map(|b| (b.id.clone(), b)).collect())
}

/// The hubs a marketplace is sold through. For the flows above, which have shown it to their actor.
pub fn hubs_of(tx: &mut Tx<'_>, id: &MarketplaceId) -> Result<Vec<HubId>> {
    store::hubs_of(tx, id)
}

/// A marketplace of the actor's own company. For the flows above, which ask for a permission of their own.
pub fn own_marketplace(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Option<Marketplace>> {
    Ok(store::marketplaces(tx, actor, &[id.to_owned()])?.pop().filter(|m| m.own))
}

/// Ids and names of the actor's marketplaces that have a hub, by name. For the flows above, as [`own_marketplace`].
pub fn with_hubs(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<NamedRef>> {
    store::marketplaces_with_hubs(tx, actor)
}

/// Lets a company see a marketplace. For the flows above: a distribution agreement for it was opened to the company.
pub fn show(tx: &mut Tx<'_>, id: &MarketplaceId, to: &Party) -> Result<()> {
    let created = store::created_at(tx, id)?;
    party::add(tx, "marketplace", id.as_str(), ACTIVE, created, to)
}
