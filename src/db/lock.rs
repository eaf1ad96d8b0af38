//! Locking one row until the transaction ends.

use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use super::{AnyConn, Result, Tx};

/// Locks the row of `table` with this id, so that what is read of it afterwards stays true until the transaction ends.
/// Nothing happens if there is no such row, nor on SQLite, where a writing transaction has the database for itself.
pub fn lock(tx: &mut Tx<'_>, table: &'static str, id: &str) -> Result<()> {
    if let AnyConn::Pg(c) = tx.conn() {
        diesel::sql_query(format!("select 1 from {table} where id = $1 for update")).bind::<Text, _>(id).execute(c)?;
    }
    Ok(())
}
