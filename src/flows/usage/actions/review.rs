//! Submitting, accepting, rejecting.

use serde_json::json;

use super::files::check_offer;
use super::{KIND, VENDOR, open, stamp, wanted};
use crate::db::party::{self, Party};
use crate::db::{Result, Tx};
use crate::flows::products::actions as products;
use crate::flows::usage::model::{FileStatus, SubStatus, Verb, next};
use crate::flows::usage::store::{self, File, Wish};
use crate::jobs::{self, NewJob};
use crate::journal::{self, Entry};
use crate::kit::{Actor, Problems, Refusal, Side, Text};

/// The job that builds the processed file.
pub const BUILD: &str = "usage.build";
/// The job that gives records the items that were made at acceptance.
pub const LINK: &str = "usage.link";

/// Sends a file to the distributor. While its rows are still checked the wish is remembered, and fulfilled once they are
/// all good.
pub fn submit(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<()> {
    let (mut file, status) = open(tx, actor, id, Verb::Submit, revision)?;
    if status != FileStatus::Pending {
        file.submit_wish = Some(Wish { by: actor.by() });
        store::save(tx, &mut file)?;
        let text = Text::new("Usage file {name} will be submitted once its rows are checked").arg("name", &file.name);
        journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.submission_wished", text).audience(VENDOR))?;
        return Ok(());
    }
    send(tx, actor, &mut file)
}

/// Submits a file whose submission was asked for while its rows were checked. Whoever asked is named; that conditions do
/// not hold any more is noted and the file stays ready.
pub fn submit_wished(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let mut file = wanted(tx, id)?;
    let Some(wish) = file.submit_wish.take() else { return Ok(()) };
    let seat = crate::flows::accounts::store::account_names(tx, &[file.vendor.as_str()])?.pop();
    let Some((account, name, role, _)) = seat else { return Ok(()) };
    let system = Actor::system(account, name, role);
    next(file.id.as_str(), file.status, Verb::Submit, None)?;
    let sent = tx.savepoint(|tx| {
        let mut file = file.clone();
        send(tx, &system, &mut file)?;
        // The person who asked, not the system, has submitted it.
        file.events.stamp("submitted", tx.at(), wish.by.clone());
        store::save(tx, &mut file)
    });
    match sent {
        Err(crate::db::Error::Refused(refusal)) => {
            store::save(tx, &mut file)?;
            let text = Text::new("The file could not be submitted: {why}").arg("why", refusal);
            journal::record(
                tx,
                &system,
                Entry::new(KIND, &file.id, "usage_file.not_submitted", text).audience(VENDOR),
            )?;
            Ok(())
        }
        other => other,
    }
}

fn send(tx: &mut Tx<'_>, actor: &Actor, file: &mut File) -> Result<()> {
    let mut problems = Problems::default();
    let product = products::definition(tx, &file.product)?.map(|p| p.name).unwrap_or_default();
    match store::offer(tx, &file.product, &file.vendor, file.contract.as_str())? {
        Some(offer) => check_offer(&offer, &product, &mut problems),
        None => problems.add("contract.id", Text::new("Contract {id} is gone.").arg("id", &file.contract)),
    }
    problems.done()?;
    stamp(tx, actor, file, "submitted");
    file.submit_wish = None;
    file.rejection_note = String::new();
    let status = FileStatus::Pending;
    // The distributor sees the file from now on.
    let provider = Party::new(&file.provider, Side::Distributor);
    party::add(tx, KIND, file.id.as_str(), status.as_str(), file.created_at, &provider)?;
    store::move_to(tx, file, status)?;
    let text = Text::new("Usage file {name} was submitted").arg("name", &file.name);
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.submitted", text))?;
    crate::crash::point("usage.submit.before-commit");
    Ok(())
}

/// Agrees to a file: its records can be billed and closed. Items that it brought along are made.
pub fn accept(tx: &mut Tx<'_>, actor: &Actor, id: &str, note: &str, revision: Option<i64>) -> Result<()> {
    let (mut file, status) = open(tx, actor, id, Verb::Accept, revision)?;
    let rejected = file.verdicts.rejected;
    if rejected > 0 {
        let text = Text::new(
            "{rejected|One record|{rejected} records} of usage file {id} {rejected|was|were} rejected. Reject the file, or approve {rejected|that record|those records} first.",
        );
        return Err(Refusal::state(text.arg("rejected", rejected).arg("id", id)).wire("USG_001").into());
    }
    let mut problems = Problems::default();
    file.acceptance_note = problems.optional("acceptance_note", note, 200).unwrap_or_default();
    problems.done()?;
    stamp(tx, actor, &mut file, "accepted");
    let new = store::new_items(tx, &file.id, file.visible)?;
    file.sub_status = Some(if new.is_empty() { SubStatus::Processed } else { SubStatus::Processing });
    if !new.is_empty() {
        super::items::make(tx, actor, &file, &new)?;
        let args = json!({ "file": file.id, "generation": file.visible });
        jobs::enqueue(
            tx,
            NewJob { account: Some(&file.vendor), object: Some(file.id.as_str()), ..NewJob::new(LINK, args) },
        )?;
    }
    store::move_to(tx, &mut file, status)?;
    let text = if file.acceptance_note.is_empty() {
        Text::new("Usage file {name} was accepted").arg("name", &file.name)
    } else {
        Text::new("Usage file {name} was accepted: {note}").arg("name", &file.name).arg("note", &file.acceptance_note)
    };
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.accepted", text))?;
    crate::crash::point("usage.accept.before-commit");
    Ok(())
}

/// Sends a file back. Its record ids may be reported again.
pub fn reject(tx: &mut Tx<'_>, actor: &Actor, id: &str, note: &str, revision: Option<i64>) -> Result<()> {
    let (mut file, status) = open(tx, actor, id, Verb::Reject, revision)?;
    let mut problems = Problems::default();
    file.rejection_note = problems.optional("rejection_note", note, 200).unwrap_or_default();
    problems.done()?;
    stamp(tx, actor, &mut file, "rejected");
    store::move_to(tx, &mut file, status)?;
    let text = if file.rejection_note.is_empty() {
        Text::new("Usage file {name} was rejected").arg("name", &file.name)
    } else {
        Text::new("Usage file {name} was rejected: {note}").arg("name", &file.name).arg("note", &file.rejection_note)
    };
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.rejected", text))?;
    crate::crash::point("usage.reject.before-commit");
    Ok(())
}

/// Has the processed file built again, after records were closed.
pub fn reprocess(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let (file, _) = open(tx, actor, id, Verb::Reprocess, None)?;
    build(tx, &file)?;
    let text = Text::new("The processed file is built again");
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.reprocessed", text))?;
    Ok(())
}

/// Puts the building of the processed file into the queue.
pub fn build(tx: &mut Tx<'_>, file: &File) -> Result<()> {
    let args = json!({ "file": file.id, "generation": file.generation });
    jobs::enqueue(
        tx,
        NewJob { account: Some(&file.vendor), object: Some(file.id.as_str()), ..NewJob::new(BUILD, args) },
    )?;
    Ok(())
}
