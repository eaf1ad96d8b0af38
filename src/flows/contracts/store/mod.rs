//! Rows of agreements, their versions, and contracts.

mod agreements;
mod batch_rows;
mod batches;
mod contracts;
mod links;
mod lists;
mod versions;

pub use agreements::*;
pub use batch_rows::*;
pub use batches::*;
pub use contracts::*;
pub use links::*;
pub use lists::*;
pub use versions::*;
