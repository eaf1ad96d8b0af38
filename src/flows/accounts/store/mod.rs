//! Rows of companies, people, groups, tokens and sessions.

mod companies;
mod company;
mod everybody;
mod reading;
mod signing;

pub use companies::*;
pub use company::*;
pub use everybody::*;
pub use reading::*;
pub use signing::*;
