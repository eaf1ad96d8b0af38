//! The audit: what the journal says to one account, as a list that can be filtered, looked into, exported and fetched.
//!
//! An entry is never changed; what names people can be erased from it. Who may read it was settled when it was written
//! (`journal::readers`), so that what happened to an object is still told when the object is gone.
//!
//! | object | states | verbs | who |
//! |---|---|---|---|
//! | entry | – | read, export | read in Account |
//!
//! From where somebody acted is told to their own account alone.

pub mod api;
pub mod pages;
pub mod store;
