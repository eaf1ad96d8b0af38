//! Orders: subscriptions ("assets" in the API) and the fulfillment requests that make and change them.

pub mod model;
pub mod store;
