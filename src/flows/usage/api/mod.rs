//! The endpoints of usage.

mod files;
mod records;
mod uploads;
pub mod wire;

pub use files::{
    accept, approve_all, categories, close, create, delete, file, files, reject, reprocess, submit, template, update,
};
pub use records::{close_record, close_records, close_records_at, decide_record, record, records};
pub use uploads::upload;
