//! The pages of usage.

mod downloads;

pub use downloads::download;
