//! Rows of companies, people, groups, tokens and sessions.

mod addresses;
mod companies;
mod everybody;
mod factors;
mod reading;
mod sessions;
mod signing;

pub use addresses::*;
pub use companies::*;
pub use everybody::*;
pub use factors::*;
pub use reading::*;
pub use sessions::*;
pub use signing::*;
