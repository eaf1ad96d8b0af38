//! Offers by spreadsheet: a sheet is taken in, its rows are checked, and somebody confirms that the partners are invited.
//!
//! Checking makes nothing. What the jobs do is in [`super::inviting`].

use serde_json::json;

use super::super::model::{Agreement, MAX_MESSAGE, MAX_OPEN, may_invite_under, sheet_name};
use super::super::store::{self, Batch, BatchRow, NewBatch, Starter};
use super::super::workbooks::{self, Unusable};
use super::agreements::{may_make, owned};
use crate::db::{self, Result, Tx, file};
use crate::flows::accounts::actions::{Upload, keep_upload};
use crate::jobs::{self, NewJob, Progress};
use crate::journal::{self, Audience, Entry, Moment};
use crate::kit::{Actor, Level, Module, OfferBatchId, Problems, Refusal, Role, Text};
use crate::outside::files::{Content, Files, Staged};

/// The kind of job that checks the rows of a sheet.
pub const CHECK_BATCH: &str = "contracts.check_batch";
/// The kind of job that invites the partners of a sheet.
pub const INVITE_BATCH: &str = "contracts.invite_batch";
/// The kind of object in the journal.
const KIND: &str = "invitation";

/// A sheet that came in and is kept; the row that names it is not written yet.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The kept file.
    pub upload: Upload,
    /// What the sheet is called.
    pub name: String,
    /// Whether it is text with separators.
    pub csv: bool,
    /// Its headings that mean nothing here.
    pub ignored: Vec<String>,
}

/// Looks at a sheet that came in, and keeps it if its header and rows can be read. Blocks. What is refused is deleted.
pub fn keep_sheet(
    files: &Files,
    field: &str,
    staged: &Staged,
    name: &str,
) -> std::result::Result<(Upload, Incoming), Refusal> {
    let mut seen = (false, vec![]);
    let upload = keep_upload(files, field, staged, |_| {
        let local = files.local(&staged.key).map_err(|e| e.text())?;
        let told = |unusable: Unusable| match unusable {
            Unusable::Sender(text) => text,
            Unusable::Ours(cause) => {
                tracing::warn!(cause, "a sheet of partners could not be read");
                Text::new("The file cannot be read at the moment. Try again later.")
            }
        };
        let csv = workbooks::starts_as_csv(local.path(), name).map_err(told)?;
        seen = (csv, workbooks::read(local.path(), csv).map_err(told)?.ignored);
        Ok(if csv { Content::Text } else { Content::Xlsx })
    })?;
    let (csv, ignored) = seen;
    let incoming = Incoming { upload: upload.clone(), name: sheet_name(name), csv, ignored };
    Ok((upload, incoming))
}

fn issuer(actor: &Actor) -> Result<()> {
    actor.need(Module::Partners, Level::Manage)?;
    actor.need_role(Role::Distributor)?;
    Ok(())
}

/// The actor's agreement, if partners can be invited under it now.
fn invites(tx: &mut Tx<'_>, actor: &Actor, agreement: &str) -> Result<Agreement> {
    issuer(actor)?;
    let agreement = owned(tx, actor, agreement)?;
    may_invite_under(agreement.kind)?;
    agreement.needs_version()?;
    may_make(tx, actor, agreement.kind)?;
    Ok(agreement)
}

/// Refuses early what [`create_batch`] would refuse; gives the agreement.
pub fn may_invite_many(tx: &mut Tx<'_>, actor: &Actor, agreement: &str) -> Result<Agreement> {
    let agreement = invites(tx, actor, agreement)?;
    if store::open_batches(tx, actor)? >= MAX_OPEN {
        let text = Text::new(
            "{max} lists of invitations are open already, and more are not allowed. Invite the partners of one, or cancel it first.",
        );
        return Err(Refusal::conflict(text.arg("max", MAX_OPEN)).with("max", MAX_OPEN).into());
    }
    Ok(agreement)
}

/// Takes in a sheet of partners; a job checks its rows, and nothing is offered yet.
pub fn create_batch(tx: &mut Tx<'_>, actor: &Actor, agreement: &str, new: &Incoming) -> Result<OfferBatchId> {
    // Of two who upload at once, the second counts what the first has made.
    db::lock(tx, "account", actor.account()?.as_str())?;
    let agreement = may_invite_many(tx, actor, agreement)?;
    let account = actor.account()?;
    let id = store::insert_batch(
        tx,
        &NewBatch {
            account,
            agreement: (&agreement.id, &agreement.title),
            kind: agreement.kind,
            name: &new.name,
            file_key: new.upload.key(),
            csv: new.csv,
            ignored: &new.ignored,
            made_by: actor.by(),
        },
    )?;
    file::put_private(tx, &new.upload.named(account.as_str(), id.as_str()))?;
    let dedupe = Some(format!("{CHECK_BATCH}:{id}"));
    let args = json!({ "batch": id.as_str() });
    let job = NewJob { dedupe, account: Some(account), object: Some(id.as_str()), ..NewJob::new(CHECK_BATCH, args) };
    jobs::enqueue(tx, job)?;
    let text = Text::new("{workbook} was uploaded, to invite partners under {agreement}")
        .arg("workbook", &new.name)
        .arg("agreement", &agreement.title);
    note(tx, actor, &id, "invitation.uploaded", text)?;
    crate::crash::point("contracts.upload_batch.before-commit");
    Ok(id)
}

pub(super) fn note(tx: &mut Tx<'_>, actor: &Actor, id: &OfferBatchId, verb: &'static str, text: Text) -> Result<()> {
    let account = actor.account()?.clone();
    let entry = Entry::new(KIND, id, verb, text).audience(Audience::Account(account));
    journal::record(tx, actor, entry).map(drop)
}

/// The batches of a list's page, in its order.
pub fn batches(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Batch>> {
    actor.need(Module::Partners, Level::Manage)?;
    store::batches(tx, actor, ids)
}

/// One batch of the actor's.
pub fn batch(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Batch> {
    actor.need(Module::Partners, Level::Manage)?;
    store::batch(tx, actor, id)
}

/// How far the job of a batch is that was opened for the actor; none if no job is at it.
pub fn batch_progress(tx: &mut Tx<'_>, batch: &Batch) -> Result<Option<Progress>> {
    use super::super::model::BatchState::{Checking, Inviting};
    match batch.state {
        Checking => jobs::progress(tx, CHECK_BATCH, batch.id.as_str()),
        Inviting => jobs::progress(tx, INVITE_BATCH, batch.id.as_str()),
        _ => Ok(None),
    }
}

/// What was noted about a batch that was opened for the actor, newest first.
pub fn batch_story(tx: &mut Tx<'_>, actor: &Actor, batch: &Batch) -> Result<Vec<Moment>> {
    // It has no parties: it is its account's alone.
    let seat = actor.company()?;
    journal::of_object(tx, KIND, batch.id.as_str(), &seat.account, seat.role.side(), 50)
}

/// Rows of batches that a list has picked, in the order of the ids.
pub fn batch_rows(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<BatchRow>> {
    actor.need(Module::Partners, Level::Manage)?;
    store::batch_rows(tx, actor, ids)
}

/// A batch with every row, for the workbook with what came of them.
pub fn whole_batch(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Batch, Vec<BatchRow>)> {
    let batch = batch(tx, actor, id)?;
    let rows = store::all_rows(tx, actor, &batch.id)?;
    Ok((batch, rows))
}

/// A batch of the actor's, locked.
fn locked(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Batch> {
    issuer(actor)?;
    db::lock(tx, "offer_batch", id)?;
    store::batch(tx, actor, id)
}

/// Confirms that the partners of a batch are invited; a job does it, one after the other, in the name of the actor. `message`
/// is for the rows without one; it may be empty if there are none.
pub fn start_batch(tx: &mut Tx<'_>, actor: &Actor, id: &str, message: &str) -> Result<()> {
    let batch = locked(tx, actor, id)?;
    batch.state.may_start()?;
    invites(tx, actor, batch.agreement.as_str())?;
    if batch.counts.ready == 0 {
        let text = Text::new("None of the rows can be invited. Correct them, and upload the spreadsheet again.");
        return Err(Refusal::state(text).into());
    }
    let mut problems = Problems::default();
    let message = problems.optional("message", message, MAX_MESSAGE).unwrap_or_default();
    problems.check(!message.is_empty() || batch.counts.silent == 0, "message", || {
        Text::new("{count|One partner has|{count} partners have} no message in the spreadsheet. Write one for them.")
            .arg("count", batch.counts.silent)
    });
    problems.done()?;
    let by = actor.by().unwrap_or_else(|| crate::kit::NamedRef { id: String::new(), name: String::new() });
    let starter = Starter { kind: actor.kind().to_owned(), id: by.id, name: by.name };
    store::set_started(tx, &batch.id, &starter, &message)?;
    let dedupe = Some(format!("{INVITE_BATCH}:{id}"));
    let args = json!({ "batch": batch.id.as_str() });
    let job = NewJob {
        dedupe,
        account: Some(&batch.account),
        object: Some(batch.id.as_str()),
        ..NewJob::new(INVITE_BATCH, args)
    };
    jobs::enqueue(tx, job)?;
    let text = Text::new("It was confirmed that {count|one partner is|{count} partners are} invited");
    note(tx, actor, &batch.id, "invitation.started", text.arg("count", batch.counts.ready))?;
    crate::crash::point("contracts.start_batch.before-commit");
    Ok(())
}

/// Gives a batch up: a job that is at it stops before its next row. What was made stays.
pub fn cancel_batch(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    use super::super::model::BatchState::Cancelled;
    let batch = locked(tx, actor, id)?;
    batch.state.may_cancel()?;
    jobs::cancel(tx, CHECK_BATCH, batch.id.as_str())?;
    jobs::cancel(tx, INVITE_BATCH, batch.id.as_str())?;
    end_batch(tx, &batch, Cancelled, None)?;
    let text = Text::new("It was cancelled. {count|One partner was|{count} partners were} invited before");
    note(tx, actor, &batch.id, "invitation.cancelled", text.arg("count", batch.counts.invited))
}

/// Brings a batch to its end; its sheet goes if it is still there.
pub(super) fn end_batch(
    tx: &mut Tx<'_>,
    batch: &Batch,
    state: super::super::model::BatchState,
    problem: Option<Text>,
) -> Result<()> {
    store::set_batch_ended(tx, &batch.id, state, problem)?;
    drop_sheet(tx, batch)
}

pub(super) fn drop_sheet(tx: &mut Tx<'_>, batch: &Batch) -> Result<()> {
    match &batch.file_key {
        Some(key) => file::drop_kept(tx, &[key]),
        None => Ok(()),
    }
}
