//! Rows of companies, people, groups, tokens and sessions.

mod companies;
mod reading;
mod signing;

pub use companies::*;
pub use reading::*;
pub use signing::*;
