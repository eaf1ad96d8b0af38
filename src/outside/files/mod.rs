//! Where uploads, media and exports are kept.
//!
//! A file comes in through [`Files::stage`], which measures, hashes and recognises it while it streams to
//! disk. A staged file is whole and on disk, but not yet part of anything: it stays until it is kept,
//! deleted, or swept away as a leftover. [`Files::keep`] makes it part of the store. The order that survives
//! a loss of power at any moment:
//!
//! 1. [`Files::stage`]
//! 2. [`Files::keep`]: file and folders are on disk when it returns
//! 3. commit the row that names the key
//! 4. answer
//!
//! A crash between 2 and 3 leaves a kept file without a row, which the cleaning job finds among
//! [`Files::kept`] and deletes once it is older than any action takes.
//!
//! Names inside are random keys, never anything a person typed. All calls block; use them where blocking is
//! allowed.

mod content;
mod disk;
mod image;
mod key;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

pub use self::content::{Content, Serving};
use self::disk::Disk;
pub use self::image::{BadImage, ImageInfo, ImageLimits, inspect_image};
pub use self::key::FileKey;
use crate::kit::Text;
use crate::outside::readable_size;

/// The store of files. Cloning shares it.
#[derive(Clone)]
pub struct Files {
    place: Arc<Place>,
}

/// Where the files are; object stores will be another variant.
enum Place {
    Disk(Disk),
}

/// A file that came in completely and is not yet part of anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// What it is kept and found by.
    pub key: FileKey,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// What it is, by its first bytes.
    pub content: Content,
}

/// A file as a path, for readers that need one. A copy from elsewhere would be deleted with it.
#[derive(Debug)]
pub struct LocalFile {
    path: PathBuf,
}

/// A file found by the cleaning job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its key.
    pub key: FileKey,
    /// How long it has not been changed, by the clock of the disk.
    pub age: Duration,
    /// Its size in bytes.
    pub size: u64,
}

/// Why a file could not be stored, opened or deleted.
#[derive(Debug)]
pub enum FilesError {
    /// The address of the store cannot be used: for the operator.
    Address(String),
    /// The upload is larger than the limit, in bytes.
    TooLarge(u64),
    /// There is no such file.
    Absent(FileKey),
    /// The disk refuses.
    Io(io::Error),
}

impl Files {
    /// Opens the store at an address: `file://FOLDER` (absolute with three slashes, otherwise relative to
    /// the working directory). The folder is made if it is not there.
    pub fn open(address: &str) -> Result<Self, FilesError> {
        let place = match address.split_once("://") {
            Some(("file", folder)) => Place::Disk(Disk::open(&folder_of(folder)?)?),
            Some(("s3", _)) => {
                return Err(FilesError::Address(
                    "Files in S3 are not supported yet. Set CAUSEWAY_FILES_URL to file:///A/FOLDER, or leave it out"
                        .into(),
                ));
            }
            _ => {
                return Err(FilesError::Address(format!(
                    "CAUSEWAY_FILES_URL is {address}, which is no address of a file store. Write file:///A/FOLDER"
                )));
            }
        };
        Ok(Files { place: Arc::new(place) })
    }

    /// Takes in a stream of at most `limit` bytes.
    pub fn stage(&self, mut from: impl Read, limit: u64) -> Result<Staged, FilesError> {
        let mut to = self.temp_file()?;
        let mut taken = Taken::default();
        let mut block = vec![0; 64 << 10];
        loop {
            let count = match from.read(&mut block) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(FilesError::Io(error)),
            };
            taken.add(&block[..count], limit)?;
            io::Write::write_all(&mut to, &block[..count])?;
        }
        self.staged(to, taken)
    }

    /// Takes in a file that is already on disk, such as one that an upload was streamed to; it is moved if
    /// it lies in the same file system.
    pub fn stage_file(&self, mut file: NamedTempFile, limit: u64) -> Result<Staged, FilesError> {
        io::Seek::rewind(&mut file)?;
        let mut taken = Taken::default();
        let mut block = vec![0; 64 << 10];
        loop {
            let count = file.read(&mut block)?;
            if count == 0 {
                break;
            }
            taken.add(&block[..count], limit)?;
        }
        self.staged(file, taken)
    }

    fn staged(&self, file: NamedTempFile, taken: Taken) -> Result<Staged, FilesError> {
        let key = FileKey::random();
        let Place::Disk(disk) = &*self.place;
        disk.stage(file, &key)?;
        Ok(Staged {
            key,
            size: taken.size,
            sha256: hex::encode(taken.hash.finalize()),
            content: Content::of(&taken.start),
        })
    }

    /// Makes a staged file a kept one. When this returns, it survives a loss of power. Keeping a file that is
    /// kept already changes nothing.
    pub fn keep(&self, key: &FileKey) -> Result<(), FilesError> {
        let Place::Disk(disk) = &*self.place;
        disk.keep(key)
    }

    /// Opens a kept file for reading.
    pub fn read(&self, key: &FileKey) -> Result<File, FilesError> {
        let Place::Disk(disk) = &*self.place;
        disk.read(key)
    }

    /// A kept or staged file as a path. The path is for reading, and only as long as the value lives.
    pub fn local(&self, key: &FileKey) -> Result<LocalFile, FilesError> {
        let Place::Disk(disk) = &*self.place;
        Ok(LocalFile { path: disk.find(key)? })
    }

    /// Deletes a staged or kept file; tells whether there was one.
    pub fn delete(&self, key: &FileKey) -> Result<bool, FilesError> {
        let Place::Disk(disk) = &*self.place;
        disk.delete(key)
    }

    /// A file for work in progress, deleted when it is dropped; [`Files::stage_file`] moves it into the store.
    pub fn temp_file(&self) -> Result<NamedTempFile, FilesError> {
        let Place::Disk(disk) = &*self.place;
        Ok(NamedTempFile::new_in(disk.temp())?)
    }

    /// The folder for files of work in progress.
    pub fn temp_folder(&self) -> &Path {
        let Place::Disk(disk) = &*self.place;
        disk.temp()
    }

    /// Deletes staged files, and files of work in progress, that have not been changed for so long: their
    /// makers are gone. Gives how many.
    pub fn sweep(&self, older_than: Duration) -> Result<usize, FilesError> {
        let Place::Disk(disk) = &*self.place;
        disk.sweep(older_than)
    }

    /// All kept files that have not been changed for so long, in no order; the caller deletes those that no
    /// row names, and a backup copies all of them.
    pub fn kept(&self, older_than: Duration) -> impl Iterator<Item = Result<Found, FilesError>> + '_ {
        let Place::Disk(disk) = &*self.place;
        disk.kept(older_than)
    }
}

/// What is learned about a file while it streams by.
#[derive(Default)]
struct Taken {
    size: u64,
    hash: Sha256,
    start: Vec<u8>,
}

impl Taken {
    fn add(&mut self, block: &[u8], limit: u64) -> Result<(), FilesError> {
        self.size += block.len() as u64;
        if self.size > limit {
            return Err(FilesError::TooLarge(limit));
        }
        self.hash.update(block);
        let missing = content::SAMPLE_BYTES.saturating_sub(self.start.len());
        self.start.extend_from_slice(&block[..block.len().min(missing)]);
        Ok(())
    }
}

/// The folder that a `file://` address means.
fn folder_of(text: &str) -> Result<PathBuf, FilesError> {
    let text = text.strip_prefix("localhost/").map_or_else(|| text.to_owned(), |rest| format!("/{rest}"));
    let decoded = percent_encoding::percent_decode_str(&text).decode_utf8();
    match decoded {
        Ok(folder) if !folder.is_empty() && !folder.contains('\0') => Ok(PathBuf::from(folder.as_ref())),
        _ => Err(FilesError::Address("CAUSEWAY_FILES_URL names no folder. Write file:///A/FOLDER".into())),
    }
}

impl LocalFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl FilesError {
    /// What is wrong and what to do.
    pub fn text(&self) -> Text {
        match self {
            FilesError::Address(why) => Text::new("{why}.").arg("why", why),
            FilesError::TooLarge(limit) => {
                Text::new("The file is larger than {limit}. Choose a smaller one.").arg("limit", readable_size(*limit))
            }
            FilesError::Absent(_) => Text::new("The file is not there any more. Upload it again."),
            FilesError::Io(error) => {
                Text::new("The file cannot be stored or read at the moment ({error}). Try again later.")
                    .arg("error", error)
            }
        }
    }
}

impl fmt::Display for FilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for FilesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FilesError::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for FilesError {
    fn from(error: io::Error) -> Self {
        FilesError::Io(error)
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place::Disk(disk) = &*self.place;
        f.debug_tuple("Files").field(&disk.root()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Files) {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(&format!("file://{}", folder.path().display())).unwrap();
        (folder, files)
    }

    fn content(mut file: File) -> Vec<u8> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_file_is_staged_kept_read_and_deleted() {
        let (_folder, files) = store();
        let staged = files.stage(&b"%PDF-1.7 hello"[..], 100).unwrap();
        assert_eq!(staged.size, 14);
        assert_eq!(staged.sha256, hex::encode(Sha256::digest(b"%PDF-1.7 hello")));
        assert_eq!(staged.content, Content::Pdf);
        assert!(matches!(files.read(&staged.key), Err(FilesError::Absent(_))));
        assert!(files.local(&staged.key).unwrap().path().exists());
        files.keep(&staged.key).unwrap();
        files.keep(&staged.key).unwrap();
        assert_eq!(content(files.read(&staged.key).unwrap()), b"%PDF-1.7 hello");
        assert!(files.delete(&staged.key).unwrap());
        assert!(!files.delete(&staged.key).unwrap());
        assert!(matches!(files.keep(&staged.key), Err(FilesError::Absent(_))));
        assert!(matches!(files.local(&staged.key), Err(FilesError::Absent(_))));
    }

    #[test]
    fn a_file_from_disk_is_taken_over() {
        let (_folder, files) = store();
        let mut temp = files.temp_file().unwrap();
        io::Write::write_all(&mut temp, b"abc").unwrap();
        let before = temp.path().to_owned();
        let staged = files.stage_file(temp, 3).unwrap();
        assert!(!before.exists());
        files.keep(&staged.key).unwrap();
        assert_eq!(content(files.read(&staged.key).unwrap()), b"abc");
        // From another folder, as uploads may come.
        let mut elsewhere = NamedTempFile::new().unwrap();
        io::Write::write_all(&mut elsewhere, b"abcd").unwrap();
        assert!(matches!(files.stage_file(elsewhere, 3), Err(FilesError::TooLarge(3))));
    }

    #[test]
    fn the_limit_is_exact_and_leaves_nothing_behind() {
        let (_folder, files) = store();
        assert!(files.stage(io::repeat(7).take(1_000_000), 1_000_000).is_ok());
        let error = files.stage(io::repeat(7), 1 << 20).unwrap_err();
        assert_eq!(error.to_string(), "The file is larger than 1 MB. Choose a smaller one.");
        assert_eq!(std::fs::read_dir(files.temp_folder()).unwrap().count(), 0);
    }

    #[test]
    fn leftovers_are_swept_and_kept_files_listed() {
        let (_folder, files) = store();
        let kept = files.stage(&b"kept"[..], 10).unwrap().key;
        files.keep(&kept).unwrap();
        let staged = files.stage(&b"staged"[..], 10).unwrap().key;
        let work = files.temp_file().unwrap();
        assert_eq!(files.sweep(Duration::from_secs(3600)).unwrap(), 0);
        assert_eq!(files.kept(Duration::from_secs(3600)).count(), 0);
        assert_eq!(files.sweep(Duration::ZERO).unwrap(), 2);
        assert!(!work.path().exists());
        assert!(matches!(files.local(&staged), Err(FilesError::Absent(_))));
        let found: Vec<Found> = files.kept(Duration::ZERO).collect::<Result<_, _>>().unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].key, found[0].size), (&kept, 4));
    }

    #[test]
    fn addresses_are_understood_or_refused_with_advice() {
        for (text, folder) in [
            ("/var/lib/causeway", "/var/lib/causeway"),
            ("localhost/var/lib", "/var/lib"),
            ("./data/files", "./data/files"),
            ("/with%20space", "/with space"),
        ] {
            assert_eq!(folder_of(text).unwrap(), Path::new(folder));
        }
        assert!(folder_of("").is_err());
        let s3 = Files::open("s3://bucket/prefix").unwrap_err();
        assert_eq!(
            s3.to_string(),
            "Files in S3 are not supported yet. Set CAUSEWAY_FILES_URL to file:///A/FOLDER, or leave it out."
        );
        assert!(Files::open("/var/lib").is_err() && Files::open("ftp://x").is_err());
    }
}
