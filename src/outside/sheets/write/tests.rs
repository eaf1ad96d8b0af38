//! What is written, read again and looked at.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::outside::sheets::{Cell, Limits, RowReader, Workbook as ReadBook};

fn saved(fill: impl FnOnce(&mut BookWriter)) -> tempfile::NamedTempFile {
    let folder = tempfile::tempdir().unwrap();
    let mut book = BookWriter::new(folder.path()).unwrap();
    fill(&mut book);
    let file = tempfile::NamedTempFile::new().unwrap();
    book.save(file.path()).unwrap();
    file
}

fn first_column(file: &tempfile::NamedTempFile) -> Vec<Cell> {
    let mut book = ReadBook::open(file.path(), Limits::default()).unwrap();
    let mut rows = book.rows(0).unwrap();
    let mut cells = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        cells.push(row.cell(0).clone());
    }
    cells
}

fn part(file: &tempfile::NamedTempFile, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(file.as_file()).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    let at = jiff::civil::date(2026, 5, 31).at(23, 59, 59, 999_000_000);
    let values = [
        (Value::Text("=HYPERLINK(\"http://example.com\")"), Cell::Text("=HYPERLINK(\"http://example.com\")".into())),
        (Value::Text(" R&D <x> _x0041_ \n"), Cell::Text(" R&D <x> _x0041_ \n".into())),
        (Value::Number("0.1"), Cell::Number("0.1".into())),
        (Value::Number("-12345678.1234567"), Cell::Number("-12345678.1234567".into())),
        (Value::Number("4.0000"), Cell::Number("4".into())),
        (Value::Number("12345678901234567890.12345678"), Cell::Text("12345678901234567890.12345678".into())),
        (Value::Number("unlimited"), Cell::Text("unlimited".into())),
        (Value::Bool(false), Cell::Bool(false)),
        (Value::DateTime(at), Cell::DateTime(at)),
        (Value::DateTime(jiff::civil::date(1899, 12, 31).at(1, 2, 3, 0)), Cell::Text("1899-12-31 01:02:03".into())),
    ];
    let file = saved(|book| {
        let mut sheet = book.sheet("values", &[]).unwrap();
        for (value, _) in &values {
            let value = *value;
            sheet.row(&[value.into()]).unwrap();
            sheet.row(&[OutCell { value, fault: Some("is wrong") }]).unwrap();
        }
    });
    let twice: Vec<Cell> = values.iter().flat_map(|(_, cell)| [cell.clone(), cell.clone()]).collect();
    assert_eq!(first_column(&file), twice);
    assert!(!part(&file, "xl/worksheets/sheet1.xml").contains("<f>"));
}

#[test]
fn faults_headers_and_choices_are_there() {
    let file = saved(|book| {
        let mut sheet = book.sheet("records", &[Column::text("record_id", 20), Column::new("criteria", 9)]).unwrap();
        let bad = OutCell { value: Value::Empty, fault: Some("The value is missing") };
        assert_eq!(sheet.row(&[Value::Text("one").into(), bad]).unwrap(), 2);
        sheet.choices(1, Choices::Words(&["item.mpn", "item.global_id"]), "Choose one of the list").unwrap();
        assert!(sheet.choices(1, Choices::Words(&["a,b"]), "").is_err());
        let values = Choices::Column { sheet: "it's values", column: 27, last_row: 9 };
        sheet.choices(0, values, "").unwrap();
        book.sheet("it's values", &[]).unwrap().row(&[]).unwrap();
    });
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<pane ySplit=\"1\""), "{sheet}");
    assert!(sheet.contains("&quot;item.mpn,item.global_id&quot;") || sheet.contains("\"item.mpn,item.global_id\""));
    assert!(sheet.contains("'it''s values'!$AB$2:$AB$9"), "{sheet}");
    assert!(sheet.contains("sqref=\"B2:B1048576\""), "{sheet}");
    assert!(part(&file, "xl/comments1.xml").contains("The value is missing"));
    assert!(part(&file, "xl/styles.xml").contains("FFC92A2A"));
}

#[test]
fn impossible_sheets_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = BookWriter::new(folder.path()).unwrap();
    assert!(matches!(book.sheet("a/b", &[]), Err(SheetError::Write(_))));
    assert!(matches!(BookWriter::new(&folder.path().join("absent")), Err(SheetError::Io(_) | SheetError::Write(_))));
    let mut full = BookWriter::new(folder.path()).unwrap();
    let mut sheet = full.sheet("full", &[]).unwrap();
    sheet.next_row = EXCEL_ROWS - 1;
    assert_eq!(sheet.row(&[Value::Bool(true).into()]).unwrap(), EXCEL_ROWS);
    assert!(matches!(sheet.row(&[]), Err(SheetError::SheetFull(_))));
}

#[test]
fn a_panic_of_the_library_is_an_error_for_good() {
    let mut failed = false;
    let panicked: Result<(), _> = guarded(&mut failed, || panic!("disk full"));
    assert!(matches!(panicked, Err(SheetError::Write(_))));
    assert!(matches!(guarded(&mut failed, || Ok(())), Err(SheetError::Write(_))));
}

#[test]
fn long_texts_are_cut_with_a_sign() {
    assert_eq!(printable("abc", 3), "abc");
    assert_eq!(printable("abcd", 3), "ab…");
    assert_eq!(printable("🚀🚀🚀", 4), "🚀…");
    assert_eq!(printable("a\u{ffff}b", 3), "a\u{fffd}b");
    let file = saved(|book| {
        book.sheet("s", &[]).unwrap().row(&[Value::Text(&"ä".repeat(40_000)).into()]).unwrap();
    });
    assert!(matches!(&first_column(&file)[0], Cell::Text(text) if text.chars().count() == 32_767));
}

proptest! {
    #[test]
    fn any_text_survives(text in "\\PC{1,40}|_x[0-9A-F]{4}_{1,3}|[ \n\t=+@-]{1,5}[a-z&<>\"']{0,5}") {
        let folder = tempfile::tempdir().unwrap();
        let mut book = BookWriter::new(folder.path()).unwrap();
        book.sheet("s", &[]).unwrap().row(&[Value::Text(&text).into()]).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        book.save_to(file.as_file()).unwrap();
        let mut read = ReadBook::open(file.path(), Limits::default()).unwrap();
        let mut rows = read.rows(0).unwrap();
        let cell = rows.next_row().unwrap().map(|row| row.cell(0).clone());
        match cell {
            None => prop_assert!(text.trim().is_empty()),
            Some(cell) => prop_assert_eq!(cell, Cell::Text(text)),
        }
    }
}

#[test]
fn a_buffer_can_be_the_destination() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = BookWriter::new(folder.path()).unwrap();
    book.sheet("s", &[]).unwrap().row(&[Value::Bool(true).into()]).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    book.save_to(&mut bytes).unwrap();
    assert!(bytes.into_inner().starts_with(b"PK"));
}
