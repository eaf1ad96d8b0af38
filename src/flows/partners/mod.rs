//! Partners: the companies that one deals with, and what there is between both.
//!
//! A partner is not stored. It is another company with which there is a program or service contract that is pending or in
//! force, whichever of both has issued it; when that contract ends, the partner leaves the directory. What a partner tells
//! about itself is its account's; what lies between both are contracts and listings. Nothing is changed here.
//!
//! | object | states | verbs | who |
//! |---|---|---|---|
//! | partner | invited, active, inactive (closed) | – | changed by contracts, and by itself |
//!
//! Pages: `/{account}/partners` and below.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
