//! What the API answers about products. Clients read most of these keys without looking whether they are there.

use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::products::model::{
    self, Capabilities, Constraints, CustomerUi, ItemKind, ItemStatus, MediumKind, ParameterKind, Period, Phase,
    Precision, Preset, ProductStatus, Scope, TemplateKind, Version,
};
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
    /// The vendor's own id.
    pub external_id: Option<String>,
    /// Path of its picture; never empty.
    pub icon: String,
    /// Where it stands.
    pub status: ProductStatus,
    /// The product that replaces it.
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
    pub published_at: Option<Time>,
    /// Its category; the root of all while none was chosen.
    pub category: NamedRef,
    /// The vendor.
    pub owner: ProductOwner,
    /// Whether this is the newest version, or a master copy without versions.
    pub latest: bool,
    /// The main medium.
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
    /// What was built for integrations.
    pub extensions: Vec<NamedRef>,
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
            external_id: p.general.external_id,
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
            extensions: vec![],
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

/// A parameter.
#[derive(Debug, Serialize, ToSchema)]
pub struct Parameter {
    /// `PRM-123-456-789-0001`
    pub id: String,
    /// The vendor's own id.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Who fills it, and when.
    pub phase: Phase,
    /// What it belongs to.
    pub scope: Scope,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    pub kind: ParameterKind,
    /// A line below its field.
    pub hint: String,
    /// What an empty field shows.
    pub placeholder: String,
    /// The value that is there at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Preset>,
    /// What a value must keep to.
    pub constraints: Constraints,
    /// Its place.
    pub position: i32,
    /// When what happened.
    pub events: Events,
}

impl From<model::Parameter> for Parameter {
    fn from(p: model::Parameter) -> Self {
        Self {
            id: p.id.to_string(),
            name: p.name,
            title: p.title,
            description: p.description,
            phase: p.phase,
            scope: p.scope,
            kind: p.kind,
            hint: p.hint,
            placeholder: p.placeholder,
            default: p.preset,
            constraints: p.constraints,
            position: p.position,
            events: p.events,
        }
    }
}

/// A template.
#[derive(Debug, Serialize, ToSchema)]
pub struct Template {
    /// `TL-123-456-789`
    pub id: String,
    /// Its name.
    pub name: String,
    /// What people choose it by.
    pub title: String,
    /// Markdown with `{{ parameter }}` places.
    pub body: String,
    /// What it is about.
    pub scope: Scope,
    /// When it is shown.
    #[serde(rename = "type")]
    pub kind: Option<TemplateKind>,
    /// Its place.
    pub position: i32,
    /// When what happened.
    pub events: Events,
}

impl From<model::Template> for Template {
    fn from(t: model::Template) -> Self {
        Self {
            id: t.id.to_string(),
            name: t.name,
            title: t.title,
            body: t.body,
            scope: t.scope,
            kind: t.kind,
            position: t.position,
            events: t.events,
        }
    }
}

/// A picture or a video.
#[derive(Debug, Serialize, ToSchema)]
pub struct Medium {
    /// `PRDM-123-456-789-12345`
    pub id: String,
    /// Its place, 1 to 8.
    pub position: i32,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediumKind,
    /// Path of its picture.
    pub thumbnail: String,
    /// Where the video is; the picture itself for a picture.
    pub url: String,
    /// When what happened.
    pub events: Events,
}

impl From<model::Medium> for Medium {
    fn from(m: model::Medium) -> Self {
        Self {
            id: m.id.to_string(),
            position: m.position,
            kind: m.kind,
            thumbnail: m.thumbnail,
            url: m.url,
            events: m.events,
        }
    }
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub struct Category {
    /// `CAT-12345`
    pub id: String,
    /// Its name.
    pub name: String,
    /// The category above it.
    pub parent: Option<NamedRef>,
    /// The categories below it.
    pub children: Vec<NamedRef>,
    /// Its family.
    pub family: NamedRef,
}

impl Category {
    /// A category among all of them.
    pub fn of(category: &model::Category, all: &[model::Category]) -> Self {
        let named = |c: &model::Category| NamedRef { id: c.id.to_string(), name: c.name.clone() };
        Self {
            id: category.id.to_string(),
            name: category.name.clone(),
            parent: category.parent.as_ref().and_then(|id| all.iter().find(|c| c.id == *id)).map(named),
            children: all.iter().filter(|c| c.parent.as_ref() == Some(&category.id)).map(named).collect(),
            family: NamedRef { id: category.family.clone(), name: "Root Family".to_owned() },
        }
    }
}

/// A unit of measure.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitOfMeasure {
    /// A word for a shared one, `CU-123-456-789` for an own one.
    pub id: String,
    /// `unit`, `unit-h`.
    pub unit: String,
    /// What people read.
    pub description: String,
    /// For which items.
    #[serde(rename = "type")]
    pub kind: ItemKind,
    /// Amounts of several items add up.
    pub cumulative: bool,
    /// Whose own it is; absent for shared ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<NamedRef>,
}

impl UnitOfMeasure {
    /// A unit as an account sees it.
    pub fn of(unit: model::UnitOfMeasure, account: &str) -> Self {
        Self {
            id: unit.id,
            unit: unit.code,
            description: unit.description,
            kind: unit.kind,
            cumulative: unit.cumulative,
            owner: unit.owner.map(|id| NamedRef { id: id.to_string(), name: account.to_owned() }),
        }
    }
}
