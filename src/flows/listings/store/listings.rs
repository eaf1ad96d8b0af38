//! Rows of listings.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::db::schema::{account, contract, listing, listing_request, marketplace, party, product, product_version};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::flows::listings::model::{
    Listed, Listing, ListingBrief, ListingStatus, Pending, RequestKind, RequestState, Under,
};
use crate::flows::products::model::{ProductStatus, Snapshot, icon_or_default};
use crate::kit::column::Doc;
use crate::kit::{
    AccountId, Actor, ContractId, Events, ListingId, ListingRequestId, MarketplaceId, NamedRef, ProductId, Role,
};

#[derive(Queryable)]
struct Row {
    id: ListingId,
    status: ListingStatus,
    product: (ProductId, String, Option<String>, ProductStatus, Option<i32>),
    contract: (ContractId, String),
    marketplace: (MarketplaceId, String, Option<String>),
    vendor: (AccountId, String),
    provider: (AccountId, String, Role),
    version: Option<i32>,
    events: Doc<Events>,
    revision: i64,
}

/// The listings of these ids that the actor may see, in no order: three statements.
pub fn seen(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Listing>> {
    let mine = party::table
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .filter(party::kind.eq("listing"))
        .filter(party::object_id.eq(listing::id));
    let (vendor, provider) = diesel::alias!(account as vendor, account as provider);
    let rows: Vec<Row> = listing::table
        .inner_join(product::table)
        .inner_join(contract::table)
        .inner_join(marketplace::table)
        .inner_join(vendor.on(vendor.field(account::id).eq(listing::vendor_id)))
        .inner_join(provider.on(provider.field(account::id).eq(listing::provider_id)))
        .filter(listing::id.eq_any(ids))
        .filter(exists(mine))
        .select((
            listing::id,
            listing::status,
            (product::id, product::name, product::icon, product::status, product::public_version),
            (contract::id, contract::name),
            (marketplace::id, marketplace::name, marketplace::icon),
            (vendor.field(account::id), vendor.field(account::name)),
            (provider.field(account::id), provider.field(account::name), provider.field(account::role)),
            listing::version,
            listing::events,
            listing::revision,
        ))
        .load(tx.conn())?;
    with_requests(tx, rows)
}

fn with_requests(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<Listing>> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<&ListingId> = rows.iter().map(|r| &r.id).collect();
    let open: Vec<(ListingId, ListingRequestId, RequestKind, RequestState)> = listing_request::table
        .filter(listing_request::listing_id.eq_any(ids))
        .filter(listing_request::state.eq_any(OPEN))
        .select((listing_request::listing_id, listing_request::id, listing_request::kind, listing_request::state))
        .load(tx.conn())?;
    let mut open: HashMap<ListingId, Pending> =
        open.into_iter().map(|(listing, id, kind, state)| (listing, Pending { id, kind, state })).collect();
    let shown = shown(tx, &rows)?;
    let listing = |row: Row| {
        let (product, master_name, master_icon, status, newest) = row.product;
        let kept = row.version.or(newest).and_then(|n| shown.get(&(product.clone(), n)));
        let (name, icon) = match kept {
            Some((name, icon)) => (name.clone(), icon.clone()),
            None => (master_name, icon_or_default(master_icon.as_deref()).to_owned()),
        };
        Listing {
            pending: open.remove(&row.id),
            id: row.id,
            status: row.status,
            product: Listed { id: product, name, icon, status: status.to_string(), version: row.version },
            contract: Under { id: row.contract.0, name: row.contract.1 },
            marketplace: NamedRef { id: row.marketplace.0.to_string(), name: row.marketplace.1 },
            marketplace_icon: row.marketplace.2,
            vendor: NamedRef { id: row.vendor.0.to_string(), name: row.vendor.1 },
            provider: NamedRef { id: row.provider.0.to_string(), name: row.provider.1 },
            provider_role: row.provider.2,
            newest,
            events: row.events.0,
            revision: row.revision,
        }
    };
    Ok(rows.into_iter().map(listing).collect())
}

/// States in which a request can still change its listing.
const OPEN: [RequestState; 3] = [RequestState::Draft, RequestState::Reviewing, RequestState::Deploying];

/// Name and picture of each listed version: what the marketplace shows, whatever the master copy says meanwhile.
fn shown(tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashMap<(ProductId, i32), (String, String)>> {
    let wanted = |r: &Row| Some((r.product.0.clone(), r.version.or(r.product.4)?));
    let wanted: Vec<(ProductId, i32)> = rows.iter().filter_map(wanted).collect();
    let ids: Vec<&ProductId> = wanted.iter().map(|(id, _)| id).collect();
    let numbers: Vec<i32> = wanted.iter().map(|(_, n)| *n).collect();
    let found: Vec<(ProductId, i32, Doc<Snapshot>)> = product_version::table
        .filter(product_version::product_id.eq_any(ids))
        .filter(product_version::version.eq_any(numbers))
        .select((product_version::product_id, product_version::version, product_version::snapshot))
        .load(tx.conn())?;
    let words = |s: Snapshot| (s.general.name.clone(), s.general.icon().to_owned());
    Ok(found.into_iter().map(|(id, n, kept)| ((id, n), words(kept.0))).collect())
}

/// The listing of a product under a contract: its id and where it stands, for its vendor.
pub fn of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &ProductId,
    contract: &ContractId,
) -> Result<Option<(ListingId, ListingStatus)>> {
    Ok(listing::table
        .filter(listing::product_id.eq(product))
        .filter(listing::contract_id.eq(contract))
        .filter(listing::vendor_id.eq(actor.account()?.as_str()))
        .select((listing::id, listing::status))
        .first(tx.conn())
        .optional()?)
}

/// The listing of a product on a marketplace, if it is listed there.
pub fn listed(tx: &mut Tx<'_>, product: &ProductId, marketplace: &MarketplaceId) -> Result<Option<ListingBrief>> {
    let row: Option<(ListingId, ContractId, Option<i32>)> = listing::table
        .filter(listing::product_id.eq(product))
        .filter(listing::marketplace_id.eq(marketplace))
        .filter(listing::status.eq(ListingStatus::Listed))
        .select((listing::id, listing::contract_id, listing::version))
        .first(tx.conn())
        .optional()?;
    Ok(row.and_then(|(id, contract, version)| Some(ListingBrief { id, contract, version: version? })))
}

/// The listings under a contract with their open requests, when it ends: id, status, the provider's role, the request.
pub fn under(tx: &mut Tx<'_>, contract: &str) -> Result<Vec<(ListingId, ListingStatus, Option<ListingRequestId>)>> {
    let rows: Vec<(ListingId, ListingStatus)> = listing::table
        .filter(listing::contract_id.eq(contract))
        .order(listing::id)
        .select((listing::id, listing::status))
        .load(tx.conn())?;
    let open: HashMap<ListingId, ListingRequestId> = listing_request::table
        .inner_join(listing::table)
        .filter(listing::contract_id.eq(contract))
        .filter(listing_request::state.eq_any(OPEN))
        .select((listing::id, listing_request::id))
        .load::<(ListingId, ListingRequestId)>(tx.conn())?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|(id, status)| {
            let request = open.get(&id).cloned();
            (id, status, request)
        })
        .collect())
}

/// How many products are listed under these contracts, and how many requests for listings are open there. For a flow below
/// that asks what would happen.
pub fn count_under(tx: &mut Tx<'_>, contracts: &[String]) -> Result<(i64, i64)> {
    let under = || listing::table.filter(listing::contract_id.eq_any(contracts));
    let listed = under().filter(listing::status.eq(ListingStatus::Listed)).count().get_result(tx.conn())?;
    let open = listing_request::table
        .filter(listing_request::listing_id.eq_any(under().select(listing::id)))
        .filter(listing_request::state.eq_any(OPEN))
        .count()
        .get_result(tx.conn())?;
    Ok((listed, open))
}

/// Who stands on which side of a new listing.
#[derive(Debug)]
pub struct New<'a> {
    /// The product.
    pub product: &'a ProductId,
    /// The contract.
    pub contract: &'a ContractId,
    /// The marketplace.
    pub marketplace: &'a MarketplaceId,
    /// The vendor.
    pub vendor: &'a AccountId,
    /// The marketplace's owner.
    pub provider: &'a str,
}

/// Writes a new listing under a fresh id.
pub fn insert(tx: &mut Tx<'_>, new: &New<'_>, events: &Events) -> Result<ListingId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            listing::id.eq(format!("LST-{digits}")),
            listing::product_id.eq(new.product),
            listing::contract_id.eq(new.contract),
            listing::marketplace_id.eq(new.marketplace),
            listing::vendor_id.eq(new.vendor),
            listing::provider_id.eq(new.provider),
            listing::status.eq(ListingStatus::Unlisted),
            listing::events.eq(Doc(events.clone())),
            listing::revision.eq(1i64),
            listing::created_at.eq(at),
            listing::updated_at.eq(at),
        );
        Ok(diesel::insert_into(listing::table).values(row).returning(listing::id).get_result::<ListingId>(tx.conn())?)
    })
}

/// Writes where a listing stands, and which version is listed if that changes.
pub fn set(
    tx: &mut Tx<'_>,
    id: &ListingId,
    status: ListingStatus,
    version: Option<i32>,
    events: &Events,
) -> Result<()> {
    let at = tx.at();
    diesel::update(listing::table.find(id))
        .set((
            listing::status.eq(status),
            listing::events.eq(Doc(events.clone())),
            listing::revision.eq(listing::revision + 1),
            listing::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    if let Some(version) = version {
        diesel::update(listing::table.find(id)).set(listing::version.eq(Some(version))).execute(tx.conn())?;
    }
    Ok(())
}

/// When what happened to a listing, to add to it.
pub fn events(tx: &mut Tx<'_>, id: &ListingId) -> Result<Events> {
    Ok(listing::table.find(id).select(listing::events).first::<Doc<Events>>(tx.conn())?.0)
}
