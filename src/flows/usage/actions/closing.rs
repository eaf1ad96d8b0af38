//! Closing records with billing data, and with the last of them their file.

use std::collections::BTreeMap;

use serde_json::json;

use super::{KIND, open, stamp, wanted};
use crate::db::{Error, Result, Tx};
use crate::flows::usage::model::{FileStatus, RecordStatus, SubStatus, Verb, next};
use crate::flows::usage::store::{self, Billing, File, RecordRow, Who};
use crate::jobs::{self, NewJob};
use crate::journal::{self, Entry};
use crate::kit::{Actor, Level, Module, Problems, Refusal, Side, Text};

/// The job that closes all records of a large file.
pub const CLOSE: &str = "usage.close";
/// Records that are closed within the action; more are left to the job.
const AT_ONCE: i64 = 5_000;
/// Records in one call.
pub const MAX_RECORDS: usize = 1_000;
/// Longest billing id and note.
const MAX_BILLING: usize = 255;

/// What a program wants of one record.
#[derive(Debug, Clone, Default)]
pub struct CloseWish {
    /// The record.
    pub id: String,
    /// The id in the distributor's billing; absent keeps what there is.
    pub billing_id: Option<String>,
    /// A note; absent keeps what there is.
    pub billing_note: Option<String>,
}

/// What became of one record.
#[derive(Debug, Clone)]
pub struct Closed {
    /// The record, as it was named.
    pub id: String,
    /// Where it stands now; none if it is unknown.
    pub status: Option<RecordStatus>,
    /// Why it was not closed.
    pub refusal: Option<Refusal>,
}

/// Closes one record, or corrects the billing data of a closed one.
pub fn close_record(tx: &mut Tx<'_>, actor: &Actor, wish: &CloseWish) -> Result<()> {
    let done = close_records(tx, actor, std::slice::from_ref(wish))?.pop();
    match done.and_then(|d| d.refusal) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// Closes many records; those that cannot be closed do not stop the others.
pub fn close_records(tx: &mut Tx<'_>, actor: &Actor, wishes: &[CloseWish]) -> Result<Vec<Closed>> {
    actor.need(Module::Usage, Level::Act)?;
    if wishes.len() > MAX_RECORDS {
        let text = Text::new("These are {count} records; one call closes at most {max}. Send several calls.")
            .arg("count", wishes.len())
            .arg("max", MAX_RECORDS);
        return Err(Refusal::field("body", text).into());
    }
    let ids: Vec<&str> = wishes.iter().map(|w| w.id.as_str()).collect();
    let mut rows: BTreeMap<String, RecordRow> =
        store::records(tx, &ids)?.into_iter().map(|r| (r.id.clone(), r)).collect();
    // Files are locked in the order of their ids, so that two calls never wait for each other.
    let mut files: BTreeMap<String, Option<(File, Side)>> =
        rows.values().map(|r| (r.file_id.to_string(), None)).collect();
    for (id, slot) in &mut files {
        *slot = match File::open(tx, actor, id, Who::Changes) {
            Ok(opened) => Some(opened),
            Err(Error::Refused(_)) => None,
            Err(other) => return Err(other),
        };
    }
    let mut done = vec![];
    for wish in wishes {
        let outcome = match rows.get_mut(&wish.id) {
            Some(row) => match files.get_mut(row.file_id.as_str()) {
                Some(Some((file, side))) if file.visible == row.generation => {
                    close_row(tx, actor, file, *side, row, wish)
                }
                _ => Err(Refusal::not_found("usage record", &wish.id).into()),
            },
            None => Err(Refusal::not_found("usage record", &wish.id).into()),
        };
        let refusal = match outcome {
            Ok(()) => None,
            Err(Error::Refused(refusal)) => Some(refusal),
            Err(other) => return Err(other),
        };
        let status = rows
            .get(&wish.id)
            .filter(|_| refusal.as_ref().is_none_or(|r| r.code != crate::kit::Code::NotFound))
            .map(RecordRow::status);
        done.push(Closed { id: wish.id.clone(), status, refusal });
    }
    for (mut file, _) in files.into_values().flatten() {
        settle(tx, actor, &mut file)?;
    }
    crate::crash::point("usage.close_records.before-commit");
    Ok(done)
}

fn close_row(
    tx: &mut Tx<'_>,
    actor: &Actor,
    file: &mut File,
    side: Side,
    row: &mut RecordRow,
    wish: &CloseWish,
) -> Result<()> {
    next(file.id.as_str(), file.status, Verb::CloseRecords, Some(side))?;
    let again = row.kept == RecordStatus::Closed;
    if !again && row.kept != RecordStatus::Valid {
        let text = Text::new("Usage record {id} is {status:word}; only approved records can be closed.")
            .arg("id", &row.id)
            .arg("status", row.status());
        return Err(Refusal::state(text).wire("USG_001").into());
    }
    let mut problems = Problems::default();
    let keep = |given: &Option<String>, now: &str| given.clone().unwrap_or_else(|| now.to_owned());
    let id = problems
        .optional("external_billing_id", &keep(&wish.billing_id, &row.billing_id), MAX_BILLING)
        .unwrap_or_default();
    let note = problems
        .optional("external_billing_note", &keep(&wish.billing_note, &row.billing_note), MAX_BILLING)
        .unwrap_or_default();
    problems.done()?;
    store::close(tx, &row.id, Billing { id: &id, note: &note, by: &by(actor) }, again)?;
    file.figures.closed += i64::from(!again);
    file.figures.billed +=
        i64::from(row.billing_id.is_empty() && !id.is_empty()) - i64::from(!row.billing_id.is_empty() && id.is_empty());
    row.kept = RecordStatus::Closed;
    row.billing_id = id;
    row.billing_note = note;
    Ok(())
}

/// Who closes, as the record keeps it.
fn by(actor: &Actor) -> String {
    actor.by().map_or_else(|| "system".to_owned(), |by| by.name)
}

/// Writes a file whose records were closed; with the last one it is closed itself.
fn settle(tx: &mut Tx<'_>, actor: &Actor, file: &mut File) -> Result<()> {
    if file.status == FileStatus::Accepted && file.figures.open() == 0 && file.figures.valid > 0 {
        end(tx, actor, file)
    } else {
        store::save(tx, file)
    }
}

fn end(tx: &mut Tx<'_>, actor: &Actor, file: &mut File) -> Result<()> {
    let status = next(file.id.as_str(), file.status, Verb::Close, None)?;
    stamp(tx, actor, file, "closed");
    file.sub_status = Some(SubStatus::Processed);
    store::move_to(tx, file, status)?;
    let text = Text::new("Usage file {name} was closed").arg("name", &file.name);
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.closed", text))?;
    Ok(())
}

/// Ends a file. Its records must all be closed.
pub fn close_file(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<()> {
    let (mut file, _) = open(tx, actor, id, Verb::Close, revision)?;
    let open = file.figures.open();
    if open > 0 {
        let text = Text::new(
            "Usage file {id} has {open|one open record|{open} open records}. Close {open|it|them} first: one by one, or all at once on the file's page.",
        )
        .arg("id", &file.id)
        .arg("open", open);
        return Err(Refusal::state(text).wire("USG_001").with("open", open).into());
    }
    end(tx, actor, &mut file)
}

/// Closes all open records of a file with the same billing data, and with them the file. A large file is closed by a job.
/// Gives how many records are left to the job.
pub fn close_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    billing_id: &str,
    note: &str,
    revision: Option<i64>,
) -> Result<i64> {
    let (mut file, _) = open(tx, actor, id, Verb::CloseRecords, revision)?;
    let mut problems = Problems::default();
    let billing_id = problems.text("billing_id", billing_id, MAX_BILLING);
    let note = problems.optional("billing_note", note, MAX_BILLING).unwrap_or_default();
    problems.done()?;
    let open = file.figures.open();
    if open == 0 {
        return Err(Refusal::state(
            Text::new("All records of usage file {id} are closed already.").arg("id", &file.id),
        )
        .wire("USG_001")
        .into());
    }
    if file.sub_status == Some(SubStatus::Processing) {
        let text = Text::new("Usage file {id} is still being worked on. Wait until that is done.").arg("id", &file.id);
        return Err(Refusal::state(text).wire("USG_001").into());
    }
    if open > AT_ONCE {
        let args = json!({ "file": file.id, "generation": file.visible, "billing_id": billing_id, "note": note, "by": by(actor) });
        jobs::enqueue(
            tx,
            NewJob { account: Some(&file.provider), object: Some(file.id.as_str()), ..NewJob::new(CLOSE, args) },
        )?;
        file.sub_status = Some(SubStatus::Processing);
        store::save(tx, &mut file)?;
    } else {
        let billing = Billing { id: &billing_id, note: &note, by: &by(actor) };
        if let Some((closed, _)) = store::close_open(tx, &file.id, file.visible, "", billing, AT_ONCE)? {
            file.figures.closed += closed as i64;
            file.figures.billed += closed as i64;
        }
        settle(tx, actor, &mut file)?;
    }
    let text = Text::new("{open|One record was|{open} records were} closed with billing id {billing}")
        .arg("open", open)
        .arg("billing", &billing_id);
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.records_closed", text))?;
    Ok(if open > AT_ONCE { open } else { 0 })
}

/// Counts records that the job has closed; with `last` the job is done, and the file is closed if nothing is open.
pub fn finish_closing(tx: &mut Tx<'_>, id: &str, closed: i64, last: bool) -> Result<()> {
    let mut file = wanted(tx, id)?;
    file.figures.closed += closed;
    file.figures.billed += closed;
    if !last {
        return store::save(tx, &mut file);
    }
    file.sub_status = Some(SubStatus::Processed);
    let seat = crate::flows::accounts::store::account_names(tx, &[file.provider.as_str()])?.pop();
    match seat {
        Some((account, name, role, _)) => settle(tx, &Actor::system(account, name, role), &mut file),
        None => store::save(tx, &mut file),
    }
}
