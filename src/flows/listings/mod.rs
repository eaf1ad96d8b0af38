//! Listings: which products are on which marketplaces, the requests that change this, and the connections of products
//! with commerce systems.
//!
//! A vendor asks for a listing under an active distribution contract; the marketplace's owner reviews, deploys and completes
//! the request, and with it the listing changes. There is one listing of a product under a contract, and at most one open
//! request for it. A contract that is terminated takes its products off the marketplace.
//!
//! | object | states | verbs | who |
//! |---|---|---|---|
//! | listing | unlisted, listed | – | changed by requests and by the end of its contract |
//! | listing request | draft, reviewing, deploying, completed, canceled | create, submit, cancel (draft) | the vendor |
//! | | | refine, deploy, complete, cancel, assign, unassign | the marketplace's owner |
//! | connection | active | create | the hub's owner |
//!
//! Vendor and marketplace's owner see a listing and its requests; nobody else does.
//! Pages: `/{account}/listings` and below, and the connections of a product.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
