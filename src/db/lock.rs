//! Locking one row until the transaction ends.

use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use super::{AnyConn, Result, Tx};

/// Locks a thing that has no row of its own, named by a text, until the transaction ends: whoever locks the same waits.
pub fn lock_name(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    if let AnyConn::Pg(c) = tx.conn() {
        diesel::sql_query("select pg_advisory_xact_lock(hashtextextended($1, 0))").bind::<Text, _>(name).execute(c)?;
    }
    Ok(())
}

/// Locks the row of `table` with this id, so that what is read of it afterwards stays true until the transaction ends.
/// Nothing happens if there is no such row, nor on SQLite, where a writing transaction has the database for itself.
pub fn lock(tx: &mut Tx<'_>, table: &'static str, id: &str) -> Result<()> {
    if let AnyConn::Pg(c) = tx.conn() {
        diesel::sql_query(format!("select 1 from {table} where id = $1 for update")).bind::<Text, _>(id).execute(c)?;
    }
    Ok(())
}
