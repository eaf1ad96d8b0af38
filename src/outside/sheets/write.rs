//! Writing Excel workbooks of any length in little memory.
//!
//! Rows go to a temporary file as they come and cannot be changed afterwards; only notes and lists of
//! choices are kept in memory. Text is always written as text: a value that begins with `=` is not a
//! formula. Numbers follow [`super::number`]: as a number where a spreadsheet program keeps them unchanged,
//! otherwise as text.

use std::borrow::Cow;
use std::io::{Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use jiff::civil::DateTime;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, ExcelDateTime, Format, FormatBorder, Formula, Note, Workbook,
    Worksheet, XlsxError,
};

use super::limits::EXCEL_ROWS;
use super::{SheetError, column_letters, number};

/// Characters (UTF-16 code units) that Excel keeps in a cell.
const CELL_UNITS: usize = 32_767;
/// Characters of a note; more than this cannot be read beside a cell.
const NOTE_CHARS: usize = 2_000;
/// Notes on one sheet. They stay in memory, and Excel becomes slow with more.
const NOTES: usize = 5_000;

/// A value to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Value<'a> {
    /// Nothing.
    #[default]
    Empty,
    /// Text, never taken for a formula. What goes beyond Excel's 32,767 characters is cut off with `…`.
    Text(&'a str),
    /// A number as exact decimal text. If it has more than 15 significant digits, or is no number at all,
    /// it is written as text.
    Number(&'a str),
    /// A truth value.
    Bool(bool),
    /// A date and time without zone; before 1900 it is written as text.
    DateTime(DateTime),
}

/// A cell to write: a value, and what is wrong with it if anything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutCell<'a> {
    /// The value.
    pub value: Value<'a>,
    /// If given, the cell is outlined in red and has this text as a note.
    pub fault: Option<&'a str>,
}

impl<'a> From<Value<'a>> for OutCell<'a> {
    fn from(value: Value<'a>) -> Self {
        OutCell { value, fault: None }
    }
}

/// A column of a new sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<'a> {
    /// Its name in the header row.
    pub name: &'a str,
    /// Its width in characters.
    pub width: u16,
    /// Whether Excel shall keep as text whatever a person types there: for ids and times in templates.
    pub text: bool,
}

impl<'a> Column<'a> {
    /// A column of the given width that Excel interprets as usual.
    pub fn new(name: &'a str, width: u16) -> Self {
        Column { name, width, text: false }
    }

    /// A column in which everything typed stays text.
    pub fn text(name: &'a str, width: u16) -> Self {
        Column { name, width, text: true }
    }
}

/// What may be chosen in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choices<'a> {
    /// These words; at most 255 characters with the commas between them, none with a comma.
    Words(&'a [&'a str]),
    /// The values of a column (from 0) on another sheet, in rows 2 to the given one.
    Column {
        /// The other sheet.
        sheet: &'a str,
        /// The column there, from 0.
        column: u16,
        /// The last row there, from 1.
        last_row: u32,
    },
}

/// A workbook being written.
pub struct BookWriter {
    book: Workbook,
    formats: Formats,
    failed: bool,
}

struct Formats {
    header: Format,
    date_time: Format,
    bad: Format,
    bad_date_time: Format,
    text_column: Format,
}

/// A sheet being written, row by row from the top.
pub struct SheetWriter<'a> {
    sheet: &'a mut Worksheet,
    formats: &'a Formats,
    failed: &'a mut bool,
    name: String,
    next_row: u32,
    notes: usize,
}

impl BookWriter {
    /// Starts a workbook whose temporary files go into the given folder.
    pub fn new(temp_dir: &Path) -> Result<Self, SheetError> {
        let date_time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        let red = Color::RGB(0xC9_2A_2A);
        let outlined = |format: Format| format.set_border(FormatBorder::Medium).set_border_color(red);
        let formats = Formats {
            header: Format::new().set_bold(),
            bad: outlined(Format::new()),
            bad_date_time: outlined(date_time.clone()),
            date_time,
            text_column: Format::new().set_num_format("@"),
        };
        let mut book = Workbook::new();
        book.set_tempdir(temp_dir).map_err(write_error)?;
        Ok(BookWriter { book, formats, failed: false })
    }

    /// Adds a sheet. If there are columns, their names become a bold first row that stays in view.
    ///
    /// The name has at most 31 characters, none of `[ ] : * ? / \`, and no apostrophe at either end.
    pub fn sheet(&mut self, name: &str, columns: &[Column<'_>]) -> Result<SheetWriter<'_>, SheetError> {
        let BookWriter { book, formats, failed } = self;
        let sheet = guarded(failed, || book.add_worksheet_with_constant_memory())?;
        let mut writer = SheetWriter { sheet, formats, failed, name: name.to_owned(), next_row: 0, notes: 0 };
        writer.start(columns)?;
        Ok(writer)
    }

    /// Finishes the workbook in a file.
    pub fn save(mut self, path: &Path) -> Result<(), SheetError> {
        let BookWriter { book, failed, .. } = &mut self;
        guarded(failed, || book.save(path))
    }

    /// Finishes the workbook in an open file or a buffer.
    pub fn save_to<W: Write + Seek + Send>(mut self, to: W) -> Result<(), SheetError> {
        let BookWriter { book, failed, .. } = &mut self;
        guarded(failed, || book.save_to_writer(to))
    }
}

impl SheetWriter<'_> {
    fn start(&mut self, columns: &[Column<'_>]) -> Result<(), SheetError> {
        let SheetWriter { sheet, formats, failed, name, .. } = self;
        guarded(failed, || {
            sheet.set_name(name.as_str())?;
            for (at, column) in (0u16..).zip(columns) {
                sheet.set_column_width(at, column.width)?;
                if column.text {
                    sheet.set_column_format(at, &formats.text_column)?;
                }
                sheet.write_string_with_format(0, at, printable(column.name, CELL_UNITS), &formats.header)?;
            }
            if !columns.is_empty() {
                sheet.set_freeze_panes(1, 0)?;
            }
            Ok(())
        })?;
        self.next_row = u32::from(!columns.is_empty());
        Ok(())
    }

    /// Writes the next row and gives its number, from 1. Notes beyond 5,000 on a sheet are left out; the
    /// outline stays.
    pub fn row(&mut self, cells: &[OutCell<'_>]) -> Result<u32, SheetError> {
        let row = self.next_row;
        if row >= EXCEL_ROWS {
            return Err(SheetError::SheetFull(self.name.clone()));
        }
        let SheetWriter { sheet, formats, failed, notes, .. } = self;
        guarded(failed, || {
            for (column, cell) in (0u16..).zip(cells) {
                write_cell(sheet, formats, row, column, cell)?;
                if let Some(fault) = cell.fault.filter(|_| *notes < NOTES) {
                    *notes += 1;
                    let text = printable(fault, NOTE_CHARS);
                    sheet.insert_note(row, column, &Note::new(text).add_author_prefix(false))?;
                }
            }
            Ok(())
        })?;
        self.next_row = row + 1;
        Ok(row + 1)
    }

    /// Offers a list of choices in a column (from 0), from the second to the last row; anything else that is
    /// typed there is refused with the given explanation (at most 255 characters).
    pub fn choices(&mut self, column: u16, choices: Choices<'_>, explanation: &str) -> Result<(), SheetError> {
        let rule = match choices {
            Choices::Words(words) => {
                if words.iter().any(|word| word.contains(',')) {
                    return Err(SheetError::Write("a choice contains a comma".into()));
                }
                DataValidation::new().allow_list_strings(words).map_err(write_error)?
            }
            Choices::Column { sheet, column, last_row } => {
                let letters = column_letters(u32::from(column));
                let sheet = sheet.replace('\'', "''");
                let range = format!("='{sheet}'!${letters}$2:${letters}${}", last_row.max(2));
                DataValidation::new().allow_list_formula(Formula::new(range))
            }
        };
        let rule = rule
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_message(printable(explanation, 255))
            .map_err(write_error)?;
        let SheetWriter { sheet, failed, .. } = self;
        guarded(failed, || sheet.add_data_validation(1, column, EXCEL_ROWS - 1, column, &rule).map(drop))
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    cell: &OutCell<'_>,
) -> Result<(), XlsxError> {
    let bad = cell.fault.map(|_| &formats.bad);
    let text = |sheet: &mut Worksheet, text: &str| match bad {
        Some(bad) => sheet.write_string_with_format(row, column, printable(text, CELL_UNITS), bad).map(drop),
        None => sheet.write_string(row, column, printable(text, CELL_UNITS)).map(drop),
    };
    match cell.value {
        Value::Empty => match bad {
            Some(bad) => sheet.write_blank(row, column, bad).map(drop),
            None => Ok(()),
        },
        Value::Text(value) => text(sheet, value),
        Value::Number(exact) => match (number::for_number_cell(exact), bad) {
            (None, _) => text(sheet, exact),
            (Some(number), None) => sheet.write_number(row, column, number).map(drop),
            (Some(number), Some(bad)) => sheet.write_number_with_format(row, column, number, bad).map(drop),
        },
        Value::Bool(value) => match bad {
            Some(bad) => sheet.write_boolean_with_format(row, column, value, bad).map(drop),
            None => sheet.write_boolean(row, column, value).map(drop),
        },
        Value::DateTime(at) => {
            let format = if bad.is_some() { &formats.bad_date_time } else { &formats.date_time };
            match excel_date_time(at) {
                Some(date_time) => sheet.write_datetime_with_format(row, column, &date_time, format).map(drop),
                None => text(sheet, &at.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            }
        }
    }
}

fn excel_date_time(at: DateTime) -> Option<ExcelDateTime> {
    let year = u16::try_from(at.year()).ok().filter(|year| *year >= 1900)?;
    let part = |value: i8| u8::try_from(value).ok();
    let millis = u16::try_from(at.subsec_nanosecond() / 1_000_000).ok()?;
    ExcelDateTime::from_ymd(year, part(at.month())?, part(at.day())?)
        .and_then(|date| {
            date.and_hms_milli(
                at.hour().unsigned_abs().into(),
                at.minute().unsigned_abs(),
                at.second().unsigned_abs(),
                millis,
            )
        })
        .ok()
}

/// Text that a workbook can hold: at most so many UTF-16 units, without the two code points that XML has
/// no place for. Other control characters are escaped by the writer.
fn printable(text: &str, max_units: usize) -> Cow<'_, str> {
    let fits = text.len() <= max_units || text.encode_utf16().count() <= max_units;
    let clean = !text.contains(['\u{fffe}', '\u{ffff}']);
    if fits && clean {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let mut printable = String::new();
    for char in text.chars() {
        units += char.len_utf16();
        if !fits && units >= max_units {
            printable.push('…');
            break;
        }
        printable.push(if matches!(char, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { char });
    }
    Cow::Owned(printable)
}

/// Runs a step of the writing library. It panics when its temporary file cannot be written, for instance
/// on a full disk; that becomes an error, after which the workbook refuses every further step.
fn guarded<T>(failed: &mut bool, step: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, SheetError> {
    if *failed {
        return Err(SheetError::Write("an earlier step failed".into()));
    }
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(write_error(error)),
        Err(_) => {
            *failed = true;
            Err(SheetError::Write("a temporary file could not be written; perhaps the disk is full".into()))
        }
    }
}

fn write_error(error: XlsxError) -> SheetError {
    match error {
        XlsxError::IoError(error) => SheetError::Io(error),
        other => SheetError::Write(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
