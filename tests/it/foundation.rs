//! What everything stands on: jobs, the journal, numbers and answers in the database, and how the program starts.

pub mod data;
mod files;
mod housekeeping;
mod jobs;
mod limits;
mod races;
mod starting;
mod upgrade;
mod waiting;

pub use data::store;
