//! The API's agreements, forms, contracts, and the activation of an invited company.

mod activation;
mod agreements;
pub mod batches;
mod contracts;
mod forms;
mod signatures;
pub mod wire;
mod wire_forms;

pub use activation::*;
pub use agreements::*;
pub use batches::*;
pub use contracts::*;
pub use forms::*;
pub use signatures::{Signature, certificate, signature, signatures};
