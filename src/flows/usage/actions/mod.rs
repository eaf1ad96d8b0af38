//! What people do with usage files and records.

mod closing;
mod deciding;
mod downloads;
mod files;
mod items;
mod outcome;
mod reading;
mod review;
mod upload;

pub use closing::{
    CLOSE, CloseWish, Closed, MAX_RECORDS, close_all, close_file, close_record, close_records, finish_closing,
};
pub use deciding::decide_record;
pub use downloads::{Download, Link, What, download, file_link, open_link, template_link, upload_of};
pub use files::{CLEAR, Change, NewFile, check_new, create, delete, edit, offers, products_to_report};
pub use outcome::{Begun, Outcome, begin, fail, pass};
pub use reading::{
    FileDetail, FileView, Review, by_status, category_rows, detail, file, file_views, find, problem_rows, record,
    record_views, review, uploads,
};
pub use review::{BUILD, LINK, accept, reject, reprocess, submit};
pub use upload::{Incoming, PROCESS, XLSX, cancel, may_upload, settle_upload, sheet_limits, take_in, upload};

// What pages and the API show comes in these forms.
pub use super::store::{
    CategoryRow, FILE_RECORDS, File, Group, Offer, Problem, RecordRow, Refs, Total, USAGE_CATEGORIES, USAGE_FILES,
    USAGE_PROBLEMS, USAGE_RECORDS, Upload,
};

use crate::db::{Result, Tx};
use crate::flows::usage::model::{FileStatus, Verb, next};
use crate::flows::usage::store::{self, Who};
use crate::journal::{self, Audience};
use crate::kit::{Actor, Level, Module, Refusal, Side};

/// The kind of object in the journal and in the party rows.
pub const KIND: &str = "usage_file";
/// Entries of the journal that only the vendor reads: what happens before a file is submitted.
const VENDOR: Audience = Audience::Sides(&[Side::Vendor]);

/// Opens a file that is to be changed by a verb, and gives the status that it leads to. `revision` is what the person had
/// before them.
fn open(tx: &mut Tx<'_>, actor: &Actor, id: &str, verb: Verb, revision: Option<i64>) -> Result<(File, FileStatus)> {
    let level = if verb == Verb::Delete { Level::Manage } else { Level::Act };
    actor.need(Module::Usage, level)?;
    let (file, side) = File::open(tx, actor, id, Who::Changes)?;
    journal::unchanged(tx, actor, (KIND, id), "usage file", (revision, file.revision))?;
    let status = next(id, file.status, verb, Some(side))?;
    Ok((file, status))
}

/// Notes that something happened to a file now.
fn stamp(tx: &Tx<'_>, actor: &Actor, file: &mut File, what: &str) {
    file.events.stamp(what, tx.at(), actor.by());
}

/// A file by its id, whoever asks. For jobs.
fn wanted(tx: &mut Tx<'_>, id: &str) -> Result<File> {
    store::lock(tx, id)?.ok_or_else(|| Refusal::not_found("usage file", id).into())
}
