//! Listings themselves: they are read here, and ended with their contract.

use crate::db::{self, Result, Tx, in_order, party};
use crate::flows::listings::model::{Listing, ListingStatus, RequestState};
use crate::flows::listings::store;
use crate::journal::{self, Entry};
use crate::kit::{Actor, Level, Module, Refusal, Text};

/// The listings of these ids that the actor may see, in the order of the ids.
pub fn listings(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Listing>> {
    actor.need(Module::Listings, Level::Read)?;
    let found = store::listings::seen(tx, actor, ids)?;
    Ok(in_order(ids, found, |l| l.id.as_str()))
}

/// A listing that the actor may see.
pub fn listing(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Listing> {
    listings(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("listing", id).into())
}

/// What would become of listings if these contracts ended.
pub fn foresee_contract_end(tx: &mut Tx<'_>, contracts: &[String]) -> Result<Vec<Text>> {
    let (listed, open) = store::listings::count_under(tx, contracts)?;
    let mut all = vec![];
    if listed > 0 {
        let text = "{count|One product is|{count} products are} taken off the marketplace.";
        all.push(Text::new(text).arg("count", listed));
    }
    if open > 0 {
        let text = "{count|One listing request is|{count} listing requests are} canceled.";
        all.push(Text::new(text).arg("count", open));
    }
    Ok(all)
}

/// Takes products off the marketplace because the contract they are listed under ended; their open requests are canceled.
pub fn contract_terminated(tx: &mut Tx<'_>, actor: &Actor, contract: &str) -> Result<()> {
    for (id, status, request) in store::listings::under(tx, contract)? {
        db::lock(tx, "listing", id.as_str())?;
        if let Some(request) = request {
            store::requests::cancel(tx, &request)?;
            party::moved(tx, "listing_request", request.as_str(), RequestState::Canceled.as_str(), None)?;
            let text =
                Text::new("The request was canceled because contract {contract} ended").arg("contract", contract);
            journal::record(tx, actor, Entry::new("listing_request", &request, "listing_request.canceled", text))?;
        }
        if status == ListingStatus::Listed {
            let mut events = store::listings::events(tx, &id)?;
            events.stamp("unlisted", tx.at(), None);
            events.stamp("updated", tx.at(), None);
            store::listings::set(tx, &id, ListingStatus::Unlisted, None, &events)?;
            party::moved(tx, "listing", id.as_str(), ListingStatus::Unlisted.as_str(), None)?;
            let text = Text::new("The product was taken off the marketplace because contract {contract} ended");
            journal::record(tx, actor, Entry::new("listing", &id, "listing.unlisted", text.arg("contract", contract)))?;
        }
    }
    Ok(())
}
