//! Marketplaces: the channels on which a distributor or reseller sells, and the hubs (commerce systems) they are sold through.
//!
//! A marketplace has countries, currencies, price-list attributes and the hubs it is sold through; each hub knows it under
//! an id of its own, by which incoming orders find their marketplace. Agreements, listings and orders name the marketplace,
//! connections name the hub; what is named can no longer be deleted.
//!
//! | object | states | verbs | who |
//! |---|---|---|---|
//! | hub | – | register, edit, delete while nothing uses it | distributor, reseller: manage in Marketplaces |
//! | marketplace | – | create, edit, set hubs, delete while nothing uses it | distributor, reseller: manage in Marketplaces |
//!
//! A vendor sees the marketplaces of the distribution agreements that are open to it.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
