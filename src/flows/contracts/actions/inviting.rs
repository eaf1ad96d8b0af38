//! What the jobs do with offers by spreadsheet: they check rows, and invite one partner after the other.
//!
//! A row is marked in the transaction that makes its offer, so that no partner is invited twice, whatever happens to the
//! program. The job acts as whoever confirmed, with what they may do at that moment.

use super::super::model::{BatchState, RowStatus, SheetRow, sentences};
use super::super::store::{self, Batch, BatchRow, Live, Starter};
use super::batches::{drop_sheet, end_batch, note};
use super::offers::{check_offer, offer};
use crate::db::{self, Error, Result, Tx};
use crate::flows::accounts::actions as accounts;
use crate::flows::accounts::model::token::Key;
use crate::flows::accounts::store as people;
use crate::kit::{Actor, ContractId, Level, Module, Role, Seat, Text, TokenId, UserId};

/// What stands in, while rows are checked, for a message that is given when they are confirmed.
const LATER: &str = "-";

/// The system acting for the distributor of a batch.
fn system(tx: &mut Tx<'_>, batch: &Batch) -> Result<Actor> {
    let name = accounts::company_names(tx, &[&batch.account])?.pop().map(|(_, name, ..)| name).unwrap_or_default();
    Ok(Actor::system(batch.account.clone(), name, Role::Distributor))
}

/// A batch that a job is for, locked; none if it is not in this state any more.
fn at_work(tx: &mut Tx<'_>, id: &str, state: BatchState) -> Result<Option<Batch>> {
    db::lock(tx, "offer_batch", id)?;
    Ok(store::wanted_batch(tx, id)?.filter(|b| b.state == state))
}

/// The batch whose rows a job is to check; none if nobody wants it any more.
pub fn batch_to_check(tx: &mut Tx<'_>, id: &str) -> Result<Option<Batch>> {
    Ok(store::wanted_batch(tx, id)?.filter(|b| b.state == BatchState::Checking))
}

/// Checks rows of a sheet, by the rules of a single offer, and keeps them with what was found. `repeated` says of each what
/// it repeats of a row above. False if nobody wants it any more.
pub fn check_rows(tx: &mut Tx<'_>, id: &str, rows: &[(&SheetRow, &Option<Text>)]) -> Result<bool> {
    let Some(batch) = at_work(tx, id, BatchState::Checking)? else { return Ok(false) };
    let system = system(tx, &batch)?;
    let words: Vec<&SheetRow> = rows.iter().map(|(row, _)| *row).collect();
    let live = store::live_partners(tx, &system, &batch.agreement, &words)?;
    let mut checked = Vec::with_capacity(rows.len());
    for (row, repeated) in rows {
        let (status, problem, contract) = judge(tx, &system, row, repeated.as_ref(), &live)?;
        let id = format!("{}-{:05}", batch.id, row.place);
        checked.push(BatchRow { id, words: SheetRow { fault: None, ..(*row).clone() }, status, problem, contract });
    }
    store::insert_rows(tx, &batch.id, &checked)?;
    Ok(true)
}

type Verdict = (RowStatus, Option<Text>, Option<String>);

fn judge(tx: &mut Tx<'_>, actor: &Actor, row: &SheetRow, repeated: Option<&Text>, live: &Live) -> Result<Verdict> {
    if let Some(fault) = &row.fault {
        return Ok((RowStatus::Wrong, Some(fault.clone()), None));
    }
    match check_offer(tx, actor, &row.words(LATER)) {
        Err(Error::Refused(refusal)) => return Ok((RowStatus::Wrong, Some(sentences(&refusal)), None)),
        Err(other) => return Err(other),
        Ok(_) => {}
    }
    Ok(match (live.of(row), repeated) {
        (Some(found), _) => already(found),
        (None, Some(text)) => (RowStatus::Wrong, Some(text.clone()), None),
        (None, None) => (RowStatus::Ready, None, None),
    })
}

fn already((contract, status): &(String, super::super::model::ContractStatus)) -> Verdict {
    let text = Text::new("Invited already: the contract {contract} is {status:word}.");
    let text = text.arg("contract", contract).arg("status", status);
    (RowStatus::Already, Some(text), Some(contract.clone()))
}

/// Notes that every row of a batch is checked: it waits for somebody to confirm.
pub fn finish_check(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let Some(batch) = at_work(tx, id, BatchState::Checking)? else { return Ok(()) };
    let system = system(tx, &batch)?;
    store::set_checked(tx, &batch.id)?;
    drop_sheet(tx, &batch)?;
    let counts = batch.counts;
    let text = Text::new(
        "{total|One row was|{total:number} rows were} checked: {ready:number} can be invited, {wrong:number} are wrong, \
         {already:number} are invited already",
    );
    let text = text.arg("total", counts.total).arg("ready", counts.ready).arg("wrong", counts.wrong);
    note(tx, &system, &batch.id, "invitation.checked", text.arg("already", counts.already))
}

/// Notes that a batch cannot go on, and why.
pub fn fail_batch(tx: &mut Tx<'_>, id: &str, why: &Text) -> Result<()> {
    db::lock(tx, "offer_batch", id)?;
    let Some(batch) = store::wanted_batch(tx, id)?.filter(|b| b.state.is_working()) else { return Ok(()) };
    let system = system(tx, &batch)?;
    end_batch(tx, &batch, BatchState::Failed, Some(why.clone()))?;
    note(tx, &system, &batch.id, "invitation.failed", Text::new("The invitations could not go on"))
}

/// Invites the next partner of a batch; gives how many rows are done, and of how many. None once there is nothing left to do.
/// `secret` is the deployment's.
pub fn invite_next(tx: &mut Tx<'_>, secret: &str, id: &str) -> Result<Option<(i64, i64)>> {
    let Some(batch) = at_work(tx, id, BatchState::Inviting)? else { return Ok(None) };
    let starter = batch.started_by.as_ref().map(|by| by.0.clone());
    let actor = match starter {
        Some(starter) => acting(tx, &batch, &starter)?,
        None => None,
    };
    let Some(actor) = actor else {
        let name = batch.started_by.as_ref().map(|by| by.0.name.clone()).unwrap_or_default();
        let why = Text::new("{name}, who confirmed the invitations, may not make contracts any more.");
        fail_batch(tx, id, &why.arg("name", name))?;
        return Ok(None);
    };
    let Some(row) = store::next_row(tx, &batch.id)? else {
        end_batch(tx, &batch, BatchState::Done, None)?;
        let text = Text::new(
            "{invited|One partner was|{invited:number} partners were} invited, {refused|one was|{refused:number} were} refused",
        );
        let text = text.arg("invited", batch.counts.invited).arg("refused", batch.counts.refused);
        note(tx, &actor, &batch.id, "invitation.completed", text)?;
        return Ok(None);
    };
    let (status, problem, contract) = invite_row(tx, &actor, secret, &batch, &row.words)?;
    store::set_row(tx, &batch.id, &row.id, status, problem, contract.as_deref())?;
    let counts = batch.counts;
    let outcomes = counts.invited + counts.refused + i32::from(status != RowStatus::Already);
    let of = i64::from(counts.ready + counts.invited + counts.refused);
    Ok(Some((i64::from(outcomes), of)))
}

/// Offers the contract of one row, unless its partner has one by now. A refusal takes back what was begun for the row alone.
fn invite_row(tx: &mut Tx<'_>, actor: &Actor, secret: &str, batch: &Batch, row: &SheetRow) -> Result<Verdict> {
    // Two lists with the same partner meet here.
    db::lock(tx, "agreement", batch.agreement.as_str())?;
    if let Some(found) = store::live_partners(tx, actor, &batch.agreement, &[row])?.of(row) {
        return Ok(already(found));
    }
    let words = row.words(&batch.message);
    let offered: Result<ContractId> = tx.savepoint(|tx| offer(tx, actor, secret, batch.agreement.as_str(), &words));
    match offered {
        Ok(contract) => Ok((RowStatus::Invited, None, Some(contract.to_string()))),
        Err(Error::Refused(refusal)) => Ok((RowStatus::Refused, Some(sentences(&refusal)), None)),
        Err(other) => Err(other),
    }
}

/// Whoever confirmed a batch, with what they may do now; none if they may not make contracts any more.
fn acting(tx: &mut Tx<'_>, batch: &Batch, starter: &Starter) -> Result<Option<Actor>> {
    let system = system(tx, batch)?;
    let actor = match starter.kind.as_str() {
        "person" => person(tx, batch, &starter.id)?,
        "token" => token(tx, &system, &starter.id)?,
        "system" => Some(system),
        _ => None,
    };
    Ok(actor.filter(|a| a.need(Module::Partners, Level::Manage).is_ok() && a.need_role(Role::Distributor).is_ok()))
}

fn person(tx: &mut Tx<'_>, batch: &Batch, id: &str) -> Result<Option<Actor>> {
    let Some(user) = UserId::parse(id) else { return Ok(None) };
    let Some(person) = accounts::person(tx, &user)? else { return Ok(None) };
    let seat = person.member_of(batch.account.as_str()).map(|member| member.seat());
    Ok(seat.map(|seat| Actor::Person { user, name: person.name.clone(), seat }))
}

fn token(tx: &mut Tx<'_>, system: &Actor, id: &str) -> Result<Option<Actor>> {
    let Some(token) = TokenId::parse(id) else { return Ok(None) };
    let now = tx.at();
    let Some(row) = people::tokens(tx, system, &[id.to_owned()])?.pop() else { return Ok(None) };
    if !row.keys.works(Key::First, now) && !row.keys.works(Key::Renewed, now) {
        return Ok(None);
    }
    let permissions = accounts::permissions_of(tx, system, &token)?;
    let seat = Seat { permissions, ..system.company()?.clone() };
    Ok(Some(Actor::Token { id: token, name: row.name, seat }))
}
