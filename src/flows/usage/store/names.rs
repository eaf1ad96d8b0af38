//! What usage files mention: names of companies, products, contracts, marketplaces; and whether usage may be reported.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text as SqlText};

use crate::db::{MultiBackend, Result, Tx};
use crate::flows::products::model::Capabilities;
use crate::kit::column::{Doc, JsonDoc};
use crate::kit::{AccountId, Actor, ContractId, MarketplaceId, ProductId};

/// Names of what a file mentions.
#[derive(Debug, Clone, QueryableByName)]
pub struct Refs {
    /// The file.
    #[diesel(sql_type = SqlText)]
    pub id: String,
    /// The vendor's name.
    #[diesel(sql_type = SqlText)]
    pub vendor: String,
    /// The distributor's name.
    #[diesel(sql_type = SqlText)]
    pub provider: String,
    /// The product's name.
    #[diesel(sql_type = SqlText)]
    pub product: String,
    /// The product's picture.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub product_icon: Option<String>,
    /// The contract's name.
    #[diesel(sql_type = SqlText)]
    pub contract: String,
    /// The marketplace's name.
    #[diesel(sql_type = SqlText)]
    pub marketplace: String,
    /// The marketplace's picture.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub marketplace_icon: Option<String>,
}

/// Names of what files mention, by the files' ids: one statement.
pub fn refs(tx: &mut Tx<'_>, ids: &[&str]) -> Result<HashMap<String, Refs>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "select f.id, v.name as vendor, p.name as provider, r.name as product, r.icon as product_icon, c.name as contract, \
         m.name as marketplace, m.icon as marketplace_icon from usage_file f \
         join account v on v.id = f.vendor_id join account p on p.id = f.provider_id join product r on r.id = f.product_id \
         join contract c on c.id = f.contract_id join marketplace m on m.id = f.marketplace_id where f.id in ({})",
        super::places(1, ids.len())
    );
    let mut query = diesel::sql_query(text).into_boxed::<MultiBackend>();
    for id in ids {
        query = query.bind::<SqlText, _>(*id);
    }
    let rows: Vec<Refs> = query.load(tx.conn())?;
    Ok(rows.into_iter().map(|r| (r.id.clone(), r)).collect())
}

/// A distribution contract under which a vendor may report usage of a product, or could if something were not missing.
#[derive(Debug, Clone, QueryableByName)]
pub struct Offer {
    /// The contract.
    #[diesel(sql_type = SqlText)]
    pub contract: ContractId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub name: String,
    /// Its marketplace.
    #[diesel(sql_type = SqlText)]
    pub marketplace: MarketplaceId,
    /// The marketplace's name.
    #[diesel(sql_type = SqlText)]
    pub marketplace_name: String,
    /// The money of the marketplace.
    #[diesel(sql_type = SqlText)]
    pub currency: String,
    /// The company that enrolled.
    #[diesel(sql_type = SqlText)]
    pub vendor: AccountId,
    /// The company that sells.
    #[diesel(sql_type = SqlText)]
    pub provider: AccountId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub provider_name: String,
    /// Whether the contract is active.
    #[diesel(sql_type = Bool)]
    pub active: bool,
    /// Whether the program contract between the two is active.
    #[diesel(sql_type = Bool)]
    pub program: bool,
    /// Whether the product is listed there.
    #[diesel(sql_type = Bool)]
    pub listed: bool,
}

const OFFERS: &str = "select c.id as contract, c.name as name, c.marketplace_id as marketplace, m.name as marketplace_name, m.currency as currency, \
     c.owner_id as vendor, c.issuer_id as provider, a.name as provider_name, c.status = 'active' as active, \
     exists (select 1 from contract p where p.kind = 'program' and p.owner_id = c.owner_id and p.issuer_id = c.issuer_id and p.status = 'active') as program, \
     exists (select 1 from listing l where l.product_id = $1 and l.contract_id = c.id and l.status = 'listed') as listed \
     from contract c join marketplace m on m.id = c.marketplace_id join account a on a.id = c.issuer_id \
     where c.kind = 'distribution' and c.owner_id = $2";

/// A vendor's distribution contract, seen as an offer of a product; none if it is not the vendor's or no distribution.
pub fn offer(tx: &mut Tx<'_>, product: &ProductId, vendor: &AccountId, contract: &str) -> Result<Option<Offer>> {
    Ok(diesel::sql_query(format!("{OFFERS} and c.id = $3"))
        .bind::<SqlText, _>(product.as_str())
        .bind::<SqlText, _>(vendor.as_str())
        .bind::<SqlText, _>(contract)
        .get_result(tx.conn())
        .optional()?)
}

/// All distribution contracts of a vendor, at most `limit`, by the distributors' names.
pub fn offers(tx: &mut Tx<'_>, product: &ProductId, vendor: &AccountId, limit: usize) -> Result<Vec<Offer>> {
    Ok(diesel::sql_query(format!("{OFFERS} and c.status = 'active' order by a.name, m.name, c.id limit {limit}"))
        .bind::<SqlText, _>(product.as_str())
        .bind::<SqlText, _>(vendor.as_str())
        .load(tx.conn())?)
}

/// A product of a vendor that is listed somewhere.
#[derive(Debug, Clone, QueryableByName)]
pub struct Listed {
    /// The product.
    #[diesel(sql_type = SqlText)]
    pub id: ProductId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub name: String,
    /// What it can do.
    #[diesel(sql_type = JsonDoc)]
    pub capabilities: Doc<Capabilities>,
}

/// The products of the actor's company that are listed under an active distribution contract, at most `limit`, by name.
pub fn listed_products(tx: &mut Tx<'_>, actor: &Actor, limit: usize) -> Result<Vec<Listed>> {
    Ok(diesel::sql_query(format!(
        "select p.id, p.name, p.capabilities from product p where p.account_id = $1 and exists \
         (select 1 from listing l join contract c on c.id = l.contract_id where l.product_id = p.id and l.status = 'listed' and c.status = 'active') \
         order by p.name_folded, p.id limit {limit}"
    ))
    .bind::<SqlText, _>(actor.account()?.as_str())
    .load(tx.conn())?)
}
