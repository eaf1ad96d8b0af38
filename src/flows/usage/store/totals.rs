//! Exact sums over the good rows of a file.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text as SqlText};

use super::sum;
use crate::db::schema::{usage_leader, usage_total};
use crate::db::{Result, Tx};
use crate::kit::column::ExactDecimal;
use crate::kit::{Amount, UsageFileId};

/// What a file reports of one item, or for one subscription.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Total {
    /// The item's code, or the subscription's id.
    #[diesel(sql_type = SqlText)]
    pub key: String,
    /// What people call it: the item's or the customer's name.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub name: Option<String>,
    /// The item's id, where it is an item that the product has.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub item_id: Option<String>,
    /// What a quantity counts.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub unit: Option<String>,
    /// How many records.
    #[diesel(sql_type = BigInt)]
    pub records: i64,
    /// The sum of the quantities.
    #[diesel(sql_type = ExactDecimal)]
    pub quantity: Amount,
    /// The sum of the amounts.
    #[diesel(sql_type = ExactDecimal)]
    pub amount: Amount,
}

/// Sums the good rows of an upload by item. Reads every row: done once, when the rows have been checked.
pub fn by_item(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32) -> Result<Vec<Total>> {
    let (sum, zero) = (sum(tx), if tx.is_postgres() { "0" } else { "'0'" });
    Ok(diesel::sql_query(format!(
        "select r.item_mpn as key, null as name, max(r.item_id) as item_id, null as unit, count(*) as records, {sum}(coalesce(r.quantity, {zero})) as quantity, \
         {sum}(coalesce(r.amount, {zero})) as amount from usage_record r where r.file_id = $1 and r.generation = $2 and r.status <> 'invalid' \
         and r.item_mpn is not null group by r.item_mpn"
    ))
    .bind::<SqlText, _>(file.as_str())
    .bind::<Integer, _>(generation)
    .load(tx.conn())?)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many subscriptions the good rows of an upload name.
pub fn subscription_count(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32) -> Result<i64> {
    let row: Count = diesel::sql_query(
        "select count(distinct asset_id) as n from usage_record where file_id = $1 and generation = $2 and status <> 'invalid'",
    )
    .bind::<SqlText, _>(file.as_str())
    .bind::<Integer, _>(generation)
    .get_result(tx.conn())?;
    Ok(row.n)
}

/// Keeps the sums by item.
pub fn insert_totals(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32, totals: &[Total]) -> Result<()> {
    for total in totals {
        let row = (
            usage_total::file_id.eq(file),
            usage_total::generation.eq(generation),
            usage_total::mpn.eq(&total.key),
            usage_total::item_id.eq(&total.item_id),
            usage_total::records.eq(total.records),
            usage_total::quantity.eq(total.quantity),
            usage_total::amount.eq(total.amount),
        );
        diesel::insert_into(usage_total::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// The sums by item that were kept, largest amount first, then largest quantity; at most `limit`.
pub fn totals(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32, limit: i64) -> Result<Vec<Total>> {
    let decimal = if tx.is_postgres() { "" } else { " collate decimal" };
    Ok(diesel::sql_query(format!(
        "select t.mpn as key, coalesce(i.name, n.name) as name, t.item_id as item_id, coalesce(u.description, n.unit) as unit, t.records as records, \
         t.quantity as quantity, t.amount as amount from usage_total t left join item i on i.id = t.item_id left join unit u on u.id = i.unit_id \
         left join usage_new_item n on n.file_id = t.file_id and n.generation = t.generation and n.mpn = t.mpn \
         where t.file_id = $1 and t.generation = $2 order by t.amount{decimal} desc, t.quantity{decimal} desc, t.mpn limit $3"
    ))
    .bind::<SqlText, _>(file.as_str())
    .bind::<Integer, _>(generation)
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?)
}

/// Keeps the sums of the subscriptions that [`by_subscription`] gave.
pub fn insert_leaders(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32, leaders: &[Total]) -> Result<()> {
    for leader in leaders {
        let row = (
            usage_leader::file_id.eq(file),
            usage_leader::generation.eq(generation),
            usage_leader::asset_id.eq(&leader.key),
            usage_leader::records.eq(leader.records),
            usage_leader::quantity.eq(leader.quantity),
            usage_leader::amount.eq(leader.amount),
        );
        diesel::insert_into(usage_leader::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// The sums by subscription that were kept, largest amount first, then most records.
pub fn leaders(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32) -> Result<Vec<Total>> {
    let decimal = if tx.is_postgres() { "" } else { " collate decimal" };
    Ok(diesel::sql_query(format!(
        "select l.asset_id as key, t.name as name, null as item_id, null as unit, l.records as records, l.quantity as quantity, \
         l.amount as amount from usage_leader l join asset a on a.id = l.asset_id join tier_account t on t.id = a.customer_id \
         where l.file_id = $1 and l.generation = $2 order by l.amount{decimal} desc, l.records desc, l.asset_id"
    ))
    .bind::<SqlText, _>(file.as_str())
    .bind::<Integer, _>(generation)
    .load(tx.conn())?)
}

/// Sums the good rows of an upload by subscription, largest amount first, then most records; at most `limit`. Reads every
/// row: done once, when the rows have been checked.
pub fn by_subscription(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32, limit: i64) -> Result<Vec<Total>> {
    let (sum, zero, decimal) = if tx.is_postgres() { (sum(tx), "0", "") } else { (sum(tx), "'0'", " collate decimal") };
    Ok(diesel::sql_query(format!(
        "select s.key as key, null as name, null as item_id, null as unit, s.records as records, s.quantity as quantity, s.amount as amount from \
         (select r.asset_id as key, count(*) as records, {sum}(coalesce(r.quantity, {zero})) as quantity, {sum}(coalesce(r.amount, {zero})) as amount \
         from usage_record r where r.file_id = $1 and r.generation = $2 and r.status <> 'invalid' and r.asset_id is not null group by r.asset_id) s order by s.amount{decimal} desc, s.records desc, s.key limit $3"
    ))
    .bind::<SqlText, _>(file.as_str())
    .bind::<Integer, _>(generation)
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?)
}
