//! Rows of categories and units.

use diesel::prelude::*;

use crate::db::schema::{category, unit};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::flows::products::model::{Category, ItemKind, UnitOfMeasure};
use crate::kit::{AccountId, CategoryId, Time};

type CategoryRow = (CategoryId, String, Option<CategoryId>, String);

fn category_of((id, name, parent, family): CategoryRow) -> Category {
    Category { id, name, parent, family }
}

/// All categories, by position.
pub fn categories(tx: &mut Tx<'_>) -> Result<Vec<Category>> {
    let rows: Vec<CategoryRow> = category::table
        .order((category::position, category::id))
        .select((category::id, category::name, category::parent_id, category::family))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(category_of).collect())
}

/// A category.
pub fn category(tx: &mut Tx<'_>, id: &str) -> Result<Option<Category>> {
    let row: Option<CategoryRow> = category::table
        .find(id)
        .select((category::id, category::name, category::parent_id, category::family))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(category_of))
}

type UnitRow = (String, Option<AccountId>, String, String, ItemKind, bool, Time);

fn unit_of((id, owner, description, code, kind, cumulative, created_at): UnitRow) -> UnitOfMeasure {
    UnitOfMeasure { id, owner, description, code, kind, cumulative, created_at }
}

const UNIT: (
    unit::id,
    unit::account_id,
    unit::description,
    unit::code,
    unit::kind,
    unit::cumulative,
    unit::created_at,
) = (unit::id, unit::account_id, unit::description, unit::code, unit::kind, unit::cumulative, unit::created_at);

/// The units that a company may use: the shared ones and its own, by description.
pub fn units(tx: &mut Tx<'_>, account: &AccountId) -> Result<Vec<UnitOfMeasure>> {
    let rows: Vec<UnitRow> = unit::table
        .filter(unit::account_id.is_null().or(unit::account_id.eq(account.as_str())))
        .order((unit::description, unit::id))
        .select(UNIT)
        .load(tx.conn())?;
    Ok(rows.into_iter().map(unit_of).collect())
}

/// A unit that a company may use.
pub fn unit(tx: &mut Tx<'_>, account: &AccountId, id: &str) -> Result<Option<UnitOfMeasure>> {
    let row: Option<UnitRow> = unit::table
        .filter(unit::id.eq(id))
        .filter(unit::account_id.is_null().or(unit::account_id.eq(account.as_str())))
        .select(UNIT)
        .first(tx.conn())
        .optional()?;
    Ok(row.map(unit_of))
}

/// How many units of its own a company has.
pub fn count_units(tx: &mut Tx<'_>, account: &AccountId) -> Result<i64> {
    Ok(unit::table.filter(unit::account_id.eq(account.as_str())).count().get_result(tx.conn())?)
}

/// Writes a new unit of a company under a fresh id.
pub fn insert_unit(
    tx: &mut Tx<'_>,
    account: &AccountId,
    description: &str,
    code: &str,
    kind: ItemKind,
) -> Result<String> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            unit::id.eq(format!("CU-{digits}")),
            unit::account_id.eq(account.as_str()),
            unit::description.eq(description),
            unit::code.eq(code),
            unit::kind.eq(kind),
            unit::cumulative.eq(false),
            unit::created_at.eq(at),
        );
        Ok(diesel::insert_into(unit::table).values(row).returning(unit::id).get_result::<String>(tx.conn())?)
    })
}
