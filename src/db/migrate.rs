//! Bringing the database up to date: the migrations of both databases are part of the program.

use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{AnyConn, Db, Error, OpenError, Result};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Where a database stands.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// Migrations that were applied, oldest first.
    pub applied: Vec<String>,
    /// Migrations that this program knows and the database lacks.
    pub pending: Vec<String>,
    /// Migrations of the database that this program does not know: it was written by a newer version.
    pub unknown: Vec<String>,
}

fn outside(e: impl std::fmt::Display) -> Error {
    Error::Outside(format!("migration: {e}"))
}

fn names(conn: &mut AnyConn) -> Result<Status> {
    let (mut applied, known): (Vec<String>, Vec<String>) = match conn {
        AnyConn::Pg(c) => (
            c.applied_migrations().map_err(outside)?.iter().map(ToString::to_string).collect(),
            MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES)
                .map_err(outside)?
                .iter()
                .map(|m| m.name().version().to_string())
                .collect(),
        ),
        AnyConn::Sqlite(c) => (
            c.applied_migrations().map_err(outside)?.iter().map(ToString::to_string).collect(),
            MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)
                .map_err(outside)?
                .iter()
                .map(|m| m.name().version().to_string())
                .collect(),
        ),
    };
    applied.sort();
    let pending = known.iter().filter(|k| !applied.contains(k)).cloned().collect();
    let unknown = applied.iter().filter(|a| !known.contains(a)).cloned().collect();
    Ok(Status { applied, pending, unknown })
}

/// Where the database stands, without changing its content.
pub fn status(db: &Db) -> std::result::Result<Status, OpenError> {
    db.write(|tx| names(tx.conn())).map_err(|e| OpenError(e.to_string()))
}

/// Applies what is missing. Processes that start at once wait for each other. Refuses a database of a newer version.
pub fn run(db: &Db) -> std::result::Result<Vec<String>, OpenError> {
    let done = db
        .write(|tx| {
            if let AnyConn::Pg(c) = tx.conn() {
                use diesel::RunQueryDsl;
                // However long the others take to migrate.
                let timeout = diesel::sql_query("set local lock_timeout = 0");
                timeout.execute(c)?;
                diesel::sql_query("select pg_advisory_xact_lock(4738264113)").execute(c)?;
            }
            let status = names(tx.conn())?;
            if !status.unknown.is_empty() || status.pending.is_empty() {
                return Ok(status);
            }
            match tx.conn() {
                AnyConn::Pg(c) => c.run_pending_migrations(POSTGRES).map(drop),
                AnyConn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(drop),
            }
            .map_err(outside)?;
            Ok(status)
        })
        .map_err(|e| OpenError(format!("The database could not be migrated: {e}")))?;
    match done.unknown.last() {
        Some(newest) => Err(OpenError(format!(
            "The database was written by a newer version of Causeway (migration {newest}). Start that version, or a newer one."
        ))),
        None => Ok(done.pending),
    }
}
