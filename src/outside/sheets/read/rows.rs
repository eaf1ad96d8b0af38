//! The rows of one sheet, one at a time.

use std::fs::File;
use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use zip::read::ZipFile;

use super::strings::{Strings, read_rich_text, unescape};
use super::styles::Styles;
use super::xml::{XmlPart, unescaped};
use crate::outside::sheets::cell::{BadCell, Cell, Row, text_cell};
use crate::outside::sheets::dates::{self, DateSystem};
use crate::outside::sheets::error::shortened;
use crate::outside::sheets::limits::{EXCEL_COLUMNS, EXCEL_ROWS};
use crate::outside::sheets::{Limits, RowReader, SheetError, number};

/// What a sheet's cells refer to outside of it.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) strings: &'a Strings,
    pub(super) styles: &'a Styles,
    pub(super) dates: DateSystem,
    pub(super) limits: &'a Limits,
}

/// The rows of one sheet that hold a value, in order. Memory: one row.
pub struct Rows<'a> {
    inner: RowsOf<'a, ZipFile<'a, BufReader<File>>>,
}

pub(super) struct RowsOf<'a, R: Read> {
    part: XmlPart<R>,
    around: Around<'a>,
    sheet: String,
    size: u64,
    declared_rows: Option<u32>,
    row: Row,
    last_row: u32,
    seen_rows: u32,
    finished: bool,
    value: String,
}

impl<'a> Rows<'a> {
    pub(super) fn over(inner: RowsOf<'a, ZipFile<'a, BufReader<File>>>) -> Self {
        Rows { inner }
    }

    /// The sheet's name as written in the workbook.
    pub fn sheet(&self) -> &str {
        &self.inner.sheet
    }

    /// Unpacked bytes read, and bytes in all: for a progress bar.
    pub fn progress(&self) -> (u64, u64) {
        (self.inner.part.bytes_read().min(self.inner.size), self.inner.size)
    }

    /// The number of the last row as the workbook declares it: a hint for a progress bar, nothing more.
    pub fn declared_rows(&self) -> Option<u32> {
        self.inner.declared_rows
    }
}

impl RowReader for Rows<'_> {
    fn next_row(&mut self) -> Result<Option<&Row>, SheetError> {
        self.inner.next_row()
    }

    fn name(&self) -> &str {
        &self.inner.sheet
    }
}

/// The type attribute of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Untyped,
    Number,
    Shared,
    Inline,
    Formula,
    Bool,
    Date,
    Error,
    Unknown(String),
}

/// The attributes of a cell.
struct CellHead {
    address: Option<Address>,
    style: Option<usize>,
    kind: Kind,
}

enum Address {
    Good { column: u32, row: u32 },
    Bad(String),
}

impl<'a, R: Read> RowsOf<'a, R> {
    /// Reads as far as the first row.
    pub(super) fn start(
        mut part: XmlPart<R>,
        around: Around<'a>,
        sheet: String,
        size: u64,
    ) -> Result<Self, SheetError> {
        let mut declared_rows = None;
        let mut root = false;
        let mut finished = false;
        loop {
            let Some(event) = part.next()? else {
                finished = true;
                break;
            };
            let Event::Start(element) = event else { continue };
            match element.local_name().as_ref() {
                "worksheet" => root = true,
                "dimension" => {
                    let last = super::xml::attribute(&element, "ref");
                    declared_rows = last.as_deref().and_then(last_row);
                }
                "sheetData" if root => break,
                other if !root => {
                    let detail = format!("it is “{}” where a worksheet is expected", shortened(other));
                    return Err(part.broken(detail));
                }
                _ => {}
            }
        }
        Ok(RowsOf {
            part,
            around,
            sheet,
            size,
            declared_rows,
            row: Row::default(),
            last_row: 0,
            seen_rows: 0,
            finished,
            value: String::new(),
        })
    }

    pub(super) fn next_row(&mut self) -> Result<Option<&Row>, SheetError> {
        while !self.finished {
            match self.part.next()? {
                Some(Event::Start(element)) if element.local_name().as_ref() == "row" => {
                    let number = super::xml::attribute(&element, "r");
                    self.read_row(number)?;
                    if !self.row.is_blank() {
                        self.seen_rows += 1;
                        if self.seen_rows > self.around.limits.rows {
                            let limit = self.around.limits.rows;
                            return Err(SheetError::TooManyRows { sheet: self.sheet.clone(), limit });
                        }
                        return Ok(Some(&self.row));
                    }
                }
                Some(Event::Start(_)) => self.part.skip()?,
                Some(Event::End(_)) | None => {
                    self.finished = true;
                    // Only at the very end is it certain that the part is whole: its checksum is compared there.
                    while self.part.next()?.is_some() {}
                }
                Some(_) => {}
            }
        }
        Ok(None)
    }

    fn read_row(&mut self, number: Option<String>) -> Result<(), SheetError> {
        let number = match number {
            None => self.last_row + 1,
            Some(text) => match text.parse::<u32>() {
                Ok(number) => number,
                Err(_) => return Err(self.part.broken(format!("row number “{}”", shortened(&text)))),
            },
        };
        if number <= self.last_row {
            return Err(self.part.broken(format!("row {number} comes after row {}", self.last_row)));
        }
        if number > EXCEL_ROWS {
            return Err(self.part.broken(format!("row {number} is more than Excel has")));
        }
        self.row.start(number);
        let mut next_column = 0;
        let mut cells = 0;
        loop {
            let head = match self.part.next()? {
                Some(Event::Start(element)) if element.local_name().as_ref() == "c" => Some(cell_head(&element)),
                Some(Event::Start(_)) => None,
                Some(Event::End(_)) | None => break,
                Some(_) => continue,
            };
            match head {
                Some(_) if cells == EXCEL_COLUMNS => {
                    return Err(self.part.broken(format!("more than {EXCEL_COLUMNS} cells in row {number}")));
                }
                Some(head) => {
                    cells += 1;
                    next_column = self.read_cell(head, number, next_column)?;
                }
                None => self.part.skip()?,
            }
        }
        self.last_row = number;
        self.part.at_row(number);
        Ok(())
    }

    /// Reads one cell into the row; gives the column after it.
    fn read_cell(&mut self, head: CellHead, row: u32, next_column: u32) -> Result<u32, SheetError> {
        let column = match head.address {
            None => next_column,
            Some(Address::Good { column, row: own }) if own == row => column,
            Some(Address::Good { column, row: own }) => {
                let name = super::cell_name(column, own);
                return Err(self.part.broken(format!("cell {name} stands in row {row}")));
            }
            Some(Address::Bad(address)) => {
                return Err(SheetError::BadAddress { sheet: self.sheet.clone(), row, address });
            }
        };
        let cell = self.read_value(head.kind, head.style)?;
        if cell != Cell::Empty {
            if column >= self.around.limits.columns {
                let limit = self.around.limits.columns;
                return Err(SheetError::TooManyColumns { sheet: self.sheet.clone(), column, row, limit });
            }
            if !self.row.put(column, cell) {
                return Err(self.part.broken(format!("cell {} is there twice", super::cell_name(column, row))));
            }
        }
        Ok(column.saturating_add(1))
    }

    /// Reads what is inside a cell, as far as the cell's end.
    fn read_value(&mut self, kind: Kind, style: Option<usize>) -> Result<Cell, SheetError> {
        enum Inside {
            Value,
            InlineText,
            Formula,
            Other,
        }
        let max_chars = self.around.limits.cell_chars;
        self.value.clear();
        let mut formula = false;
        loop {
            let inside = match self.part.next()? {
                Some(Event::Start(element)) => match element.local_name().as_ref() {
                    "v" => Inside::Value,
                    "is" => Inside::InlineText,
                    "f" => Inside::Formula,
                    _ => Inside::Other,
                },
                Some(Event::End(_)) | None => break,
                Some(_) => continue,
            };
            match (inside, &kind) {
                (Inside::InlineText, Kind::Inline) => read_rich_text(&mut self.part, &mut self.value, max_chars)?,
                // Some writers repeat an inline text as a value, or the other way round.
                (Inside::InlineText, _) | (Inside::Value, Kind::Inline) | (Inside::Other, _) => self.part.skip()?,
                (Inside::Value, _) => self.part.text(&mut self.value, max_chars.saturating_mul(28))?,
                (Inside::Formula, _) => {
                    formula = true;
                    self.part.skip()?;
                }
            }
        }
        self.interpreted(kind, style, formula)
    }

    fn interpreted(&mut self, kind: Kind, style: Option<usize>, formula: bool) -> Result<Cell, SheetError> {
        let max_chars = self.around.limits.cell_chars;
        let bad_value = |make: fn(String) -> BadCell, value: &str| Cell::Bad(make(shortened(value)));
        if kind == Kind::Formula {
            unescape(&mut self.value);
        }
        let value = self.value.as_str();
        if value.is_empty() {
            // An empty text is a proper result of a formula; no result at all is not.
            let uncalculated = formula && kind != Kind::Formula;
            return Ok(if uncalculated { Cell::Bad(BadCell::FormulaWithoutValue) } else { Cell::Empty });
        }
        Ok(match kind {
            Kind::Inline | Kind::Formula => text_cell(value, max_chars),
            Kind::Shared => {
                let text = value.trim().parse().ok().and_then(|index| self.around.strings.get(index));
                match text {
                    Some(text) => text_cell(text, max_chars),
                    None => {
                        return Err(self.part.broken(format!("text {} is not in the text table", shortened(value))));
                    }
                }
            }
            Kind::Number | Kind::Untyped => {
                let plain = if formula { number::from_formula(value) } else { number::from_cell(value) };
                match plain {
                    Some(plain) if self.around.styles.is_date(style) => {
                        match dates::from_serial(&plain, self.around.dates) {
                            Ok(at) => Cell::DateTime(at),
                            Err(bad) => Cell::Bad(bad),
                        }
                    }
                    Some(plain) => Cell::Number(plain),
                    // Text without a type is not allowed, but some writers do it and no doubt is possible.
                    None if kind == Kind::Untyped => text_cell(value, max_chars),
                    None => bad_value(BadCell::NotANumber, value),
                }
            }
            Kind::Bool => match value.trim() {
                "1" | "true" | "TRUE" => Cell::Bool(true),
                "0" | "false" | "FALSE" => Cell::Bool(false),
                other => bad_value(BadCell::NotABool, other),
            },
            Kind::Date => match dates::from_iso(value) {
                Ok(at) => Cell::DateTime(at),
                Err(_) => bad_value(BadCell::NotADate, value),
            },
            Kind::Error => bad_value(BadCell::ErrorValue, value),
            // One old program writes the type `0` or `null` and no value, which is an empty cell.
            Kind::Unknown(kind) => Cell::Bad(BadCell::UnknownType(kind)),
        })
    }
}

fn cell_head(element: &BytesStart<'_>) -> CellHead {
    let mut head = CellHead { address: None, style: None, kind: Kind::Untyped };
    let mut attributes = element.attributes();
    for attribute in attributes.with_checks(false).flatten() {
        let value = attribute.value.as_ref();
        match attribute.key.as_ref() {
            "r" => head.address = Some(address(value)),
            "s" => head.style = value.parse().ok(),
            "t" => {
                head.kind = match value {
                    "n" => Kind::Number,
                    "s" => Kind::Shared,
                    "inlineStr" => Kind::Inline,
                    "str" => Kind::Formula,
                    "b" => Kind::Bool,
                    "d" => Kind::Date,
                    "e" => Kind::Error,
                    other => Kind::Unknown(shortened(&unescaped(other))),
                }
            }
            _ => {}
        }
    }
    head
}

/// Reads `B7` as column 1 and row 7.
fn address(text: &str) -> Address {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let mut column: u32 = 0;
    for byte in text.bytes().take(letters.min(4)) {
        column = column * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
    }
    let digits = &text[letters..];
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let row = digits.parse().ok().filter(|row| only_digits && (1..=EXCEL_ROWS).contains(row));
    match row {
        Some(row) if (1..=EXCEL_COLUMNS).contains(&column) && letters <= 3 => Address::Good { column: column - 1, row },
        _ => Address::Bad(shortened(&unescaped(text))),
    }
}

/// The last row of a range such as `A1:W6`.
fn last_row(range: &str) -> Option<u32> {
    let last = range.rsplit(':').next()?;
    match address(last) {
        Address::Good { row, .. } => Some(row),
        Address::Bad(_) => None,
    }
}
