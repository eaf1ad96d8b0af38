//! What became of each mail: to whom, about what, when, with which result. The words of a mail, and the link in it, are
//! never in here.

use diesel::prelude::*;

use super::super::{Failed, MAX_TRIES, Work};
use super::Mail;
use crate::db::schema::mail_log;
use crate::db::{Result, Tx};
use crate::kit::{AccountId, Time};

/// Notes a mail that was put into the queue. Of its subject only the kind is kept: what stands in it may be somebody's data.
pub(super) fn queued(tx: &mut Tx<'_>, job: i64, account: Option<&AccountId>, mail: &Mail) -> Result<()> {
    let row = (
        mail_log::id.eq(format!("ML-{job:012}")),
        mail_log::job_id.eq(job),
        mail_log::account_id.eq(account.map(|a| a.as_str().to_owned())),
        mail_log::recipient.eq(mail.to.clone()),
        mail_log::subject.eq(mail.subject.key().to_owned()),
        mail_log::status.eq("waiting"),
        mail_log::tries.eq(0),
        mail_log::created_at.eq(tx.at()),
    );
    diesel::insert_into(mail_log::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Notes how a try ended. A mail that went out must not go out again because that could not be noted.
pub(super) fn tried(work: &Work, outcome: &std::result::Result<(), Failed>) {
    let (job, tries) = (work.id(), work.tries());
    let noted = work.services().db.write(|tx| {
        let at = tx.at();
        let (status, error) = match outcome {
            Ok(()) => ("sent", None),
            Err(Failed::ForNow(e)) if tries < MAX_TRIES => ("waiting", Some(e.clone())),
            Err(e) => ("failed", Some(e.to_string())),
        };
        diesel::update(mail_log::table.filter(mail_log::job_id.eq(job)))
            .set((
                mail_log::status.eq(status),
                mail_log::tries.eq(tries),
                mail_log::error.eq(error),
                mail_log::sent_at.eq(outcome.is_ok().then_some(at)),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    if let Err(e) = noted {
        tracing::error!(job, error = %e, "what became of the mail of job {job} could not be noted");
    }
}

/// Forgets what became of mails that were put into the queue before a moment; at most `limit`.
pub fn forget(tx: &mut Tx<'_>, before: Time, limit: i64) -> Result<usize> {
    let old: Vec<String> = mail_log::table
        .filter(mail_log::created_at.lt(before))
        .order((mail_log::created_at.desc(), mail_log::id))
        .limit(limit)
        .select(mail_log::id)
        .load(tx.conn())?;
    Ok(diesel::delete(mail_log::table.filter(mail_log::id.eq_any(&old))).execute(tx.conn())?)
}
