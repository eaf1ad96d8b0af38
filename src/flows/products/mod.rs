//! Products: what a vendor sells, with items, parameters, templates, media, versions and capabilities.
//!
//! The vendor edits one master copy. Saving it makes a version: an immutable copy of general data, items and media. A
//! public version is what distributors with an active distribution contract see. Parameters, templates and capabilities
//! belong to no version; a change of them counts at once.
//!
//! | object | states | verbs | who |
//! |---|---|---|---|
//! | product | draft, published, endofsale | create, edit, save a version, end and resume sale, delete (draft) | its vendor |
//! | item | draft, published, endofsale | create, edit, end and resume sale, delete (draft) | its vendor |
//! | parameter, template, medium | – | create, edit, delete | its vendor |
//! | version | – | save, edit its description and visibility | its vendor |
//! | unit | – | create | any company |
//!
//! Others read what they may see and change nothing. Configuration parameters are the vendor's alone.
//! Pages: `/{account}/products` and below.

pub mod actions;
pub mod api;
pub mod model;
pub mod pages;
pub mod store;
