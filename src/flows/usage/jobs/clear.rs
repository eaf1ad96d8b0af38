//! Removing the rows of uploads that nobody sees any more: of a deleted file, or those before the present one.

use serde_json::json;

use super::subject;
use crate::flows::usage::model::FileStatus;
use crate::flows::usage::store::{self, Claim, Cleared};
use crate::jobs::{Failed, Work};

/// Records that are removed in one transaction.
const CHUNK: i64 = 2_000;

/// Removes all rows of a deleted file. A job that takes over goes on behind the last record that was removed.
pub fn run(work: &Work) -> Result<(), Failed> {
    let (id, generation) = subject(work)?;
    let file = work.services().db.read(|tx| store::find(tx, id))?;
    let Some(file) = file.filter(|f| f.status == FileStatus::Deleted) else { return Ok(()) };
    let claim = Claim { product: &file.product, file: &file.id, generation: generation.saturating_add(1) };
    let so_far = work.cursor().and_then(|c| serde_json::from_value(c.clone()).ok()).unwrap_or_default();
    clear(work, claim, so_far, |cleared| (json!(cleared), cleared.records))
}

/// Removes the rows of all uploads before the claim's. `noted` says what the job keeps of how far that is: its cursor, and
/// the units it has done.
pub(super) fn clear(
    work: &Work,
    claim: Claim<'_>,
    mut so_far: Cleared,
    noted: impl Fn(&Cleared) -> (serde_json::Value, i64),
) -> Result<(), Failed> {
    loop {
        let step = work.services().db.write_bulk(|tx| {
            let step = store::clear_before(tx, claim, &so_far, CHUNK)?;
            let (cursor, done) = noted(step.as_ref().unwrap_or(&so_far));
            work.checkpoint(tx, cursor, done, None)?;
            crate::crash::point("usage.clear.chunk");
            Ok(step)
        })?;
        match step {
            Some(cleared) => so_far = cleared,
            None => return Ok(()),
        }
    }
}
