//! Rules about hubs and marketplaces. Pure.

mod hub;
mod marketplace;

pub use hub::*;
pub use marketplace::*;

/// How many hubs a marketplace may be sold through.
pub const MAX_BOUND_HUBS: usize = 50;
/// How many price-list attributes a marketplace may have.
pub const MAX_ATTRIBUTES: usize = 50;
/// Longest description of a hub or marketplace, in characters.
pub const MAX_DESCRIPTION: usize = 2_000;

/// The price-list attributes that a new marketplace is offered: id, name, description.
pub const USUAL_ATTRIBUTES: [(&str, &str, &str); 4] = [
    ("price", "Price", "What the vendor asks the distributor for."),
    ("st0p", "Suggested T0 price", "What the customer is suggested to pay."),
    ("st1p", "Suggested T1 price", "What the reseller is suggested to pay."),
    ("st2p", "Suggested T2 price", "What the reseller above is suggested to pay."),
];

/// Somebody's value as a sentence shows it: short, in quotation marks.
fn quoted(text: &str) -> String {
    let short: String = text.trim().chars().take(40).collect();
    format!("“{short}”")
}
