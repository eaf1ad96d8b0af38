//! Rows of media.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::medium;
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::flows::products::model::{Medium, MediumKind};
use crate::kit::column::Doc;
use crate::kit::{Events, MediaId, ProductId};

type Row = (ProductId, MediaId, i32, MediumKind, Option<String>, Option<String>, Doc<Events>);

fn medium_of((product, id, position, kind, thumbnail, url, events): Row) -> (ProductId, Medium) {
    let thumbnail = thumbnail.unwrap_or_default();
    let url = url.unwrap_or_else(|| thumbnail.clone());
    (product, Medium { id, position, kind, thumbnail, url, events: events.0 })
}

type Columns =
    (medium::product_id, medium::id, medium::position, medium::kind, medium::thumbnail, medium::url, medium::events);
const COLUMNS: Columns =
    (medium::product_id, medium::id, medium::position, medium::kind, medium::thumbnail, medium::url, medium::events);

/// The media of a product, by position.
pub fn of_product(tx: &mut Tx<'_>, product: &ProductId) -> Result<Vec<Medium>> {
    let rows: Vec<Row> =
        medium::table.filter(medium::product_id.eq(product)).order(medium::position).select(COLUMNS).load(tx.conn())?;
    Ok(rows.into_iter().map(|row| medium_of(row).1).collect())
}

/// The main medium of each product that has one: one statement.
pub fn main_of(tx: &mut Tx<'_>, products: &[ProductId]) -> Result<HashMap<ProductId, Medium>> {
    let rows: Vec<Row> = medium::table
        .filter(medium::product_id.eq_any(products))
        .order(medium::position.desc())
        .select(COLUMNS)
        .load(tx.conn())?;
    // The lowest position comes last and stays.
    Ok(rows.into_iter().map(medium_of).collect())
}

/// Writes a new medium under a fresh id. The picture is given by its path.
pub fn insert(
    tx: &mut Tx<'_>,
    product: &ProductId,
    position: i32,
    kind: MediumKind,
    thumbnail: &str,
    url: Option<&str>,
    events: &Events,
) -> Result<MediaId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[5], |tx, digits| {
        let row = (
            medium::id.eq(format!("PRDM-{}-{digits}", product.digits())),
            medium::product_id.eq(product),
            medium::kind.eq(kind),
            medium::thumbnail.eq(Some(thumbnail)),
            medium::url.eq(url),
            medium::position.eq(position),
            medium::events.eq(Doc(events.clone())),
            medium::revision.eq(1i64),
            medium::created_at.eq(at),
        );
        Ok(diesel::insert_into(medium::table).values(row).returning(medium::id).get_result::<MediaId>(tx.conn())?)
    })
}

/// Writes a changed medium.
pub fn update(
    tx: &mut Tx<'_>,
    id: &MediaId,
    position: i32,
    kind: MediumKind,
    thumbnail: &str,
    url: Option<&str>,
    events: &Events,
) -> Result<()> {
    diesel::update(medium::table.find(id))
        .set((
            medium::kind.eq(kind),
            medium::thumbnail.eq(Some(thumbnail)),
            medium::url.eq(url),
            medium::position.eq(position),
            medium::events.eq(Doc(events.clone())),
            medium::revision.eq(medium::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a medium away.
pub fn delete(tx: &mut Tx<'_>, id: &MediaId) -> Result<()> {
    diesel::delete(medium::table.find(id)).execute(tx.conn())?;
    Ok(())
}
