//! What the API answers about listings, their requests, and connections.

use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::listings::model::{self, ConnectionStatus, ListingStatus, RequestKind, RequestState, VersionType};
use crate::flows::products::actions::ProductBrief;
use crate::kit::{Environment, Events, NamedRef, Time};

/// Something with a picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pictured {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Path of its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

impl From<NamedRef> for Pictured {
    fn from(named: NamedRef) -> Self {
        Self { id: named.id, name: named.name, icon: None }
    }
}

/// The contract of a listing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingContract {
    /// `CRD-…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Always `distribution`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its marketplace.
    pub marketplace: Pictured,
}

/// The product of a listing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedProduct {
    /// `PRD-123-456-789`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Path of its picture.
    pub icon: String,
    /// Where it stands.
    pub status: String,
    /// The version that is listed, or asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
}

/// A request as its listing mentions it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingRequest {
    /// `LSTR-…`
    pub id: String,
    /// What it asks for.
    #[serde(rename = "type")]
    pub kind: RequestKind,
    /// Where it stands.
    pub status: RequestState,
}

/// Nothing yet: prices and offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Priced {
    /// Its id.
    pub id: String,
}

/// A product on a marketplace, or on the way there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listing {
    /// `LST-123-456-789`
    pub id: String,
    /// Whether it is on the marketplace.
    pub status: ListingStatus,
    /// The contract with its marketplace.
    pub contract: ListingContract,
    /// The marketplace.
    pub marketplace: Pictured,
    /// The product.
    pub product: ListedProduct,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Time>,
    /// When it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Time>,
    /// The vendor.
    pub vendor: Pictured,
    /// The marketplace's owner.
    pub provider: Pictured,
    /// The open request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_request: Option<PendingRequest>,
    /// A newer version could be listed.
    pub upgrade_available: bool,
    /// Its offer.
    pub offer: Option<Priced>,
    /// Its price list.
    pub pricelist: Option<Priced>,
    /// Its price list in the marketplace's second currency.
    pub alt_pricelist_1: Option<Priced>,
    /// Its price list in the marketplace's third currency.
    pub alt_pricelist_2: Option<Priced>,
    /// When what happened.
    pub events: Events,
}

impl From<model::Listing> for Listing {
    fn from(l: model::Listing) -> Self {
        let marketplace = || Pictured {
            id: l.marketplace.id.clone(),
            name: l.marketplace.name.clone(),
            icon: l.marketplace_icon.clone(),
        };
        Self {
            upgrade_available: l.is_upgradable(),
            contract: ListingContract {
                id: l.contract.id.to_string(),
                name: l.contract.name.clone(),
                kind: "distribution",
                marketplace: marketplace(),
            },
            marketplace: marketplace(),
            id: l.id.to_string(),
            status: l.status,
            product: ListedProduct {
                id: l.product.id.to_string(),
                name: l.product.name,
                icon: l.product.icon,
                status: l.product.status,
                version: l.product.version,
            },
            created: l.events.at("created"),
            updated: l.events.at("updated"),
            vendor: l.vendor.into(),
            provider: l.provider.into(),
            pending_request: l.pending.map(|p| PendingRequest { id: p.id.to_string(), kind: p.kind, status: p.state }),
            offer: None,
            pricelist: None,
            alt_pricelist_1: None,
            alt_pricelist_2: None,
            events: l.events,
        }
    }
}

/// A request to change a listing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingRequest {
    /// `LSTR-123-456-789-001`
    pub id: String,
    /// What it asks for.
    #[serde(rename = "type")]
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// The product in the version that it is about.
    pub product: ListedProduct,
    /// The listing.
    pub listing: Listing,
    /// Its offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Priced>,
    /// Its price list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricelist: Option<Priced>,
    /// Its second price list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_pricelist_1: Option<Priced>,
    /// Its third price list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt_pricelist_2: Option<Priced>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<NamedRef>,
    /// Who looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<NamedRef>,
    /// What the vendor says.
    pub note: String,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Time>,
    /// When it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Time>,
    /// When what happened.
    pub events: Events,
}

impl From<model::Request> for ListingRequest {
    fn from(r: model::Request) -> Self {
        let p = &r.listing.product;
        Self {
            product: ListedProduct {
                id: p.id.to_string(),
                name: p.name.clone(),
                icon: p.icon.clone(),
                status: p.status.clone(),
                version: Some(r.version),
            },
            id: r.id.to_string(),
            kind: r.kind,
            state: r.state,
            listing: r.listing.into(),
            offer: None,
            pricelist: None,
            alt_pricelist_1: None,
            alt_pricelist_2: None,
            creator: r.creator,
            assignee: r.assignee,
            note: r.note,
            created: r.events.at("created"),
            updated: r.events.at("updated"),
            events: r.events,
        }
    }
}

/// The commerce system behind a hub.
#[derive(Debug, Serialize, ToSchema)]
pub struct HubInstance {
    /// Its id.
    pub id: String,
    /// `OA` or `API`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A hub.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionHub {
    /// `HB-1234-5678`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its commerce system.
    pub instance: HubInstance,
}

/// A product connected with a hub.
#[derive(Debug, Serialize, ToSchema)]
pub struct Connection {
    /// `CT-1234-5678-9012`
    pub id: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub environment: Environment,
    /// Where it stands.
    pub status: ConnectionStatus,
    /// The hub's owner.
    pub provider: Pictured,
    /// The vendor.
    pub vendor: Pictured,
    /// The hub.
    pub hub: ConnectionHub,
    /// Which versions it gets.
    pub product_version_type: VersionType,
    /// Where the connector answers; nothing is installed here.
    pub endpoint_url: String,
    /// Where the connector's pages are.
    pub frontend_url: String,
    /// The connector's key.
    pub oauth_key: String,
    /// The connector's secret.
    pub oauth_secret: String,
    /// The connector's version.
    pub version: String,
    /// What its maker says.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: Option<Time>,
    /// When what happened.
    pub events: Events,
}

impl From<model::Connection> for Connection {
    fn from(c: model::Connection) -> Self {
        Self {
            id: c.id.to_string(),
            environment: c.environment,
            status: c.status,
            provider: c.provider.into(),
            vendor: c.vendor.into(),
            hub: ConnectionHub {
                id: c.hub.id,
                name: c.hub.name,
                instance: HubInstance { id: c.instance.0, kind: c.instance.1 },
            },
            product_version_type: c.version_type,
            endpoint_url: String::new(),
            frontend_url: String::new(),
            oauth_key: String::new(),
            oauth_secret: String::new(),
            version: String::new(),
            note: Some(c.note).filter(|n| !n.is_empty()),
            created_at: c.events.at("created"),
            events: c.events,
        }
    }
}

/// A connection as the list of a hub shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HubConnection {
    /// `CT-1234-5678-9012`
    pub id: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub environment: Environment,
    /// Where it stands.
    pub status: ConnectionStatus,
    /// The hub's owner.
    pub provider: Pictured,
    /// The vendor.
    pub vendor: Pictured,
    /// What is connected.
    pub product: Pictured,
    /// When it was made.
    pub created_at: Option<Time>,
}

impl HubConnection {
    /// With what is known of its product.
    pub fn new(c: model::Connection, product: Option<ProductBrief>) -> Self {
        let (name, icon) = product.map(|p| (p.name, Some(p.icon))).unwrap_or_default();
        Self {
            id: c.id.to_string(),
            environment: c.environment,
            status: c.status,
            provider: c.provider.into(),
            vendor: c.vendor.into(),
            product: Pictured { id: c.product.to_string(), name, icon },
            created_at: c.events.at("created"),
        }
    }
}
