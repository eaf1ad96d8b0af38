//! Rows of companies, people, groups, tokens, rules about addresses and sessions.

mod addresses;
mod companies;
mod company;
mod everybody;
mod factors;
mod ip_rules;
mod reading;
mod sessions;
mod signing;
mod tokens;

pub use addresses::*;
pub use companies::*;
pub use company::*;
pub use everybody::*;
pub use factors::*;
pub use ip_rules::*;
pub use reading::*;
pub use sessions::*;
pub use signing::*;
pub use tokens::*;
