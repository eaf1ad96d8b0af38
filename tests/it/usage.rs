//! Usage: files from the first upload to the last closed record.

mod clearing;
mod flow;
mod keeping;
mod pages;
mod rows;
pub mod world;
