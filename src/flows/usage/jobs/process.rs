//! Checking the rows of an upload.
//!
//! The workbook is read as a stream. Rows are checked and written a thousand at a time; each transaction carries the
//! cursor of how far the job is, so that a job that was killed goes on behind the last thousand: it reads the sheet again
//! from the start, to know the record ids it has seen, and passes over the rows that are written. Subscriptions are
//! looked up for a thousand rows at once. Memory does not grow with the file but for some forty bytes per record id.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{self, SyncSender};

use serde_json::json;

use super::cells::Cells;
use super::{limits, local, ours, subject};
use crate::db;
use crate::flows::products::actions::{self as products, Definition};
use crate::flows::products::model::Scope as ParameterScope;
use crate::flows::usage::actions::{self, Begun, Outcome};
use crate::flows::usage::model::{
    self, Candidate, Checked, Code, Criteria, Fault, Field, Figures, Item, ItemIndex, Layout, MAX_CATEGORIES,
    RECORD_SHEETS, RecordStatus, RowRules, Scope, Wants, choose, record_id, tier_exists,
};
use crate::flows::usage::store::{self, Claim, File, NewRow};
use crate::jobs::{Failed, Work};
use crate::kit::column::Doc;
use crate::kit::{Amount, Text};
use crate::outside::sheets::{Header, RowReader, SheetError, Workbook};

/// Rows that are written in one transaction.
const CHUNK: usize = 1_000;
/// Rows of a former upload that are removed in one transaction.
const CLEAR: i64 = 2_000;
/// Subscriptions kept in memory between chunks, found and not found.
const CACHE: usize = 20_000;
/// Tries after which a file is given up: something in it ends the program each time.
const MAX_TRIES: i32 = 6;

/// How far the check is.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
struct Cursor {
    /// Rows written.
    place: u32,
    valid: i64,
    invalid: i64,
    /// The sum of the amounts of good rows.
    amount: Amount,
}

/// Why the check ended early.
enum Stop {
    /// The file as a whole is not good: its sender is told.
    Sender(Text),
    /// The job failed.
    Job(Failed),
}

impl From<Failed> for Stop {
    fn from(failed: Failed) -> Self {
        Self::Job(failed)
    }
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        Self::Job(error.into())
    }
}

impl From<SheetError> for Stop {
    fn from(error: SheetError) -> Self {
        if error.is_senders_fault() { Self::Sender(error.text()) } else { Self::Job(ours(&error)) }
    }
}

/// Checks the rows of one upload.
pub fn run(work: &Work) -> Result<(), Failed> {
    let (id, generation) = subject(work)?;
    let Some(begun) = work.services().db.write(|tx| actions::begin(tx, id, generation))? else { return Ok(()) };
    let outcome = if work.tries() > MAX_TRIES {
        Err(Stop::Sender(Text::new(
            "The workbook could not be processed. Upload it again; if that does not help, save it anew in Excel or LibreOffice first.",
        )))
    } else {
        check(work, &begun)
    };
    match outcome {
        Ok(()) => Ok(()),
        Err(Stop::Sender(why)) => Ok(work.services().db.write(|tx| actions::fail(tx, id, generation, &why))?),
        Err(Stop::Job(failed)) => Err(failed),
    }
}

fn check(work: &Work, begun: &Begun) -> Result<(), Stop> {
    let db = &work.services().db;
    let file = &begun.file;
    let claim = Claim { product: &file.product, file: &file.id, generation: file.generation };
    let mut cursor: Cursor = work.cursor().and_then(|c| serde_json::from_value(c.clone()).ok()).unwrap_or_default();
    loop {
        let cleared = db.write_bulk(|tx| {
            let count = store::clear_old(tx, claim, CLEAR)?;
            work.checkpoint(tx, json!(cursor), i64::from(cursor.place), None)?;
            Ok(count)
        })?;
        if cleared == 0 {
            break;
        }
    }
    let product = db.read(|tx| products::definition(tx, &file.product))?;
    let product = product.ok_or_else(|| Failed::ForGood(format!("product {} is gone", file.product)))?;
    let workbook = local(work, &begun.key)?;
    let mut book = Workbook::open(workbook.path(), limits())?;
    let categories = read_categories(&mut book)?;
    if cursor.place == 0 {
        db.write_bulk(|tx| store::insert_categories(tx, &file.id, file.generation, &categories))?;
    }
    let basis = Basis::new(file, &product, &categories);
    drop(categories);
    let mut finder = Finder::new(file, &product);
    // One thread reads and checks while the other looks up and writes; between them wait at most two thousand rows.
    let (send, receive) = mpsc::sync_channel(1);
    let (book, written) = (&mut book, cursor.place);
    let rules = std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(book, basis, written, send));
        for mut batch in receive {
            db.read(|tx| finder.resolve(tx, &mut batch.rows))?;
            cursor = write(work, claim, &batch, &finder, cursor)?;
        }
        reader.join().unwrap_or_else(|_| Err(Failed::ForNow("the reader of the workbook broke off".into()).into()))
    })?;
    finish(work, file, &rules, cursor)
}

/// Some rows that were read and checked, and how many there may be in all.
struct Batch {
    rows: Vec<Checked>,
    total: Option<i64>,
}

/// Reads and checks all rows and hands over those behind `written`. Ends when nobody takes them any more.
fn read(book: &mut Workbook, basis: Basis<'_>, written: u32, send: SyncSender<Batch>) -> Result<RowRules, Stop> {
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

fn finish(work: &Work, file: &File, rules: &RowRules, cursor: Cursor) -> Result<(), Stop> {
    let db = &work.services().db;
    let (totals, subscriptions) = db.read(|tx| {
        Ok((store::by_item(tx, &file.id, file.generation)?, store::subscription_count(tx, &file.id, file.generation)?))
    })?;
    let new_items: Vec<_> = rules.new_items().collect();
    let figures = Figures {
        uploaded: i64::from(cursor.place),
        valid: cursor.valid,
        invalid: cursor.invalid,
        closed: 0,
        billed: 0,
    };
    let outcome = Outcome {
        generation: file.generation,
        figures,
        amount: cursor.amount,
        subscriptions,
        totals: &totals,
        new_items: &new_items,
    };
    crate::crash::point("usage.process.before-end");
    db.write(|tx| {
        actions::pass(tx, file.id.as_str(), &outcome)?;
        work.checkpoint(tx, json!(cursor), figures.uploaded, Some(figures.uploaded))
    })?;
    work.services().wake.notify_one();
    Ok(())
}

/// The sheet `categories`, if there is one with rows: id, name, description.
fn read_categories(book: &mut Workbook) -> Result<Vec<(String, String, String)>, Stop> {
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
    Text::new("Row {row} of the sheet “categories”: {what}").arg("row", number).arg("what", text)
}

/// What the rows are checked against, before the header is read.
struct Basis<'a> {
    file: &'a File,
    product: &'a Definition,
    categories: Option<HashSet<String>>,
}

impl<'a> Basis<'a> {
    fn new(file: &'a File, product: &'a Definition, categories: &[(String, String, String)]) -> Self {
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

/// Subscriptions by what rows name them with.
struct Finder<'a> {
    file: &'a File,
    scope: Scope,
    recon: Option<String>,
    known: HashMap<Criteria, HashMap<String, Vec<Candidate>>>,
    count: usize,
    /// What each row of the chunk at hand found.
    chosen: Vec<Option<String>>,
}

impl<'a> Finder<'a> {
    fn new(file: &'a File, product: &Definition) -> Self {
        let recon = product.parameters.iter().find(|p| p.reconciles()).map(|p| p.name.clone());
        let scope = Scope { contract: file.contract.to_string(), environment: file.environment.to_string() };
        Self { file, scope, recon, known: HashMap::new(), count: 0, chosen: vec![] }
    }

    /// Finds the subscription of each row, and notes what is wrong with it.
    fn resolve(&mut self, tx: &mut db::Tx<'_>, chunk: &mut [Checked]) -> db::Result<()> {
        if self.count > CACHE {
            self.known.clear();
            self.count = 0;
        }
        self.look_up(tx, chunk)?;
        self.chosen.clear();
        let mut reserved: HashSet<&str> = HashSet::new();
        for row in chunk.iter_mut() {
            let chosen = match self.choose(row) {
                Some(Ok(candidate)) => {
                    let id = candidate.id.clone();
                    let tier = row.tier.map(|tier| tier_exists(candidate, tier));
                    let recon = recon(candidate, row.recon.as_deref());
                    for fault in tier.into_iter().chain([recon]).filter_map(Result::err) {
                        row.fault(fault);
                    }
                    Some(id)
                }
                Some(Err(fault)) => {
                    row.fault(fault);
                    None
                }
                None => None,
            };
            self.chosen.push(chosen);
        }
        for (row, asset) in chunk.iter().zip(&self.chosen) {
            if let (Some(Item::Known { reserved: true, .. }), Some(asset)) = (&row.item, asset) {
                reserved.insert(asset);
            }
        }
        if reserved.is_empty() {
            return Ok(());
        }
        let assets: Vec<&str> = reserved.into_iter().collect();
        let held = store::items_on(tx, &assets)?;
        for (row, asset) in chunk.iter_mut().zip(&self.chosen) {
            if let (Some(Item::Known { id, mpn, reserved: true }), Some(asset)) = (&row.item, asset)
                && !held.contains(&(asset.clone(), id.clone()))
            {
                let text =
                    Text::new("Subscription {id} does not have this reservation item. Check both.").arg("id", asset);
                let fault = Fault::new(Code::WrongItem, Field::ItemValue.as_str(), mpn, text);
                row.fault(fault);
            }
        }
        Ok(())
    }

    /// Asks for what the chunk names and is not known yet: one statement for each kind of criteria.
    fn look_up(&mut self, tx: &mut db::Tx<'_>, chunk: &[Checked]) -> db::Result<()> {
        let mut wanted: HashMap<&Criteria, HashSet<&str>> = HashMap::new();
        for row in chunk {
            if let (Some(criteria), Some(value)) = (&row.criteria, &row.asset_value)
                && !self.known.get(criteria).is_some_and(|known| known.contains_key(value))
            {
                wanted.entry(criteria).or_default().insert(value);
            }
        }
        for (criteria, values) in wanted {
            let values: Vec<&str> = values.into_iter().collect();
            let mut found =
                store::matching(tx, &self.file.product, &self.scope, criteria, &values, self.recon.as_deref())?;
            self.count += values.len();
            let known = self.known.entry(criteria.clone()).or_default();
            for value in values {
                known.insert(value.to_owned(), found.remove(value).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The subscription that a row means; nothing if it does not say.
    fn choose(&self, row: &Checked) -> Option<Result<&Candidate, Fault>> {
        let value = row.asset_value.as_ref()?;
        let found = self.known.get(row.criteria.as_ref()?)?.get(value)?;
        Some(choose(found, &self.scope, value, row.start))
    }
}

/// Refuses a reconciliation value that is not the subscription's.
fn recon(candidate: &Candidate, given: Option<&str>) -> Result<(), Fault> {
    let Some(given) = given else { return Ok(()) };
    if candidate.recon.as_deref() == Some(given) {
        return Ok(());
    }
    let text = Text::new("Subscription {id} has the reconciliation value {own}. Correct it, or leave it out.")
        .arg("id", &candidate.id)
        .arg("own", candidate.recon.as_deref().unwrap_or("–"));
    Err(Fault::new(Code::WrongRecon, Field::ReconId.as_str(), given, text))
}

/// Writes a chunk of rows, claims their ids, and notes how far the job is: one transaction.
fn write(work: &Work, claim: Claim<'_>, batch: &Batch, finder: &Finder<'_>, cursor: Cursor) -> Result<Cursor, Stop> {
    let (chunk, total) = (&batch.rows, batch.total);
    let twice = |row: &Checked| row.faults.iter().any(|f| f.code == Code::TwiceHere);
    let mut ids: Vec<&str> = chunk.iter().filter(|r| !twice(r)).map(|r| r.record_id.as_str()).collect();
    // In one order everywhere, so that two files that are checked at the same time never wait for each other.
    ids.sort_unstable();
    let written = work.services().db.write_bulk(|tx| {
        let taken = store::claim(tx, claim, &ids)?;
        let mut after = cursor;
        let mut too_much = false;
        let mut all_faults: Vec<Vec<Fault>> = Vec::with_capacity(chunk.len());
        let mut rows = Vec::with_capacity(chunk.len());
        for (row, asset) in chunk.iter().zip(&finder.chosen) {
            let mut faults = row.faults.clone();
            if let Some(other) = taken.get(&row.record_id).filter(|_| !twice(row)) {
                let text = Text::new("This id was reported in {file}. Give the row a new id, or leave it out.")
                    .arg("file", other);
                faults.insert(0, Fault::new(Code::TwiceElsewhere, Field::RecordId.as_str(), &row.record_id, text));
            }
            let good = faults.is_empty();
            if good {
                after.valid += 1;
                match after.amount.plus(row.amount.unwrap_or_default()) {
                    Some(sum) => after.amount = sum,
                    None => too_much = true,
                }
            } else {
                after.invalid += 1;
            }
            let (item_id, item_mpn) = NewRow::item(row.item.as_ref());
            rows.push(NewRow {
                id: record_id(claim.file, claim.generation, row.place),
                file_id: claim.file.as_str(),
                generation: claim.generation,
                sheet_row: i32::try_from(row.sheet_row).unwrap_or(i32::MAX),
                record_id: &row.record_id,
                note: &row.note,
                status: if good { RecordStatus::Valid } else { RecordStatus::Invalid },
                start_at: row.start,
                end_at: row.end,
                item_id,
                item_mpn,
                asset_id: asset.as_deref(),
                category_id: row.category.as_deref(),
                tier: row.tier,
                quantity: row.quantity,
                amount: row.amount,
                params: Doc(row.params.as_slice()),
                billing_id: "",
                billing_note: "",
                created_at: tx.at(),
            });
            all_faults.push(faults);
        }
        if too_much {
            return Ok(None);
        }
        after.place = chunk.last().map_or(cursor.place, |row| row.place);
        let faults: Vec<&[Fault]> = all_faults.iter().map(Vec::as_slice).collect();
        store::insert_rows(tx, &rows, &faults)?;
        work.checkpoint(tx, json!(after), i64::from(after.place), total)?;
        crate::crash::point("usage.process.chunk");
        Ok(Some(after))
    })?;
    written.ok_or_else(|| {
        Stop::Sender(Text::new("The amounts of the file add up to more than 20 digits. Split the file."))
    })
}
