//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod addresses;
mod company;
mod confirm;
mod factor_forms;
mod factors;
mod ip_rules;
mod notifications;
mod policy;
mod profile;
mod second;
mod security;
mod sessions;
mod signing;
mod token_forms;
mod token_keys;
mod tokens;
mod users;

pub use addresses::{do_email, do_new_email, do_old_email, email, new_email, old_email};
pub use company::{account, do_account, groups, tabs};
pub use confirm::{confirm, do_confirm, late};
pub use factor_forms::*;
pub use factors::{do_later, hint};
pub use ip_rules::{of_tokens, of_users};
pub use notifications::{do_notifications, notifications};
pub use policy::*;
pub use profile::{do_profile, profile};
pub use second::{do_passkey, do_second, second};
pub use security::{do_password, security};
pub use sessions::{end_sessions, sessions};
pub use signing::*;
pub use token_forms::*;
pub use token_keys::*;
pub use tokens::*;
pub use users::*;
