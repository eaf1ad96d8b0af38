//! What the API answers about products. Clients read most of these keys without looking whether they are there.

mod items;
mod parts;

pub use items::*;
pub use parts::*;

use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::products::model::{self, Capabilities, CustomerUi, ProductStatus, Version};
use crate::kit::{Events, NamedRef, Time};

/// Who owns something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductOwner {
    /// The account.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Path of its picture.
    pub icon: Option<String>,
}

impl From<NamedRef> for ProductOwner {
    fn from(account: NamedRef) -> Self {
        Self { id: account.id, name: account.name, icon: None }
    }
}

/// A product as another object mentions it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductRef {
    /// `PRD-123-456-789`
    pub id: String,
    /// Path of its picture.
    pub icon: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: ProductStatus,
}

impl From<model::Brief> for ProductRef {
    fn from(brief: model::Brief) -> Self {
        Self { id: brief.id.to_string(), icon: brief.icon, name: brief.name, status: brief.status }
    }
}

/// What old clients read instead of capabilities.
#[derive(Debug, Serialize, ToSchema)]
pub struct Configurations {
    /// Subscriptions can be suspended.
    pub suspend_resume_supported: bool,
    /// Resellers must be set up first.
    pub requires_reseller_information: bool,
}

/// Who applies rules to usage.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct UsageRule {
    /// Whether rules apply.
    pub enabled: bool,
    /// To whose usage.
    pub providers: Vec<NamedRef>,
}

/// What a product has.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductStats {
    /// Versions.
    pub versions: i32,
}

/// Why the caller sees a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Visibility {
    /// It is the caller's own.
    pub owner: bool,
    /// It is listed on a marketplace.
    pub listing: bool,
    /// It is passed on by a distributor.
    pub syndication: bool,
    /// It is in the catalogue.
    pub catalog: bool,
}

/// A product: the master copy for its vendor, a version otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub struct Product {
    /// `PRD-123-456-789`
    pub id: String,
    /// Its name.
    pub name: String,
    /// The vendor's own id; empty if there is none.
    pub external_id: String,
    /// Path of its picture; never empty.
    pub icon: String,
    /// Where it stands.
    pub status: ProductStatus,
    /// The product that replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<ProductRef>,
    /// What the vendor says about its end of sale.
    pub end_of_sale_notes: String,
    /// One or two sentences.
    pub short_description: String,
    /// Markdown.
    pub detailed_description: String,
    /// What old clients read instead of capabilities.
    pub configurations: Configurations,
    /// What customers find in their control panel.
    pub customer_ui_settings: CustomerUi,
    /// The version; absent on the vendor's master copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// When it got its first version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Time>,
    /// Its category; the root of all while none was chosen.
    pub category: NamedRef,
    /// The vendor.
    pub owner: ProductOwner,
    /// Whether this is the newest version, or a master copy without versions.
    pub latest: bool,
    /// The main medium.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Medium>,
    /// Rules for usage.
    pub usage_rule: UsageRule,
    /// What it has.
    pub stats: ProductStats,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Why the caller sees it.
    pub visibility: Visibility,
    /// What changed in this version.
    pub changes_description: String,
    /// Whether distributors see this version.
    pub public: bool,
    /// Whether it is offered to test connections.
    pub staging: bool,
    /// `transactable` or `referral`.
    pub purchase_model: String,
    /// When what happened.
    pub events: Events,
}

impl From<model::Product> for Product {
    fn from(p: model::Product) -> Self {
        let everything = || NamedRef { id: model::NEVER_ASSIGNED[0].to_owned(), name: "All Categories".to_owned() };
        Self {
            icon: p.general.icon().to_owned(),
            id: p.id.to_string(),
            name: p.general.name,
            external_id: p.general.external_id.unwrap_or_default(),
            status: p.status,
            replacement: p.replacement.map(ProductRef::from),
            end_of_sale_notes: p.end_of_sale_notes,
            short_description: p.general.short_description,
            detailed_description: p.general.detailed_description,
            configurations: Configurations {
                suspend_resume_supported: p.capabilities.subscription.hold,
                requires_reseller_information: p.capabilities.tiers.configs.is_some(),
            },
            customer_ui_settings: p.general.ui,
            version: p.version,
            published_at: p.published_at,
            category: p.general.category.unwrap_or_else(everything),
            owner: p.owner.into(),
            latest: if p.version.is_some() { p.version == p.latest_version } else { p.latest_version.is_none() },
            media: p.main_medium.map(Medium::from),
            usage_rule: UsageRule::default(),
            stats: ProductStats { versions: p.latest_version.unwrap_or(0) },
            capabilities: p.capabilities,
            visibility: Visibility { owner: p.own, listing: p.listed, syndication: false, catalog: false },
            changes_description: String::new(),
            public: p.version.is_some(),
            staging: false,
            purchase_model: p.purchase_model.unwrap_or_else(|| "transactable".to_owned()),
            events: p.events,
        }
    }
}

impl Product {
    /// The product in one of its versions.
    pub fn of_version(product: model::Product, version: Version, kept: model::Snapshot) -> Self {
        let latest = product.latest_version == Some(version.number);
        let main_medium = kept.media.into_iter().next();
        let shown = model::Product { general: kept.general, main_medium, version: Some(version.number), ..product };
        Self {
            latest,
            changes_description: version.changes,
            public: version.public,
            staging: version.staging,
            events: version.events,
            ..Self::from(shown)
        }
    }
}
