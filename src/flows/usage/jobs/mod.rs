//! Work on usage that goes on by itself: checking rows, building the processed file, closing many records,
//! removing the rows of what was deleted.

mod build;
mod cells;
mod clear;
mod close;
mod process;

pub use build::run as build;
pub use clear::run as clear;
pub use close::{close, link};
pub use process::run as process;

use crate::jobs::{Failed, Work};
use crate::outside::files::{FileKey, LocalFile};
use crate::outside::sheets::{Limits, SheetError};

/// The file and the upload that a job is about.
fn subject(work: &Work) -> Result<(&str, i32), Failed> {
    let generation =
        work.args().get("generation").and_then(serde_json::Value::as_i64).and_then(|n| i32::try_from(n).ok());
    Ok((work.text("file")?, generation.ok_or_else(|| Failed::ForGood("the job has no `generation`".into()))?))
}

/// A kept workbook as a path.
fn local(work: &Work, key: &str) -> Result<LocalFile, Failed> {
    let key: FileKey = key.parse().map_err(|e| Failed::ForGood(format!("{key}: {e}")))?;
    work.services().files.local(&key).map_err(|e| Failed::ForNow(e.text().to_string()))
}

/// What a workbook may ask of us.
fn limits(work: &Work) -> Limits {
    super::actions::sheet_limits(&work.services().config.limits)
}

fn ours(error: &SheetError) -> Failed {
    Failed::ForNow(error.text().to_string())
}
