//! Rows of marketplaces and the hubs they are sold through.

use std::collections::HashMap;

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::super::model::{Bound, Details, GoodMarketplace, Marketplace, MarketplaceBrief};
use crate::db::schema::{account, hub, marketplace, marketplace_hub, party};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Events, HubId, MarketplaceId, NamedRef, Time, fold};
use crate::on_each;

#[derive(Queryable)]
struct Row {
    id: MarketplaceId,
    account_id: AccountId,
    owner: String,
    name: String,
    description: String,
    currency: String,
    icon: Option<String>,
    doc: Doc<Details>,
    contracts: i64,
    uses: i64,
    events: Doc<Events>,
    revision: i64,
}

/// The marketplaces of these ids that the actor may see, in no order.
pub fn marketplaces(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Marketplace>> {
    let reader = actor.account()?;
    let mine = party::table
        .filter(party::account_id.eq(reader.as_str()))
        .filter(party::kind.eq("marketplace"))
        .filter(party::object_id.eq(marketplace::id));
    let rows: Vec<Row> = marketplace::table
        .inner_join(account::table)
        .filter(marketplace::id.eq_any(ids))
        .filter(exists(mine))
        .select((
            marketplace::id,
            marketplace::account_id,
            account::name,
            marketplace::name,
            marketplace::description,
            marketplace::currency,
            marketplace::icon,
            marketplace::doc,
            sql::<BigInt>(
                "(select count(*) from contract c where c.marketplace_id = marketplace.id and c.kind = 'distribution' and c.status = 'active')",
            ),
            sql::<BigInt>(
                "(select count(*) from agreement g where g.marketplace_id = marketplace.id) \
                 + (select count(*) from listing l where l.marketplace_id = marketplace.id)",
            ),
            marketplace::events,
            marketplace::revision,
        ))
        .load(tx.conn())?;
    let found: Vec<&MarketplaceId> = rows.iter().map(|r| &r.id).collect();
    let mut hubs = bound(tx, &found)?;
    let market = |r: Row| {
        let own = r.account_id == *reader;
        let mut hubs = hubs.remove(r.id.as_str()).unwrap_or_default();
        if !own {
            hubs.iter_mut().for_each(|b| b.external_id = None);
        }
        Marketplace {
            id: r.id,
            owner: NamedRef { id: r.account_id.to_string(), name: r.owner },
            own,
            name: r.name,
            description: r.description,
            currency: r.currency,
            icon: r.icon,
            details: r.doc.0,
            hubs,
            contracts: r.contracts,
            uses: r.uses,
            events: r.events.0,
            revision: r.revision,
        }
    };
    Ok(rows.into_iter().map(market).collect())
}

fn bound(tx: &mut Tx<'_>, ids: &[&MarketplaceId]) -> Result<HashMap<String, Vec<Bound>>> {
    let rows: Vec<(String, HubId, String, String)> = marketplace_hub::table
        .inner_join(hub::table)
        .filter(marketplace_hub::marketplace_id.eq_any(ids.iter().map(|id| id.as_str())))
        .order((hub::name_folded, hub::id))
        .select((marketplace_hub::marketplace_id, hub::id, hub::name, marketplace_hub::external_id))
        .load(tx.conn())?;
    let mut hubs: HashMap<String, Vec<Bound>> = HashMap::new();
    for (marketplace, id, name, external_id) in rows {
        let bound = Bound { hub: NamedRef { id: id.to_string(), name }, external_id: Some(external_id) };
        hubs.entry(marketplace).or_default().push(bound);
    }
    Ok(hubs)
}

/// How many marketplaces the actor's company has.
pub fn count_marketplaces(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    Ok(marketplace::table.filter(marketplace::account_id.eq(actor.account()?)).count().get_result(tx.conn())?)
}

/// The actor's marketplace of this name, whatever the case of its letters.
pub fn marketplace_by_name(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<Option<MarketplaceId>> {
    Ok(marketplace::table
        .filter(marketplace::account_id.eq(actor.account()?))
        .filter(marketplace::name_folded.eq(fold(name)))
        .select(marketplace::id)
        .first(tx.conn())
        .optional()?)
}

/// Those of these hubs that belong to the actor's company.
pub fn own_hubs(tx: &mut Tx<'_>, actor: &Actor, ids: &[HubId]) -> Result<Vec<HubId>> {
    Ok(hub::table
        .filter(hub::account_id.eq(actor.account()?))
        .filter(hub::id.eq_any(ids))
        .select(hub::id)
        .load(tx.conn())?)
}

/// Writes a new marketplace under a fresh id.
pub fn insert_marketplace(
    tx: &mut Tx<'_>,
    owner: &AccountId,
    new: &GoodMarketplace,
    events: &Events,
) -> Result<MarketplaceId> {
    let at = tx.at();
    let id = insert_with_fresh_id(tx, &[5], |tx, digits| {
        let row = (
            marketplace::id.eq(format!("MP-{digits}")),
            marketplace::account_id.eq(owner),
            marketplace::name.eq(&new.name),
            marketplace::name_folded.eq(fold(&new.name)),
            marketplace::description.eq(&new.description),
            marketplace::currency.eq(&new.currency),
            marketplace::doc.eq(Doc(new.details.clone())),
            marketplace::events.eq(Doc(events.clone())),
            marketplace::revision.eq(1i64),
            marketplace::created_at.eq(at),
            marketplace::updated_at.eq(at),
        );
        Ok(diesel::insert_into(marketplace::table)
            .values(row)
            .returning(marketplace::id)
            .get_result::<MarketplaceId>(tx.conn())?)
    })?;
    bind(tx, &id, &new.hubs)?;
    Ok(id)
}

/// Writes a marketplace's new words and hubs.
pub fn update_marketplace(tx: &mut Tx<'_>, id: &MarketplaceId, new: &GoodMarketplace, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(marketplace::table.find(id))
        .set((
            marketplace::name.eq(&new.name),
            marketplace::name_folded.eq(fold(&new.name)),
            marketplace::description.eq(&new.description),
            marketplace::currency.eq(&new.currency),
            marketplace::doc.eq(Doc(new.details.clone())),
            marketplace::events.eq(Doc(events.clone())),
            marketplace::revision.eq(marketplace::revision + 1),
            marketplace::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    diesel::delete(marketplace_hub::table.filter(marketplace_hub::marketplace_id.eq(id))).execute(tx.conn())?;
    bind(tx, id, &new.hubs)
}

fn bind(tx: &mut Tx<'_>, id: &MarketplaceId, hubs: &[(HubId, String)]) -> Result<()> {
    let rows: Vec<_> = hubs
        .iter()
        .map(|(hub, external)| {
            (
                marketplace_hub::marketplace_id.eq(id),
                marketplace_hub::hub_id.eq(hub),
                marketplace_hub::external_id.eq(external),
            )
        })
        .collect();
    if !rows.is_empty() {
        on_each!(tx, |c| diesel::insert_into(marketplace_hub::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Takes a marketplace away.
pub fn delete_marketplace(tx: &mut Tx<'_>, id: &MarketplaceId) -> Result<()> {
    diesel::delete(marketplace::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// What others mention of marketplaces, for actions that have shown them to their actor.
pub fn marketplace_briefs(tx: &mut Tx<'_>, ids: &[MarketplaceId]) -> Result<Vec<MarketplaceBrief>> {
    let rows: Vec<(MarketplaceId, String, Option<String>, String, AccountId)> = marketplace::table
        .filter(marketplace::id.eq_any(ids))
        .select((marketplace::id, marketplace::name, marketplace::icon, marketplace::currency, marketplace::account_id))
        .load(tx.conn())?;
    let brief = |(id, name, icon, currency, owner)| MarketplaceBrief { id, name, icon, currency, owner };
    Ok(rows.into_iter().map(brief).collect())
}

/// The hubs a marketplace is sold through, for actions that have shown it to their actor.
pub fn hubs_of(tx: &mut Tx<'_>, id: &MarketplaceId) -> Result<Vec<HubId>> {
    Ok(marketplace_hub::table
        .filter(marketplace_hub::marketplace_id.eq(id))
        .order(marketplace_hub::hub_id)
        .select(marketplace_hub::hub_id)
        .load(tx.conn())?)
}

/// When a marketplace was created, for an action that shows it to one more company.
pub fn created_at(tx: &mut Tx<'_>, id: &MarketplaceId) -> Result<Time> {
    Ok(marketplace::table.find(id).select(marketplace::created_at).first(tx.conn())?)
}

/// Ids and names of the marketplaces of the actor's company that have a hub, by name.
pub fn marketplaces_with_hubs(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<NamedRef>> {
    let bound = marketplace_hub::table.filter(marketplace_hub::marketplace_id.eq(marketplace::id));
    let rows: Vec<(String, String)> = marketplace::table
        .filter(marketplace::account_id.eq(actor.account()?))
        .filter(exists(bound))
        .order((marketplace::name_folded, marketplace::id))
        .select((marketplace::id, marketplace::name))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, name)| NamedRef { id, name }).collect())
}
