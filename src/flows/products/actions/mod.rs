//! What vendors do with their products, and what flows above ask about them.

mod offers;

pub use offers::{Definition, ProductBrief, briefs, definition};
