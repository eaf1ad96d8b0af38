//! Files in a folder of a local disk.
//!
//! Inside the folder: `tmp` for work in progress, `staged` for complete uploads that nothing refers to yet,
//! and `kept/ab/cd/KEY`, two levels by the key's first digits, so that no folder becomes large.

use std::fs::{self, DirEntry, File, ReadDir};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::{FileKey, FilesError, Found};

pub(super) struct Disk {
    root: PathBuf,
    temp: PathBuf,
    staged: PathBuf,
    kept: PathBuf,
}

impl Disk {
    pub(super) fn open(root: &Path) -> Result<Self, FilesError> {
        let disk = Disk {
            root: root.to_owned(),
            temp: root.join("tmp"),
            staged: root.join("staged"),
            kept: root.join("kept"),
        };
        for folder in [&disk.temp, &disk.staged, &disk.kept] {
            fs::create_dir_all(folder).map_err(|error| {
                FilesError::Address(format!(
                    "The folder for files {} cannot be made: {error}. Check the owner of the folder above it",
                    folder.display()
                ))
            })?;
        }
        // Writing once now is better than failing at the first upload.
        NamedTempFile::new_in(&disk.temp).map_err(|error| {
            FilesError::Address(format!(
                "The folder for files {} cannot be written to: {error}. Check its owner",
                disk.temp.display()
            ))
        })?;
        sync_folder(&disk.root)?;
        if let Some(above) = disk.root.parent().filter(|above| !above.as_os_str().is_empty()) {
            sync_folder(above)?;
        }
        Ok(disk)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn temp(&self) -> &Path {
        &self.temp
    }

    pub(super) fn stage(&self, file: NamedTempFile, key: &FileKey) -> Result<(), FilesError> {
        let to = self.staged.join(key.as_str());
        // A form may be finished tomorrow: what it has uploaded must be whole then, whatever happens.
        file.as_file().sync_all()?;
        if let Err(error) = file.persist_noclobber(&to) {
            if error.error.kind() != io::ErrorKind::CrossesDevices {
                return Err(error.error.into());
            }
            // Another file system: copy, in a step that either happens or does not.
            let mut copy = NamedTempFile::new_in(&self.temp)?;
            io::copy(&mut error.file.reopen()?, &mut copy)?;
            copy.as_file().sync_all()?;
            copy.persist_noclobber(&to).map_err(|error| error.error)?;
        }
        sync_folder(&self.staged)?;
        Ok(())
    }

    pub(super) fn keep(&self, key: &FileKey) -> Result<(), FilesError> {
        let from = self.staged.join(key.as_str());
        let to = self.kept_path(key);
        let file = match File::open(&from) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound && to.exists() => return Ok(()),
            Err(error) => return Err(absent_or(error, key)),
        };
        // The cleaning job spares what is young; from now on the row may be on its way.
        file.set_modified(disk_time())?;
        // First the bytes, then the names that lead to them, each before the next may rely on it.
        file.sync_all()?;
        let (first, second) = self.kept_folders(key);
        for (folder, above) in [(&first, &self.kept), (&second, &first)] {
            match fs::create_dir(folder) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
            // Also when it was there already: another process may have made it a moment ago.
            sync_folder(above)?;
        }
        fs::rename(&from, &to)?;
        sync_folder(&second)?;
        // Only tidiness depends on the name in the old folder being gone.
        sync_folder(&self.staged)?;
        Ok(())
    }

    pub(super) fn read(&self, key: &FileKey) -> Result<File, FilesError> {
        File::open(self.kept_path(key)).map_err(|error| absent_or(error, key))
    }

    pub(super) fn find(&self, key: &FileKey) -> Result<PathBuf, FilesError> {
        // Staged first: between the two looks it can only move from there to the other place.
        for path in [self.staged.join(key.as_str()), self.kept_path(key)] {
            if path.try_exists()? {
                return Ok(path);
            }
        }
        Err(FilesError::Absent(key.clone()))
    }

    pub(super) fn delete(&self, key: &FileKey) -> Result<bool, FilesError> {
        let mut deleted = false;
        for path in [self.staged.join(key.as_str()), self.kept_path(key)] {
            match fs::remove_file(path) {
                Ok(()) => deleted = true,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(deleted)
    }

    pub(super) fn sweep(&self, older_than: Duration) -> Result<usize, FilesError> {
        let mut deleted = 0;
        for folder in [&self.staged, &self.temp] {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let old = age_and_size(&entry)?.is_some_and(|(age, _)| age >= older_than);
                if old && fs::remove_file(entry.path()).is_ok() {
                    deleted += 1;
                }
            }
        }
        Ok(deleted)
    }

    pub(super) fn kept(&self, older_than: Duration) -> impl Iterator<Item = Result<Found, FilesError>> + '_ {
        let mut walk = Walk::new(&self.kept);
        std::iter::from_fn(move || walk.next_file().transpose()).filter_map(move |entry| {
            let found = entry.and_then(|entry| {
                let key = entry.file_name().to_str().and_then(|name| name.parse().ok());
                Ok(match (key, age_and_size(&entry)?) {
                    (Some(key), Some((age, size))) if age >= older_than => Some(Found { key, age, size }),
                    _ => None,
                })
            });
            found.map_err(FilesError::Io).transpose()
        })
    }

    fn kept_folders(&self, key: &FileKey) -> (PathBuf, PathBuf) {
        let first = self.kept.join(&key.as_str()[..2]);
        let second = first.join(&key.as_str()[2..4]);
        (first, second)
    }

    fn kept_path(&self, key: &FileKey) -> PathBuf {
        self.kept_folders(key).1.join(key.as_str())
    }
}

/// How long a file has not been changed, and its size; nothing if it has just gone. The times of files are
/// the system's, so they are compared with the system's clock, whatever the clock of the portal shows.
fn age_and_size(entry: &DirEntry) -> io::Result<Option<(Duration, u64)>> {
    let about = match entry.metadata() {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A file from the future is new.
    let age = about.modified()?.elapsed().unwrap_or_default();
    Ok(Some((age, about.len())))
}

/// The time as the disk has it.
#[expect(clippy::disallowed_methods, reason = "it is compared with the times of files, which are the system's")]
fn disk_time() -> SystemTime {
    SystemTime::now()
}

/// A walk over the files in folders of folders, without a list of them.
struct Walk {
    open: Vec<ReadDir>,
    start: Option<PathBuf>,
}

impl Walk {
    fn new(start: &Path) -> Self {
        Walk { open: Vec::new(), start: Some(start.to_owned()) }
    }

    fn next_file(&mut self) -> io::Result<Option<DirEntry>> {
        if let Some(start) = self.start.take() {
            self.open.push(fs::read_dir(start)?);
        }
        while let Some(folder) = self.open.last_mut() {
            match folder.next() {
                None => {
                    self.open.pop();
                }
                Some(entry) => {
                    let entry = entry?;
                    if !entry.file_type()?.is_dir() {
                        return Ok(Some(entry));
                    }
                    self.open.push(fs::read_dir(entry.path())?);
                }
            }
        }
        Ok(None)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn absent_or(error: io::Error, key: &FileKey) -> FilesError {
    match error.kind() {
        io::ErrorKind::NotFound => FilesError::Absent(key.clone()),
        _ => FilesError::Io(error),
    }
}
