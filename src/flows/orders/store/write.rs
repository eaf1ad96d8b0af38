//! Writing subscriptions and requests.

use diesel::prelude::*;
use serde_json::Value;

use super::ASSET;
use super::assets::uid_in_use;
use super::requests::RequestView;
use crate::db::schema::{asset, asset_item, asset_param, party, request};
use crate::db::{Result, Tx, insert_with_fresh_id, next_number};
use crate::flows::orders::model::{AssetState, AssetStatus, RequestKind, RequestStatus, Snapshot};
use crate::kit::column::Doc;
use crate::kit::{
    AccountId, Actor, Amount, AssetId, ConnectionId, ContractId, Environment, Events, HubId, MarketplaceId, ProductId,
    Quantity, RequestId, TemplateId, Text, TierAccountId, Time,
};
use crate::on_each;

/// A subscription that is to be written.
#[derive(Debug)]
pub struct NewAsset<'a> {
    /// Draft or processing.
    pub status: AssetStatus,
    /// The product.
    pub product: &'a ProductId,
    /// Its version that is sold.
    pub version: Option<i32>,
    /// The connection.
    pub connection: &'a ConnectionId,
    /// The marketplace.
    pub marketplace: &'a MarketplaceId,
    /// The distribution contract.
    pub contract: &'a ContractId,
    /// The hub.
    pub hub: &'a HubId,
    /// The vendor.
    pub vendor: &'a AccountId,
    /// The distributor.
    pub provider: &'a AccountId,
    /// What it is for.
    pub environment: Environment,
    /// The number in the ordering system.
    pub external_id: Option<&'a str>,
    /// The UUID there.
    pub external_uid: Option<&'a str>,
    /// Who uses it.
    pub customer: &'a TierAccountId,
    /// Their reseller.
    pub tier1: Option<&'a TierAccountId>,
    /// The reseller above it.
    pub tier2: Option<&'a TierAccountId>,
    /// Items and parameters.
    pub state: &'a AssetState,
}

/// Writes a new subscription under a fresh id. Gives the one that has the UUID already instead, if there is one.
pub fn insert_asset(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: &NewAsset<'_>,
    events: &Events,
) -> Result<std::result::Result<AssetId, AssetId>> {
    let at = tx.at();
    let written = insert_with_fresh_id(tx, &[4, 4, 4], |tx, digits| {
        let row = (
            (
                asset::id.eq(format!("AS-{digits}")),
                asset::status.eq(new.status),
                asset::product_id.eq(new.product),
                asset::version.eq(new.version),
                asset::connection_id.eq(new.connection),
                asset::marketplace_id.eq(new.marketplace),
                asset::contract_id.eq(new.contract),
                asset::hub_id.eq(new.hub),
                asset::vendor_id.eq(new.vendor),
                asset::provider_id.eq(new.provider),
                asset::environment.eq(new.environment),
            ),
            (
                asset::external_id.eq(new.external_id),
                asset::external_uid.eq(new.external_uid),
                asset::customer_id.eq(new.customer),
                asset::tier1_id.eq(new.tier1.map(TierAccountId::as_str)),
                asset::tier2_id.eq(new.tier2.map(TierAccountId::as_str)),
                asset::doc.eq(Doc(new.state.clone())),
                asset::events.eq(Doc(events.clone())),
                asset::revision.eq(1i64),
                asset::created_at.eq(at),
                asset::updated_at.eq(at),
            ),
        );
        let written = tx.savepoint(|tx| {
            Ok(diesel::insert_into(asset::table).values(row).returning(asset::id).get_result::<AssetId>(tx.conn())?)
        });
        match (written, new.external_uid) {
            (Ok(id), _) => Ok(Ok(id)),
            // Either the id or the UUID is taken; only the first is worth another try.
            (Err(e), Some(uid)) if e.is_unique_violation() => {
                uid_in_use(tx, actor, new.connection, uid)?.map(Err).ok_or(e)
            }
            (Err(e), _) => Err(e),
        }
    })?;
    if let Ok(id) = &written {
        write_parts(tx, id, new.product, new.state)?;
    }
    Ok(written)
}

/// The rows by which items and parameters are looked up.
fn write_parts(tx: &mut Tx<'_>, id: &AssetId, product: &ProductId, state: &AssetState) -> Result<()> {
    diesel::delete(asset_item::table.filter(asset_item::asset_id.eq(id))).execute(tx.conn())?;
    diesel::delete(asset_param::table.filter(asset_param::asset_id.eq(id))).execute(tx.conn())?;
    let items: Vec<_> = (0i32..)
        .zip(&state.items)
        .map(|(position, line)| {
            let (quantity, unlimited) = match line.quantity {
                Quantity::Of(amount) => (amount, false),
                Quantity::Unlimited => (Amount::ZERO, true),
            };
            (
                asset_item::asset_id.eq(id),
                asset_item::item_id.eq(&line.id),
                asset_item::quantity.eq(quantity),
                asset_item::unlimited.eq(unlimited),
                asset_item::position.eq(position),
            )
        })
        .collect();
    let params: Vec<_> = state
        .params
        .iter()
        .filter(|p| p.takes_value())
        .map(|p| {
            (
                asset_param::asset_id.eq(id),
                asset_param::name.eq(p.name()),
                asset_param::product_id.eq(product),
                asset_param::parameter_id.eq(&p.definition.id),
                asset_param::phase.eq(p.definition.phase),
                asset_param::value.eq(p.answer.value.as_deref()),
                asset_param::structured.eq(p.answer.structured.clone().map(Doc)),
            )
        })
        .collect();
    on_each!(tx, |c| diesel::insert_into(asset_item::table).values(&items).execute(c))?;
    on_each!(tx, |c| diesel::insert_into(asset_param::table).values(&params).execute(c))?;
    Ok(())
}

/// What became of a subscription.
#[derive(Debug)]
pub struct AssetChange<'a> {
    /// Which one.
    pub id: &'a AssetId,
    /// Its product.
    pub product: &'a ProductId,
    /// Where it stands.
    pub status: AssetStatus,
    /// Its open request.
    pub open: Option<&'a RequestId>,
    /// The template it shows now; none to keep the one it has.
    pub template: Option<&'a TemplateId>,
    /// Items and parameters; none to keep those it has.
    pub state: Option<&'a AssetState>,
    /// When what happened.
    pub events: &'a Events,
}

/// Writes what became of a subscription.
pub fn save_asset(tx: &mut Tx<'_>, change: &AssetChange<'_>) -> Result<()> {
    let at = tx.at();
    let row = asset::table.find(change.id);
    diesel::update(row)
        .set((
            asset::status.eq(change.status),
            asset::open_request_id.eq(change.open.map(RequestId::as_str)),
            asset::events.eq(Doc(change.events.clone())),
            asset::revision.eq(asset::revision + 1),
            asset::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    if let Some(template) = change.template {
        diesel::update(row).set(asset::template_id.eq(template.as_str())).execute(tx.conn())?;
    }
    if let Some(state) = change.state {
        set_state(tx, change.id, change.product, state)?;
    }
    Ok(())
}

/// Writes the items and parameters that a subscription has now.
pub fn set_state(tx: &mut Tx<'_>, id: &AssetId, product: &ProductId, state: &AssetState) -> Result<()> {
    diesel::update(asset::table.find(id)).set(asset::doc.eq(Doc(state.clone()))).execute(tx.conn())?;
    write_parts(tx, id, product, state)
}

/// Notes which request of a subscription is open.
pub fn set_open(tx: &mut Tx<'_>, id: &AssetId, open: Option<&RequestId>) -> Result<()> {
    diesel::update(asset::table.find(id))
        .set(asset::open_request_id.eq(open.map(RequestId::as_str)))
        .execute(tx.conn())?;
    Ok(())
}

/// A request that is to be written.
#[derive(Debug)]
pub struct NewRequest<'a> {
    /// Its subscription.
    pub asset: &'a AssetId,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it begins.
    pub status: RequestStatus,
    /// The product.
    pub product: &'a ProductId,
    /// The marketplace.
    pub marketplace: &'a MarketplaceId,
    /// The distribution contract.
    pub contract: &'a ContractId,
    /// The connection.
    pub connection: &'a ConnectionId,
    /// The vendor.
    pub vendor: &'a AccountId,
    /// The distributor.
    pub provider: &'a AccountId,
    /// What it is for.
    pub environment: Environment,
    /// The customer.
    pub customer: &'a TierAccountId,
    /// The template that is shown now.
    pub template: Option<&'a TemplateId>,
    /// The vendor's note.
    pub note: &'a str,
    /// What the customer reads when asked back.
    pub message: &'a str,
    /// From which the secret of the customer's form is made.
    pub form_nonce: Option<&'a str>,
    /// The day it is put off to.
    pub planned_date: Option<Time>,
    /// The request approved before it.
    pub previous: Option<&'a str>,
    /// Items, parameters, chain.
    pub snapshot: &'a Snapshot,
    /// Free data of the ordering system.
    pub external_attributes: Option<&'a Value>,
}

/// Writes a new request under its subscription's digits and the next number.
pub fn insert_request(tx: &mut Tx<'_>, new: &NewRequest<'_>, events: &Events) -> Result<RequestId> {
    let at = tx.at();
    let number = next_number(tx, new.asset.as_str(), "request")?;
    let row = (
        (
            request::id.eq(format!("PR-{}-{number:03}", new.asset.digits())),
            request::asset_id.eq(new.asset),
            request::kind.eq(new.kind),
            request::status.eq(new.status),
            request::product_id.eq(new.product),
            request::marketplace_id.eq(new.marketplace),
            request::contract_id.eq(new.contract),
            request::connection_id.eq(new.connection),
            request::vendor_id.eq(new.vendor),
            request::provider_id.eq(new.provider),
            request::environment.eq(new.environment),
            request::customer_id.eq(new.customer),
            request::template_id.eq(new.template.map(TemplateId::as_str)),
        ),
        (
            request::note.eq(new.note),
            request::reason.eq(None::<Doc<Text>>),
            request::answered.eq(false),
            request::activation_key.eq(""),
            request::message.eq(new.message),
            request::form_nonce.eq(new.form_nonce),
            request::planned_date.eq(new.planned_date),
            request::previous_id.eq(new.previous),
            request::snapshot.eq(Doc(new.snapshot.clone())),
            request::external_attributes.eq(new.external_attributes.cloned().map(Doc)),
            request::events.eq(Doc(events.clone())),
            request::revision.eq(1i64),
            request::created_at.eq(at),
            request::updated_at.eq(at),
        ),
    );
    Ok(diesel::insert_into(request::table).values(row).returning(request::id).get_result(tx.conn())?)
}

/// Writes what became of a request. Names and dates of other objects are not part of it.
pub fn save_request(tx: &mut Tx<'_>, r: &RequestView) -> Result<()> {
    let at = tx.at();
    let assignee = r.assignee.clone();
    diesel::update(request::table.find(&r.id))
        .set((
            request::status.eq(r.status),
            request::assignee_id.eq(assignee.as_ref().map(|a| a.0.id.clone())),
            request::assignee.eq(assignee),
            request::template_id.eq(r.refs.template_id.as_ref().map(TemplateId::as_str)),
            request::note.eq(&r.note),
            request::reason.eq(r.reason.clone()),
            request::answered.eq(r.answered),
            request::activation_key.eq(&r.activation_key),
            request::message.eq(&r.message),
            request::form_nonce.eq(r.form_nonce.as_deref()),
            request::planned_date.eq(r.planned_date),
            request::effective_date.eq(r.effective_date),
            request::snapshot.eq(r.snapshot.clone()),
            request::external_attributes.eq(r.external_attributes.clone()),
            request::events.eq(r.events.clone()),
            request::revision.eq(request::revision + 1),
            request::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Deletes a draft, and the subscription with it if nothing else was ever asked for it.
pub fn delete_draft(tx: &mut Tx<'_>, id: &RequestId, asset: &AssetId, with_asset: bool) -> Result<()> {
    diesel::delete(request::table.find(id)).execute(tx.conn())?;
    if with_asset {
        diesel::delete(asset_item::table.filter(asset_item::asset_id.eq(asset))).execute(tx.conn())?;
        diesel::delete(asset_param::table.filter(asset_param::asset_id.eq(asset))).execute(tx.conn())?;
        diesel::delete(party::table.filter(party::kind.eq(ASSET)).filter(party::object_id.eq(asset.as_str())))
            .execute(tx.conn())?;
        diesel::delete(asset::table.find(asset)).execute(tx.conn())?;
    }
    Ok(())
}
