//! A connection to either database.

#![expect(missing_docs, reason = "the derive makes public items without any")]

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConn {
    /// PostgreSQL.
    Pg(diesel::PgConnection),
    /// SQLite.
    Sqlite(diesel::SqliteConnection),
}
