//! Rows of companies, people, groups, tokens and sessions.

mod companies;
mod everybody;
mod groups;
mod people;
mod reading;
mod signing;

pub use companies::*;
pub use everybody::*;
pub use groups::*;
pub use people::*;
pub use reading::*;
pub use signing::*;
