//! Items.

use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::products::model::{self, ItemKind, ItemStatus, Period, Precision};
use crate::kit::{Events, NamedRef};

/// For how long a customer commits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Commitment {
    /// What is counted: always `billing_period`.
    pub multiplier: &'static str,
    /// How many; 1 is none.
    pub count: i32,
}

/// What a quantity counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemUnit {
    /// A word for a shared one, `CU-123-456-789` for an own one.
    pub id: String,
    /// What people read.
    pub name: String,
    /// The same.
    pub title: String,
    /// `unit`, `unit-h`.
    pub unit: String,
}

/// An item as another one mentions it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: ItemStatus,
}

impl ItemRef {
    /// The item as another one mentions it.
    pub fn of(item: &model::Item) -> Self {
        Self { id: item.id.to_string(), name: item.name.clone(), status: item.status }
    }
}

/// How an item is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemUi {
    /// Shown when people order.
    pub visibility: bool,
}

/// An item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductItem)]
pub struct Item {
    /// `PRD-123-456-789-0001`
    pub id: String,
    /// The same with `_` for `-`, by which hubs know it.
    pub local_id: String,
    /// The vendor's own number.
    pub mpn: String,
    /// Its name.
    pub name: String,
    /// The same.
    pub display_name: String,
    /// The vendor's id in another system.
    pub external_id: Option<String>,
    /// What it is.
    pub description: String,
    /// How it is charged.
    #[serde(rename = "type")]
    pub kind: ItemKind,
    /// For how long one charge lasts.
    pub period: Period,
    /// For how long a customer commits.
    pub commitment: Commitment,
    /// How finely a quantity may be given.
    pub precision: Precision,
    /// What a quantity counts.
    pub unit: ItemUnit,
    /// Where it stands.
    pub status: ItemStatus,
    /// It came in with usage.
    pub dynamic: bool,
    /// For which family of partners; none is everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicability: Option<String>,
    /// The item above it.
    pub parent: Option<ItemRef>,
    /// How deep it is below others.
    pub depth: u8,
    /// Its place.
    pub position: i32,
    /// Its group.
    pub group: Option<NamedRef>,
    /// How it is shown.
    pub ui: ItemUi,
    /// The same.
    pub ui_visibility: bool,
    /// The item that replaces it.
    pub replacement: Option<ItemRef>,
    /// What the vendor says about its end of sale.
    pub end_of_sale_notes: Option<String>,
    /// When what happened.
    pub events: Events,
}

impl Item {
    /// An item; `others` are those that it mentions.
    pub fn of(item: model::Item, others: &[model::Item]) -> Self {
        let known = |id: &crate::kit::ItemId| others.iter().find(|o| o.id == *id).map(ItemRef::of);
        Self {
            local_id: item.local_id(),
            id: item.id.to_string(),
            mpn: item.mpn,
            display_name: item.name.clone(),
            name: item.name,
            external_id: item.external_id,
            description: item.description,
            kind: item.kind,
            period: item.period,
            commitment: Commitment { multiplier: "billing_period", count: item.commitment },
            precision: item.precision,
            unit: ItemUnit {
                id: item.unit.id,
                name: item.unit.title.clone(),
                title: item.unit.title,
                unit: item.unit.code,
            },
            status: item.status,
            dynamic: item.dynamic,
            applicability: None,
            depth: u8::from(item.extra.parent.is_some()),
            parent: item.extra.parent.as_ref().and_then(known),
            position: item.position,
            group: None,
            ui: ItemUi { visibility: item.visible },
            ui_visibility: item.visible,
            replacement: item.extra.replacement.as_ref().and_then(known),
            end_of_sale_notes: item.extra.end_of_sale_notes,
            events: item.events,
        }
    }
}
