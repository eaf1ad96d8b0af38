//! Ending contracts: declining, terminating, and what ends with them.

use super::super::model::{By, Contract, ContractKind, ContractStatus, Verb};
use super::super::store::{self, Moved};
use super::contracts::{company, locked};
use super::four_eyes::{Outcome, Turn, second_person};
use crate::db::party;
use crate::db::{self, Result, Tx};
use crate::flows::accounts;
use crate::journal::{self, Change, Entry};
use crate::kit::{Actor, Happening, Level, Module, Problems, Role, Text};

/// Declines: the partner an offer, the distributor an enrolment. `note` says why.
pub fn reject(tx: &mut Tx<'_>, actor: &Actor, id: &str, note: &str) -> Result<()> {
    actor.need(Module::Partners, Level::Act)?;
    let contract = locked(tx, actor, id)?;
    let note = reason(note)?;
    contract.next(Verb::Reject)?;
    let text = Text::new("{who} rejected the contract").arg("who", actor.company()?.name.clone());
    end(tx, actor, &contract, ContractStatus::Rejected, note, text)
}

pub(super) fn reason(note: &str) -> Result<Option<String>> {
    let mut problems = Problems::default();
    let note = problems.optional("termination_note", note, 100);
    problems.done()?;
    Ok(note)
}

/// Writes that a contract was rejected or terminated.
pub(super) fn end(
    tx: &mut Tx<'_>,
    actor: &Actor,
    contract: &Contract,
    status: ContractStatus,
    note: Option<String>,
    text: Text,
) -> Result<()> {
    end_after(tx, actor, (contract, status), (note, None), text)
}

/// As [`end`]; `first` is who of the same company asked for it.
fn end_after(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (contract, status): (&Contract, ContractStatus),
    (note, first): (Option<String>, Option<Change>),
    text: Text,
) -> Result<()> {
    let at = tx.at();
    let mut events = contract.events.clone();
    events.stamp(status.as_str(), at, actor.by());
    events.stamp("updated", at, actor.by());
    let changes = [
        Change::word("Status", contract.status, status),
        note.as_ref().and_then(|note| Change::of("Reason of its end", &contract.termination_note, note)),
        first,
    ];
    store::update_moved(tx, &contract.id, &Moved { termination_note: note, ..Moved::to(status, events) })?;
    party::moved(tx, "contract", contract.id.as_str(), status.as_str(), None)?;
    let verb = if status == ContractStatus::Rejected { "contract.rejected" } else { "contract.terminated" };
    journal::record(
        tx,
        actor,
        Entry::new("contract", &contract.id, verb, text).changes(changes.into_iter().flatten()),
    )?;
    Ok(())
}

/// Ends an active contract for good; with a program contract, the vendor's distribution contracts under the same program end.
pub fn terminate(tx: &mut Tx<'_>, actor: &Actor, id: &str, note: &str) -> Result<Outcome> {
    actor.need(Module::Partners, Level::Manage)?;
    let contract = locked(tx, actor, id)?;
    let note = reason(note)?;
    contract.next(Verb::Terminate)?;
    let Turn::Go(note, first) = second_person(tx, actor, &contract, Verb::Terminate, note)? else {
        return Ok(Outcome::Waits);
    };
    let text = if contract.reader == By::System {
        Text::new("The contract ended: its time was over")
    } else {
        Text::new("{who} terminated the contract").arg("who", actor.company()?.name.clone())
    };
    end_after(tx, actor, (&contract, ContractStatus::Terminated), (note, first), text)?;
    crate::crash::point("contracts.terminate.written");
    if contract.kind == ContractKind::Program {
        end_below(tx, actor, &contract)?;
    }
    Ok(Outcome::Done)
}

fn end_below(tx: &mut Tx<'_>, actor: &Actor, program: &Contract) -> Result<()> {
    let vendor = company(&program.owner)?;
    for id in store::live_below(tx, &program.agreement.id, &vendor)? {
        db::lock(tx, "contract", id.as_str())?;
        let contract = store::contract(tx, actor, id.as_str())?;
        if let Some(status) = contract.status.after_program() {
            let text = Text::new("The contract ended with the program contract {id}").arg("id", &program.id);
            end(tx, actor, &contract, status, None, text)?;
        }
    }
    Ok(())
}

/// What would end with a contract of its issuer's, in words; and every contract in force that would end, itself among them.
/// For the flows above.
pub fn foresee_end(tx: &mut Tx<'_>, id: &str) -> Result<(Vec<Text>, Vec<String>)> {
    let mut ending = vec![id.to_owned()];
    let Some(contract) = super::telling::seen_by_system(tx, id)? else { return Ok((vec![], ending)) };
    if contract.kind != ContractKind::Program {
        return Ok((vec![], ending));
    }
    let below = store::live_below(tx, &contract.agreement.id, &company(&contract.owner)?)?;
    let briefs = store::briefs(tx, &below)?;
    let (active, waiting): (Vec<_>, Vec<_>) = briefs.into_iter().partition(|b| b.status == ContractStatus::Active);
    let mut all = vec![];
    if !active.is_empty() {
        let text = "{count|One distribution contract ends|{count} distribution contracts end} with it.";
        all.push(Text::new(text).arg("count", active.len()));
    }
    if !waiting.is_empty() {
        let text = "{count|One enrolment that waits is|{count} enrolments that wait are} rejected.";
        all.push(Text::new(text).arg("count", waiting.len()));
    }
    ending.extend(active.into_iter().map(|b| b.id.to_string()));
    Ok((all, ending))
}

/// What would become of other things if a contract ended that the actor's company issued: for the page that asks.
pub fn consequences(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Vec<Text>> {
    let contract = store::contract(tx, actor, id)?;
    contract.next(Verb::Terminate)?;
    tx.foresee(&Happening { verb: "contract.terminated", object: contract.id.to_string() })
}

/// Ends contracts whose time is over, at most `limit`; says how many. For the schedule.
pub fn terminate_expired(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let due = store::expired(tx, limit)?;
    for (id, issuer) in &due {
        let names = accounts::actions::company_names(tx, &[issuer])?;
        let name = names.into_iter().next().map(|(_, name, _, _)| name).unwrap_or_default();
        let system = Actor::system(issuer.clone(), name, Role::Distributor);
        terminate(tx, &system, id.as_str(), "")?;
    }
    Ok(due.len())
}
