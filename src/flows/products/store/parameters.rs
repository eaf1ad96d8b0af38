//! Rows of parameters.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::schema::parameter;
use crate::db::{Result, Tx};
use crate::flows::products::model::{Constraints, Parameter, ParameterDraft, ParameterKind, Phase, Preset, Scope};
use crate::kit::column::Doc;
use crate::kit::{Events, ParameterId, ProductId};

/// Parts of a parameter that no query asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extra {
    constraints: Constraints,
    preset: Option<Preset>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = parameter)]
struct Row {
    id: ParameterId,
    name: String,
    title: String,
    description: String,
    phase: Phase,
    scope: Scope,
    kind: ParameterKind,
    hint: String,
    placeholder: String,
    doc: Doc<Extra>,
    position: i32,
    events: Doc<Events>,
}

impl From<Row> for Parameter {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            title: row.title,
            description: row.description,
            phase: row.phase,
            scope: row.scope,
            kind: row.kind,
            hint: row.hint,
            placeholder: row.placeholder,
            constraints: row.doc.0.constraints,
            preset: row.doc.0.preset,
            position: row.position,
            events: row.events.0,
        }
    }
}

/// The parameters of a product, by position.
pub fn of_product(tx: &mut Tx<'_>, product: &ProductId) -> Result<Vec<Parameter>> {
    let rows: Vec<Row> = parameter::table
        .filter(parameter::product_id.eq(product))
        .order((parameter::position, parameter::id))
        .select(Row::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Parameter::from).collect())
}

/// The parameters of these ids, in no order.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<Parameter>> {
    let rows: Vec<Row> = parameter::table.filter(parameter::id.eq_any(ids)).select(Row::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Parameter::from).collect())
}

fn extra(new: &ParameterDraft) -> Doc<Extra> {
    Doc(Extra { constraints: new.constraints.clone(), preset: new.preset.clone() })
}

/// Writes a new parameter.
pub fn insert(
    tx: &mut Tx<'_>,
    product: &ProductId,
    id: &ParameterId,
    position: i32,
    new: &ParameterDraft,
    events: &Events,
) -> Result<()> {
    let at = tx.at();
    let row = (
        parameter::id.eq(id),
        parameter::product_id.eq(product),
        parameter::name.eq(&new.name),
        parameter::title.eq(&new.title),
        parameter::description.eq(&new.description),
        parameter::phase.eq(new.phase),
        parameter::scope.eq(new.scope),
        parameter::kind.eq(new.kind),
        parameter::hint.eq(&new.hint),
        parameter::placeholder.eq(&new.placeholder),
        parameter::required.eq(new.constraints.required),
        parameter::hidden.eq(new.constraints.hidden),
        parameter::is_unique.eq(new.constraints.unique),
        parameter::reconciliation.eq(new.constraints.reconciliation == Some(true)),
        parameter::doc.eq(extra(new)),
        parameter::position.eq(position),
        parameter::events.eq(Doc(events.clone())),
        parameter::revision.eq(1i64),
        parameter::created_at.eq(at),
        parameter::updated_at.eq(at),
    );
    diesel::insert_into(parameter::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed parameter.
pub fn update(tx: &mut Tx<'_>, id: &ParameterId, new: &ParameterDraft, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(parameter::table.find(id))
        .set((
            parameter::name.eq(&new.name),
            parameter::title.eq(&new.title),
            parameter::description.eq(&new.description),
            parameter::hint.eq(&new.hint),
            parameter::placeholder.eq(&new.placeholder),
            parameter::required.eq(new.constraints.required),
            parameter::hidden.eq(new.constraints.hidden),
            parameter::is_unique.eq(new.constraints.unique),
            parameter::reconciliation.eq(new.constraints.reconciliation == Some(true)),
            parameter::doc.eq(extra(new)),
            parameter::events.eq(Doc(events.clone())),
            parameter::revision.eq(parameter::revision + 1),
            parameter::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a parameter away, unless a subscription has a value of it; says whether it did.
pub fn delete(tx: &mut Tx<'_>, id: &ParameterId) -> Result<bool> {
    use crate::db::schema::asset_param;
    let values = asset_param::table.filter(asset_param::parameter_id.eq(id.as_str()));
    if diesel::select(diesel::dsl::exists(values)).get_result(tx.conn())? {
        return Ok(false);
    }
    diesel::delete(parameter::table.find(id)).execute(tx.conn())?;
    Ok(true)
}
