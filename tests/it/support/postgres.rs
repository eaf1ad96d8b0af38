//! Making and dropping databases on the PostgreSQL server that `TEST_DATABASE` names.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use url::Url;

/// A PostgreSQL server on which the tests may create databases.
pub struct Postgres {
    address: Url,
}

impl Postgres {
    /// The server of this run, if it is to be PostgreSQL.
    pub fn from_environment() -> Option<Self> {
        let address = std::env::var("TEST_DATABASE").ok().filter(|text| !text.is_empty())?;
        let address = Url::parse(&address).unwrap_or_else(|e| panic!("TEST_DATABASE: {e}"));
        assert!(
            matches!(address.scheme(), "postgres" | "postgresql"),
            "TEST_DATABASE has to be the address of a PostgreSQL server, or be unset for SQLite"
        );
        Some(Self { address })
    }

    /// The address of one of its databases.
    pub fn url(&self, name: &str) -> String {
        let mut address = self.address.clone();
        address.set_path(name);
        address.into()
    }

    /// Creates a database, as a copy of `template` if there is one.
    pub fn create(&self, name: &str, template: Option<&str>) {
        let template = template.map(|t| format!(r#" template "{t}""#)).unwrap_or_default();
        self.run(&format!(r#"create database "{name}"{template}"#));
    }

    /// Drops a database, whoever is still connected to it.
    pub fn drop(&self, name: &str) {
        self.run(&format!(r#"drop database if exists "{name}" with (force)"#));
    }

    /// Turns a finished database into a template: nobody may connect to it any more.
    pub fn make_template(&self, from: &str, name: &str) {
        self.run(&format!(r#"alter database "{from}" with allow_connections false"#));
        self.run(&format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{from}'"));
        self.run(&format!(r#"alter database "{from}" rename to "{name}""#));
    }

    /// Whether there is a database of this name.
    pub fn has(&self, name: &str) -> bool {
        diesel::sql_query("select count(*) as n from pg_database where datname = $1")
            .bind::<Text, _>(name)
            .get_result::<Count>(&mut self.connect())
            .expect("list the databases")
            .n
            > 0
    }

    fn run(&self, sql: &str) {
        super::wait::until(&format!("{sql} to succeed"), || match self.connect().batch_execute(sql) {
            Ok(()) => Some(()),
            // The server's own vacuum is in the database just now, and nobody may end that.
            Err(e) if e.to_string().contains("role whose process is being terminated") => None,
            Err(e) => panic!("{sql}: {e}"),
        });
    }

    fn connect(&self) -> PgConnection {
        PgConnection::establish(self.address.as_str())
            .unwrap_or_else(|e| panic!("TEST_DATABASE names a PostgreSQL server that cannot be used: {e}"))
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}
