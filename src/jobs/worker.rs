//! Workers: they claim jobs, run them on blocking threads, and keep the lease alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use serde_json::Value;
use tokio::sync::watch;

use super::{Claimed, LEASE_SECONDS, MAX_TRIES, Schedule, claim, finish, schedule};
use crate::app::Services;
use crate::db::schema::job;
use crate::db::{Error, Tx};
use crate::kit::column::Doc;

/// Why a job ended without being done.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It may work later: try again.
    #[error("{0}")]
    ForNow(String),
    /// It will never work: no more tries.
    #[error("{0}")]
    ForGood(String),
    /// Another worker has taken it over.
    #[error("another worker has taken the job over")]
    Lost,
    /// Somebody asked it to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::ForGood(refusal.to_string()),
            Error::Outside(text) if text == LOST => Self::Lost,
            Error::Outside(text) if text == CANCELLED => Self::Cancelled,
            other => Self::ForNow(other.to_string()),
        }
    }
}

const LOST: &str = "job: lost";
const CANCELLED: &str = "job: cancelled";

/// A claimed job and what it needs to be done.
pub struct Work {
    services: Services,
    claimed: Claimed,
}

impl Work {
    /// Database, files, mail, clock.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The job's number.
    pub fn id(&self) -> i64 {
        self.claimed.id
    }

    /// What the job was given.
    pub fn args(&self) -> &Value {
        &self.claimed.args.0
    }

    /// A text among the arguments.
    pub fn text(&self, name: &str) -> Result<&str, Failed> {
        self.args().get(name).and_then(Value::as_str).ok_or_else(|| Failed::ForGood(format!("the job has no `{name}`")))
    }

    /// Which try since it last got on this is, from 1.
    pub fn tries(&self) -> i32 {
        self.claimed.tries
    }

    /// How far an earlier try came.
    pub fn cursor(&self) -> Option<&Value> {
        self.claimed.cursor.as_ref().map(|c| &c.0)
    }

    /// Notes how far the job is, in the transaction that did the work. Fails if another worker has the job now or if it
    /// was cancelled; then the transaction must fail too. A job that gets on starts its tries anew: however often the
    /// program is killed, only tries without progress are held against the job.
    pub fn checkpoint(&self, tx: &mut Tx<'_>, cursor: Value, done: i64, total: Option<i64>) -> crate::db::Result<()> {
        let until = tx.at().plus_seconds(LEASE_SECONDS);
        let cancelled: Option<bool> =
            diesel::update(job::table.filter(job::id.eq(self.claimed.id)).filter(job::fence.eq(self.claimed.fence)))
                .set((
                    job::cursor.eq(Some(Doc(cursor))),
                    job::done.eq(done),
                    job::total.eq(total),
                    job::tries.eq(case_when(job::done.lt(done), 0i32.into_sql::<Integer>()).otherwise(job::tries)),
                    job::leased_until.eq(until),
                ))
                .returning(job::cancel)
                .get_result(tx.conn())
                .optional()?;
        match cancelled {
            None => Err(Error::Outside(LOST.to_owned())),
            Some(true) => Err(Error::Outside(CANCELLED.to_owned())),
            Some(false) => Ok(()),
        }
    }
}

/// One kind of work.
pub struct Kind {
    /// The name in the queue.
    pub name: &'static str,
    /// What it does, on a blocking thread.
    pub run: fn(&Work) -> Result<(), Failed>,
    /// Whether it may take minutes, as what reads or writes every row of something does.
    pub long: bool,
}

impl Kind {
    /// Work of a moment.
    pub const fn short(name: &'static str, run: fn(&Work) -> Result<(), Failed>) -> Self {
        Self { name, run, long: false }
    }

    /// Work that may take minutes.
    pub const fn long(name: &'static str, run: fn(&Work) -> Result<(), Failed>) -> Self {
        Self { name, run, long: true }
    }
}

/// Starts `count` workers and the schedules; they end when `stop` turns true, after the job at hand. The first of several
/// workers does no long work.
pub fn start(
    services: Services,
    kinds: &'static [Kind],
    schedules: &'static [Schedule],
    count: usize,
    stop: watch::Receiver<bool>,
) -> Vec<tokio::task::JoinHandle<()>> {
    let services = Services { db: services.db.for_workers(), ..services };
    let mut tasks: Vec<_> = (0..count)
        .map(|n| {
            let name = format!("{}-{n}", std::process::id());
            let long = kinds.iter().filter(|kind| kind.long && n == 0 && count > 1);
            let left = long.map(|kind| kind.name).collect();
            tokio::spawn(work(services.clone(), kinds, name, left, stop.clone()))
        })
        .collect();
    tasks.push(tokio::spawn(tick(services, schedules, stop)));
    tasks
}

/// Does everything that is due, one job after the other on this thread; gives how many jobs that were. For a program that
/// has no workers running, such as the one that makes the demo world. What is noted about a job does not wait for the
/// disk: a job whose end is lost in a power cut runs again, as every job may.
pub fn run_due(services: &Services, kinds: &[Kind]) -> crate::db::Result<usize> {
    let services = &Services { db: services.db.for_workers(), ..services.clone() };
    let worker = format!("{}-alone", std::process::id());
    let mut count = 0;
    while services.db.read(|tx| super::any_due(tx, &[]))? {
        let Some(claimed) = services.db.write_bulk(|tx| claim(tx, &worker, &[]))? else { break };
        let outcome = match kinds.iter().find(|k| k.name == claimed.kind) {
            _ if claimed.tries > MAX_TRIES => Err(never_ends()),
            None => Err(no_such_work(&claimed)),
            Some(kind) => (kind.run)(&Work { services: services.clone(), claimed: claimed.clone() }),
        };
        if let Err(e) = &outcome {
            tracing::warn!(job = claimed.id, kind = %claimed.kind, error = %e, "job {} ({}) was not done", claimed.id, claimed.kind);
        }
        services.db.write_bulk(|tx| finish(tx, &claimed, &outcome))?;
        count += 1;
    }
    Ok(count)
}

fn no_such_work(claimed: &Claimed) -> Failed {
    // While an older version still runs beside a newer one, the newer one will take it.
    Failed::ForNow(format!("this program has no work of the kind `{}`", claimed.kind))
}

/// Whoever claims a job has counted a try; that one more began after the last means that none came to its end.
fn never_ends() -> Failed {
    Failed::ForGood("the program ended each time while it was at this job".to_owned())
}

async fn tick(services: Services, schedules: &'static [Schedule], mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let db = services.db.clone();
        let done = tokio::task::spawn_blocking(move || {
            if db.read(|tx| schedule::any_due(tx, schedules))? {
                db.write(|tx| schedule::tick(tx, schedules))
            } else {
                Ok(())
            }
        });
        match done.await {
            Ok(Ok(())) => services.wake_workers(),
            Ok(Err(e)) => tracing::error!(error = %e, "schedules could not be read"),
            Err(e) => tracing::error!(error = %e, "schedules could not be run"),
        }
        pause(&mut stop, Duration::from_secs(5)).await;
    }
}

async fn pause(stop: &mut watch::Receiver<bool>, time: Duration) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stop.changed() => {}
    }
}

async fn work(
    services: Services,
    kinds: &'static [Kind],
    name: String,
    left: Arc<[&'static str]>,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        let (db, worker, left) = (services.db.clone(), name.clone(), left.clone());
        let claimed = tokio::task::spawn_blocking(move || {
            // A look without a writing transaction first: an idle worker must not wait for the writers.
            let due = db.read(|tx| super::any_due(tx, &left))?;
            if due { db.write(|tx| claim(tx, &worker, &left)) } else { Ok(None) }
        });
        match claimed.await {
            Ok(Ok(Some(claimed))) => run(&services, kinds, claimed).await,
            Ok(Ok(None)) => {
                tokio::select! {
                    () = services.wake.notified() => {}
                    () = pause(&mut stop, Duration::from_secs(1)) => {}
                }
            }
            Ok(Err(e)) => {
                tracing::error!(error = %e, "no job could be claimed");
                pause(&mut stop, Duration::from_secs(2)).await;
            }
            Err(e) => {
                tracing::error!(error = %e, "no job could be claimed");
                pause(&mut stop, Duration::from_secs(2)).await;
            }
        }
    }
}

async fn run(services: &Services, kinds: &'static [Kind], claimed: Claimed) {
    let (id, fence) = (claimed.id, claimed.fence);
    crate::crash::point_of("jobs.claimed", &claimed.kind);
    let ended = Arc::new(AtomicBool::new(false));
    let beat = tokio::spawn(heartbeat(services.clone(), id, fence, ended.clone()));
    let work = Work { services: services.clone(), claimed: claimed.clone() };
    let outcome = match kinds.iter().find(|k| k.name == claimed.kind) {
        _ if claimed.tries > MAX_TRIES => Err(never_ends()),
        None => Err(no_such_work(&claimed)),
        Some(kind) => {
            let run = kind.run;
            tokio::task::spawn_blocking(move || run(&work))
                .await
                .unwrap_or_else(|e| Err(Failed::ForNow(format!("the job broke off: {e}"))))
        }
    };
    ended.store(true, Ordering::Relaxed);
    beat.abort();
    crate::crash::point_of("jobs.before-end", &claimed.kind);
    if let Err(e) = &outcome {
        tracing::warn!(job = id, kind = %claimed.kind, tries = claimed.tries, error = %e, "job {id} ({}) was not done", claimed.kind);
    }
    let db = services.db.clone();
    match tokio::task::spawn_blocking(move || db.write(|tx| finish(tx, &claimed, &outcome))).await {
        Ok(Ok(_)) => {}
        Ok(Err(e)) => {
            tracing::error!(job = id, error = %e, "the end of job {id} could not be noted; it will run again")
        }
        Err(e) => tracing::error!(job = id, error = %e, "the end of job {id} could not be noted; it will run again"),
    }
    services.wake_workers();
}

async fn heartbeat(services: Services, id: i64, fence: i64, ended: Arc<AtomicBool>) {
    loop {
        tokio::time::sleep(Duration::from_secs(LEASE_SECONDS as u64 / 3)).await;
        if ended.load(Ordering::Relaxed) {
            return;
        }
        let db = services.db.clone();
        let renewed = tokio::task::spawn_blocking(move || {
            db.write(|tx| {
                let until = tx.at().plus_seconds(LEASE_SECONDS);
                Ok(diesel::update(job::table.filter(job::id.eq(id)).filter(job::fence.eq(fence)))
                    .set(job::leased_until.eq(until))
                    .execute(tx.conn())?)
            })
        });
        if let Ok(Err(e)) = renewed.await {
            tracing::warn!(job = id, error = %e, "the lease of job {id} could not be renewed");
        }
    }
}
