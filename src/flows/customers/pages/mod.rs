//! Pages of the directory: its list, adding and changing a company. The page of one company also shows what it ordered,
//! and so belongs to the orders.

mod edit;
mod fields;
mod list;

pub use edit::*;
pub use fields::*;
pub use list::*;

use super::model::Kind;
use crate::kit::{Level, Module, Role};
use crate::web::Ctx;

/// What people read for a kind.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Customer => "Customer",
        Kind::Reseller => "Reseller",
    }
}

/// Whether the person may change the directory: it belongs to the distributor.
pub fn may_change(ctx: &Ctx) -> bool {
    ctx.actor()
        .seat()
        .is_some_and(|s| s.role == Role::Distributor && s.permissions.holds(Module::Customers, Level::Act))
}
