//! What a listing stands on: the contract and its marketplace, read for those who ask.

use diesel::prelude::*;

use crate::db::schema::{account, contract, hub, marketplace};
use crate::db::{Result, Tx};
use crate::kit::{AccountId, Actor, ContractId, HubId, MarketplaceId, NamedRef, Role};

/// An active distribution contract of a vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The contract.
    pub contract: ContractId,
    /// Its name.
    pub name: String,
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// The marketplace's name.
    pub marketplace_name: String,
    /// The marketplace's owner.
    pub provider: NamedRef,
    /// What the owner is.
    pub role: Role,
}

type Row = (ContractId, String, MarketplaceId, String, AccountId, String, Role);

fn ground((contract, name, marketplace, marketplace_name, provider, provider_name, role): Row) -> Ground {
    let provider = NamedRef { id: provider.to_string(), name: provider_name };
    Ground { contract, name, marketplace, marketplace_name, provider, role }
}

/// The active distribution contracts of the actor's company, which is the vendor, by marketplace.
pub fn grounds(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Ground>> {
    let rows: Vec<Row> = contract::table
        .inner_join(marketplace::table.on(contract::marketplace_id.eq(marketplace::id.nullable())))
        .inner_join(account::table.on(account::id.eq(contract::issuer_id)))
        .filter(contract::owner_id.eq(actor.account()?.as_str()))
        .filter(contract::kind.eq("distribution"))
        .filter(contract::status.eq("active"))
        .order((marketplace::name_folded, contract::id))
        .select((
            contract::id,
            contract::name,
            marketplace::id,
            marketplace::name,
            account::id,
            account::name,
            account::role,
        ))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(ground).collect())
}

/// Whether the actor's company has an active distribution contract with a vendor.
pub fn sells_for(tx: &mut Tx<'_>, actor: &Actor, vendor: &str) -> Result<bool> {
    let found = contract::table
        .filter(contract::owner_id.eq(vendor))
        .filter(contract::issuer_id.eq(actor.account()?.as_str()))
        .filter(contract::kind.eq("distribution"))
        .filter(contract::status.eq("active"));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(tx.conn())?)
}

/// The hubs of the actor's company, by name: id and name.
pub fn own_hubs(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(HubId, String)>> {
    Ok(hub::table
        .filter(hub::account_id.eq(actor.account()?.as_str()))
        .order((hub::name_folded, hub::id))
        .select((hub::id, hub::name))
        .load(tx.conn())?)
}
