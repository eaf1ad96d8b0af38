//! Jobs: leases, fences, tries, cancelling, schedules. Each test has kinds of its own, because kinds are functions.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread::{self, JoinHandle};

use causeway::app::{self, Services};
use causeway::config::Config;
use causeway::jobs::{self, Failed, Kind, NewJob, Progress, Schedule, Work};
use causeway::kit::Clock;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::support::database::Database;
use crate::support::{clock, wait};

struct Site {
    database: Database,
    clock: Clock,
    dir: TempDir,
}

impl Site {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let database = Database::migrated(dir.path());
        Self { database, clock: Clock::starting_at(clock::start()), dir }
    }

    /// What one process would have.
    fn services(&self) -> Services {
        let mut config = Config::in_folder(self.dir.path());
        config.database_url = Some(self.database.url().to_owned());
        app::services(&config, self.clock.clone()).unwrap()
    }

    /// A process with one worker.
    fn process(&self, kinds: &'static [Kind], schedules: &'static [Schedule]) -> Process {
        self.process_of(1, kinds, schedules)
    }

    /// A process with so many workers.
    fn process_of(&self, count: usize, kinds: &'static [Kind], schedules: &'static [Schedule]) -> Process {
        let (services, (stop, stopped)) = (self.services(), watch::channel(false));
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                for task in jobs::start(services, kinds, schedules, count, stopped) {
                    task.await.unwrap();
                }
            });
        });
        Process { stop, thread: Some(thread) }
    }

    fn enqueue(&self, kind: &'static str) -> i64 {
        let job = || NewJob { object: Some("O-1"), ..NewJob::new(kind, json!({})) };
        self.services().db.write(|tx| jobs::enqueue(tx, job())).unwrap().unwrap()
    }

    fn progress(&self, services: &Services, kind: &str) -> Progress {
        services.db.read(|tx| jobs::progress(tx, kind, "O-1")).unwrap().unwrap()
    }

    fn wait_for(&self, kind: &str, status: &str) -> Progress {
        let services = self.services();
        wait::until(&format!("{kind} to be {status}"), || {
            Some(self.progress(&services, kind)).filter(|p| p.status == status)
        })
    }

    fn jobs_of(&self, kind: &str) -> i64 {
        self.database.number(&format!("select count(*) as n from job where kind = '{kind}'"))
    }
}

struct Process {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nobody listens if the workers have ended already.
        let _ = self.stop.send(true);
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(thread::panicking() || matches!(ended, Some(Ok(()))), "the workers panicked");
    }
}

fn set(flag: &AtomicBool) {
    flag.store(true, Ordering::SeqCst);
}

fn until_set(flag: &AtomicBool) {
    wait::until("a signal", || flag.load(Ordering::SeqCst).then_some(()));
}

static HELD: AtomicBool = AtomicBool::new(false);
static LET_GO: AtomicBool = AtomicBool::new(false);
static LATE: Mutex<Option<String>> = Mutex::new(None);

/// The first worker comes to a stand; the second does the work.
fn slow(work: &Work) -> Result<(), Failed> {
    let db = &work.services().db;
    if work.cursor().is_none() {
        db.write(|tx| work.checkpoint(tx, json!(1), 1, Some(3)))?;
        set(&HELD);
        until_set(&LET_GO);
        let late = db.write(|tx| work.checkpoint(tx, json!(9), 9, Some(9))).map_err(Failed::from);
        *LATE.lock().unwrap() = Some(format!("{late:?}"));
        return late;
    }
    assert_eq!(work.cursor(), Some(&json!(1)), "the second does not go on where the first stood");
    Ok(db.write(|tx| work.checkpoint(tx, json!(3), 3, Some(3)))?)
}

#[test]
fn another_worker_takes_over_and_the_first_can_write_no_more() {
    const KINDS: &[Kind] = &[Kind::short("test.slow", slow)];
    let site = Site::new();
    site.enqueue("test.slow");
    let _first = site.process(KINDS, &[]);
    until_set(&HELD);
    site.clock.advance_seconds(31);
    let _second = site.process(KINDS, &[]);
    assert_eq!(site.wait_for("test.slow", "done").done, 3);
    set(&LET_GO);
    let late = wait::until("the first worker to come back", || LATE.lock().unwrap().clone());
    assert_eq!(late, "Err(Lost)");
    drop((_first, _second));
    let after = site.wait_for("test.slow", "done");
    assert_eq!((after.done, after.error), (3, None), "the late worker has written");
}

static LETTER: AtomicBool = AtomicBool::new(false);

/// Ends once the letter is out.
fn archive(_: &Work) -> Result<(), Failed> {
    until_set(&LETTER);
    Ok(())
}

fn letter(_: &Work) -> Result<(), Failed> {
    set(&LETTER);
    Ok(())
}

#[test]
fn what_takes_a_moment_does_not_wait_for_what_takes_long() {
    const KINDS: &[Kind] = &[Kind::long("test.archive", archive), Kind::short("test.letter", letter)];
    let site = Site::new();
    // More of them than there are workers, and all before the letter.
    for _ in 0..3 {
        site.enqueue("test.archive");
    }
    site.enqueue("test.letter");
    let _workers = site.process_of(2, KINDS, &[]);
    site.wait_for("test.letter", "done");
    wait::until("all archives", || {
        let done = "select count(*) as n from job where kind = 'test.archive' and status = 'done'";
        (site.database.number(done) == 3).then_some(())
    });
}

#[test]
fn one_worker_alone_does_all_of_it() {
    const KINDS: &[Kind] = &[Kind::long("test.alone", |_| Ok(()))];
    let site = Site::new();
    site.enqueue("test.alone");
    let _worker = site.process(KINDS, &[]);
    site.wait_for("test.alone", "done");
}

static MENDED: AtomicBool = AtomicBool::new(false);

fn broken(_: &Work) -> Result<(), Failed> {
    if MENDED.load(Ordering::SeqCst) { Ok(()) } else { Err(Failed::ForNow("no luck".to_owned())) }
}

#[test]
fn a_failing_job_waits_longer_and_longer_then_lies_dead_until_it_is_revived() {
    const KINDS: &[Kind] = &[Kind::short("test.broken", broken)];
    let site = Site::new();
    let id = site.enqueue("test.broken");
    let services = site.services();
    let _workers = site.process(KINDS, &[]);
    let failed = wait::until("the first try", || {
        Some(site.progress(&services, "test.broken")).filter(|p| p.status == "ready" && p.error.is_some())
    });
    assert_eq!(failed.error.as_deref(), Some("no luck"));
    let due = site.database.number("select run_at as n from job where kind = 'test.broken'");
    assert!(due > site.clock.now().0, "it is tried again at once");
    wait::until("the last try", || {
        site.clock.advance_seconds(3600);
        (site.progress(&services, "test.broken").status == "dead").then_some(())
    });
    assert_eq!(site.database.number("select cast(tries as bigint) as n from job"), i64::from(jobs::MAX_TRIES));
    assert!(services.db.read(jobs::counts).unwrap().contains(&("dead".to_owned(), 1)));
    set(&MENDED);
    assert!(services.db.write(|tx| jobs::revive(tx, id)).unwrap());
    site.wait_for("test.broken", "done");
    assert!(!services.db.write(|tx| jobs::revive(tx, id)).unwrap(), "it was not dead");
}

static COUNTING: AtomicBool = AtomicBool::new(false);
static STOPPED: AtomicBool = AtomicBool::new(false);

fn counting(work: &Work) -> Result<(), Failed> {
    let step = |n: i64| {
        work.services().db.write(|tx| {
            causeway::db::next_number(tx, "test", "steps")?;
            work.checkpoint(tx, json!(n), n, None)
        })
    };
    step(1)?;
    set(&COUNTING);
    until_set(&STOPPED);
    Ok(step(2)?)
}

#[test]
fn a_cancelled_job_stops_at_its_next_step() {
    const KINDS: &[Kind] = &[Kind::short("test.counting", counting)];
    let site = Site::new();
    let services = site.services();
    site.enqueue("test.counting");
    let _workers = site.process(KINDS, &[]);
    until_set(&COUNTING);
    services.db.write(|tx| jobs::cancel(tx, "test.counting", "O-1")).unwrap();
    set(&STOPPED);
    assert_eq!(site.wait_for("test.counting", "cancelled").done, 1);
    let next = services.db.write(|tx| causeway::db::next_number(tx, "test", "steps")).unwrap();
    assert_eq!(next, 2, "the step after the cancellation was kept");
    // One that waits is cancelled at once.
    let later = site.clock.now().plus_seconds(3600);
    let job = || NewJob { object: Some("O-1"), run_at: Some(later), ..NewJob::new("test.later", json!({})) };
    services.db.write(|tx| jobs::enqueue(tx, job())).unwrap().unwrap();
    services.db.write(|tx| jobs::cancel(tx, "test.later", "O-1")).unwrap();
    assert_eq!(site.progress(&services, "test.later").status, "cancelled");
}

#[test]
fn a_job_with_the_same_mark_is_put_into_the_queue_once() {
    let site = Site::new();
    let services = site.services();
    let job = || NewJob { dedupe: Some("mark".to_owned()), ..NewJob::new("test.once", json!({})) };
    assert!(services.db.write(|tx| jobs::enqueue(tx, job())).unwrap().is_some());
    assert!(services.db.write(|tx| jobs::enqueue(tx, job())).unwrap().is_none());
    assert_eq!(site.jobs_of("test.once"), 1);
}

static TICKS: AtomicI64 = AtomicI64::new(0);

#[test]
fn a_schedule_runs_once_however_many_processes_there_are() {
    const KINDS: &[Kind] = &[
        Kind::short("test.tick", |_| {
            TICKS.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }),
        Kind::short("test.mark", |_| Ok(())),
        Kind::short("test.mark_again", |_| Ok(())),
    ];
    const TICK: Schedule = Schedule { kind: "test.tick", every_seconds: 3600 };
    const FIRST: &[Schedule] = &[TICK];
    // The marks come after it in the same look, so that the test knows when a process has looked.
    const SECOND: &[Schedule] = &[TICK, Schedule { kind: "test.mark", every_seconds: 3600 }];
    const THIRD: &[Schedule] = &[TICK, Schedule { kind: "test.mark_again", every_seconds: 3600 }];
    let site = Site::new();
    let _first = site.process(KINDS, FIRST);
    wait::until("the first run", || (TICKS.load(Ordering::SeqCst) == 1).then_some(()));
    let _second = site.process(KINDS, SECOND);
    wait::until("the second process to look", || (site.jobs_of("test.mark") == 1).then_some(()));
    assert_eq!(site.jobs_of("test.tick"), 1, "the second process ran it again");
    site.clock.advance_seconds(3601);
    let _third = site.process(KINDS, THIRD);
    wait::until("the third process to look", || (site.jobs_of("test.mark_again") == 1).then_some(()));
    assert_eq!(site.jobs_of("test.tick"), 2);
}
