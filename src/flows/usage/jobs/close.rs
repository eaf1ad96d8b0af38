//! Work over all records of an accepted file, some thousand at a time.

use serde_json::{Value, json};

use super::subject;
use crate::flows::usage::actions;
use crate::flows::usage::model::SubStatus;
use crate::flows::usage::store::{self, Billing, Claim};
use crate::jobs::{Failed, Work};

/// Records that are changed in one transaction.
const CHUNK: i64 = 2_000;

fn after(work: &Work) -> String {
    work.cursor().and_then(|c| c.get("after")).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Closes all open records of a file with the same billing data; with the last of them the file is closed.
pub fn close(work: &Work) -> Result<(), Failed> {
    let (id, generation) = subject(work)?;
    let billing = Billing { id: work.text("billing_id")?, note: work.text("note")?, by: work.text("by")? };
    let db = &work.services().db;
    let Some(file) = db.read(|tx| store::find(tx, id))?.filter(|f| f.visible == generation) else { return Ok(()) };
    let mut after = after(work);
    let mut done = file.figures.closed;
    loop {
        let step = db.write_bulk(|tx| {
            let step = store::close_open(tx, &file.id, generation, &after, billing, CHUNK)?;
            let (closed, last) = match &step {
                Some((closed, last)) => (*closed as i64, last.as_str()),
                None => (0, after.as_str()),
            };
            actions::finish_closing(tx, id, closed, step.is_none())?;
            work.checkpoint(tx, json!({ "after": last }), done + closed, Some(file.figures.valid))?;
            crate::crash::point("usage.close.chunk");
            Ok(step)
        })?;
        match step {
            Some((closed, last)) => {
                done += closed as i64;
                after = last;
            }
            None => return Ok(()),
        }
    }
}

/// Gives the records of an accepted file the items that were made of those they brought along.
pub fn link(work: &Work) -> Result<(), Failed> {
    let (id, generation) = subject(work)?;
    let db = &work.services().db;
    let Some(file) = db.read(|tx| store::find(tx, id))?.filter(|f| f.visible == generation) else { return Ok(()) };
    let claim = Claim { product: &file.product, file: &file.id, generation };
    let mut after = after(work);
    loop {
        let last = db.write_bulk(|tx| {
            let last = store::link_items(tx, claim, &after, CHUNK)?;
            if last.is_none()
                && let Some(mut file) = store::lock(tx, id)?
            {
                file.sub_status = Some(SubStatus::Processed);
                store::save(tx, &mut file)?;
            }
            work.checkpoint(tx, json!({ "after": last.as_deref().unwrap_or(&after) }), 0, None)?;
            Ok(last)
        })?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}
