//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod company;
mod ip_rules;
mod signing;
mod token_forms;
mod token_keys;
mod tokens;
mod users;

pub use company::{account, do_account, groups};
pub use ip_rules::{of_tokens, of_users};
pub use signing::*;
pub use token_forms::*;
pub use token_keys::*;
pub use tokens::*;
pub use users::*;
