//! Usage files with their workbooks, their categories and records.

use super::{Attached, Kind, Reading};
use crate::db::Result;
use crate::flows::usage::actions::{self as usage, USAGE_CATEGORIES, USAGE_FILES, USAGE_RECORDS, XLSX};
use crate::flows::usage::api::wire::{UsageCategory, UsageFile, UsageRecord};
use crate::flows::usage::model::FileStatus;
use crate::flows::usage::store::{self, File};

/// As the API's list: deleted files are not there.
const LIVE: &[(&str, &str)] = &[("live", "yes")];

pub(super) const KINDS: &[Kind] = &[
    Kind { name: "usage_files", about: "Usage files; their workbooks are attached", read: files },
    Kind { name: "usage_categories", about: "Categories of usage files", read: categories },
    Kind { name: "usage_records", about: "Records of usage files", read: records },
];

/// Does something with every file, one after the other.
fn each_file(r: &mut Reading<'_, '_>, mut work: impl FnMut(&mut Reading<'_, '_>, File) -> Result<()>) -> Result<()> {
    r.each(&USAGE_FILES, LIVE, |r, ids| {
        for id in ids {
            let (file, _) = usage::find(r.tx, r.actor, id)?;
            work(r, file)?;
        }
        Ok(())
    })
}

fn files(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&USAGE_FILES, LIVE, &[], |tx, actor, ids| {
        Ok(usage::file_views(tx, actor, ids)?.iter().map(UsageFile::of).collect())
    })?;
    each_file(r, workbooks)
}

/// The workbook as the vendor sent it, and the one with what was found: what the reader's side can download.
fn workbooks(r: &mut Reading<'_, '_>, file: File) -> Result<()> {
    if file.generation == 0 || file.status == FileStatus::Deleted {
        return Ok(());
    }
    let Some(upload) = store::upload(r.tx, &file.id, file.generation)? else { return Ok(()) };
    let named = [(Some(upload.file_key), ""), (upload.processed_key, "-PROCESSED")];
    for (key, word) in named.into_iter().filter_map(|(key, word)| Some((key?, word))) {
        r.attach(&Attached {
            path: format!("files/usage/{id}/{id}{word}.xlsx", id = file.id),
            object: file.id.to_string(),
            url: None,
            content_type: XLSX.to_owned(),
            key,
        })?;
    }
    Ok(())
}

fn categories(r: &mut Reading<'_, '_>) -> Result<()> {
    each_file(r, |r, file| {
        let (id, generation) = (file.id.to_string(), file.visible.to_string());
        let conditions = [("file", id.as_str()), ("generation", generation.as_str())];
        r.list(&USAGE_CATEGORIES, &conditions, &[("usage_file", &id)], |tx, _, ids| {
            Ok(usage::category_rows(tx, &file, ids)?.into_iter().map(UsageCategory::from).collect())
        })
    })
}

fn records(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&USAGE_RECORDS, &[], &[], |tx, _, ids| {
        Ok(usage::record_views(tx, ids)?.into_iter().map(UsageRecord::from).collect())
    })
}
