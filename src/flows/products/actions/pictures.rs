//! Pictures of products.

use crate::db::{Result, Tx};
use crate::flows::accounts::actions::name_picture;
pub use crate::flows::accounts::actions::{MAX_PICTURE, Upload, keep_picture, settle_upload};
use crate::flows::products::model::{Product, picture_path};
use crate::kit::{AccountId, Refusal};

/// Notes a picture as one of a product; gives its address.
pub(super) fn put(tx: &mut Tx<'_>, product: &Product, picture: &Upload) -> Result<String> {
    let account =
        AccountId::parse(&product.owner.id).ok_or_else(|| Refusal::not_found("account", &product.owner.id))?;
    let name = name_picture(tx, account.as_str(), product.id.as_str(), picture)?;
    Ok(picture_path(account.as_str(), product.id.as_str(), &name))
}
