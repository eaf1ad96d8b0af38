//! Files that rows name: which key belongs to whom, and who may read it.
//!
//! The bytes are in the store of files; they are kept there before the action that names them commits. A kept file
//! without a row here, or in a column of its flow, is left over and may be deleted.

use diesel::prelude::*;

use super::schema::file;
use super::{Result, Tx};
use crate::kit::AccountId;

/// A file that anybody may read who knows its address: icons, pictures of products.
#[derive(Debug, Clone)]
pub struct PublicFile<'a> {
    /// Its key in the store of files.
    pub key: &'a str,
    /// Whose it is.
    pub account: &'a AccountId,
    /// The object it belongs to.
    pub object: &'a str,
    /// What it is: `image/png`.
    pub content_type: &'a str,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: &'a str,
}

/// Notes a public file. Its bytes must be kept already.
pub fn put_public(tx: &mut Tx<'_>, new: &PublicFile<'_>) -> Result<()> {
    let at = tx.at();
    let row = (
        file::key.eq(new.key),
        file::account_id.eq(Some(new.account.as_str())),
        file::name.eq(new.object),
        file::content_type.eq(new.content_type),
        file::size.eq(i64::try_from(new.size).unwrap_or(i64::MAX)),
        file::sha256.eq(new.sha256),
        file::public.eq(true),
        file::state.eq("kept"),
        file::created_at.eq(at),
    );
    diesel::insert_into(file::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// What a public file is, if there is one with this key that belongs to this company and object.
pub fn public(tx: &mut Tx<'_>, key: &str, account: &str, object: &str) -> Result<Option<String>> {
    Ok(file::table
        .find(key)
        .filter(file::public.eq(true))
        .filter(file::state.eq("kept"))
        .filter(file::account_id.eq(account))
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
