//! Reading Excel workbooks that anyone may have sent.
//!
//! The reader works on the file as a stream of XML events and never builds a table of the sheet: a value
//! in the last cell of a sheet costs as much as one in the first. It is our own, on `quick-xml` and `zip`,
//! since the usual reading library turns every number into a binary double, keeps each text as large as it
//! comes, and accepts any nesting. What it holds in memory is the workbook's table of different texts, the
//! list of cell styles, and one row.
//!
//! Formulas are not calculated and outside links, macros, pictures and document types are never followed;
//! a workbook with macros is read like any other, [`Workbook::has_macros`] tells of them.

mod package;
mod rows;
mod strings;
mod styles;
#[cfg(test)]
mod tests;
mod xml;

use std::path::Path;

use quick_xml::events::Event;

use self::package::Package;
pub use self::rows::Rows;
use self::rows::{Around, RowsOf};
use self::strings::Strings;
use self::styles::Styles;
use self::xml::attribute;
use super::dates::DateSystem;
use super::error::shortened;
use super::{Kind, Limits, Part, SheetError, cell_name};

/// An opened Excel workbook.
pub struct Workbook {
    package: Package,
    limits: Limits,
    sheets: Vec<Sheet>,
    dates: DateSystem,
    macros: bool,
    strings_part: Option<String>,
    strings: Option<Strings>,
    styles: Styles,
}

/// A sheet in the list of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The name on the sheet's tab.
    pub name: String,
    /// Whether the spreadsheet program hides it.
    pub hidden: bool,
    part: String,
}

impl Workbook {
    /// Opens a workbook and reads its list of sheets. Refuses, with words for its sender, whatever is
    /// not an unencrypted `.xlsx` or `.xlsm` file within the limits.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, SheetError> {
        let mut package = Package::open(path, &limits)?;
        let from_root = package.relationships("", limits.parts)?;
        let main = from_root
            .into_iter()
            .find(|relationship| relationship.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_owned(), |relationship| relationship.target);
        if !package.has(&main) || !main.to_ascii_lowercase().ends_with(".xml") {
            return Err(SheetError::NotAWorkbook(package.kind()?));
        }
        let relationships = package.relationships(&main, limits.parts)?;
        let styles_part = part_beside(&package, &relationships, "styles");
        let styles = match styles_part {
            Some(name) => Styles::read(package.side_part(&name, Part::Styles)?)?,
            None => Styles::default(),
        };
        let macros = relationships.iter().any(|relationship| relationship.kind == "vbaProject");
        let strings_part = part_beside(&package, &relationships, "sharedStrings");
        let mut book = Workbook {
            package,
            limits,
            sheets: Vec::new(),
            dates: DateSystem::From1900,
            macros,
            strings_part,
            strings: None,
            styles,
        };
        book.read_sheets(&main, &relationships)?;
        Ok(book)
    }

    fn read_sheets(&mut self, main: &str, relationships: &[package::Relationship]) -> Result<(), SheetError> {
        let mut part = self.package.side_part(main, Part::Sheets)?;
        let mut workbook = false;
        while let Some(event) = part.next()? {
            let Event::Start(element) = event else { continue };
            match element.local_name().as_ref() {
                "workbook" => workbook = true,
                _ if !workbook => return Err(SheetError::NotAWorkbook(Kind::OtherZip)),
                "workbookPr" => {
                    let from_1904 = attribute(&element, "date1904");
                    if matches!(from_1904.as_deref(), Some("1" | "true" | "on")) {
                        self.dates = DateSystem::From1904;
                    }
                }
                "sheet" => {
                    let name = attribute(&element, "name").unwrap_or_default();
                    if name.len() > package::NAME_BYTES {
                        return Err(part.broken("a name that is too long"));
                    }
                    let hidden = attribute(&element, "state").is_some_and(|state| state != "visible");
                    let id = attribute(&element, "id");
                    let target = relationships.iter().find(|relationship| Some(&relationship.id) == id.as_ref());
                    match target {
                        // Sheets that are only a chart have no rows.
                        Some(target) if target.kind != "worksheet" => continue,
                        Some(target) => self.sheets.push(Sheet { name, hidden, part: target.target.clone() }),
                        None => return Err(SheetError::PartMissing(Part::Sheet(shortened(&name)))),
                    }
                    if self.sheets.len() > self.limits.sheets {
                        return Err(SheetError::TooManySheets(self.limits.sheets));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The sheets in the order of their tabs, without those that are only a chart.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// Whether the workbook contains macros. They are never run.
    pub fn has_macros(&self) -> bool {
        self.macros
    }

    /// The place of the sheet with the first of these names that is there; case and surrounding blanks do
    /// not matter. Two sheets of the same name are an error, none is not.
    pub fn find_sheet(&self, names: &[&str]) -> Result<Option<usize>, SheetError> {
        for name in names {
            let wanted = folded(name);
            let mut found = (0..self.sheets.len()).filter(|at| folded(&self.sheets[*at].name) == wanted);
            if let Some(first) = found.next() {
                return match found.next() {
                    Some(_) => Err(SheetError::SheetTwice(shortened(&self.sheets[first].name))),
                    None => Ok(Some(first)),
                };
            }
        }
        Ok(None)
    }

    /// As [`Workbook::find_sheet`], where a missing sheet is an error that names the sheets there are.
    pub fn need_sheet(&self, names: &[&str]) -> Result<usize, SheetError> {
        self.find_sheet(names)?.ok_or_else(|| SheetError::NoSheet {
            wanted: names.iter().map(|name| (*name).to_owned()).collect(),
            found: self.sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        })
    }

    /// Starts reading the rows of a sheet by its place in [`Workbook::sheets`]. The table of texts is read
    /// with the first sheet.
    pub fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, SheetError> {
        if self.strings.is_none() {
            self.strings = Some(match &self.strings_part {
                Some(name) => Strings::read(self.package.part(name, Part::Texts)?, &self.limits)?,
                None => Strings::default(),
            });
        }
        let (Some(sheet), Some(strings)) = (self.sheets.get(sheet), &self.strings) else {
            return Err(SheetError::PartMissing(Part::Sheets));
        };
        let size = self.package.size(&sheet.part);
        let around = Around { strings, styles: &self.styles, dates: self.dates, limits: &self.limits };
        let part = self.package.part(&sheet.part, Part::Sheet(shortened(&sheet.name)))?;
        Ok(Rows::over(RowsOf::start(part, around, shortened(&sheet.name), size)?))
    }
}

/// The part of this kind; some writers forget to relate it and only put it in its usual place.
fn part_beside(package: &Package, relationships: &[package::Relationship], kind: &str) -> Option<String> {
    let related = relationships.iter().find(|relationship| relationship.kind == kind);
    let name = related.map_or_else(|| format!("xl/{kind}.xml"), |relationship| relationship.target.clone());
    package.has(&name).then_some(name)
}

/// A name as it is compared: without surrounding blanks, in lower case.
pub(super) fn folded(name: &str) -> String {
    name.trim_matches(|char: char| char.is_whitespace() || char == '\u{feff}').to_lowercase()
}
