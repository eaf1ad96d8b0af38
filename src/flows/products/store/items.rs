//! Rows of items and units.

use diesel::prelude::*;

use crate::db::schema::{item, unit};
use crate::db::{Result, Tx};
use crate::flows::products::model::{Item, ItemExtra, ItemKind, ItemStatus, Period, Precision, Unit};
use crate::kit::column::Doc;
use crate::kit::{Events, ItemId, ProductId};

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
