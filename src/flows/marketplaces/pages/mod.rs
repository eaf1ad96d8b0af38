//! Pages of hubs and marketplaces.

mod hubs;
mod marketplaces;
mod wizard;

pub use hubs::*;
pub use marketplaces::*;
pub use wizard::*;

use crate::kit::{Level, Module, Role};
use crate::web::Ctx;
use crate::web::button::Button;
use crate::web::parts::{Head, Tab, Tabs};
use crate::web::state::State;

fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let tab = |label: &'static str, path: &str| Tab::new(label, ctx.url(path)).current(path == current);
    Tabs::new("Marketplaces", vec![tab("Marketplaces", "/marketplaces"), tab("Hubs", "/hubs")])
}

/// Whether the actor may make and change hubs and marketplaces.
fn may_change(ctx: &Ctx) -> bool {
    let seat = ctx.actor().seat();
    seat.is_some_and(|s| s.role != Role::Vendor && s.permissions.holds(Module::Marketplaces, Level::Manage))
}

/// The heading of a list, and what stands there while it is empty; both with the button that makes its first row, for those
/// who may.
fn opening(ctx: &Ctx, empty: State, button: Button) -> (Head, State) {
    let head = Head::new("Marketplaces");
    if may_change(ctx) { (head.action(button.clone()), empty.action(button)) } else { (head, empty) }
}
