//! Rows of templates.

use diesel::prelude::*;

use crate::db::schema::template;
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::flows::products::model::{Scope, Template, TemplateDraft, TemplateKind};
use crate::kit::column::Doc;
use crate::kit::{Events, ProductId, TemplateId, fold};

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

/// The templates of these ids, in no order.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<Template>> {
    let rows: Vec<Row> = template::table.filter(template::id.eq_any(ids)).select(Row::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Template::from).collect())
}

/// Writes a new template under a fresh id.
pub fn insert(
    tx: &mut Tx<'_>,
    product: &ProductId,
    position: i32,
    new: &TemplateDraft,
    events: &Events,
) -> Result<TemplateId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            template::id.eq(format!("TL-{digits}")),
            template::product_id.eq(product),
            template::name.eq(&new.name),
            template::name_folded.eq(fold(&new.name)),
            template::title.eq(&new.title),
            template::body.eq(&new.body),
            template::scope.eq(new.scope),
            template::kind.eq(new.kind),
            template::position.eq(position),
            template::events.eq(Doc(events.clone())),
            template::revision.eq(1i64),
            template::created_at.eq(at),
            template::updated_at.eq(at),
        );
        Ok(diesel::insert_into(template::table)
            .values(row)
            .returning(template::id)
            .get_result::<TemplateId>(tx.conn())?)
    })
}

/// Writes a changed template.
pub fn update(tx: &mut Tx<'_>, id: &TemplateId, new: &TemplateDraft, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(template::table.find(id))
        .set((
            template::name.eq(&new.name),
            template::name_folded.eq(fold(&new.name)),
            template::title.eq(&new.title),
            template::body.eq(&new.body),
            template::events.eq(Doc(events.clone())),
            template::revision.eq(template::revision + 1),
            template::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a template away.
pub fn delete(tx: &mut Tx<'_>, id: &TemplateId) -> Result<()> {
    diesel::delete(template::table.find(id)).execute(tx.conn())?;
    Ok(())
}
