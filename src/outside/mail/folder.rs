//! Mail as files in a folder: for the demo, for tests, and for deployments without a mail server.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{MailError, MailSettingsError, Message};

pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, MailSettingsError> {
        fs::create_dir_all(path).map_err(|error| {
            MailSettingsError(format!(
                "The folder for mail {} cannot be made: {error}. Check the owner of the folder above it.",
                path.display()
            ))
        })?;
        Ok(Folder { path: path.to_owned() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `TIME-ID.eml`, whole or not at all. The same message again finds its file and changes nothing.
    pub(super) fn write(&self, message: &Message<'_>, letter: &lettre::Message) -> Result<String, MailError> {
        let name = format!("{}-{}.eml", message.at.strftime("%Y%m%dT%H%M%S.%6fZ"), message.digest());
        let path = self.path.join(&name);
        let written = || -> std::io::Result<()> {
            // The name of the unfinished file does not end in `.eml`.
            let mut file = NamedTempFile::with_prefix_in(".unfinished-", &self.path)?;
            file.write_all(&letter.formatted())?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(&path) {
                Ok(_) => {}
                Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.error),
            }
            File::open(&self.path)?.sync_all()
        };
        written().map_err(|error| MailError::ForNow(format!("{} cannot be written: {error}", path.display())))?;
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mailer;
    use super::super::message::tests::sample;
    use super::*;

    #[test]
    fn a_message_is_one_file_however_often_it_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = Mailer::from_config(None, &folder.path().join("mail")).unwrap();
        assert!(mailer.check().is_ok());
        let first = mailer.send(&sample()).unwrap();
        assert_eq!(mailer.send(&sample()).unwrap(), first);
        let later = "2026-06-01T00:00:00Z".parse().unwrap();
        mailer.send(&Message { key: "other", at: later, ..sample() }).unwrap();
        let mut names: Vec<String> = fs::read_dir(folder.path().join("mail"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names.len(), 2);
        assert_eq!(names[0], first.answer);
        assert!(names[0].starts_with("20260531T235959.500000Z-") && names[1].starts_with("20260601T000000.000000Z-"));
        let letter = fs::read_to_string(folder.path().join("mail").join(&names[0])).unwrap();
        assert!(letter.contains(&first.message_id));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_for_now() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = Mailer::from_config(None, &folder.path().join("mail")).unwrap();
        fs::remove_dir(folder.path().join("mail")).unwrap();
        assert!(matches!(mailer.send(&sample()), Err(MailError::ForNow(_))));
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(Mailer::from_config(None, &folder.path().join("file/mail")).is_err());
    }
}
