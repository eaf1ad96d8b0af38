//! Cells and rows as the reader hands them out.

use std::borrow::Cow;

use jiff::civil::DateTime;

use crate::kit::Text;

/// The value of one cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing, or an empty text.
    #[default]
    Empty,
    /// Text as written, line ends as `\n`; never empty, never with control characters other than
    /// tab and line end. Surrounding blanks are kept.
    Text(String),
    /// A number as exact decimal text: digits, at most one point, perhaps a leading minus; no exponent,
    /// no superfluous zeros. See [`super::number`] for how it comes about.
    Number(String),
    /// A truth value.
    Bool(bool),
    /// A number with a date style, or an ISO date. It has no zone; milliseconds at most.
    DateTime(DateTime),
    /// A cell that has something in it that cannot be used.
    Bad(BadCell),
}

/// Why the value of a cell cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadCell {
    /// A formula whose result was never calculated.
    FormulaWithoutValue,
    /// An error of the spreadsheet program, such as `#N/A`.
    ErrorValue(String),
    /// More characters than the limit.
    TooLong(usize),
    /// A control character that no text field may hold.
    ControlCharacter(char),
    /// A number cell that does not hold a usable number.
    NotANumber(String),
    /// A date cell outside the calendar (1900 to 9999), or on the day 1900-02-29, which never was.
    NotADate(String),
    /// A time of day where no date is given.
    TimeWithoutDate(String),
    /// A truth value other than 0 and 1.
    NotABool(String),
    /// A value with a cell type that the file format does not have.
    UnknownType(String),
}

impl BadCell {
    /// What is wrong and what to do.
    pub fn text(&self) -> Text {
        match self {
            BadCell::FormulaWithoutValue => Text::new(
                "This cell holds a formula without a calculated value. Open the file in Excel or LibreOffice, save it and upload it again.",
            ),
            BadCell::ErrorValue(value) => {
                Text::new("This cell holds the error {value}. Correct the formula or type the value.")
                    .arg("value", value)
            }
            BadCell::TooLong(limit) => {
                Text::new("This cell holds more than {limit:number} characters. Shorten it.").arg("limit", limit)
            }
            BadCell::ControlCharacter(char) => {
                Text::new("This cell contains the invisible control character {code}. Type the text again.")
                    .arg("code", format!("U+{:04X}", u32::from(*char)))
            }
            BadCell::NotANumber(value) => {
                Text::new("“{value}” is not a usable number. Type digits with a decimal point.").arg("value", value)
            }
            BadCell::NotADate(value) => {
                Text::new("{value} is not a date from 1900 to 9999. Type it like 2025-01-31 23:59:59.")
                    .arg("value", value)
            }
            BadCell::TimeWithoutDate(value) => {
                Text::new("This cell holds a time of day without a date ({value}). Type it like 2025-01-31 23:59:59.")
                    .arg("value", value)
            }
            BadCell::NotABool(value) => {
                Text::new("“{value}” is neither TRUE nor FALSE. Type one of them.").arg("value", value)
            }
            BadCell::UnknownType(kind) => Text::new(
                "This cell has the type “{kind}”, which Excel files do not have. Type the value again in Excel.",
            )
            .arg("kind", kind),
        }
    }
}

impl std::fmt::Display for BadCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text().fmt(f)
    }
}

impl Cell {
    /// Whether nothing can be seen in the cell: empty, or blanks only.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The value as text, surrounding blanks removed: what an id, a name or a criterion is read from.
    /// Numbers are their digits, so an id typed as a number is itself again; dates are
    /// `2025-01-31 23:59:59`. Nothing for an empty cell; a bad cell tells what is wrong.
    pub fn as_text(&self) -> Result<Option<Cow<'_, str>>, &BadCell> {
        Ok(match self {
            Cell::Bad(reason) => return Err(reason),
            _ if self.is_blank() => None,
            _ => Some(self.shown()),
        })
    }

    /// The value as a person would see it, for messages; empty for empty and bad cells.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty | Cell::Bad(_) => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text.trim()),
            Cell::Number(digits) => Cow::Borrowed(digits),
            Cell::Bool(true) => Cow::Borrowed("TRUE"),
            Cell::Bool(false) => Cow::Borrowed("FALSE"),
            Cell::DateTime(at) => Cow::Owned(show_date_time(at)),
        }
    }
}

fn show_date_time(at: &DateTime) -> String {
    let mut text = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let millis = at.subsec_nanosecond() / 1_000_000;
    if millis != 0 {
        text.push_str(&format!(".{millis:03}"));
    }
    text
}

/// One row that holds at least one value. The reader uses the same row again for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    pub(super) number: u32,
    pub(super) cells: Vec<(u32, Cell)>,
}

static EMPTY: Cell = Cell::Empty;

impl Row {
    /// The row's number as the spreadsheet program shows it, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The cell in a column counted from 0; [`Cell::Empty`] where there is none.
    pub fn cell(&self, column: u32) -> &Cell {
        match self.cells.binary_search_by_key(&column, |(at, _)| *at) {
            Ok(at) => &self.cells[at].1,
            Err(_) => &EMPTY,
        }
    }

    /// All cells that are not empty, by column from 0, in order.
    pub fn cells(&self) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells.iter().map(|(column, cell)| (*column, cell))
    }

    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|(_, cell)| cell.is_blank())
    }

    pub(super) fn start(&mut self, number: u32) {
        self.number = number;
        self.cells.clear();
    }

    /// Puts a cell in its place; false if the column already has one.
    pub(super) fn put(&mut self, column: u32, cell: Cell) -> bool {
        if self.cells.last().is_none_or(|(last, _)| *last < column) {
            self.cells.push((column, cell));
            return true;
        }
        match self.cells.binary_search_by_key(&column, |(at, _)| *at) {
            Ok(_) => false,
            Err(at) => {
                self.cells.insert(at, (column, cell));
                true
            }
        }
    }
}

/// A column counted from 0 in letters: 0 is `A`, 26 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        // The remainder is below 26, so the sum is an ASCII letter.
        letters.push(b'A' + (rest % 26) as u8);
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// The name of a cell, from a column counted from 0 and a row counted from 1: `B7`.
pub fn cell_name(column: u32, row: u32) -> String {
    format!("{}{row}", column_letters(column))
}

/// Takes text as a cell: line ends become `\n`; too long or with control characters is bad.
pub(super) fn text_cell(text: &str, max_chars: usize) -> Cell {
    if text.is_empty() {
        return Cell::Empty;
    }
    // Bytes are an upper bound of characters, so most cells need no counting.
    if text.len() > max_chars && text.chars().count() > max_chars {
        return Cell::Bad(BadCell::TooLong(max_chars));
    }
    let text = match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    };
    match text.chars().find(|char| char.is_control() && !matches!(char, '\n' | '\t')) {
        Some(char) => Cell::Bad(BadCell::ControlCharacter(char)),
        None => Cell::Text(text.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_their_letters() {
        for (column, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
        assert_eq!(cell_name(1, 7), "B7");
    }

    #[test]
    fn a_row_keeps_its_columns_in_order_and_refuses_a_second_value() {
        let mut row = Row::default();
        row.start(3);
        assert!(row.put(4, Cell::Bool(true)));
        assert!(row.put(1, Cell::Text("b".into())));
        assert!(!row.put(4, Cell::Bool(false)));
        assert_eq!(row.cells().map(|(column, _)| column).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(row.cell(4), &Cell::Bool(true));
        assert_eq!(row.cell(2), &Cell::Empty);
        assert_eq!(row.cell(u32::MAX), &Cell::Empty);
    }

    #[test]
    fn text_is_cleaned_and_bounded() {
        assert_eq!(text_cell("", 5), Cell::Empty);
        assert_eq!(text_cell("a\r\nb\rc", 10), Cell::Text("a\nb\nc".into()));
        assert_eq!(text_cell("äöüäö", 5), Cell::Text("äöüäö".into()));
        assert_eq!(text_cell("äöüäöü", 5), Cell::Bad(BadCell::TooLong(5)));
        assert_eq!(text_cell("a\0b", 5), Cell::Bad(BadCell::ControlCharacter('\0')));
        assert_eq!(text_cell("a\u{85}b", 5), Cell::Bad(BadCell::ControlCharacter('\u{85}')));
    }

    #[test]
    fn any_cell_reads_as_text() {
        let at = jiff::civil::date(2025, 1, 31).at(9, 5, 0, 250_000_000);
        assert_eq!(Cell::DateTime(at).as_text(), Ok(Some("2025-01-31 09:05:00.250".into())));
        assert_eq!(Cell::Number("554027867388".into()).as_text(), Ok(Some("554027867388".into())));
        assert_eq!(Cell::Text("  x ".into()).as_text(), Ok(Some("x".into())));
        assert_eq!(Cell::Text("\u{a0} ".into()).as_text(), Ok(None));
        assert_eq!(Cell::Bad(BadCell::FormulaWithoutValue).as_text(), Err(&BadCell::FormulaWithoutValue));
    }
}
