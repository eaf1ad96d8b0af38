//! What the operator does with jobs and mails. Accounts are switched by `accounts::actions`.

use super::store;
use crate::db::{Result, Tx};
use crate::flows::accounts::actions::need_operator;
use crate::jobs::{self, Brief, mail};
use crate::journal::{self, Audience, Entry};
use crate::kit::{AccountId, Actor, Level, Refusal, Text};

/// What is done with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobVerb {
    /// Put it back into the queue after its last try.
    RunAgain,
    /// Stop it.
    Cancel,
}

impl JobVerb {
    /// Whether it can be done with a job of this status.
    pub fn fits(self, status: &str) -> bool {
        match self {
            Self::RunAgain => status == "dead",
            Self::Cancel => matches!(status, "ready" | "running"),
        }
    }
}

fn number(id: &str) -> Result<i64> {
    id.parse().map_err(|_| Refusal::not_found("job", id).into())
}

/// The account that a job or mail is for may read what the operator did with it.
fn readers(account: Option<&str>) -> Audience {
    account.and_then(AccountId::parse).map_or(Audience::Own, Audience::Account)
}

/// Runs a dead job again, or stops one that waits or runs.
pub fn change_job(tx: &mut Tx<'_>, actor: &Actor, id: &str, verb: JobVerb) -> Result<()> {
    need_operator(tx, actor, Level::Act)?;
    let number = number(id)?;
    let Brief { kind, status, account } = jobs::brief(tx, number)?;
    // A worker may have it by now: what counts is whether the change took hold.
    let done = verb.fits(&status)
        && match verb {
            JobVerb::RunAgain => jobs::revive(tx, number)?,
            JobVerb::Cancel => jobs::stop(tx, number)?,
        };
    if !done {
        let text = Text::new("Job {job} is {status:word}, so this cannot be done.");
        return Err(Refusal::state(text.arg("job", number).arg("status", &status)).into());
    }
    let (happening, text) = match verb {
        JobVerb::RunAgain => ("job.revived", Text::new("The operator of the deployment ran the job {kind} again")),
        JobVerb::Cancel => ("job.cancelled", Text::new("The operator of the deployment cancelled the job {kind}")),
    };
    let entry = Entry::new("job", id, happening, text.arg("kind", kind));
    journal::record(tx, actor, entry.audience(readers(account.as_deref())).by_operator())?;
    Ok(())
}

/// Sends a mail once more, as a mail of its own; its job must still be there.
pub fn send_again(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    need_operator(tx, actor, Level::Act)?;
    let line = store::mail_line(tx, actor, id)?;
    match line.job_status.as_deref() {
        None => {
            let text =
                "What stood in {mail} is no longer kept, so it cannot be sent again. Let it be asked for once more.";
            return Err(Refusal::state(Text::new(text).arg("mail", id)).into());
        }
        Some("ready" | "running") => {
            let text = "{mail} is still being sent. Run its job again or wait for it.";
            return Err(Refusal::state(Text::new(text).arg("mail", id)).into());
        }
        Some(_) => {}
    }
    mail::again(tx, line.job)?;
    let text =
        Text::new("The operator of the deployment sent a mail to {recipient} again").arg("recipient", &line.recipient);
    let entry = Entry::new("mail", id, "mail.sent_again", text);
    journal::record(tx, actor, entry.audience(readers(line.account.as_deref())).by_operator())?;
    Ok(())
}
