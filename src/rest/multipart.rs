//! Bodies in parts: fields, and files that stream to the file store while they come.
//!
//! Tolerant of what real clients send: part headers that are no MIME types, whole paths as file names, parts nobody asked
//! for. Strict about size. Used by endpoints and by pages with files. A file's bytes say what it is, not its sender.

use std::fs::File;
use std::io::Write;

use actix_multipart::{Field, Multipart};
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{self, Bytes};
use futures_util::StreamExt;
use tempfile::NamedTempFile;

use crate::kit::{Refusal, Text, digest};
use crate::outside::files::{Files, FilesError, Staged};

/// Most parts of a body.
const MAX_PARTS: usize = 200;
/// Largest sum of the fields that are not files, in bytes.
const MAX_FIELDS: usize = 4 * 1024 * 1024;
/// How much of a file is written to disk at once.
const PIECE: usize = 256 * 1024;
/// How much of a refused body is still taken in, so that its sender gets to read the answer.
const DRAIN: usize = 64 * 1024 * 1024;

/// A body that was read.
#[derive(Debug, Default)]
pub struct Parts {
    /// Fields in the order of the body: name and bytes.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The files that were asked for. What a browser sends for "no file" is left out.
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

    /// The fields that are text, each by its name; the last one of a name counts.
    pub fn texts(&self) -> serde_json::Map<String, serde_json::Value> {
        let text = |(name, bytes): &(String, Vec<u8>)| Some((name.clone(), std::str::from_utf8(bytes).ok()?.into()));
        self.fields.iter().filter_map(text).collect()
    }

    /// The file of one of these names.
    pub fn file(&self, names: &[&str]) -> Option<&FilePart> {
        names.iter().find_map(|name| self.files.iter().find(|f| f.name == *name))
    }

    /// A sum over names, fields and files, by which a repeated body is known.
    pub fn digest(&self) -> String {
        let mut sums: Vec<String> = vec![];
        sums.extend(self.fields.iter().map(|(name, bytes)| digest(&[name.as_bytes(), b"\n", bytes].concat())));
        sums.extend(self.files.iter().map(|f| digest(format!("{}\n{}", f.name, f.staged.sha256).as_bytes())));
        digest(sums.concat().as_bytes())
    }
}

/// Whether a request says that its body comes in parts.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(|v| v.as_bytes());
    kind.and_then(|t| t.get(..10)).is_some_and(|t| t.eq_ignore_ascii_case(b"multipart/"))
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
        let text = Text::new("The body is {kind:word}; multipart/form-data is needed, with a part {wanted}.");
        let kind = if kind.is_empty() { "of no type" } else { kind };
        return Err(Refusal::field("body", text.arg("kind", kind).arg("wanted", wanted.join(" or "))));
    }
    let mut body = Multipart::new(headers, payload);
    let mut whole = true;
    let read = read_parts(&mut body, &mut whole, files, wanted, limit).await;
    // A body that broke off must not be asked for more.
    if read.is_err() && whole {
        drain(body).await;
    }
    read
}

async fn read_parts(
    body: &mut Multipart,
    whole: &mut bool,
    files: &Files,
    wanted: &[&str],
    limit: u64,
) -> Result<Parts, Refusal> {
    let mut parts = Parts::default();
    let (mut count, mut room) = (0, MAX_FIELDS);
    while let Some(field) = body.next().await {
        let mut field = field.map_err(|e| {
            *whole = false;
            broken(&e)
        })?;
        count += 1;
        if count > MAX_PARTS {
            return Err(Refusal::field(
                "body",
                Text::new("The body has more than {max} parts. Send fewer.").arg("max", MAX_PARTS),
            ));
        }
        let name: String = field.name().unwrap_or_default().chars().take(255).collect();
        let file_name = field
            .content_disposition()
            .and_then(|d| d.get_filename().or_else(|| d.get_filename_ext().map(|_| "")))
            .map(str::to_owned);
        if wanted.contains(&name.as_str()) {
            if parts.files.iter().any(|f| f.name == name) {
                let text = Text::new("The body has more than one file called {name}. Send one.");
                return Err(Refusal::field(&name, text.arg("name", &name)));
            }
            let staged = stage(&mut field, whole, files, &name, limit).await?;
            let none = staged.size == 0 && file_name.as_deref().is_none_or(str::is_empty);
            if !none {
                parts.files.push(FilePart { name, file_name: file_name.unwrap_or_default(), staged });
            }
        } else if file_name.is_some() {
            while let Some(piece) = field.next().await {
                piece.map_err(|e| {
                    *whole = false;
                    broken(&e)
                })?;
            }
        } else {
            let mut bytes = vec![];
            while let Some(piece) = field.next().await {
                let piece = piece.map_err(|e| {
                    *whole = false;
                    broken(&e)
                })?;
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

/// Takes in and drops what is left of a refused body, up to a limit.
async fn drain(mut body: Multipart) {
    let mut left = DRAIN;
    while let Some(Ok(mut field)) = body.next().await {
        while let Some(piece) = field.next().await {
            // Whatever broke off must not be asked for more.
            let Ok(piece) = piece else { return };
            match left.checked_sub(piece.len()) {
                Some(less) => left = less,
                None => return,
            }
        }
    }
}

fn broken(error: &actix_multipart::MultipartError) -> Refusal {
    Refusal::field(
        "body",
        Text::new("The body could not be read to its end: {cause}. Send it again.").arg("cause", error),
    )
}

async fn stage(field: &mut Field, whole: &mut bool, files: &Files, name: &str, limit: u64) -> Result<Staged, Refusal> {
    let mut to = files.temp_file().map_err(|e| refused(name, &e))?;
    let (mut waiting, mut size): (Vec<Bytes>, u64) = (vec![], 0);
    let mut held = 0;
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|e| {
            *whole = false;
            broken(&e)
        })?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::FromRequest;
    use actix_web::test::TestRequest;

    fn body(parts: &[(&str, &str)]) -> String {
        let mut text = String::new();
        for (headers, content) in parts {
            text.push_str(&format!("--XX\r\n{headers}\r\n\r\n{content}\r\n"));
        }
        text + "--XX--\r\n"
    }

    async fn send(kind: &str, body: String) -> Result<(Parts, Vec<u8>), Refusal> {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(&format!("file://{}", folder.path().display())).unwrap();
        let request = TestRequest::post().insert_header((header::CONTENT_TYPE, kind));
        let (request, mut payload) = request.set_payload(body).to_http_parts();
        let payload = web::Payload::from_request(&request, &mut payload).await.unwrap();
        let parts = read(request.headers(), payload, &files, &["icon", "none"], 10).await?;
        let bytes = parts.files.first().map(|f| std::fs::read(files.local(&f.staged.key).unwrap().path()).unwrap());
        Ok((parts, bytes.unwrap_or_default()))
    }

    const KIND: &str = "multipart/form-data; boundary=XX";
    const DATA: &str = "Content-Disposition: form-data; name=\"body\"\r\nContent-Type: application/json";
    const FILE: &str = "Content-Disposition: form-data; name=\"icon\"; filename=\"/srv/me/x y.png\"\r\n\
        Content-Type: ('image/png', None)\r\nX-Odd:    \r\nContent-Transfer-Encoding: binary";

    #[actix_web::test]
    async fn fields_and_files_come_apart_whatever_their_headers() {
        let none =
            "Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\nContent-Type: application/octet-stream";
        let other = "Content-Disposition: form-data; name=\"virus\"; filename=\"a\"";
        let sent = body(&[(DATA, "{\"a\": 1}"), (FILE, "\u{1}23\r\n4"), (none, ""), (other, "0123456789abcdef")]);
        let (parts, bytes) = send(KIND, sent).await.unwrap();
        assert_eq!(parts.field("body"), Some("{\"a\": 1}"));
        assert_eq!(parts.fields.len(), 1);
        let file = parts.file(&["picture", "icon"]).unwrap();
        assert_eq!((file.file_name.as_str(), file.staged.size), ("/srv/me/x y.png", 6));
        assert_eq!(bytes, b"\x0123\r\n4");
        assert_eq!(parts.files.len(), 1);
    }

    #[actix_web::test]
    async fn a_repeated_body_has_the_same_sum() {
        let sum = async |parts: &[(&str, &str)]| send(KIND, body(parts)).await.unwrap().0.digest();
        let one = sum(&[(DATA, "{}"), (FILE, "1")]).await;
        assert_eq!(sum(&[(DATA, "{}"), (FILE, "1")]).await, one);
        assert_ne!(sum(&[(DATA, "{}"), (FILE, "2")]).await, one);
        assert_ne!(sum(&[(DATA, "{ }"), (FILE, "1")]).await, one);
    }

    #[actix_web::test]
    async fn what_is_too_large_or_broken_is_refused() {
        let many = vec![(DATA, "x"); MAX_PARTS + 1];
        let long = "x".repeat(MAX_FIELDS + 1);
        for (kind, sent, status, words) in [
            (KIND, body(&[(FILE, "01234567890")]), 413, "icon: The file is larger than"),
            (KIND, body(&[(DATA, &long)]), 413, "more than 4,194,304 bytes"),
            (KIND, body(&many), 400, "more than 200 parts"),
            (KIND, body(&[("Content-Type: text/plain", "no name")]), 400, "could not be read"),
            (KIND, body(&[(FILE, "123")]).replace("--XX--", ""), 400, "could not be read"),
            ("multipart/form-data", String::new(), 400, "could not be read"),
            ("application/json", "{}".to_owned(), 400, "The body is application/json"),
        ] {
            let refusal = send(kind, sent).await.unwrap_err();
            assert_eq!(refusal.status(), status, "{refusal}");
            assert!(refusal.to_string().contains(words), "{refusal}");
        }
        assert!(send(KIND, body(&[(FILE, "0123456789")])).await.is_ok());
    }
}
