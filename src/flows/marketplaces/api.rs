//! The API's hubs and marketplaces.

mod countries;

pub use countries::{countries, one_country};

use actix_web::{HttpResponse, web};

use super::actions;
use super::model::{Attribute, Hub, HubWords, InstanceType, Marketplace, MarketplaceWords, Zone};
use crate::kit::{Events, NamedRef, Problems, country};
use crate::rest::{Caller, Error, Fields};

/// What the API answers.
pub mod wire {
    use super::{Attribute, Events, InstanceType, NamedRef, Zone};
    use serde::Serialize;
    use utoipa::ToSchema;

    /// The commerce system behind a hub.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct Instance {
        /// Its id.
        pub id: String,
        /// CloudBlue Commerce, or another that uses the API.
        #[serde(rename = "type")]
        pub kind: InstanceType,
    }

    /// What a hub has.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct HubStats {
        /// Products connected with it.
        pub connections: i64,
        /// Marketplaces sold through it.
        pub marketplaces: i64,
    }

    /// A hub.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct Hub {
        /// `HB-1234-5678`
        pub id: String,
        /// Its name.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// Whose it is.
        pub company: NamedRef,
        /// Its commerce system.
        pub instance: Instance,
        /// What it has.
        pub stats: HubStats,
        /// When it was created and changed.
        pub events: Events,
    }

    /// A marketplace as a hub mentions it.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct HubMarketplace {
        /// `MP-12345`
        pub id: String,
        /// Its name.
        pub name: String,
        /// Path of its picture.
        pub icon: Option<String>,
        /// What it is for.
        pub description: String,
        /// The id under which the hub knows the selling account.
        pub external_id: String,
    }

    /// A hub of a marketplace.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct Bound {
        /// The hub.
        pub hub: NamedRef,
        /// The id under which the hub knows the selling account; the owner's alone.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub external_id: Option<String>,
    }

    /// What a marketplace does with listings.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct ListingCapabilities {
        /// Lists referred products by itself.
        pub referral_auto: bool,
    }

    /// What a marketplace does with price lists.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct PriceListCapabilities {
        /// Keeps to what CloudBlue Commerce understands.
        pub commerce_compatibility: bool,
    }

    /// What a marketplace does.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct Capabilities {
        /// With listings.
        pub listing: ListingCapabilities,
        /// With price lists.
        pub price_list: PriceListCapabilities,
    }

    /// What a marketplace has.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct MarketplaceStats {
        /// Hubs it is sold through.
        pub hubs: usize,
        /// Active distribution contracts.
        pub contracts: i64,
    }

    /// A marketplace.
    #[derive(Debug, Serialize, ToSchema)]
    pub struct Marketplace {
        /// `MP-12345`
        pub id: String,
        /// Its name.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// Whose it is.
        pub owner: NamedRef,
        /// Path of its picture.
        pub icon: Option<String>,
        /// The part of the world.
        pub zone: Option<Zone>,
        /// The hubs it is sold through.
        pub hubs: Vec<Bound>,
        /// Active distribution contracts.
        pub active_contracts: i64,
        /// The countries it sells to.
        pub countries: Vec<NamedRef>,
        /// Its main currency.
        pub currency: Option<String>,
        /// A second currency.
        pub alt_currency_1: Option<String>,
        /// A third currency.
        pub alt_currency_2: Option<String>,
        /// What it does.
        pub capabilities: Capabilities,
        /// The attributes of its price lists.
        pub attributes: Vec<Attribute>,
        /// Its languages.
        pub locales: Vec<NamedRef>,
        /// What it has.
        pub stats: MarketplaceStats,
        /// When it was created and changed.
        pub events: Events,
    }
}

impl From<Hub> for wire::Hub {
    fn from(h: Hub) -> Self {
        Self {
            id: h.id.into(),
            name: h.name,
            description: h.description,
            company: h.owner,
            instance: wire::Instance { id: h.instance_id, kind: h.instance_type },
            stats: wire::HubStats { connections: h.connections, marketplaces: h.marketplaces },
            events: h.events,
        }
    }
}

impl From<Marketplace> for wire::Marketplace {
    fn from(m: Marketplace) -> Self {
        let d = m.details;
        let country = |code: String| NamedRef { name: country::name(&code).unwrap_or_default().to_owned(), id: code };
        Self {
            id: m.id.into(),
            name: m.name,
            description: m.description,
            owner: m.owner,
            icon: m.icon,
            zone: d.zone,
            stats: wire::MarketplaceStats { hubs: m.hubs.len(), contracts: m.contracts },
            hubs: m.hubs.into_iter().map(|b| wire::Bound { hub: b.hub, external_id: b.external_id }).collect(),
            active_contracts: m.contracts,
            countries: d.countries.into_iter().map(country).collect(),
            currency: Some(m.currency).filter(|c| !c.is_empty()),
            alt_currency_1: d.alt_currency_1,
            alt_currency_2: d.alt_currency_2,
            capabilities: wire::Capabilities {
                listing: wire::ListingCapabilities { referral_auto: d.referral_auto },
                price_list: wire::PriceListCapabilities { commerce_compatibility: d.commerce_compatibility },
            },
            attributes: d.attributes,
            locales: vec![],
            events: m.events,
        }
    }
}

impl wire::HubMarketplace {
    /// A marketplace as the hub of this id mentions it.
    fn of(m: Marketplace, hub: &str) -> Self {
        let external_id = m.hubs.iter().find(|b| b.hub.id == hub).and_then(|b| b.external_id.clone());
        Self {
            id: m.id.into(),
            name: m.name,
            icon: m.icon,
            description: m.description,
            external_id: external_id.unwrap_or_default(),
        }
    }
}

// ---- hubs ----

/// `GET /hubs`
pub async fn hubs(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&actions::HUBS, |tx, actor, ids, _| {
            Ok(actions::hubs(tx, actor, ids)?.into_iter().map(wire::Hub::from).collect())
        })
        .await
}

/// `GET /hubs/{hub}/marketplaces`
pub async fn hub_marketplaces(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let hub = id.clone();
    caller.read(move |tx, actor| actions::hub(tx, actor, &hub)).await?;
    let within = vec![("hubs.id", id.clone())];
    caller
        .list_within(&actions::MARKETPLACES, within, move |tx, actor, ids, _| {
            let found = actions::marketplaces(tx, actor, ids)?;
            Ok(found.into_iter().map(|m| wire::HubMarketplace::of(m, &id)).collect())
        })
        .await
}

/// `GET /hubs/{hub}`
pub async fn hub(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| actions::hub(tx, actor, &path).map(wire::Hub::from)).await
}

/// `POST /hubs`
pub async fn register_hub(caller: Caller) -> Result<HttpResponse, Error> {
    let words = hub_words(&caller.fields()?, HubWords { instance_type: "API".to_owned(), ..HubWords::default() })?;
    caller
        .act(201, move |tx, actor| {
            let id = actions::register_hub(tx, actor, &words)?;
            actions::hub(tx, actor, id.as_str()).map(wire::Hub::from)
        })
        .await
}

/// `PUT /hubs/{hub}`
pub async fn edit_hub(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    // What is wrong in itself is said before anything is opened.
    hub_words(&fields, HubWords::default())?;
    caller
        .act(200, move |tx, actor| {
            actions::edit_hub(tx, actor, &path, None, |old| {
                let kept = HubWords {
                    name: old.name.clone(),
                    description: old.description.clone(),
                    instance_id: old.instance_id.clone(),
                    instance_type: old.instance_type.to_string(),
                };
                hub_words(&fields, kept)
            })?;
            actions::hub(tx, actor, &path).map(wire::Hub::from)
        })
        .await
}

/// `DELETE /hubs/{hub}`
pub async fn delete_hub(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.act_empty(move |tx, actor| actions::delete_hub(tx, actor, &path)).await
}

fn hub_words(fields: &Fields, mut words: HubWords) -> Result<HubWords, crate::kit::Refusal> {
    let mut p = Problems::default();
    for (name, word) in [
        ("name", &mut words.name),
        ("instance_id", &mut words.instance_id),
        ("instance_type", &mut words.instance_type),
    ] {
        if let Some(text) = fields.text(name, &mut p) {
            *word = text;
        }
    }
    if let Some(text) = fields.text_or_empty("description", &mut p) {
        words.description = text;
    }
    if let Some(instance) = fields.object("instance", &mut p) {
        if let Some(id) = instance.text("id", &mut p) {
            words.instance_id = id;
        }
        if let Some(kind) = instance.text("type", &mut p) {
            words.instance_type = kind;
        }
    }
    p.done()?;
    Ok(words)
}

// ---- marketplaces ----

/// `GET /marketplaces`
pub async fn marketplaces(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&actions::MARKETPLACES, |tx, actor, ids, _| {
            Ok(actions::marketplaces(tx, actor, ids)?.into_iter().map(wire::Marketplace::from).collect())
        })
        .await
}

/// `GET /marketplaces/{marketplace}`
pub async fn marketplace(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| actions::marketplace(tx, actor, &path).map(wire::Marketplace::from)).await
}

/// `POST /marketplaces`
pub async fn create_marketplace(caller: Caller) -> Result<HttpResponse, Error> {
    let words = marketplace_words(&caller.fields()?, MarketplaceWords::default())?;
    caller
        .act(201, move |tx, actor| {
            let id = actions::create_marketplace(tx, actor, &words)?;
            actions::marketplace(tx, actor, id.as_str()).map(wire::Marketplace::from)
        })
        .await
}

/// `PUT /marketplaces/{marketplace}`
pub async fn edit_marketplace(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    marketplace_words(&fields, MarketplaceWords::default())?;
    caller
        .act(200, move |tx, actor| {
            actions::edit_marketplace(tx, actor, &path, None, |old| marketplace_words(&fields, old.words()))?;
            actions::marketplace(tx, actor, &path).map(wire::Marketplace::from)
        })
        .await
}

/// `DELETE /marketplaces/{marketplace}`
pub async fn delete_marketplace(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.act_empty(move |tx, actor| actions::delete_marketplace(tx, actor, &path)).await
}

/// Puts what a body says over the words there are: an absent key leaves them, null empties them.
fn marketplace_words(fields: &Fields, mut words: MarketplaceWords) -> Result<MarketplaceWords, crate::kit::Refusal> {
    let mut p = Problems::default();
    let [first, second] = &mut words.alt_currencies;
    for (name, word) in [
        ("name", &mut words.name),
        ("description", &mut words.description),
        ("currency", &mut words.currency),
        ("zone", &mut words.zone),
        ("alt_currency_1", first),
        ("alt_currency_2", second),
    ] {
        if let Some(text) = fields.text_or_empty(name, &mut p) {
            *word = text;
        }
    }
    if fields.has("countries") {
        let countries = fields.list("countries", 300, &mut p).unwrap_or_default();
        words.countries = countries.iter().map(|c| c.required("id", 2, &mut p)).collect();
    }
    if fields.has("hubs") {
        let hubs = fields.list("hubs", super::model::MAX_BOUND_HUBS, &mut p).unwrap_or_default();
        words.hubs = hubs
            .iter()
            .map(|h| {
                (h.reference("hub", &mut p).unwrap_or_default(), h.text("external_id", &mut p).unwrap_or_default())
            })
            .collect();
    }
    if fields.has("attributes") {
        let list = fields.list("attributes", super::model::MAX_ATTRIBUTES, &mut p).unwrap_or_default();
        let attribute = |a: &Fields, p: &mut Problems| Attribute {
            id: a.text("id", p).unwrap_or_default(),
            name: a.text("name", p).unwrap_or_default(),
            description: a.text("description", p).unwrap_or_default(),
        };
        words.attributes = list.iter().map(|a| attribute(a, &mut p)).collect();
    }
    if let Some(capabilities) = fields.object("capabilities", &mut p) {
        if let Some(auto) = capabilities.object("listing", &mut p).and_then(|l| l.flag("referral_auto", &mut p)) {
            words.referral_auto = auto;
        }
        if let Some(keeps) =
            capabilities.object("price_list", &mut p).and_then(|l| l.flag("commerce_compatibility", &mut p))
        {
            words.commerce_compatibility = keeps;
        }
    }
    p.done()?;
    Ok(words)
}
