//! Writing rows that were checked.

use serde_json::json;

use super::{Batch, Cursor, Finder, Stop};
use crate::flows::usage::model::{Checked, Code, Fault, Field, RecordStatus, record_id};
use crate::flows::usage::store::{self, Claim, NewRow};
use crate::jobs::Work;
use crate::kit::Text;
use crate::kit::column::Doc;

/// Writes a chunk of rows, claims their ids, and notes how far the job is: one transaction.
pub(super) fn write(
    work: &Work,
    claim: Claim<'_>,
    batch: &Batch,
    finder: &Finder<'_>,
    cursor: Cursor,
) -> Result<Cursor, Stop> {
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
