//! CSV files: written as a stream and safe to open in a spreadsheet program; read with bounds.

mod read;
mod write;

pub use self::read::CsvReader;
pub use self::write::CsvWriter;
