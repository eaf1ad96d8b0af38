//! The first steps of a new company.

use crate::kit::{Level, Module, Permissions, Role, Text};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The icon.
    pub icon: &'static str,
    /// What to do.
    pub title: Text,
    /// What it is for.
    pub why: Text,
    /// The path of the page where it is done.
    pub path: &'static str,
    /// Whether it is done.
    pub done: bool,
}

/// Icon, title, reason, path, who may do it, and the kinds of objects that show that it is done.
type Line = (&'static str, &'static str, &'static str, &'static str, (Module, Level), &'static [&'static str]);

const COLLEAGUES: Line = (
    "user-plus",
    "Invite your colleagues",
    "Each gets what the groups allow that you put them in.",
    "/users/new",
    (Module::Account, Level::Manage),
    &[],
);

const VENDOR: &[Line] = &[
    (
        "writing-sign",
        "Sign a contract with a distributor",
        "Open the link of your invitation, or enrol in one of the distributor's agreements.",
        "/agreements",
        (Module::Partners, Level::Read),
        &["contract"],
    ),
    (
        "package",
        "Describe your first product",
        "Its items, what you ask of customers, and what you tell them.",
        "/products/new",
        (Module::Products, Level::Manage),
        &["product"],
    ),
    (
        "building-store",
        "Put it on a marketplace",
        "You ask for a listing; the marketplace's owner completes it.",
        "/listings/request",
        (Module::Listings, Level::Act),
        &["listing", "listing_request"],
    ),
    COLLEAGUES,
];

const DISTRIBUTOR: &[Line] = &[
    (
        "server",
        "Register a hub",
        "The shop or system that sends orders.",
        "/hubs/new",
        (Module::Marketplaces, Level::Manage),
        &["hub"],
    ),
    (
        "world",
        "Create a marketplace",
        "A region or industry, with its currency and its hubs.",
        "/marketplaces/new",
        (Module::Marketplaces, Level::Manage),
        &["marketplace"],
    ),
    (
        "affiliate",
        "Write an agreement",
        "The terms on which vendors and resellers work with you.",
        "/agreements/new",
        (Module::Partners, Level::Manage),
        &["agreement"],
    ),
    (
        "writing-sign",
        "Invite a vendor or reseller",
        "A contract under your agreement, sent as a link.",
        "/contracts/new",
        (Module::Partners, Level::Manage),
        &["contract"],
    ),
    (
        "users",
        "Add your first customer",
        "An order can also add a customer in place.",
        "/customers/new",
        (Module::Customers, Level::Act),
        &["tier_account"],
    ),
    COLLEAGUES,
];

const RESELLER: &[Line] = &[
    (
        "writing-sign",
        "Sign a contract with a distributor",
        "Open the link of your invitation, or ask your distributor for one.",
        "/contracts",
        (Module::Partners, Level::Read),
        &["contract"],
    ),
    (
        "shopping-cart",
        "Place your first order",
        "Choose a product, the customer and how much; the wizard asks for the rest.",
        "/orders/new",
        (Module::Subscriptions, Level::Act),
        &["request"],
    ),
    COLLEAGUES,
];

/// The first steps of a company of a role, those that the reader may take; `has` says of which kinds there is an object.
#[must_use]
pub fn steps(role: Role, permissions: &Permissions, has: impl Fn(&str) -> bool) -> Vec<Step> {
    let lines = match role {
        Role::Vendor => VENDOR,
        Role::Distributor => DISTRIBUTOR,
        Role::Reseller => RESELLER,
    };
    let may = |(module, level): (Module, Level)| permissions.holds(module, level);
    let step = |(icon, title, why, path, _, kinds): &Line| Step {
        icon,
        title: Text::new(title),
        why: Text::new(why),
        path,
        done: kinds.iter().any(|kind| has(kind)),
    };
    lines.iter().filter(|line| may(line.4)).map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_done_when_there_is_what_it_makes() {
        let all = steps(Role::Vendor, &Permissions::all(), |kind| kind == "product");
        let done: Vec<(&str, bool)> = all.iter().map(|s| (s.path, s.done)).collect();
        let expected =
            [("/agreements", false), ("/products/new", true), ("/listings/request", false), ("/users/new", false)];
        assert_eq!(done, expected);
    }

    #[test]
    fn nobody_is_sent_where_they_may_not_go() {
        for role in Role::ALL {
            assert_eq!(steps(*role, &Permissions::default(), |_| false), []);
        }
    }
}
