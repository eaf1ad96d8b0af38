//! The job that makes an archive.
//!
//! It reads everything in one transaction, so that all of it is of one moment: repeatable read on PostgreSQL, a reading transaction on
//! SQLite, during which writers go on and the write-ahead log grows by what they write. The bytes of files never change under their
//! keys and are copied after it. A worker that takes an export over begins anew; what the former one has written is swept.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};

use serde::Serialize;
use serde_json::json;

use super::actions;
use super::archive::{Archive, Entry};
use super::content::{Attached, Out, Reading, kinds, unwritten};
use super::model::{ExportState, MOST_BEGINNINGS};
use super::store::{self, Export, Made};
use crate::db;
use crate::flows::accounts::{actions as accounts, store as people};
use crate::jobs::{Failed, Work};
use crate::kit::{Actor, NamedRef, Permissions, Role, Seat, Text, Time, TokenId};
use crate::outside::files::{FileKey, FilesError};

/// Objects between two notes of how far it is.
const NOTED: i64 = 500;
/// Bytes of a file that is copied between two looks whether anybody still wants it.
const LOOKED: u64 = 64 << 20;

/// The layout of archives; it changes when a reader of the former one could not read a new one.
const FORMAT: u32 = 1;

/// What an archive says of itself.
#[derive(Serialize)]
struct Manifest<'a> {
    format: &'static str,
    format_version: u32,
    program: Program,
    export: &'a str,
    account: Owner<'a>,
    asked_by: Option<&'a NamedRef>,
    asked_at: Time,
    /// Of which moment the objects are.
    taken_at: Time,
    files: &'a [Entry],
    attachments: Attachments,
}

#[derive(Serialize)]
struct Program {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Owner<'a> {
    id: &'a str,
    name: &'a str,
    role: Role,
}

/// How many files are attached; each has a line in `files.ndjson`.
#[derive(Serialize, Default, Clone, Copy)]
struct Attachments {
    count: i64,
    bytes: u64,
    /// Files that were deleted while the archive was made.
    missing: i64,
}

/// A line of `files.ndjson`.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    object: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    content_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    missing: bool,
}

/// Makes the archive that a job is for.
pub fn make(work: &Work) -> Result<(), Failed> {
    let db = &work.services().db;
    let id = work.text("export")?;
    let found = db.read(|tx| {
        let Some(export) = store::wanted(tx, id)?.filter(|e| e.state == ExportState::Making) else { return Ok(None) };
        let owner = people::account_names(tx, &[export.account.as_str()])?.pop();
        Ok(owner
            .map(|(account, name, role, _)| (export, Seat { account, name, role, permissions: Permissions::all() })))
    })?;
    let Some((export, seat)) = found else { return Ok(()) };
    let system = Actor::System { seat: seat.clone() };
    // The system sees more than any company does. What is read is what the account's own programs are shown.
    let nobody = TokenId::parse("SU-000-000-000").ok_or_else(|| Failed::ForGood("a token's id".into()))?;
    let reader = Actor::Token { id: nobody, name: seat.name.clone(), seat };
    let making = Making {
        work,
        export: &export,
        system: &system,
        reader: &reader,
        max: work.services().config.limits.export_bytes,
    };
    match making.run() {
        // It will never work: whoever waits is told now.
        Err(Stop::Refused(why)) => {
            db.write(|tx| {
                work.checkpoint(tx, json!(null), 0, None)?;
                actions::fail(tx, &system, &export, why.clone())
            })?;
            Ok(())
        }
        Err(Stop::Job(failed)) => Err(failed),
        Ok(()) => Ok(()),
    }
}

/// Why an archive was not made.
enum Stop {
    /// It cannot be made: what the account is told.
    Refused(Text),
    /// The job ended.
    Job(Failed),
}

impl From<Failed> for Stop {
    fn from(failed: Failed) -> Self {
        Self::Job(failed)
    }
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Refused(refusal) => {
                Self::Refused(refusal.problems.into_iter().next().map(|p| p.text).unwrap_or_default())
            }
            other => Self::Job(Failed::from(other)),
        }
    }
}

impl From<FilesError> for Stop {
    fn from(error: FilesError) -> Self {
        Self::Job(Failed::ForNow(error.text().to_string()))
    }
}

/// An archive in the making.
struct Making<'a> {
    work: &'a Work,
    export: &'a Export,
    /// Who notes what came of it.
    system: &'a Actor,
    /// Who reads.
    reader: &'a Actor,
    max: i64,
}

impl Making<'_> {
    fn unwritten(&self, error: &io::Error) -> Stop {
        unwritten(error, self.max).into()
    }

    /// Notes how far it is. Fails if another worker is at it by now, or nobody wants it any more.
    fn note(&self, beginnings: i64, done: i64, total: i64) -> db::Result<()> {
        self.work.services().db.write_bulk(|tx| self.work.checkpoint(tx, json!(beginnings), done, Some(total)))
    }

    fn run(&self) -> Result<(), Stop> {
        let services = self.work.services();
        let beginnings = self.work.cursor().and_then(serde_json::Value::as_i64).unwrap_or(0) + 1;
        if beginnings > MOST_BEGINNINGS {
            let text = "It was begun {count} times and never came to its end. Ask the operator to look at the program's log, and start another export then.";
            return Err(Stop::Refused(Text::new(text).arg("count", MOST_BEGINNINGS)));
        }
        self.note(beginnings, 0, 0)?;
        // Tokens whose end has come are listed as ended, as the API's list has them.
        accounts::settle_tokens(&services.db, self.system)?;
        services.calls.write(&services.db)?;
        let written = services.files.temp_file()?;
        let file = written.reopen().map_err(|e| self.unwritten(&e))?;
        let mut archive = Archive::new(file, self.max.unsigned_abs());
        let readme = readme(self.export);
        let begun = archive.begin("README.txt", "What this is", false).and_then(|()| archive.text(&readme));
        begun.map_err(|e| self.unwritten(&e))?;
        archive.list();
        let mut attached = self.scratch()?;
        let (taken_at, lines, total) = self.read(&mut archive, &mut attached, beginnings)?;
        let attachments = self.attach(&mut archive, attached, (beginnings, lines, total))?;
        self.manifest(&mut archive, taken_at, attachments)?;
        archive.finish().map_err(|e| self.unwritten(&e))?;
        let staged = services.files.stage_file(written, u64::MAX)?;
        services.files.keep(&staged.key)?;
        let made = Made {
            taken_at,
            lines,
            attachments: attachments.count,
            missing: attachments.missing,
            key: staged.key.as_str(),
            size: i64::try_from(staged.size).unwrap_or(i64::MAX),
            sha256: &staged.sha256,
        };
        let kept = services.db.write(|tx| {
            self.work.checkpoint(tx, json!(beginnings), total, Some(total))?;
            actions::finish(tx, self.system, self.export, &made)
        });
        if !matches!(kept, Ok(true)) {
            // Whatever stays behind is found by the cleaning of files without a row.
            let _ = services.files.delete(&staged.key);
        }
        kept?;
        Ok(())
    }

    /// A file for lines that have to wait, gone when it is closed.
    fn scratch(&self) -> Result<File, Stop> {
        tempfile::tempfile_in(self.work.services().files.temp_folder()).map_err(|e| self.unwritten(&e))
    }

    /// Reads all objects on one snapshot; gives its moment, how many objects were written, and how many objects and files there are.
    fn read(&self, archive: &mut Archive, attached: &mut File, beginnings: i64) -> Result<(Time, i64, i64), Stop> {
        let read = self.work.services().db.read(|tx| {
            let taken_at = tx.at();
            let mut counting = Reading::new(tx, self.reader, Out::Counting);
            counting.all()?;
            let total = counting.count();
            self.note(beginnings, 0, total)?;
            let mut noted = 0;
            let mut step = |done: i64| {
                if done - noted < NOTED {
                    return Ok(());
                }
                noted = done;
                self.note(beginnings, done, total)
            };
            let mut lines = BufWriter::new(attached);
            let out = Out::Writing { archive, attached: &mut lines, step: &mut step, max: self.max };
            let mut writing = Reading::new(tx, self.reader, out);
            writing.all()?;
            let count = writing.count();
            lines.flush().map_err(|e| unwritten(&e, self.max))?;
            Ok((taken_at, count, total))
        })?;
        Ok(read)
    }

    /// Copies the files that were noted, and lists them. One that was deleted since is told of.
    fn attach(
        &self,
        archive: &mut Archive,
        mut attached: File,
        (beginnings, lines, total): (i64, i64, i64),
    ) -> Result<Attachments, Stop> {
        let mut sum = Attachments::default();
        let mut told = self.scratch()?;
        attached.rewind().map_err(|e| self.unwritten(&e))?;
        let mut list = BufWriter::new(&mut told);
        for line in BufReader::new(attached).lines() {
            let line = line.map_err(|e| self.unwritten(&e))?;
            let file: Attached = serde_json::from_str(&line).map_err(|e| self.unwritten(&e.into()))?;
            let copied =
                self.copy(archive, &file, |_| self.note(beginnings, lines + sum.count + sum.missing, total))?;
            let written = serde_json::to_writer(
                &mut list,
                &Line {
                    path: &file.path,
                    object: &file.object,
                    url: file.url.as_deref(),
                    content_type: &file.content_type,
                    bytes: copied.as_ref().map(|entry| entry.bytes),
                    sha256: copied.as_ref().map(|entry| entry.sha256.as_str()),
                    missing: copied.is_none(),
                },
            );
            written.map_err(io::Error::from).and_then(|()| list.write_all(b"\n")).map_err(|e| self.unwritten(&e))?;
            match copied {
                Some(entry) => {
                    sum.count += 1;
                    sum.bytes += entry.bytes;
                }
                None => sum.missing += 1,
            }
            self.note(beginnings, lines + sum.count + sum.missing, total)?;
        }
        list.flush().map_err(|e| self.unwritten(&e))?;
        drop(list);
        self.list(archive, told)?;
        Ok(sum)
    }

    /// Copies one file into the archive; nothing if it is gone.
    fn copy(
        &self,
        archive: &mut Archive,
        file: &Attached,
        look: impl Fn(u64) -> db::Result<()>,
    ) -> Result<Option<Entry>, Stop> {
        let Ok(key) = file.key.parse::<FileKey>() else { return Ok(None) };
        let mut from = match self.work.services().files.read(&key) {
            Ok(from) => from,
            Err(FilesError::Absent(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        archive.begin(&file.path, "", true).map_err(|e| self.unwritten(&e))?;
        let mut since = 0;
        archive.copy(
            &mut from,
            |count| {
                since += count;
                if since >= LOOKED {
                    look(since)?;
                    since = 0;
                }
                Ok(())
            },
            |e| unwritten(e, self.max),
        )?;
        Ok(archive.end())
    }

    /// Writes the list of the files.
    fn list(&self, archive: &mut Archive, mut told: File) -> Result<(), Stop> {
        told.rewind().map_err(|e| self.unwritten(&e))?;
        archive
            .begin("files.ndjson", "The files below files/, each with the object that it belongs to", false)
            .map_err(|e| self.unwritten(&e))?;
        let mut lines = BufReader::new(told);
        archive.lines(&mut lines).map_err(|e| self.unwritten(&e))?;
        archive.list();
        Ok(())
    }

    /// Writes what the archive says of itself, last, because it tells what all others are.
    fn manifest(&self, archive: &mut Archive, taken_at: Time, attachments: Attachments) -> Result<(), Stop> {
        let seat = self.system.company().map_err(db::Error::from)?;
        let files = archive.listed().to_vec();
        let manifest = Manifest {
            format: "causeway-account-export",
            format_version: FORMAT,
            program: Program { name: "Causeway", version: env!("CARGO_PKG_VERSION") },
            export: self.export.id.as_str(),
            account: Owner { id: seat.account.as_str(), name: &seat.name, role: seat.role },
            asked_by: self.export.asked_by.as_ref().map(|by| &by.0),
            asked_at: self.export.created_at,
            taken_at,
            files: &files,
            attachments,
        };
        let text = serde_json::to_string_pretty(&manifest).map_err(|e| self.unwritten(&e.into()))?;
        let written = archive.begin("manifest.json", "", false).and_then(|()| archive.text(&text));
        written.map_err(|e| self.unwritten(&e))
    }
}

/// What somebody reads who has nothing but the archive.
fn readme(export: &Export) -> String {
    let mut text = format!(
        "All data of the account {}, exported by Causeway as {}.\n\n\
         manifest.json   what this is, of which moment, and of each file: lines, bytes, SHA-256\n\
         *.ndjson        a kind of object each, in UTF-8: one JSON object in a line, as the REST API answers it;\n\
         \x20               keys that begin with @ are additions of this archive: @in is what the API says by the path\n\
         files.ndjson    the files below files/: place, object, address, bytes, SHA-256\n\
         files/          pictures and workbooks\n\n\
         Amounts and quantities are exact: read them as decimals, not as floating-point numbers.\n\
         There are no passwords, keys or links in it that let somebody in. It has names, addresses and prices in it:\n\
         keep it where nobody else finds it.\n\n",
        export.account, export.id
    );
    for kind in kinds() {
        text.push_str(&format!("{:<32}{}\n", format!("{}.ndjson", kind.name), kind.about));
    }
    text
}
