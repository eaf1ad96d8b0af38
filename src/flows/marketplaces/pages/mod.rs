//! Pages of hubs and marketplaces.

mod hubs;
mod marketplaces;
mod wizard;

pub use hubs::*;
pub use marketplaces::*;
pub use wizard::*;

use crate::kit::{Level, Module, Role};
use crate::web::Ctx;
use crate::web::parts::{Tab, Tabs};

fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let tab = |label: &'static str, path: &str| Tab::new(label, ctx.url(path)).current(path == current);
    Tabs::new("Marketplaces", vec![tab("Marketplaces", "/marketplaces"), tab("Hubs", "/hubs")])
}

/// Whether the actor may make and change hubs and marketplaces.
fn may_change(ctx: &Ctx) -> bool {
    let seat = ctx.actor().seat();
    seat.is_some_and(|s| s.role != Role::Vendor && s.permissions.holds(Module::Marketplaces, Level::Manage))
}
