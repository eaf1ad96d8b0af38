//! Hubs, marketplaces, agreements and contracts: how companies come to work together.

mod activation;
mod agreements;
mod contracts;
mod deciding;
mod diagrams;
mod enrolment;
mod forms;
mod four_eyes;
mod inviting;
mod inviting_pages;
mod lists;
mod marketplaces;
mod pages;
mod papers;
mod signatures;
mod telling;
pub mod world;
