//! What people do with agreements and contracts.

mod activation;
mod agreements;
mod batches;
mod contracts;
mod deciding;
mod ending;
mod enrolment;
mod forms;
mod four_eyes;
mod inviting;
mod offers;
mod papers;
mod reminding;
mod signatures;
mod telling;
mod under;

use std::collections::HashMap;

pub use activation::*;
pub use agreements::*;
pub use batches::*;
pub use contracts::*;
pub use deciding::*;
pub use ending::{consequences, foresee_end, reject, terminate, terminate_expired};
pub use enrolment::*;
pub use forms::*;
pub use four_eyes::{Outcome, drop_proposal};
pub use inviting::{batch_to_check, check_rows, fail_batch, finish_check, invite_next};
pub use offers::*;
pub use papers::{MAX_PAPER, keep_paper, older_document};
pub use reminding::{MOST_REMINDED, Reminded, count_behind, own_agreement, remind, remind_all};
pub use signatures::{Judged, judge, signature, signatures};
pub use telling::{NEWER, Told, tell, tell_of_version, tell_some};
pub use under::*;

use super::model::{Agreement, Contract, ContractBrief};
use super::store;
pub use super::store::{
    AGREEMENTS, ANSWERS, CONTRACTS, FORM_VERSIONS, FORMS, INVITATION_ROWS, INVITATIONS, LINK_PURPOSE, PARTNERS_UNDER,
    SIGNATURES, SIGNED_VERSIONS, VERSIONS,
};
use crate::db::{self, Result, Tx};
use crate::kit::{AccountId, Actor, ContractId, Level, MarketplaceId, Module, Problems, Refusal};

/// What was checked, or the refusal that says what is wrong.
fn good<T>(checked: Option<T>, problems: Problems) -> Result<T> {
    problems.done()?;
    checked.ok_or_else(|| Refusal::field("body", "This could not be read.".into()).into())
}

/// The agreements of a list's page, in its order.
pub fn agreements(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Agreement>> {
    actor.need(Module::Partners, Level::Read)?;
    Ok(db::in_order(ids, store::agreements(tx, actor, ids)?, |a| a.id.as_str()))
}

/// The contracts of a list's page, in its order.
pub fn contracts(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Contract>> {
    actor.need(Module::Partners, Level::Read)?;
    Ok(db::in_order(ids, store::contracts(tx, actor, ids)?, |c| c.id.as_str()))
}

// ---- for the flows above ----

/// A vendor's active distribution contract for a marketplace: what listings and orders stand on. For the flows above.
pub fn active_distribution(
    tx: &mut Tx<'_>,
    vendor: &AccountId,
    marketplace: &MarketplaceId,
) -> Result<Option<ContractBrief>> {
    store::active_distribution(tx, vendor, marketplace)
}

/// Name, kind and parties of contracts. For the flows above, which have shown them to their actor.
pub fn briefs(tx: &mut Tx<'_>, ids: &[ContractId]) -> Result<HashMap<ContractId, ContractBrief>> {
    Ok(store::briefs(tx, ids)?.into_iter().map(|b| (b.id.clone(), b)).collect())
}

/// Whether a reseller works with a distributor under an active service contract. For the flows above.
pub fn active_service(tx: &mut Tx<'_>, reseller: &AccountId, distributor: &AccountId) -> Result<bool> {
    store::active_service(tx, reseller, distributor)
}
