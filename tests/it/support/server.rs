//! The program, running inside the test.
//!
//! Everything that the tests assume of its start and end stands in this file.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use causeway::app::{self, App};
use causeway::config::Config;
use causeway::kit::Clock;
use tempfile::TempDir;

use super::client::{Api, Client};
use super::database::Database;
use super::mail::MailFolder;
use super::{clock, logs, wait};

/// A running program with its workers: a free port, a migrated database, a folder, a clock. It ends when this is dropped,
/// and the test fails if it leaves failed jobs or has logged errors that the test did not announce.
pub struct Server {
    base: String,
    clock: Clock,
    mail: MailFolder,
    stop: Box<dyn Fn()>,
    thread: Option<JoinHandle<Result<(), String>>>,
    faults_expected: bool,
    // Dropped in this order, after the program has ended.
    database: Database,
    dir: TempDir,
}

impl Server {
    /// Starts on a migrated database without any account.
    pub fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// Starts with settings changed by `change`.
    pub fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("make the test's folder");
        let database = Database::migrated(dir.path());
        Self::start_on(dir, database, change)
    }

    /// Starts on a folder and database that the test has prepared.
    pub fn start_on(dir: TempDir, database: Database, change: impl FnOnce(&mut Config)) -> Self {
        logs::watch();
        let mut config = config(dir.path(), database.url());
        change(&mut config);
        let clock = Clock::starting_at(clock::start());
        let running = run(config, clock.clone()).unwrap_or_else(|e| panic!("the program did not start: {e}"));
        Self {
            base: format!("http://{}", running.address),
            clock,
            mail: MailFolder::new(dir.path().join("mail")),
            stop: running.stop,
            thread: Some(running.thread),
            faults_expected: false,
            database,
            dir,
        }
    }

    /// `http://127.0.0.1:PORT`
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A person's browser, signed in nowhere.
    pub fn visitor(&self) -> Client {
        Client::new(&self.base)
    }

    /// A program that uses the API with a key (`ApiKey SU-…:…`).
    pub fn api(&self, key: &str) -> Api {
        Api::new(&self.base, key)
    }

    /// The clock of the running program.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The mail it has sent.
    pub fn mail(&self) -> &MailFolder {
        &self.mail
    }

    /// The database it uses.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Its data folder.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Announces that this test makes jobs fail or the program log errors.
    pub fn expect_faults(&mut self) {
        self.faults_expected = true;
    }

    /// Waits until every job that is due has been done: after this, a mail that is not there will not come.
    pub fn settle(&self) {
        wait::until("the jobs to be done", || {
            let due = self.clock.now().0;
            let left = format!(
                "select count(*) as n from job where status = 'running' or (status = 'ready' and run_at <= {due} and tries = 0)"
            );
            (self.database.number(&left) == 0).then_some(())
        });
    }

    /// Stops the program and starts it again on the same folder and database, with its clock where it was.
    pub fn restart(&mut self) {
        self.end();
        let config = config(self.dir.path(), self.database.url());
        let running =
            run(config, self.clock.clone()).unwrap_or_else(|e| panic!("the program did not start again: {e}"));
        self.base = format!("http://{}", running.address);
        self.stop = running.stop;
        self.thread = Some(running.thread);
    }

    /// Ends the program before the test ends, for another process to go on; folder and database stay.
    pub fn stop(&mut self) {
        self.settle();
        self.faults_expected = true;
        self.end();
    }

    fn end(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        (self.stop)();
        match thread.join() {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => fail(&format!("the program ended with: {problem}")),
            Err(_) => fail("the program panicked"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let check = !self.faults_expected && !thread::panicking();
        if check {
            self.settle();
        }
        self.end();
        if check {
            let failed =
                self.database.number("select count(*) as n from job where status = 'dead' or error is not null");
            assert_eq!(failed, 0, "jobs failed");
            assert_eq!(self.database.miscounted(), 0, "kept numbers are wrong");
        }
        if check && logs::one_test_per_process() {
            let errors = logs::take_errors();
            assert!(errors.is_empty(), "the program logged errors:\n{}", errors.join("\n"));
        }
    }
}

/// Brings an empty database up to date, as `causeway serve` does when it starts.
pub fn migrate(url: &str) {
    let dir = tempfile::tempdir().expect("make a folder for the migration");
    let clock = Clock::starting_at(clock::start());
    app::services(&config(dir.path(), url), clock).unwrap_or_else(|e| panic!("the template was not migrated: {e}"));
}

fn config(dir: &Path, database_url: &str) -> Config {
    let mut config = Config::in_folder(dir);
    config.database_url = Some(database_url.to_owned());
    config
}

struct Running {
    address: SocketAddr,
    stop: Box<dyn Fn()>,
    thread: JoinHandle<Result<(), String>>,
}

/// Starts the program in a thread of its own and returns when it serves.
fn run(config: Config, clock: Clock) -> Result<Running, String> {
    let (started, start) = mpsc::channel();
    let thread = thread::spawn(move || {
        in_system(async move {
            let app = match App::build(&config, clock) {
                Ok(app) => app,
                Err(problem) => {
                    let _ = started.send(Err(problem.to_string()));
                    return Ok(());
                }
            };
            let address = app.address();
            let tell = move |handle| drop(started.send(Ok((address, handle))));
            app.run(true, tell).await.map_err(|e| e.to_string())
        })
    });
    let (address, handle) = start.recv().map_err(|_| "it panicked".to_owned())??;
    // Open connections are cut: a test that has ended waits for none of its keep-alive connections.
    let stop = Box::new(move || in_system(handle.stop(false)));
    Ok(Running { address, stop, thread })
}

fn in_system<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// Fails the test, unless it is failing already: a second panic would hide the first.
fn fail(problem: &str) {
    if thread::panicking() {
        eprintln!("{problem}");
    } else {
        panic!("{problem}");
    }
}
