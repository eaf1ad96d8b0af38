//! Taking in a workbook.

use serde_json::json;

use super::{KIND, VENDOR, open, stamp};
use crate::db::{Db, Result, Tx, file as kept_files};
use crate::flows::usage::model::{Figures, FileStatus, Verb, Verdicts, next};
use crate::flows::usage::store::{self, File, Kept, Upload, Who};
use crate::jobs::{self, NewJob};
use crate::journal::{self, Entry};
use crate::kit::column::Doc;
use crate::kit::{self, Actor, Amount, Level, Module, Refusal, Text};
use crate::outside::files::{Files, Staged};
use crate::outside::sheets::{Limits, SheetError, Workbook};

/// What a workbook may ask of us.
pub fn sheet_limits(limits: &kit::Limits) -> Limits {
    let rows = u32::try_from(limits.usage_rows).unwrap_or(u32::MAX).saturating_add(1);
    Limits { file_bytes: limits.workbook(), rows, ..Limits::default() }
}

/// The job that checks the rows.
pub const PROCESS: &str = "usage.process";

/// A workbook that came in and is kept; the row that names it is written here.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// What it is found by.
    pub key: String,
    /// What the vendor calls it.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// The type of an Excel workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Looks at a workbook that came in, and keeps it.
///
/// Refuses what is no Excel workbook, and what is too large; everything else is told with the file, where its vendor looks
/// for it.
pub fn take_in(
    files: &Files,
    limits: &kit::Limits,
    staged: &Staged,
    name: &str,
) -> std::result::Result<Incoming, Refusal> {
    let wrong = |text: Text| Refusal::field("usage_file", text);
    let local = files.local(&staged.key).map_err(|e| wrong(e.text()))?;
    let refused = match Workbook::open(local.path(), sheet_limits(limits)) {
        Err(error @ SheetError::NotAWorkbook(_)) => Some(wrong(error.text())),
        Err(error @ SheetError::FileTooLarge(_)) => Some(Refusal::too_large(error.text())),
        _ => None,
    };
    if let Some(refusal) = refused {
        drop(local);
        if let Err(e) = files.delete(&staged.key) {
            tracing::warn!(error = %e, "an upload that was refused could not be deleted; the next sweep takes it");
        }
        return Err(refusal);
    }
    files.keep(&staged.key).map_err(|e| wrong(e.text()))?;
    let Staged { key, size, sha256, .. } = staged;
    Ok(Incoming {
        key: key.to_string(),
        name: name.to_owned(),
        size: i64::try_from(*size).unwrap_or(i64::MAX),
        sha256: sha256.clone(),
    })
}

/// Refuses early what [`upload`] would refuse.
pub fn may_upload(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    actor.need(Module::Usage, Level::Act)?;
    let (file, side) = File::open(tx, actor, id, Who::Reads)?;
    next(id, file.status, Verb::Upload, Some(side))?;
    Ok(())
}

/// Takes in a workbook in place of any former one; a job checks its rows.
pub fn upload(tx: &mut Tx<'_>, actor: &Actor, id: &str, new: &Incoming) -> Result<()> {
    let (mut file, status) = open(tx, actor, id, Verb::Upload, None)?;
    let name: String = file_name(&new.name);
    let kept = Kept {
        key: new.key.clone(),
        name: name.clone(),
        content_type: XLSX.to_owned(),
        size: new.size,
        sha256: new.sha256.clone(),
    };
    kept_files::room(tx, &file.vendor, new.size)?;
    store::insert_kept(tx, &file.vendor, &kept)?;
    stamp(tx, actor, &mut file, "uploaded");
    start(tx, actor, &mut file, status, Source { key: &new.key, name: &name, size: new.size, sha256: &new.sha256 })?;
    let text = Text::new("{workbook} was uploaded").arg("workbook", &name);
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.uploaded", text))?;
    crate::crash::point("usage.upload.before-commit");
    Ok(())
}

/// Throws a kept workbook away unless a row names it by now: the action was refused, or was a repetition of one that is
/// done. It never fails: the call has its answer already, and what is left over is taken by the next sweep.
pub fn settle_upload(db: &Db, files: &Files, new: &Incoming) {
    match db.read(|tx| kept_files::is_known(tx, &new.key)) {
        Ok(true) => {}
        Ok(false) => {
            if let Ok(key) = new.key.parse()
                && let Err(e) = files.delete(&key)
            {
                tracing::warn!(error = %e, "an upload that is not needed could not be deleted; the next sweep takes it");
            }
        }
        Err(e) => tracing::warn!(error = %e, "whether an upload is needed could not be read; the next sweep finds out"),
    }
}

/// Where the rows of an upload come from.
struct Source<'a> {
    key: &'a str,
    name: &'a str,
    size: i64,
    sha256: &'a str,
}

/// Begins a new upload: what was shown goes out of sight, a running check stops, a new one is put into the queue.
fn start(tx: &mut Tx<'_>, actor: &Actor, file: &mut File, status: FileStatus, source: Source<'_>) -> Result<()> {
    jobs::cancel(tx, PROCESS, file.id.as_str())?;
    drop_workbooks(tx, file, Some(source.key))?;
    file.generation += 1;
    file.visible = 0;
    file.figures = Figures::default();
    file.verdicts = Verdicts::default();
    file.subscriptions = 0;
    file.amount_total = Amount::ZERO;
    file.error_detail = None;
    file.submit_wish = None;
    let upload = Upload {
        generation: file.generation,
        file_key: source.key.to_owned(),
        name: source.name.to_owned(),
        size: source.size,
        sha256: source.sha256.to_owned(),
        uploaded_by: actor.by().map(Doc),
        processed_key: None,
        uploaded: 0,
        valid: 0,
        invalid: 0,
        created_at: tx.at(),
    };
    store::insert_upload(tx, &file.id, &upload)?;
    store::move_to(tx, file, status)?;
    let args = json!({ "file": file.id, "generation": file.generation });
    let dedupe = Some(format!("{PROCESS}:{}:{}", file.id, file.generation));
    jobs::enqueue(
        tx,
        NewJob { dedupe, account: Some(&file.vendor), object: Some(file.id.as_str()), ..NewJob::new(PROCESS, args) },
    )?;
    Ok(())
}

/// Drops the workbooks of the present upload, except the one that is used again. Those of earlier ones are dropped already.
pub(super) fn drop_workbooks(tx: &mut Tx<'_>, file: &File, again: Option<&str>) -> Result<()> {
    let Some(now) = store::upload(tx, &file.id, file.generation)? else { return Ok(()) };
    let keys = [Some(now.file_key.as_str()).filter(|key| Some(*key) != again), now.processed_key.as_deref()];
    kept_files::drop_kept(tx, &keys.into_iter().flatten().collect::<Vec<_>>())
}

/// Checks the rows of the present workbook again, because what they are checked against was changed.
pub(super) fn check_again(tx: &mut Tx<'_>, actor: &Actor, file: &mut File) -> Result<()> {
    let Some(now) = store::upload(tx, &file.id, file.generation)? else { return store::save(tx, file) };
    start(
        tx,
        actor,
        file,
        FileStatus::Uploaded,
        Source { key: &now.file_key, name: &now.name, size: now.size, sha256: &now.sha256 },
    )
}

/// Stops the check of the rows.
pub fn cancel(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let (mut file, status) = open(tx, actor, id, Verb::Cancel, None)?;
    jobs::cancel(tx, PROCESS, file.id.as_str())?;
    file.error_detail = Some(Text::new("The check of the rows was stopped. Upload the workbook again."));
    file.submit_wish = None;
    store::move_to(tx, &mut file, status)?;
    let text = Text::new("The check of the rows was stopped");
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.cancelled", text).audience(VENDOR))?;
    Ok(())
}

/// The last part of what may be a whole path, shortened, without control characters.
fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if name.trim().is_empty() { "usage_file.xlsx".to_owned() } else { name.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_path_is_not_a_name() {
        for (given, want) in [
            ("C:\\Users\\me\\May usage.xlsx", "May usage.xlsx"),
            ("/srv/data/../usage.xlsx", "usage.xlsx"),
            ("a\r\nb.xlsx", "ab.xlsx"),
            ("", "usage_file.xlsx"),
            ("/", "usage_file.xlsx"),
        ] {
            assert_eq!(file_name(given), want);
        }
        assert_eq!(file_name(&"x".repeat(500)).len(), 120);
    }
}
