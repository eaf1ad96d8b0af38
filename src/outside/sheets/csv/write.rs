//! Writing CSV.

use std::borrow::Cow;
use std::io::{self, Write};

/// Writes CSV (RFC 4180: commas, quotes where needed, CR LF) row by row.
///
/// A cell that a spreadsheet program would take for a formula (it starts with `=`, `+`, `-`, `@`, their
/// wide forms, a tab or a line end) is given a leading `'`, so that nothing runs when a person opens the
/// file. Plain numbers keep their sign. The same goes for what stands behind a semicolon or a tab, where
/// some of these programs begin a new cell.
pub struct CsvWriter<W: Write> {
    inner: ::csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// For programs: UTF-8 as it is.
    pub fn new(to: W) -> Self {
        let inner = ::csv::WriterBuilder::new().flexible(true).terminator(::csv::Terminator::CRLF).from_writer(to);
        CsvWriter { inner }
    }

    /// For people: begins with the byte order mark by which Excel recognises UTF-8.
    pub fn for_excel(mut to: W) -> io::Result<Self> {
        to.write_all("\u{feff}".as_bytes())?;
        Ok(CsvWriter::new(to))
    }

    /// Writes one row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        for cell in cells {
            self.inner.write_field(defused(cell).as_ref()).map_err(io_error)?;
        }
        self.inner.write_record(None::<&[u8]>).map_err(io_error)
    }

    /// Writes what is still kept back and gives the destination back.
    pub fn finish(mut self) -> io::Result<W> {
        self.inner.flush()?;
        self.inner.into_inner().map_err(|error| io::Error::new(error.error().kind(), error.error().to_string()))
    }
}

fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn defused(cell: &str) -> Cow<'_, str> {
    let pieces = || cell.split_inclusive([';', '\t']);
    if !pieces().any(is_formula) {
        return Cow::Borrowed(cell);
    }
    pieces()
        .fold(
            String::with_capacity(cell.len() + 1),
            |safe, piece| {
                if is_formula(piece) { safe + "'" + piece } else { safe + piece }
            },
        )
        .into()
}

fn is_formula(cell: &str) -> bool {
    let dangerous = |char| matches!(char, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    cell.starts_with(dangerous) && !is_plain_number(cell.trim_end_matches([';', '\t']))
}

/// Digits with at most one point behind a sign: nothing a spreadsheet program could run.
fn is_plain_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let points = digits.bytes().filter(|byte| *byte == b'.').count();
    let others = digits.bytes().any(|byte| byte != b'.' && !byte.is_ascii_digit());
    points <= 1 && !others && digits.len() > points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut writer = CsvWriter::new(Vec::new());
        writer.row(cells.iter().copied()).unwrap();
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        assert_eq!(
            written(&["=1+1", "+49 30 1", "-2+3", "@SUM(A1)", "\tx", "＝1", "-12.50", "+3", "-", "-.", "a=b", ""]),
            "'=1+1,'+49 30 1,'-2+3,'@SUM(A1),'\tx,'＝1,-12.50,+3,'-,'-.,a=b,\r\n"
        );
        assert_eq!(written(&["x;=1+1;y", "-1;+2", "a;b\t@c"]), "x;'=1+1;y,-1;+2,a;b\t'@c\r\n");
        assert_eq!(written(&["\r\nx", "\rx"]), "\"'\r\nx\",\"'\rx\"\r\n");
    }

    #[test]
    fn separators_and_quotes_are_quoted() {
        assert_eq!(written(&["a,b", "c\"d", "e\nf", ";"]), "\"a,b\",\"c\"\"d\",\"e\nf\",;\r\n");
        assert_eq!(written(&[""]), "\"\"\r\n");
        let marked = CsvWriter::for_excel(Vec::new()).unwrap().finish().unwrap();
        assert_eq!(marked, "\u{feff}".as_bytes());
    }
}
