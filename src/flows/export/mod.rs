//! Everything that an account has, as one archive: out, so that it can go elsewhere or be kept.
//!
//! A job reads the account's objects on one snapshot of the database, in the shapes of the API and as the account's own side
//! sees them, and writes them into a ZIP file as they come. docs/export-format.md tells the layout.
//!
//! | object | states | verbs | who | pages |
//! |---|---|---|---|---|
//! | export | making, ready, failed, cancelled, expired, deleted | start, cancel, delete, download | manage in Account, and whoever may read all that is in it | Account, Data export |

mod archive;
mod content;

pub mod actions;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod store;
