//! The jobs of offers by spreadsheet: checking the rows of a sheet, and inviting its partners one after the other.

use serde_json::json;

use crate::flows::contracts::actions;
use crate::flows::contracts::model::repeated;
use crate::flows::contracts::store::Batch;
use crate::flows::contracts::workbooks::{self, Sheet, Unusable};
use crate::jobs::{Failed, Work};
use crate::kit::Text;
use crate::outside::files::FileKey;

/// Rows that are checked in one transaction.
const CHUNK: usize = 100;
/// So often a job without progress is tried before it is given up.
const MOST_TRIES: i32 = 8;

/// Gives a batch up whose job fails again and again.
fn given_up(work: &Work, id: &str) -> Result<bool, Failed> {
    if work.tries() <= MOST_TRIES {
        return Ok(false);
    }
    let why = Text::new(
        "Something failed on our side, and it was given up. Upload the spreadsheet again; if that fails too, ask the operator.",
    );
    work.services().db.write(|tx| actions::fail_batch(tx, id, &why))?;
    Ok(true)
}

/// Checks the rows of a sheet. A worker that takes the job over goes on behind the last row that was kept.
pub fn check(work: &Work) -> Result<(), Failed> {
    let (id, db) = (work.text("batch")?, &work.services().db);
    if given_up(work, id)? {
        return Ok(());
    }
    let Some(batch) = db.read(|tx| actions::batch_to_check(tx, id))? else { return Ok(()) };
    let sheet = match sheet(work, &batch) {
        Ok(sheet) => sheet,
        Err(Unusable::Sender(why)) => return Ok(db.write(|tx| actions::fail_batch(tx, id, &why))?),
        Err(Unusable::Ours(cause)) => return Err(Failed::ForNow(cause)),
    };
    let repeats = repeated(&sheet.rows);
    let rows: Vec<_> = sheet.rows.iter().zip(&repeats).collect();
    let total = i64::try_from(rows.len()).ok();
    let mut done = usize::try_from(batch.counts.total).unwrap_or(0);
    while let Some(chunk) = rows.get(done..).filter(|left| !left.is_empty()).map(|left| &left[..left.len().min(CHUNK)])
    {
        let after = done + chunk.len();
        let wanted = db.write_bulk(|tx| {
            let wanted = actions::check_rows(tx, id, chunk)?;
            work.checkpoint(tx, json!(null), i64::try_from(after).unwrap_or(i64::MAX), total)?;
            crate::crash::point("contracts.check_batch.chunk");
            Ok(wanted)
        })?;
        if !wanted {
            return Ok(());
        }
        done = after;
    }
    Ok(db.write(|tx| actions::finish_check(tx, id))?)
}

fn sheet(work: &Work, batch: &Batch) -> Result<Sheet, Unusable> {
    let ours = |cause: &dyn std::fmt::Display| Unusable::Ours(cause.to_string());
    let key = batch.file_key.as_deref().ok_or_else(|| ours(&"the sheet is gone"))?;
    let key: FileKey = key.parse().map_err(|e| ours(&e))?;
    let local = work.services().files.local(&key).map_err(|e| ours(&e.text()))?;
    workbooks::read(local.path(), batch.csv)
}

/// Invites the partners of a sheet, each in a transaction of its own. A worker that takes the job over goes on with the first
/// partner who is not invited.
pub fn invite(work: &Work) -> Result<(), Failed> {
    let (id, services) = (work.text("batch")?, work.services());
    if given_up(work, id)? {
        return Ok(());
    }
    loop {
        let step = services.db.write(|tx| {
            let step = actions::invite_next(tx, &services.secret, id)?;
            if let Some((done, total)) = step {
                work.checkpoint(tx, json!(null), done, Some(total))?;
            }
            crate::crash::point("contracts.invite_batch.row");
            Ok(step)
        })?;
        // The mails need not wait until all are invited.
        services.wake_workers();
        if step.is_none() {
            return Ok(());
        }
    }
}
