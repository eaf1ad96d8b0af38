//! For the flows above: what a product is made of. They have checked that the reader may see it.

use std::collections::HashMap;

use crate::db::{Result, Tx};
use crate::flows::products::model::{Capabilities, Item, Parameter, ProductStatus, Template, icon_or_default, sold};
use crate::flows::products::store;
use crate::kit::{AccountId, ProductId};

/// A product as other objects mention it.
pub type ProductBrief = crate::flows::products::model::Brief;

/// What orders and usage need to know of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its id.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// Path of its picture.
    pub icon: String,
    /// Where it stands.
    pub status: ProductStatus,
    /// The vendor.
    pub owner: AccountId,
    /// The newest version, public or not.
    pub latest_version: Option<i32>,
    /// The newest version that distributors see: the one that is sold.
    pub public_version: Option<i32>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// The items of the version that is sold, each in its status of now, and those that came in with usage. Before the
    /// first version: the items of the master copy.
    pub items: Vec<Item>,
    /// Its parameters, by position.
    pub parameters: Vec<Parameter>,
    /// Its templates, by position.
    pub templates: Vec<Template>,
}

impl Definition {
    /// The parameter of a name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }

    /// The item of an id, a local id or an MPN.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|i| i.id == *key || i.mpn == key || i.local_id() == key)
    }
}

/// Everything that orders and usage need to know of a product: at most five statements.
pub fn definition(tx: &mut Tx<'_>, id: &ProductId) -> Result<Option<Definition>> {
    let Some(head) = store::head(tx, id)? else { return Ok(None) };
    let live = store::items::of_product(tx, id)?;
    let version = match head.public_version.or(head.latest_version) {
        Some(number) => store::versions::snapshot(tx, id, number)?,
        None => None,
    };
    let (name, icon, items) = match version {
        Some(v) => (v.general.name.clone(), v.general.icon().to_owned(), sold(v.items, live)),
        None => (head.name, icon_or_default(head.icon.as_deref()).to_owned(), live),
    };
    Ok(Some(Definition {
        id: id.clone(),
        name,
        icon,
        status: head.status,
        owner: head.owner,
        latest_version: head.latest_version,
        public_version: head.public_version,
        capabilities: head.capabilities.0,
        items,
        parameters: store::parameters::of_product(tx, id)?,
        templates: store::templates::of_product(tx, id)?,
    }))
}

/// Products as other objects mention them: one statement.
pub fn briefs(tx: &mut Tx<'_>, ids: &[ProductId]) -> Result<HashMap<ProductId, ProductBrief>> {
    store::briefs(tx, ids)
}
