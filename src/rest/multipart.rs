//! Bodies in parts: fields, and files that stream to the file store while they come.
//!
//! Tolerant of what real clients send: part headers that are no MIME types, whole paths as file names, parts nobody asked
//! for. Strict about size. Used by endpoints and by pages with files.

use std::fs::File;
use std::io::Write;

use actix_multipart::{Field, Multipart};
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{self, Bytes};
use futures_util::StreamExt;
use tempfile::NamedTempFile;

use crate::kit::{Refusal, Text};
use crate::outside::files::{Files, FilesError, Staged};

/// Most parts of a body.
const MAX_PARTS: usize = 200;
/// Largest sum of the fields that are not files, in bytes.
const MAX_FIELDS: usize = 4 * 1024 * 1024;
/// How much of a file is written to disk at once.
const PIECE: usize = 256 * 1024;

/// A body that was read.
#[derive(Debug, Default)]
pub struct Parts {
    /// Fields in the order of the body: name and bytes.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The files that were asked for.
    pub files: Vec<FilePart>,
}

/// A file of a body; it is staged, and removed by the sweep if nobody keeps it.
#[derive(Debug)]
pub struct FilePart {
    /// The part's name.
    pub name: String,
    /// What the sender calls the file; perhaps a whole path, perhaps nothing.
    pub file_name: String,
    /// Where it is.
    pub staged: Staged,
}

impl Parts {
    /// A field as text; none if absent or not UTF-8.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).and_then(|(_, bytes)| std::str::from_utf8(bytes).ok())
    }

    /// The file of one of these names.
    pub fn file(&self, names: &[&str]) -> Option<&FilePart> {
        names.iter().find_map(|name| self.files.iter().find(|f| f.name == *name))
    }
}

/// Reads a body in parts. Parts named in `wanted` are files, each of at most `limit` bytes; other parts with a file name
/// are passed over, the rest are fields.
///
/// # Errors
/// A refusal that says what is wrong with the body: not in parts, broken off, too large.
pub async fn read(
    headers: &HeaderMap,
    payload: web::Payload,
    files: &Files,
    wanted: &[&str],
    limit: u64,
) -> Result<Parts, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        let text = Text::new("The body is {kind}; multipart/form-data is needed, with a part {wanted}.");
        let kind = if kind.is_empty() { "of no type" } else { kind };
        return Err(Refusal::field("body", text.arg("kind", kind).arg("wanted", wanted.join(" or "))));
    }
    let mut body = Multipart::new(headers, payload);
    let mut parts = Parts::default();
    let (mut count, mut room) = (0, MAX_FIELDS);
    while let Some(field) = body.next().await {
        let mut field = field.map_err(|e| broken(&e))?;
        count += 1;
        if count > MAX_PARTS {
            return Err(Refusal::field(
                "body",
                Text::new("The body has more than {max} parts. Send fewer.").arg("max", MAX_PARTS),
            ));
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field
            .content_disposition()
            .and_then(|d| d.get_filename().or_else(|| d.get_filename_ext().map(|_| "")))
            .map(str::to_owned);
        if wanted.contains(&name.as_str()) {
            let staged = stage(&mut field, files, &name, limit).await?;
            parts.files.push(FilePart { name, file_name: file_name.unwrap_or_default(), staged });
        } else if file_name.is_some() {
            while let Some(piece) = field.next().await {
                piece.map_err(|e| broken(&e))?;
            }
        } else {
            let mut bytes = vec![];
            while let Some(piece) = field.next().await {
                let piece = piece.map_err(|e| broken(&e))?;
                room = room.checked_sub(piece.len()).ok_or_else(|| {
                    Refusal::too_large(
                        Text::new("The fields of the body have more than {max:number} bytes. Shorten them.")
                            .arg("max", MAX_FIELDS),
                    )
                })?;
                bytes.extend_from_slice(&piece);
            }
            parts.fields.push((name, bytes));
        }
    }
    Ok(parts)
}

fn broken(error: &actix_multipart::MultipartError) -> Refusal {
    Refusal::field(
        "body",
        Text::new("The body could not be read to its end: {cause}. Send it again.").arg("cause", error),
    )
}

async fn stage(field: &mut Field, files: &Files, name: &str, limit: u64) -> Result<Staged, Refusal> {
    let mut to = files.temp_file().map_err(|e| refused(name, &e))?;
    let (mut waiting, mut size): (Vec<Bytes>, u64) = (vec![], 0);
    let mut held = 0;
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|e| broken(&e))?;
        size += piece.len() as u64;
        held += piece.len();
        if size > limit {
            return Err(refused(name, &FilesError::TooLarge(limit)));
        }
        waiting.push(piece);
        if held >= PIECE {
            to = write(to, std::mem::take(&mut waiting), name).await?;
            held = 0;
        }
    }
    to = write(to, waiting, name).await?;
    let store = files.clone();
    let staged = web::block(move || store.stage_file(to, limit)).await.map_err(|_| stopped(name))?;
    staged.map_err(|e| refused(name, &e))
}

async fn write(mut to: NamedTempFile, pieces: Vec<Bytes>, name: &str) -> Result<NamedTempFile, Refusal> {
    let written = web::block(move || {
        let file: &mut File = to.as_file_mut();
        pieces.iter().try_for_each(|piece| file.write_all(piece))?;
        Ok::<_, std::io::Error>(to)
    });
    written.await.map_err(|_| stopped(name))?.map_err(|e| refused(name, &FilesError::Io(e)))
}

fn refused(name: &str, error: &FilesError) -> Refusal {
    match error {
        FilesError::TooLarge(_) => {
            let mut refusal = Refusal::too_large(error.text());
            if let Some(problem) = refusal.problems.first_mut() {
                name.clone_into(&mut problem.field);
            }
            refusal
        }
        _ => Refusal::field(name, error.text()),
    }
}

fn stopped(name: &str) -> Refusal {
    Refusal::field(name, Text::new("The file was not taken in because the server is stopping. Send it again."))
}
