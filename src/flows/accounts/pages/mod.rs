//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod company;
mod confirm;
mod factor_forms;
mod factors;
mod policy;
mod profile;
mod second;
mod security;
mod signing;
mod tokens;
mod users;

pub use company::{account, do_account, groups};
pub use confirm::{confirm, do_confirm, late};
pub use factor_forms::*;
pub use factors::{do_later, hint};
pub use policy::*;
pub use profile::{do_profile, profile};
pub use second::{admit, do_passkey, do_second, second};
pub use security::{do_password, security};
pub use signing::*;
pub use tokens::*;
pub use users::*;
