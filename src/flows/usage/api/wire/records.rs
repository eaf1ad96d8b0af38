//! Records and what they mention.

use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::products::model::{ItemKind, Precision};
use crate::flows::usage::actions::{CategoryRow, Closed, RecordRow};
use crate::flows::usage::model::RecordStatus;
use crate::kit::Time;
use crate::rest::Exact;

/// The item of a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageItem {
    /// Its id.
    pub id: Option<String>,
    /// The id that hubs use.
    pub local_id: Option<String>,
    /// Its code.
    pub mpn: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What a quantity counts.
    pub unit: Option<String>,
    /// How finely a quantity may be given.
    pub precision: Option<Precision>,
    /// How it is charged.
    #[serde(rename = "type")]
    pub kind: Option<ItemKind>,
}

/// The subscription of a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageAsset {
    /// Its id.
    pub id: Option<String>,
    /// Its id in the distributor's system.
    pub external_id: Option<String>,
    /// The id that the ordering system gave it.
    pub external_uid: Option<String>,
    /// The value of its reconciliation parameter.
    pub recon_id: Option<String>,
}

/// A category of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageCategory {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
}

impl From<CategoryRow> for UsageCategory {
    fn from(row: CategoryRow) -> Self {
        Self { id: row.id, name: row.name, description: row.description }
    }
}

/// A value of a vendor's own column.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageParam {
    /// The column.
    pub parameter_name: String,
    /// The value.
    pub parameter_value: Option<String>,
}

/// The file of a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageFileRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its rows carry.
    pub schema: String,
    /// In what money.
    pub currency: Option<String>,
}

/// A usage record.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageRecord {
    /// Its id.
    pub id: String,
    /// The vendor's own id of it.
    pub record_id: String,
    /// The vendor's words about it.
    pub note: String,
    /// Where it stands.
    pub status: RecordStatus,
    /// From when.
    pub start_date: Option<Time>,
    /// Until when.
    pub end_date: Option<Time>,
    /// Usage of which product.
    pub product_id: String,
    /// Of what.
    pub item: UsageItem,
    /// Of whose subscription.
    pub asset: UsageAsset,
    /// The category.
    pub category: Option<UsageCategory>,
    /// For which tier the amount is.
    pub tier: Option<i32>,
    /// How much.
    pub usage: Option<Exact>,
    /// What it costs in all.
    pub amount: Option<Exact>,
    /// By which the quantity becomes a whole number.
    pub multiplier: i64,
    /// Values of the vendor's own columns.
    pub params: Vec<UsageParam>,
    /// The file.
    pub usagefile: UsageFileRef,
    /// The id in the distributor's billing.
    pub external_billing_id: String,
    /// A note of the distributor.
    pub external_billing_note: String,
    /// When it was closed.
    pub closed_at: Option<Time>,
    /// By whom.
    pub closed_by: Option<String>,
    /// As in `item`.
    pub item_id: Option<String>,
    /// As in `asset`.
    pub asset_id: Option<String>,
    /// As in `item.local_id`.
    pub resource_local_id: Option<String>,
    /// As in `asset`.
    pub asset_external_id: Option<String>,
    /// As in `asset`.
    pub asset_external_uid: Option<String>,
}

impl From<RecordRow> for UsageRecord {
    fn from(row: RecordRow) -> Self {
        let status = row.status();
        let local_id = row.item_id.as_ref().map(|id| id.as_str().replace('-', "_"));
        let category = row.category_id.map(|id| UsageCategory {
            name: row.category_name.unwrap_or_else(|| id.clone()),
            description: row.category_description.unwrap_or_default(),
            id,
        });
        let params = row
            .params
            .0
            .into_iter()
            .map(|(name, value)| UsageParam { parameter_name: name, parameter_value: Some(value) });
        Self {
            status,
            start_date: row.start_at,
            end_date: row.end_at,
            product_id: row.product_id,
            item_id: row.item_id.as_ref().map(ToString::to_string),
            resource_local_id: local_id.clone(),
            asset_id: row.asset_id.clone(),
            asset_external_id: row.asset_external_id.clone(),
            asset_external_uid: row.asset_external_uid.clone(),
            multiplier: 10_i64.pow(row.item_precision.map_or(0, Precision::places)),
            item: UsageItem {
                id: row.item_id.as_ref().map(ToString::to_string),
                local_id,
                mpn: row.item_mpn,
                name: row.item_name,
                unit: row.item_unit,
                precision: row.item_precision,
                // Items that a file brings along are pay-as-you-go.
                kind: row.item_kind.or_else(|| row.item_precision.map(|_| ItemKind::Ppu)),
            },
            asset: UsageAsset {
                id: row.asset_id,
                external_id: row.asset_external_id,
                external_uid: row.asset_external_uid,
                recon_id: row.recon_id,
            },
            category,
            tier: row.tier,
            usage: row.quantity.map(Exact),
            amount: row.amount.map(Exact),
            params: params.collect(),
            usagefile: UsageFileRef {
                id: row.file_id.to_string(),
                name: row.file_name,
                schema: row.schema.as_str().to_ascii_lowercase(),
                currency: row.currency,
            },
            external_billing_id: row.billing_id,
            external_billing_note: row.billing_note,
            closed_at: row.closed_at,
            closed_by: row.closed_by,
            record_id: row.record_id,
            note: row.note,
            id: row.id,
        }
    }
}

/// What became of one record of a call for many.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosedRecord {
    /// The record, as it was named.
    pub id: String,
    /// Where it stands now.
    pub status: Option<RecordStatus>,
    /// The code of what stood against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_codes: Option<String>,
    /// What stood against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_details: Option<String>,
}

impl From<Closed> for ClosedRecord {
    fn from(closed: Closed) -> Self {
        Self {
            id: closed.id,
            status: closed.status,
            error_codes: closed.refusal.as_ref().map(|r| r.wire.to_owned()),
            error_details: closed.refusal.as_ref().map(ToString::to_string),
        }
    }
}
