//! Rules about agreements and contracts. Pure.

mod agreement;
mod batch;
mod contract;
mod deciding;
mod difference;
mod form;
mod offer;
mod signature;
mod state;

pub use agreement::*;
pub use batch::*;
pub use contract::*;
pub use deciding::*;
pub use difference::*;
pub use form::*;
pub use offer::*;
pub use signature::*;
pub use state::*;

/// Somebody's value as a sentence shows it: short, in quotation marks.
fn quoted(text: &str) -> String {
    let short: String = text.trim().chars().take(40).collect();
    format!("“{short}”")
}
