//! Files that rows name: which key belongs to whom, and who may read it.
//!
//! The bytes are in the store of files; they are kept there before the action that names them commits. A kept file
//! without a row here, or in a column of its flow, is left over and may be deleted.
//!
//! A file that was replaced, or whose object was deleted, is dropped by that action. Its bytes stay while links to it may
//! still be followed ([`DROPPED_SECONDS`]); then housekeeping deletes them, and after them the row. Until then they count.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText};

use super::schema::file;
use super::{Result, Tx, lock_name};
use crate::kit::{AccountId, Refusal, Text, Time};

/// For how long the bytes of a dropped file stay, in seconds: longer than a link to it works.
pub const DROPPED_SECONDS: i64 = 15 * 60;

/// A file that something names from now on.
#[derive(Debug, Clone)]
pub struct NewFile<'a> {
    /// Its key in the store of files.
    pub key: &'a str,
    /// Whose it is: a company's id, or a person's.
    pub owner: &'a str,
    /// The object it belongs to.
    pub object: &'a str,
    /// What it is: `image/png`.
    pub content_type: &'a str,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: &'a str,
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// Refuses a file of so many bytes if its company would then have more than the limit `file_bytes`. Two uploads at the same
/// time are counted one after the other.
pub fn room(tx: &mut Tx<'_>, account: &AccountId, bytes: i64) -> Result<()> {
    room_of(tx, account.as_str(), bytes)
}

fn room_of(tx: &mut Tx<'_>, owner: &str, bytes: i64) -> Result<()> {
    lock_name(tx, &format!("files of {owner}"))?;
    let kept: Sum =
        diesel::sql_query("select cast(coalesce(sum(size), 0) as bigint) as bytes from file where account_id = $1")
            .bind::<SqlText, _>(owner)
            .get_result(tx.conn())?;
    let max = tx.limits().file_bytes;
    if kept.bytes.saturating_add(bytes) <= max {
        return Ok(());
    }
    let text = Text::new(
        "The files of this account take {kept:number} bytes; with these {new:number} they would take more than the \
         {max:number} that are allowed (file_bytes). Delete usage files that are not needed any more, and try again in two \
         hours, when their workbooks are gone; or ask the operator for more.",
    )
    .arg("kept", kept.bytes)
    .arg("new", bytes)
    .arg("max", max);
    Err(Refusal::conflict(text).with("limit", "file_bytes").with("max", max).into())
}

/// Drops kept files: nothing names them any more.
pub fn drop_kept(tx: &mut Tx<'_>, keys: &[&str]) -> Result<()> {
    let at = tx.at();
    diesel::update(file::table.filter(file::key.eq_any(keys)).filter(file::dropped_at.is_null()))
        .set(file::dropped_at.eq(Some(at)))
        .execute(tx.conn())?;
    Ok(())
}

/// Files that were dropped before a moment, at most `limit`.
pub fn dropped(tx: &mut Tx<'_>, before: Time, limit: i64) -> Result<Vec<String>> {
    Ok(file::table
        .filter(file::dropped_at.lt(before))
        .order(file::dropped_at)
        .limit(limit)
        .select(file::key)
        .load(tx.conn())?)
}

/// Forgets dropped files whose bytes were deleted.
pub fn forget(tx: &mut Tx<'_>, keys: &[String]) -> Result<()> {
    let gone = file::table.filter(file::key.eq_any(keys)).filter(file::dropped_at.is_not_null());
    diesel::delete(gone).execute(tx.conn())?;
    Ok(())
}

/// Notes a file that anybody may read who knows its address: icons, pictures of products. Its owner may have no room for it.
/// Its bytes must be kept already.
pub fn put_public(tx: &mut Tx<'_>, new: &NewFile<'_>) -> Result<()> {
    put(tx, new, true)
}

/// Notes a file that its flow gives out, to those who may read it. Its owner may have no room for it. Its bytes must be kept
/// already.
pub fn put_private(tx: &mut Tx<'_>, new: &NewFile<'_>) -> Result<()> {
    put(tx, new, false)
}

fn put(tx: &mut Tx<'_>, new: &NewFile<'_>, public: bool) -> Result<()> {
    let at = tx.at();
    room_of(tx, new.owner, i64::try_from(new.size).unwrap_or(i64::MAX))?;
    let row = (
        file::key.eq(new.key),
        file::account_id.eq(Some(new.owner)),
        file::name.eq(new.object),
        file::content_type.eq(new.content_type),
        file::size.eq(i64::try_from(new.size).unwrap_or(i64::MAX)),
        file::sha256.eq(new.sha256),
        file::public.eq(public),
        file::state.eq("kept"),
        file::created_at.eq(at),
    );
    diesel::insert_into(file::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// What a public file is, if there is one with this key that belongs to this owner and object.
pub fn public(tx: &mut Tx<'_>, key: &str, owner: &str, object: &str) -> Result<Option<String>> {
    Ok(file::table
        .find(key)
        .filter(file::public.eq(true))
        .filter(file::state.eq("kept"))
        .filter(file::account_id.eq(owner))
        .filter(file::name.eq(object))
        .select(file::content_type)
        .first(tx.conn())
        .optional()?)
}

/// Whether a row names this key.
pub fn is_known(tx: &mut Tx<'_>, key: &str) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(file::table.find(key))).get_result(tx.conn())?)
}

/// Which of these keys no row names.
pub fn unnamed(tx: &mut Tx<'_>, keys: &[String]) -> Result<Vec<String>> {
    let named: Vec<String> = file::table.filter(file::key.eq_any(keys)).select(file::key).load(tx.conn())?;
    Ok(keys.iter().filter(|key| !named.contains(key)).cloned().collect())
}
