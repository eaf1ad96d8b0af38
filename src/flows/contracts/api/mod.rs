//! The API's agreements, contracts, and the activation of an invited company.

mod activation;
mod agreements;
mod contracts;
mod signatures;
pub mod wire;

pub use activation::*;
pub use agreements::*;
pub use contracts::*;
pub use signatures::{Signature, certificate, signature, signatures};
