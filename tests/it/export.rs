//! An account's data as one archive.

mod content;
mod life;
mod opened;
mod workers;
