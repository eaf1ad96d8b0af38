//! The tests of the whole program, in one binary: each flow as people walk it, on the database that `TEST_DATABASE`
//! names, and the rules of the house.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::type_complexity, reason = "tables of cases say their shape where they stand")]
#![allow(clippy::disallowed_methods, reason = "tests stand outside the program's doors")]

mod accounts;
mod api;
mod asvs;
mod audit;
mod chain;
mod collections;
mod command_line;
mod companies;
mod export;
mod factors;
mod foundation;
mod harness;
mod home;
mod house;
mod isolation;
mod list;
mod listings;
mod lists;
mod operator;
mod orders;
mod partners;
mod people;
mod portal;
mod products;
mod secrets;
mod serving;
mod sessions;
mod shapes;
mod sign_on;
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
mod support;
mod tokens;
mod usage;
mod words;
mod world;
