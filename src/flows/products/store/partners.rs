//! Who sells for a vendor: read from the contracts, so that products become visible to them.

use diesel::prelude::*;

use crate::db::schema::{contract, product};
use crate::db::{Result, Tx};
use crate::flows::products::model::ProductStatus;
use crate::kit::{AccountId, ProductId, Time};

/// The distributors with an active distribution contract of a vendor.
pub fn distributors_of(tx: &mut Tx<'_>, vendor: &AccountId) -> Result<Vec<AccountId>> {
    Ok(contract::table
        .filter(contract::owner_id.eq(vendor.as_str()))
        .filter(contract::kind.eq("distribution"))
        .filter(contract::status.eq("active"))
        .select(contract::issuer_id)
        .distinct()
        .order(contract::issuer_id)
        .load(tx.conn())?)
}

/// Vendor and distributor of a distribution contract; none if it is another one.
pub fn distribution(tx: &mut Tx<'_>, id: &str) -> Result<Option<(AccountId, AccountId)>> {
    Ok(contract::table
        .find(id)
        .filter(contract::kind.eq("distribution"))
        .select((contract::owner_id, contract::issuer_id))
        .first(tx.conn())
        .optional()?)
}

/// A vendor's products that have a public version: id, status, when it was created.
pub fn public_products(tx: &mut Tx<'_>, vendor: &AccountId) -> Result<Vec<(ProductId, ProductStatus, Time)>> {
    Ok(product::table
        .filter(product::account_id.eq(vendor))
        .filter(product::public_version.is_not_null())
        .select((product::id, product::status, product::created_at))
        .load(tx.conn())?)
}
