//! Usage: files from the first upload to the last closed record.

mod flow;
mod pages;
mod rows;
pub mod world;
