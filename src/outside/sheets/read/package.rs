//! The zip file around a workbook: what kind of file it is, whether its size is bearable, and its parts
//! by name.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use quick_xml::events::Event;
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::xml::{XmlPart, attribute};
use crate::outside::sheets::error::shortened;
use crate::outside::sheets::{Kind, Limits, Part, SheetError};

/// Parts below this size are not asked how tightly they are packed.
const RATIO_FROM_BYTES: u64 = 16 << 20;
/// What the lists of sheets, relationships and styles may unpack to; real ones stay below a megabyte.
const SIDE_PART_BYTES: u64 = 32 << 20;
/// Bytes in the name of a sheet or a part.
pub(super) const NAME_BYTES: usize = 1_000;

/// An opened workbook file.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
    /// Index of each part by its name in lower case with forward slashes: some writers are careless.
    parts: HashMap<String, usize>,
}

/// One relationship of a part: where another part is and what it is to this one.
#[derive(Debug)]
pub(super) struct Relationship {
    pub(super) id: String,
    /// The last word of the type's address: `worksheet`, `sharedStrings` and so on.
    pub(super) kind: String,
    /// The full name of the part meant.
    pub(super) target: String,
}

impl Package {
    /// Opens the file and refuses what is not a zip file or too large in any way.
    pub(super) fn open(path: &Path, limits: &Limits) -> Result<Self, SheetError> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        if size > limits.file_bytes {
            return Err(SheetError::FileTooLarge(limits.file_bytes));
        }
        let mut start = Vec::with_capacity(1024);
        file.by_ref().take(1024).read_to_end(&mut start)?;
        if !start.starts_with(b"PK\x03\x04") {
            file.rewind()?;
            return Err(SheetError::NotAWorkbook(kind_of(&start, &mut file)?));
        }
        file.rewind()?;
        // The zip library keeps some hundred bytes for each entry it is told of; so they are counted first.
        if entries_at_most(&mut file)? > limits.parts {
            return Err(SheetError::TooManyParts(limits.parts));
        }
        file.rewind()?;
        let archive = match ZipArchive::new(BufReader::new(file)) {
            Ok(archive) => archive,
            Err(ZipError::Io(error)) if error.raw_os_error().is_some() => return Err(SheetError::Io(error)),
            Err(_) => return Err(SheetError::NotAWorkbook(Kind::DamagedZip)),
        };
        let mut package = Package { archive, parts: HashMap::new() };
        package.check(limits)?;
        Ok(package)
    }

    fn check(&mut self, limits: &Limits) -> Result<(), SheetError> {
        if self.archive.len() > limits.parts {
            return Err(SheetError::TooManyParts(limits.parts));
        }
        let mut unpacked: u64 = 0;
        for index in 0..self.archive.len() {
            let entry = self.archive.by_index_data(index).map_err(|_| SheetError::NotAWorkbook(Kind::DamagedZip))?;
            let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/").to_ascii_lowercase();
            if entry.encrypted() {
                return Err(SheetError::NotAWorkbook(Kind::Encrypted));
            }
            if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
                return Err(SheetError::Broken {
                    part: Part::Named(shortened(&name)),
                    after_row: 0,
                    detail: "packed in a way that Excel does not use".into(),
                });
            }
            unpacked = unpacked.saturating_add(entry.size());
            if unpacked > limits.unpacked_bytes {
                return Err(SheetError::UnpacksTooLarge(limits.unpacked_bytes));
            }
            if entry.size() > RATIO_FROM_BYTES && entry.size() / entry.compressed_size().max(1) > limits.ratio {
                return Err(SheetError::PackedTooTightly(shortened(&name)));
            }
            // Readers differ in which of two equal names they take; nobody may be shown another file
            // than the one that is checked here.
            if self.parts.insert(name.clone(), index).is_some() {
                return Err(SheetError::Broken {
                    part: Part::Named(shortened(&name)),
                    after_row: 0,
                    detail: "the part is there twice".into(),
                });
            }
        }
        if self.archive.has_duplicate_names() {
            return Err(SheetError::NotAWorkbook(Kind::DamagedZip));
        }
        Ok(())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&name.to_ascii_lowercase())
    }

    /// Starts to unpack a part. `shown` is how messages speak of it.
    pub(super) fn part(
        &mut self,
        name: &str,
        shown: Part,
    ) -> Result<XmlPart<ZipFile<'_, BufReader<File>>>, SheetError> {
        let Some(index) = self.parts.get(&name.to_ascii_lowercase()) else {
            return Err(SheetError::PartMissing(shown));
        };
        match self.archive.by_index(*index) {
            Ok(entry) => Ok(XmlPart::new(entry, shown)),
            Err(ZipError::Io(error)) if error.raw_os_error().is_some() => Err(SheetError::Io(error)),
            Err(error) => Err(SheetError::Broken { part: shown, after_row: 0, detail: shortened(&error.to_string()) }),
        }
    }

    /// As [`Package::part`], for parts that are never large.
    pub(super) fn side_part(
        &mut self,
        name: &str,
        shown: Part,
    ) -> Result<XmlPart<ZipFile<'_, BufReader<File>>>, SheetError> {
        if self.size(name) > SIDE_PART_BYTES {
            return Err(SheetError::UnpacksTooLarge(SIDE_PART_BYTES));
        }
        self.part(name, shown)
    }

    /// The unpacked size of a part.
    pub(super) fn size(&self, name: &str) -> u64 {
        let index = self.parts.get(&name.to_ascii_lowercase());
        index.and_then(|index| self.archive.by_index_data(*index).ok()).map_or(0, |entry| entry.size())
    }

    /// The relationships of a part (`""`: of the package itself) to other parts of the package.
    pub(super) fn relationships(&mut self, of: &str, limit: usize) -> Result<Vec<Relationship>, SheetError> {
        let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
        let list = if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
        let mut found = Vec::new();
        if !self.has(&list) {
            return Ok(found);
        }
        let mut part = self.side_part(&list, Part::Named(list.clone()))?;
        while let Some(event) = part.next()? {
            let Event::Start(element) = event else { continue };
            let outside = attribute(&element, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
            if element.local_name().as_ref() != "Relationship" || outside {
                continue;
            }
            if let (Some(id), Some(kind), Some(target)) =
                (attribute(&element, "Id"), attribute(&element, "Type"), attribute(&element, "Target"))
            {
                if found.len() >= limit {
                    return Err(SheetError::TooManyParts(limit));
                }
                if id.len().max(kind.len()).max(target.len()) > NAME_BYTES {
                    return Err(part.broken("a name that is too long"));
                }
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                found.push(Relationship { id, kind, target: resolved(folder, &target) });
            }
        }
        Ok(found)
    }

    /// What a zip file without a workbook part is.
    pub(super) fn kind(&mut self) -> Result<Kind, SheetError> {
        if self.has("xl/workbook.bin") {
            return Ok(Kind::Xlsb);
        }
        if let Some(index) = self.parts.get("mimetype")
            && let Ok(entry) = self.archive.by_index(*index)
        {
            let mut kind = String::new();
            let readable = entry.take(100).read_to_string(&mut kind).is_ok();
            if readable && kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
                return Ok(Kind::Ods);
            }
        }
        Ok(Kind::OtherZip)
    }
}

/// The full name of a part named relative to a folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// What a file that is not a zip file is, from its first bytes and, for the old container format of
/// Microsoft Office, from its content.
fn kind_of(start: &[u8], file: &mut File) -> Result<Kind, SheetError> {
    const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    if start.is_empty() {
        return Ok(Kind::Empty);
    }
    if start.starts_with(OLE) {
        // An encrypted workbook is a file of this name in such a container.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = count_in(file, &name, 1)? > 0;
        return Ok(if encrypted { Kind::Encrypted } else { Kind::Xls });
    }
    if start.starts_with(b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    if start.starts_with(b"PK") {
        return Ok(Kind::DamagedZip);
    }
    let text = String::from_utf8_lossy(start);
    let beginning = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if ["<!doctype html", "<html", "<table", "<meta"].iter().any(|tag| beginning.starts_with(tag)) {
        return Ok(Kind::Html);
    }
    // A character cut in two at the end of the sample counts as one wrong character.
    let strange = text.chars().filter(|char| char.is_control() && !char.is_whitespace() || *char == '\u{fffd}').count();
    Ok(if strange <= 1 { Kind::Text } else { Kind::Other })
}

/// An upper bound of the entries in a zip file: how often the mark of a directory entry occurs. By
/// chance it occurs once in four gigabytes.
fn entries_at_most(file: &mut File) -> Result<usize, SheetError> {
    count_in(file, b"PK\x01\x02", usize::MAX)
}

/// Counts how often `wanted` occurs in a file, up to `enough`.
fn count_in(file: &mut File, wanted: &[u8], enough: usize) -> Result<usize, SheetError> {
    const BLOCK: usize = 64 << 10;
    file.seek(SeekFrom::Start(0))?;
    let mut block = vec![0; BLOCK];
    let mut kept = 0;
    let mut count = 0;
    loop {
        let read = file.read(&mut block[kept..])?;
        if read == 0 {
            return Ok(count);
        }
        let filled = kept + read;
        count += block[..filled].windows(wanted.len()).filter(|window| *window == wanted).count();
        if count >= enough {
            return Ok(count);
        }
        // The end of this block may be the start of an occurrence.
        kept = filled.min(wanted.len() - 1);
        block.copy_within(filled - kept..filled, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file_of(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn names_of_parts_are_resolved_like_paths() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolved("", "..\\..\\xl\\workbook.xml"), "xl/workbook.xml");
    }

    #[test]
    fn marks_are_found_across_blocks() {
        let mut bytes = vec![b'x'; (64 << 10) - 2];
        bytes.extend_from_slice(b"PK\x01\x02PK\x01\x02");
        bytes.extend(vec![b'x'; 100_000]);
        bytes.extend_from_slice(b"PK\x01\x02");
        assert_eq!(count_in(&mut file_of(&bytes), b"PK\x01\x02", usize::MAX).unwrap(), 3);
        assert_eq!(count_in(&mut file_of(b"PK"), b"PK\x01\x02", usize::MAX).unwrap(), 0);
        assert_eq!(count_in(&mut file_of(b""), b"PK\x01\x02", usize::MAX).unwrap(), 0);
    }

    #[test]
    fn other_files_are_recognised() {
        let kind = |bytes: &[u8]| kind_of(&bytes[..bytes.len().min(1024)], &mut file_of(bytes)).unwrap();
        assert_eq!(kind(b""), Kind::Empty);
        assert_eq!(kind(b"record_id;quantity\n1;2\n"), Kind::Text);
        assert_eq!(kind("größe,".repeat(1000).as_bytes()), Kind::Text);
        assert_eq!(kind(b"\xef\xbb\xbf <HTML><table>"), Kind::Html);
        assert_eq!(kind(b"%PDF-1.7\n"), Kind::Pdf);
        assert_eq!(kind(b"PK\x05\x06"), Kind::DamagedZip);
        assert_eq!(kind(&[0x1f, 0x8b, 8, 0, 0, 0]), Kind::Other);
        let mut ole = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        assert_eq!(kind(&ole), Kind::Xls);
        ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(kind(&ole), Kind::Encrypted);
    }
}
