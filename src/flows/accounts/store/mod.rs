//! Rows of companies, people, groups, tokens, rules about addresses and sessions.

mod addresses;
mod companies;
mod everybody;
mod factors;
mod ip_rules;
mod reading;
mod sessions;
mod signing;
mod sso;
mod sso_links;
mod tokens;

pub use addresses::*;
pub use companies::*;
pub use everybody::*;
pub use factors::*;
pub use ip_rules::*;
pub use reading::*;
pub use sessions::*;
pub use signing::*;
pub use sso::*;
pub use sso_links::*;
pub use tokens::*;
