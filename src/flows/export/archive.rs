//! The ZIP file, written as the data comes: nothing of it waits in memory.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How much of a file is copied at a time.
const BLOCK: usize = 64 << 10;

/// A file of the archive, as its manifest tells of it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Entry {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub about: String,
    /// Its lines, each an object.
    pub rows: i64,
    /// Its bytes.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// A file that must not become larger than a limit.
struct Bounded {
    file: File,
    at: u64,
    max: u64,
}

/// The error of a file that would become too large.
#[derive(Debug, thiserror::Error)]
#[error("larger than allowed")]
struct TooLarge;

/// Whether an archive could not be written because it would be too large.
pub(super) fn is_too_large(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<TooLarge>())
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.at.saturating_add(bytes.len() as u64) > self.max {
            return Err(io::Error::other(TooLarge));
        }
        let count = self.file.write(bytes)?;
        self.at += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

/// A file of the archive that is being written.
struct Open {
    name: String,
    about: &'static str,
    rows: i64,
    bytes: u64,
    hash: Sha256,
}

/// An archive that is being written.
pub(super) struct Archive {
    zip: ZipWriter<Bounded>,
    open: Option<Open>,
    entries: Vec<Entry>,
}

/// The ZIP writer hands errors on in a type of its own; that of a file which would be too large stays what it is.
fn zipped(error: zip::result::ZipError) -> io::Error {
    match error {
        zip::result::ZipError::Io(error) => error,
        other => io::Error::other(other),
    }
}

impl Archive {
    /// An archive in a file, which may become so large.
    pub(super) fn new(file: File, max: u64) -> Self {
        Self { zip: ZipWriter::new(Bounded { file, at: 0, max }), open: None, entries: vec![] }
    }

    /// Begins a file. One that is packed already is not packed again.
    pub(super) fn begin(&mut self, name: &str, about: &'static str, packed: bool) -> io::Result<()> {
        self.end();
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        // More than 4 GB may follow.
        let options = SimpleFileOptions::default().compression_method(method).large_file(true);
        self.zip.start_file(name, options).map_err(zipped)?;
        self.open = Some(Open { name: name.to_owned(), about, rows: 0, bytes: 0, hash: Sha256::new() });
        Ok(())
    }

    /// Writes bytes into the file that was begun.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.write_all(bytes)?;
        if let Some(open) = &mut self.open {
            open.bytes += bytes.len() as u64;
            open.hash.update(bytes);
        }
        Ok(())
    }

    /// Writes an object as a line of the file that was begun.
    pub(super) fn line(&mut self, object: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(object)?;
        line.push(b'\n');
        self.put(&line)?;
        if let Some(open) = &mut self.open {
            open.rows += 1;
        }
        Ok(())
    }

    /// Writes a text into the file that was begun.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        self.put(text.as_bytes())
    }

    /// Writes lines that are objects already into the file that was begun.
    pub(super) fn lines(&mut self, from: &mut impl BufRead) -> io::Result<()> {
        let mut line = vec![];
        while from.read_until(b'\n', &mut line)? > 0 {
            self.put(&line)?;
            line.clear();
            if let Some(open) = &mut self.open {
                open.rows += 1;
            }
        }
        Ok(())
    }

    /// Copies what is read into the file that was begun; `step` hears of every block, `wrong` makes the error of one that could not be
    /// copied.
    pub(super) fn copy<E>(
        &mut self,
        from: &mut impl Read,
        mut step: impl FnMut(u64) -> Result<(), E>,
        wrong: impl Fn(&io::Error) -> E,
    ) -> Result<(), E> {
        let mut block = vec![0; BLOCK];
        loop {
            let count = from.read(&mut block).map_err(|e| wrong(&e))?;
            if count == 0 {
                return Ok(());
            }
            self.put(&block[..count]).map_err(|e| wrong(&e))?;
            step(count as u64)?;
        }
    }

    /// Ends the file that was begun, and gives what is known of it.
    pub(super) fn end(&mut self) -> Option<Entry> {
        let open = self.open.take()?;
        let entry = Entry {
            name: open.name,
            about: open.about.to_owned(),
            rows: open.rows,
            bytes: open.bytes,
            sha256: hex::encode(open.hash.finalize()),
        };
        Some(entry)
    }

    /// Ends the file that was begun and keeps it for the manifest.
    pub(super) fn list(&mut self) {
        let ended = self.end();
        self.entries.extend(ended);
    }

    /// The files that were kept for the manifest.
    pub(super) fn listed(&self) -> &[Entry] {
        &self.entries
    }

    /// Ends the archive.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.end();
        self.zip.finish().map_err(zipped)?.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_can_be_read_back_and_has_a_limit() {
        let write = |max: u64| -> io::Result<(File, Vec<Entry>)> {
            let file = tempfile::tempfile()?;
            let mut archive = Archive::new(file.try_clone()?, max);
            archive.begin("a.ndjson", "A", false)?;
            archive.line(&serde_json::json!({ "id": 1 }))?;
            archive.line(&serde_json::json!({ "id": 2 }))?;
            archive.list();
            archive.begin("files/b.bin", "B", true)?;
            archive.copy(&mut &[7_u8; 100_000][..], |_| Ok(()), |e| io::Error::other(e.to_string()))?;
            let attached = archive.end().unwrap();
            assert_eq!((attached.rows, attached.bytes), (0, 100_000));
            let listed = archive.listed().to_vec();
            archive.finish()?;
            Ok((file, listed))
        };
        let (file, listed) = write(1 << 20).unwrap();
        assert_eq!((listed.len(), listed[0].rows, listed[0].bytes), (1, 2, 18));
        let mut zip = zip::ZipArchive::new(file).unwrap();
        let mut text = String::new();
        zip.by_name("a.ndjson").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "{\"id\":1}\n{\"id\":2}\n");
        assert_eq!(listed[0].sha256, hex::encode(Sha256::digest(&text)));
        assert!(write(10_000).is_err());
    }
}
