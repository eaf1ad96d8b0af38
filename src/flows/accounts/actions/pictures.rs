//! Pictures: checked and kept before the action that names them, thrown away if it does not happen.

use crate::db::file::{self, PublicFile};
use crate::db::{Db, Result, Tx};
use crate::kit::{AccountId, Refusal};
use crate::outside::files::{Content, FileKey, Files, ImageLimits, Staged, inspect_image};

/// A picture that is kept and not named by anything yet.
#[derive(Debug, Clone)]
pub struct Picture {
    key: FileKey,
    content: Content,
    size: u64,
    sha256: String,
}

/// Most bytes of a picture.
pub const MAX_PICTURE: u64 = 5 << 20;

/// Looks at an upload and keeps it. Blocks. An upload that is no picture is deleted.
pub fn keep_picture(files: &Files, field: &str, staged: &Staged) -> std::result::Result<Picture, Refusal> {
    let seen = files.local(&staged.key).map_err(|e| Refusal::field(field, e.text())).and_then(|local| {
        let file = std::fs::File::open(local.path())
            .map_err(|e| Refusal::field(field, crate::outside::files::FilesError::Io(e).text()))?;
        let limits = ImageLimits { bytes: MAX_PICTURE, ..ImageLimits::default() };
        inspect_image(file, &limits).map_err(|e| Refusal::field(field, e.text()))
    });
    let kept = seen.and_then(|info| {
        files.keep(&staged.key).map_err(|e| Refusal::field(field, e.text()))?;
        Ok(Picture { key: staged.key.clone(), content: info.content, size: staged.size, sha256: staged.sha256.clone() })
    });
    if kept.is_err() {
        throw_away(files, &staged.key);
    }
    kept
}

/// Throws a picture away unless a row names it by now: the action was refused, or was a repetition of one that is done.
/// It never fails: the call has its answer already, and what is left over is taken by the next sweep.
pub fn settle_picture(db: &Db, files: &Files, picture: &Picture) {
    match db.read(|tx| file::is_known(tx, picture.key.as_str())) {
        Ok(true) => {}
        Ok(false) => throw_away(files, &picture.key),
        Err(e) => tracing::warn!(error = %e, "whether an upload is needed could not be read; the next sweep finds out"),
    }
}

fn throw_away(files: &Files, key: &FileKey) {
    if let Err(e) = files.delete(key) {
        tracing::warn!(error = %e, "an upload that is not needed could not be deleted; the next sweep takes it");
    }
}

/// Notes a picture as one of an object of a company; gives the name of its file, `KEY.png`.
pub fn name_picture(tx: &mut Tx<'_>, account: &AccountId, object: &str, picture: &Picture) -> Result<String> {
    let new = PublicFile {
        key: picture.key.as_str(),
        account,
        object,
        content_type: picture.content.serving().content_type,
        size: picture.size,
        sha256: &picture.sha256,
    };
    file::put_public(tx, &new)?;
    Ok(format!("{}{}", picture.key.as_str(), picture.content.extension()))
}

/// Drops the file behind the address of a picture that was replaced or taken away.
pub fn drop_picture(tx: &mut Tx<'_>, path: &str) -> Result<()> {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.split_once('.') {
        Some((key, _)) => file::drop_kept(tx, &[key]),
        None => Ok(()),
    }
}
