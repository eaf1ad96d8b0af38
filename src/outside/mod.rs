//! The outside.
pub mod files;
pub mod mail;
