//! Reads workbooks that other programs wrote, openpyxl and LibreOffice Calc, and reports usage with them.
//!
//! `make test` makes them first; by hand:
//!
//! ```text
//! python3 -m venv target/python && target/python/bin/pip install openpyxl==3.1.5
//! target/python/bin/python tests/workbooks/make_workbooks.py target/test-workbooks
//! target/python/bin/python tests/workbooks/make_workbooks.py target/test-workbooks --soffice
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests stand outside the program's doors")]

#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
mod support;
mod usage;

use std::path::PathBuf;

use causeway::outside::sheets::{BadCell, Cell, Header, Kind, Limits, Part, RowReader, SheetError, Workbook};
use jiff::civil::{DateTime, date};

fn path(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/test-workbooks").join(name);
    assert!(path.exists(), "{} is missing; the commands that make it are in tests/workbooks/main.rs", path.display());
    path
}

type Read = Vec<(u32, Vec<(u32, Cell)>)>;

fn read(name: &str) -> Result<Read, SheetError> {
    let mut book = Workbook::open(&path(name), Limits::default())?;
    let sheet = book.need_sheet(&["records", "usage_records"])?;
    let mut rows = book.rows(sheet)?;
    let mut read = Vec::new();
    while let Some(row) = rows.next_row()? {
        read.push((row.number(), row.cells().map(|(column, cell)| (column, cell.clone())).collect()));
    }
    Ok(read)
}

/// The second column by the first.
fn values(name: &str) -> Vec<(String, Cell)> {
    let rows = read(name).unwrap();
    let mut named = Vec::new();
    for (_, cells) in rows.into_iter().skip(1) {
        let mut cells = cells.into_iter();
        let Some((0, Cell::Text(kind))) = cells.next() else { panic!("a row without a kind") };
        named.push((kind, cells.next().map(|(_, cell)| cell).unwrap_or_default()));
    }
    named
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn number(digits: &str) -> Cell {
    Cell::Number(digits.into())
}

fn at(date_time: DateTime) -> Cell {
    Cell::DateTime(date_time)
}

#[test]
fn every_kind_of_value_is_read_from_both_writers() {
    let shared = [
        ("text", text("plain")),
        ("text with blanks", text("  a  b ")),
        ("text with markup", text("R&D <\"'> =1+1")),
        ("text with line ends", text("one\ntwo")),
        ("text of several scripts", text("Größe 数量 🚀")),
        ("integer", number("554027867388")),
        ("tenth", number("0.1")),
        ("sum of floats", number("0.3")),
        ("price", number("83.25")),
        ("negative", number("-0.00000001")),
        ("large", number("1000000000000000000000")),
        ("true", Cell::Bool(true)),
        ("false", Cell::Bool(false)),
        ("date", at(date(2026, 5, 31).at(0, 0, 0, 0))),
        ("date and time", at(date(2019, 11, 13).at(7, 20, 42, 0))),
        ("moment", at(date(2026, 5, 31).at(23, 59, 59, 999_000_000))),
        ("length of time", number("1.5")),
        ("error", Cell::Bad(BadCell::ErrorValue("#N/A".into()))),
        ("empty", Cell::Empty),
    ];
    // Calc keeps 15 digits, and calculates formulas.
    let own = |name: &str| match name {
        "values.xlsx" => (number("12345678.12345678"), Cell::Bad(BadCell::FormulaWithoutValue)),
        _ => (number("12345678.1234568"), number("2")),
    };
    for file in ["values.xlsx", "by-calc.xlsx"] {
        let read = values(file);
        let find = |kind: &str| {
            let found = read.iter().find(|(known, _)| known == kind);
            found.map(|(_, cell)| cell.clone()).unwrap_or_else(|| panic!("{file} has no {kind}"))
        };
        for (kind, cell) in &shared {
            assert_eq!(&find(kind), cell, "{kind} in {file}");
        }
        assert_eq!((find("sixteen digits"), find("formula")), own(file), "{file}");
        assert!(matches!(find("time of day"), Cell::Bad(BadCell::TimeWithoutDate(_))), "{file}");
    }
    assert_eq!(read("from-1904.xlsx").unwrap()[1].1, [(0, at(date(2019, 11, 13).at(7, 20, 42, 0)))]);
}

#[test]
fn sheets_and_columns_are_found_by_name() {
    let mut book = Workbook::open(&path("sheets.xlsx"), Limits::default()).unwrap();
    let names: Vec<&str> = book.sheets().iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["Worksheet", "USAGE_RECORDS ", "categories", "empty", "hidden"]);
    assert!(book.sheets()[4].hidden);
    let records = book.need_sheet(&["records", "usage_records"]).unwrap();
    let mut rows = book.rows(records).unwrap();
    let header = Header::read(&mut rows).unwrap();
    assert_eq!(header.find(&["record_id", "usage_record_id"]), Some(0));
    assert_eq!(rows.next_row().unwrap().unwrap().cell(0), &text("first usage_record_id"));
    drop(rows);
    let empty = book.need_sheet(&["empty"]).unwrap();
    assert!(matches!(Header::read(&mut book.rows(empty).unwrap()), Err(SheetError::NoHeader(_))));
}

#[test]
fn sheets_edited_by_hand_are_read_where_their_cells_are() {
    let rows = read("by-hand.xlsx").unwrap();
    assert_eq!(rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 4, 1_048_576]);
    assert_eq!(rows[0].1[0], (1, text("record_id")));
    assert_eq!(rows[2].1, [(1, text("record-2"))]);
    for name in ["plain.xlsx", "shared.xlsx", "prefixed.xlsx", "no-addresses.xlsx"] {
        assert_eq!(read(name).unwrap()[2].1, [(0, text("two")), (1, number("3")), (2, number("4"))], "{name}");
    }
    let tiers = read("illegal-type.xlsx").unwrap();
    assert_eq!(tiers[1].1, [(0, text("one")), (2, number("2"))]);
}

#[test]
fn hostile_and_damaged_workbooks_are_refused_for_the_right_reason() {
    let error = |name: &str| read(name).err().unwrap_or_else(|| panic!("{name} was read"));
    let texts = |name: &str| matches!(error(name), SheetError::Broken { part: Part::Texts, .. });
    let sheet = |name: &str| matches!(error(name), SheetError::Broken { part: Part::Sheet(_), .. });
    let kind = |name: &str, wanted: Kind| matches!(error(name), SheetError::NotAWorkbook(kind) if kind == wanted);
    assert!(texts("ampersand.xlsx") && texts("less-than.xlsx"));
    assert!(sheet("deep.xlsx") && sheet("no-such-text.xlsx") && sheet("row-twice.xlsx") && sheet("cell-twice.xlsx"));
    assert!(matches!(error("entity.xlsx"), SheetError::DocumentType(Part::Texts)));
    assert!(matches!(error("past-z.xlsx"), SheetError::BadAddress { row: 2, address, .. } if address == "[2"));
    assert!(matches!(error("far-cell.xlsx"), SheetError::TooManyColumns { column: 16_383, row: 1_048_576, .. }));
    assert!(matches!(error("wide.xlsx"), SheetError::TooManyColumns { column: 256, row: 1, .. }));
    assert!(matches!(error("sheet-twice.xlsx"), SheetError::SheetTwice(_)));
    assert!(matches!(error("no-sheet.xlsx"), SheetError::NoSheet { .. }));
    assert!(matches!(error("bomb.xlsx"), SheetError::PackedTooTightly(_)));
    assert!(matches!(error("many-parts.xlsx"), SheetError::TooManyParts(_)));
    assert!(kind("empty.xlsx", Kind::Empty) && kind("comma.xlsx", Kind::Text));
    assert!(kind("cut-off.xlsx", Kind::DamagedZip) && kind("other-zip.xlsx", Kind::OtherZip));
    assert!(kind("by-calc.ods", Kind::Ods) && kind("by-calc.xls", Kind::Xls));
}
