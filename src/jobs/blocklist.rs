//! Addresses that a mail server refused for good. No mail goes to them until somebody takes the mark away: whoever keeps
//! sending to addresses that do not exist soon reaches nobody.

use diesel::prelude::*;

use crate::db::schema::{blocked_address, person};
use crate::db::{Result, Tx};
use crate::kit::{Email, Time};
use crate::on_each;

/// Most characters of a server's words that are kept.
const MAX_REASON: usize = 500;

/// How long the mark of an address stays that belongs to nobody here, in seconds.
pub const KEPT_SECONDS: i64 = 90 * 24 * 3600;

/// Marks an address; a mark that is there already stays as it is.
pub fn block(tx: &mut Tx<'_>, address: &Email, reason: &str) -> Result<()> {
    let at = tx.at();
    // U+0000 has no place in PostgreSQL, and a line end none in a list.
    let plain: String = reason.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_REASON).collect();
    let row = (
        blocked_address::email_folded.eq(address.folded()),
        blocked_address::reason.eq(plain),
        blocked_address::blocked_at.eq(at),
    );
    on_each!(tx, |c| diesel::insert_into(blocked_address::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Why an address is marked; nothing if it is not.
pub fn reason(tx: &mut Tx<'_>, address: &Email) -> Result<Option<String>> {
    Ok(blocked_address::table.find(address.folded()).select(blocked_address::reason).first(tx.conn()).optional()?)
}

/// Takes the mark away; false if there was none.
pub fn unblock(tx: &mut Tx<'_>, address: &Email) -> Result<bool> {
    Ok(diesel::delete(blocked_address::table.find(address.folded())).execute(tx.conn())? > 0)
}

/// Forgets marks that were set before a moment of addresses that belong to nobody, at most `limit`; gives how many.
pub fn forget(tx: &mut Tx<'_>, before: Time, limit: i64) -> Result<usize> {
    let known = person::table.filter(person::email_folded.eq(blocked_address::email_folded)).select(person::id);
    let old: Vec<String> = blocked_address::table
        .filter(blocked_address::blocked_at.lt(before))
        .filter(diesel::dsl::not(diesel::dsl::exists(known)))
        .order(blocked_address::blocked_at)
        .limit(limit)
        .select(blocked_address::email_folded)
        .load(tx.conn())?;
    Ok(diesel::delete(blocked_address::table.filter(blocked_address::email_folded.eq_any(&old))).execute(tx.conn())?)
}
