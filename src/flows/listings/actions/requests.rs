//! Listing requests.

use super::listings::listing;
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx, in_order};
use crate::flows::listings::model::{
    self, ListingStatus, MAX_NOTE, Request, RequestKind, RequestState, Verb, completed, next,
};
use crate::flows::listings::store::{self, grounds::Ground};
use crate::flows::products::actions as products;
use crate::flows::products::model::ProductStatus;
use crate::journal::{self, Entry};
use crate::kit::{
    AccountId, Actor, Events, Level, ListingId, ListingRequestId, Module, Problems, ProductId, Refusal, Role, Seat,
    Side, Text,
};

/// The requests of these ids that the actor may see, in the order of the ids.
pub fn requests(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Request>> {
    actor.need(Module::Listings, Level::Read)?;
    let found = store::requests::seen(tx, actor, ids)?;
    Ok(in_order(ids, found, |r| r.id.as_str()))
}

/// A request that the actor may see.
pub fn request(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Request> {
    requests(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("listing request", id).into())
}

/// The last requests for a listing, the newest first.
pub fn requests_of(tx: &mut Tx<'_>, actor: &Actor, listing: &ListingId) -> Result<Vec<Request>> {
    let ids = store::requests::of_listing(tx, actor, listing, 50)?;
    requests(tx, actor, &ids)
}

/// The marketplaces on which the actor's company may ask for listings, each with its contract.
pub fn grounds(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Ground>> {
    actor.need(Module::Listings, Level::Read)?;
    store::grounds::grounds(tx, actor)
}

/// What a vendor asks for.
#[derive(Debug, Clone)]
pub enum Asking {
    /// To list a product under a contract.
    New {
        /// The product.
        product: String,
        /// The contract.
        contract: String,
    },
    /// To change what is listed to the newest public version.
    Update {
        /// The listing.
        listing: String,
    },
    /// To take a product off the marketplace.
    Remove {
        /// The listing.
        listing: String,
    },
}

impl Asking {
    fn kind(&self) -> RequestKind {
        match self {
            Self::New { .. } => RequestKind::New,
            Self::Update { .. } => RequestKind::Update,
            Self::Remove { .. } => RequestKind::Remove,
        }
    }
}

/// Refuses unless the actor may ask for listings at all.
pub fn may_ask(actor: &Actor) -> Result<()> {
    vendor(actor).map(drop)
}

fn vendor(actor: &Actor) -> Result<&Seat> {
    let seat = actor.need(Module::Listings, Level::Act)?;
    actor.need_role(Role::Vendor)?;
    Ok(seat)
}

/// Makes a draft of a request; the first one for a product under a contract makes the listing too.
pub fn ask(tx: &mut Tx<'_>, actor: &Actor, asking: &Asking, note: &str) -> Result<ListingRequestId> {
    let seat = vendor(actor)?.clone();
    let mut problems = Problems::default();
    let note = problems.optional("note", note, MAX_NOTE).unwrap_or_default();
    problems.done()?;
    let (found, product) = match asking {
        Asking::New { product, contract } => {
            let ground = store::grounds::grounds(tx, actor)?.into_iter().find(|g| g.contract == **contract);
            let ground = ground.ok_or_else(|| {
                let text =
                    Text::new("{id} is not an active distribution contract of {account}. Choose one that is active.");
                Refusal::field("contract_id", text.arg("id", contract).arg("account", &seat.name))
            })?;
            let product = on_sale(tx, actor, product, RequestKind::New)?;
            db::lock(tx, "product", product.id.as_str())?;
            (on_ground(tx, actor, &seat, &ground, &product.id)?, product)
        }
        Asking::Update { listing: id } | Asking::Remove { listing: id } => {
            db::lock(tx, "listing", id)?;
            let found = listing(tx, actor, id)?;
            if found.vendor.id != seat.account.as_str() {
                return Err(Refusal::not_found("listing", id).into());
            }
            if !store::grounds::grounds(tx, actor)?.iter().any(|g| g.contract == found.contract.id) {
                let text = Text::new("The contract {id} of this listing is not active any more, so it cannot change.");
                return Err(Refusal::state(text.arg("id", &found.contract.id)).into());
            }
            let product = on_sale(tx, actor, found.product.id.as_str(), asking.kind())?;
            (found, product)
        }
    };
    if let Some(open) = &found.pending {
        let text = Text::new(
            "The request {id} for this listing is still {state:word}. Wait until it is completed or canceled.",
        );
        return Err(Refusal::conflict(text.arg("id", &open.id).arg("state", open.state))
            .with("request", &open.id)
            .into());
    }
    model::may_ask(asking.kind(), found.status)?;
    let version = match asking.kind() {
        RequestKind::Remove => found.product.version.unwrap_or(product.version),
        RequestKind::New | RequestKind::Update => product.version,
    };
    let events = Events::created(tx.at(), actor.by());
    let new =
        store::requests::New { listing: &found.id, kind: asking.kind(), product: &product.id, version, note: &note };
    let made = tx.savepoint(|tx| store::requests::insert(tx, &new, actor.by(), &events));
    let id = match made {
        Err(e) if e.is_unique_violation() => {
            let text = Text::new("Somebody made a request for this listing just now. Look at it first.");
            return Err(Refusal::conflict(text).with("listing", &found.id).into());
        }
        other => other?,
    };
    let parties = sides(&seat.account, &found.provider.id, found.provider_role);
    let state = RequestState::Draft;
    party::put(tx, "listing_request", id.as_str(), state.as_str(), state.turn(found.provider_role.side()), &parties)?;
    let words = match asking.kind() {
        RequestKind::New => "The request to list {product} on {marketplace} was made",
        RequestKind::Update => "The request to update {product} on {marketplace} was made",
        RequestKind::Remove => "The request to take {product} off {marketplace} was made",
    };
    let text = Text::new(words).arg("product", &found.product.name).arg("marketplace", &found.marketplace.name);
    journal::record(tx, actor, Entry::new("listing_request", &id, "listing_request.created", text))?;
    crate::crash::point("listings.ask.before-commit");
    Ok(id)
}

fn sides(vendor: &AccountId, provider: &str, role: Role) -> Vec<Party> {
    let mut parties = vec![Party::new(vendor, Side::Vendor)];
    parties.extend(AccountId::parse(provider).map(|p| Party::new(&p, role.side())));
    parties
}

/// A product that may be asked for, with the version that distributors see.
struct OnSale {
    id: ProductId,
    version: i32,
}

fn on_sale(tx: &mut Tx<'_>, actor: &Actor, id: &str, kind: RequestKind) -> Result<OnSale> {
    let product = products::product(tx, actor, id)?;
    if !product.own {
        return Err(Refusal::not_found("product", id).into());
    }
    if product.status == ProductStatus::EndOfSale && kind == RequestKind::New {
        let text = Text::new("The sale of {name} has ended. Resume it before you ask for a listing.");
        return Err(Refusal::state(text.arg("name", &product.general.name)).into());
    }
    match product.public_version {
        Some(version) => Ok(OnSale { id: product.id, version }),
        None => {
            let text = Text::new("{name} has no public version yet. Save one before you ask for a listing.");
            Err(Refusal::state(text.arg("name", &product.general.name)).into())
        }
    }
}

/// The listing of a product under a contract; made if there is none yet.
fn on_ground(
    tx: &mut Tx<'_>,
    actor: &Actor,
    seat: &Seat,
    ground: &Ground,
    product: &ProductId,
) -> Result<crate::flows::listings::model::Listing> {
    if let Some((id, _)) = store::listings::of(tx, actor, product, &ground.contract)? {
        db::lock(tx, "listing", id.as_str())?;
        return listing(tx, actor, id.as_str());
    }
    let new = store::listings::New {
        product,
        contract: &ground.contract,
        marketplace: &ground.marketplace,
        vendor: &seat.account,
        provider: &ground.provider.id,
    };
    let events = Events::created(tx.at(), actor.by());
    let id = store::listings::insert(tx, &new, &events)?;
    let parties = sides(&seat.account, &ground.provider.id, ground.role);
    party::put(tx, "listing", id.as_str(), ListingStatus::Unlisted.as_str(), None, &parties)?;
    let text = Text::new("The listing on {marketplace} was opened").arg("marketplace", &ground.marketplace_name);
    journal::record(tx, actor, Entry::new("listing", &id, "listing.created", text))?;
    listing(tx, actor, id.as_str())
}

/// A request, locked until the transaction ends, and whether the actor is its vendor.
fn held(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<(Request, bool)> {
    let seat = actor.need(Module::Listings, Level::Act)?;
    db::lock(tx, "listing_request", id)?;
    let found = request(tx, actor, id)?;
    journal::unchanged(tx, actor, ("listing_request", id), "listing request", (revision, found.revision))?;
    let vendor = found.listing.is_vendor(&seat.account);
    Ok((found, vendor))
}

/// Changes the vendor's note of a draft.
pub fn save_note(tx: &mut Tx<'_>, actor: &Actor, id: &str, note: &str) -> Result<()> {
    let (old, vendor) = held(tx, actor, id, None)?;
    next(old.state, Verb::Submit, vendor)?;
    let mut problems = Problems::default();
    let note = problems.optional("note", note, MAX_NOTE).unwrap_or_default();
    problems.done()?;
    store::requests::set_note(tx, &old.id, &note)
}

/// Does a verb to a request. `words` is what is said about it: to the vendor when it is sent back, as a reason when it is
/// canceled. Completing changes the listing.
pub fn act(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    verb: Verb,
    words: &str,
) -> Result<ListingRequestId> {
    let (old, vendor) = held(tx, actor, id, revision)?;
    let state = next(old.state, verb, vendor)?;
    let mut problems = Problems::default();
    let words = problems.optional("note", words, MAX_NOTE);
    problems.done()?;
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    if matches!(verb, Verb::Assign | Verb::Unassign) {
        let assignee = if verb == Verb::Assign { actor.by() } else { None };
        store::requests::set_assignee(tx, &old.id, assignee, &events)?;
    } else {
        events.stamp(state.as_str(), tx.at(), actor.by());
        let version = match verb {
            Verb::Submit if old.kind != RequestKind::Remove => {
                on_sale(tx, actor, old.listing.product.id.as_str(), old.kind)?.version
            }
            _ => old.version,
        };
        store::requests::set_state(tx, &old.id, state, version, &events)?;
        let turn = state.turn(old.listing.provider_role.side());
        party::moved(tx, "listing_request", old.id.as_str(), state.as_str(), turn)?;
    }
    if state == RequestState::Completed {
        apply(tx, actor, &old)?;
    }
    let (happened, text) = said(verb, words.is_some());
    let text = text
        .arg("by", actor.by().map_or_else(|| "The system".to_owned(), |b| b.name))
        .arg("words", words.unwrap_or_default());
    journal::record(tx, actor, Entry::new("listing_request", &old.id, happened, text))?;
    crate::crash::point("listings.act.before-commit");
    Ok(old.id)
}

fn said(verb: Verb, with_words: bool) -> (&'static str, Text) {
    let (happened, plain, explained) = match verb {
        Verb::Submit => {
            ("listing_request.submitted", "The request was sent for review", "The request was sent for review: {words}")
        }
        Verb::Refine => (
            "listing_request.refined",
            "The request was sent back to the vendor",
            "The request was sent back to the vendor: {words}",
        ),
        Verb::Deploy => {
            ("listing_request.deploying", "The sale is being prepared", "The sale is being prepared: {words}")
        }
        Verb::Complete => {
            ("listing_request.completed", "The request was completed", "The request was completed: {words}")
        }
        Verb::Cancel => ("listing_request.canceled", "The request was canceled", "The request was canceled: {words}"),
        Verb::Assign => {
            ("listing_request.assigned", "{by} looks after the request", "{by} looks after the request: {words}")
        }
        Verb::Unassign => (
            "listing_request.unassigned",
            "Nobody looks after the request any more",
            "Nobody looks after the request any more: {words}",
        ),
    };
    (happened, Text::new(if with_words { explained } else { plain }))
}

/// Changes the listing as a completed request asks.
fn apply(tx: &mut Tx<'_>, actor: &Actor, request: &Request) -> Result<()> {
    let listing = &request.listing;
    db::lock(tx, "listing", listing.id.as_str())?;
    let status = completed(request.kind);
    let version = (status == ListingStatus::Listed).then_some(request.version);
    let mut events = listing.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    events.stamp(status.as_str(), tx.at(), actor.by());
    store::listings::set(tx, &listing.id, status, version, &events)?;
    party::moved(tx, "listing", listing.id.as_str(), status.as_str(), None)?;
    let (verb, text) = match request.kind {
        RequestKind::New => ("listing.listed", Text::new("{product} is on {marketplace} in version {version}")),
        RequestKind::Update => ("listing.updated", Text::new("{product} is on {marketplace} in version {version} now")),
        RequestKind::Remove => ("listing.unlisted", Text::new("{product} was taken off {marketplace}")),
    };
    let text = text
        .arg("product", &listing.product.name)
        .arg("marketplace", &listing.marketplace.name)
        .arg("version", request.version);
    journal::record(tx, actor, Entry::new("listing", &listing.id, verb, text))?;
    Ok(())
}
