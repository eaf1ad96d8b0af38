//! Pages of fulfillment requests and subscriptions, for the vendor, the distributor and the reseller.

mod beside;
mod customer;
mod form;
mod order;
mod parameters;
mod request;
mod request_deed;
mod request_forms;
mod request_sections;
mod request_verbs;
mod requests;
mod subscription;
mod subscription_verbs;
mod subscriptions;

pub use customer::*;
pub use form::*;
pub use order::*;
pub use request::*;
pub use request_verbs::*;
pub use requests::*;
pub use subscription::*;
pub use subscription_verbs::*;
pub use subscriptions::*;

use super::model::{AssetStatus, RequestStatus};
use crate::kit::{Environment, Level, Module, Quantity};
use crate::web::Ctx;
use crate::web::cell::Cell;
use crate::web::status::{Status, Tone};

/// The words of a filter by a request's type.
const KINDS: &[(&str, &str)] = &[
    ("purchase", "Purchase"),
    ("change", "Change"),
    ("suspend", "Suspend"),
    ("resume", "Resume"),
    ("cancel", "Cancel"),
    ("adjustment", "Adjustment"),
];
/// The words of a filter by a request's status.
const REQUEST_STATUSES: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("pending", "Pending"),
    ("inquiring", "Inquiring"),
    ("scheduled", "Scheduled"),
    ("revoking", "Revoking"),
    ("approved", "Approved"),
    ("failed", "Failed"),
    ("revoked", "Revoked"),
];
/// The words of a filter by a subscription's status.
const ASSET_STATUSES: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("processing", "Processing"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("terminating", "Terminating"),
    ("terminated", "Terminated"),
];

/// A request's status in its shape.
fn request_status(status: RequestStatus) -> Status {
    let word = status.title();
    match status {
        RequestStatus::Draft => Status::draft(word),
        RequestStatus::TiersSetup => Status::working(word),
        RequestStatus::Pending => Status::waiting(word),
        RequestStatus::Inquiring => Status::asking(word),
        RequestStatus::Scheduled => Status::scheduled(word),
        RequestStatus::Revoking => Status::caution(word),
        RequestStatus::Revoked => Status::ended(word),
        RequestStatus::Approved => Status::good(word),
        RequestStatus::Failed => Status::bad(word),
    }
}

/// A subscription's status in its shape.
fn asset_status(status: AssetStatus) -> Status {
    let word = status.title();
    match status {
        AssetStatus::Draft => Status::draft(word),
        AssetStatus::Processing => Status::working(word),
        AssetStatus::Active => Status::good(word),
        AssetStatus::Suspended | AssetStatus::Terminating => Status::caution(word),
        AssetStatus::Terminated => Status::ended(word),
    }
}

/// An environment that needs a mark, because it is not production.
fn marked(environment: Environment) -> Option<Cell> {
    (!environment.is_production()).then(|| Cell::text(environment.title()).tone(Tone::Warn))
}

/// A quantity as people read it.
fn quantity(quantity: Quantity) -> Cell {
    match quantity {
        Quantity::Of(amount) => Cell::number(amount),
        Quantity::Unlimited => Cell::text("unlimited"),
    }
}

/// Whether the person may do more than read here; the actions check again.
fn may_act(ctx: &Ctx) -> bool {
    ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Subscriptions, Level::Act))
}
