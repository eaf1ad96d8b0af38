//! Uploads: looked at and kept before the action that names them, thrown away if it does not happen.

use crate::db::file::{self, NewFile};
use crate::db::{Db, Result};
use crate::kit::{Refusal, Text};
use crate::outside::files::{Content, FileKey, Files, FilesError, Staged};

/// An upload that is kept and not named by anything yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    key: FileKey,
    content: Content,
    size: u64,
    sha256: String,
}

impl Upload {
    /// What it is found by in the store of files.
    pub fn key(&self) -> &str {
        self.key.as_str()
    }

    /// What its bytes are.
    pub fn content(&self) -> Content {
        self.content
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Its SHA-256, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Its row, once `object` of `owner` names it.
    pub fn named<'a>(&'a self, owner: &'a str, object: &'a str) -> NewFile<'a> {
        NewFile {
            key: self.key(),
            owner,
            object,
            content_type: self.content.serving().content_type,
            size: self.size,
            sha256: &self.sha256,
        }
    }
}

/// Keeps an upload if `look` finds that it is what is wanted; it says what it is, or why it is refused. Blocks. What is
/// refused is deleted.
pub fn keep_upload(
    files: &Files,
    field: &str,
    staged: &Staged,
    look: impl FnOnce(std::fs::File) -> std::result::Result<Content, Text>,
) -> std::result::Result<Upload, Refusal> {
    let refused = |text: Text| Refusal::field(field, text);
    let kept = files.local(&staged.key).map_err(|e| refused(e.text())).and_then(|local| {
        let file = std::fs::File::open(local.path()).map_err(|e| refused(FilesError::Io(e).text()))?;
        let content = look(file).map_err(refused)?;
        files.keep(&staged.key).map_err(|e| refused(e.text()))?;
        Ok(Upload { key: staged.key.clone(), content, size: staged.size, sha256: staged.sha256.clone() })
    });
    if kept.is_err() {
        throw_away(files, &staged.key);
    }
    kept
}

/// Throws an upload away unless a row names it by now: the action was refused, or was a repetition of one that is done.
/// It never fails: the call has its answer already, and what is left over is taken by the next sweep.
pub fn settle_upload(db: &Db, files: &Files, upload: &Upload) {
    let known: Result<bool> = db.read(|tx| file::is_known(tx, upload.key()));
    match known {
        Ok(true) => {}
        Ok(false) => throw_away(files, &upload.key),
        Err(e) => tracing::warn!(error = %e, "whether an upload is needed could not be read; the next sweep finds out"),
    }
}

fn throw_away(files: &Files, key: &FileKey) {
    if let Err(e) = files.delete(key) {
        tracing::warn!(error = %e, "an upload that is not needed could not be deleted; the next sweep takes it");
    }
}
