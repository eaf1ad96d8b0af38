//! The product itself: its states, its general data, its versions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Capabilities, Item, Medium};
use crate::kit::{AccountId, CategoryId, Events, NamedRef, Problems, ProductId, Refusal, Text, Time};

crate::word_enum! {
    /// Where a product stands.
    pub enum ProductStatus {
        /// Only its vendor sees it.
        Draft = "draft",
        /// It has a version.
        Published = "published",
        /// No new listings.
        EndOfSale = "endofsale",
    }
}

crate::word_enum! {
    /// What is done to a product as a whole.
    pub enum Verb { Edit = "edit", Save = "save", EndSale = "endsale", ResumeSale = "resumesale", Delete = "delete" }
}

/// Where a product stands after a verb; a deleted one stands where it stood.
pub fn next(status: ProductStatus, verb: Verb) -> Result<ProductStatus, Refusal> {
    use ProductStatus::{Draft, EndOfSale, Published};
    match (status, verb) {
        (_, Verb::Edit) | (Draft, Verb::Delete) => Ok(status),
        (Draft | Published, Verb::Save) | (EndOfSale, Verb::ResumeSale) => Ok(Published),
        (Published, Verb::EndSale) => Ok(EndOfSale),
        (EndOfSale, Verb::Save) => Err(Refusal::state(Text::new(
            "The sale of this product has ended. Resume its sale before you save a version.",
        ))),
        (EndOfSale, Verb::EndSale) => Err(Refusal::state(Text::new("The sale of this product has ended already."))),
        (Draft, Verb::EndSale) => Err(Refusal::state(Text::new(
            "This product is a draft and was never on sale. Delete it if you do not need it.",
        ))),
        (Draft | Published, Verb::ResumeSale) => {
            Err(Refusal::state(Text::new("The sale of this product has not ended, so there is nothing to resume.")))
        }
        (Published | EndOfSale, Verb::Delete) => {
            Err(Refusal::state(Text::new("Only a draft product can be deleted. End the sale of this one instead.")))
        }
    }
}

/// The step between the places of items, parameters and templates.
pub const STEP: i32 = 10_000;

/// Categories that only hold others: a product cannot be in them.
pub const NEVER_ASSIGNED: [&str; 2] = ["CAT-00000", "CAT-75105"];

/// A category and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// The category above it.
    pub parent: Option<CategoryId>,
    /// Its family.
    pub family: String,
}

impl Category {
    /// Whether a product may be in it.
    pub fn is_assignable(&self) -> bool {
        !NEVER_ASSIGNED.contains(&self.id.as_str())
    }
}

/// A unit that quantities count in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitOfMeasure {
    /// A word for a shared one, `CU-…` for one of a company.
    pub id: String,
    /// The company whose own it is; none for a shared one.
    pub owner: Option<AccountId>,
    /// What people read.
    pub description: String,
    /// `unit`, `unit-h`.
    pub code: String,
    /// For which items.
    pub kind: super::ItemKind,
    /// Amounts of several items add up.
    pub cumulative: bool,
    /// When it was made.
    pub created_at: Time,
}

crate::word_enum! {
    /// For whom a download is.
    pub enum Audience { Admin = "admin", User = "user" }
}

/// A page that people can open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DownloadLink {
    /// What people read.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// For whom.
    pub visible_for: Audience,
}

/// A document that people can open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// What people read.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// A language that the product speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Language {
    /// Its code, `EN`.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
}

/// What customers find in their control panel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CustomerUi {
    /// A few words.
    pub description: String,
    /// First steps, in Markdown.
    pub getting_started: String,
    /// What can be downloaded.
    pub download_links: Vec<DownloadLink>,
    /// What can be read.
    pub documents: Vec<Document>,
    /// Languages of the product.
    pub languages: Vec<Language>,
    /// What is shown while a request waits.
    pub provisioning_message: String,
}

/// How many links or documents a product may have.
pub const MAX_LINKS: usize = 50;

impl CustomerUi {
    /// Notes what is wrong.
    pub fn check(&mut self, problems: &mut Problems) {
        let at = |name: &str| format!("customer_ui_settings.{name}");
        self.description = problems.optional(&at("description"), &self.description, 255).unwrap_or_default();
        self.getting_started =
            problems.optional(&at("getting_started"), &self.getting_started, 4_096).unwrap_or_default();
        self.provisioning_message =
            problems.optional(&at("provisioning_message"), &self.provisioning_message, 4_096).unwrap_or_default();
        for (name, count) in [
            ("download_links", self.download_links.len()),
            ("documents", self.documents.len()),
            ("languages", self.languages.len()),
        ] {
            problems.check(count <= MAX_LINKS, &at(name), || {
                Text::new("There are {count} of them; at most {max} are allowed. Remove some.")
                    .arg("count", count)
                    .arg("max", MAX_LINKS)
            });
        }
        for link in &mut self.download_links {
            check_link(problems, &at("download_links"), &mut link.title, &mut link.url);
        }
        for link in &mut self.documents {
            check_link(problems, &at("documents"), &mut link.title, &mut link.url);
        }
    }
}

fn check_link(problems: &mut Problems, field: &str, title: &mut String, url: &mut String) {
    *title = problems.text(field, title, 64);
    *url = problems.text(field, url, 1_024);
    let web = url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    problems.check(web, field, || {
        Text::new("{url} is not a web address. It must start with https:// or http://.").arg("url", &*url)
    });
}

/// Parts of a product that no query asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extra {
    /// What customers find in their control panel.
    pub ui: CustomerUi,
    /// The product that replaces it after its end of sale.
    pub replacement: Option<ProductId>,
    /// What the vendor says about its end of sale.
    pub end_of_sale_notes: String,
    /// `transactable` or `referral`.
    pub purchase_model: Option<String>,
}

/// The general data of a product: what a version keeps of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct General {
    /// Its name.
    pub name: String,
    /// The vendor's own id.
    pub external_id: Option<String>,
    /// Path of its picture, from the root of the site; none if it has none of its own.
    pub icon: Option<String>,
    /// Its category; none if none was chosen yet.
    pub category: Option<NamedRef>,
    /// One or two sentences.
    pub short_description: String,
    /// Markdown.
    pub detailed_description: String,
    /// What customers find in their control panel.
    pub ui: CustomerUi,
}

impl General {
    /// The picture, or the one that stands for products without.
    pub fn icon(&self) -> &str {
        icon_or_default(self.icon.as_deref())
    }

    /// Trims the texts and notes what is wrong.
    pub fn check(&mut self, problems: &mut Problems) {
        self.name = problems.text("name", &self.name, 255);
        self.external_id = problems.optional("external_id", self.external_id.as_deref().unwrap_or_default(), 128);
        self.short_description =
            problems.optional("short_description", &self.short_description, 512).unwrap_or_default();
        self.detailed_description =
            problems.optional("detailed_description", &self.detailed_description, 8_000).unwrap_or_default();
        self.ui.check(problems);
    }
}

/// Path of the picture that stands for products without one.
pub const DEFAULT_ICON: &str = "/media/product.png";

/// The picture, or the one that stands for products without.
pub fn icon_or_default(icon: Option<&str>) -> &str {
    icon.unwrap_or(DEFAULT_ICON)
}

/// A product as one reader sees it: the master copy for its vendor, a version for everybody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// The vendor.
    pub owner: NamedRef,
    /// Where it stands.
    pub status: ProductStatus,
    /// Name, descriptions, picture.
    pub general: General,
    /// The version this is; none for the master copy.
    pub version: Option<i32>,
    /// The newest version; none if there is none.
    pub latest_version: Option<i32>,
    /// The newest version that distributors see.
    pub public_version: Option<i32>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// The main medium.
    pub main_medium: Option<Medium>,
    /// The product that replaces it.
    pub replacement: Option<Brief>,
    /// What the vendor says about its end of sale.
    pub end_of_sale_notes: String,
    /// `transactable` or `referral`.
    pub purchase_model: Option<String>,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Whether it is listed on a marketplace of the reader, or the reader's own and listed anywhere.
    pub listed: bool,
    /// When it got its first version.
    pub published_at: Option<Time>,
    /// When what happened.
    pub events: Events,
    /// Counts its changes.
    pub revision: i64,
}

/// Which copy of a product an account sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The product.
    pub id: ProductId,
    /// Whether the account is its vendor, who sees the master copy.
    pub own: bool,
    /// The newest version that distributors see.
    pub public_version: Option<i32>,
}

impl Product {
    /// Which copy this is, for reading its parts.
    pub fn view(&self) -> View {
        View { id: self.id.clone(), own: self.own, public_version: self.public_version }
    }
}

/// A product as other objects mention it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
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
}

/// An immutable copy of a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// General data.
    pub general: General,
    /// Items, by position.
    pub items: Vec<Item>,
    /// Media, by position.
    pub media: Vec<Medium>,
}

/// A version of a product, without its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: i32,
    /// Distributors see it.
    pub public: bool,
    /// It is offered to test connections.
    pub staging: bool,
    /// What changed.
    pub changes: String,
    /// When what happened.
    pub events: Events,
}

/// Something that a product must have before a version can be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A category that may be chosen.
    Category,
    /// A picture at the first place.
    Picture,
    /// Something to sell.
    Item,
}

impl Need {
    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Category => "A category",
            Self::Picture => "A main picture",
            Self::Item => "At least one item",
        }
    }

    /// The name of what is missing, and what is said about it.
    const fn problem(self) -> (&'static str, &'static str) {
        match self {
            Self::Category => ("category", "The product has no category. Choose one before you save a version."),
            Self::Picture => ("media", "The product has no main picture. Upload one before you save a version."),
            Self::Item => ("items", "The product has no item. Make one before you save a version."),
        }
    }
}

/// What a version needs, and whether it is there.
pub fn needs(category: Option<&Category>, has_media: bool, items: i64) -> [(Need, bool); 3] {
    [
        (Need::Category, category.is_some_and(Category::is_assignable)),
        (Need::Picture, has_media),
        (Need::Item, items > 0),
    ]
}

/// Refuses what lacks something that a version needs.
pub fn ready(needs: &[(Need, bool)]) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    for (need, met) in needs {
        let (field, text) = need.problem();
        problems.check(*met, field, || Text::new(text));
    }
    problems.done()
}

/// The address of a picture of a product; `name` is that of its file. Clients take what stands behind the last point for
/// the kind of file.
pub fn picture_path(owner: &str, product: &str, name: &str) -> String {
    format!("/media/{owner}/{product}/media/{name}")
}
