//! An account's data as one archive.

mod content;
mod life;
pub mod opened;
mod workers;
