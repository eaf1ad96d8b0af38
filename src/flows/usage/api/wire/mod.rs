//! The shapes of the API.

mod records;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use records::{ClosedRecord, UsageAsset, UsageCategory, UsageFileRef, UsageItem, UsageParam, UsageRecord};
use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::usage::actions::{self, FileDetail, FileView, What};
use crate::flows::usage::model::{Counts, FileStatus, SubStatus};
use crate::kit::{Environment, Stamp, Time};
use crate::rest::Caller;

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
        let upload = actions::upload_of(&file.id, file.generation);
        let link = |what| links.to(detail.now, what, &upload);
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
