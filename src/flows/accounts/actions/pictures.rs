//! Pictures that stand for companies, people and products.

use super::uploads::{Upload, keep_upload};
use crate::db::file;
use crate::db::{Result, Tx};
use crate::journal::Change;
use crate::kit::{Refusal, Text};
use crate::outside::files::{Files, ImageLimits, Staged, inspect_image};

/// What becomes of the picture that stands for a company or a person.
#[derive(Debug, Clone, Copy)]
pub enum Icon<'a> {
    /// It stays.
    Keep,
    /// It is taken away.
    Remove,
    /// This one takes its place.
    New(&'a Upload),
}

impl<'a> Icon<'a> {
    /// What a form says: the picture in its field `icon`, or the wish to have none.
    ///
    /// # Errors
    /// Neither was given.
    pub fn chosen(picture: Option<&'a Upload>, remove: bool) -> std::result::Result<Self, Refusal> {
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
pub fn keep_picture(files: &Files, field: &str, staged: &Staged) -> std::result::Result<Upload, Refusal> {
    keep_upload(files, field, staged, |file| {
        let limits = ImageLimits { bytes: MAX_PICTURE, ..ImageLimits::default() };
        inspect_image(file, &limits).map(|info| info.content).map_err(|e| e.text())
    })
}

/// Notes a picture as one of an object of a company, or of a person; gives the name of its file, `KEY.png`.
pub fn name_picture(tx: &mut Tx<'_>, owner: &str, object: &str, picture: &Upload) -> Result<String> {
    file::put_public(tx, &picture.named(owner, object))?;
    Ok(format!("{}{}", picture.key(), picture.content().extension()))
}

/// Drops the file behind the address of a picture that was replaced or taken away.
pub fn drop_picture(tx: &mut Tx<'_>, path: &str) -> Result<()> {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.split_once('.') {
        Some((key, _)) => file::drop_kept(tx, &[key]),
        None => Ok(()),
    }
}
