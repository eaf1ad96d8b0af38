//! Writing the rows of a file, many at a time; every function does a bounded piece of work.

use diesel::prelude::*;
use diesel::sql_types::Text as SqlText;

use super::files::File;
use super::keys::Claim;
use crate::db::schema::{usage_category, usage_file, usage_new_item, usage_problem, usage_record};
use crate::db::{Result, Tx};
use crate::flows::products::model::Precision;
use crate::flows::usage::model::{Fault, Item, NewItem, RecordStatus};
use crate::kit::column::Doc;
use crate::kit::{Amount, Text, Time, UsageFileId};
use crate::on_each;

/// A row as it is written. SQLite takes about 32,000 values in one statement: at most 1,400 rows at once.
#[derive(Insertable, Debug)]
#[diesel(table_name = usage_record, treat_none_as_default_value = false)]
pub struct NewRow<'a> {
    /// Its id.
    pub id: String,
    /// The file.
    pub file_id: &'a str,
    /// The upload's number.
    pub generation: i32,
    /// The row's number in the sheet.
    pub sheet_row: i32,
    /// The vendor's id of it.
    pub record_id: &'a str,
    /// The vendor's words about it.
    pub note: &'a str,
    /// `valid` or `invalid`.
    pub status: RecordStatus,
    /// From when.
    pub start_at: Option<Time>,
    /// Until when.
    pub end_at: Option<Time>,
    /// The item, if the product has it.
    pub item_id: Option<&'a str>,
    /// Its code.
    pub item_mpn: Option<&'a str>,
    /// The subscription.
    pub asset_id: Option<&'a str>,
    /// The category.
    pub category_id: Option<&'a str>,
    /// The tier.
    pub tier: Option<i32>,
    /// How much.
    pub quantity: Option<Amount>,
    /// What it costs in all.
    pub amount: Option<Amount>,
    /// Values of the vendor's own columns.
    pub params: Doc<&'a [(String, String)]>,
    /// No billing id yet.
    pub billing_id: &'a str,
    /// No billing note yet.
    pub billing_note: &'a str,
    /// When it came.
    pub created_at: Time,
}

impl NewRow<'_> {
    /// The ids that a row keeps of its item.
    pub fn item(item: Option<&Item>) -> (Option<&str>, Option<&str>) {
        match item {
            Some(Item::Known { id, mpn, .. }) => (Some(id), Some(mpn)),
            Some(Item::New { mpn }) => (None, Some(mpn)),
            None => (None, None),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = usage_problem)]
struct NewProblem<'a> {
    record_id: &'a str,
    place: i32,
    file_id: &'a str,
    generation: i32,
    sheet_row: i32,
    code: &'a str,
    column_name: &'a str,
    value: &'a str,
    text: Doc<&'a Text>,
}

/// Writes rows, each with what is wrong with it.
pub fn insert_rows(tx: &mut Tx<'_>, rows: &[NewRow<'_>], faults: &[&[Fault]]) -> Result<()> {
    on_each!(tx, |c| diesel::insert_into(usage_record::table).values(rows).execute(c))?;
    let mut problems = vec![];
    for (row, faults) in rows.iter().zip(faults) {
        for (place, fault) in (0..).zip(faults.iter()) {
            problems.push(NewProblem {
                record_id: &row.id,
                place,
                file_id: row.file_id,
                generation: row.generation,
                sheet_row: row.sheet_row,
                code: fault.code.as_str(),
                column_name: &fault.column,
                value: &fault.value,
                text: Doc(&fault.text),
            });
        }
    }
    for some in problems.chunks(2_000) {
        on_each!(tx, |c| diesel::insert_into(usage_problem::table).values(some).execute(c))?;
    }
    Ok(())
}

/// Writes the categories of an upload: id, name, description.
pub fn insert_categories(
    tx: &mut Tx<'_>,
    file: &UsageFileId,
    generation: i32,
    categories: &[(String, String, String)],
) -> Result<()> {
    let row = |(position, (id, name, description)): (i32, &(String, String, String))| {
        (
            usage_category::file_id.eq(file.to_string()),
            usage_category::generation.eq(generation),
            usage_category::id.eq(id.clone()),
            usage_category::name.eq(name.clone()),
            usage_category::description.eq(description.clone()),
            usage_category::position.eq(position),
        )
    };
    let rows: Vec<_> = (0..).zip(categories).map(row).collect();
    diesel::delete(
        usage_category::table
            .filter(usage_category::file_id.eq(file))
            .filter(usage_category::generation.eq(generation)),
    )
    .execute(tx.conn())?;
    for some in rows.chunks(1_000) {
        on_each!(tx, |c| diesel::insert_into(usage_category::table).values(some).execute(c))?;
    }
    Ok(())
}

/// Writes the items that an upload brings along.
pub fn insert_new_items<'a>(
    tx: &mut Tx<'_>,
    file: &UsageFileId,
    generation: i32,
    items: impl Iterator<Item = &'a NewItem>,
) -> Result<()> {
    for item in items {
        let row = (
            usage_new_item::file_id.eq(file),
            usage_new_item::generation.eq(generation),
            usage_new_item::mpn.eq(&item.mpn),
            usage_new_item::name.eq(&item.name),
            usage_new_item::unit.eq(&item.unit),
            usage_new_item::precision.eq(item.precision),
        );
        diesel::insert_into(usage_new_item::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// The items that an upload brings along.
pub fn new_items(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32) -> Result<Vec<NewItem>> {
    let rows: Vec<(String, String, String, Precision)> = usage_new_item::table
        .filter(usage_new_item::file_id.eq(file))
        .filter(usage_new_item::generation.eq(generation))
        .order(usage_new_item::mpn)
        .select((usage_new_item::mpn, usage_new_item::name, usage_new_item::unit, usage_new_item::precision))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(mpn, name, unit, precision)| NewItem { mpn, name, unit, precision }).collect())
}

/// Billing data that a record is closed with.
#[derive(Debug, Clone, Copy)]
pub struct Billing<'a> {
    /// The id in the distributor's billing.
    pub id: &'a str,
    /// A note.
    pub note: &'a str,
    /// Who closes: an address or a name.
    pub by: &'a str,
}

/// Closes one record, or corrects the billing data of a closed one.
pub fn close(tx: &mut Tx<'_>, id: &str, billing: Billing<'_>, again: bool) -> Result<()> {
    let at = tx.at();
    let row = diesel::update(usage_record::table.find(id));
    if again {
        row.set((usage_record::billing_id.eq(billing.id), usage_record::billing_note.eq(billing.note)))
            .execute(tx.conn())?;
    } else {
        row.set((
            usage_record::status.eq(RecordStatus::Closed),
            usage_record::billing_id.eq(billing.id),
            usage_record::billing_note.eq(billing.note),
            usage_record::closed_at.eq(Some(at)),
            usage_record::closed_by.eq(Some(billing.by)),
        ))
        .execute(tx.conn())?;
    }
    Ok(())
}

/// Notes what the distributor says of one record, and the file's numbers of what was said. The file keeps its revision:
/// whoever has its form open decides about the same records.
pub fn decide(tx: &mut Tx<'_>, file: &File, id: &str, verdict: RecordStatus) -> Result<()> {
    diesel::update(usage_record::table.find(id)).set(usage_record::verdict.eq(Some(verdict))).execute(tx.conn())?;
    let numbers = (usage_file::approved.eq(file.verdicts.approved), usage_file::refused.eq(file.verdicts.rejected));
    diesel::update(usage_file::table.find(&file.id)).set(numbers).execute(tx.conn())?;
    Ok(())
}

/// Closes at most `limit` open records of an upload in the order of their ids, after `after`. Gives how many it closed
/// and the last id; none when there were none.
pub fn close_open(
    tx: &mut Tx<'_>,
    file: &UsageFileId,
    generation: i32,
    after: &str,
    billing: Billing<'_>,
    limit: i64,
) -> Result<Option<(usize, String)>> {
    let at = tx.at();
    let open = usage_record::table
        .filter(usage_record::file_id.eq(file))
        .filter(usage_record::generation.eq(generation))
        .filter(usage_record::id.gt(after))
        .filter(usage_record::status.eq(RecordStatus::Valid));
    let ids: Vec<String> = open.order(usage_record::id).limit(limit).select(usage_record::id).load(tx.conn())?;
    let Some((first, last)) = ids.first().zip(ids.last()) else { return Ok(None) };
    let closed = diesel::update(
        usage_record::table
            .filter(usage_record::id.between(first, last))
            .filter(usage_record::status.eq(RecordStatus::Valid)),
    )
    .set((
        usage_record::status.eq(RecordStatus::Closed),
        usage_record::billing_id.eq(billing.id),
        usage_record::billing_note.eq(billing.note),
        usage_record::closed_at.eq(Some(at)),
        usage_record::closed_by.eq(Some(billing.by)),
    ))
    .execute(tx.conn())?;
    Ok(Some((closed, last.clone())))
}

/// Gives the next `limit` records after `after` the items that were made of the ones they brought along. Gives the last id
/// it looked at; none when there were none.
pub fn link_items(tx: &mut Tx<'_>, claim: Claim<'_>, after: &str, limit: i64) -> Result<Option<String>> {
    let rows = usage_record::table
        .filter(usage_record::file_id.eq(claim.file))
        .filter(usage_record::generation.eq(claim.generation))
        .filter(usage_record::id.gt(after));
    let ids: Vec<String> = rows.order(usage_record::id).limit(limit).select(usage_record::id).load(tx.conn())?;
    let Some((first, last)) = ids.first().zip(ids.last()) else { return Ok(None) };
    diesel::sql_query(
        "update usage_record set item_id = (select i.id from item i where i.product_id = $1 and i.mpn = usage_record.item_mpn) \
         where id between $2 and $3 and item_id is null",
    )
    .bind::<SqlText, _>(claim.product.as_str())
    .bind::<SqlText, _>(first)
    .bind::<SqlText, _>(last)
    .execute(tx.conn())?;
    Ok(Some(last.clone()))
}
