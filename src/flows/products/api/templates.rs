//! Templates of a product.

use actix_web::{HttpResponse, web};

use super::wire;
use crate::flows::products::actions::{self, TEMPLATES};
use crate::flows::products::model::{Scope, TemplateDraft, TemplateKind, View, preview};
use crate::kit::{Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields};

/// The templates of a product.
pub async fn templates(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let product = path.into_inner();
    let view = caller.read(move |tx, actor| actions::view(tx, actor, &product)).await?;
    list(caller, view).await
}

/// The same list, for a product or a version: templates belong to no version.
pub(super) async fn list(caller: Caller, view: View) -> Result<HttpResponse, Error> {
    caller
        .list_within(&TEMPLATES, vec![("product.id", view.id.to_string())], move |tx, _, ids, _| {
            Ok(actions::templates_of(tx, &view, ids)?.into_iter().map(wire::Template::from).collect())
        })
        .await
}

/// One template.
pub async fn template(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.one(move |tx, actor| Ok(wire::Template::from(actions::template(tx, actor, &product, &id)?))).await
}

/// A template as clean HTML, with the names of its places.
pub async fn preview_template(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.one(move |tx, actor| Ok(preview(&actions::template(tx, actor, &product, &id)?.body))).await
}

fn apply(fields: &Fields, draft: &mut TemplateDraft, problems: &mut Problems) {
    for (name, slot) in [("name", &mut draft.name), ("title", &mut draft.title), ("body", &mut draft.body)] {
        if let Some(text) = fields.text(name, problems) {
            *slot = text;
        }
    }
    let mut unknown = |name: &str, word: &str, words: &[&str]| {
        let text = Text::new("{word} is not one of: {words}. Use one of these.");
        problems.add(name, text.arg("word", word).arg("words", words.join(", ")));
    };
    if let Some(word) = fields.value("scope").and_then(|v| v.as_str()) {
        match Scope::parse(word) {
            Some(scope) => draft.scope = scope,
            None => unknown("scope", word, &["asset", "tier1", "tier2"]),
        }
    }
    if let Some(word) = fields.value("type").and_then(|v| v.as_str()) {
        match TemplateKind::parse(word) {
            Some(kind) => draft.kind = Some(kind),
            None => unknown("type", word, TemplateKind::WORDS),
        }
    }
}

/// What a body says about a new template. For a subscription it is one to approve with unless the body says otherwise.
fn read(fields: &Fields) -> Result<TemplateDraft, Refusal> {
    let (name, title, body) = (String::new(), String::new(), String::new());
    let mut draft = TemplateDraft { name, title, body, scope: Scope::Asset, kind: None };
    let mut problems = Problems::default();
    apply(fields, &mut draft, &mut problems);
    if draft.scope == Scope::Asset && draft.kind.is_none() {
        draft.kind = Some(TemplateKind::Fulfillment);
    }
    problems.done().map(|()| draft)
}

/// Makes a template.
pub async fn create_template(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let (product, fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(201, move |tx, actor| {
            actions::may_change(tx, actor, &product)?;
            let id = actions::create_template(tx, actor, &product, &read(&fields)?)?;
            Ok(wire::Template::from(actions::template(tx, actor, &product, id.as_str())?))
        })
        .await
}

/// Changes a template.
pub async fn edit_template(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let ((product, id), fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(200, move |tx, actor| {
            let id =
                actions::edit_template(tx, actor, &product, &id, |draft, problems| apply(&fields, draft, problems))?;
            Ok(wire::Template::from(actions::template(tx, actor, &product, id.as_str())?))
        })
        .await
}

/// Deletes a template.
pub async fn delete_template(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.act_empty(move |tx, actor| actions::delete_template(tx, actor, &product, &id)).await
}
