//! What is wrong with the rows of a file.

use diesel::prelude::*;

use crate::db::schema::usage_problem;
use crate::db::{Result, Tx};
use crate::kit::column::Doc;
use crate::kit::{Text, UsageFileId};

/// One thing that is wrong with a row.
#[derive(Debug, Clone, Queryable)]
pub struct Problem {
    /// The record.
    pub record_id: String,
    /// The row's number in the sheet.
    pub sheet_row: i32,
    /// What kind of fault, `USG_011`.
    pub code: String,
    /// The column.
    pub column: String,
    /// What the cell holds.
    pub value: String,
    /// What is wrong and what would be right.
    pub text: Doc<Text>,
}

/// How many problems of one kind a file has.
#[derive(Debug, Clone, Queryable)]
pub struct Group {
    /// What kind of fault.
    pub code: String,
    /// How many.
    pub count: i64,
}

/// The kinds of problems of an upload and how many there are of each, by code.
pub fn group_counts(tx: &mut Tx<'_>, file: &UsageFileId, generation: i32) -> Result<Vec<Group>> {
    Ok(usage_problem::table
        .filter(usage_problem::file_id.eq(file))
        .filter(usage_problem::generation.eq(generation))
        .group_by(usage_problem::code)
        .order(usage_problem::code)
        .select((usage_problem::code, diesel::dsl::count_star()))
        .load(tx.conn())?)
}

/// Problems of one kind in the order of the rows: `limit` of them after `offset`.
pub fn problems_with(
    tx: &mut Tx<'_>,
    file: &UsageFileId,
    generation: i32,
    code: &str,
    offset: i64,
    limit: i64,
) -> Result<Vec<Problem>> {
    Ok(usage_problem::table
        .filter(usage_problem::file_id.eq(file))
        .filter(usage_problem::generation.eq(generation))
        .filter(usage_problem::code.eq(code))
        .order((usage_problem::record_id, usage_problem::place))
        .offset(offset)
        .limit(limit)
        .select(COLUMNS)
        .load(tx.conn())?)
}

/// Problems by the keys that the list of problems gives, `record/place`, in no order.
pub fn problems_by_keys(tx: &mut Tx<'_>, keys: &[String]) -> Result<Vec<(String, Problem)>> {
    let records: Vec<&str> = keys.iter().filter_map(|key| key.split_once('/')).map(|(record, _)| record).collect();
    let rows: Vec<(i32, Problem)> = usage_problem::table
        .filter(usage_problem::record_id.eq_any(records))
        .select((usage_problem::place, COLUMNS))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(place, problem)| (format!("{}/{place}", problem.record_id), problem)).collect())
}

/// All problems of the records from one id to another, both included, in the order of the rows and their columns.
pub fn problems_of(tx: &mut Tx<'_>, first: &str, last: &str) -> Result<Vec<Problem>> {
    Ok(usage_problem::table
        .filter(usage_problem::record_id.between(first, last))
        .order((usage_problem::record_id, usage_problem::place))
        .select(COLUMNS)
        .load(tx.conn())?)
}

const COLUMNS: (
    usage_problem::record_id,
    usage_problem::sheet_row,
    usage_problem::code,
    usage_problem::column_name,
    usage_problem::value,
    usage_problem::text,
) = (
    usage_problem::record_id,
    usage_problem::sheet_row,
    usage_problem::code,
    usage_problem::column_name,
    usage_problem::value,
    usage_problem::text,
);
