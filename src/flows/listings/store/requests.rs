//! Rows of listing requests.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::listings;
use crate::db::schema::{listing_request, party};
use crate::db::{Error, Result, Tx, next_number};
use crate::flows::listings::model::{Listing, Request, RequestKind, RequestState};
use crate::kit::column::Doc;
use crate::kit::{Actor, Events, ListingId, ListingRequestId, NamedRef, ProductId};

#[derive(Queryable)]
struct Row {
    id: ListingRequestId,
    listing: ListingId,
    kind: RequestKind,
    state: RequestState,
    version: i32,
    note: String,
    assignee: Option<Doc<NamedRef>>,
    creator: Option<Doc<NamedRef>>,
    events: Doc<Events>,
    revision: i64,
}

/// The requests of these ids that the actor may see, in no order: four statements.
pub fn seen(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Request>> {
    let mine = party::table
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .filter(party::kind.eq("listing_request"))
        .filter(party::object_id.eq(listing_request::id));
    let rows: Vec<Row> = listing_request::table
        .filter(listing_request::id.eq_any(ids))
        .filter(exists(mine))
        .select((
            listing_request::id,
            listing_request::listing_id,
            listing_request::kind,
            listing_request::state,
            listing_request::version,
            listing_request::note,
            listing_request::assignee,
            listing_request::creator,
            listing_request::events,
            listing_request::revision,
        ))
        .load(tx.conn())?;
    let about: Vec<String> = rows.iter().map(|r| r.listing.to_string()).collect();
    let about: HashMap<ListingId, Listing> =
        listings::seen(tx, actor, &about)?.into_iter().map(|l| (l.id.clone(), l)).collect();
    let request = |row: Row| {
        let listing = about.get(&row.listing)?.clone();
        Some(Request {
            id: row.id,
            kind: row.kind,
            state: row.state,
            listing,
            version: row.version,
            note: row.note,
            assignee: row.assignee.map(|d| d.0),
            creator: row.creator.map(|d| d.0),
            events: row.events.0,
            revision: row.revision,
        })
    };
    Ok(rows.into_iter().filter_map(request).collect())
}

/// The ids of a listing's requests, the newest first, at most `limit`.
pub fn of_listing(tx: &mut Tx<'_>, actor: &Actor, listing: &ListingId, limit: i64) -> Result<Vec<String>> {
    let mine = party::table
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .filter(party::kind.eq("listing_request"))
        .filter(party::object_id.eq(listing_request::id));
    Ok(listing_request::table
        .filter(listing_request::listing_id.eq(listing))
        .filter(exists(mine))
        .order((listing_request::created_at.desc(), listing_request::id.desc()))
        .limit(limit)
        .select(listing_request::id)
        .load(tx.conn())?)
}

/// What a new request is made of.
#[derive(Debug)]
pub struct New<'a> {
    /// The listing.
    pub listing: &'a ListingId,
    /// What it asks for.
    pub kind: RequestKind,
    /// The product.
    pub product: &'a ProductId,
    /// The version that it is about.
    pub version: i32,
    /// What the vendor says.
    pub note: &'a str,
}

/// Writes a new draft under the next number of its listing.
pub fn insert(tx: &mut Tx<'_>, new: &New<'_>, creator: Option<NamedRef>, events: &Events) -> Result<ListingRequestId> {
    let at = tx.at();
    let number = next_number(tx, new.listing.as_str(), "request")?;
    let id = format!("LSTR-{}-{number:03}", new.listing.digits());
    let id = ListingRequestId::parse(&id).ok_or_else(|| Error::Outside(format!("listing request id {id}")))?;
    let row = (
        listing_request::id.eq(&id),
        listing_request::listing_id.eq(new.listing),
        listing_request::kind.eq(new.kind),
        listing_request::state.eq(RequestState::Draft),
        listing_request::product_id.eq(new.product),
        listing_request::version.eq(new.version),
        listing_request::note.eq(new.note),
        listing_request::creator.eq(creator.map(Doc)),
        listing_request::events.eq(Doc(events.clone())),
        listing_request::revision.eq(1i64),
        listing_request::created_at.eq(at),
        listing_request::updated_at.eq(at),
    );
    diesel::insert_into(listing_request::table).values(row).execute(tx.conn())?;
    Ok(id)
}

/// Writes where a request stands.
pub fn set_state(
    tx: &mut Tx<'_>,
    id: &ListingRequestId,
    state: RequestState,
    version: i32,
    events: &Events,
) -> Result<()> {
    let at = tx.at();
    diesel::update(listing_request::table.find(id))
        .set((
            listing_request::state.eq(state),
            listing_request::version.eq(version),
            listing_request::events.eq(Doc(events.clone())),
            listing_request::revision.eq(listing_request::revision + 1),
            listing_request::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes the vendor's note.
pub fn set_note(tx: &mut Tx<'_>, id: &ListingRequestId, note: &str) -> Result<()> {
    diesel::update(listing_request::table.find(id)).set(listing_request::note.eq(note)).execute(tx.conn())?;
    Ok(())
}

/// Writes who looks after a request.
pub fn set_assignee(tx: &mut Tx<'_>, id: &ListingRequestId, assignee: Option<NamedRef>, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(listing_request::table.find(id))
        .set((
            listing_request::assignee_id.eq(assignee.as_ref().map(|a| a.id.clone())),
            listing_request::assignee.eq(assignee.map(Doc)),
            listing_request::events.eq(Doc(events.clone())),
            listing_request::revision.eq(listing_request::revision + 1),
            listing_request::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Cancels a request because its contract ended, and gives when what happened to it.
pub fn cancel(tx: &mut Tx<'_>, id: &ListingRequestId) -> Result<()> {
    let at = tx.at();
    let mut events = listing_request::table.find(id).select(listing_request::events).first::<Doc<Events>>(tx.conn())?.0;
    events.stamp("canceled", at, None);
    events.stamp("updated", at, None);
    diesel::update(listing_request::table.find(id))
        .set((
            listing_request::state.eq(RequestState::Canceled),
            listing_request::events.eq(Doc(events)),
            listing_request::revision.eq(listing_request::revision + 1),
            listing_request::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}
