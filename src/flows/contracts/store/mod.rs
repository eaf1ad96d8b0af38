//! Rows of agreements, their versions, and contracts.

mod agreements;
mod contracts;
mod links;
mod lists;
mod signatures;
mod versions;

pub use agreements::*;
pub use contracts::*;
pub use links::*;
pub use lists::*;
pub use signatures::*;
pub use versions::*;
