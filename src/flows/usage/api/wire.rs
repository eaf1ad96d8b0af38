//! The shapes of the API.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::products::model::Precision;
use crate::flows::usage::actions::{self, CategoryRow, Closed, FileDetail, FileView, RecordRow, What};
use crate::flows::usage::model::{Counts, Environment, FileStatus, RecordStatus, SubStatus};
use crate::kit::{Stamp, Time};
use crate::rest::{Caller, Exact};

/// A company, product, marketplace as other objects mention it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageReference)]
pub struct Reference {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The path of its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

fn reference(id: impl ToString, name: &str) -> Reference {
    Reference { id: id.to_string(), name: name.to_owned(), icon: None }
}

fn pictured(id: impl ToString, name: &str, icon: Option<&String>) -> Reference {
    Reference { icon: Some(icon.cloned().unwrap_or_default()), ..reference(id, name) }
}

/// The time that a file speaks of.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsagePeriod {
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
}

/// How many records are in each stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageStats {
    /// Rows in the file.
    pub uploaded: i64,
    /// Good rows of a file that was not submitted.
    pub validated: i64,
    /// Records that the distributor looks at.
    pub pending: i64,
    /// Records that were agreed and are not closed.
    pub accepted: i64,
    /// Closed records.
    pub closed: i64,
    /// Records with a billing id.
    pub billed: i64,
}

impl From<Counts> for UsageStats {
    fn from(c: Counts) -> Self {
        Self {
            uploaded: c.uploaded,
            validated: c.validated,
            pending: c.pending,
            accepted: c.accepted,
            closed: c.closed,
            billed: c.billed,
        }
    }
}

/// How many records there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageRecordCounts {
    /// Without a fault.
    pub valid: i64,
    /// With a fault.
    pub invalid: i64,
    /// Closed.
    pub closed: i64,
}

/// A usage file as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageFile {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The vendor's own number.
    pub external_id: String,
    /// Where it stands.
    pub status: FileStatus,
    /// Whether it counts.
    pub environment: Environment,
    /// What its rows carry.
    pub schema: String,
    /// In what money.
    pub currency: Option<String>,
    /// The time it speaks of.
    pub period: UsagePeriod,
    /// Usage of which product.
    pub product: Reference,
    /// Under which contract.
    pub contract: Reference,
    /// On which marketplace.
    pub marketplace: Reference,
    /// Who reports.
    pub vendor: Reference,
    /// Who bills.
    pub provider: Reference,
    /// What the distributor reads with it.
    pub description: String,
    /// What only the vendor reads; the distributor's answers leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the distributor said when accepting.
    pub acceptance_note: String,
    /// What the distributor said when rejecting.
    pub rejection_note: String,
    /// Why the whole file could not be taken.
    pub error_detail: Option<String>,
    /// How many records are in each stage.
    pub stats: UsageStats,
    /// When what happened.
    pub events: BTreeMap<String, Stamp>,
}

/// Everything about one usage file.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageFileDetail {
    /// What lists show too.
    #[serde(flatten)]
    pub file: UsageFile,
    /// What goes on after it was accepted.
    pub sub_status: Option<SubStatus>,
    /// Where the workbook is, for ten minutes.
    pub usage_file_uri: Option<String>,
    /// Where the processed workbook is, for ten minutes.
    pub processed_file_uri: Option<String>,
    /// Where the last reconciliation is.
    pub reconciliation_file_uri: Option<String>,
    /// How many records there are.
    pub records: UsageRecordCounts,
}

impl UsageFile {
    /// What a side may see of a file.
    pub fn of(view: &FileView) -> Self {
        let (file, refs) = (&view.file, &view.refs);
        let error = file.error_detail.as_ref().map(|text| text.to_string().chars().take(200).collect());
        Self {
            id: file.id.to_string(),
            name: file.name.clone(),
            external_id: file.external_id.clone().unwrap_or_default(),
            status: file.status,
            environment: file.environment,
            schema: file.schema.as_str().to_ascii_lowercase(),
            currency: file.currency.clone(),
            period: UsagePeriod {
                from: file.period.map(|p| p.from.date().to_string()),
                to: file.period.map(|p| p.last().date().to_string()),
            },
            product: pictured(&file.product, &refs.product, refs.product_icon.as_ref()),
            contract: reference(&file.contract, &refs.contract),
            marketplace: pictured(&file.marketplace, &refs.marketplace, refs.marketplace_icon.as_ref()),
            vendor: pictured(&file.vendor, &refs.vendor, None),
            provider: pictured(&file.provider, &refs.provider, None),
            description: file.description.clone(),
            note: (view.side == crate::kit::Side::Vendor).then(|| file.note.clone()),
            acceptance_note: file.acceptance_note.clone(),
            rejection_note: file.rejection_note.clone(),
            error_detail: error,
            stats: file.figures.counts(file.status).into(),
            events: file.events.0.clone(),
        }
    }
}

impl UsageFileDetail {
    /// What a side may see of a file.
    pub fn of(detail: &FileDetail, links: &Links) -> Self {
        let file = &detail.view.file;
        let link = |what| links.to(detail.now, what, file.id.as_str());
        Self {
            sub_status: file.sub_status,
            usage_file_uri: (file.generation > 0).then(|| link(What::Uploaded)),
            processed_file_uri: detail.processed.then(|| link(What::Processed)),
            reconciliation_file_uri: None,
            records: UsageRecordCounts {
                valid: file.figures.open(),
                invalid: file.figures.invalid,
                closed: file.figures.closed,
            },
            file: UsageFile::of(&detail.view),
        }
    }
}

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
    pub precision: Option<String>,
    /// How it is charged.
    #[serde(rename = "type")]
    pub kind: Option<String>,
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
                precision: row.item_precision.map(|p| p.as_str().to_owned()),
                // Items that a file brings along are pay-as-you-go.
                kind: row
                    .item_kind
                    .map(|k| k.as_str().to_owned())
                    .or_else(|| row.item_precision.map(|_| "ppu".to_owned())),
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

/// Where a template is.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateLink {
    /// An absolute link that works for ten minutes, without a sign-in.
    pub template_link: String,
}

/// Makes absolute links.
#[derive(Clone)]
pub struct Links {
    origin: String,
    secret: Arc<String>,
}

impl Links {
    /// Links to where the call came to.
    pub fn of(caller: &Caller) -> Self {
        Self { origin: caller.origin(), secret: caller.services().secret.clone() }
    }

    /// The deployment's secret, by which links are signed.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// A path as a link.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    fn to(&self, now: Time, what: What, file: &str) -> String {
        self.absolute(&actions::file_link(&self.secret, now, what, file))
    }
}
