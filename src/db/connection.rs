//! Connections, pools, transactions.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2;

use super::{Error, Result};
use crate::kit::{Actor, Clock, Happening, Limits, Origin, Refusal, Secret, Text, Time, digest};

pub use super::any::{AnyConn, MultiBackend};

/// What the flows do when something happened in another flow, inside the same transaction.
pub type React = fn(&mut Tx<'_>, &Actor, &Happening) -> Result<()>;
/// What the flows would do if something happened in another flow, in words for whoever is about to do it.
pub type Foresee = fn(&mut Tx<'_>, &Happening) -> Result<Vec<Text>>;

/// Why a database could not be opened: one sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);

thread_local! {
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
    static LAST_BEGAN: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// How many statements this thread has sent so far, leaving out BEGIN, COMMIT, ROLLBACK, SAVEPOINT and PRAGMA, and the
/// pool's question whether a connection still works.
pub fn statements() -> u64 {
    STATEMENTS.get()
}

struct CountStatements;

impl Instrumentation for CountStatements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let first = text.split_ascii_whitespace().next().unwrap_or_default().to_ascii_uppercase();
            if !matches!(first.as_str(), "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "PRAGMA" | "SET") {
                STATEMENTS.set(STATEMENTS.get() + 1);
                LAST_BEGAN.set(Some(Instant::now()));
                // What is bound may be a password's hash or a customer's data.
                tracing::trace!(sql = text.split("-- binds").next(), "statement");
            }
        }
    }
}

/// Opens by the URL's scheme, never by trial.
#[derive(Debug, Clone)]
struct Opener {
    url: String,
    /// What PostgreSQL calls the connections.
    name: &'static str,
}

impl Opener {
    fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres://") || self.url.starts_with("postgresql://")
    }

    fn open(&self) -> ConnectionResult<AnyConn> {
        let bad = diesel::ConnectionError::CouldntSetupConfiguration;
        let mut conn = if self.is_postgres() {
            let mut c = diesel::PgConnection::establish(&self.url)?;
            c.batch_execute(&format!(
                "SET TIME ZONE 'UTC'; SET client_min_messages = warning; SET lock_timeout = '10s'; SET application_name = '{}'",
                self.name
            ))
            .map_err(bad)?;
            AnyConn::Pg(c)
        } else {
            let path = self.url.strip_prefix("sqlite://").unwrap_or(&self.url);
            let mut c = diesel::SqliteConnection::establish(path)?;
            c.batch_execute(
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;",
            )
            .map_err(bad)?;
            super::types::register_decimal(&mut c).map_err(bad)?;
            AnyConn::Sqlite(c)
        };
        conn.set_instrumentation(CountStatements);
        Ok(conn)
    }
}

/// A connection of a pool, and when it was last known to live.
struct Pooled {
    conn: AnyConn,
    alive: Instant,
}

/// Connections of the workers: two jobs at hand with their heartbeats, and the schedules.
const WORKERS: u32 = 6;
/// For how long a connection that answered is believed to live.
const BELIEVED: Duration = Duration::from_secs(2);

impl r2d2::ManageConnection for Opener {
    type Connection = Pooled;
    type Error = r2d2::Error;
    fn connect(&self) -> std::result::Result<Pooled, r2d2::Error> {
        let conn = self.open().map_err(r2d2::Error::ConnectionError)?;
        Ok(Pooled { conn, alive: Instant::now() })
    }
    /// Asked before a connection is handed out. A server that was restarted is noticed here, and costs nobody a request;
    /// a connection in steady use is not asked. The question is the pool's own and not counted for the page.
    fn is_valid(&self, pooled: &mut Pooled) -> std::result::Result<(), r2d2::Error> {
        if let AnyConn::Pg(c) = &mut pooled.conn
            && pooled.alive.elapsed() > BELIEVED
        {
            let counted = STATEMENTS.get();
            r2d2::R2D2Connection::ping(c).map_err(r2d2::Error::QueryError)?;
            STATEMENTS.set(counted);
        }
        pooled.alive = Instant::now();
        Ok(())
    }
    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        r2d2::R2D2Connection::is_broken(&mut pooled.conn)
    }
}

type Pool = r2d2::Pool<Opener>;

/// The connections that pages and the API share, or those of the workers.
#[derive(Clone)]
struct Pools {
    readers: Pool,
    writers: Pool,
}

/// The database of one running program. Cloning shares the pools.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    workers: Pools,
    /// Whether somebody waits for what is read.
    awaited: bool,
    postgres: bool,
    clock: Clock,
    react: React,
    foresee: Option<Foresee>,
    limits: Limits,
    origin: Option<Arc<Origin>>,
    secret: Option<Arc<String>>,
}

/// A transaction: the connection and the moment of the action.
pub struct Tx<'c> {
    conn: &'c mut AnyConn,
    basis: Basis,
}

/// What a transaction stands on besides its connection.
#[derive(Clone)]
struct Basis {
    at: Time,
    react: React,
    foresee: Option<Foresee>,
    limits: Limits,
    origin: Option<Arc<Origin>>,
    secret: Option<Arc<String>>,
}

impl Tx<'_> {
    /// The connection, for stores.
    pub fn conn(&mut self) -> &mut AnyConn {
        self.conn
    }

    /// When this action happens. All that it writes carries this moment.
    pub fn at(&self) -> Time {
        self.basis.at
    }

    /// How much there may be.
    pub fn limits(&self) -> Limits {
        self.basis.limits
    }

    /// The request that this happens for, for the audit; none for workers and the command line.
    pub fn origin(&self) -> Option<&Origin> {
        self.basis.origin.as_deref()
    }

    /// What only this deployment can make for an object of these words: whoever changes them in the database alone is found
    /// out. `purpose` keeps seals of different kinds apart.
    pub fn seal(&mut self, purpose: &str, object: &str, words: &str) -> Result<String> {
        let secret = match self.basis.secret.clone() {
            Some(secret) => secret,
            None => Arc::new(super::settings::deployment_secret(self)?),
        };
        Ok(Secret::derived(&secret, purpose, object, &digest(words.as_bytes())).reveal().to_owned())
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.conn, AnyConn::Pg(_))
    }

    /// Lets the other flows react to what happened. Called by the journal.
    pub fn react(&mut self, actor: &Actor, happening: &Happening) -> Result<()> {
        (self.basis.react)(self, actor, happening)
    }

    /// What the other flows would do if this happened.
    pub fn foresee(&mut self, happening: &Happening) -> Result<Vec<Text>> {
        self.basis.foresee.map_or_else(|| Ok(vec![]), |foresee| foresee(self, happening))
    }

    /// Runs `work` in a savepoint, so that its failure leaves the transaction usable.
    pub fn savepoint<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let basis = self.basis.clone();
        self.conn.transaction(|conn| work(&mut Tx { conn, basis }))
    }
}

impl Db {
    /// Opens the database that the URL names: `sqlite://PATH` or `postgres://…`. Does not migrate.
    pub fn open(url: &str, clock: Clock, react: React) -> std::result::Result<Self, OpenError> {
        let opener = Opener { url: url.to_owned(), name: "causeway" };
        let postgres = opener.is_postgres();
        if !postgres && !url.starts_with("sqlite://") {
            return Err(OpenError(format!(
                "The database URL `{}` has no scheme that Causeway knows. Use sqlite://PATH or postgres://USER@HOST/NAME.",
                masked(url)
            )));
        }
        if url == "sqlite://" {
            return Err(OpenError("The database URL sqlite:// names no file. Write sqlite://PATH.".to_owned()));
        }
        opener.open().map_err(|e| {
            let cause = e.to_string().replace('\n', " ");
            OpenError(format!("The database {} cannot be opened: {}", masked(url), cause.trim()))
        })?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get) as u32;
        let build = |name: &'static str, size: u32| {
            r2d2::Pool::builder()
                .max_size(size)
                // None is opened ahead of need: one that is being opened while the program ends would end it badly.
                .min_idle(Some(0))
                .connection_timeout(Duration::from_secs(30))
                // Whoever waits for a connection is told; a pool that is being dropped must not log.
                .error_handler(Box::new(r2d2::NopErrorHandler))
                .test_on_check_out(postgres)
                .build(Opener { name, ..opener.clone() })
                .map_err(|e| OpenError(format!("The database {} cannot be opened: {e}", masked(url))))
        };
        let (pools, workers) = if postgres {
            let both = |pool: Pool| Pools { readers: pool.clone(), writers: pool };
            (both(build("causeway", 2 * cores + 2)?), both(build("causeway workers", WORKERS)?))
        } else {
            // SQLite has one writer at a time; waiting for the one connection is fairer than its busy handler.
            let writers = build("causeway", 1)?;
            let with = |readers: Pool| Pools { readers, writers: writers.clone() };
            (with(build("causeway", 4)?), with(build("causeway workers", WORKERS)?))
        };
        Ok(Self {
            pools,
            workers,
            awaited: true,
            postgres,
            clock,
            react,
            foresee: None,
            limits: Limits::default(),
            origin: None,
            secret: None,
        })
    }

    /// The same database for workers: with connections of their own, so that a long job never takes those that pages
    /// need, and with all the time that a statement takes.
    #[must_use]
    pub fn for_workers(&self) -> Self {
        Self { pools: self.workers.clone(), awaited: false, ..self.clone() }
    }

    /// How many connections there are to read with.
    pub fn readers(&self) -> u32 {
        self.pools.readers.max_size()
    }

    /// With what tells beforehand what the flows would do.
    #[must_use]
    pub fn foreseeing(self, foresee: Foresee) -> Self {
        Self { foresee: Some(foresee), ..self }
    }

    /// With other limits than the usual ones.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// With the deployment's secret, if the settings name one; else the one that the database keeps is read when it is needed.
    #[must_use]
    pub fn sealing_with(self, secret: Arc<String>) -> Self {
        Self { secret: Some(secret), ..self }
    }

    /// The same database for one request: what is done through it is noted as coming from there.
    #[must_use]
    pub fn asked_from(&self, origin: Origin) -> Self {
        Self { origin: Some(Arc::new(origin)), ..self.clone() }
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.postgres
    }

    /// The clock by which actions are dated.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What an action that begins now stands on.
    fn basis(&self) -> Basis {
        Basis {
            at: self.clock.now(),
            react: self.react,
            foresee: self.foresee,
            limits: self.limits,
            origin: self.origin.clone(),
            secret: self.secret.clone(),
        }
    }

    /// Runs `work` on one snapshot. On PostgreSQL a statement for which somebody waits is stopped after a while
    /// ([`Limits::read_milliseconds`]); they are told what to do instead.
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let conn = &mut self.pools.readers.get()?.conn;
        let basis = self.basis();
        let AnyConn::Pg(c) = conn else {
            <AnyConn as Connection>::TransactionManager::begin_transaction(conn)?;
            return finish(conn, basis, work);
        };
        let most = self.awaited.then_some(basis.limits.read_milliseconds);
        // Count and list must speak of the same moment. 0 is no limit, 24 days are the longest one.
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {}",
            most.unwrap_or(0).min(i64::from(i32::MAX))
        );
        <diesel::PgConnection as Connection>::TransactionManager::begin_transaction_sql(c, &begin)?;
        let result = finish(conn, basis, work);
        match (most, result) {
            (Some(most), Err(error)) if took_too_long(&error, most) => {
                tracing::warn!(error = %error, "a statement was stopped after {most} milliseconds");
                Err(Refusal::too_slow(most).into())
            }
            (_, result) => result,
        }
    }

    /// Runs `work` in a writing transaction, from the start again, at most three times, if it lost a race or may have lost
    /// one. It must have no effect outside the database. What it returned was kept on disk before this returns.
    pub fn write<T>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.write_again(&mut self.pools.writers.get()?.conn, &work)
    }

    /// As [`Db::write`], for long imports in short chunks: on SQLite a power loss may take the last chunks back, never
    /// damage the database. The import resumes from its cursor, which is taken back with them.
    pub fn write_bulk<T>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let conn = &mut self.pools.writers.get()?.conn;
        if let AnyConn::Sqlite(c) = conn {
            c.batch_execute("PRAGMA synchronous = NORMAL")?;
        }
        let result = self.write_again(conn, &work);
        if let AnyConn::Sqlite(c) = conn {
            c.batch_execute("PRAGMA synchronous = FULL")?;
        }
        result
    }

    fn write_again<T>(&self, conn: &mut AnyConn, work: &impl Fn(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut tries = 0;
        loop {
            let result = self.write_once(conn, work);
            match &result {
                Err(e) if tries < e.more_tries() => {
                    tries += 1;
                    tracing::debug!(error = %e, tries, "writing transaction runs again");
                }
                _ => return result,
            }
        }
    }

    fn write_once<T>(&self, conn: &mut AnyConn, work: &impl Fn(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match conn {
            AnyConn::Sqlite(c) => {
                type Manager = <diesel::SqliteConnection as Connection>::TransactionManager;
                Manager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?;
            }
            AnyConn::Pg(c) => <diesel::PgConnection as Connection>::TransactionManager::begin_transaction(c)?,
        }
        finish(conn, self.basis(), work)
    }
}

/// Whether a failure is that of a statement which ran as long as it may, in milliseconds. diesel does not hand on
/// PostgreSQL's code for it (57014), and its message is in the server's language: the time tells.
fn took_too_long(error: &Error, most: i64) -> bool {
    let took = LAST_BEGAN.get().map(|at| i64::try_from(at.elapsed().as_millis()).unwrap_or(i64::MAX));
    error.has_no_kind() && took.is_some_and(|took| took >= most)
}

/// Ends the transaction that was begun on `conn`: commits what `work` did, or takes it back. A panic inside rolls back
/// too, because the pool drops a connection whose transaction is still open.
fn finish<T>(conn: &mut AnyConn, basis: Basis, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    type Manager = <AnyConn as Connection>::TransactionManager;
    match work(&mut Tx { conn, basis }) {
        Ok(value) => {
            Manager::commit_transaction(conn).map_err(Error::Database)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(e) = Manager::rollback_transaction(conn) {
                tracing::warn!(error = %e, "rollback failed");
            }
            Err(error)
        }
    }
}

/// A database URL without its password.
pub(crate) fn masked(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut u) if u.password().is_some() => {
            // Only fails for URLs that cannot have a password, and this one has.
            let _ = u.set_password(Some("***"));
            u.to_string()
        }
        _ => url.to_owned(),
    }
}
