//! Links by which a workbook is fetched without a sign-in: short-lived, and made for one file only.

use crate::db::{Result, Tx};
use crate::flows::products::actions as products;
use crate::flows::usage::model::FileStatus;
use crate::flows::usage::store;
use crate::kit::{Actor, Level, Module, ProductId, Refusal, Secret, Time, UsageFileId};

/// How long a link works, in seconds.
const SECONDS: i64 = 600;

/// What a link gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The workbook as the vendor sent it.
    Uploaded,
    /// The workbook with what was found.
    Processed,
    /// The empty workbook for a product.
    Template,
}

impl What {
    const ALL: [(What, &'static str); 3] =
        [(What::Uploaded, "uploaded"), (What::Processed, "processed"), (What::Template, "template")];

    /// The word in the link.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(what, _)| *what == self).map_or("", |(_, word)| word)
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(what, _)| *what)
    }
}

/// A link that was followed.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it gives.
    pub what: What,
    /// The product, or the upload as [`upload_of`] names it.
    pub object: String,
}

/// What a link to a workbook of a file is for: this upload of it, and no later one.
pub fn upload_of(file: &UsageFileId, generation: i32) -> String {
    format!("{file}.{generation}")
}

/// A path that gives one workbook for ten minutes. Whoever makes it has checked that the reader may have it.
pub fn file_link(secret: &str, now: Time, what: What, object: &str) -> String {
    let until = now.plus_seconds(SECONDS).0 / 1_000_000;
    format!("/downloads/usage/{}/{object}/{until}/{}", what.word(), signature(secret, what, object, until).reveal())
}

fn signature(secret: &str, what: What, object: &str, until: i64) -> Secret {
    Secret::derived(secret, "usage download", &format!("{} {object}", what.word()), &until.to_string())
}

/// Checks a link that somebody follows.
pub fn open_link(secret: &str, now: Time, what: &str, object: &str, until: &str, signed: &str) -> Result<Link> {
    let dead = || Refusal::not_found("download", object);
    let what = What::parse(what).ok_or_else(dead)?;
    let until: i64 = until.parse().map_err(|_| dead())?;
    let right = signature(secret, what, object, until).hash() == Secret::presented(signed).hash();
    if !right || until < now.0 / 1_000_000 {
        return Err(dead().into());
    }
    Ok(Link { what, object: object.to_owned() })
}

/// The link to the template of a product of the actor's; the id of one of its usage files will do as well.
pub fn template_link(tx: &mut Tx<'_>, actor: &Actor, secret: &str, id: &str) -> Result<String> {
    let seat = actor.need(Module::Usage, Level::Read)?;
    let absent = || Refusal::not_found("product", id);
    let product = match UsageFileId::parse(id) {
        Some(file) => super::reading::find(tx, actor, file.as_str())?.0.product,
        None => ProductId::parse(id).ok_or_else(absent)?,
    };
    let definition = products::definition(tx, &product)?.ok_or_else(absent)?;
    if definition.owner != seat.account && UsageFileId::parse(id).is_none() {
        return Err(absent().into());
    }
    Ok(file_link(secret, tx.at(), What::Template, product.as_str()))
}

/// A kept workbook that is to be sent.
#[derive(Debug, Clone)]
pub struct Download {
    /// What it is found by.
    pub key: String,
    /// What it is called.
    pub name: String,
}

/// The workbook that a link to a file gives; the link was checked.
pub fn download(tx: &mut Tx<'_>, link: &Link) -> Result<Download> {
    let absent = || Refusal::not_found("download", &link.object);
    let (file, generation) = link.object.split_once('.').ok_or_else(absent)?;
    let generation = generation.parse().map_err(|_| absent())?;
    let file = store::find(tx, file)?.filter(|f| f.status != FileStatus::Deleted).ok_or_else(absent)?;
    let upload = store::upload(tx, &file.id, generation)?.ok_or_else(absent)?;
    let (key, name) = match link.what {
        What::Uploaded => (Some(upload.file_key), format!("{}.xlsx", file.id)),
        What::Processed => (upload.processed_key, format!("{}-PROCESSED.xlsx", file.id)),
        What::Template => (None, String::new()),
    };
    // What was replaced is gone a little later.
    let kept = store::kept(tx, &key.ok_or_else(absent)?)?.ok_or_else(absent)?;
    Ok(Download { key: kept.key, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_for_one_thing_and_one_while() {
        let now = Time::parse("2026-05-01").unwrap();
        let path = file_link("secret", now, What::Processed, "UF-2026-05-1234-5678");
        let parts: Vec<&str> = path.split('/').collect();
        let [_, _, _, what, object, until, signed] = parts.as_slice() else { panic!("{path}") };
        let open = |secret: &str, at: Time, what: &str, object: &str, until: &str| {
            open_link(secret, at, what, object, until, signed).is_ok()
        };
        assert!(open("secret", now, what, object, until));
        assert!(open("secret", now.plus_seconds(600), what, object, until));
        assert!(!open("secret", now.plus_seconds(601), what, object, until));
        assert!(!open("other", now, what, object, until));
        assert!(!open("secret", now, "uploaded", object, until));
        assert!(!open("secret", now, what, "UF-2026-05-1234-5679", until));
        assert!(!open("secret", now, what, object, &(until.parse::<i64>().unwrap() + 1).to_string()));
        assert!(!open("secret", now, "nothing", object, until));
    }
}
