//! Usage: files from the first upload to the last closed record.

mod bench;
mod flow;
mod rows;
mod world;
