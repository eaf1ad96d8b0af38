//! Reading files, records, problems and totals as a person or program may see them.

use std::collections::HashMap;

use crate::db::{Result, Tx};
use crate::flows::usage::model::{Figures, FileStatus, locate};
use crate::flows::usage::store::{self, CategoryRow, File, Group, Problem, RecordRow, Refs, Total, Upload, Who};
use crate::jobs::{self, Progress};
use crate::kit::{Actor, Level, Module, Refusal, Side};

/// A file with the names of what it mentions, and on which side the reader stands.
#[derive(Debug, Clone)]
pub struct FileView {
    /// The file; what the reader's side may not see is empty.
    pub file: File,
    /// Names.
    pub refs: Refs,
    /// The reader's side.
    pub side: Side,
}

/// A file that the actor may see, without names.
pub fn find(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(File, Side)> {
    actor.need(Module::Usage, Level::Read)?;
    let (file, side) = File::open(tx, actor, id, Who::Reads)?;
    Ok((seen(file, side), side))
}

/// What a side may not see is taken out.
fn seen(mut file: File, side: Side) -> File {
    if file.status == FileStatus::Deleted {
        // Its workbooks go with its rows.
        file.generation = 0;
    }
    if side != Side::Vendor {
        file.note = String::new();
        file.submit_wish = None;
        file.generation = file.visible;
        if !file.status.is_submitted() {
            (file.generation, file.visible, file.figures) = (0, 0, Figures::default());
        }
    }
    file
}

/// One file.
pub fn file(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<FileView> {
    let (file, side) = find(tx, actor, id)?;
    let refs = store::refs(tx, &[file.id.as_str()])?.remove(file.id.as_str());
    let refs = refs.ok_or_else(|| Refusal::not_found("usage file", id))?;
    Ok(FileView { file, refs, side })
}

/// Files that a list has picked for the actor, in the order of the ids.
pub fn file_views(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<FileView>> {
    let own = actor.account()?.clone();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut files: HashMap<String, File> = store::brief(tx, &ids)?.into_iter().map(|f| (f.id.to_string(), f)).collect();
    let mut refs = store::refs(tx, &ids)?;
    let view = |id: &&str| {
        let file = files.remove(*id)?;
        let side = if file.vendor == own { Side::Vendor } else { Side::Distributor };
        Some(FileView { file: seen(file, side), refs: refs.remove(*id)?, side })
    };
    Ok(ids.iter().filter_map(view).collect())
}

/// One record that the actor may see.
pub fn record(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<RecordRow> {
    let absent = || Refusal::not_found("usage record", id);
    let place = locate(id).ok_or_else(absent)?;
    let (file, _) = match find(tx, actor, place.file.as_str()) {
        Err(crate::db::Error::Refused(r)) if r.code == crate::kit::Code::NotFound => return Err(absent().into()),
        other => other?,
    };
    let row = store::records(tx, &[id])?.pop().filter(|r| r.generation == file.visible);
    Ok(row.ok_or_else(absent)?)
}

/// Records that a list has picked for the actor, in the order of the ids.
pub fn record_views(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<RecordRow>> {
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut rows: HashMap<String, RecordRow> =
        store::records(tx, &names)?.into_iter().map(|r| (r.id.clone(), r)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// Categories that a list has picked from a file.
pub fn category_rows(tx: &mut Tx<'_>, file: &File, ids: &[String]) -> Result<Vec<CategoryRow>> {
    let mut rows: HashMap<String, CategoryRow> =
        store::categories(tx, &file.id, file.visible)?.into_iter().map(|c| (c.id.clone(), c)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// How many problems of each kind a page shows.
const EXAMPLES: i64 = 5;

/// What the first tab of a file's page shows.
#[derive(Debug, Clone)]
pub struct Review {
    /// The check of the rows.
    pub progress: Option<Progress>,
    /// The present upload.
    pub upload: Option<Upload>,
    /// Kinds of problems with how many there are, and the first of each.
    pub problems: Vec<(Group, Vec<Problem>)>,
    /// Sums by item, largest first.
    pub items: Vec<Total>,
    /// Sums by subscription, largest first.
    pub subscriptions: Vec<Total>,
}

/// What the first tab of a file's page shows.
pub fn review(tx: &mut Tx<'_>, file: &File) -> Result<Review> {
    let progress = if file.status.is_working() { jobs::progress(tx, super::PROCESS, file.id.as_str())? } else { None };
    let upload = if file.generation > 0 { store::upload(tx, &file.id, file.generation)? } else { None };
    let mut problems = vec![];
    if file.generation > 0 && (file.status.is_working() || file.figures.invalid > 0) {
        for group in store::group_counts(tx, &file.id, file.generation)? {
            let first = store::problems_with(tx, &file.id, file.generation, &group.code, 0, EXAMPLES)?;
            problems.push((group, first));
        }
    }
    let shown = file.visible > 0 && file.figures.valid > 0;
    let items = if shown { store::totals(tx, &file.id, file.visible, 100)? } else { vec![] };
    let subscriptions =
        if shown && file.figures.invalid == 0 { store::leaders(tx, &file.id, file.visible)? } else { vec![] };
    Ok(Review { progress, upload, problems, items, subscriptions })
}

/// Problems that a list has picked from a file, in the order of the keys.
pub fn problem_rows(tx: &mut Tx<'_>, keys: &[String]) -> Result<Vec<Problem>> {
    let mut rows: HashMap<String, Problem> = store::problems_by_keys(tx, keys)?.into_iter().collect();
    Ok(keys.iter().filter_map(|key| rows.remove(key)).collect())
}

/// How many of the actor's files stand where.
pub fn by_status(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(FileStatus, i64)>> {
    actor.need(Module::Usage, Level::Read)?;
    store::by_status(tx, actor)
}

/// The uploads of a file, newest first: all for its vendor; for others the one that was submitted.
pub fn uploads(tx: &mut Tx<'_>, file: &File, side: Side) -> Result<Vec<Upload>> {
    if side == Side::Vendor {
        return store::uploads(tx, &file.id, 100);
    }
    Ok(store::upload(tx, &file.id, file.visible)?.into_iter().collect())
}

/// A file with what the API says of it beyond the list.
#[derive(Debug, Clone)]
pub struct FileDetail {
    /// The file.
    pub view: FileView,
    /// Whether there is a processed file.
    pub processed: bool,
    /// When it was read: links to its workbooks work from now on.
    pub now: crate::kit::Time,
}

/// A file with what the API says of it beyond the list.
pub fn detail(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<FileDetail> {
    let view = file(tx, actor, id)?;
    let upload = if view.file.generation > 0 { store::upload(tx, &view.file.id, view.file.generation)? } else { None };
    Ok(FileDetail { processed: upload.is_some_and(|u| u.processed_key.is_some()), view, now: tx.at() })
}
