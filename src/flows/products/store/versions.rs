//! Rows of versions.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::db::schema::product_version;
use crate::db::{Result, Tx};
use crate::flows::products::model::{Snapshot, Version};
use crate::kit::column::Doc;
use crate::kit::{Events, ProductId};

/// What a version keeps.
pub fn snapshot(tx: &mut Tx<'_>, id: &ProductId, version: i32) -> Result<Option<Snapshot>> {
    let found: Option<Doc<Snapshot>> =
        product_version::table.find((id, version)).select(product_version::snapshot).first(tx.conn()).optional()?;
    Ok(found.map(|doc| doc.0))
}

type Row = (i32, bool, bool, String, Doc<Events>);

type Columns = (
    product_version::version,
    product_version::public,
    product_version::staging,
    product_version::changes,
    product_version::events,
);
const COLUMNS: Columns = (
    product_version::version,
    product_version::public,
    product_version::staging,
    product_version::changes,
    product_version::events,
);

fn version((number, public, staging, changes, events): Row) -> Version {
    Version { number, public, staging, changes, events: events.0 }
}

/// One version of a product, without what it keeps.
pub fn one(tx: &mut Tx<'_>, id: &ProductId, number: i32) -> Result<Option<Version>> {
    let row: Option<Row> = product_version::table.find((id, number)).select(COLUMNS).first(tx.conn()).optional()?;
    Ok(row.map(version))
}

/// The versions of a product, the newest first, without what they keep.
pub fn of_product(tx: &mut Tx<'_>, id: &ProductId) -> Result<Vec<Version>> {
    let rows: Vec<Row> = product_version::table
        .filter(product_version::product_id.eq(id))
        .order(product_version::version.desc())
        .select(COLUMNS)
        .load(tx.conn())?;
    Ok(rows.into_iter().map(version).collect())
}

/// Some versions of a product with what each keeps.
pub fn kept(tx: &mut Tx<'_>, id: &ProductId, numbers: &[i32]) -> Result<Vec<(Version, Snapshot)>> {
    let rows: Vec<(Row, Doc<Snapshot>)> = product_version::table
        .filter(product_version::product_id.eq(id))
        .filter(product_version::version.eq_any(numbers))
        .select((COLUMNS, product_version::snapshot))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(row, kept)| (version(row), kept.0)).collect())
}

/// The newest version that distributors see.
pub fn newest_public(tx: &mut Tx<'_>, id: &ProductId) -> Result<Option<i32>> {
    Ok(product_version::table
        .filter(product_version::product_id.eq(id))
        .filter(product_version::public.eq(true))
        .select(max(product_version::version))
        .first(tx.conn())?)
}

/// Writes a new version.
pub fn insert(tx: &mut Tx<'_>, id: &ProductId, new: &Version, kept: &Snapshot) -> Result<()> {
    let at = tx.at();
    let row = (
        product_version::product_id.eq(id),
        product_version::version.eq(new.number),
        product_version::public.eq(new.public),
        product_version::staging.eq(new.staging),
        product_version::changes.eq(&new.changes),
        product_version::snapshot.eq(Doc(kept.clone())),
        product_version::events.eq(Doc(new.events.clone())),
        product_version::created_at.eq(at),
    );
    diesel::insert_into(product_version::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Writes what may change of a version: description and visibility.
pub fn update(tx: &mut Tx<'_>, id: &ProductId, new: &Version) -> Result<()> {
    diesel::update(product_version::table.find((id, new.number)))
        .set((
            product_version::public.eq(new.public),
            product_version::staging.eq(new.staging),
            product_version::changes.eq(&new.changes),
            product_version::events.eq(Doc(new.events.clone())),
        ))
        .execute(tx.conn())?;
    Ok(())
}
