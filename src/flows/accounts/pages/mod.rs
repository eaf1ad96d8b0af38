//! Pages of accounts: signing in and out, passwords, the own profile, the company's users, groups and tokens.

mod company;
mod signing;

pub use company::*;
pub use signing::*;
