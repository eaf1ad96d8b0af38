//! Rows of agreements, their versions, and contracts.

mod agreements;
mod behind;
mod contracts;
mod links;
mod lists;
mod signatures;
mod versions;

pub use agreements::*;
pub use behind::*;
pub use contracts::*;
pub use links::*;
pub use lists::*;
pub use signatures::*;
pub use versions::*;
