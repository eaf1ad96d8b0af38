//! Rules about subscriptions and the requests that change them. Pure.

pub mod answers;
mod change;
mod draft;
mod line;
mod param;
mod snapshot;
mod state;
mod value;
#[cfg(test)]
mod walk;

pub use change::{May, ParamChange, ParamEdit, apply_edits, fresh, marked, missing};
pub use draft::{
    Buyer, Draft, MAX_DRAFT, NewCompany, Seller, Step, WANTED, at_quantities, buyers_part, is_offered, quantity_field,
};
pub use line::{GivenLine, Line, MAX_LINES, changed_lines, net, ordered_lines};
pub use param::{Flags, MASK, Param, StructuredError, belongs, place_value};
pub use snapshot::{
    AssetState, Assignee, ConnectionRef, ContractRef, MarketplaceRef, ProductRef, Snapshot, TemplateRef, Tiers,
};
pub use state::{
    Abilities, AssetStatus, By, RequestKind, RequestStatus, Verb, abilities, asset_after, asset_at_creation, next, turn,
};
pub use value::{Address, Answer, Given, Structured, check};

/// Longest note and reason in characters.
pub const MAX_NOTE: usize = 2000;
/// Longest complaint about a parameter in characters.
pub const MAX_ERROR: usize = 512;
/// Longest external id and UUID in characters.
pub const MAX_EXTERNAL: usize = 100;
/// Most bytes of the ordering system's free data.
pub const MAX_ATTRIBUTES: usize = 16 * 1024;
