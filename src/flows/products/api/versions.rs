//! Versions of a product.

use actix_web::{HttpResponse, web};

use super::{parameters, templates, wire};
use crate::flows::products::actions::{self, Seen, VERSIONS};
use crate::kit::{Problems, Refusal};
use crate::rest::{Caller, Error, Fields, version_number as number};

/// The versions that the caller sees, the newest first.
pub async fn versions(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let product = path.into_inner();
    let own = product.clone();
    let view = caller.read(move |tx, actor| actions::view(tx, actor, &own)).await?;
    caller
        .list_within(&VERSIONS, vec![("product.id", product.clone())], move |tx, actor, ids, _| {
            let numbers: Vec<i32> = ids.iter().filter_map(|id| id.parse().ok()).collect();
            let head = actions::product(tx, actor, &product)?;
            let found = actions::kept_versions(tx, &view, &numbers)?;
            Ok(found.into_iter().map(|(v, kept)| wire::Product::of_version(head.clone(), v, kept)).collect())
        })
        .await
}

/// One version.
pub async fn version(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, n) = path.into_inner();
    let n = number(&n)?;
    caller
        .one(move |tx, actor| {
            let (version, kept) = actions::seen_version(tx, actor, &product, n)?;
            Ok(wire::Product::of_version(actions::product(tx, actor, &product)?, version, kept))
        })
        .await
}

fn apply(fields: &Fields, seen: &mut Seen, problems: &mut Problems) {
    if let Some(text) = fields.text_or_empty("changes_description", problems) {
        seen.changes = text;
    }
    if let Some(on) = fields.flag("public", problems) {
        seen.public = on;
    }
    if let Some(on) = fields.flag("staging", problems) {
        seen.staging = on;
    }
}

/// Saves the master copy as a version; public unless the body says otherwise.
pub async fn save_version(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let (product, fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(201, move |tx, actor| {
            actions::may_change(tx, actor, &product)?;
            let mut new = Seen { changes: String::new(), public: true, staging: false };
            let mut problems = Problems::default();
            apply(&fields, &mut new, &mut problems);
            problems.done()?;
            let n = actions::save_version(tx, actor, &product, &new)?;
            let (version, kept) = actions::seen_version(tx, actor, &product, n)?;
            Ok(wire::Product::of_version(actions::product(tx, actor, &product)?, version, kept))
        })
        .await
}

/// Changes a version's description and visibility.
pub async fn edit_version(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let ((product, n), fields) = (path.into_inner(), caller.fields()?);
    let n = number(&n)?;
    caller
        .act(200, move |tx, actor| {
            actions::edit_version(tx, actor, &product, n, |seen, problems| apply(&fields, seen, problems))?;
            let (version, kept) = actions::seen_version(tx, actor, &product, n)?;
            Ok(wire::Product::of_version(actions::product(tx, actor, &product)?, version, kept))
        })
        .await
}

/// The items of a version.
pub async fn version_items(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, n) = path.into_inner();
    let n = number(&n)?;
    let (_, kept) = caller.read(move |tx, actor| actions::seen_version(tx, actor, &product, n)).await?;
    let all = kept.items.clone();
    caller.whole(&kept.items.into_iter().map(|i| wire::Item::of(i, &all)).collect::<Vec<_>>())
}

/// An item of a version.
pub async fn version_item(caller: Caller, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    let (product, n, id) = path.into_inner();
    let n = number(&n)?;
    caller
        .one(move |tx, actor| {
            let (_, kept) = actions::seen_version(tx, actor, &product, n)?;
            let found = kept.items.iter().find(|i| i.id == *id || i.local_id() == id).cloned();
            Ok(wire::Item::of(found.ok_or_else(|| Refusal::not_found("item", &id))?, &kept.items))
        })
        .await
}

/// The media of a version.
pub async fn version_media(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, n) = path.into_inner();
    let n = number(&n)?;
    let (_, kept) = caller.read(move |tx, actor| actions::seen_version(tx, actor, &product, n)).await?;
    caller.whole(&kept.media.into_iter().map(wire::Medium::from).collect::<Vec<_>>())
}

/// A medium of a version.
pub async fn version_medium(caller: Caller, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    let (product, n, id) = path.into_inner();
    let n = number(&n)?;
    caller
        .one(move |tx, actor| {
            let (_, kept) = actions::seen_version(tx, actor, &product, n)?;
            let found = kept.media.into_iter().find(|m| m.id == *id);
            Ok(wire::Medium::from(found.ok_or_else(|| Refusal::not_found("medium", &id))?))
        })
        .await
}

/// The parameters of the product, which belong to no version.
pub async fn version_parameters(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, n) = path.into_inner();
    let n = number(&n)?;
    let (view, _) = caller.read(move |tx, actor| actions::version(tx, actor, &product, n)).await?;
    parameters::list(caller, view).await
}

/// The templates of the product, which belong to no version.
pub async fn version_templates(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, n) = path.into_inner();
    let n = number(&n)?;
    let (view, _) = caller.read(move |tx, actor| actions::version(tx, actor, &product, n)).await?;
    templates::list(caller, view).await
}

/// A parameter of the product, asked for in a version.
pub async fn version_parameter(
    caller: Caller,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Error> {
    let (product, n, id) = path.into_inner();
    let n = number(&n)?;
    caller
        .one(move |tx, actor| {
            actions::version(tx, actor, &product, n)?;
            Ok(wire::Parameter::from(actions::parameter(tx, actor, &product, &id)?))
        })
        .await
}

/// A template of the product, asked for in a version.
pub async fn version_template(
    caller: Caller,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Error> {
    let (product, n, id) = path.into_inner();
    let n = number(&n)?;
    caller
        .one(move |tx, actor| {
            actions::version(tx, actor, &product, n)?;
            Ok(wire::Template::from(actions::template(tx, actor, &product, &id)?))
        })
        .await
}
