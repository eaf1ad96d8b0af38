//! What other worlds take from that of products.

#[path = "../it/products/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
pub mod world;
