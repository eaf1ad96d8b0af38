//! Media of a product.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{settle, wire, with_picture};
use crate::flows::products::actions::{self, MEDIA};
use crate::flows::products::model::{MediumDraft, MediumKind};
use crate::kit::{Problems, Text};
use crate::rest::{Caller, Error, Fields};

/// The media of a product: the master copy's for its vendor, a version's for others.
pub async fn media(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let product = path.into_inner();
    let asked = product.clone();
    let (own, all) = caller
        .read(move |tx, actor| Ok((actions::is_own(tx, actor, &asked)?.1, actions::media(tx, actor, &asked)?)))
        .await?;
    if !own {
        return caller.whole(&all.into_iter().map(wire::Medium::from).collect::<Vec<_>>());
    }
    caller
        .list_within(&MEDIA, vec![("product.id", product)], move |_, _, ids, _| {
            let mut found: Vec<_> = all.into_iter().filter(|m| ids.iter().any(|id| m.id == **id)).collect();
            found.sort_by_key(|m| ids.iter().position(|id| m.id == **id));
            Ok(found.into_iter().map(wire::Medium::from).collect())
        })
        .await
}

/// One medium.
pub async fn medium(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.one(move |tx, actor| Ok(wire::Medium::from(actions::medium(tx, actor, &product, &id)?))).await
}

fn apply(fields: &Fields, draft: &mut MediumDraft, problems: &mut Problems) {
    if let Some(position) = fields.whole("position", problems) {
        draft.position = i32::try_from(position).unwrap_or(i32::MAX);
    }
    if let Some(word) = fields.text("type", problems) {
        match MediumKind::parse(&word) {
            Some(kind) => draft.kind = kind,
            None => problems.add("type", Text::new("{word} is neither image nor video.").arg("word", word)),
        }
    }
    if let Some(url) = fields.text("url", problems) {
        draft.url = Some(url);
    }
}

/// Puts a picture or a video at a free place.
pub async fn add_medium(
    caller: Caller,
    req: HttpRequest,
    payload: web::Payload,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let product = path.into_inner();
    let (caller, picture) = with_picture(caller, &req, payload, "thumbnail").await?;
    let answer = add(&caller, product, picture.clone()).await;
    settle(&caller, picture).await;
    answer
}

async fn add(caller: &Caller, product: String, picture: Option<actions::Upload>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    caller
        .act(201, move |tx, actor| {
            actions::may_change(tx, actor, &product)?;
            let mut draft = MediumDraft { position: 0, kind: MediumKind::Image, url: None };
            let mut problems = Problems::default();
            apply(&fields, &mut draft, &mut problems);
            problems.done()?;
            let id = actions::add_medium(tx, actor, &product, &draft, picture.as_ref())?;
            Ok(wire::Medium::from(actions::medium(tx, actor, &product, id.as_str())?))
        })
        .await
}

/// Changes a medium.
pub async fn change_medium(
    caller: Caller,
    req: HttpRequest,
    payload: web::Payload,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    let (caller, picture) = with_picture(caller, &req, payload, "thumbnail").await?;
    let answer = change(&caller, product, id, picture.clone()).await;
    settle(&caller, picture).await;
    answer
}

async fn change(
    caller: &Caller,
    product: String,
    id: String,
    picture: Option<actions::Upload>,
) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    caller
        .act(200, move |tx, actor| {
            let picture = picture.as_ref();
            let id = actions::change_medium(tx, actor, &product, &id, picture, |draft, problems| {
                apply(&fields, draft, problems)
            })?;
            Ok(wire::Medium::from(actions::medium(tx, actor, &product, id.as_str())?))
        })
        .await
}

/// Removes a medium.
pub async fn remove_medium(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.act_empty(move |tx, actor| actions::remove_medium(tx, actor, &product, &id)).await
}
