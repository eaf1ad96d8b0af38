//! Rows of hubs.

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::super::model::{GoodHub, Hub, HubBrief, InstanceType};
use crate::db::schema::{account, hub, marketplace_hub, party};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Events, HubId, NamedRef, fold};

type Row = (HubId, AccountId, String, String, String, String, InstanceType, i64, i64, Doc<Events>, i64);

fn hub_of(
    (id, account, owner, name, description, instance_id, instance_type, connections, marketplaces, events, revision): Row,
) -> Hub {
    let owner = NamedRef { id: account.to_string(), name: owner };
    Hub {
        id,
        owner,
        name,
        description,
        instance_id,
        instance_type,
        connections,
        marketplaces,
        events: events.0,
        revision,
    }
}

/// The hubs of these ids that the actor may see, in no order.
pub fn hubs(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Hub>> {
    let mine = party::table
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .filter(party::kind.eq("hub"))
        .filter(party::object_id.eq(hub::id));
    let rows: Vec<Row> = hub::table
        .inner_join(account::table)
        .filter(hub::id.eq_any(ids))
        .filter(exists(mine))
        .select((
            hub::id,
            hub::account_id,
            account::name,
            hub::name,
            hub::description,
            hub::instance_id,
            hub::instance_type,
            sql::<BigInt>("(select count(*) from connection c where c.hub_id = hub.id)"),
            sql::<BigInt>("(select count(*) from marketplace_hub mh where mh.hub_id = hub.id)"),
            hub::events,
            hub::revision,
        ))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(hub_of).collect())
}

/// How many hubs the actor's company has.
pub fn count_hubs(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    Ok(hub::table.filter(hub::account_id.eq(actor.account()?)).count().get_result(tx.conn())?)
}

/// The actor's hub for a commerce system.
pub fn hub_by_instance(tx: &mut Tx<'_>, actor: &Actor, instance_id: &str) -> Result<Option<HubId>> {
    Ok(hub::table
        .filter(hub::account_id.eq(actor.account()?))
        .filter(hub::instance_id.eq(instance_id))
        .select(hub::id)
        .first(tx.conn())
        .optional()?)
}

/// Writes a new hub under a fresh id.
pub fn insert_hub(tx: &mut Tx<'_>, owner: &AccountId, new: &GoodHub, events: &Events) -> Result<HubId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[4, 4], |tx, digits| {
        let row = (
            hub::id.eq(format!("HB-{digits}")),
            hub::account_id.eq(owner),
            hub::name.eq(&new.name),
            hub::name_folded.eq(fold(&new.name)),
            hub::description.eq(&new.description),
            hub::instance_id.eq(&new.instance_id),
            hub::instance_type.eq(new.instance_type),
            hub::events.eq(Doc(events.clone())),
            hub::revision.eq(1i64),
            hub::created_at.eq(at),
            hub::updated_at.eq(at),
        );
        Ok(diesel::insert_into(hub::table).values(row).returning(hub::id).get_result::<HubId>(tx.conn())?)
    })
}

/// Writes a hub's new words.
pub fn update_hub(tx: &mut Tx<'_>, id: &HubId, new: &GoodHub, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(hub::table.find(id))
        .set((
            hub::name.eq(&new.name),
            hub::name_folded.eq(fold(&new.name)),
            hub::description.eq(&new.description),
            hub::instance_id.eq(&new.instance_id),
            hub::instance_type.eq(new.instance_type),
            hub::events.eq(Doc(events.clone())),
            hub::revision.eq(hub::revision + 1),
            hub::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a hub away.
pub fn delete_hub(tx: &mut Tx<'_>, id: &HubId) -> Result<()> {
    diesel::delete(hub::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// What others mention of hubs, for actions that have shown them to their actor.
pub fn hub_briefs(tx: &mut Tx<'_>, ids: &[HubId]) -> Result<Vec<HubBrief>> {
    let rows: Vec<(HubId, String, String, InstanceType, AccountId)> = hub::table
        .filter(hub::id.eq_any(ids))
        .select((hub::id, hub::name, hub::instance_id, hub::instance_type, hub::account_id))
        .load(tx.conn())?;
    let brief =
        |(id, name, instance_id, instance_type, owner)| HubBrief { id, name, instance_id, instance_type, owner };
    Ok(rows.into_iter().map(brief).collect())
}

/// The ids of the marketplaces that are sold through a hub and that the actor may see; at most 200.
pub fn marketplaces_of_hub(tx: &mut Tx<'_>, actor: &Actor, id: &HubId) -> Result<Vec<String>> {
    let mine = party::table
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .filter(party::kind.eq("marketplace"))
        .filter(party::object_id.eq(marketplace_hub::marketplace_id));
    Ok(marketplace_hub::table
        .filter(marketplace_hub::hub_id.eq(id.as_str()))
        .filter(exists(mine))
        .order(marketplace_hub::marketplace_id)
        .limit(200)
        .select(marketplace_hub::marketplace_id)
        .load(tx.conn())?)
}

/// Ids and names of the hubs of the actor's company, by name.
pub fn hub_names(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<NamedRef>> {
    let rows: Vec<(String, String)> = hub::table
        .filter(hub::account_id.eq(actor.account()?))
        .order((hub::name_folded, hub::id))
        .select((hub::id, hub::name))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, name)| NamedRef { id, name }).collect())
}
