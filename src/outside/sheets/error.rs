//! Why a whole spreadsheet cannot be read or written.

use std::fmt;
use std::io;

use super::cell::{cell_name, column_letters};
use crate::kit::Text;
use crate::outside::readable_size;

/// A fault of the whole file, in words a person can act on; faults of single cells are
/// [`super::BadCell`].
#[derive(Debug)]
pub enum SheetError {
    /// The file could not be read from or written to disk: our fault, not the sender's.
    Io(io::Error),
    /// The program that writes workbooks failed: our fault as well.
    Write(String),
    /// Something other than an Excel workbook; the kind is recognised where possible.
    NotAWorkbook(Kind),
    /// Larger than the limit, in bytes.
    FileTooLarge(u64),
    /// More parts inside than the limit.
    TooManyParts(usize),
    /// Unpacks to more bytes than the limit.
    UnpacksTooLarge(u64),
    /// A part, here by its name, is packed so tightly that it can only be made to exhaust the reader.
    PackedTooTightly(String),
    /// More different texts than the limits allow.
    TooMuchText,
    /// More sheets than the limit.
    TooManySheets(usize),
    /// A part that must be there is missing.
    PartMissing(Part),
    /// A part is damaged or not well-formed.
    Broken {
        /// Which part.
        part: Part,
        /// The last row that was read; 0 if there is none.
        after_row: u32,
        /// What exactly is wrong, in English: for the person who wrote the program.
        detail: String,
    },
    /// A part declares a document type, which is how outside entities are smuggled in.
    DocumentType(Part),
    /// No sheet with one of the wanted names.
    NoSheet {
        /// The wanted names, the preferred one first.
        wanted: Vec<String>,
        /// The names there are.
        found: Vec<String>,
    },
    /// Two sheets share a name when letter case is ignored.
    SheetTwice(String),
    /// A cell address such as `[3`, which one old program writes from its tenth custom column on.
    BadAddress {
        /// The sheet's name.
        sheet: String,
        /// The row the cell stands in.
        row: u32,
        /// The address as written.
        address: String,
    },
    /// A value right of the last allowed column.
    TooManyColumns {
        /// The sheet's name.
        sheet: String,
        /// The column of the value, from 0.
        column: u32,
        /// The row of the value, from 1.
        row: u32,
        /// Allowed columns.
        limit: u32,
    },
    /// More rows with values than the limit.
    TooManyRows {
        /// The sheet's name.
        sheet: String,
        /// Allowed rows.
        limit: u32,
    },
    /// The sheet holds no value at all.
    NoHeader(String),
    /// A cell of the header row cannot be used as a column's name; the cell, for instance `C1`.
    BadHeader(String),
    /// Two columns have the same name when case and surrounding blanks are ignored.
    ColumnTwice {
        /// The name.
        name: String,
        /// The first column, from 0.
        first: u32,
        /// The second column, from 0.
        second: u32,
    },
    /// A line of a CSV file, from 1, is not UTF-8.
    CsvNotUtf8(u64),
    /// A line of a CSV file, from 1, does not end within a megabyte.
    CsvLineTooLong(u64),
    /// A line of a CSV file cannot be read for another reason.
    CsvUnreadable {
        /// The line, from 1.
        line: u64,
        /// What is wrong, in English: for the person who wrote the program.
        detail: String,
    },
    /// More rows than an Excel sheet can have were written.
    SheetFull(String),
}

/// A part of a workbook, as messages speak of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A sheet, by its name.
    Sheet(String),
    /// The list of sheets.
    Sheets,
    /// The table of texts.
    Texts,
    /// The table of styles.
    Styles,
    /// Another part, by its name inside the zip file.
    Named(String),
}

/// What a file is that is not an Excel workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No bytes at all.
    Empty,
    /// An Excel workbook with a password.
    Encrypted,
    /// The Excel format before 2007.
    Xls,
    /// The binary Excel format.
    Xlsb,
    /// An OpenDocument spreadsheet.
    Ods,
    /// CSV or other text.
    Text,
    /// A web page, perhaps named `.xls`.
    Html,
    /// A PDF document.
    Pdf,
    /// A zip file with something else in it.
    OtherZip,
    /// A zip file that ends too early or is damaged.
    DamagedZip,
    /// Anything else.
    Other,
}

impl SheetError {
    /// Whether the fault is in the file, so that its sender must be told; otherwise it is ours, to be
    /// logged and tried again.
    pub fn is_senders_fault(&self) -> bool {
        !matches!(self, SheetError::Io(_) | SheetError::Write(_))
    }

    /// What is wrong and what to do.
    pub fn text(&self) -> Text {
        match self {
            SheetError::Io(error) => {
                Text::new("The file cannot be read or written at the moment ({error}). Try again later.")
                    .arg("error", error)
            }
            SheetError::Write(error) => {
                Text::new("The spreadsheet could not be written ({error}). Try again later.").arg("error", error)
            }
            SheetError::NotAWorkbook(kind) => kind.text(),
            SheetError::FileTooLarge(limit) => {
                Text::new("The file is larger than {limit}. Split it into several files.")
                    .arg("limit", readable_size(*limit))
            }
            SheetError::TooManyParts(limit) => Text::new(
                "The workbook has more than {limit:number} parts inside. Copy the rows into a new workbook and upload that.",
            )
            .arg("limit", limit),
            SheetError::UnpacksTooLarge(limit) => Text::new(
                "The workbook unpacks to more than {limit}. Split it, or copy the rows into a new workbook.",
            )
            .arg("limit", readable_size(*limit)),
            SheetError::PackedTooTightly(part) => Text::new(
                "A part of the workbook ({part}) is almost nothing but repetition, as in a file made to exhaust its reader. Copy the rows into a new workbook and upload that.",
            )
            .arg("part", part),
            SheetError::TooMuchText => Text::new(
                "The workbook has more different texts than can be read at once. Split it into several files.",
            ),
            SheetError::TooManySheets(limit) => {
                Text::new("The workbook has more than {limit:number} sheets. Remove those that are not needed.")
                    .arg("limit", limit)
            }
            SheetError::PartMissing(part) => part.named(
                Text::new("The workbook is incomplete: sheet “{part}” is missing inside. Open it in Excel or LibreOffice and save it again."),
                Text::new("The workbook is incomplete: {part:word} is missing. Open it in Excel or LibreOffice and save it again."),
            ),
            SheetError::Broken { part, after_row: 0, detail } => part
                .named(
                    Text::new("Sheet “{part}” is damaged ({detail}). Open the workbook in Excel or LibreOffice and save it again."),
                    Text::new("The workbook is damaged in {part:word} ({detail}). Open it in Excel or LibreOffice and save it again."),
                )
                .arg("detail", detail),
            SheetError::Broken { part, after_row, detail } => part
                .named(
                    Text::new("Sheet “{part}” is damaged after row {row} ({detail}). Open the workbook in Excel or LibreOffice and save it again."),
                    Text::new("The workbook is damaged in {part:word} after row {row} ({detail}). Open it in Excel or LibreOffice and save it again."),
                )
                .arg("row", after_row)
                .arg("detail", detail),
            SheetError::DocumentType(part) => part.named(
                Text::new("Sheet “{part}” declares a document type, which Excel files never do. Copy the rows into a new workbook and upload that."),
                Text::new("The workbook declares a document type in {part:word}, which Excel files never do. Copy the rows into a new workbook and upload that."),
            ),
            SheetError::NoSheet { wanted, found } => {
                let text = match (&found[..], &wanted[..]) {
                    ([], _) => Text::new("The workbook has no sheet with cells. Name the sheet with the rows “{first}”."),
                    (_, [_]) => Text::new("The workbook has no sheet “{first}”; it has {found}. Name the sheet with the rows “{first}”."),
                    _ => Text::new("The workbook has no sheet with one of the names {wanted}; it has {found}. Name the sheet with the rows “{first}”."),
                };
                text.arg("wanted", quoted(wanted)).arg("found", quoted(found)).arg("first", wanted.first().map_or("", |name| name))
            }
            SheetError::SheetTwice(name) => {
                Text::new("The workbook has two sheets named “{name}”. Rename or remove one.").arg("name", name)
            }
            SheetError::BadAddress { sheet, row, address } => Text::new(
                "Sheet “{sheet}” has a cell with the address “{address}” in row {row}, which does not exist. The program that wrote the file cannot count columns past Z: leave out custom columns, or write the file with another program.",
            )
            .arg("sheet", sheet)
            .arg("row", row)
            .arg("address", address),
            SheetError::TooManyColumns { sheet, column, row, limit } => Text::new(
                "Sheet “{sheet}” has a value in cell {cell}, but only the columns up to {last} may be used. Empty that cell and everything right of column {last}.",
            )
            .arg("sheet", sheet)
            .arg("cell", cell_name(*column, *row))
            .arg("last", column_letters(limit.saturating_sub(1))),
            SheetError::TooManyRows { sheet, limit } => {
                Text::new("Sheet “{sheet}” has more than {limit:number} rows. Split it into several files.")
                    .arg("sheet", sheet)
                    .arg("limit", limit)
            }
            SheetError::NoHeader(sheet) => {
                Text::new("Sheet “{sheet}” is empty. Its first row must hold the names of the columns.").arg("sheet", sheet)
            }
            SheetError::BadHeader(cell) => Text::new(
                "The name of the column in cell {cell} cannot be used. Type a name of at most 255 characters there, not a formula.",
            )
            .arg("cell", cell),
            SheetError::ColumnTwice { name, first, second } => {
                Text::new("The column “{name}” is there twice, in {first} and in {second}. Rename or remove one.")
                    .arg("name", name)
                    .arg("first", column_letters(*first))
                    .arg("second", column_letters(*second))
            }
            SheetError::CsvNotUtf8(line) => {
                Text::new("Line {line} of the CSV file is not UTF-8 text. Save the file as “CSV UTF-8”.").arg("line", line)
            }
            SheetError::CsvLineTooLong(line) => Text::new(
                "Line {line} of the CSV file is longer than a megabyte; perhaps a closing quote is missing. Correct it.",
            )
            .arg("line", line),
            SheetError::CsvUnreadable { line, detail } => {
                Text::new("Line {line} of the CSV file cannot be read ({detail}). Correct it.")
                    .arg("line", line)
                    .arg("detail", detail)
            }
            SheetError::SheetFull(sheet) => Text::new(
                "Sheet “{sheet}” would have more than 1,048,576 rows, which Excel cannot show. Filter the list, or export it as CSV.",
            )
            .arg("sheet", sheet),
        }
    }
}

impl Part {
    /// One of two texts with this part's name as `part`: the first for sheets, the second for all else.
    fn named(&self, sheet: Text, other: Text) -> Text {
        match self {
            Part::Sheet(name) => sheet.arg("part", name),
            Part::Sheets => other.arg("part", "the list of sheets"),
            Part::Texts => other.arg("part", "the table of texts"),
            Part::Styles => other.arg("part", "the table of styles"),
            Part::Named(name) => other.arg("part", name),
        }
    }
}

impl Kind {
    /// What the file is and what to do.
    pub fn text(self) -> Text {
        match self {
            Kind::Empty => Text::new("The file is empty. Choose an Excel workbook (.xlsx)."),
            Kind::Encrypted => {
                Text::new("The workbook is protected by a password. Remove the password in Excel and upload it again.")
            }
            Kind::Xls => Text::new("The file is in the old Excel format (.xls). Save it as an Excel workbook (.xlsx)."),
            Kind::Xlsb => {
                Text::new("The file is a binary Excel workbook (.xlsb). Save it as an Excel workbook (.xlsx).")
            }
            Kind::Ods => {
                Text::new("The file is an OpenDocument spreadsheet (.ods). Save it as an Excel workbook (.xlsx).")
            }
            Kind::Text => Text::new(
                "The file is text, perhaps CSV, not an Excel workbook. Open it in Excel and save it as .xlsx.",
            ),
            Kind::Html => {
                Text::new("The file is a web page, not an Excel workbook. Open it in Excel and save it as .xlsx.")
            }
            Kind::Pdf => Text::new("The file is a PDF document. Choose an Excel workbook (.xlsx)."),
            Kind::OtherZip => {
                Text::new("The file is a zip file but not an Excel workbook. Choose an Excel workbook (.xlsx).")
            }
            Kind::DamagedZip => Text::new(
                "The workbook is damaged or incomplete; perhaps it was cut off on its way. Upload it again, or save it again in Excel.",
            ),
            Kind::Other => Text::new("The file is not an Excel workbook. Choose an Excel workbook (.xlsx)."),
        }
    }
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for SheetError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SheetError::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for SheetError {
    fn from(error: io::Error) -> Self {
        SheetError::Io(error)
    }
}

/// Names in quotes; at most ten, so that a message stays readable.
fn quoted(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(10).map(|name| format!("“{}”", shortened(name))).collect();
    if names.len() > 10 {
        shown.push("…".into());
    }
    shown.join(", ")
}

/// At most sixty characters of a text from outside.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().filter(|char| !char.is_control()).take(60).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_place_and_the_remedy() {
        let far = SheetError::TooManyColumns { sheet: "records".into(), column: 16_383, row: 1_048_576, limit: 256 };
        assert_eq!(
            far.to_string(),
            "Sheet “records” has a value in cell XFD1048576, but only the columns up to IV may be used. Empty that cell and everything right of column IV."
        );
        let none = SheetError::NoSheet {
            wanted: vec!["records".into(), "usage_records".into()],
            found: vec!["Sheet1".into()],
        };
        assert_eq!(
            none.to_string(),
            "The workbook has no sheet with one of the names “records”, “usage_records”; it has “Sheet1”. Name the sheet with the rows “records”."
        );
        let broken = SheetError::Broken { part: Part::Texts, after_row: 0, detail: "it ends in the middle".into() };
        assert_eq!(
            broken.to_string(),
            "The workbook is damaged in the table of texts (it ends in the middle). Open it in Excel or LibreOffice and save it again."
        );
        assert!(none.is_senders_fault());
        assert!(!SheetError::Io(io::Error::other("disk")).is_senders_fault());
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened(&"x".repeat(100)).chars().count(), 61);
        assert_eq!(shortened("a\nb"), "ab");
    }
}
