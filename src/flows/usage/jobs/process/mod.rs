//! Checking the rows of an upload.
//!
//! The workbook is read as a stream. Rows are checked and written a thousand at a time; each transaction carries the
//! cursor of how far the job is, so that a job that was killed goes on behind the last thousand: it reads the sheet again
//! from the start, to know the record ids it has seen, and passes over the rows that are written. Subscriptions are
//! looked up for a thousand rows at once. Memory does not grow with the file but for some forty bytes per record id.

mod finder;
mod reading;
mod writing;

use std::sync::mpsc;

use serde_json::json;

use self::finder::Finder;
use self::reading::{Basis, read, read_categories};
use self::writing::write;
use super::clear::clear;
use super::{limits, local, ours, subject};
use crate::db;
use crate::flows::products::actions as products;
use crate::flows::usage::actions::{self, Begun, Outcome};
use crate::flows::usage::model::{Checked, Figures, RowRules};
use crate::flows::usage::store::{self, Claim, Cleared, File};
use crate::jobs::{Failed, Work};
use crate::kit::{Amount, Text};
use crate::outside::sheets::{SheetError, Workbook};

/// Rows that are written in one transaction.
const CHUNK: usize = 1_000;
/// Tries without progress after which a file is given up: something in it ends the program each time.
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
    clear(work, claim, Cleared::default(), |_| (json!(cursor), i64::from(cursor.place)))?;
    let product = db.read(|tx| products::definition(tx, &file.product))?;
    let product = product.ok_or_else(|| Failed::ForGood(format!("product {} is gone", file.product)))?;
    let workbook = local(work, &begun.key)?;
    let mut book = Workbook::open(workbook.path(), limits(work))?;
    let categories = read_categories(&mut book)?;
    if cursor.place == 0 {
        db.write_bulk(|tx| {
            store::insert_categories(tx, &file.id, file.generation, &categories)?;
            // Nothing is written for a file that was deleted meanwhile.
            work.checkpoint(tx, json!(cursor), 0, None)
        })?;
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

/// How many subscriptions a file's page names.
const LEADERS: i64 = 10;

fn finish(work: &Work, file: &File, rules: &RowRules, cursor: Cursor) -> Result<(), Stop> {
    let db = &work.services().db;
    let (totals, leaders, subscriptions) = db.read(|tx| {
        let (id, generation) = (&file.id, file.generation);
        Ok((
            store::by_item(tx, id, generation)?,
            store::by_subscription(tx, id, generation, LEADERS)?,
            store::subscription_count(tx, id, generation)?,
        ))
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
        leaders: &leaders,
        new_items: &new_items,
    };
    crate::crash::point("usage.process.before-end");
    db.write(|tx| {
        actions::pass(tx, file.id.as_str(), &outcome)?;
        work.checkpoint(tx, json!(cursor), figures.uploaded, Some(figures.uploaded))
    })?;
    work.services().wake_workers();
    Ok(())
}

/// Some rows that were read and checked, and how many there may be in all.
struct Batch {
    rows: Vec<Checked>,
    total: Option<i64>,
}
