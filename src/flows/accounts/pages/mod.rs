//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod company;
mod factors;
mod policy;
mod second;
mod signing;
mod tokens;
mod users;

pub use company::{account, do_account, groups};
pub use factors::*;
pub use policy::*;
pub use second::{admit, do_passkey, do_second, second};
pub use signing::*;
pub use tokens::*;
pub use users::*;
