//! API tokens and the rules about addresses.

mod calls;
mod handles;
mod life;
mod limits;
mod pages;
mod rules;
