//! Products: what a vendor makes, what others see of it.

mod items;
mod lists;
mod master;
mod media;
pub mod pages;
mod parameters;
mod versions;
pub mod world;
