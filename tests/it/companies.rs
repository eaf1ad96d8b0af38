//! Companies: what they tell about themselves, what they may do, their sub-accounts, closing, and the directory of partners.

mod account;
mod directory;
mod rights;
mod sub_accounts;
mod switching;
