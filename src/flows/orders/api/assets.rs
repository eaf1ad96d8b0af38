//! `/assets`.

use actix_web::{HttpResponse, web};

use super::requests::{all, markdown};
use super::{Links, wire};
use crate::flows::customers::api::whole_list;
use crate::flows::orders::actions::{self, ASSETS};
use crate::rest::{Caller, Error};

type Answer = Result<HttpResponse, Error>;

/// Most requests of a subscription in its chain.
const MAX_CHAIN: i64 = 1000;

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
    let chain = caller
        .read(move |tx, actor| {
            let asset = actions::asset(tx, actor, &id)?;
            Ok(all(&actions::requests_of(tx, actor, &asset.view.id, MAX_CHAIN)?, &links))
        })
        .await?;
    Ok(whole_list(&chain))
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
