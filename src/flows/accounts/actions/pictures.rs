//! Pictures: checked and kept before the action that names them, thrown away if it does not happen.

use crate::db::file::{self, PublicFile};
use crate::db::{Db, Result, Tx};
use crate::journal::Change;
use crate::kit::{Refusal, Text};
use crate::outside::files::{Content, FileKey, Files, ImageLimits, Staged, inspect_image};

/// A picture that is kept and not named by anything yet.
#[derive(Debug, Clone)]
pub struct Picture {
    key: FileKey,
    content: Content,
    size: u64,
    sha256: String,
}

/// What becomes of the picture that stands for a company or a person.
#[derive(Debug, Clone, Copy)]
pub enum Icon<'a> {
    /// It stays.
    Keep,
    /// It is taken away.
    Remove,
    /// This one takes its place.
    New(&'a Picture),
}

impl<'a> Icon<'a> {
    /// What a form says: the picture in its field `icon`, or the wish to have none.
    ///
    /// # Errors
    /// Neither was given.
    pub fn chosen(picture: Option<&'a Picture>, remove: bool) -> std::result::Result<Self, Refusal> {
        let text = "A picture is needed. Send a PNG, JPEG, GIF or WebP file.";
        match picture {
            Some(picture) => Ok(Self::New(picture)),
            None if remove => Ok(Self::Remove),
            None => Err(Refusal::field("icon", Text::new(text))),
        }
    }

    /// What the journal says about it, where `old` is the address of the one there is.
    pub fn change(self, label: &'static str, old: Option<&str>) -> Option<Change> {
        match (self, old) {
            (Self::New(_), None) => Change::word(label, "", "added"),
            (Self::New(_), Some(_)) => Change::word(label, "", "replaced"),
            (Self::Remove, Some(_)) => Change::word(label, "", "removed"),
            _ => None,
        }
    }

    /// Notes the new file and drops the `old` one; gives the address to keep, if it changes.
    pub fn put(self, tx: &mut Tx<'_>, owner: &str, old: Option<&str>) -> Result<Option<Option<String>>> {
        let new = match self {
            Self::Keep => return Ok(None),
            Self::Remove => None,
            Self::New(picture) => Some(format!("/media/{owner}/media/{}", name_picture(tx, owner, owner, picture)?)),
        };
        if let Some(path) = old {
            drop_picture(tx, path)?;
        }
        Ok(Some(new))
    }
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

/// Notes a picture as one of an object of a company, or of a person; gives the name of its file, `KEY.png`.
pub fn name_picture(tx: &mut Tx<'_>, owner: &str, object: &str, picture: &Picture) -> Result<String> {
    let new = PublicFile {
        key: picture.key.as_str(),
        owner,
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
