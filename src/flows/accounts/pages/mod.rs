//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod company;
mod effective;
mod group_users;
mod groups;
mod levels;
mod signing;
mod tokens;
mod user_verbs;
mod users;

pub use company::{account, do_account};
pub use effective::effective;
pub use group_users::*;
pub use groups::*;
pub use levels::{do_group_permissions, group_permissions};
pub use signing::*;
pub use tokens::*;
pub use user_verbs::{do_edit_user, do_remove_user, do_user_verb, edit_user, remove_user, user_verb};
pub use users::{do_new_user, new_user, user, users};
