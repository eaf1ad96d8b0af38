//! Lists: what RQL finds, in which order, on which page, at which price.
//!
//! The rows live in temporary tables of a connection of the program's own, so that nothing has to be cleaned up.

mod answers;
mod oracle;
mod plans;
mod world;
