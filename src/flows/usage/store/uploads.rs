//! The uploads of a file. None is ever removed: that a workbook was sent, and what came of it, can be looked up. Only the
//! present workbook itself is kept.

use diesel::prelude::*;

use crate::db::schema::usage_upload;
use crate::db::{Result, Tx};
use crate::flows::usage::model::Figures;
use crate::kit::column::Doc;
use crate::kit::{NamedRef, Time, UsageFileId};

/// One upload of a file.
#[derive(Debug, Clone, Queryable)]
pub struct Upload {
    /// Its number, from 1.
    pub generation: i32,
    /// What the workbook is kept under.
    pub file_key: String,
    /// What the vendor called it.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Who sent it.
    pub uploaded_by: Option<Doc<NamedRef>>,
    /// What the processed file is kept under, once it was built.
    pub processed_key: Option<String>,
    /// Rows in it.
    pub uploaded: i64,
    /// Rows without a fault.
    pub valid: i64,
    /// Rows with a fault.
    pub invalid: i64,
    /// When it came.
    pub created_at: Time,
}

/// Writes a new upload.
pub fn insert_upload(tx: &mut Tx<'_>, file: &UsageFileId, new: &Upload) -> Result<()> {
    let row = (
        usage_upload::file_id.eq(file),
        usage_upload::generation.eq(new.generation),
        usage_upload::file_key.eq(&new.file_key),
        usage_upload::name.eq(&new.name),
        usage_upload::size.eq(new.size),
        usage_upload::sha256.eq(&new.sha256),
        usage_upload::uploaded_by.eq(&new.uploaded_by),
        usage_upload::processed_key.eq(&new.processed_key),
        usage_upload::uploaded.eq(new.uploaded),
        usage_upload::valid.eq(new.valid),
        usage_upload::invalid.eq(new.invalid),
        usage_upload::created_at.eq(new.created_at),
    );
    diesel::insert_into(usage_upload::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// All uploads of a file, newest first, at most `limit`.
pub fn uploads(tx: &mut Tx<'_>, file: &UsageFileId, limit: i64) -> Result<Vec<Upload>> {
    Ok(usage_upload::table
        .filter(usage_upload::file_id.eq(file))
        .order(usage_upload::generation.desc())
        .limit(limit)
        .select(COLUMNS)
        .load(tx.conn())?)
}

/// One upload of a file.
pub fn upload(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32) -> Result<Option<Upload>> {
    Ok(usage_upload::table.find((file, generation)).select(COLUMNS).first(tx.conn()).optional()?)
}

/// Notes what came of an upload.
pub fn set_result(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32, figures: Figures) -> Result<()> {
    diesel::update(usage_upload::table.find((file, generation)))
        .set((
            usage_upload::uploaded.eq(figures.uploaded),
            usage_upload::valid.eq(figures.valid),
            usage_upload::invalid.eq(figures.invalid),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes the processed file of an upload.
pub fn set_processed(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32, key: &str) -> Result<()> {
    diesel::update(usage_upload::table.find((file, generation)))
        .set(usage_upload::processed_key.eq(Some(key)))
        .execute(tx.conn())?;
    Ok(())
}

type Columns = (
    usage_upload::generation,
    usage_upload::file_key,
    usage_upload::name,
    usage_upload::size,
    usage_upload::sha256,
    usage_upload::uploaded_by,
    usage_upload::processed_key,
    usage_upload::uploaded,
    usage_upload::valid,
    usage_upload::invalid,
    usage_upload::created_at,
);

const COLUMNS: Columns = (
    usage_upload::generation,
    usage_upload::file_key,
    usage_upload::name,
    usage_upload::size,
    usage_upload::sha256,
    usage_upload::uploaded_by,
    usage_upload::processed_key,
    usage_upload::uploaded,
    usage_upload::valid,
    usage_upload::invalid,
    usage_upload::created_at,
);
