//! What stands against an entry of the directory.

use crate::db::{Error, Result, Tx};
use crate::flows::customers::model::Details;
use crate::flows::{contracts, marketplaces};
use crate::kit::{AccountId, Refusal, Text, TierAccountId};

/// Only a reseller that works with the distributor can be given sight of the directory.
pub(super) fn must_be_partner(tx: &mut Tx<'_>, owner: &AccountId, portal: &AccountId, path: &str) -> Result<()> {
    if contracts::actions::active_service(tx, portal, owner)? {
        return Ok(());
    }
    let text = Text::new(
        "{account} has no active service contract with you. Choose one of your resellers, or leave the portal out.",
    );
    Err(Refusal::field(&format!("{path}access"), text.arg("account", portal)).into())
}

/// 409: the UUID belongs to another account of the directory, which the actor may see.
pub(super) fn uid_taken(uid: &str, taken: &TierAccountId) -> Error {
    let text =
        Text::new("external_uid {uid} belongs to {taken} already. Use that account, or send another external_uid.");
    Refusal::conflict(text.arg("uid", uid).arg("taken", taken)).with("id", taken).into()
}

/// The same for whom the account that has it does not concern.
pub(super) fn uid_taken_elsewhere(uid: &str) -> Error {
    let text = Text::new("external_uid {uid} is taken in the distributor’s directory. Send another external_uid.");
    Refusal::conflict(text.arg("uid", uid)).into()
}

/// Only a hub of the directory's owner can be where a customer comes from.
pub(super) fn must_be_owners_hub(tx: &mut Tx<'_>, owner: &AccountId, details: &Details, path: &str) -> Result<()> {
    if let Some(hub) = &details.hub {
        let known = marketplaces::actions::hubs_by_id(tx, std::slice::from_ref(hub))?.remove(hub);
        if known.is_none_or(|h| h.owner != *owner) {
            let text = Text::new("There is no hub {id} of the directory’s owner. Name one of theirs, or leave it out.");
            return Err(Refusal::field(&format!("{path}hub.id"), text.arg("id", hub)).into());
        }
    }
    Ok(())
}
