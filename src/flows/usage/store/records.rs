//! Reading records with what they mention.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text as SqlText};

use super::places;
use crate::db::schema::usage_category;
use crate::db::{MultiBackend, Result, Tx};
use crate::flows::products::model::{ItemKind, Period, Precision, UsageSchema};
use crate::flows::usage::model::{FileStatus, RecordStatus};
use crate::kit::column::{Doc, ExactDecimal, JsonDoc};
use crate::kit::{Amount, ItemId, Time, UsageFileId};

/// A record with the names and numbers of what it mentions.
#[derive(Debug, Clone, QueryableByName)]
pub struct RecordRow {
    /// Its id.
    #[diesel(sql_type = SqlText)]
    pub id: String,
    /// The file.
    #[diesel(sql_type = SqlText)]
    pub file_id: UsageFileId,
    /// The file's name.
    #[diesel(sql_type = SqlText)]
    pub file_name: String,
    /// The file's status.
    #[diesel(sql_type = SqlText)]
    pub file_status: FileStatus,
    /// What the file's rows carry.
    #[diesel(sql_type = SqlText)]
    pub schema: UsageSchema,
    /// In what money.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub currency: Option<String>,
    /// The product.
    #[diesel(sql_type = SqlText)]
    pub product_id: String,
    /// The upload's number.
    #[diesel(sql_type = Integer)]
    pub generation: i32,
    /// The row's number in the sheet.
    #[diesel(sql_type = Integer)]
    pub sheet_row: i32,
    /// The vendor's id of the row.
    #[diesel(sql_type = SqlText)]
    pub record_id: String,
    /// The vendor's words about it.
    #[diesel(sql_type = SqlText)]
    pub note: String,
    /// As it is kept; see [`RecordStatus::in_file`].
    #[diesel(sql_type = SqlText)]
    pub kept: RecordStatus,
    /// What the distributor said of it while its file is pending.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub verdict: Option<RecordStatus>,
    /// From when.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub start_at: Option<Time>,
    /// Until when.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub end_at: Option<Time>,
    /// The item's code.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub item_mpn: Option<String>,
    /// The item, if the product has it.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub item_id: Option<ItemId>,
    /// The item's name.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub item_name: Option<String>,
    /// How it is charged.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub item_kind: Option<ItemKind>,
    /// For how long one charge lasts.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub item_period: Option<Period>,
    /// How finely a quantity may be given.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub item_precision: Option<Precision>,
    /// What a quantity counts.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub item_unit: Option<String>,
    /// The subscription.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub asset_id: Option<String>,
    /// Its id in the distributor's system.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub asset_external_id: Option<String>,
    /// The id that the ordering system gave it.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub asset_external_uid: Option<String>,
    /// The value of its reconciliation parameter.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub recon_id: Option<String>,
    /// The customer.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub customer_id: Option<String>,
    /// The customer's id in the distributor's system.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub customer_external_id: Option<String>,
    /// The customer's name.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub customer_name: Option<String>,
    /// The category.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub category_id: Option<String>,
    /// Its name.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub category_name: Option<String>,
    /// What it is.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub category_description: Option<String>,
    /// The tier.
    #[diesel(sql_type = Nullable<Integer>)]
    pub tier: Option<i32>,
    /// How much.
    #[diesel(sql_type = Nullable<ExactDecimal>)]
    pub quantity: Option<Amount>,
    /// What it costs in all.
    #[diesel(sql_type = Nullable<ExactDecimal>)]
    pub amount: Option<Amount>,
    /// Values of the vendor's own columns.
    #[diesel(sql_type = JsonDoc)]
    pub params: Doc<Vec<(String, String)>>,
    /// The id in the distributor's billing.
    #[diesel(sql_type = SqlText)]
    pub billing_id: String,
    /// A note of the distributor.
    #[diesel(sql_type = SqlText)]
    pub billing_note: String,
    /// When it was closed.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub closed_at: Option<Time>,
    /// By whom.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub closed_by: Option<String>,
}

impl RecordRow {
    /// Where it stands.
    pub fn status(&self) -> RecordStatus {
        match self.verdict {
            Some(verdict) if self.kept == RecordStatus::Valid && self.file_status == FileStatus::Pending => verdict,
            _ => self.kept.in_file(self.file_status),
        }
    }
}

const SELECT: &str = "select r.id, r.file_id, f.name as file_name, f.status as file_status, f.schema_kind as schema, f.currency, f.product_id, r.generation, \
     r.sheet_row, r.record_id, r.note, r.status as kept, r.verdict, r.start_at, r.end_at, r.item_mpn, r.item_id, coalesce(i.name, n.name) as item_name, \
     i.kind as item_kind, i.period as item_period, coalesce(i.precision, n.precision) as item_precision, coalesce(u.description, n.unit) as item_unit, \
     r.asset_id, a.external_id as asset_external_id, a.external_uid as asset_external_uid, v.value as recon_id, a.customer_id, \
     t.external_id as customer_external_id, t.name as customer_name, r.category_id, k.name as category_name, k.description as category_description, \
     r.tier, r.quantity, r.amount, r.params, r.billing_id, r.billing_note, r.closed_at, r.closed_by from usage_record r \
     join usage_file f on f.id = r.file_id left join item i on i.id = r.item_id left join unit u on u.id = i.unit_id \
     left join usage_new_item n on r.item_id is null and n.file_id = r.file_id and n.generation = r.generation and n.mpn = r.item_mpn \
     left join asset a on a.id = r.asset_id left join tier_account t on t.id = a.customer_id \
     left join parameter p on p.product_id = f.product_id and p.reconciliation left join asset_param v on v.asset_id = r.asset_id and v.name = p.name \
     left join usage_category k on k.file_id = r.file_id and k.generation = r.generation and k.id = r.category_id ";

/// Records by their ids, in the order of the ids: one statement. For callers that have found the ids where the reader may
/// look.
pub fn records(tx: &mut Tx<'_>, ids: &[&str]) -> Result<Vec<RecordRow>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let mut query = diesel::sql_query(format!("{SELECT} where r.id in ({}) order by r.id", places(1, ids.len())))
        .into_boxed::<MultiBackend>();
    for id in ids {
        query = query.bind::<SqlText, _>(*id);
    }
    Ok(query.load(tx.conn())?)
}

/// Records from one id to another, both included, in the order of the ids.
pub fn records_between(tx: &mut Tx<'_>, first: &str, last: &str) -> Result<Vec<RecordRow>> {
    Ok(diesel::sql_query(format!("{SELECT} where r.id between $1 and $2 order by r.id"))
        .bind::<SqlText, _>(first)
        .bind::<SqlText, _>(last)
        .load(tx.conn())?)
}

/// A category of a file.
#[derive(Debug, Clone, Queryable)]
pub struct CategoryRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
}

/// The categories of an upload in the order of the sheet.
pub fn categories(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32) -> Result<Vec<CategoryRow>> {
    Ok(usage_category::table
        .filter(usage_category::file_id.eq(file))
        .filter(usage_category::generation.eq(generation))
        .order(usage_category::position)
        .select((usage_category::id, usage_category::name, usage_category::description))
        .load(tx.conn())?)
}
