//! API tokens and the rules about addresses.

mod life;
mod limits;
mod pages;
mod rules;
