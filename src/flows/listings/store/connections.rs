//! Rows of connections.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::db::schema::{account, connection, hub, listing, listing_request, party};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::flows::listings::model::{
    Connection, ConnectionBrief, ConnectionStatus, ListingStatus, RequestState, VersionType,
};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, ConnectionId, Environment, Events, HubId, NamedRef, ProductId};

#[derive(Queryable)]
struct Row {
    id: ConnectionId,
    product: ProductId,
    hub: (HubId, String, String, String),
    vendor: (AccountId, String),
    provider: (AccountId, String),
    environment: Environment,
    status: ConnectionStatus,
    version_type: VersionType,
    note: String,
    events: Doc<Events>,
}

/// The connections of these ids that the actor may see, in no order: one statement.
pub fn seen(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Connection>> {
    let mine = party::table
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .filter(party::kind.eq("connection"))
        .filter(party::object_id.eq(connection::id));
    let (vendor, provider) = diesel::alias!(account as vendor, account as provider);
    let rows: Vec<Row> = connection::table
        .inner_join(hub::table)
        .inner_join(vendor.on(vendor.field(account::id).eq(connection::vendor_id)))
        .inner_join(provider.on(provider.field(account::id).eq(connection::provider_id)))
        .filter(connection::id.eq_any(ids))
        .filter(exists(mine))
        .select((
            connection::id,
            connection::product_id,
            (hub::id, hub::name, hub::instance_id, hub::instance_type),
            (vendor.field(account::id), vendor.field(account::name)),
            (provider.field(account::id), provider.field(account::name)),
            connection::environment,
            connection::status,
            connection::version_type,
            connection::note,
            connection::events,
        ))
        .load(tx.conn())?;
    let named = |(id, name): (AccountId, String)| NamedRef { id: id.to_string(), name };
    let connection = |row: Row| Connection {
        id: row.id,
        product: row.product,
        hub: NamedRef { id: row.hub.0.to_string(), name: row.hub.1 },
        instance: (row.hub.2, row.hub.3),
        vendor: named(row.vendor),
        provider: named(row.provider),
        environment: row.environment,
        status: row.status,
        version_type: row.version_type,
        note: row.note,
        events: row.events.0,
    };
    Ok(rows.into_iter().map(connection).collect())
}

/// The ids of a product's connections that the actor may see, the newest first.
pub fn of_product(tx: &mut Tx<'_>, actor: &Actor, product: &ProductId) -> Result<Vec<String>> {
    let mine = party::table
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .filter(party::kind.eq("connection"))
        .filter(party::object_id.eq(connection::id));
    Ok(connection::table
        .filter(connection::product_id.eq(product))
        .filter(exists(mine))
        .order((connection::created_at.desc(), connection::id))
        .select(connection::id)
        .load(tx.conn())?)
}

type BriefRow = (ConnectionId, ProductId, (HubId, String), AccountId, AccountId, Environment, ConnectionStatus);

fn brief((id, product, (hub, hub_name), vendor, provider, environment, status): BriefRow) -> ConnectionBrief {
    ConnectionBrief { id, product, hub, hub_name, vendor, provider, environment, status }
}

/// A connection, for flows above.
pub fn connection_brief(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<Option<ConnectionBrief>> {
    let row: Option<BriefRow> = connection::table
        .inner_join(hub::table)
        .filter(connection::id.eq(id))
        .select((
            connection::id,
            connection::product_id,
            (hub::id, hub::name),
            connection::vendor_id,
            connection::provider_id,
            connection::environment,
            connection::status,
        ))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(brief))
}

/// A product's connections of a provider, for flows above; the oldest first.
pub fn connection_briefs(tx: &mut Tx<'_>, product: &ProductId, provider: &AccountId) -> Result<Vec<ConnectionBrief>> {
    let rows: Vec<BriefRow> = connection::table
        .inner_join(hub::table)
        .filter(connection::product_id.eq(product))
        .filter(connection::provider_id.eq(provider))
        .order((connection::created_at, connection::id))
        .select((
            connection::id,
            connection::product_id,
            (hub::id, hub::name),
            connection::vendor_id,
            connection::provider_id,
            connection::environment,
            connection::status,
        ))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(brief).collect())
}

/// The connection of a product with a hub of the actor's company.
pub fn with_hub(tx: &mut Tx<'_>, actor: &Actor, product: &ProductId, hub: &HubId) -> Result<Option<ConnectionId>> {
    Ok(connection::table
        .filter(connection::product_id.eq(product))
        .filter(connection::hub_id.eq(hub))
        .filter(connection::provider_id.eq(actor.account()?.as_str()))
        .select(connection::id)
        .first(tx.conn())
        .optional()?)
}

/// Whether a product is listed on a marketplace of the actor's company, or a request for it was sent for review.
pub fn was_offered(tx: &mut Tx<'_>, actor: &Actor, product: &ProductId) -> Result<bool> {
    let mine = listing::table
        .filter(listing::product_id.eq(product))
        .filter(listing::provider_id.eq(actor.account()?.as_str()));
    if diesel::select(exists(mine.filter(listing::status.eq(ListingStatus::Listed)))).get_result(tx.conn())? {
        return Ok(true);
    }
    let sent = [RequestState::Reviewing, RequestState::Deploying, RequestState::Completed];
    let asked = listing_request::table
        .inner_join(listing::table)
        .filter(listing::product_id.eq(product))
        .filter(listing::provider_id.eq(actor.account()?.as_str()))
        .filter(listing_request::state.eq_any(sent));
    Ok(diesel::select(exists(asked)).get_result(tx.conn())?)
}

/// What a new connection is made of.
#[derive(Debug)]
pub struct New<'a> {
    /// The product.
    pub product: &'a ProductId,
    /// The hub.
    pub hub: &'a HubId,
    /// The vendor.
    pub vendor: &'a str,
    /// The hub's owner.
    pub provider: &'a AccountId,
    /// What it is for.
    pub environment: Environment,
    /// Which versions it gets.
    pub version_type: VersionType,
    /// What its maker says.
    pub note: &'a str,
}

/// Writes a new connection under a fresh id.
pub fn insert(tx: &mut Tx<'_>, new: &New<'_>, events: &Events) -> Result<ConnectionId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[4, 4, 4], |tx, digits| {
        let row = (
            connection::id.eq(format!("CT-{digits}")),
            connection::product_id.eq(new.product),
            connection::hub_id.eq(new.hub),
            connection::vendor_id.eq(new.vendor),
            connection::provider_id.eq(new.provider),
            connection::environment.eq(new.environment),
            connection::status.eq(ConnectionStatus::Active),
            connection::version_type.eq(new.version_type),
            connection::note.eq(new.note),
            connection::events.eq(Doc(events.clone())),
            connection::revision.eq(1i64),
            connection::created_at.eq(at),
        );
        Ok(diesel::insert_into(connection::table)
            .values(row)
            .returning(connection::id)
            .get_result::<ConnectionId>(tx.conn())?)
    })
}
