//! Parameters of a product.

use actix_web::{HttpResponse, web};
use serde_json::Value;

use super::wire;
use crate::flows::products::actions::{self, PARAMETERS};
use crate::flows::products::model::{
    Choice, Constraints, Dependency, MAX_CHOICES, ParameterDraft, ParameterKind, ParameterRef, Phase, Preset, Scope,
    Shared, View,
};
use crate::kit::{Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields};

/// The parameters of a product.
pub async fn parameters(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let product = path.into_inner();
    let view = caller.read(move |tx, actor| actions::view(tx, actor, &product)).await?;
    list(caller, view).await
}

/// The same list, for a product or a version: parameters belong to no version.
pub(super) async fn list(caller: Caller, view: View) -> Result<HttpResponse, Error> {
    caller
        .list_within(&PARAMETERS, vec![("product.id", view.id.to_string())], move |tx, _, ids, _| {
            Ok(actions::parameters_of(tx, &view, ids)?.into_iter().map(wire::Parameter::from).collect())
        })
        .await
}

/// One parameter.
pub async fn parameter(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.one(move |tx, actor| Ok(wire::Parameter::from(actions::parameter(tx, actor, &product, &id)?))).await
}

/// Applies what a body says to a draft; what is absent stays.
fn apply(fields: &Fields, draft: &mut ParameterDraft, problems: &mut Problems) {
    for (name, slot) in [
        ("name", &mut draft.name),
        ("title", &mut draft.title),
        ("description", &mut draft.description),
        ("hint", &mut draft.hint),
        ("placeholder", &mut draft.placeholder),
    ] {
        if fields.has(name) {
            *slot = fields.text(name, problems).unwrap_or_default();
        }
    }
    word(fields, "phase", Phase::WORDS, problems, |w| Phase::parse(w).map(|p| draft.phase = p));
    word(fields, "scope", Scope::WORDS, problems, |w| Scope::parse(w).map(|s| draft.scope = s));
    word(fields, "type", ParameterKind::WORDS, problems, |w| ParameterKind::parse(w).map(|k| draft.kind = k));
    if fields.has("default") {
        draft.preset = match fields.value("default") {
            Some(Value::String(text)) => Some(Preset::Text(text.clone())),
            Some(Value::Object(map)) => {
                let country = map.get("country").and_then(Value::as_str);
                country.map(|c| Preset::Country { country: c.to_owned() })
            }
            Some(other @ (Value::Number(_) | Value::Bool(_))) => Some(Preset::Text(other.to_string())),
            _ => None,
        };
    }
    if let Some(given) = fields.object("constraints", problems) {
        constraints(&given, &mut draft.constraints, problems);
    }
}

fn word(fields: &Fields, name: &str, words: &[&str], problems: &mut Problems, take: impl FnOnce(&str) -> Option<()>) {
    if let Some(given) = fields.text(name, problems)
        && take(&given).is_none()
    {
        let text = Text::new("{given} is not one of: {words}. Use one of these.");
        problems.add(&fields.path(name), text.arg("given", given).arg("words", words.join(", ")));
    }
}

fn constraints(given: &Fields, next: &mut Constraints, problems: &mut Problems) {
    for (name, slot) in [("required", &mut next.required), ("hidden", &mut next.hidden), ("unique", &mut next.unique)] {
        if let Some(on) = given.flag(name, problems) {
            *slot = on;
        }
    }
    if given.has("reconciliation") {
        next.reconciliation = given.flag("reconciliation", problems);
    }
    if given.is_null("shared") {
        next.shared = None;
    }
    word(given, "shared", Shared::WORDS, problems, |w| Shared::parse(w).map(|s| next.shared = Some(s)));
    for (name, slot) in [("min_length", &mut next.min_length), ("max_length", &mut next.max_length)] {
        if given.has(name) {
            *slot = number(given, name, problems);
        }
    }
    if given.has("level") {
        next.level = number(given, "level", problems).and_then(|n| u8::try_from(n).ok());
    }
    if given.has("display_content") {
        next.display_content = given.text("display_content", problems);
    }
    if let Some(choices) = given.list("choices", MAX_CHOICES, problems) {
        let choice = |f: &Fields, problems: &mut Problems| Choice {
            value: f.text("value", problems).unwrap_or_default(),
            label: f.text("label", problems).unwrap_or_default(),
            default: f.flag("default", problems).unwrap_or(false),
        };
        next.choices = choices.iter().map(|f| choice(f, problems)).collect();
    }
    if given.is_null("dependency") {
        next.dependency = None;
    } else if let Some(dependency) = given.object("dependency", problems).filter(|d| !d.map().is_empty()) {
        next.dependency = Some(depends(&dependency, problems));
    }
}

fn number(given: &Fields, name: &str, problems: &mut Problems) -> Option<u32> {
    let found = given.whole(name, problems)?;
    let small = u32::try_from(found).ok();
    if small.is_none() {
        problems.add(
            &given.path(name),
            Text::new("{number} is not a length. Use a whole number from 0 up.").arg("number", found),
        );
    }
    small
}

fn depends(given: &Fields, problems: &mut Problems) -> Dependency {
    let other = given.object("parameter", problems);
    let word =
        |name: &str, problems: &mut Problems| other.as_ref().and_then(|o| o.text(name, problems)).unwrap_or_default();
    let values = match given.value("values") {
        Some(Value::Array(values)) => {
            values.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect()
        }
        _ => vec![],
    };
    Dependency {
        parameter: ParameterRef { id: word("id", problems), name: word("name", problems) },
        values,
        required: given.flag("required", problems),
        hidden: given.flag("hidden", problems),
        readonly: given.flag("readonly", problems),
    }
}

/// What a body says about a new parameter.
fn read(fields: &Fields) -> Result<ParameterDraft, Refusal> {
    let mut draft = ParameterDraft {
        name: String::new(),
        title: String::new(),
        description: String::new(),
        phase: Phase::Ordering,
        scope: Scope::Asset,
        kind: ParameterKind::Text,
        hint: String::new(),
        placeholder: String::new(),
        constraints: Constraints::default(),
        preset: None,
    };
    let mut problems = Problems::default();
    apply(fields, &mut draft, &mut problems);
    problems.done().map(|()| draft)
}

/// Makes a parameter.
pub async fn create_parameter(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let (product, fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(201, move |tx, actor| {
            actions::may_change(tx, actor, &product)?;
            let id = actions::create_parameter(tx, actor, &product, &read(&fields)?)?;
            Ok(wire::Parameter::from(actions::parameter(tx, actor, &product, id.as_str())?))
        })
        .await
}

/// Changes a parameter.
pub async fn edit_parameter(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let ((product, id), fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(200, move |tx, actor| {
            let id =
                actions::edit_parameter(tx, actor, &product, &id, |draft, problems| apply(&fields, draft, problems))?;
            Ok(wire::Parameter::from(actions::parameter(tx, actor, &product, id.as_str())?))
        })
        .await
}

/// Deletes a parameter.
pub async fn delete_parameter(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.act_empty(move |tx, actor| actions::delete_parameter(tx, actor, &product, &id)).await
}
