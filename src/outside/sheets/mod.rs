//! Spreadsheets: reading what strangers send, writing what people download, in bounded memory.
//!
//! [`Workbook`] and [`CsvReader`] give rows one at a time through [`RowReader`]; [`Header`] maps the names of
//! columns to their places; [`BookWriter`] and [`CsvWriter`] write. Numbers are exact decimal text on both
//! ways (see [`number`]).

mod cell;
mod csv;
pub mod dates;
mod error;
mod header;
mod limits;
pub mod number;
mod read;
mod write;

pub use self::cell::{BadCell, Cell, Row, cell_name, column_letters};
pub use self::csv::{CsvReader, CsvWriter};
pub use self::dates::DateSystem;
pub use self::error::{Kind, Part, SheetError};
pub use self::header::{Header, HeaderColumn};
pub use self::limits::Limits;
pub use self::read::{Rows, Sheet, Workbook};
pub use self::write::{BookWriter, Choices, Column, OutCell, SheetWriter, Value};

/// Anything that gives rows one at a time.
pub trait RowReader {
    /// The next row that holds a value; nothing after the last. The row is valid until the next call.
    fn next_row(&mut self) -> Result<Option<&Row>, SheetError>;

    /// The sheet's name, for messages.
    fn name(&self) -> &str;
}
