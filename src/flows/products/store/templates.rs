//! Rows of templates.

use diesel::prelude::*;

use crate::db::schema::template;
use crate::db::{Result, Tx};
use crate::flows::products::model::{Scope, Template, TemplateKind};
use crate::kit::column::Doc;
use crate::kit::{Events, ProductId, TemplateId};

#[derive(Queryable, Selectable)]
#[diesel(table_name = template)]
struct Row {
    id: TemplateId,
    name: String,
    title: String,
    body: String,
    scope: Scope,
    kind: Option<TemplateKind>,
    position: i32,
    events: Doc<Events>,
}

impl From<Row> for Template {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            title: row.title,
            body: row.body,
            scope: row.scope,
            kind: row.kind,
            position: row.position,
            events: row.events.0,
        }
    }
}

/// The templates of a product, by position.
pub fn of_product(tx: &mut Tx<'_>, product: &ProductId) -> Result<Vec<Template>> {
    let rows: Vec<Row> = template::table
        .filter(template::product_id.eq(product))
        .order((template::position, template::id))
        .select(Row::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Template::from).collect())
}
