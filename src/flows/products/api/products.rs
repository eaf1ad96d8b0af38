//! Products.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::{capabilities, settle, wire, with_picture};
use crate::flows::products::actions::{self, Editing, NewProduct, PRODUCTS};
use crate::flows::products::model::{Audience, CustomerUi, Document, DownloadLink, Language, MAX_LINKS};
use crate::kit::{Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields};

/// Products that the caller sees.
pub async fn products(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&PRODUCTS, |tx, actor, ids, _| {
            Ok(actions::products(tx, actor, ids)?.into_iter().map(wire::Product::from).collect())
        })
        .await
}

/// One product.
pub async fn product(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| Ok(wire::Product::from(actions::product(tx, actor, &path)?))).await
}

/// Makes a draft.
pub async fn create(caller: Caller) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let new = NewProduct {
        name: fields.required("name", 255, &mut problems),
        external_id: fields.text("external_id", &mut problems),
        category: fields.reference("category", &mut problems),
        purchase_model: fields.text("purchase_model", &mut problems),
    };
    problems.done()?;
    caller
        .act(201, move |tx, actor| {
            let id = actions::create(tx, actor, &new)?;
            Ok(wire::Product::from(actions::product(tx, actor, id.as_str())?))
        })
        .await
}

/// Changes the master copy. What is absent, read-only or unknown is passed over.
pub async fn edit(
    caller: Caller,
    req: HttpRequest,
    payload: web::Payload,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (caller, icon) = with_picture(caller, &req, payload, "icon").await?;
    let fields = match caller.fields() {
        Ok(fields) => fields,
        Err(e) => {
            settle(&caller, icon).await;
            return Err(e);
        }
    };
    let picture = icon.clone();
    let answer = caller
        .act(200, move |tx, actor| {
            let id = actions::edit(tx, actor, &path, None, picture.as_ref(), |next, problems| {
                apply(&fields, next, problems)
            })?;
            Ok(wire::Product::from(actions::product(tx, actor, id.as_str())?))
        })
        .await;
    settle(&caller, icon).await;
    answer
}

fn apply(fields: &Fields, next: &mut Editing, problems: &mut Problems) {
    let general = &mut next.general;
    if let Some(name) = fields.text("name", problems) {
        general.name = name;
    }
    for (name, slot) in [
        ("short_description", &mut general.short_description),
        ("detailed_description", &mut general.detailed_description),
    ] {
        if let Some(text) = fields.text_or_empty(name, problems) {
            *slot = text;
        }
    }
    if fields.has("external_id") {
        general.external_id = fields.text("external_id", problems);
    }
    if let Some(id) = fields.reference("category", problems) {
        next.category = Some(id);
    }
    if let Some(given) = fields.object("capabilities", problems) {
        capabilities::apply(&given, &mut next.capabilities, problems);
    }
    if let Some(given) = customer_ui(fields, problems) {
        apply_ui(&given, &mut general.ui, problems);
    }
}

/// The customers' settings: an object, or its text, as it comes in a form with files.
fn customer_ui(fields: &Fields, problems: &mut Problems) -> Option<Fields> {
    const NAME: &str = "customer_ui_settings";
    match fields.value(NAME)? {
        Value::String(text) => match serde_json::from_str(text) {
            Ok(Value::Object(map)) => {
                Fields::of(serde_json::Map::from_iter([(NAME.to_owned(), Value::Object(map))])).object(NAME, problems)
            }
            _ => {
                problems.add(NAME, Text::new("This text is not a JSON object. Send an object."));
                None
            }
        },
        _ => fields.object(NAME, problems),
    }
}

fn apply_ui(given: &Fields, ui: &mut CustomerUi, problems: &mut Problems) {
    for (name, slot) in [
        ("description", &mut ui.description),
        ("getting_started", &mut ui.getting_started),
        ("provisioning_message", &mut ui.provisioning_message),
    ] {
        if let Some(text) = given.text_or_empty(name, problems) {
            *slot = text;
        }
    }
    if let Some(links) = given.list("download_links", MAX_LINKS, problems) {
        let link = |f: &Fields, problems: &mut Problems| {
            let word = f.text("visible_for", problems).unwrap_or_else(|| "admin".to_owned());
            let visible_for = Audience::parse(&word).unwrap_or_else(|| {
                problems.add(&f.path("visible_for"), Text::new("{word} is neither admin nor user.").arg("word", &word));
                Audience::Admin
            });
            let (title, url) = titled(f, problems);
            DownloadLink { title, url, visible_for }
        };
        ui.download_links = links.iter().map(|f| link(f, problems)).collect();
    }
    if let Some(links) = given.list("documents", MAX_LINKS, problems) {
        let document = |f: &Fields, problems: &mut Problems| {
            let (title, url) = titled(f, problems);
            Document { title, url }
        };
        ui.documents = links.iter().map(|f| document(f, problems)).collect();
    }
    if let Some(languages) = given.list("languages", MAX_LINKS, problems) {
        let language = |f: &Fields, problems: &mut Problems| {
            let name = f.text("name", problems).unwrap_or_default();
            Language { id: f.required("id", 16, problems), name }
        };
        ui.languages = languages.iter().map(|f| language(f, problems)).collect();
    }
}

fn titled(fields: &Fields, problems: &mut Problems) -> (String, String) {
    (fields.text("title", problems).unwrap_or_default(), fields.text("url", problems).unwrap_or_default())
}

/// Deletes a draft.
pub async fn delete(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.act_empty(move |tx, actor| actions::delete(tx, actor, &path)).await
}

/// What a body says about an end of sale: what replaces the thing, and a note.
pub(super) fn ending(caller: &Caller) -> Result<(Option<String>, String), Refusal> {
    let fields = Fields::read(caller.body())?;
    let mut problems = Problems::default();
    let replacement = fields.reference("replacement", &mut problems);
    let notes = fields.text("end_of_sale_notes", &mut problems).unwrap_or_default();
    problems.done()?;
    Ok((replacement, notes))
}

/// Ends the sale.
pub async fn end_sale(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let (replacement, notes) = ending(&caller)?;
    caller
        .act(200, move |tx, actor| {
            actions::end_sale(tx, actor, &path, replacement.as_deref(), &notes)?;
            Ok(wire::Product::from(actions::product(tx, actor, &path)?))
        })
        .await
}

/// Puts it on sale again.
pub async fn resume_sale(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller
        .act(200, move |tx, actor| {
            actions::resume_sale(tx, actor, &path)?;
            Ok(wire::Product::from(actions::product(tx, actor, &path)?))
        })
        .await
}
