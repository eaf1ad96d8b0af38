//! The spreadsheets of offers: read as they come in, written as a template and with what came of each row.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::model::{Columns, Heading, MAX_CELL, MAX_ROWS, MAX_SHEET, RESULT_COLUMNS, SheetRow};
use super::store::BatchRow;
use crate::kit::Text;
use crate::outside::files::{Content, Files};
use crate::outside::sheets::{
    BookWriter, Cell, Choices, Column, CsvReader, Header, Limits, OutCell, Row, RowReader, SheetError, Value, Workbook,
};

/// The sheet with the partners; without it the first one is read.
const SHEET: &str = "partners";

/// What a sheet may ask of us.
fn limits() -> Limits {
    Limits {
        file_bytes: MAX_SHEET,
        unpacked_bytes: 100 << 20,
        string_bytes: 16 << 20,
        strings: 200_000,
        sheets: 50,
        columns: 100,
        rows: MAX_ROWS + 1,
        cell_chars: MAX_CELL,
        ..Limits::default()
    }
}

/// A sheet that was read.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The rows below the header.
    pub rows: Vec<SheetRow>,
    /// The headings that mean nothing here.
    pub ignored: Vec<String>,
}

/// Why a sheet as a whole cannot be used.
#[derive(Debug)]
pub enum Unusable {
    /// The fault is in the file: what its sender is told.
    Sender(Text),
    /// The fault is ours, in English for the log: it may work later.
    Ours(String),
}

impl From<SheetError> for Unusable {
    fn from(error: SheetError) -> Self {
        if error.is_senders_fault() { Self::Sender(error.text()) } else { Self::Ours(error.text().to_string()) }
    }
}

/// Whether a file is to be read as text with separators, by its first bytes and, where these say nothing, by its name.
pub fn is_csv(start: &[u8], name: &str) -> bool {
    let named = name.to_ascii_lowercase();
    match Content::of(start) {
        Content::Text | Content::Json => true,
        Content::Unknown => named.ends_with(".csv") || named.ends_with(".txt"),
        _ => false,
    }
}

/// Looks at the first bytes of a file.
pub fn starts_as_csv(path: &Path, name: &str) -> Result<bool, Unusable> {
    let mut start = vec![];
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut start));
    read.map_err(|e| Unusable::from(SheetError::Io(e)))?;
    Ok(is_csv(&start, name))
}

/// Reads a sheet whole: it has at most [`MAX_ROWS`] rows.
pub fn read(path: &Path, csv: bool) -> Result<Sheet, Unusable> {
    if csv {
        let file = File::open(path).map_err(SheetError::Io)?;
        return rows_of(&mut CsvReader::new(file, SHEET, limits())?);
    }
    let mut book = Workbook::open(path, limits())?;
    let sheet = book.find_sheet(&[SHEET])?.unwrap_or(0);
    rows_of(&mut book.rows(sheet)?)
}

fn rows_of(rows: &mut dyn RowReader) -> Result<Sheet, Unusable> {
    let header = Header::read(rows)?;
    let columns = Columns::read(header.columns().iter().map(|c| (c.column, c.name.as_str())));
    let columns = columns.map_err(Unusable::Sender)?;
    let mut found = vec![];
    while let Some(row) = rows.next_row()? {
        found.extend(sheet_row(&columns, row));
    }
    if found.is_empty() {
        return Err(Unusable::Sender(Text::new("There are no partners below the first row. Add at least one.")));
    }
    Ok(Sheet { rows: found, ignored: columns.ignored })
}

/// A row; none if none of the columns with a meaning has anything in it.
fn sheet_row(columns: &Columns, row: &Row) -> Option<SheetRow> {
    let mut read = SheetRow { place: i32::try_from(row.number()).unwrap_or(i32::MAX), ..SheetRow::default() };
    let mut any = false;
    for heading in Heading::ALL {
        let Some(place) = columns.place(*heading) else { continue };
        let value = match row.cell(place) {
            Cell::Bad(bad) => {
                any = true;
                let text = Text::new("{column:word}: {problem:text}").arg("column", heading);
                let text = text.part("problem", &bad.text());
                read.fault = Some(read.fault.map_or_else(|| text.clone(), |before| before.then(&text)));
                continue;
            }
            // A day stays a day.
            Cell::DateTime(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
            cell => cell.shown().into_owned(),
        };
        any |= !value.is_empty();
        *match heading {
            Heading::Partner => &mut read.partner,
            Heading::Email => &mut read.email,
            Heading::Message => &mut read.message,
            Heading::Note => &mut read.note,
            Heading::Kind => &mut read.purpose,
            Heading::End => &mut read.expire_at,
        } = value;
    }
    any.then_some(read)
}

fn width(heading: Heading) -> u16 {
    match heading {
        Heading::Partner | Heading::Email | Heading::Note => 32,
        Heading::Message => 60,
        Heading::Kind | Heading::End => 14,
    }
}

fn columns() -> Vec<Column<'static>> {
    Heading::ALL.iter().map(|h| Column::text(h.as_str(), width(*h))).collect()
}

fn kinds(sheet: &mut crate::outside::sheets::SheetWriter<'_>) -> Result<(), SheetError> {
    let place = Heading::ALL.iter().position(|h| *h == Heading::Kind).and_then(|n| u16::try_from(n).ok());
    match place {
        Some(place) => sheet.choices(place, Choices::Words(&["production", "test"]), "Choose production or test."),
        None => Ok(()),
    }
}

/// Writes the template: an empty sheet of partners, and beside it what goes into its columns.
pub fn write_template(temp: &Path, to: &Path) -> Result<(), SheetError> {
    let mut book = BookWriter::new(temp)?;
    kinds(&mut book.sheet(SHEET, &columns())?)?;
    let mut about = book.sheet("instructions", &[Column::new("Column", 16), Column::new("What goes into it", 100)])?;
    let lines = [
        (Heading::Partner.as_str(), "The name of the company that is invited, at most 64 characters. Required."),
        (
            Heading::Email.as_str(),
            "Where the invitation is sent. Empty: nothing is sent, and the link is on the contract's page.",
        ),
        (
            Heading::Message.as_str(),
            "What the partner reads, at most 200 characters. Empty: the message that you give for all when you invite.",
        ),
        (Heading::Note.as_str(), "For your colleagues, at most 100 characters. May be empty."),
        (Heading::Kind.as_str(), "production or test. Empty: production."),
        (
            Heading::End.as_str(),
            "The day on which the contract, and the link before it, end: 2027-01-31. Empty: they do not end.",
        ),
        (
            "",
            "One partner in each row, at most 2,000. The order of the columns does not matter; others are passed over.",
        ),
    ];
    for (column, words) in lines {
        about.row(&[Value::Text(column).into(), Value::Text(words).into()])?;
    }
    book.save(to)
}

/// Writes the rows of a batch with what came of each.
pub fn write_results(rows: &[BatchRow], temp: &Path, to: &Path) -> Result<(), SheetError> {
    let mut book = BookWriter::new(temp)?;
    let mut columns = columns();
    let [row, status, result, contract] = RESULT_COLUMNS;
    columns.extend([Column::new(row, 8), Column::new(status, 12), Column::new(result, 80), Column::new(contract, 24)]);
    let mut sheet = book.sheet(SHEET, &columns)?;
    kinds(&mut sheet)?;
    for row in rows {
        let words = &row.words;
        let (place, problem) = (words.place.to_string(), row.problem.as_ref().map(ToString::to_string));
        let problem = problem.unwrap_or_default();
        let fault = row.status.is_bad().then_some(problem.as_str()).filter(|text| !text.is_empty());
        let texts = [&words.partner, &words.email, &words.message, &words.note, &words.purpose, &words.expire_at];
        let mut cells: Vec<OutCell<'_>> = texts.iter().map(|text| Value::Text(text).into()).collect();
        cells.push(Value::Number(&place).into());
        cells.push(OutCell { value: Value::Text(row.status.as_str()), fault });
        cells.push(Value::Text(&problem).into());
        cells.push(Value::Text(row.contract.as_deref().unwrap_or_default()).into());
        sheet.row(&cells)?;
    }
    book.save(to)
}

/// A file with what came of the rows of a batch; it is gone once it is closed. The error is for the log.
pub fn results_file(rows: &[BatchRow], files: &Files) -> Result<File, String> {
    written(files, |temp, to| write_results(rows, temp, to))
}

/// A file with the template, likewise.
pub fn template_file(files: &Files) -> Result<File, String> {
    written(files, write_template)
}

fn written(files: &Files, write: impl FnOnce(&Path, &Path) -> Result<(), SheetError>) -> Result<File, String> {
    let temp = files.temp_file().map_err(|e| e.text().to_string())?;
    write(files.temp_folder(), temp.path()).map_err(|e| e.text().to_string())?;
    temp.reopen().map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_csv(text: &str) -> Result<Sheet, String> {
        let rows = CsvReader::new(text.as_bytes(), SHEET, limits()).map_err(Unusable::from);
        rows.and_then(|mut rows| rows_of(&mut rows)).map_err(|e| match e {
            Unusable::Sender(text) => text.to_string(),
            Unusable::Ours(text) => panic!("{text}"),
        })
    }

    #[test]
    fn rows_keep_their_numbers_and_empty_ones_are_passed_over() {
        let sheet = read_csv("E-mail;Colour;Partner\n a@b.example ;red;Acme\n;blue;\n;;\n;;Bolt\n").unwrap();
        let found: Vec<(i32, &str, &str)> =
            sheet.rows.iter().map(|r| (r.place, r.partner.as_str(), r.email.as_str())).collect();
        assert_eq!(found, [(2, "Acme", "a@b.example"), (5, "Bolt", "")]);
        assert_eq!(sheet.ignored, ["Colour"]);
    }

    #[test]
    fn a_sheet_that_is_none_is_refused_in_words() {
        assert!(read_csv("Partner\n").unwrap_err().starts_with("There are no partners"));
        assert!(read_csv("A,B\n1,2\n").unwrap_err().starts_with("There is no column Partner."));
        let many = format!("Partner\n{}", "x\n".repeat(2_001));
        assert!(read_csv(&many).unwrap_err().contains("2,000") || read_csv(&many).unwrap_err().contains("2,001"));
        assert!(read_csv(&format!("Partner\n{}", "x\n".repeat(2_000))).is_ok());
        let long = read_csv(&format!("Partner\n{}\n", "x".repeat(1_001))).unwrap();
        assert!(long.rows[0].fault.is_some() && long.rows[0].partner.is_empty());
    }

    #[test]
    fn what_a_file_is_says_its_content_first() {
        for (start, name, want) in [
            (&b"Partner,E-mail\n"[..], "partners.xlsx", true),
            (b"PK\x03\x04rest", "partners.csv", false),
            (b"%PDF-1.7", "partners.csv", false),
            (b"\xff\xfeP\0a\0", "partners.csv", true),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "partners.xls", false),
        ] {
            assert_eq!(is_csv(start, name), want, "{name}");
        }
    }

    #[test]
    fn the_template_can_be_read_and_has_every_column() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.xlsx");
        write_template(folder.path(), &path).unwrap();
        match read(&path, false) {
            Err(Unusable::Sender(text)) => assert!(text.to_string().starts_with("There are no partners")),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_workbook_with_results_can_be_uploaded_again() {
        let words = SheetRow {
            place: 7,
            partner: "=Acme".into(),
            expire_at: "2027-01-31".into(),
            purpose: "test".into(),
            ..SheetRow::default()
        };
        let row = BatchRow {
            id: "INV-1-0001".into(),
            words: words.clone(),
            status: super::super::model::RowStatus::Wrong,
            problem: Some(Text::new("Wrong.")),
            contract: None,
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.xlsx");
        write_results(&[row], folder.path(), &path).unwrap();
        let again = read(&path, false).unwrap();
        assert_eq!(again.rows, [SheetRow { place: 2, ..words }]);
        assert!(again.ignored.is_empty(), "{:?}", again.ignored);
    }
}
