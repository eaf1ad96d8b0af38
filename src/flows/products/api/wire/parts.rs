//! Parameters, templates, media, categories, units.

use serde::Serialize;
use utoipa::ToSchema;

use crate::flows::products::model::{
    self, Constraints, ItemKind, MediumKind, ParameterKind, Phase, Preset, Scope, TemplateKind,
};
use crate::kit::{Events, NamedRef};

/// A parameter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductParameter)]
pub struct Parameter {
    /// `PRM-123-456-789-0001`
    pub id: String,
    /// The vendor's own id.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Who fills it, and when.
    pub phase: Phase,
    /// What it belongs to.
    pub scope: Scope,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    pub kind: ParameterKind,
    /// A line below its field.
    pub hint: String,
    /// What an empty field shows.
    pub placeholder: String,
    /// The value that is there at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Preset>,
    /// What a value must keep to.
    pub constraints: Constraints,
    /// Its place.
    pub position: i32,
    /// When what happened.
    pub events: Events,
}

impl From<model::Parameter> for Parameter {
    fn from(p: model::Parameter) -> Self {
        Self {
            id: p.id.to_string(),
            name: p.name,
            title: p.title,
            description: p.description,
            phase: p.phase,
            scope: p.scope,
            kind: p.kind,
            hint: p.hint,
            placeholder: p.placeholder,
            default: p.preset,
            constraints: p.constraints,
            position: p.position,
            events: p.events,
        }
    }
}

/// A template.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductTemplate)]
pub struct Template {
    /// `TL-123-456-789`
    pub id: String,
    /// Its name.
    pub name: String,
    /// What people choose it by.
    pub title: String,
    /// Markdown with `{{ parameter }}` places.
    pub body: String,
    /// What it is about.
    pub scope: Scope,
    /// When it is shown.
    #[serde(rename = "type")]
    pub kind: Option<TemplateKind>,
    /// Its place.
    pub position: i32,
    /// When what happened.
    pub events: Events,
}

impl From<model::Template> for Template {
    fn from(t: model::Template) -> Self {
        Self {
            id: t.id.to_string(),
            name: t.name,
            title: t.title,
            body: t.body,
            scope: t.scope,
            kind: t.kind,
            position: t.position,
            events: t.events,
        }
    }
}

/// A picture or a video.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductMedium)]
pub struct Medium {
    /// `PRDM-123-456-789-12345`
    pub id: String,
    /// Its place, 1 to 8.
    pub position: i32,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediumKind,
    /// Path of its picture.
    pub thumbnail: String,
    /// Where the video is; the picture itself for a picture.
    pub url: String,
    /// When what happened.
    pub events: Events,
}

impl From<model::Medium> for Medium {
    fn from(m: model::Medium) -> Self {
        Self {
            id: m.id.to_string(),
            position: m.position,
            kind: m.kind,
            thumbnail: m.thumbnail,
            url: m.url,
            events: m.events,
        }
    }
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductCategory)]
pub struct Category {
    /// `CAT-12345`
    pub id: String,
    /// Its name.
    pub name: String,
    /// The category above it.
    pub parent: Option<NamedRef>,
    /// The categories below it.
    pub children: Vec<NamedRef>,
    /// Its family.
    pub family: NamedRef,
}

impl Category {
    /// A category among all of them.
    pub fn of(category: &model::Category, all: &[model::Category]) -> Self {
        let named = |c: &model::Category| NamedRef { id: c.id.to_string(), name: c.name.clone() };
        Self {
            id: category.id.to_string(),
            name: category.name.clone(),
            parent: category.parent.as_ref().and_then(|id| all.iter().find(|c| c.id == *id)).map(named),
            children: all.iter().filter(|c| c.parent.as_ref() == Some(&category.id)).map(named).collect(),
            family: NamedRef { id: category.family.clone(), name: "Root Family".to_owned() },
        }
    }
}

/// A unit of measure.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitOfMeasure {
    /// A word for a shared one, `CU-123-456-789` for an own one.
    pub id: String,
    /// `unit`, `unit-h`.
    pub unit: String,
    /// What people read.
    pub description: String,
    /// For which items.
    #[serde(rename = "type")]
    pub kind: ItemKind,
    /// Amounts of several items add up.
    pub cumulative: bool,
    /// Whose own it is; absent for shared ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<NamedRef>,
}

impl UnitOfMeasure {
    /// A unit as an account sees it.
    pub fn of(unit: model::UnitOfMeasure, account: &str) -> Self {
        Self {
            id: unit.id,
            unit: unit.code,
            description: unit.description,
            kind: unit.kind,
            cumulative: unit.cumulative,
            owner: unit.owner.map(|id| NamedRef { id: id.to_string(), name: account.to_owned() }),
        }
    }
}
