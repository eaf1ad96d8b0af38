//! The first row of a sheet: names of columns.

use std::collections::HashMap;

use super::error::shortened;
use super::read::folded;
use super::{RowReader, SheetError, cell_name};

/// Longer names are a mistake, not a name.
const NAME_CHARS: usize = 255;

/// The columns of a sheet by name. Order, letter case and surrounding blanks do not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    columns: Vec<HeaderColumn>,
    by_name: HashMap<String, u32>,
}

/// One named column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderColumn {
    /// The column, from 0.
    pub column: u32,
    /// The name as written, without surrounding blanks.
    pub name: String,
    /// The name in lower case, as it is looked up.
    pub folded: String,
}

impl Header {
    /// Takes the next row as the header. An empty sheet, an unusable name and a name that is there twice
    /// are errors; columns without a name are left out.
    pub fn read(rows: &mut dyn RowReader) -> Result<Header, SheetError> {
        let sheet = rows.name().to_owned();
        let Some(row) = rows.next_row()? else {
            return Err(SheetError::NoHeader(sheet));
        };
        let mut header = Header { columns: Vec::new(), by_name: HashMap::new() };
        for (column, cell) in row.cells() {
            let bad = || SheetError::BadHeader(cell_name(column, row.number()));
            let Some(name) = cell.as_text().map_err(|_| bad())? else { continue };
            if name.chars().count() > NAME_CHARS {
                return Err(bad());
            }
            let folded = folded(&name);
            if let Some(first) = header.by_name.insert(folded.clone(), column) {
                return Err(SheetError::ColumnTwice { name: shortened(&name), first, second: column });
            }
            let name = name.trim_start_matches('\u{feff}').to_owned();
            header.columns.push(HeaderColumn { column, name, folded });
        }
        Ok(header)
    }

    /// The column with the first of these names that is there, from 0.
    pub fn find(&self, names: &[&str]) -> Option<u32> {
        names.iter().find_map(|name| self.by_name.get(&folded(name)).copied())
    }

    /// All named columns from left to right.
    pub fn columns(&self) -> &[HeaderColumn] {
        &self.columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::sheets::{CsvReader, Limits};

    fn header(csv: &str) -> Result<Header, SheetError> {
        Header::read(&mut CsvReader::new(csv.as_bytes(), "test", Limits::default())?)
    }

    #[test]
    fn names_are_found_whatever_their_case_and_order() {
        let header = header("\u{feff} Quantity ,,usage_record_id,V.Reseller MPN\n").unwrap();
        assert_eq!(header.find(&["quantity"]), Some(0));
        assert_eq!(header.find(&["record_id", "usage_record_id"]), Some(2));
        assert_eq!(header.find(&["amount"]), None);
        let names: Vec<_> = header.columns().iter().map(|column| (column.column, column.name.as_str())).collect();
        assert_eq!(names, [(0, "Quantity"), (2, "usage_record_id"), (3, "V.Reseller MPN")]);
        assert_eq!(header.columns()[2].folded, "v.reseller mpn");
    }

    #[test]
    fn a_name_twice_and_no_names_are_errors() {
        let twice = header("record_id,quantity, RECORD_ID\n").unwrap_err();
        assert_eq!(twice.to_string(), "The column “RECORD_ID” is there twice, in A and in C. Rename or remove one.");
        assert!(matches!(header(""), Err(SheetError::NoHeader(_))));
        assert!(matches!(header(",,\n\n , \n"), Err(SheetError::NoHeader(_))));
        let long = header(&format!("a,{}\n", "b".repeat(256))).unwrap_err();
        assert!(matches!(long, SheetError::BadHeader(cell) if cell == "B1"));
    }
}
