//! The audit: who reads what, from where it came, filters and export, and the chain that shows what was done behind it.

mod chain;
mod entries;
mod plans;
