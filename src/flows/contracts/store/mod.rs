//! Rows of agreements, their versions, and contracts.

mod agreements;
mod batches;
mod contracts;
mod links;
mod lists;
mod versions;

pub use agreements::*;
pub use batches::*;
pub use contracts::*;
pub use links::*;
pub use lists::*;
pub use versions::*;
