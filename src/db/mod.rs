//! The database: SQLite or PostgreSQL by URL, transactions, types, ids.
//!
//! Every action runs inside one [`Db::write`], every page inside one [`Db::read`]. Both hand out a [`Tx`], which is the
//! connection together with the moment of the action.

mod any;
mod connection;
mod error;
pub mod file;
pub mod idempotency;
mod ids;
pub mod list;
mod lock;
pub mod migrate;
pub mod party;
pub mod schema;
pub mod settings;
mod types;

pub(crate) use connection::masked;
pub use connection::{AnyConn, Db, MultiBackend, OpenError, React, Tx, statements};
pub use error::{Error, Result};
pub use ids::{in_order, insert_with_fresh_id, next_number};
pub use lock::{lock, lock_name};

/// Whether the database answers at all.
pub fn answers(tx: &mut Tx<'_>) -> Result<()> {
    use diesel::RunQueryDsl;
    diesel::sql_query("select 1").execute(tx.conn())?;
    Ok(())
}

/// Types the same statement for each native connection: the way round what the derived backend cannot express
/// (upsert, batch insert, row locks).
#[macro_export]
macro_rules! on_each {
    ($tx:expr, |$c:ident| $body:expr) => {
        match $tx.conn() {
            $crate::db::AnyConn::Pg($c) => $body,
            $crate::db::AnyConn::Sqlite($c) => $body,
        }
    };
}
