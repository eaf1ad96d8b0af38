//! The least that a page of the list takes of the database: its statements, prepared, and nothing done with the rows.

use causeway::db::schema::{asset, party, request};
use causeway::kit::column::Doc;
use diesel::dsl::count_star;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use crate::cpu;
use crate::requests::backends;
use crate::support::database::Database;

/// JSON as it is read; nothing is done with it.
type Json = Doc<serde_json::Value>;

/// A connection that keeps its prepared statements.
pub struct Statements {
    connection: Either,
    account: String,
}

enum Either {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

macro_rules! page {
    ($connection:expr, $account:expr, $offset:expr) => {{
        let connection = $connection;
        let mine = || {
            party::table
                .filter(party::account_id.eq($account))
                .filter(party::kind.eq("request"))
                .filter(party::status.eq("approved"))
        };
        let total: i64 = mine().select(count_star()).first(connection).unwrap();
        let ids: Vec<String> = mine()
            .order((party::created_at.desc(), party::object_id.asc()))
            .limit(25)
            .offset($offset)
            .select(party::object_id)
            .load(connection)
            .unwrap();
        for id in &ids {
            let row: (String, String, String, String, Json, Json, i64) = request::table
                .find(id)
                .select((
                    request::id,
                    request::asset_id,
                    request::status,
                    request::activation_key,
                    request::snapshot,
                    request::events,
                    request::created_at,
                ))
                .first(connection)
                .unwrap();
            let _: (String, String, Option<String>, Option<String>, Json) = asset::table
                .find(&row.1)
                .select((asset::id, asset::status, asset::external_id, asset::external_uid, asset::events))
                .first(connection)
                .unwrap();
        }
        assert!(total > 0 && ids.len() == 25);
    }};
}

impl Statements {
    /// Connects.
    pub fn open(database: &Database, account: &str) -> Self {
        let connection = if database.is_postgres() {
            Either::Postgres(PgConnection::establish(database.url()).expect("connect"))
        } else {
            let path = database.url().strip_prefix("sqlite://").expect("a SQLite address");
            let mut connection = SqliteConnection::establish(path).expect("open");
            diesel::connection::SimpleConnection::batch_execute(
                &mut connection,
                "pragma busy_timeout = 10000; pragma cache_size = -16000",
            )
            .expect("set it up");
            Either::Sqlite(connection)
        };
        Self { connection, account: account.to_owned() }
    }

    fn page(&mut self, offset: i64) {
        match &mut self.connection {
            Either::Sqlite(connection) => page!(connection, self.account.as_str(), offset),
            Either::Postgres(connection) => page!(connection, self.account.as_str(), offset),
        }
    }

    /// Median processor time of a page, of this thread and of the database server, in microseconds.
    pub fn measure(&mut self, database: &Database, offset: i64, times: usize) -> f64 {
        for _ in 0..20 {
            self.page(offset);
        }
        let servers = backends(database);
        let used = || cpu::of_this_thread() + servers.iter().map(|id| cpu::of_process(*id)).sum::<u64>();
        let mut samples = vec![];
        for _ in 0..times {
            let before = used();
            self.page(offset);
            samples.push(used() - before);
        }
        cpu::median_us(samples)
    }
}
