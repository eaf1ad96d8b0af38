//! The desk: the home page of each portal. It shows what waits for the person's company and since when, what happened
//! lately to objects that the company may see, and one chart. Its one verb is about all of the company's business: closing
//! the account, once nothing is going on any more.
//!
//! What waits comes from the party rows: each says whether its side must act now. Links lead to the object itself.

pub mod actions;
pub mod demo;
pub mod model;
pub mod pages;
pub mod store;
