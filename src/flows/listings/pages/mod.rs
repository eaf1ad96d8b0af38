//! Pages of listings: directory, requests, the wizard that asks for one; and the connections of a product.

mod ask;
mod connections;
mod directory;
mod request;

pub use ask::*;
pub use connections::*;
pub use directory::*;
pub use request::*;

use super::model::{ListingStatus, RequestState};
use crate::kit::{Level, Module, Role};
use crate::web::Ctx;
use crate::web::parts::{Tab, Tabs};
use crate::web::status::Status;

/// Whether a product is on the marketplace, in its shape.
fn listing_status(status: ListingStatus) -> Status {
    match status {
        ListingStatus::Listed => Status::good("Listed"),
        ListingStatus::Unlisted => Status::draft("Not listed"),
    }
}

/// Where a request stands, in its shape.
fn request_state(state: RequestState) -> Status {
    match state {
        RequestState::Draft => Status::draft("Draft"),
        RequestState::Reviewing => Status::waiting("Reviewing"),
        RequestState::Deploying => Status::working("Deploying"),
        RequestState::Completed => Status::good("Completed"),
        RequestState::Canceled => Status::ended("Canceled"),
    }
}

/// The words of a filter by state.
const STATES: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("reviewing", "Reviewing"),
    ("deploying", "Deploying"),
    ("completed", "Completed"),
    ("canceled", "Canceled"),
];

fn is_vendor(ctx: &Ctx) -> bool {
    ctx.actor().seat().is_some_and(|s| s.role == Role::Vendor)
}

fn may_act(ctx: &Ctx) -> bool {
    ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Listings, Level::Act))
}

fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let tab = |label: &'static str, path: &str| Tab::new(label, ctx.url(path)).current(path == current);
    let all =
        [("Directory", "/listings"), ("Requests", "/listings/requests"), ("Connections", "/listings/connections")];
    Tabs::new("Listings", all.into_iter().map(|(label, path)| tab(label, path)).collect())
}
