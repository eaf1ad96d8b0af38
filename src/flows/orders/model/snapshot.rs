//! What a request keeps about its subscription, and the other objects that both mention.

use super::{AssetStatus, Line, Param};
use crate::flows::customers::model::{ContactInfo, Scope, TierSnapshot};
use crate::kit::{Environment, NamedRef, Side, Time};

/// The companies in the chain, as they were.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tiers {
    /// Who uses it.
    pub customer: TierSnapshot,
    /// Their reseller.
    pub tier1: Option<TierSnapshot>,
    /// The reseller above it.
    pub tier2: Option<TierSnapshot>,
}

impl Tiers {
    /// The chain as a side sees it: a reseller learns the name of the one above it, and no more. `position` is that of
    /// its party row.
    #[must_use]
    pub fn seen_by(&self, side: Side, position: i32) -> Self {
        let mut seen = self.clone();
        if let Some(above) = seen.tier2.as_mut().filter(|_| side == Side::Reseller && position < 2) {
            above.contact_info = ContactInfo::default();
            above.tax_id = None;
        }
        seen
    }

    /// Each company with its part.
    pub fn each(&self) -> impl Iterator<Item = (Scope, &TierSnapshot)> {
        [
            (Scope::Customer, Some(&self.customer)),
            (Scope::Tier1, self.tier1.as_ref()),
            (Scope::Tier2, self.tier2.as_ref()),
        ]
        .into_iter()
        .filter_map(|(scope, account)| account.map(|a| (scope, a)))
    }
}

/// What a request keeps: items, parameters, companies, as of this request. It does not change with the subscription, and
/// not at all once the request is final.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Snapshot {
    /// Items with the quantity asked for and the one before.
    pub items: Vec<Line>,
    /// Parameters with their values.
    pub params: Vec<Param>,
    /// The chain.
    pub tiers: Tiers,
    /// State of the subscription when the request was made.
    pub before: AssetStatus,
}

/// What a subscription has now.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct AssetState {
    /// Items with their quantity.
    pub items: Vec<Line>,
    /// Parameters with their values.
    pub params: Vec<Param>,
}

/// Who processes a request on the vendor's side.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Assignee {
    /// The person's id, or the token's.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address; empty for a token.
    pub email: String,
}

/// The product of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = SubscribedProduct)]
pub struct ProductRef {
    /// The id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Path of its icon.
    pub icon: String,
    /// `draft`, `published` or `endofsale`.
    pub status: String,
}

/// The connection that a subscription was ordered through.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ConnectionRef {
    /// The id.
    pub id: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub environment: Environment,
    /// Its status.
    pub status: String,
    /// The distributor.
    pub provider: NamedRef,
    /// The vendor.
    pub vendor: NamedRef,
    /// The product.
    pub product: NamedRef,
    /// The hub.
    pub hub: NamedRef,
    /// When it was made.
    pub created_at: Time,
    /// `public` or `staging`.
    pub product_version_type: String,
}

/// The marketplace of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct MarketplaceRef {
    /// The id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Path of its icon.
    pub icon: String,
}

/// The distribution contract of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ContractRef {
    /// The id.
    pub id: String,
    /// `distribution`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// A template by id and name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TemplateRef {
    /// The id.
    pub id: String,
    /// Its name.
    pub name: String,
}
