//! Approving and rejecting the records of a submitted file one by one.

use super::{open, record, review};
use crate::db::{Result, Tx};
use crate::flows::usage::model::{RecordStatus, Verb};
use crate::flows::usage::store;
use crate::journal::{self, Entry};
use crate::kit::{Actor, Level, Module, Refusal, Text};

/// Approves or rejects one record of a pending file; what was said of it before is replaced. With the last record the file
/// is decided: accepted if all were approved, otherwise rejected.
pub fn decide_record(tx: &mut Tx<'_>, actor: &Actor, id: &str, verdict: RecordStatus) -> Result<()> {
    actor.need(Module::Usage, Level::Act)?;
    if !matches!(verdict, RecordStatus::Approved | RecordStatus::Rejected) {
        let text = Text::new(
            "A record cannot be made {status:word} here. Send approved or rejected; closing a record is a call of its own.",
        );
        return Err(Refusal::field("status", text.arg("status", verdict)).into());
    }
    let file = record(tx, actor, id)?.file_id;
    let (mut file, _) = open(tx, actor, file.as_str(), Verb::DecideRecords, None)?;
    // As it is now that nobody else changes it.
    let before = record(tx, actor, id)?.verdict;
    let verdicts = &mut file.verdicts;
    for (what, change) in [(before, -1), (Some(verdict), 1)] {
        match what {
            Some(RecordStatus::Approved) => verdicts.approved += change,
            Some(_) => verdicts.rejected += change,
            None => {}
        }
    }
    store::decide(tx, &file, id, verdict)?;
    let text = Text::new("{record}: {status:word}").arg("record", id).arg("status", verdict);
    journal::record(tx, actor, Entry::new("usage_record", id, "usage_record.decided", text))?;
    if file.verdicts.approved + file.verdicts.rejected < file.figures.valid {
        Ok(())
    } else if file.verdicts.rejected > 0 {
        review::reject(tx, actor, file.id.as_str(), "", None)
    } else {
        review::accept(tx, actor, file.id.as_str(), "", None)
    }
}
