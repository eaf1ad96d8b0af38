//! Customers: the companies that buy, and the resellers between them and a distributor ("tier accounts" in the API).
//!
//! Each distributor has a directory. A customer may stand under a reseller, that one under another; both are tiers of a
//! subscription. The distributor itself stands in its directory as a reseller whose external id is its own, and so does
//! every company that sells for it with a portal of its own. An edit makes a new version; what was ordered before keeps the
//! old one. Removing (decommissioning) is for good, and only for accounts without live subscriptions.
//!
//! | verb | who |
//! |---|---|
//! | create, edit, decommission | the distributor who owns the directory |
//! | read | the owner; vendors with a subscription of the account; resellers that are the account or stand above it |

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
