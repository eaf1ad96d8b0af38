//! Hubs, marketplaces, agreements and contracts: how companies come to work together.

mod activation;
mod agreements;
mod contracts;
mod deciding;
mod diagrams;
mod inviting;
mod inviting_pages;
mod lists;
mod marketplaces;
mod pages;
mod papers;
pub mod world;
