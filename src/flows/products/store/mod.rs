//! Rows of products. Queries for a reader start from the party rows; those for flows above name the product they have
//! checked.

pub mod items;
pub mod lists;
pub mod media;
pub mod parameters;
pub mod partners;
pub mod products;
pub mod shelves;
pub mod templates;
pub mod versions;

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Brief, Capabilities, ProductStatus, View, icon_or_default};
use crate::db::schema::{party, product};
use crate::db::{Result, Tx};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, ProductId, Side};

/// A product's own row, as flows above need it.
#[derive(Debug, Queryable)]
pub struct Head {
    /// Its name on the master copy.
    pub name: String,
    /// Path of its picture.
    pub icon: Option<String>,
    /// Where it stands.
    pub status: ProductStatus,
    /// The vendor.
    pub owner: AccountId,
    /// The newest version.
    pub latest_version: Option<i32>,
    /// The newest version that distributors see.
    pub public_version: Option<i32>,
    /// What it can do.
    pub capabilities: Doc<Capabilities>,
}

/// A product's own row.
pub fn head(tx: &mut Tx<'_>, id: &ProductId) -> Result<Option<Head>> {
    Ok(product::table
        .find(id)
        .select((
            product::name,
            product::icon,
            product::status,
            product::account_id,
            product::latest_version,
            product::public_version,
            product::capabilities,
        ))
        .first(tx.conn())
        .optional()?)
}

/// Which copy of a product the actor sees; none if it may not see the product.
pub fn view(tx: &mut Tx<'_>, actor: &Actor, id: &ProductId) -> Result<Option<View>> {
    let row: Option<(Side, Option<i32>)> = product::table
        .inner_join(party::table.on(party::object_id.eq(product::id)))
        .filter(product::id.eq(id))
        .filter(party::kind.eq("product"))
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .select((party::side, product::public_version))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(side, public_version)| View { id: id.clone(), own: side == Side::Vendor, public_version }))
}

/// Products as other objects mention them.
pub fn briefs(tx: &mut Tx<'_>, ids: &[ProductId]) -> Result<HashMap<ProductId, Brief>> {
    let rows: Vec<(ProductId, String, Option<String>, ProductStatus, AccountId)> = product::table
        .filter(product::id.eq_any(ids))
        .select((product::id, product::name, product::icon, product::status, product::account_id))
        .load(tx.conn())?;
    let brief = |(id, name, icon, status, owner): (ProductId, String, Option<String>, ProductStatus, AccountId)| {
        let icon = icon_or_default(icon.as_deref()).to_owned();
        (id.clone(), Brief { id, name, icon, status, owner })
    };
    Ok(rows.into_iter().map(brief).collect())
}
