//! Products: what a vendor makes, what others see of it.

mod items;
mod lists;
mod master;
mod media;
mod parameters;
mod versions;
pub mod world;
