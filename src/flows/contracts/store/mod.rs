//! Rows of agreements, their versions, forms, contracts, and answers.

mod agreements;
mod answers;
mod contracts;
pub(super) mod forms;
mod links;
mod lists;
mod versions;

pub use agreements::*;
pub use answers::*;
pub use contracts::*;
pub use forms::*;
pub use links::*;
pub use lists::*;
pub use versions::*;
