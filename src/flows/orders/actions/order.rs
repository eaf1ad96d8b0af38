//! Orders: what a buyer sends to make a request.

use serde_json::Value;

use super::{follow, purchase};
use crate::db::{Result, Tx};
use crate::flows::customers::model::Details;
use crate::flows::orders::model::{GivenLine, ParamEdit, RequestKind};
use crate::kit::{Actor, Environment, Level, Module, Refusal, RequestId, Text, Time};

/// Which connection an order goes through: by id, or by what it is.
#[derive(Debug, Clone, Default)]
pub struct ConnectionChoice {
    /// The id.
    pub id: Option<String>,
    /// What it is for.
    pub environment: Option<Environment>,
    /// The hub.
    pub hub: Option<String>,
}

impl ConnectionChoice {
    /// Whether it is that of a vendor's preview: by its type, or by the id of zeros that stands for it.
    fn is_preview(&self) -> bool {
        let zeros =
            |id: &str| id.strip_prefix("CT-").is_some_and(|rest| rest.bytes().all(|b| matches!(b, b'0' | b'-')));
        self.environment == Some(Environment::Preview) || self.id.as_deref().is_some_and(zeros)
    }
}

/// A company of the chain: one of the distributor's directory, or the data of one.
#[derive(Debug, Clone)]
pub enum GivenTier {
    /// Its id.
    Id(String),
    /// Its data; an account with the same UUID or external id is taken, else one is made.
    Data(Box<Details>),
}

/// The chain of an order.
#[derive(Debug, Clone, Default)]
pub struct GivenTiers {
    /// Who uses it.
    pub customer: Option<GivenTier>,
    /// Their reseller.
    pub tier1: Option<GivenTier>,
    /// The reseller above it.
    pub tier2: Option<GivenTier>,
}

/// What a buyer asks for, or a vendor that adjusts.
#[derive(Debug, Clone)]
pub struct Order {
    /// What is asked for.
    pub kind: RequestKind,
    /// To be sent later.
    pub draft: bool,
    /// The subscription, for everything but a purchase: its id.
    pub asset: Option<String>,
    /// The product of a purchase.
    pub product: Option<String>,
    /// The connection of a purchase.
    pub connection: ConnectionChoice,
    /// The marketplace of a purchase; may follow from the connection.
    pub marketplace: Option<String>,
    /// The number in the ordering system.
    pub external_id: Option<String>,
    /// The UUID there.
    pub external_uid: Option<String>,
    /// Items and quantities.
    pub items: Vec<GivenLine>,
    /// Ordering parameters.
    pub params: Vec<ParamEdit>,
    /// The chain of a purchase.
    pub tiers: GivenTiers,
    /// The template that an adjustment puts in place.
    pub template: Option<String>,
    /// Free data of the ordering system.
    pub external_attributes: Option<Value>,
    /// The day it is to be done on.
    pub planned_date: Option<Time>,
}

impl Order {
    /// An order of a kind with nothing in it.
    pub fn new(kind: RequestKind) -> Self {
        Self {
            kind,
            draft: false,
            asset: None,
            product: None,
            connection: ConnectionChoice::default(),
            marketplace: None,
            external_id: None,
            external_uid: None,
            items: vec![],
            params: vec![],
            tiers: GivenTiers::default(),
            template: None,
            external_attributes: None,
            planned_date: None,
        }
    }
}

/// Makes a request. Everything is checked first: product and listing, connection, contract, items, state of the
/// subscription, chain, UUID, marketplace. A required ordering parameter that is missing is asked back at once.
///
/// # Errors
/// Says for each field what is wrong; 409 names the request or subscription that stands in the way.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, order: &Order) -> Result<RequestId> {
    actor.need(Module::Subscriptions, Level::Act)?;
    if let Some(planned) = order.planned_date
        && planned <= tx.at()
    {
        let text = Text::new("{when:time} is not in the future. Choose a later date, or leave it out.")
            .moment("when", planned.0);
        return Err(Refusal::field("planned_date", text).into());
    }
    if order.kind == RequestKind::Purchase && order.connection.is_preview() {
        let text = Text::new(
            "A vendor’s preview is not there yet. Connect the product with a hub for tests, and let the distributor order through that connection.",
        );
        return Err(Refusal::field("asset.connection", text).into());
    }
    let id = match order.kind {
        RequestKind::Purchase => purchase::purchase(tx, actor, order),
        RequestKind::Adjustment => follow::adjustment(tx, actor, order),
        RequestKind::Change | RequestKind::Suspend | RequestKind::Resume | RequestKind::Cancel => follow::follow_up(tx, actor, order),
        RequestKind::Renew | RequestKind::Transfer => Err(Refusal::field(
            "type",
            Text::new("Requests of the type {kind:word} cannot be made here. Use purchase, change, suspend, resume, cancel or adjustment.")
                .arg("kind", order.kind),
        )
        .into()),
    }?;
    crate::crash::point("orders.create.before-commit");
    Ok(id)
}
