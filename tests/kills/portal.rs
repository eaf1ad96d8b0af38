//! A server that is killed, and a client that keeps a ledger of what it was answered.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::thread;

use causeway::db::{self, Db, Tx};
use causeway::flows;
use causeway::flows::accounts::actions::{self, NewPerson, password};
use causeway::flows::accounts::model::AccountStatus;
use causeway::kit::{AccountId, Actor, Clock, Email, Permissions, Role, Time};
use reqwest::Method;
use reqwest::blocking::RequestBuilder;
use serde_json::Value;
use tempfile::TempDir;

use crate::checks::{self, Counts};
use crate::support::client::{Api, Client};
use crate::support::clock;
use crate::support::companies::PASSWORD;
use crate::support::database::Database;
use crate::support::form::Form;
use crate::support::mail::MailFolder;
use crate::support::page::Page;
use crate::support::program::Program;
use crate::support::wait;

/// How far the clock is moved at each start: past every lease; every few starts housekeeping is due.
const STEP_SECONDS: i64 = 1200;

/// Within how long after the start what is due is waited for: longer than any process runs, shorter than any link works.
const DUE_SECONDS: i64 = 3_600;

/// A company and its key of the API.
#[derive(Clone)]
pub struct Who {
    pub id: AccountId,
    pub name: String,
    pub role: Role,
    pub key: String,
}

impl Who {
    /// The system acting for it.
    pub fn system(&self) -> Actor {
        Actor::system(self.id.clone(), self.name.clone(), self.role)
    }
}

/// What a call sends.
#[derive(Clone)]
pub enum Body {
    Json(Value),
    /// JSON and one file: the name of its part, its own name, its bytes.
    File(Value, &'static str, &'static str, Vec<u8>),
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        Self::Json(value)
    }
}

/// One call of the API that writes.
#[derive(Clone)]
struct Call {
    who: String,
    method: Method,
    path: String,
    key: String,
    body: Body,
}

impl Call {
    fn fill(&self, request: RequestBuilder) -> RequestBuilder {
        use reqwest::blocking::multipart::{Form, Part};
        let request = request.header("Idempotency-Key", &self.key);
        match &self.body {
            Body::Json(body) => request.json(body),
            Body::File(body, part, name, bytes) => {
                let json = Part::text(body.to_string()).mime_str("application/json").expect("a type");
                let file = Part::bytes(bytes.clone()).file_name(*name);
                request.multipart(Form::new().part("body", json).part(*part, file))
            }
        }
    }

    fn send(&self, base: &str) -> Result<Page, String> {
        Api::new(base, &self.who).try_send(self.method.clone(), &self.path, |request| self.fill(request))
    }
}

/// A call and its answer.
struct Answered {
    call: Call,
    status: u16,
    bytes: Vec<u8>,
}

/// The portal with its folder and database; its process comes and goes.
pub struct Portal {
    program: Option<Program>,
    port: u16,
    now: Time,
    clock: Clock,
    killing: bool,
    ledger: Vec<Answered>,
    trail: Vec<(String, Counts)>,
    kills: BTreeMap<String, usize>,
    database: Database,
    mail: MailFolder,
    dir: TempDir,
}

/// Walks twice, in peace and with kills, and compares. Fails if the server was killed less often than expected; the file
/// that `KILLS_FILE` names is told how often it was, for `scripts/kills.sh`.
pub fn twice(expected_kills: usize, walk: impl Fn(&mut Portal)) {
    let mut peace = Portal::new();
    walk(&mut peace);
    peace.verify();
    let mut portal = Portal::new();
    portal.killing = true;
    walk(&mut portal);
    portal.verify();
    let steps = |portal: &Portal| portal.trail.iter().map(|(step, _)| step.clone()).collect::<Vec<_>>();
    assert_eq!(steps(&peace), steps(&portal));
    for ((step, wanted), (_, there)) in peace.trail.iter().zip(&portal.trail) {
        assert_eq!(wanted, there, "after {step}: on the left what there must be, on the right what the kills left");
    }
    let killed: usize = portal.kills.values().sum();
    eprintln!("{killed} kills in all\n{}", portal.report());
    assert!(killed >= expected_kills, "only {killed} kills, not {expected_kills}");
    if let Some(file) = std::env::var_os("KILLS_FILE") {
        // In one piece, because the tests run side by side.
        let mut file = std::fs::File::options().append(true).create(true).open(file).expect("open the file of kills");
        file.write_all(portal.report().as_bytes()).expect("note the kills");
    }
}

impl Portal {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("make the test's folder");
        let database = Database::migrated(dir.path());
        Self {
            program: None,
            port: free_port(),
            now: clock::start(),
            clock: Clock::starting_at(clock::start()),
            killing: false,
            ledger: vec![],
            trail: vec![],
            kills: BTreeMap::new(),
            database,
            mail: MailFolder::new(dir.path().join("mail")),
            dir,
        }
    }

    /// Does a part of the walk without kills: what the part under test stands on.
    pub fn in_peace<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> T {
        let killing = std::mem::replace(&mut self.killing, false);
        let made = walk(self);
        self.killing = killing;
        made
    }

    /// The mail that was sent.
    pub fn mail(&self) -> &MailFolder {
        &self.mail
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// `http://127.0.0.1:PORT`
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    // ── Processes ──

    fn crash_file(&self) -> PathBuf {
        self.dir.path().join("reached")
    }

    fn kill(&mut self) {
        if let Some(program) = self.program.take() {
            program.kill();
        }
    }

    /// Starts a process, later than the one before by the clock; it will stand still at the point, if one is named.
    fn start(&mut self, point: Option<&str>) {
        self.kill();
        self.now = self.now.plus_seconds(STEP_SECONDS);
        self.clock.set(self.now);
        let _ = std::fs::remove_file(self.crash_file());
        let (crash_file, url) = (self.crash_file(), self.database.url().to_owned());
        let (now, port) = (self.now.to_string(), self.port);
        // `demo` serves what there is; it is the command that takes the time.
        let program = Program::start(self.dir.path(), &["demo", "--password", PASSWORD, "--now", &now], |command| {
            command.env("CAUSEWAY_DATABASE_URL", url).env("CAUSEWAY_BIND", format!("127.0.0.1:{port}"));
            command.env("CAUSEWAY_LOG", "warn");
            if let Some(point) = point {
                command.env("CAUSEWAY_CRASH_AT", point).env("CAUSEWAY_CRASH_FILE", crash_file);
            }
        });
        self.program = Some(program);
    }

    /// The running process.
    fn run(&mut self) -> &Program {
        if self.program.is_none() {
            self.start(None);
        }
        self.program.as_ref().expect("it was started")
    }

    /// Starts a process that dies at a point while `work` is done to it. `work` gives an answer if it got one.
    fn die(&mut self, point: &str, work: impl FnOnce(&Self) -> Result<Page, String> + Send)
    where
        Self: Sync,
    {
        self.start(Some(point));
        let program = self.program.take().expect("it was started");
        let reached = self.crash_file();
        thread::scope(|scope| {
            let asked = scope.spawn(|| work(self));
            let there = wait::until_or(
                point,
                || if reached.exists() { Some(true) } else { asked.is_finished().then_some(false) },
                || program.said(),
            );
            // It may have reached the point just before it looked finished.
            if !there && !reached.exists() {
                match asked.join().expect("the client") {
                    Ok(page) => panic!("{point} was not reached: {}", page.body()),
                    Err(problem) => panic!("{point} was not reached: {problem}\n{}", program.said()),
                }
            }
            let said = program.said();
            program.kill();
            assert!(asked.join().expect("the client").is_err(), "answered in spite of being killed at {point}");
            assert!(!said.contains("ERROR"), "before {point}:\n{said}");
        });
        self.count(point);
    }

    /// Waits until every job that is due has been done.
    pub fn settle(&mut self) {
        self.run();
        let until = self.now.plus_seconds(DUE_SECONDS).0;
        let due = format!(
            "select count(*) as n from job where status = 'running' or (status = 'ready' and run_at <= {until})"
        );
        let program = self.program.as_ref().expect("it runs");
        wait::until_or("the jobs to be done", || (self.database.number(&due) == 0).then_some(()), || program.said());
    }

    /// What there is: rows of each table, parties and events by kind, mail.
    fn counts(&self) -> Counts {
        let mut counts = checks::counts(&self.database, self.now.plus_seconds(DUE_SECONDS));
        let mails = std::fs::read_dir(self.dir.path().join("mail"))
            .map_or(0, |d| d.flatten().filter(|e| e.path().extension().is_some_and(|x| x == "eml")).count());
        counts.insert("mail".to_owned(), mails as i64);
        counts
    }

    fn note(&mut self, step: &str) {
        self.settle();
        checks::parties_fit(&self.database);
        let counts = self.counts();
        self.trail.push((step.to_owned(), counts));
    }

    // ── Calls ──

    /// Asks for something.
    pub fn get(&mut self, who: &Who, path: &str) -> Value {
        let base = self.base();
        self.run();
        Api::new(&base, &who.key).get(path).expect(200).json()
    }

    /// Does one thing through the API and gives the answer. When kills are on, the server dies at `point` inside the
    /// action first, then between commit and answer.
    #[track_caller]
    pub fn write(&mut self, point: &str, who: &Who, method: Method, path: &str, body: impl Into<Body>) -> Value {
        let call = Call {
            who: who.key.clone(),
            method,
            path: path.to_owned(),
            key: format!("write-{}", self.ledger.len()),
            body: body.into(),
        };
        if self.killing {
            self.settle();
            let before = self.counts();
            self.die(point, |portal| call.send(&portal.base()));
            assert_eq!(self.counts(), before, "something of {path} is there, though it died at {point}");
            self.die("rest.after-commit", |portal| call.send(&portal.base()));
        }
        self.run();
        let page = call.send(&self.base()).unwrap_or_else(|e| panic!("{point}: {e}"));
        assert!((200..300).contains(&page.status), "{point}, {path}: {} {}", page.status, page.body());
        let answer = if page.bytes.is_empty() { Value::Null } else { page.json() };
        self.ledger.push(Answered { call, status: page.status, bytes: page.bytes });
        self.note(&format!("{point} {}", self.trail.len()));
        answer
    }

    /// POST a JSON body.
    #[track_caller]
    pub fn post(&mut self, point: &str, who: &Who, path: &str, body: Value) -> Value {
        self.write(point, who, Method::POST, path, body)
    }

    /// Sends a form of a page, as [`Portal::write`] does, and gives where it leads.
    #[track_caller]
    pub fn submit(&mut self, point: &str, browser: &Client, form: &Form) -> Page {
        if self.killing {
            self.settle();
            let before = self.counts();
            self.die(point, |_| browser.try_post(form.clone()));
            assert_eq!(self.counts(), before, "something is there, though it died at {point}");
            self.die("web.after-commit", |_| browser.try_post(form.clone()));
        }
        self.run();
        let page = browser.submit(form.clone());
        self.note(&format!("{point} {}", self.trail.len()));
        page
    }

    /// Does one thing through the API; the server dies at a point of the job that follows it.
    #[track_caller]
    pub fn hand_over(&mut self, point: &str, who: &Who, path: &str, body: Body) {
        let (who, path, method) = (who.key.clone(), path.to_owned(), Method::POST);
        let call = Call { who, method, path, key: format!("write-{}", self.ledger.len()), body };
        self.start(self.killing.then_some(point));
        let page = call.send(&self.base()).unwrap_or_else(|e| panic!("{point}: {e}"));
        assert!((200..300).contains(&page.status), "{point}: {} {}", page.status, page.body());
        self.ledger.push(Answered { call, status: page.status, bytes: page.bytes });
        if self.killing {
            let reached = self.crash_file();
            let program = self.program.as_ref().expect("it runs");
            wait::until_or(point, || reached.exists().then_some(()), || program.said());
            self.kill();
            self.count(point);
        }
    }

    /// Ends the process.
    pub fn stop(&mut self) {
        self.kill();
    }

    /// Counts a kill at `NAME:COUNT` or `NAME@KIND`.
    fn count(&mut self, point: &str) {
        *self.kills.entry(point.split([':', '@']).next().unwrap_or(point).to_owned()).or_default() += 1;
    }

    /// How often the server was killed at which point: lines of `DATABASE POINT TIMES`.
    fn report(&self) -> String {
        let database = if self.database.is_postgres() { "PostgreSQL" } else { "SQLite" };
        self.kills.iter().map(|(point, times)| format!("{database} {point} {times}\n")).collect()
    }

    /// Lets the jobs run and kills the server at points of theirs, one after the other; then they must come to their end.
    pub fn jobs_die(&mut self, points: &[&str]) {
        if self.killing {
            for point in points {
                self.die(point, |portal| wait_for(&portal.crash_file()));
            }
        }
        self.start(None);
        self.note(&format!("jobs {}", self.trail.len()));
    }

    // ── What no call offers ──

    /// Acts behind the server's back.
    pub fn act<T>(&self, work: impl Fn(&mut Tx<'_>) -> db::Result<T>) -> T {
        let db = Db::open(self.database.url(), self.clock.clone(), flows::react).expect("open the database");
        db.write(work).unwrap_or_else(|e| panic!("{e}"))
    }

    /// A new active company with its administrator and a key.
    pub fn company(&self, name: &str, role: Role) -> Who {
        let hash = password::hash(PASSWORD).expect("a hash");
        let address = Email::parse(&format!("{}@example.com", name.to_lowercase())).expect("an address");
        let id = self.act(|tx| {
            let id = actions::create_company(tx, &Actor::Operator, name, role, AccountStatus::Active)?;
            let person = NewPerson { name, email: &address, password: Some(&hash) };
            actions::register_administrator(tx, &Actor::Operator, &id, &person)?;
            Ok(id)
        });
        self.with_key(id, name, role)
    }

    /// A company with a key of its own.
    pub fn with_key(&self, id: AccountId, name: &str, role: Role) -> Who {
        let system = Actor::system(id.clone(), name.to_owned(), role);
        let token = self.act(|tx| actions::create_token(tx, &system, "Test", "", &Permissions::all()));
        Who { key: token.key(), id, name: name.to_owned(), role }
    }

    // ── At the end ──

    /// Every answer that was given is given again; the journal's chain holds; nothing has failed.
    fn verify(&mut self) {
        self.start(None);
        self.settle();
        let before = self.counts();
        for answered in &self.ledger {
            let again = answered.call.send(&self.base()).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(again.status, answered.status, "{} {}", answered.call.method, answered.call.path);
            // Where a secret or a link was in it, the answer of now is given, for the same object.
            if again.bytes != answered.bytes {
                let id = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).map(|v| v["id"].clone()).ok();
                let (first, now) = (id(&answered.bytes), id(&again.bytes));
                assert!(
                    first == now && first.is_some_and(|id| id.is_string()),
                    "{}: {}",
                    answered.call.path,
                    again.body()
                );
            }
        }
        self.settle();
        assert_eq!(self.counts(), before, "asking again has done something again");
        let failed = self.database.number("select count(*) as n from job where status = 'dead' or error is not null");
        assert_eq!(failed, 0, "jobs failed:\n{}", self.program.as_ref().map(Program::said).unwrap_or_default());
        checks::chain_holds(&self.database);
    }
}

/// Waits for a file that the server writes; then gives what a call to a killed server gives.
fn wait_for(file: &std::path::Path) -> Result<Page, String> {
    wait::until(&format!("{}", file.display()), || file.exists().then_some(()));
    Err("killed".to_owned())
}

/// A port that nobody has; not one of those that the system gives to others on its own.
fn free_port() -> u16 {
    (0..100)
        .map(|_| 10_000 + rand::random::<u16>() % 10_000)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}
