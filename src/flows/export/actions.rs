//! Asking for an archive, giving it up, fetching it, deleting it.

use serde_json::json;

use super::model::{self, DOWNLOAD_DAYS, ExportState};
use super::store::{self, Export, Made};
use crate::db::{self, Result, Tx};
use crate::flows::accounts::model::MemberStatus;
use crate::flows::accounts::store as people;
use crate::jobs::mail::{self, Link, Mail};
use crate::jobs::{self, NewJob, Progress};
use crate::journal::{self, Audience, Entry, Moment};
use crate::kit::{Actor, Email, ExportId, Refusal, Text};

// What pages show comes in this form.
pub use super::store::EXPORTS;

/// The kind of job that makes an archive.
pub const MAKE: &str = "export.make";
/// The kind of object in the journal.
const KIND: &str = "account_export";

/// An export with how far it is.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The export, as it stands now.
    pub export: Export,
    /// How far the job is, while it is being made.
    pub progress: Option<Progress>,
}

/// The export as it stands: one whose job has come to a bad end, which nobody could write down, has failed.
fn shown(tx: &mut Tx<'_>, mut export: Export) -> Result<Shown> {
    if export.state != ExportState::Making {
        return Ok(Shown { export, progress: None });
    }
    let progress = jobs::progress(tx, MAKE, export.id.as_str())?;
    export.state = match progress.as_ref().map(|p| p.status.as_str()) {
        Some("ready" | "running") => ExportState::Making,
        Some("cancelled") => ExportState::Cancelled,
        _ => ExportState::Failed,
    };
    Ok(Shown { export, progress })
}

/// Exports that a list has picked, in the order of the ids.
pub fn exports(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Shown>> {
    store::exports(tx, actor, ids)?.into_iter().map(|export| shown(tx, export)).collect()
}

/// One export of the acting account.
pub fn export(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Shown> {
    let export = store::export(tx, actor, id)?;
    shown(tx, export)
}

/// What was noted about an export that was opened for the actor, newest first.
pub fn story(tx: &mut Tx<'_>, actor: &Actor, export: &Export) -> Result<Vec<Moment>> {
    // It has no parties: it is its account's alone.
    let seat = actor.company()?;
    journal::of_object(tx, KIND, export.id.as_str(), &seat.account, seat.role.side(), 50)
}

fn note(tx: &mut Tx<'_>, actor: &Actor, export: &ExportId, verb: &'static str, text: &'static str) -> Result<()> {
    let account = actor.account()?.clone();
    let entry = Entry::new(KIND, export, verb, Text::new(text)).audience(Audience::Account(account));
    journal::record(tx, actor, entry).map(drop)
}

/// Asks for an archive of all that the acting account has. One is made at a time, and so many are kept.
pub fn start(tx: &mut Tx<'_>, actor: &Actor) -> Result<ExportId> {
    let account = model::may_have(actor)?.account.clone();
    // Of two who ask at once, the second finds what the first has begun.
    db::lock(tx, "account", account.as_str())?;
    if let Some(found) = store::at_work(tx, actor)? {
        let found = shown(tx, found)?.export;
        if found.state == ExportState::Making {
            let text = Text::new("{export} is being made already. Wait until it is ready, or cancel it first.");
            return Err(Refusal::conflict(text.arg("export", &found.id)).with("export", &found.id).into());
        }
        store::set_ended(tx, &found.id, found.state, None)?;
    }
    let max = tx.limits().exports;
    if store::kept_archives(tx, actor)? >= max {
        let text = Text::new(
            "{max|One archive is kept|{max} archives are kept} already, and more are not allowed (exports). Delete one that is \
             not needed any more.",
        );
        return Err(Refusal::conflict(text.arg("max", max)).with("limit", "exports").with("max", max).into());
    }
    let id = store::insert(tx, &account, actor.by().as_ref())?;
    let job = NewJob {
        account: Some(&account),
        object: Some(id.as_str()),
        ..NewJob::new(MAKE, json!({ "export": id.as_str() }))
    };
    jobs::enqueue(tx, job)?;
    note(tx, actor, &id, "export.requested", "An export of all data was asked for")?;
    Ok(id)
}

fn not_so(export: &Export) -> Refusal {
    let text = Text::new("{export} is {status:word}, so this cannot be done.");
    Refusal::state(text.arg("export", &export.id).arg("status", export.state))
}

/// Gives up an export that is being made.
pub fn cancel(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    model::may_have(actor)?;
    let found = export(tx, actor, id)?.export;
    if found.state != ExportState::Making || !store::set_ended(tx, &found.id, ExportState::Cancelled, None)? {
        return Err(not_so(&found).into());
    }
    jobs::cancel(tx, MAKE, found.id.as_str())?;
    note(tx, actor, &found.id, "export.cancelled", "The export was cancelled")
}

/// Deletes an archive before its time is over.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    model::may_have(actor)?;
    let found = export(tx, actor, id)?.export;
    if !store::take_away(tx, &found, ExportState::Deleted)? {
        return Err(not_so(&found).into());
    }
    note(tx, actor, &found.id, "export.deleted", "The archive was deleted")
}

/// The archive of an export, to be sent: the key that it is kept under. Its hour counts, not that of the job which takes it away.
pub fn archive(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<String> {
    model::may_have(actor)?;
    let found = store::export(tx, actor, id)?;
    let is_over = found.expires_at.is_some_and(|end| end <= tx.at());
    match &found.file_key {
        Some(key) if !is_over => Ok(key.clone()),
        _ => Err(Refusal::not_found("archive", id).into()),
    }
}

/// Whether the acting person may have archives.
pub fn may_have(actor: &Actor) -> bool {
    model::may_have(actor).is_ok()
}

/// Notes that an archive is ready, and tells whoever asked for it, if they still belong to the account. False if nobody waits for
/// it any more.
pub(super) fn finish(tx: &mut Tx<'_>, system: &Actor, export: &Export, made: &Made<'_>) -> Result<bool> {
    if !store::set_ready(tx, &export.id, made)? {
        return Ok(false);
    }
    note(tx, system, &export.id, "export.completed", "The archive is ready")?;
    let Some(asked_by) = &export.asked_by else { return Ok(true) };
    let member = people::members(tx, system, std::slice::from_ref(&asked_by.0.id))?.pop();
    let Some(member) = member.filter(|m| m.status == MemberStatus::Active) else { return Ok(true) };
    let Some(address) = Email::parse(&member.email) else { return Ok(true) };
    let account = system.company()?.name.clone();
    let told = Text::new(
        "The archive with all data of {account} that you asked for is ready. It can be downloaded for {days} days.",
    );
    let mail = Mail {
        to_name: member.name,
        to: String::new(),
        subject: Text::new("The data export of {account} is ready").arg("account", &account),
        paragraphs: vec![
            told.arg("account", &account).arg("days", DOWNLOAD_DAYS),
            Text::new("It has names, addresses and prices in it. Keep it where nobody else finds it."),
        ],
        link: Some((
            Text::new("Sign in and download it:"),
            Link::Path(format!("/{}/account/exports/{}", export.account, export.id)),
        )),
        locale: None,
    };
    mail::send(tx, &format!("export:{}", export.id), Some(&export.account), &address, mail)?;
    Ok(true)
}

/// Notes that an archive could not be made, and why.
pub(super) fn fail(tx: &mut Tx<'_>, system: &Actor, export: &Export, why: Text) -> Result<()> {
    if store::set_ended(tx, &export.id, ExportState::Failed, Some(why))? {
        note(tx, system, &export.id, "export.failed", "The archive could not be made")?;
    }
    Ok(())
}
