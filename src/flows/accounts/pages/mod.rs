//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod company;
mod confirm;
mod profile;
mod security;
mod signing;
mod tokens;
mod users;

pub use company::{account, do_account, groups};
pub use confirm::{confirm, do_confirm, late};
pub use profile::{do_profile, profile};
pub use security::{do_password, security};
pub use signing::*;
pub use tokens::*;
pub use users::*;
