//! Building the processed file of an upload.

use serde_json::json;

use super::{limits, local, ours, subject};
use crate::flows::usage::model::FileStatus;
use crate::flows::usage::store::{self, File, Kept};
use crate::flows::usage::workbooks::processed;
use crate::jobs::{Failed, Work};
use crate::kit::Text;
use crate::outside::files::{FileKey, FilesError};
use crate::outside::sheets::SheetError;

/// Largest processed file in bytes: it has more columns than the upload.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// Builds the processed file of an upload and keeps it; the one before it is deleted.
pub fn run(work: &Work) -> Result<(), Failed> {
    let (id, generation) = subject(work)?;
    let services = work.services();
    let found = services.db.read(|tx| {
        let Some(file) = store::find(tx, id)?.filter(|f| is_present(f, generation)) else { return Ok(None) };
        let upload = store::upload(tx, &file.id, generation)?;
        let refs = store::refs(tx, &[id])?.remove(id);
        Ok(upload.zip(refs).map(|(upload, refs)| (file, upload, refs)))
    })?;
    let Some((file, upload, refs)) = found else { return Ok(()) };
    let source = local(work, &upload.file_key)?;
    let written = services.files.temp_file().map_err(store_failed)?;
    let progress = |done: u32| -> Result<(), Failed> {
        Ok(services
            .db
            .write_bulk(|tx| work.checkpoint(tx, json!(null), i64::from(done), Some(file.figures.uploaded)))?)
    };
    let about = processed::About { file: &file, refs: &refs, generation };
    processed::write(
        &services.db,
        &about,
        source.path(),
        limits(work),
        services.files.temp_folder(),
        written.path(),
        &progress,
    )
    .map_err(|e| match e {
        processed::Stop::Sheet(error) => sheet_failed(&error),
        processed::Stop::Job(failed) => failed,
    })?;
    let staged = services.files.stage_file(written, MAX_BYTES).map_err(store_failed)?;
    services.files.keep(&staged.key).map_err(store_failed)?;
    crate::crash::point("usage.build.kept");
    let kept = Kept {
        key: staged.key.to_string(),
        name: format!("{id}-PROCESSED.xlsx"),
        content_type: super::super::actions::XLSX.to_owned(),
        size: i64::try_from(staged.size).unwrap_or(i64::MAX),
        sha256: staged.sha256.clone(),
    };
    let old = services.db.write(|tx| {
        if !store::lock(tx, id)?.is_some_and(|f| is_present(&f, generation)) {
            return Ok(Some(kept.key.clone()));
        }
        let now = store::upload(tx, &file.id, generation)?.and_then(|u| u.processed_key);
        store::insert_kept(tx, &file.vendor, &kept)?;
        store::set_processed(tx, &file.id, generation, &kept.key)?;
        if let Some(old) = &now {
            store::forget_kept(tx, old)?;
        }
        work.checkpoint(tx, json!(null), file.figures.uploaded, Some(file.figures.uploaded))?;
        crate::crash::point("usage.build.before-commit");
        Ok(now)
    })?;
    if let Some(key) = old.and_then(|old| old.parse::<FileKey>().ok()) {
        // Whatever stays behind is found by the cleaning of files without a row.
        let _ = services.files.delete(&key);
    }
    Ok(())
}

/// Whether this upload is still the present one of a file that is there.
fn is_present(file: &File, generation: i32) -> bool {
    file.generation == generation && file.status != FileStatus::Deleted
}

fn store_failed(error: FilesError) -> Failed {
    Failed::ForNow(error.text().to_string())
}

/// An upload that cannot be read has been told to its sender already; its processed file says so without rows.
fn sheet_failed(error: &SheetError) -> Failed {
    if error.is_senders_fault() { Failed::ForGood(Text::data(error.to_string()).to_string()) } else { ours(error) }
}
