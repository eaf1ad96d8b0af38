//! Reminding partners of a newer version of an agreement.

use super::super::model::{By, Contract};
use super::super::store;
use super::contracts::company;
use super::telling::{NEWER, tell_one};
use crate::db::{self, Result, Tx};
use crate::jobs::{self, NewJob};
use crate::journal::{self, Entry};
use crate::kit::{Actor, Level, Module, Refusal, Role, Text, Time};
use serde_json::json;

/// How long a partner is left in peace after a reminder, in seconds.
const PEACE_SECONDS: i64 = 24 * 3600;
/// Most contracts whose partners are reminded by one form.
pub const MOST_REMINDED: usize = 100;

/// Whether the partner of a contract may be reminded again.
pub fn may_remind(contract: &Contract, now: Time) -> bool {
    contract.reminded_at.is_none_or(|at| at.plus_seconds(PEACE_SECONDS) <= now)
}

/// What became of a wish to remind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reminded {
    /// Partners that were reminded.
    pub reminded: usize,
    /// Those reminded within a day, which are left in peace.
    pub lately: usize,
    /// Those with nothing to accept.
    pub settled: usize,
}

/// Reminds the partners of these contracts, which the actor's company issued.
pub fn remind(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Reminded> {
    actor.need(Module::Partners, Level::Act)?;
    if ids.is_empty() {
        return Err(Refusal::field("pick", Text::new("Choose at least one contract.")).into());
    }
    if ids.len() > MOST_REMINDED {
        let text = Text::new("These are {count} contracts; at most {max} can be chosen at once.");
        return Err(Refusal::field("pick", text.arg("count", ids.len()).arg("max", MOST_REMINDED)).into());
    }
    let mut done = Reminded::default();
    for contract in store::contracts(tx, actor, ids)? {
        if contract.reader != By::Issuer {
            let text = Text::new("The contract {id} was issued by {issuer}, who alone can remind its partner.");
            return Err(Refusal::forbidden(text.arg("id", &contract.id).arg("issuer", &contract.issuer.name)).into());
        }
        db::lock(tx, "contract", contract.id.as_str())?;
        match () {
            () if contract.newer().is_none() => done.settled += 1,
            // Asked again under the lock: somebody may have been faster.
            () if tell_one(tx, contract.id.as_str(), true)? => done.reminded += 1,
            () => done.lately += 1,
        }
    }
    Ok(done)
}

/// Puts the job into the queue that reminds every partner under an older version of an agreement of the actor's. Gives how
/// many those are.
pub fn remind_all(tx: &mut Tx<'_>, actor: &Actor, agreement: &str) -> Result<i64> {
    actor.need(Module::Partners, Level::Act)?;
    let agreement = super::agreements::owned(tx, actor, agreement)?;
    let count = store::count_behind(tx, &agreement.id)?;
    if count == 0 {
        let text = Text::new("Every partner under {agreement} is on the active version: there is nobody to remind.");
        return Err(Refusal::state(text.arg("agreement", &agreement.title)).into());
    }
    let account = actor.account()?.clone();
    let job = NewJob {
        account: Some(&account),
        object: Some(agreement.id.as_str()),
        ..NewJob::new(NEWER, json!({ "agreement": agreement.id.as_str(), "reminder": true }))
    };
    jobs::enqueue(tx, job)?;
    Ok(count)
}

/// Refuses unless the actor's company issued an agreement.
pub fn own_agreement(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    super::agreements::owned(tx, actor, id).map(drop)
}

/// How many partners are under an older version of an agreement that was just shown to its issuer.
pub fn count_behind(tx: &mut Tx<'_>, agreement: &crate::kit::AgreementId) -> Result<i64> {
    store::count_behind(tx, agreement)
}

/// Notes that a partner was reminded.
pub(super) fn note(tx: &mut Tx<'_>, contract: &Contract, newer: i32) -> Result<()> {
    store::set_reminded(tx, &contract.id)?;
    let issuer = company(&contract.issuer)?;
    let system = Actor::system(issuer, contract.issuer.name.clone(), Role::Distributor);
    let text =
        Text::new("{partner} was reminded of version {newer}").arg("partner", &contract.owner.name).arg("newer", newer);
    journal::record(tx, &system, Entry::new("contract", &contract.id, "contract.reminded", text)).map(drop)
}
