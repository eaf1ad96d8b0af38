//! Orders: subscriptions ("assets" in the API) and the fulfillment requests that make and change them.
//!
//! A purchase makes a subscription and its first request; every later change of it is another request. At most one request
//! of a subscription is open at a time. A request keeps what it asked for; the subscription takes it over when the vendor
//! approves.
//!
//! | request | leads to | verb | who |
//! |---|---|---|---|
//! | – | draft, pending, inquiring, scheduled | create | distributor, reseller; the vendor for an adjustment |
//! | draft | pending, inquiring | submit (`purchase`) | buyer |
//! | pending | inquiring | inquire | vendor |
//! | inquiring | pending | pend | customer by the form, buyer, vendor |
//! | pending | approved | approve | vendor |
//! | pending, inquiring | failed | fail, with a reason | vendor |
//! | pending | scheduled | schedule | vendor |
//! | scheduled | pending | the day comes | system |
//! | scheduled | revoking | revoke | buyer |
//! | revoking | revoked | confirm | vendor |
//!
//! | subscription | when |
//! |---|---|
//! | draft, processing | its purchase is a draft, is open |
//! | active | the purchase was approved; a suspension was resumed; a cancellation failed |
//! | suspended | a suspension was approved |
//! | terminating, terminated | a cancellation is open, was approved; the purchase failed |

pub mod actions;
pub mod api;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod store;
