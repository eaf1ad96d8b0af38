//! How much a spreadsheet from outside may ask of us.

/// Limits of one spreadsheet. Each has a message of its own in [`super::SheetError`].
///
/// The defaults fit a usage file of 200,000 rows and twenty columns and keep the reader's own memory
/// below about 120 MB in the worst case, which is `string_bytes` plus four bytes per different text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file as uploaded, in bytes.
    pub file_bytes: u64,
    /// Parts inside the workbook (sheets, pictures, style tables and so on).
    pub parts: usize,
    /// Sum of the unpacked sizes of all parts, in bytes.
    pub unpacked_bytes: u64,
    /// How many times larger than packed a part above 16 MB may be.
    pub ratio: u64,
    /// Sum of the different texts in the workbook's text table, in bytes.
    pub string_bytes: usize,
    /// Number of different texts in the workbook's text table.
    pub strings: usize,
    /// Sheets in a workbook.
    pub sheets: usize,
    /// The last column that may hold a value, counted from 1.
    pub columns: u32,
    /// Rows that hold a value, the header row included.
    pub rows: u32,
    /// Characters in one cell.
    pub cell_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 50 << 20,
            parts: 2_000,
            unpacked_bytes: 1 << 30,
            ratio: 250,
            string_bytes: 96 << 20,
            strings: 4_000_000,
            sheets: 255,
            columns: 256,
            rows: 500_001,
            cell_chars: 32_767,
        }
    }
}

/// The largest row number and the largest column number an Excel sheet can have.
pub(super) const EXCEL_ROWS: u32 = 1_048_576;
pub(super) const EXCEL_COLUMNS: u32 = 16_384;
