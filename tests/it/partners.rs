//! Hubs, marketplaces, agreements and contracts: how companies come to work together.

mod activation;
mod agreements;
mod contracts;
mod diagrams;
mod lists;
mod marketplaces;
mod pages;
mod papers;
mod signatures;
pub mod world;
