//! `/listings`, `/listing-requests`, `/products/{id}/connections` and `/hubs/{id}/connections` of the API.

pub mod wire;

use actix_web::{HttpResponse, web};

use super::actions::{self, Asking, CONNECTIONS, Connecting, LISTINGS, REQUESTS};
use super::model::{self, RequestKind, Verb};
use crate::flows::marketplaces::actions as marketplaces;
use crate::flows::products::actions as products;
use crate::kit::{Environment, Problems, ProductId, Refusal, Text};
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

async fn act(caller: Caller, id: String, verb: Verb) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    caller
        .act(200, move |tx, actor| {
            actions::request(tx, actor, &id)?;
            let mut problems = Problems::default();
            let words = fields.text("note", &mut problems).unwrap_or_default();
            problems.done()?;
            let id = actions::act(tx, actor, &id, None, verb, &words)?;
            Ok(wire::ListingRequest::from(actions::request(tx, actor, id.as_str())?))
        })
        .await
}

/// The vendor sends a request for review.
pub async fn submit(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    act(caller, path.into_inner(), Verb::Submit).await
}

/// The marketplace's owner sends a request back.
pub async fn refine(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    act(caller, path.into_inner(), Verb::Refine).await
}

/// The marketplace's owner prepares the sale.
pub async fn deploy(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    act(caller, path.into_inner(), Verb::Deploy).await
}

/// The marketplace's owner is done; the listing changes.
pub async fn complete(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    act(caller, path.into_inner(), Verb::Complete).await
}

/// The vendor gives a draft up, or the marketplace's owner rejects a request.
pub async fn cancel(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    act(caller, path.into_inner(), Verb::Cancel).await
}

/// The caller looks after a request.
pub async fn assign(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    act(caller, path.into_inner(), Verb::Assign).await
}

/// Nobody looks after a request any more.
pub async fn unassign(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    act(caller, path.into_inner(), Verb::Unassign).await
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

/// The connections of a hub that the caller sees.
pub async fn hub_connections(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let hub = path.into_inner();
    let asked = hub.clone();
    caller.read(move |tx, actor| marketplaces::hub(tx, actor, &asked)).await?;
    caller
        .list_within(&CONNECTIONS, vec![("hub.id", hub)], |tx, actor, ids, _| {
            let found = actions::connections_by_ids(tx, actor, ids)?;
            let of: Vec<ProductId> = found.iter().map(|c| c.product.clone()).collect();
            let products = products::briefs(tx, &of)?;
            let shown = |c: model::Connection| {
                let product = products.get(&c.product).cloned();
                wire::HubConnection::new(c, product)
            };
            Ok(found.into_iter().map(shown).collect())
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
    caller
        .act(201, move |tx, actor| {
            products::is_own(tx, actor, &product)?;
            let mut problems = Problems::default();
            let text = |name: &str, problems: &mut Problems| fields.text(name, problems);
            let words = Connecting {
                hub: fields.reference("hub", &mut problems).unwrap_or_default(),
                environment: text("type", &mut problems).unwrap_or_else(|| Environment::Production.to_string()),
                version_type: text("product_version_type", &mut problems).unwrap_or_default(),
                note: text("note", &mut problems).unwrap_or_default(),
            };
            problems.done()?;
            let id = actions::connect(tx, actor, &product, &words)?;
            Ok(wire::Connection::from(actions::connection_of(tx, actor, &product, id.as_str())?))
        })
        .await
}
