//! Rows of listings, listing requests and connections.

pub mod connections;
pub mod grounds;
pub mod listings;
pub mod lists;
pub mod requests;
