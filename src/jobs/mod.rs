//! Work that goes on by itself: a table of jobs with leases.
//!
//! A job is claimed with a lease and a fencing number. While it runs, its lease is renewed; if the process dies, the lease
//! ends and another worker takes the job over with a higher number, so that the first, should it come back, finds that
//! its writes are refused. A job keeps a cursor of how far it came, written in the same transaction as the work itself.
//! A job that fails is tried again later and later; after [`MAX_TRIES`] it is dead, visible to the operator, and can be
//! run again.
//!
//! Some kinds may take minutes. Of several workers of a process one does none of these, so that mails, links to set a
//! password among them, never wait for somebody's archive.

pub mod blocklist;
pub mod mail;
mod schedule;
mod worker;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text as SqlText};
use serde_json::Value;

pub use schedule::Schedule;
pub use worker::{Failed, Kind, Work, run_due, start};

use crate::db::schema::job;
use crate::db::{Result, Tx};
use crate::kit::column::{Doc, JsonDoc};
use crate::kit::{AccountId, Refusal, Time};
use crate::on_each;

/// A job that failed this often is dead.
pub const MAX_TRIES: i32 = 24;
/// How long a claim holds without being renewed, in seconds.
const LEASE_SECONDS: i64 = 30;

/// A job to be done after the transaction.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// Which work, as in the table of kinds.
    pub kind: &'static str,
    /// What it needs to know.
    pub args: Value,
    /// Only one job with this key ever exists.
    pub dedupe: Option<String>,
    /// Not before this moment; now if absent.
    pub run_at: Option<Time>,
    /// For which company.
    pub account: Option<&'a AccountId>,
    /// For which object; its page shows the progress.
    pub object: Option<&'a str>,
}

impl NewJob<'_> {
    /// A job to be done at once.
    pub fn new(kind: &'static str, args: Value) -> Self {
        Self { kind, args, dedupe: None, run_at: None, account: None, object: None }
    }
}

/// Puts a job into the queue; gives its number, or nothing if one with the same dedupe key exists.
pub fn enqueue(tx: &mut Tx<'_>, new: NewJob<'_>) -> Result<Option<i64>> {
    let at = tx.at();
    let row = (
        job::kind.eq(new.kind),
        job::args.eq(Doc(new.args)),
        job::dedupe.eq(new.dedupe),
        job::status.eq("ready"),
        job::run_at.eq(new.run_at.unwrap_or(at)),
        job::tries.eq(0),
        job::fence.eq(0i64),
        job::done.eq(0i64),
        job::cancel.eq(false),
        job::account_id.eq(new.account.map(|a| a.as_str().to_owned())),
        job::object_id.eq(new.object.map(str::to_owned)),
        job::created_at.eq(at),
    );
    Ok(on_each!(tx, |c| diesel::insert_into(job::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(job::id)
        .get_result(c)
        .optional())?)
}

/// How far a job is, as a page shows it.
#[derive(Debug, Clone, Queryable)]
pub struct Progress {
    /// Number of the job.
    pub id: i64,
    /// `ready`, `running`, `done`, `dead`, `cancelled`.
    pub status: String,
    /// Units done.
    pub done: i64,
    /// Units in all, when known.
    pub total: Option<i64>,
    /// When it was put into the queue.
    pub created_at: Time,
    /// Why the last try failed, for the operator: in English, as in the log.
    pub error: Option<String>,
}

/// The newest job of a kind for an object.
pub fn progress(tx: &mut Tx<'_>, kind: &str, object: &str) -> Result<Option<Progress>> {
    Ok(job::table
        .filter(job::object_id.eq(object))
        .filter(job::kind.eq(kind))
        .order(job::id.desc())
        .select((job::id, job::status, job::done, job::total, job::created_at, job::error))
        .first(tx.conn())
        .optional()?)
}

/// Asks a job to stop: at once if it waits, at its next checkpoint if it runs.
pub fn cancel(tx: &mut Tx<'_>, kind: &str, object: &str) -> Result<()> {
    let mine = job::table.filter(job::object_id.eq(object)).filter(job::kind.eq(kind));
    diesel::update(mine.filter(job::status.eq("ready")))
        .set((job::status.eq("cancelled"), job::cancel.eq(true)))
        .execute(tx.conn())?;
    diesel::update(mine.filter(job::status.eq("running"))).set(job::cancel.eq(true)).execute(tx.conn())?;
    Ok(())
}

/// What of a job is needed to say whether something can be done with it.
#[derive(Debug, Clone, Queryable)]
pub struct Brief {
    /// Which work.
    pub kind: String,
    /// `ready`, `running`, `done`, `dead`, `cancelled`.
    pub status: String,
    /// For which company.
    pub account: Option<String>,
}

/// A job by its number. For the operator.
pub fn brief(tx: &mut Tx<'_>, id: i64) -> Result<Brief> {
    let found = job::table.find(id).select((job::kind, job::status, job::account_id)).first(tx.conn()).optional()?;
    found.ok_or_else(|| Refusal::not_found("job", id).into())
}

/// Asks one job to stop: at once if it waits, at its next checkpoint if it runs. False if it has ended. For the operator.
pub fn stop(tx: &mut Tx<'_>, id: i64) -> Result<bool> {
    let at = tx.at();
    let mine = job::table.filter(job::id.eq(id));
    let waiting = diesel::update(mine.filter(job::status.eq("ready")))
        .set((job::status.eq("cancelled"), job::cancel.eq(true), job::ended_at.eq(Some(at))))
        .execute(tx.conn())?;
    let running =
        diesel::update(mine.filter(job::status.eq("running"))).set(job::cancel.eq(true)).execute(tx.conn())?;
    Ok(waiting + running > 0)
}

/// Puts a dead job back into the queue; false if it is not dead. For the operator.
pub fn revive(tx: &mut Tx<'_>, id: i64) -> Result<bool> {
    let at = tx.at();
    let changed = diesel::update(job::table.filter(job::id.eq(id)).filter(job::status.eq("dead")))
        .set((
            job::status.eq("ready"),
            job::tries.eq(0),
            job::run_at.eq(at),
            job::cancel.eq(false),
            job::ended_at.eq(None::<Time>),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// How many jobs are in each status.
pub fn counts(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>> {
    Ok(job::table.group_by(job::status).select((job::status, diesel::dsl::count_star())).load(tx.conn())?)
}

/// A claimed job.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct Claimed {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = SqlText)]
    pub kind: String,
    #[diesel(sql_type = JsonDoc)]
    pub args: Doc<Value>,
    #[diesel(sql_type = Integer)]
    pub tries: i32,
    #[diesel(sql_type = BigInt)]
    pub fence: i64,
    #[diesel(sql_type = Nullable<JsonDoc>)]
    pub cursor: Option<Doc<Value>>,
}

/// Claims the job that is due longest: one that waits, or one whose worker is gone. Kinds to be left to other workers are
/// passed over.
fn claim(tx: &mut Tx<'_>, worker: &str, left: &[&'static str]) -> Result<Option<Claimed>> {
    let at = tx.at();
    let skip = if tx.is_postgres() { "for update skip locked" } else { "" };
    let but: String = left.iter().map(|kind| format!(" and kind <> '{kind}'")).collect();
    let text = format!(
        "update job set status = 'running', leased_until = $1, worker = $2, fence = fence + 1, tries = tries + 1 \
         where id = (select id from job where ((status = 'ready' and run_at <= $3) \
         or (status = 'running' and leased_until < $4)){but} order by run_at, id limit 1 {skip}) \
         returning id, kind, args, tries, fence, cursor"
    );
    Ok(diesel::sql_query(text)
        .bind::<BigInt, _>(at.plus_seconds(LEASE_SECONDS))
        .bind::<SqlText, _>(worker)
        .bind::<BigInt, _>(at)
        .bind::<BigInt, _>(at)
        .get_result(tx.conn())
        .optional()?)
}

/// Whether a worker that leaves some kinds to others would find something to claim.
fn any_due(tx: &mut Tx<'_>, left: &[&'static str]) -> Result<bool> {
    let at = tx.at();
    let due = job::table.filter(job::kind.ne_all(left)).filter(
        job::status
            .eq("ready")
            .and(job::run_at.le(at))
            .or(job::status.eq("running").and(job::leased_until.lt(at).assume_not_null())),
    );
    Ok(diesel::select(diesel::dsl::exists(due)).get_result(tx.conn())?)
}

/// Notes how a claimed job ended, if this claim still holds.
fn finish(tx: &mut Tx<'_>, claimed: &Claimed, outcome: &std::result::Result<(), Failed>) -> Result<bool> {
    let at = tx.at();
    let (status, run_at, error) = match outcome {
        Ok(()) => ("done", at, None),
        Err(Failed::Cancelled) => ("cancelled", at, None),
        Err(Failed::Lost) => return Ok(false),
        Err(Failed::ForGood(e)) => ("dead", at, Some(e.clone())),
        Err(Failed::ForNow(e)) if claimed.tries >= MAX_TRIES => ("dead", at, Some(e.clone())),
        Err(Failed::ForNow(e)) => ("ready", at.plus_seconds(back_off_seconds(claimed.tries)), Some(e.clone())),
    };
    let ended = (status != "ready").then_some(at);
    let changed = diesel::update(job::table.filter(job::id.eq(claimed.id)).filter(job::fence.eq(claimed.fence)))
        .set((
            job::status.eq(status),
            job::run_at.eq(run_at),
            job::error.eq(error),
            job::leased_until.eq(None::<Time>),
            job::ended_at.eq(ended),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Seconds until the next try: 5, 10, 20, … up to an hour.
fn back_off_seconds(tries: i32) -> i64 {
    let doublings = u32::try_from(tries.clamp(1, 12) - 1).unwrap_or(0);
    (5i64 << doublings).min(3600)
}

/// Forgets jobs of these statuses that ended before a moment; at most `limit`.
pub fn forget(tx: &mut Tx<'_>, statuses: &[&str], before: Time, limit: i64) -> Result<usize> {
    let old: Vec<i64> = job::table
        .filter(job::status.eq_any(statuses))
        .filter(job::run_at.lt(before))
        .order(job::id)
        .limit(limit)
        .select(job::id)
        .load(tx.conn())?;
    Ok(diesel::delete(job::table.filter(job::id.eq_any(&old))).execute(tx.conn())?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn back_off_grows_to_an_hour() {
        let waits: Vec<i64> = (1..=12).map(super::back_off_seconds).collect();
        assert_eq!(&waits[..4], &[5, 10, 20, 40]);
        assert_eq!(waits[11], 3600);
        assert!(waits.windows(2).all(|w| w[0] <= w[1]));
    }
}
