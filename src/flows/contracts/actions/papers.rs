//! Documents of agreements that are uploaded.

use std::io::Read;

use super::super::model::{Agreement, GoodDocument, Paper};
use super::super::store;
use crate::db::file::{self, NewFile};
use crate::db::{Result, Tx};
use crate::flows::accounts::actions::{Upload, keep_upload};
use crate::kit::{AccountId, Actor, AgreementId, Refusal, Text};
use crate::outside::files::{Content, Files, FilesError, Staged};

/// Most bytes of an uploaded document.
pub const MAX_PAPER: u64 = 20 << 20;
/// Longest name of an uploaded document, in characters.
const MAX_NAME: usize = 120;

/// Looks at an upload and keeps it if it is a PDF. Blocks. What is none is deleted.
pub fn keep_paper(
    files: &Files,
    field: &str,
    staged: &Staged,
    name: &str,
) -> std::result::Result<(Upload, Paper), Refusal> {
    let kept = keep_upload(files, field, staged, |mut file| {
        let mut start = vec![];
        file.by_ref().take(1024).read_to_end(&mut start).map_err(|e| FilesError::Io(e).text())?;
        match Content::of(&start) {
            Content::Pdf => Ok(Content::Pdf),
            _ => Err(Text::new("This file is no PDF. Save the agreement as a PDF and send that.")),
        }
    })?;
    let paper =
        Paper { key: kept.key().to_owned(), name: called(name), size: kept.size(), sha256: kept.sha256().to_owned() };
    Ok((kept, paper))
}

/// What a document is called: the last part of what its sender calls it, with the ending that it has.
fn called(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let plain: String = last.chars().filter(|c| !c.is_control() && !matches!(c, '"' | ';')).take(MAX_NAME).collect();
    let stem = plain.strip_suffix(".pdf").or_else(|| plain.strip_suffix(".PDF")).unwrap_or(&plain).trim();
    format!("{}.pdf", if stem.is_empty() { "agreement" } else { stem })
}

/// Notes the file of a new version's document, if it has one.
pub(super) fn put_paper(tx: &mut Tx<'_>, owner: &AccountId, id: &AgreementId, document: &GoodDocument) -> Result<()> {
    let Some(paper) = &document.file else { return Ok(()) };
    let new = NewFile {
        key: &paper.key,
        owner: owner.as_str(),
        object: id.as_str(),
        content_type: Content::Pdf.serving().content_type,
        size: paper.size,
        sha256: &paper.sha256,
    };
    file::put_private(tx, &new)
}

/// The text of an older version of an agreement that was just shown, to compare a version with: the one that is asked for,
/// else the newest before it. Nothing if there is none.
pub fn older_document(
    tx: &mut Tx<'_>,
    agreement: &Agreement,
    number: i32,
    since: Option<i32>,
) -> Result<Option<(i32, GoodDocument)>> {
    let before = match since {
        Some(since) => Some(since).filter(|since| *since != number),
        None => store::version_before(tx, &agreement.id, number)?,
    };
    match before {
        Some(before) => Ok(store::document(tx, &agreement.id, before)?.map(|document| (before, document))),
        None => Ok(None),
    }
}

/// Drops the uploaded documents of an agreement, or of one version of it, that is about to be deleted.
pub(super) fn drop_papers(tx: &mut Tx<'_>, actor: &Actor, id: &AgreementId, number: Option<i32>) -> Result<()> {
    let keys = store::paper_keys(tx, actor, id, number)?;
    file::drop_kept(tx, &keys.iter().map(String::as_str).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn a_document_is_called_by_the_last_part_of_its_name() {
        for (given, want) in [
            ("terms.pdf", "terms.pdf"),
            ("C:\\Users\\me\\Terms 2.PDF", "Terms 2.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("", "agreement.pdf"),
            (".pdf", "agreement.pdf"),
            ("a\"b;c\r\nd.pdf", "abcd.pdf"),
        ] {
            assert_eq!(called(given), want, "{given}");
        }
        assert_eq!(called(&"x".repeat(500)).chars().count(), 124);
    }
}
