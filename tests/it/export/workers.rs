//! The job behind an export: taken over when its worker is gone, stopped when nobody wants it, one at a time whoever asks.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use causeway::app::{self, Services};
use causeway::config::Config;
use causeway::flows::{self, export};
use causeway::jobs::{self, Failed, Kind, Work};
use causeway::kit::{Clock, ExportId, Role};
use serde_json::json;
use tokio::sync::watch;

use crate::support::companies::Company;
use crate::support::server::Server;
use crate::support::wait;

/// A company on a database that no program works on.
struct Site {
    server: Server,
    company: Company,
    clock: Clock,
}

impl Site {
    fn new() -> Self {
        let mut server = Server::start();
        let company = Company::new(&server, "Northgate", Role::Distributor);
        server.stop();
        let clock = Clock::starting_at(server.clock().now());
        Self { server, company, clock }
    }

    /// What one process would have.
    fn services(&self) -> Services {
        let mut config = Config::in_folder(self.server.dir());
        config.database_url = Some(self.server.database().url().to_owned());
        app::services(&config, self.clock.clone()).unwrap()
    }

    fn start(&self) -> ExportId {
        self.services().db.write(|tx| export::actions::start(tx, &self.company.system())).unwrap()
    }

    /// The workers of one process.
    fn process(&self, kinds: &'static [Kind]) -> Process {
        let (services, (stop, stopped)) = (self.services(), watch::channel(false));
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                for task in jobs::start(services, kinds, &[], 1, stopped) {
                    task.await.unwrap();
                }
            });
        });
        Process { stop, thread: Some(thread) }
    }

    fn number(&self, sql: &str) -> i64 {
        self.server.database().number(sql)
    }

    fn in_state(&self, state: &str) -> i64 {
        self.number(&format!("select count(*) as n from account_export where state = '{state}'"))
    }

    fn wait_for(&self, state: &str) {
        wait::until(&format!("the export to be {state}"), || (self.in_state(state) == 1).then_some(()));
    }

    fn archives(&self) -> i64 {
        self.number("select count(*) as n from file where content_type = 'application/zip'")
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

static HELD: AtomicBool = AtomicBool::new(false);
static LET_GO: AtomicBool = AtomicBool::new(false);
static LATE: Mutex<Option<String>> = Mutex::new(None);

/// A worker that comes to a stand when it has begun, and goes on much later.
fn stands_still(work: &Work) -> Result<(), Failed> {
    work.services().db.write(|tx| work.checkpoint(tx, json!(1), 0, Some(100)))?;
    HELD.store(true, Ordering::SeqCst);
    wait::until("a signal", || LET_GO.load(Ordering::SeqCst).then_some(()));
    let late = export::jobs::make(work);
    *LATE.lock().unwrap() = Some(format!("{late:?}"));
    late
}

#[test]
fn another_worker_begins_anew_and_the_first_leaves_nothing() {
    const FIRST: &[Kind] = &[Kind::short(export::actions::MAKE, stands_still)];
    let site = Site::new();
    site.start();
    let first = site.process(FIRST);
    wait::until("the first worker", || HELD.load(Ordering::SeqCst).then_some(()));
    site.clock.advance_seconds(31);
    let second = site.process(flows::WORK);
    site.wait_for("ready");
    LET_GO.store(true, Ordering::SeqCst);
    let late = wait::until("the first worker to come back", || LATE.lock().unwrap().clone());
    // It finds that nobody waits for the archive any more.
    assert_eq!(late, "Ok(())");
    drop((first, second));
    assert_eq!((site.archives(), site.in_state("ready")), (1, 1));
    let kept = site.services().files.kept(std::time::Duration::ZERO).count();
    assert_eq!(kept, 1, "bytes of the first worker are left");
}

/// A worker of an export whose job the operator stops once it has begun.
fn is_stopped(work: &Work) -> Result<(), Failed> {
    work.services().db.write(|tx| jobs::stop(tx, work.id()))?;
    export::jobs::make(work)
}

#[test]
fn a_stopped_job_leaves_nothing_and_does_not_stand_in_the_way() {
    const STOPPED: &[Kind] = &[Kind::short(export::actions::MAKE, is_stopped)];
    let site = Site::new();
    let services = site.services();
    let id = site.start();
    jobs::run_due(&services, STOPPED).unwrap();
    let shown = services.db.read(|tx| export::actions::export(tx, &site.company.system(), id.as_str())).unwrap();
    assert_eq!(shown.export.state, export::model::ExportState::Cancelled);
    assert_eq!((site.archives(), services.files.kept(std::time::Duration::ZERO).count()), (0, 0));
    site.start();
    jobs::run_due(&services, flows::WORK).unwrap();
    assert_eq!((site.in_state("ready"), site.in_state("cancelled")), (1, 1));
}

/// A worker of an export that somebody cancels once it has begun to write.
fn is_given_up(work: &Work) -> Result<(), Failed> {
    let id = work.text("export")?;
    let db = &work.services().db;
    let export = db.read(|tx| export::store::wanted(tx, id))?.expect("the export");
    let actor = causeway::kit::Actor::system(export.account, "Northgate".to_owned(), Role::Distributor);
    db.write(|tx| export::actions::cancel(tx, &actor, id))?;
    export::jobs::make(work)
}

#[test]
fn an_export_that_is_given_up_under_way_is_not_finished() {
    const GIVEN_UP: &[Kind] = &[Kind::short(export::actions::MAKE, is_given_up)];
    let site = Site::new();
    site.start();
    jobs::run_due(&site.services(), GIVEN_UP).unwrap();
    assert_eq!((site.in_state("cancelled"), site.archives()), (1, 0));
}

#[test]
fn an_export_that_ends_the_program_each_time_is_given_up() {
    let site = Site::new();
    site.start();
    let most = export::model::MOST_BEGINNINGS;
    site.server.database().execute(&format!("update job set cursor = '{most}' where kind = 'export.make'"));
    jobs::run_due(&site.services(), flows::WORK).unwrap();
    assert_eq!((site.in_state("failed"), site.archives()), (1, 0));
}

#[test]
fn of_those_who_ask_at_once_one_starts_an_export() {
    let site = Site::new();
    let services = site.services();
    let asked: Vec<_> = (0..8)
        .map(|_| {
            let (db, actor) = (services.db.clone(), site.company.system());
            thread::spawn(move || db.write(|tx| export::actions::start(tx, &actor)).is_ok())
        })
        .collect();
    let started = asked.into_iter().map(|thread| thread.join().unwrap()).filter(|done| *done).count();
    assert_eq!((started, site.in_state("making")), (1, 1));
    assert_eq!(site.number("select count(*) as n from job where kind = 'export.make'"), 1);
}
