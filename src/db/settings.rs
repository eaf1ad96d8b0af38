//! Values that belong to the deployment, such as its secret, made once and kept in the database.

use diesel::prelude::*;

use super::schema::setting;
use super::{Result, Tx};
use crate::kit::Secret;
use crate::on_each;

/// A setting's value.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    Ok(setting::table.find(name).select(setting::value).first(tx.conn()).optional()?)
}

/// The value of a setting; `make` gives it if there is none yet. Two processes that start at once agree on one value.
pub fn get_or_make(tx: &mut Tx<'_>, name: &str, make: impl FnOnce() -> String) -> Result<String> {
    if let Some(value) = get(tx, name)? {
        return Ok(value);
    }
    let row = (setting::name.eq(name), setting::value.eq(make()));
    on_each!(tx, |c| diesel::insert_into(setting::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(setting::table.find(name).select(setting::value).first(tx.conn())?)
}

/// The deployment's secret where the settings name none: made once, and kept here.
pub fn deployment_secret(tx: &mut Tx<'_>) -> Result<String> {
    get_or_make(tx, "secret", || Secret::generate().reveal().to_owned())
}

/// Gives a setting another value.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    let row = (setting::name.eq(name), setting::value.eq(value));
    on_each!(tx, |c| diesel::insert_into(setting::table)
        .values(row)
        .on_conflict(setting::name)
        .do_update()
        .set(setting::value.eq(value))
        .execute(c))?;
    Ok(())
}
