//! Hubs, marketplaces, agreements and contracts: how companies come to work together.

mod activation;
mod agreements;
mod contracts;
mod diagrams;
mod enrolment;
mod forms;
mod four_eyes;
mod lists;
mod marketplaces;
mod pages;
mod papers;
mod signatures;
mod telling;
pub mod world;
