//! Where objects have their pages in a company's portal, and who may open them.

use crate::kit::{Actor, Level, Module};

/// Where the objects of a kind are.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The kind, as in the party rows.
    pub kind: &'static str,
    /// The path of the list; an object is one step below it.
    pub path: &'static str,
    /// The module that they belong to.
    pub module: Module,
}

const fn place(kind: &'static str, path: &'static str, module: Module) -> Place {
    Place { kind, path, module }
}

const PLACES: [Place; 12] = [
    place("request", "/requests", Module::Subscriptions),
    place("asset", "/subscriptions", Module::Subscriptions),
    place("usage_file", "/usage", Module::Usage),
    place("contract", "/contracts", Module::Partners),
    place("agreement", "/agreements", Module::Partners),
    place("form", "/forms", Module::Partners),
    place("product", "/products", Module::Products),
    place("listing", "/listings", Module::Listings),
    place("listing_request", "/listings/requests", Module::Listings),
    place("tier_account", "/customers", Module::Customers),
    place("marketplace", "/marketplaces", Module::Marketplaces),
    place("hub", "/hubs", Module::Marketplaces),
];

/// The place of a kind; none if it has no pages, or none that the actor may open.
#[must_use]
pub fn open_to(actor: &Actor, kind: &str) -> Option<Place> {
    let seat = actor.seat()?;
    PLACES.into_iter().find(|p| p.kind == kind && seat.permissions.holds(p.module, Level::Read))
}

/// The kinds of objects whose pages the actor may open.
#[must_use]
pub fn kinds(actor: &Actor) -> Vec<&'static str> {
    PLACES.iter().filter(|p| open_to(actor, p.kind).is_some()).map(|p| p.kind).collect()
}
