//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod about;
mod account;
mod choose;
mod company;
mod pictures;
mod signing;
mod sub_accounts;
mod tokens;
mod users;

pub use about::{about_section, account_status, facts_of, mark};
pub use account::{account, do_edit_account, do_edit_logo, edit_account, edit_logo};
pub use choose::choose_account;
pub use company::groups;
pub use pictures::{posted_with_picture, settle};
pub use signing::*;
pub use sub_accounts::*;
pub use tokens::*;
pub use users::*;
