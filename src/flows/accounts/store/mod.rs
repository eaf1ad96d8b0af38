//! Rows of companies, people, groups, tokens and sessions.

mod companies;
mod everybody;
mod factors;
mod reading;
mod signing;

pub use companies::*;
pub use everybody::*;
pub use factors::*;
pub use reading::*;
pub use signing::*;
