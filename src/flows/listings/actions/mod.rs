//! What vendors and marketplaces' owners do with listings, and what flows above ask.

mod connections;
mod listings;
mod offers;
mod requests;

pub use super::store::lists::{CONNECTIONS, LISTINGS, REQUESTS};
pub use connections::{Connecting, connect, connection_of, connections, connections_by_ids, hubs_to_connect};
pub use listings::{contract_terminated, foresee_contract_end, listing, listings};
pub use offers::{ConnectionBrief, ListingBrief, connection, connections_of, listed};
pub use requests::{Asking, act, ask, grounds, may_ask, request, requests, requests_of, save_note};
