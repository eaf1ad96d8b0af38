//! Listings, the requests that change them, connections.

mod connections;
mod pages;
mod requests;
