//! Connections of products with commerce systems.

use crate::db::party::{self, Party};
use crate::db::{Result, Tx, in_order};
use crate::flows::listings::model::{self, Connection, ConnectionStatus, VersionType};
use crate::flows::listings::store;
use crate::flows::products::actions as products;
use crate::flows::products::model::ProductStatus;
use crate::journal::{self, Entry};
use crate::kit::{AccountId, Actor, ConnectionId, Events, HubId, Level, Module, Problems, Refusal, Role, Side, Text};

/// The connections of these ids that the actor may see, in the order of the ids.
pub fn connections_by_ids(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Connection>> {
    actor.need(Module::Products, Level::Read)?;
    let found = store::connections::seen(tx, actor, ids)?;
    Ok(in_order(ids, found, |c| c.id.as_str()))
}

/// The connections of a product that the actor may see, the newest first: its own as a hub's owner, all as the vendor.
pub fn connections(tx: &mut Tx<'_>, actor: &Actor, product: &str) -> Result<Vec<Connection>> {
    let (id, _) = products::is_own(tx, actor, product)?;
    let ids = store::connections::of_product(tx, actor, &id)?;
    connections_by_ids(tx, actor, &ids)
}

/// A connection of a product that the actor may see.
pub fn connection_of(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<Connection> {
    products::is_own(tx, actor, product)?;
    let found = connections_by_ids(tx, actor, &[id.to_owned()])?.pop().filter(|c| c.product == *product);
    found.ok_or_else(|| Refusal::not_found("connection", id).into())
}

/// The hubs of the actor's company.
pub fn hubs_to_connect(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(HubId, String)>> {
    store::grounds::own_hubs(tx, actor)
}

/// What somebody says about a new connection.
#[derive(Debug, Clone, Default)]
pub struct Connecting {
    /// The hub.
    pub hub: String,
    /// `test` or `production`.
    pub environment: String,
    /// `public` or `staging`.
    pub version_type: String,
    /// Anything.
    pub note: String,
}

/// Connects a product with a hub. One hub has one connection with a product, for good.
pub fn connect(tx: &mut Tx<'_>, actor: &Actor, product: &str, words: &Connecting) -> Result<ConnectionId> {
    let seat = actor.need(Module::Products, Level::Manage)?.clone();
    if seat.role == Role::Vendor {
        let text = Text::new("Only the owner of a hub connects products with it; {account} is a vendor.");
        return Err(Refusal::forbidden(text.arg("account", &seat.name)).into());
    }
    let product = products::product(tx, actor, product)?;
    let mut problems = Problems::default();
    let version_type = match words.version_type.as_str() {
        "" => VersionType::Public,
        word => VersionType::parse(word).unwrap_or_else(|| {
            problems.add("product_version_type", Text::new("{word} is neither public nor staging.").arg("word", word));
            VersionType::Public
        }),
    };
    let note = problems.optional("note", &words.note, model::MAX_NOTE).unwrap_or_default();
    let hub = store::grounds::own_hubs(tx, actor)?.into_iter().find(|(id, _)| *id == *words.hub);
    if hub.is_none() {
        let text = Text::new("{account} has no hub {id}. Choose one of its hubs, or register one first.");
        problems.add("hub", text.arg("account", &seat.name).arg("id", &words.hub));
    }
    problems.done()?;
    let environment = model::environment(&words.environment, version_type)?;
    let Some((hub, hub_name)) = hub else { return Err(Refusal::not_found("hub", &words.hub).into()) };
    let wrong = if !store::grounds::sells_for(tx, actor, &product.owner.id)? {
        Some(Text::new("{account} has no active distribution contract with {vendor}. Sign one first."))
    } else if product.status == ProductStatus::Draft {
        Some(Text::new("{product} has no published version yet."))
    } else if !store::connections::was_offered(tx, actor, &product.id)? {
        Some(Text::new(
            "{vendor} has not asked yet to list {product} on a marketplace of {account}. Wait for the listing request.",
        ))
    } else {
        None
    };
    if let Some(text) = wrong {
        let text =
            text.arg("account", &seat.name).arg("vendor", &product.owner.name).arg("product", &product.general.name);
        return Err(Refusal::state(text).into());
    }
    let taken = |id: Option<ConnectionId>| {
        let text = Text::new("{product} is connected with {hub} already. A hub has one connection with a product.");
        let refusal = Refusal::conflict(text.arg("product", &product.general.name).arg("hub", &hub_name));
        match id {
            Some(id) => refusal.with("connection", id),
            None => refusal,
        }
    };
    if let Some(id) = store::connections::with_hub(tx, actor, &product.id, &hub)? {
        return Err(taken(Some(id)).into());
    }
    let new = store::connections::New {
        product: &product.id,
        hub: &hub,
        vendor: &product.owner.id,
        provider: &seat.account,
        environment,
        version_type,
        note: &note,
    };
    let events = Events::created(tx.at(), actor.by());
    let id = store::connections::insert(tx, &new, &events)?;
    let mut parties = vec![Party::new(&seat.account, seat.role.side())];
    parties.extend(AccountId::parse(&product.owner.id).map(|v| Party::new(&v, Side::Vendor)));
    party::put(tx, "connection", id.as_str(), ConnectionStatus::Active.as_str(), None, &parties)?;
    let text = Text::new("{product} was connected with {hub} for {environment:word}")
        .arg("product", &product.general.name)
        .arg("hub", &hub_name)
        .arg("environment", environment);
    journal::record(tx, actor, Entry::new("connection", &id, "connection.created", text))?;
    crate::crash::point("listings.connect.before-commit");
    Ok(id)
}
