//! Pages of fulfillment requests and subscriptions, for the vendor, the distributor and the reseller.

mod customer;
mod form;
mod order;
mod parameters;

pub use customer::*;
pub use form::*;
pub use order::*;

use super::model::{AssetStatus, RequestStatus};
use crate::web::status::Status;

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
