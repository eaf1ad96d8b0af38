//! Reading a workbook: its categories, and its rows as they are checked.

use std::collections::HashSet;
use std::sync::mpsc::SyncSender;

use super::super::cells::Cells;
use super::{Batch, CHUNK, Stop};
use crate::flows::products::actions::Definition;
use crate::flows::products::model::Scope as ParameterScope;
use crate::flows::usage::model::{self, Checked, ItemIndex, Layout, MAX_CATEGORIES, RECORD_SHEETS, RowRules, Wants};
use crate::flows::usage::store::File;
use crate::kit::Text;
use crate::outside::sheets::{Header, RowReader, SheetError, Workbook};

/// Reads and checks all rows and hands over those behind `written`. Ends when nobody takes them any more.
pub(super) fn read(
    book: &mut Workbook,
    basis: Basis<'_>,
    written: u32,
    send: SyncSender<Batch>,
) -> Result<RowRules, Stop> {
    let sheet = book.need_sheet(RECORD_SHEETS)?;
    let mut rows = book.rows(sheet)?;
    let mut rules = basis.rules(&Header::read(&mut rows)?).map_err(Stop::Sender)?;
    let declared = rows.declared_rows();
    let mut place = 0;
    let mut batch: Vec<Checked> = Vec::with_capacity(CHUNK);
    while let Some(row) = rows.next_row()? {
        place += 1;
        let checked = rules.check(&Cells(row), place);
        // Rows that an earlier try has written are read for the record ids and new items in them.
        if place > written {
            batch.push(checked);
        }
        if batch.len() == CHUNK {
            let rows_so_far = std::mem::replace(&mut batch, Vec::with_capacity(CHUNK));
            let total = total(declared, rows.progress(), place);
            if send.send(Batch { rows: rows_so_far, total }).is_err() {
                return Ok(rules);
            }
        }
    }
    if place == 0 {
        return Err(Stop::Sender(Text::new("The sheet of records has no rows below its header. Add at least one.")));
    }
    if !batch.is_empty() {
        // If nobody takes them, the other thread has failed and says why.
        let _ = send.send(Batch { rows: batch, total: Some(i64::from(place)) });
    }
    Ok(rules)
}

/// The sheet `categories`, if there is one with rows: id, name, description.
pub(super) fn read_categories(book: &mut Workbook) -> Result<Vec<(String, String, String)>, Stop> {
    let Some(sheet) = book.find_sheet(&["categories"])? else { return Ok(vec![]) };
    let mut rows = book.rows(sheet)?;
    let header = match Header::read(&mut rows) {
        Err(SheetError::NoHeader(_)) => return Ok(vec![]),
        other => other?,
    };
    let column = |name: &str| header.find(&[name]);
    let (Some(id), Some(name)) = (column("category_id"), column("category_name")) else {
        return Err(Stop::Sender(Text::new(
            "The sheet “categories” needs the columns category_id and category_name. Add them, or remove the sheet.",
        )));
    };
    let description = column("category_description");
    let mut seen = HashSet::new();
    let mut categories = vec![];
    while let Some(row) = rows.next_row()? {
        let number = row.number();
        let text = |place: Option<u32>| -> Result<String, Stop> {
            let Some(place) = place else { return Ok(String::new()) };
            let text =
                row.cell(place).as_text().map_err(|bad| Stop::Sender(in_row(number, bad.text())))?.unwrap_or_default();
            if text.chars().count() > 255 {
                return Err(Stop::Sender(in_row(number, Text::new("This is longer than 255 characters. Shorten it."))));
            }
            Ok(text.into_owned())
        };
        let (id, name, description) = (text(Some(id))?, text(Some(name))?, text(description)?);
        if id.is_empty() || name.is_empty() {
            return Err(Stop::Sender(in_row(number, Text::new("A category needs an id and a name. Fill in both."))));
        }
        if !seen.insert(id.clone()) {
            return Err(Stop::Sender(in_row(
                number,
                Text::new("The category {id} is there twice. Remove one.").arg("id", id),
            )));
        }
        categories.push((id, name, description));
        if categories.len() > MAX_CATEGORIES {
            return Err(Stop::Sender(
                Text::new("The sheet “categories” has more than {max:number} rows. Remove those that are not used.")
                    .arg("max", MAX_CATEGORIES),
            ));
        }
    }
    Ok(categories)
}

fn in_row(number: u32, text: Text) -> Text {
    Text::new("Row {row} of the sheet “categories”: {what:text}").arg("row", number).part("what", &text)
}

/// What the rows are checked against, before the header is read.
pub(super) struct Basis<'a> {
    file: &'a File,
    product: &'a Definition,
    categories: Option<HashSet<String>>,
}

impl<'a> Basis<'a> {
    pub(super) fn new(file: &'a File, product: &'a Definition, categories: &[(String, String, String)]) -> Self {
        let categories = (!categories.is_empty()).then(|| categories.iter().map(|(id, ..)| id.clone()).collect());
        Self { file, product, categories }
    }

    fn rules(self, header: &Header) -> Result<RowRules, Text> {
        let (file, product) = (self.file, self.product);
        let ppu = product.capabilities.ppu.as_ref();
        let none: &[String] = &[];
        let wants = Wants { schema: file.schema, custom: ppu.map_or(none, |p| &p.required_custom_fields) };
        let layout = Layout::read(header.columns().iter().map(|c| (c.column, c.name.as_str())), &wants)?;
        let parameters = product.parameters.iter().filter(|p| p.scope == ParameterScope::Asset);
        Ok(RowRules::new(model::Basis {
            file: file.id.to_string(),
            layout,
            schema: file.schema,
            period: file.period,
            future: ppu.is_some_and(|p| p.future),
            late: ppu.is_some_and(|p| p.late),
            consumption: product.capabilities.reservation.consumption,
            ppu: ppu.is_some(),
            dynamic: ppu.is_some_and(|p| p.dynamic),
            items: ItemIndex::new(product.items.clone()),
            parameters: parameters.map(|p| p.name.clone()).collect(),
            categories: self.categories,
        }))
    }
}

/// How many rows there will be, for the progress bar.
fn total(declared: Option<u32>, (read, size): (u64, u64), place: u32) -> Option<i64> {
    let place = i64::from(place);
    match declared.map(|last| i64::from(last) - 1) {
        Some(rows) if rows >= place && rows < place.saturating_mul(1_000) => Some(rows),
        _ => i64::try_from(size.saturating_mul(place.unsigned_abs()) / read.max(1)).ok().map(|rows| rows.max(place)),
    }
}
