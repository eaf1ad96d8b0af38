//! Rows of parameters.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::schema::parameter;
use crate::db::{Result, Tx};
use crate::flows::products::model::{Constraints, Parameter, ParameterKind, Phase, Preset, Scope};
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
