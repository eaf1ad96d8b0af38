//! Rows of hubs and marketplaces.

mod hubs;
mod lists;
mod marketplaces;

pub use hubs::*;
pub use lists::*;
pub use marketplaces::*;
