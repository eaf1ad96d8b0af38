//! Rows of items and units.

use diesel::dsl::{count_star, exists, max};
use diesel::prelude::*;

use crate::db::schema::{item, unit};
use crate::db::{Result, Tx};
use crate::flows::products::model::{Item, ItemDraft, ItemExtra, ItemKind, ItemStatus, Period, Precision, Unit};
use crate::kit::column::Doc;
use crate::kit::{Events, ItemId, ProductId, fold};

#[derive(Queryable, Selectable)]
#[diesel(table_name = item)]
struct Row {
    id: ItemId,
    mpn: String,
    name: String,
    description: String,
    kind: ItemKind,
    period: Period,
    commitment: i32,
    precision: Precision,
    status: ItemStatus,
    dynamic: bool,
    visible: bool,
    external_id: Option<String>,
    position: i32,
    doc: Doc<ItemExtra>,
    events: Doc<Events>,
}

impl Row {
    fn item(self, (id, title, code): (String, String, String)) -> Item {
        Item {
            id: self.id,
            mpn: self.mpn,
            name: self.name,
            description: self.description,
            kind: self.kind,
            period: self.period,
            commitment: self.commitment,
            precision: self.precision,
            unit: Unit { id, title, code },
            status: self.status,
            dynamic: self.dynamic,
            visible: self.visible,
            external_id: self.external_id,
            position: self.position,
            extra: self.doc.0,
            events: self.events.0,
        }
    }
}

/// The items of a product as they are now, by position.
pub fn of_product(tx: &mut Tx<'_>, product: &ProductId) -> Result<Vec<Item>> {
    let rows: Vec<(Row, (String, String, String))> = item::table
        .inner_join(unit::table)
        .filter(item::product_id.eq(product))
        .order((item::position, item::id))
        .select((Row::as_select(), (unit::id, unit::description, unit::code)))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(row, unit)| row.item(unit)).collect())
}

/// The items of these ids, in no order.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<Item>> {
    let rows: Vec<(Row, (String, String, String))> = item::table
        .inner_join(unit::table)
        .filter(item::id.eq_any(ids))
        .select((Row::as_select(), (unit::id, unit::description, unit::code)))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(row, unit)| row.item(unit)).collect())
}

/// The MPNs and folded names that are taken in a product among the given ones, each with its item.
pub fn taken(tx: &mut Tx<'_>, product: &ProductId, mpn: &str, name: &str) -> Result<Vec<(ItemId, String, String)>> {
    Ok(item::table
        .filter(item::product_id.eq(product))
        .filter(item::mpn.eq(mpn).or(item::name_folded.eq(fold(name))))
        .select((item::id, item::mpn, item::name_folded))
        .load(tx.conn())?)
}

/// How many items a product has, and the last position.
pub fn count(tx: &mut Tx<'_>, product: &ProductId) -> Result<(i64, i32)> {
    let (count, last): (i64, Option<i32>) = item::table
        .filter(item::product_id.eq(product))
        .select((count_star(), max(item::position)))
        .first(tx.conn())?;
    Ok((count, last.unwrap_or(0)))
}

/// Writes a new draft item.
pub fn insert(
    tx: &mut Tx<'_>,
    product: &ProductId,
    id: &ItemId,
    position: i32,
    new: &ItemDraft,
    dynamic: bool,
    events: &Events,
) -> Result<()> {
    let at = tx.at();
    let extra = ItemExtra { parent: new.parent.clone(), ..ItemExtra::default() };
    let status = if dynamic { ItemStatus::Published } else { ItemStatus::Draft };
    let row = (
        item::id.eq(id),
        item::product_id.eq(product),
        item::mpn.eq(&new.mpn),
        item::name.eq(&new.name),
        item::name_folded.eq(fold(&new.name)),
        item::description.eq(&new.description),
        item::kind.eq(new.kind),
        item::period.eq(new.period),
        item::commitment.eq(new.commitment),
        item::precision.eq(new.precision),
        item::unit_id.eq(&new.unit),
        item::status.eq(status),
        item::dynamic.eq(dynamic),
        item::visible.eq(new.visible),
        item::external_id.eq(&new.external_id),
        item::position.eq(position),
        item::doc.eq(Doc(extra)),
        item::events.eq(Doc(events.clone())),
        item::revision.eq(1i64),
        item::created_at.eq(at),
        item::updated_at.eq(at),
    );
    diesel::insert_into(item::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed item.
pub fn update(tx: &mut Tx<'_>, id: &ItemId, new: &ItemDraft, extra: &ItemExtra, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(item::table.find(id))
        .set((
            item::mpn.eq(&new.mpn),
            item::name.eq(&new.name),
            item::name_folded.eq(fold(&new.name)),
            item::description.eq(&new.description),
            item::kind.eq(new.kind),
            item::period.eq(new.period),
            item::commitment.eq(new.commitment),
            item::precision.eq(new.precision),
            item::unit_id.eq(&new.unit),
            item::visible.eq(new.visible),
            item::external_id.eq(&new.external_id),
            item::doc.eq(Doc(extra.clone())),
            item::events.eq(Doc(events.clone())),
            item::revision.eq(item::revision + 1),
            item::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes where an item stands.
pub fn set_status(tx: &mut Tx<'_>, id: &ItemId, status: ItemStatus) -> Result<()> {
    diesel::update(item::table.find(id)).set(item::status.eq(status)).execute(tx.conn())?;
    Ok(())
}

/// Publishes the drafts of a product with a version.
pub fn publish(tx: &mut Tx<'_>, product: &ProductId, version: i32) -> Result<()> {
    let at = tx.at();
    diesel::update(item::table.filter(item::product_id.eq(product)).filter(item::status.eq(ItemStatus::Draft)))
        .set((
            item::status.eq(ItemStatus::Published),
            item::first_version.eq(Some(version)),
            item::revision.eq(item::revision + 1),
            item::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes an item away.
pub fn delete(tx: &mut Tx<'_>, id: &ItemId) -> Result<()> {
    diesel::delete(item::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Whether a product has pay-as-you-go items that are published or ended.
pub fn any_ppu(tx: &mut Tx<'_>, product: &ProductId) -> Result<bool> {
    let items = item::table
        .filter(item::product_id.eq(product))
        .filter(item::kind.eq(ItemKind::Ppu))
        .filter(item::status.ne(ItemStatus::Draft));
    Ok(diesel::select(exists(items)).get_result(tx.conn())?)
}
