//! The API's agreements, contracts, and the activation of an invited company.

mod activation;
mod agreements;
pub mod batches;
mod contracts;
pub mod wire;

pub use activation::*;
pub use agreements::*;
pub use batches::*;
pub use contracts::*;
