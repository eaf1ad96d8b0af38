//! Listings, the requests that change them, connections.

mod connections;
mod requests;
