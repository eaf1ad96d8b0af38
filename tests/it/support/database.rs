//! A database for one test, thrown away after it. Each is a copy of a template that is migrated once.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::postgres::Postgres;
use super::server;

/// A database that only this test knows.
pub struct Database {
    url: String,
    /// The server it lives on and its name there; `None` is a SQLite file in the test's folder.
    server: Option<(Postgres, String)>,
}

impl Database {
    /// A migrated database without any account.
    pub fn migrated(dir: &Path) -> Self {
        match Postgres::from_environment() {
            None => {
                let file = dir.join("causeway.db");
                fs::copy(sqlite_template(), &file).expect("copy the template");
                Self { url: sqlite_url(&file), server: None }
            }
            Some(server) => {
                let template = postgres_template(&server);
                Self::on(server, Some(&template))
            }
        }
    }

    /// A database in which nothing has been done yet, not even a migration.
    pub fn empty(dir: &Path) -> Self {
        match Postgres::from_environment() {
            None => Self { url: sqlite_url(&dir.join("causeway.db")), server: None },
            Some(server) => Self::on(server, None),
        }
    }

    fn on(server: Postgres, template: Option<&str>) -> Self {
        let name = format!("causeway_test_{}", unique());
        server.create(&name, template);
        Self { url: server.url(&name), server: Some((server, name)) }
    }

    /// The address, as `CAUSEWAY_DATABASE_URL` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.server.is_some()
    }

    /// Runs statements behind the program's back: to break something on purpose.
    pub fn execute(&self, sql: &str) {
        match &self.server {
            None => self.sqlite().batch_execute(sql),
            Some(_) => self.postgres().batch_execute(sql),
        }
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// The number that `sql` answers in a column named `n`, as in `select count(*) as n from job`.
    pub fn number(&self, sql: &str) -> i64 {
        let query = diesel::sql_query(sql);
        let row: Number = match &self.server {
            None => query.get_result(&mut self.sqlite()),
            Some(_) => query.get_result(&mut self.postgres()),
        }
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
        row.n
    }

    /// The names of tables in which a text is found.
    pub fn tables_with(&self, text: &str) -> Vec<String> {
        let found = |table: &str, row: &str| {
            self.number(&format!("select count(*) as n from \"{table}\" x where {row} like '%{text}%'")) > 0
        };
        let (all, sqlite) = match &self.server {
            Some(_) => ("select tablename::text as name from pg_tables where schemaname = 'public'", false),
            None => ("select name from sqlite_master where type = 'table'", true),
        };
        let tables: Vec<Name> = match sqlite {
            true => diesel::sql_query(all).load(&mut self.sqlite()),
            false => diesel::sql_query(all).load(&mut self.postgres()),
        }
        .expect("list the tables");
        let row = |table: &str| {
            if !sqlite {
                return "x::text".to_owned();
            }
            let columns = format!("select '\"' || name || '\"' as name from pragma_table_info('{table}')");
            let columns: Vec<Name> = diesel::sql_query(columns).load(&mut self.sqlite()).expect("list the columns");
            columns
                .iter()
                .map(|c| format!("coalesce(cast({} as text), '')", c.name))
                .collect::<Vec<_>>()
                .join(" || ' ' || ")
        };
        tables.into_iter().map(|t| t.name).filter(|table| found(table, &format!("({})", row(table)))).collect()
    }

    /// How many of the numbers that the database keeps about its parties are not what counting them gives.
    pub fn miscounted(&self) -> i64 {
        self.number(
            "select count(*) as n from ( \
             select account_id, turn, kind, status, 0 as day from ( \
             select account_id, turn, kind, status, 1 as number from party \
             union all select account_id, turn, kind, status, -number from tally) counted \
             group by account_id, turn, kind, status having sum(number) <> 0 \
             union all select account_id, true, kind, '', day from ( \
             select account_id, kind, created_at / 86400000000 as day, 1 as number from party \
             union all select account_id, kind, day, -number from tally_day) created \
             group by account_id, kind, day having sum(number) <> 0) wrong",
        )
    }

    /// The rows that `sql` answers in columns named `name` and `n`.
    pub fn counts(&self, sql: &str) -> BTreeMap<String, i64> {
        let query = diesel::sql_query(sql);
        let rows: Vec<Counted> = match &self.server {
            None => query.load(&mut self.sqlite()),
            Some(_) => query.load(&mut self.postgres()),
        }
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
        rows.into_iter().map(|row| (row.name, row.n)).collect()
    }

    fn sqlite(&self) -> SqliteConnection {
        let path = self.url.strip_prefix("sqlite://").expect("a SQLite address");
        let mut connection = SqliteConnection::establish(path).expect("open the test's database");
        connection.batch_execute("pragma busy_timeout = 10000").expect("set the busy timeout");
        connection
    }

    fn postgres(&self) -> PgConnection {
        PgConnection::establish(&self.url).expect("connect to the test's database")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            server.drop(name);
        }
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// The migrated SQLite file of this build, made by the first test that asks.
fn sqlite_template() -> PathBuf {
    let file = scratch().join(format!("template-{}.db", build()));
    let _lock = lock("sqlite");
    if !file.exists() {
        forget_older_templates();
        let making = file.with_extension("making");
        let _ = fs::remove_file(&making);
        server::migrate(&sqlite_url(&making));
        let mut connection = SqliteConnection::establish(&making.to_string_lossy()).expect("open the template");
        connection.batch_execute("pragma wal_checkpoint(truncate)").expect("fold the log into the template");
        drop(connection);
        fs::rename(&making, &file).expect("name the template");
    }
    file
}

/// The name of this build's migrated database on the server, made by the first test that asks.
fn postgres_template(server: &Postgres) -> String {
    let name = format!("causeway_template_{}", build());
    let _lock = lock("postgres");
    if !server.has(&name) {
        let making = format!("causeway_making_{}", build());
        server.drop(&making);
        server.create(&making, None);
        server::migrate(&server.url(&making));
        server.make_template(&making, &name);
    }
    name
}

fn forget_older_templates() {
    for entry in fs::read_dir(scratch()).expect("list the scratch folder").flatten() {
        if entry.file_name().to_string_lossy().starts_with("template-") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Names this build: a test binary with other migrations in it is another file.
fn build() -> String {
    let program = std::env::current_exe().and_then(fs::metadata).expect("find this test binary");
    let built = program.modified().expect("when it was built").duration_since(UNIX_EPOCH).expect("after 1970");
    format!("{:x}_{:x}", program.len(), built.as_nanos())
}

fn scratch() -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(&dir).expect("make the scratch folder");
    dir
}

/// Held while a template is made; tests run in several threads or processes.
fn lock(name: &str) -> File {
    let file = File::create(scratch().join(format!("{name}.lock"))).expect("open the lock file");
    file.lock().expect("take the lock");
    file
}

fn unique() -> String {
    format!("{}_{:016x}", std::process::id(), rand::random::<u64>())
}
