//! `/listings`, `/listing-requests` and `/products/{id}/connections` of the API.

pub mod wire;

use actix_web::{HttpResponse, web};

use super::actions::{self, Asking, CONNECTIONS, Connecting, LISTINGS, REQUESTS};
use super::model::{self, RequestKind, Verb};
use crate::flows::products::actions as products;
use crate::kit::{Problems, Refusal, Text};
use crate::rest::{Caller, Error};

/// Listings that the caller sees.
pub async fn listings(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&LISTINGS, |tx, actor, ids, _| {
            Ok(actions::listings(tx, actor, ids)?.into_iter().map(wire::Listing::from).collect())
        })
        .await
}

/// One listing.
pub async fn listing(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| Ok(wire::Listing::from(actions::listing(tx, actor, &path)?))).await
}

/// Listing requests that the caller sees.
pub async fn requests(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&REQUESTS, |tx, actor, ids, _| {
            Ok(actions::requests(tx, actor, ids)?.into_iter().map(wire::ListingRequest::from).collect())
        })
        .await
}

/// One listing request.
pub async fn request(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| Ok(wire::ListingRequest::from(actions::request(tx, actor, &path)?))).await
}

/// Makes a draft of a request.
pub async fn ask(caller: Caller) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let word = fields.required("type", 16, &mut problems);
    let kind = RequestKind::parse(&word);
    if kind.is_none() && !word.is_empty() {
        problems.add("type", Text::new("{word} is neither new, update nor remove.").arg("word", &word));
    }
    // Both the flat names and references are seen.
    let mut id = |flat: &str, name: &str| {
        let found = fields.text(flat, &mut problems).or_else(|| fields.reference(name, &mut problems));
        found.unwrap_or_else(|| {
            problems.add(flat, Text::new("This field is required."));
            String::new()
        })
    };
    let asking = match kind {
        None => None,
        Some(RequestKind::New) => {
            Some(Asking::New { product: id("product_id", "product"), contract: id("contract_id", "contract") })
        }
        Some(RequestKind::Update) => Some(Asking::Update { listing: id("listing_id", "listing") }),
        Some(RequestKind::Remove) => Some(Asking::Remove { listing: id("listing_id", "listing") }),
    };
    let note = fields.text("note", &mut problems).unwrap_or_default();
    problems.done()?;
    let asking = asking.ok_or_else(|| Refusal::field("type", Text::new("This field is required.")))?;
    caller
        .act(201, move |tx, actor| {
            let id = actions::ask(tx, actor, &asking, &note)?;
            Ok(wire::ListingRequest::from(actions::request(tx, actor, id.as_str())?))
        })
        .await
}

/// Does the verb at the end of the path to a request.
pub async fn act(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (id, word) = path.into_inner();
    let verb =
        Verb::ALL.iter().copied().find(|v| v.as_str() == word).ok_or_else(|| Refusal::not_found("verb", &word))?;
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let words = fields.text("note", &mut problems).unwrap_or_default();
    problems.done()?;
    caller
        .act(200, move |tx, actor| {
            let id = actions::act(tx, actor, &id, None, verb, &words)?;
            Ok(wire::ListingRequest::from(actions::request(tx, actor, id.as_str())?))
        })
        .await
}

/// The connections of a product that the caller sees.
pub async fn connections(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let product = path.into_inner();
    let asked = product.clone();
    caller.read(move |tx, actor| products::is_own(tx, actor, &asked)).await?;
    caller
        .list_within(&CONNECTIONS, vec![("product.id", product)], |tx, actor, ids, _| {
            Ok(actions::connections_by_ids(tx, actor, ids)?.into_iter().map(wire::Connection::from).collect())
        })
        .await
}

/// One connection of a product.
pub async fn connection(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.one(move |tx, actor| Ok(wire::Connection::from(actions::connection_of(tx, actor, &product, &id)?))).await
}

/// Connects a product with a hub.
pub async fn connect(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let (product, fields) = (path.into_inner(), caller.fields()?);
    let mut problems = Problems::default();
    let words = Connecting {
        hub: fields.reference("hub", &mut problems).unwrap_or_default(),
        environment: fields.text("type", &mut problems).unwrap_or_else(|| model::Environment::Production.to_string()),
        version_type: fields.text("product_version_type", &mut problems).unwrap_or_default(),
        note: fields.text("note", &mut problems).unwrap_or_default(),
    };
    problems.done()?;
    caller
        .act(201, move |tx, actor| {
            let id = actions::connect(tx, actor, &product, &words)?;
            Ok(wire::Connection::from(actions::connection_of(tx, actor, &product, id.as_str())?))
        })
        .await
}
