//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod company;
mod signing;
mod tokens;
mod users;

pub use company::{account, do_account, groups, tabs};
pub use signing::*;
pub use tokens::*;
pub use users::*;
