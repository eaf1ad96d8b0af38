//! Rules about products. Pure.
//!
//! A product has one master copy, which the vendor edits, and numbered versions, which never change. Parameters,
//! templates and capabilities are not part of a version: a change of them counts at once.

mod capabilities;
mod choices;
mod item;
mod medium;
mod parameter;
mod product;
mod render;
mod template;

pub use capabilities::*;
pub use choices::{MAX_CHOICES, MAX_VALUE};
pub use item::{Item, ItemDraft, ItemExtra, ItemKind, ItemStatus, ItemVerb, Period, Precision, Unit, item_after, sold};
pub use medium::{Medium, MediumDraft, MediumKind, PLACES};
pub use parameter::{
    Choice, Constraints, Dependency, Parameter, ParameterDraft, ParameterKind, ParameterRef, Phase, Preset, Scope,
    Shared,
};
pub use product::*;
pub use render::{html, plain, preview};
pub use template::{MAX_BODY, SEED, Template, TemplateDraft, TemplateKind, may_delete};

#[cfg(test)]
mod tests;
