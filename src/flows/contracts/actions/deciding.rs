//! Deciding on many contracts at once: each in a transaction of its own, by the rules of one.

use super::super::model::{Consent, Contract, Decision, MAX_DECIDED};
use super::super::store;
use super::contracts::{locked, sign};
use super::ending::{reason, reject, terminate};
use super::four_eyes::Outcome;
use crate::db::{Error, Result, Tx};
use crate::kit::{Actor, Module, Refusal, Role, Text};

/// A contract that somebody picked, and whether it can be decided on so.
#[derive(Debug)]
pub struct Picked {
    /// The id that was picked.
    pub id: String,
    /// The contract, if the actor sees one with this id.
    pub contract: Option<Contract>,
    /// Why it is left out, if it is.
    pub left_out: Option<Refusal>,
}

fn may_decide(actor: &Actor, decision: Decision) -> Result<()> {
    actor.need(Module::Partners, decision.level())?;
    actor.need_role(Role::Distributor)?;
    Ok(())
}

/// What a decision would do to each of the picked contracts, in their order.
pub fn picked(tx: &mut Tx<'_>, actor: &Actor, ids: &[String], decision: Decision) -> Result<Vec<Picked>> {
    may_decide(actor, decision)?;
    if ids.is_empty() || ids.len() > MAX_DECIDED {
        let text = Text::new("Pick between one and {max:number} contracts first.");
        return Err(Refusal::field("pick", text.arg("max", MAX_DECIDED)).into());
    }
    let mut found = store::contracts(tx, actor, ids)?;
    let mut all: Vec<Picked> = vec![];
    for id in ids {
        // Picked twice is picked once.
        if all.iter().any(|known| known.id == *id) {
            continue;
        }
        let at = found.iter().position(|c| c.id == *id.as_str());
        let contract = at.map(|at| found.swap_remove(at));
        let left_out = match &contract {
            Some(contract) => decision.may(contract).err(),
            None => Some(Refusal::not_found("contract", id)),
        };
        all.push(Picked { id: id.clone(), contract, left_out });
    }
    Ok(all)
}

/// Refuses a reason that is too long, before anything is decided.
pub fn check_reason(note: &str) -> std::result::Result<(), Refusal> {
    match reason(note) {
        Err(Error::Refused(refusal)) => Err(refusal),
        _ => Ok(()),
    }
}

/// Decides on one of the picked contracts; `note` says why.
pub fn decide(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    (decision, note): (Decision, &str),
    consent: &Consent,
) -> Result<Outcome> {
    may_decide(actor, decision)?;
    decision.may(&locked(tx, actor, id)?)?;
    match decision {
        Decision::Approve => sign(tx, actor, id, consent),
        Decision::Reject => reject(tx, actor, id, note).map(|()| Outcome::Done),
        Decision::Terminate => terminate(tx, actor, id, note),
    }
}
