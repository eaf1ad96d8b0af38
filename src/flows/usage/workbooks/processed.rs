//! The processed file: the vendor's own rows again, with what was found of each. In an invalid file the bad cells are
//! outlined in red and say why; in a good one the columns follow that a distributor bills by.
//!
//! The upload is read as a stream and its rows are written as they come; what was found is read from the database a
//! thousand rows at a time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use crate::db::Db;
use crate::flows::products::model::UsageSchema;
use crate::flows::usage::model::{Field, Layout, OWN_COLUMNS, RECORD_SHEETS, Wants, record_id, shown};
use crate::flows::usage::store::{self, File, Problem, RecordRow, Refs};
use crate::jobs::Failed;
use crate::outside::sheets::{
    BookWriter, Cell, Column, Header, HeaderColumn, Limits, OutCell, Row, RowReader, SheetError, SheetWriter, Value,
    Workbook,
};

/// Rows whose findings are read at once.
const BATCH: u32 = 1_000;

/// Which upload is written.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The file.
    pub file: &'a File,
    /// Names of what it mentions.
    pub refs: &'a Refs,
    /// The upload's number.
    pub generation: i32,
}

/// Why it could not be written.
#[derive(Debug)]
pub enum Stop {
    /// A workbook could not be read or written.
    Sheet(SheetError),
    /// The job failed.
    Job(Failed),
}

impl From<SheetError> for Stop {
    fn from(error: SheetError) -> Self {
        Self::Sheet(error)
    }
}

impl From<Failed> for Stop {
    fn from(failed: Failed) -> Self {
        Self::Job(failed)
    }
}

impl From<crate::db::Error> for Stop {
    fn from(error: crate::db::Error) -> Self {
        Self::Job(error.into())
    }
}

/// Tells how many rows are written; fails if the job is to stop.
pub type Progress<'a> = &'a dyn Fn(u32) -> Result<(), Failed>;

/// Writes the processed file of the upload at `source` to `to`.
pub fn write(
    db: &Db,
    about: &About<'_>,
    source: &Path,
    limits: Limits,
    temp: &Path,
    to: &Path,
    progress: Progress<'_>,
) -> Result<(), Stop> {
    let mut book = BookWriter::new(temp)?;
    general(&mut book, about)?;
    let categories = db.read(|tx| store::categories(tx, &about.file.id, about.generation))?;
    {
        let columns = [
            Column::text("category_id", 24),
            Column::text("category_name", 40),
            Column::text("category_description", 60),
        ];
        let mut sheet = book.sheet("categories", &columns)?;
        for category in &categories {
            sheet.row(
                &[&category.id, &category.name, &category.description].map(|text| OutCell::from(Value::Text(text))),
            )?;
        }
    }
    // A workbook that cannot be read was refused as a whole; the sheet `general` says why.
    match records(db, about, source, limits, &mut book, progress) {
        Err(Stop::Sheet(error)) if error.is_senders_fault() => {}
        other => other?,
    }
    Ok(book.save(to)?)
}

fn general(book: &mut BookWriter, about: &About<'_>) -> Result<(), SheetError> {
    let (file, refs) = (about.file, about.refs);
    let count = |n: i64| n.to_string();
    let moment = |at: Option<crate::kit::Time>| at.map(shown).unwrap_or_default();
    let mut facts: Vec<(&str, String)> = vec![
        ("report_name", file.name.clone()),
        ("report_note", file.description.clone()),
        ("report_id", file.id.to_string()),
        ("status", if is_good(file) { "valid".into() } else { "invalid".into() }),
        ("report_start_time_utc", moment(file.period.map(|p| p.from))),
        ("report_end_time_utc", moment(file.period.map(crate::flows::usage::model::Period::last))),
        ("valid_records", count(file.figures.valid)),
        ("invalid_records", count(file.figures.invalid)),
        ("usage_schema", file.schema.to_string()),
    ];
    if file.schema != UsageSchema::Quantity {
        facts.push(("currency", file.currency.clone().unwrap_or_default()));
    }
    facts.extend([
        ("product_id", file.product.to_string()),
        ("product_name", refs.product.clone()),
        ("marketplace_id", file.marketplace.to_string()),
        ("marketplace_name", refs.marketplace.clone()),
        ("vendor_account_id", file.vendor.to_string()),
        ("vendor_account_name", refs.vendor.clone()),
        ("provider_account_id", file.provider.to_string()),
        ("provider_account_name", refs.provider.clone()),
        ("distributor_account_id", file.provider.to_string()),
        ("distributor_account_name", refs.provider.clone()),
        ("distribution_contract_id", file.contract.to_string()),
        ("distribution_contract_name", refs.contract.clone()),
    ]);
    if let Some(why) = &file.error_detail {
        facts.push(("error_detail", why.to_string()));
    }
    let mut sheet = book.sheet("general", &[Column::new("attribute_id", 32), Column::new("attribute_value", 60)])?;
    for (name, value) in &facts {
        sheet.row(&[Value::Text(name).into(), Value::Text(value).into()])?;
    }
    Ok(())
}

fn is_good(file: &File) -> bool {
    file.error_detail.is_none() && file.figures.invalid == 0 && file.figures.valid > 0
}

/// A column that is added behind the vendor's own.
type Extra = (&'static str, fn(&RecordRow) -> Cow<'_, str>);

fn given(text: Option<&String>) -> Cow<'_, str> {
    text.map_or(Cow::Borrowed(""), |t| Cow::Borrowed(t.as_str()))
}

/// What a distributor bills by.
const EXTRAS: &[Extra] = &[
    ("usage_record_id", |r| Cow::Borrowed(&r.id)),
    ("item_name", |r| given(r.item_name.as_ref())),
    ("item_mpn", |r| given(r.item_mpn.as_ref())),
    ("item_local_id", |r| r.item_id.as_ref().map_or(Cow::Borrowed(""), |id| Cow::Owned(id.as_str().replace('-', "_")))),
    ("item_type", |r| r.item_kind.map_or(Cow::Borrowed(""), |k| Cow::Borrowed(k.as_str()))),
    ("item_unit", |r| given(r.item_unit.as_ref())),
    ("item_period", |r| r.item_period.map_or(Cow::Borrowed(""), |p| Cow::Borrowed(p.as_str()))),
    ("asset_id", |r| given(r.asset_id.as_ref())),
    ("asset_external_id", |r| given(r.asset_external_id.as_ref())),
    ("asset_external_uid", |r| given(r.asset_external_uid.as_ref())),
    ("tier_account_id", |r| given(r.customer_id.as_ref())),
    ("customer_account_id", |r| given(r.customer_external_id.as_ref())),
    ("customer_company_name", |r| given(r.customer_name.as_ref())),
    ("status", |r| Cow::Borrowed(r.status().as_str())),
    ("external_billing_id", |r| Cow::Borrowed(&r.billing_id)),
    ("external_billing_note", |r| Cow::Borrowed(&r.billing_note)),
];

/// The vendor's columns in their order, without what an earlier processed file had added.
struct Columns {
    own: Vec<HeaderColumn>,
    layout: Layout,
    extras: Vec<&'static Extra>,
    good: bool,
}

impl Columns {
    fn of(header: &Header, good: bool) -> Self {
        // The header was checked when the rows were; one that did not pass has no marks in its rows.
        let wants = Wants { schema: UsageSchema::Quantity, custom: &[] };
        let named = header.columns().iter().map(|c| (c.column, c.name.as_str()));
        let layout = Layout::read(named, &wants).unwrap_or_default();
        let id = layout.place(Field::RecordId);
        let added = |c: &HeaderColumn| OWN_COLUMNS.contains(&c.folded.as_str()) && id != Some(c.column);
        let own: Vec<HeaderColumn> = header.columns().iter().filter(|c| !added(c)).cloned().collect();
        let is_there = |name: &str| own.iter().any(|c| c.folded == name && id != Some(c.column));
        let extras = EXTRAS.iter().filter(|(name, _)| good && !is_there(name)).collect();
        Self { own, layout, extras, good }
    }

    fn names(&self) -> Vec<&str> {
        let id = self.layout.place(Field::RecordId);
        // The template of 2019 called the vendor's id by a name that is another column's now.
        let own =
            self.own.iter().map(|c| if id == Some(c.column) { Field::RecordId.as_str() } else { c.name.as_str() });
        let added = self.extras.iter().map(|(name, _)| *name);
        own.chain(added).chain(if self.good { vec![] } else { vec!["status", "errors"] }).collect()
    }
}

/// What was found of some rows.
#[derive(Default)]
struct Found {
    records: HashMap<String, RecordRow>,
    problems: HashMap<String, Vec<Problem>>,
}

impl Found {
    fn read(db: &Db, about: &About<'_>, from: u32) -> Result<Self, Stop> {
        let (first, last) = (
            record_id(&about.file.id, about.generation, from),
            record_id(&about.file.id, about.generation, from + BATCH - 1),
        );
        let (records, problems) =
            db.read(|tx| Ok((store::records_between(tx, &first, &last)?, store::problems_of(tx, &first, &last)?)))?;
        let mut found = Self { records: records.into_iter().map(|r| (r.id.clone(), r)).collect(), ..Self::default() };
        for problem in problems {
            found.problems.entry(problem.record_id.clone()).or_default().push(problem);
        }
        Ok(found)
    }
}

fn records(
    db: &Db,
    about: &About<'_>,
    source: &Path,
    limits: Limits,
    book: &mut BookWriter,
    progress: Progress<'_>,
) -> Result<(), Stop> {
    let mut upload = Workbook::open(source, limits)?;
    let sheet = upload.need_sheet(RECORD_SHEETS)?;
    let mut rows = upload.rows(sheet)?;
    let columns = Columns::of(&Header::read(&mut rows)?, is_good(about.file));
    let heads: Vec<Column<'_>> = columns.names().into_iter().map(|name| Column::new(name, 22)).collect();
    let mut out = book.sheet("records", &heads)?;
    let mut found = Found::default();
    let mut place = 0;
    while let Some(row) = rows.next_row()? {
        if place % BATCH == 0 {
            progress(place)?;
            found = Found::read(db, about, place + 1)?;
        }
        place += 1;
        let id = record_id(&about.file.id, about.generation, place);
        let problems = found.problems.get(&id).map_or(&[][..], Vec::as_slice);
        write_row(&mut out, &columns, row, found.records.get(&id), problems)?;
    }
    Ok(())
}

fn write_row(
    out: &mut SheetWriter<'_>,
    columns: &Columns,
    row: &Row,
    record: Option<&RecordRow>,
    problems: &[Problem],
) -> Result<(), SheetError> {
    let mut faults: HashMap<u32, String> = HashMap::new();
    let mut sentences: Vec<String> = vec![];
    for problem in problems {
        let sentence = problem.text.0.to_string();
        sentences.push(format!("{} {}: {sentence}", problem.code, problem.column));
        if let Some(place) = columns.layout.place_of(&problem.column) {
            let note = faults.entry(place).or_default();
            if !note.is_empty() {
                note.push('\n');
            }
            note.push_str(&sentence);
        }
    }
    let errors = sentences.join("\n");
    let added: Vec<Cow<'_, str>> = columns.extras.iter().map(|(_, of)| record.map_or(Cow::Borrowed(""), of)).collect();
    let mut cells: Vec<OutCell<'_>> = columns
        .own
        .iter()
        .map(|column| OutCell {
            value: value(row.cell(column.column)),
            fault: faults.get(&column.column).map(String::as_str),
        })
        .collect();
    cells.extend(added.iter().map(|text| OutCell::from(Value::Text(text))));
    if !columns.good {
        let status = record.map_or("", |r| r.status().as_str());
        cells.extend([OutCell::from(Value::Text(status)), OutCell::from(Value::Text(&errors))]);
    }
    out.row(&cells).map(drop)
}

fn value(cell: &Cell) -> Value<'_> {
    match cell {
        Cell::Empty | Cell::Bad(_) => Value::Empty,
        Cell::Text(text) => Value::Text(text),
        Cell::Number(digits) => Value::Number(digits),
        Cell::Bool(value) => Value::Bool(*value),
        Cell::DateTime(at) => Value::DateTime(*at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_that_is_added_is_passed_over_when_uploaded_again() {
        for name in EXTRAS.iter().map(|(name, _)| *name).chain(["status", "errors"]) {
            assert!(OWN_COLUMNS.contains(&name) || Field::parse(name).is_some(), "{name}");
        }
    }
}
