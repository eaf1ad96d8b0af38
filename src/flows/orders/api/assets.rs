//! `/assets`.

use actix_web::{HttpResponse, web};

use super::requests::{all, markdown};
use super::{Links, wire};
use crate::flows::orders::actions::{self, ASSETS, REQUESTS};
use crate::rest::{Caller, Error};

type Answer = Result<HttpResponse, Error>;

/// The subscriptions.
pub async fn assets(caller: Caller) -> Answer {
    caller
        .list(&ASSETS, |tx, actor, ids, select| {
            let (template, pending) = (select.shows("template"), select.shows("pending_request"));
            Ok(actions::assets(tx, actor, ids)?.iter().map(|a| wire::Asset::of(a, template, pending)).collect())
        })
        .await
}

/// One subscription.
pub async fn asset(caller: Caller, path: web::Path<String>) -> Answer {
    let id = path.into_inner();
    caller.one(move |tx, actor| Ok(wire::Asset::of(&actions::asset(tx, actor, &id)?, true, true))).await
}

/// The requests of a subscription, newest first.
pub async fn asset_requests(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, links) = (path.into_inner(), Links::of(&caller));
    let asset = caller.read(move |tx, actor| actions::asset(tx, actor, &id)).await?.view.id;
    caller
        .list_within(&REQUESTS, vec![("asset.id", asset.to_string())], move |tx, actor, ids, _| {
            Ok(all(&actions::requests(tx, actor, ids)?, &links))
        })
        .await
}

/// What the customer reads now, as Markdown.
pub async fn asset_render(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, links) = (path.into_inner(), Links::of(&caller));
    let text = caller
        .read(move |tx, actor| {
            let asset = actions::asset(tx, actor, &id)?;
            actions::activation_text(tx, actor, &asset, |request| links.form(request))
        })
        .await?;
    Ok(markdown(text))
}
