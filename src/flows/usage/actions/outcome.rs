//! What the check of the rows came to.

use super::{KIND, VENDOR, review, wanted};
use crate::db::{Result, Tx};
use crate::flows::accounts;
use crate::flows::usage::model::{Figures, FileStatus, NewItem, Verb, next};
use crate::flows::usage::store::{self, File, Total};
use crate::journal::{self, Entry};
use crate::kit::{Actor, Amount, Text};

/// A file whose rows are to be checked.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The file.
    pub file: File,
    /// The workbook.
    pub key: String,
}

/// Begins, or goes on with, the check of an upload. None if there is nothing to do any more: there is a newer upload, or
/// the check has ended.
pub fn begin(tx: &mut Tx<'_>, id: &str, generation: i32) -> Result<Option<Begun>> {
    let Some(mut file) = store::lock(tx, id)? else { return Ok(None) };
    let Ok(status) = next(id, file.status, Verb::Start, None) else { return Ok(None) };
    if file.generation != generation {
        return Ok(None);
    }
    let Some(upload) = store::upload(tx, &file.id, generation)? else { return Ok(None) };
    if file.status != status {
        store::move_to(tx, &mut file, status)?;
    }
    Ok(Some(Begun { file, key: upload.file_key }))
}

/// What the rows of an upload came to.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The upload's number.
    pub generation: i32,
    /// How many rows.
    pub figures: Figures,
    /// The sum of the amounts of good rows.
    pub amount: Amount,
    /// How many subscriptions they name.
    pub subscriptions: i64,
    /// Sums by item.
    pub totals: &'a [Total],
    /// Sums of the subscriptions with most.
    pub leaders: &'a [Total],
    /// Items that the rows bring along.
    pub new_items: &'a [&'a NewItem],
}

/// Ends the check of an upload whose rows were all read: they become visible together.
pub fn pass(tx: &mut Tx<'_>, id: &str, outcome: &Outcome<'_>) -> Result<()> {
    let mut file = wanted(tx, id)?;
    if file.generation != outcome.generation {
        return Ok(());
    }
    let good = outcome.figures.invalid == 0;
    let Ok(status) = next(id, file.status, if good { Verb::Pass } else { Verb::Fail }, None) else { return Ok(()) };
    file.visible = outcome.generation;
    file.figures = outcome.figures;
    file.amount_total = outcome.amount;
    file.subscriptions = outcome.subscriptions;
    store::set_result(tx, &file.id, outcome.generation, outcome.figures)?;
    store::insert_totals(tx, &file.id, outcome.generation, outcome.totals)?;
    store::insert_leaders(tx, &file.id, outcome.generation, outcome.leaders)?;
    store::insert_new_items(tx, &file.id, outcome.generation, outcome.new_items.iter().copied())?;
    let text = if good {
        Text::new("{rows|The one row is|All {rows} rows are} good").arg("rows", outcome.figures.valid)
    } else {
        Text::new("{bad|One row has|{bad} rows have} a problem, of {rows:number}")
            .arg("bad", outcome.figures.invalid)
            .arg("rows", outcome.figures.uploaded)
    };
    end(tx, &mut file, status, text)
}

/// Ends the check of an upload that cannot be read, or has something wrong with it as a whole.
pub fn fail(tx: &mut Tx<'_>, id: &str, generation: i32, why: &Text) -> Result<()> {
    let Some(mut file) = store::lock(tx, id)? else { return Ok(()) };
    if file.generation != generation {
        return Ok(());
    }
    let Ok(status) = next(id, file.status, Verb::Fail, None) else { return Ok(()) };
    file.error_detail = Some(why.clone());
    end(tx, &mut file, status, Text::new("The workbook cannot be taken: {why:text}").part("why", why))
}

fn end(tx: &mut Tx<'_>, file: &mut File, status: FileStatus, text: Text) -> Result<()> {
    let wished = file.submit_wish.is_some();
    if status == FileStatus::Invalid {
        file.submit_wish = None;
    }
    store::move_to(tx, file, status)?;
    review::build(tx, file)?;
    let seat = accounts::store::account_names(tx, &[file.vendor.as_str()])?.pop();
    if let Some((account, name, role, _)) = seat {
        let system = Actor::system(account, name, role);
        let verb = if status == FileStatus::Ready { "usage_file.validated" } else { "usage_file.invalidated" };
        journal::record(tx, &system, Entry::new(KIND, &file.id, verb, text).audience(VENDOR))?;
    }
    if wished && status == FileStatus::Ready {
        review::submit_wished(tx, file.id.as_str())?;
    }
    crate::crash::point("usage.checked.before-commit");
    Ok(())
}
