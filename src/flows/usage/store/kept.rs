//! The rows of kept files: uploads and what was made of them.

use diesel::prelude::*;

use crate::db::schema::file;
use crate::db::{Result, Tx};
use crate::kit::AccountId;

/// A file that is kept outside of the database.
#[derive(Debug, Clone, Queryable)]
pub struct Kept {
    /// What it is found by.
    pub key: String,
    /// What it is called when it is downloaded.
    pub name: String,
    /// Its type.
    pub content_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// Notes a file that was kept.
pub fn insert_kept(tx: &mut Tx<'_>, owner: &AccountId, new: &Kept) -> Result<()> {
    let row = (
        file::key.eq(&new.key),
        file::account_id.eq(Some(owner.as_str())),
        file::name.eq(&new.name),
        file::content_type.eq(&new.content_type),
        file::size.eq(new.size),
        file::sha256.eq(&new.sha256),
        file::public.eq(false),
        file::state.eq("kept"),
        file::created_at.eq(tx.at()),
    );
    diesel::insert_into(file::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// A kept file.
pub fn kept(tx: &mut Tx<'_>, key: &str) -> Result<Option<Kept>> {
    Ok(file::table
        .find(key)
        .select((file::key, file::name, file::content_type, file::size, file::sha256))
        .first(tx.conn())
        .optional()?)
}

/// Forgets a kept file; its bytes are deleted by whoever cleans the store.
pub fn forget_kept(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    diesel::delete(file::table.find(key)).execute(tx.conn())?;
    Ok(())
}
