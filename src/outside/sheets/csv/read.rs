//! Reading CSV.

use std::io::{self, BufRead, BufReader, Read};

use crate::outside::sheets::cell::{Cell, Row, text_cell};
use crate::outside::sheets::limits::EXCEL_COLUMNS;
use crate::outside::sheets::{Limits, RowReader, SheetError};

/// Bytes that one record may have; a forgotten closing quote swallows the rest of the file.
const RECORD_BYTES: usize = 1 << 20;
/// How much is looked at to find out the separator.
const SAMPLE_BYTES: usize = 64 << 10;

/// The rows of a CSV file that hold a value. UTF-8 with or without byte order mark; the separator is the
/// one of `,` `;` and tab that is most frequent in the first line. All values are text.
pub struct CsvReader<R: Read> {
    inner: ::csv::Reader<Metered<BufReader<R>>>,
    record: ::csv::ByteRecord,
    name: String,
    limits: Limits,
    row: Row,
    seen_rows: u32,
}

impl<R: Read> CsvReader<R> {
    /// Starts reading; `name` is how messages speak of the file.
    pub fn new(from: R, name: &str, limits: Limits) -> Result<Self, SheetError> {
        let mut source = BufReader::with_capacity(SAMPLE_BYTES, from);
        let sample = source.fill_buf()?;
        let sample = sample.strip_prefix("\u{feff}".as_bytes()).unwrap_or(sample);
        if sample.starts_with(&[0xff, 0xfe]) || sample.starts_with(&[0xfe, 0xff]) || sample.contains(&0) {
            return Err(SheetError::CsvNotUtf8(1));
        }
        let separator = separator_of(sample);
        let source = Metered { inner: source, left: RECORD_BYTES, total: limits.file_bytes };
        let inner =
            ::csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(source);
        let record = ::csv::ByteRecord::new();
        Ok(CsvReader { inner, record, name: name.to_owned(), limits, row: Row::default(), seen_rows: 0 })
    }

    fn read_record(&mut self) -> Result<bool, SheetError> {
        self.inner.get_mut().left = RECORD_BYTES;
        let line = self.inner.position().line();
        match self.inner.read_byte_record(&mut self.record) {
            Ok(more) => Ok(more),
            Err(_) if self.inner.get_ref().total == 0 => Err(SheetError::FileTooLarge(self.limits.file_bytes)),
            Err(_) if self.inner.get_ref().left == 0 => Err(SheetError::CsvLineTooLong(line)),
            Err(error) => match error.into_kind() {
                ::csv::ErrorKind::Io(error) => Err(SheetError::Io(error)),
                other => Err(SheetError::CsvUnreadable { line, detail: format!("{other:?}") }),
            },
        }
    }

    fn take_record(&mut self, line: u64) -> Result<(), SheetError> {
        let number = u32::try_from(line).unwrap_or(u32::MAX);
        self.row.start(number);
        for (column, field) in self.record.iter().enumerate() {
            let Ok(text) = std::str::from_utf8(field) else {
                return Err(SheetError::CsvNotUtf8(line));
            };
            let text = if self.seen_rows == 0 && column == 0 { text.trim_start_matches('\u{feff}') } else { text };
            if text.is_empty() {
                continue;
            }
            let column = u32::try_from(column).unwrap_or(EXCEL_COLUMNS);
            if column >= self.limits.columns {
                let limit = self.limits.columns;
                return Err(SheetError::TooManyColumns { sheet: self.name.clone(), column, row: number, limit });
            }
            let cell = text_cell(text, self.limits.cell_chars);
            if cell != Cell::Empty {
                self.row.put(column, cell);
            }
        }
        Ok(())
    }
}

impl<R: Read> RowReader for CsvReader<R> {
    fn next_row(&mut self) -> Result<Option<&Row>, SheetError> {
        loop {
            if !self.read_record()? {
                return Ok(None);
            }
            let line = self.record.position().map_or(0, ::csv::Position::line);
            self.take_record(line)?;
            if self.row.is_blank() {
                continue;
            }
            self.seen_rows += 1;
            if self.seen_rows > self.limits.rows {
                return Err(SheetError::TooManyRows { sheet: self.name.clone(), limit: self.limits.rows });
            }
            return Ok(Some(&self.row));
        }
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// The most frequent of the usual separators in the first line, outside quotes; a comma in doubt.
fn separator_of(sample: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator == byte) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    // `max_by_key` would give the last of equals.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| separator)
}

/// A reader that fails once a record, or the whole file, takes more than its share.
struct Metered<R> {
    inner: R,
    left: usize,
    total: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || self.total == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "too long"));
        }
        let most = into.len().min(8 << 10);
        let count = self.inner.read(&mut into[..most])?;
        self.left = self.left.saturating_sub(count);
        self.total = self.total.saturating_sub(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(csv: &[u8], limits: Limits) -> Result<Vec<(u32, Vec<String>)>, SheetError> {
        let mut reader = CsvReader::new(csv, "records.csv", limits)?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push((row.number(), (0..4).map(|column| row.cell(column).shown().into_owned()).collect()));
        }
        Ok(rows)
    }

    #[test]
    fn separators_quotes_and_blank_lines() {
        let read =
            rows("\u{feff}id;note\r\n\r\n7;\"a;\"\"b\"\"\nc\"\r\n;;\r\n8\r\n".as_bytes(), Limits::default()).unwrap();
        assert_eq!(read.len(), 3);
        assert_eq!(read[0], (1, vec!["id".into(), "note".into(), "".into(), "".into()]));
        assert_eq!(read[1].1[1], "a;\"b\"\nc");
        assert_eq!(read[2].1[0], "8");
        assert_eq!(separator_of(b"a\tb\tc,d\n"), b'\t');
        assert_eq!(separator_of(b"\"a;b;c\",d\n"), b',');
        assert_eq!(separator_of(b"one"), b',');
    }

    #[test]
    fn everything_has_a_bound() {
        let open_quote = [b"a,b\n1,\"".as_slice(), &vec![b'x'; 3 << 20]].concat();
        let error = rows(&open_quote, Limits::default()).unwrap_err();
        assert!(error.to_string().contains("closing quote"), "{error}");
        let small = |file_bytes, rows, columns| Limits { file_bytes, rows, columns, ..Limits::default() };
        let many = "a,b,c\n".repeat(20_000);
        assert!(matches!(rows(many.as_bytes(), small(50_000, 9, 9)), Err(SheetError::TooManyRows { .. })));
        assert!(matches!(rows(many.as_bytes(), small(50_000, 90_000, 9)), Err(SheetError::FileTooLarge(_))));
        assert!(matches!(rows(many.as_bytes(), small(500_000, 90_000, 2)), Err(SheetError::TooManyColumns { .. })));
    }

    #[test]
    fn other_encodings_are_refused_with_advice() {
        for bytes in [b"\xff\xfea\0b\0".as_slice(), b"a,b\nGr\xf6\xdfe,2\n", b"a\0b"] {
            let error = rows(bytes, Limits::default()).unwrap_err();
            assert!(error.to_string().contains("CSV UTF-8"), "{error}");
        }
    }
}
