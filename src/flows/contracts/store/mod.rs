//! Rows of agreements, their versions, forms, contracts, and answers.

mod agreements;
mod answers;
mod batch_rows;
mod batches;
mod behind;
mod contracts;
pub(super) mod forms;
mod links;
mod lists;
mod signatures;
mod versions;

pub use agreements::*;
pub use answers::*;
pub use batch_rows::*;
pub use batches::*;
pub use behind::*;
pub use contracts::*;
pub use forms::*;
pub use links::*;
pub use lists::*;
pub use signatures::*;
pub use versions::*;
