//! Filling the form of an enrolment, sending it, sending it back.

use super::super::model::{
    Act, Answers, Consent, Contract, ContractStatus, FormRef, GoodDocument, MAX_REFINE_NOTE, Next, Verb, turn,
};
use super::super::store::{self, KeptAnswers, Moved};
use super::contracts::{activate, locked};
use super::signatures;
use crate::db::party;
use crate::db::{self, Result, Tx};
use crate::journal::{self, Change, Entry};
use crate::kit::schema::{Data, Schema};
use crate::kit::{AccountId, Actor, FormAnswerId, Level, Module, Problems, Refusal, Role, Text};

/// An enrolment that its vendor is about to fill.
#[derive(Debug)]
pub struct Enrolment {
    /// The contract.
    pub contract: Contract,
    /// The form, in its newest version, with what it asks; none if the agreement has none.
    pub form: Option<(FormRef, Schema)>,
    /// What was answered so far.
    pub answers: Option<Answers>,
    /// The text of the agreement, if the vendor has not accepted it yet.
    pub document: Option<GoodDocument>,
}

/// The answers of a list's page, in its order.
pub fn answers(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Answers>> {
    actor.need(Module::Partners, Level::Read)?;
    Ok(db::in_order(ids, store::answers(tx, actor, ids)?, |a| a.id.as_str()))
}

/// What was answered to enrol by a contract that was shown to the actor.
pub fn enrolment_answers(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract) -> Result<Option<Answers>> {
    actor.need(Module::Partners, Level::Read)?;
    store::enrolment(tx, actor, &contract.id)
}

/// The form of an enrolment that the actor can fill now.
pub fn enrolment(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Enrolment> {
    actor.need(Module::Partners, Level::Act)?;
    let contract = store::contract(tx, actor, id)?;
    contract.next(Verb::Enroll)?;
    let form = newest(tx, actor, &contract)?;
    let answers = store::enrolment(tx, actor, &contract.id)?;
    let document = match contract.version.filter(|_| contract.is_unread()) {
        Some(version) => store::document(tx, &contract.agreement.id, version)?,
        None => None,
    };
    Ok(Enrolment { contract, form, answers, document })
}

/// The newest version of the form of a contract's agreement, with what it asks.
fn newest(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract) -> Result<Option<(FormRef, Schema)>> {
    let Some(form) = &contract.agreement.form else { return Ok(None) };
    let found = store::form(tx, actor, form.id.as_str())?;
    Ok(Some((FormRef { version: found.version, ..form.clone() }, Schema::read(&found.schema)?)))
}

/// Keeps answers that are not sent yet; gives their id. `answers` says what they are, once it is known what is asked. Only
/// `complete` ones must be right. `revision` is that of the answers that somebody saw, 0 if there were none.
pub fn keep_answers(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    complete: bool,
    answers: impl FnOnce(&Schema) -> Data,
) -> Result<FormAnswerId> {
    actor.need(Module::Partners, Level::Act)?;
    let contract = locked(tx, actor, id)?;
    contract.next(Verb::Enroll)?;
    let Some((form, schema)) = newest(tx, actor, &contract)? else {
        let text = Text::new(
            "The agreement {agreement} has no enrolment form, so there is nothing to fill. Send the enrolment.",
        );
        return Err(Refusal::state(text.arg("agreement", &contract.agreement.id)).into());
    };
    let found = store::enrolment(tx, actor, &contract.id)?;
    let now = found.as_ref().map_or(0, |a| a.revision);
    journal::unchanged(tx, actor, ("contract", id), "contract", (revision, now))?;
    let data = answers(&schema);
    if complete {
        schema.check(&data)?
    } else {
        schema.check_size(&data)?
    }
    let newest = (form.id, form.version);
    let kept = match &found {
        Some(a) => KeptAnswers {
            form: if a.data.is_some() { (a.form.id.clone(), a.form.version) } else { newest },
            data: a.data.clone(),
            draft: Some((data, form.version)),
            note: a.note.clone(),
        },
        None => KeptAnswers { form: newest, data: None, draft: Some((data, form.version)), note: String::new() },
    };
    store::put_enrolment(tx, &contract.id, found.as_ref().map(|a| &a.id), &kept)
}

/// Sends an enrolment: to the distributor, or, if the agreement accepts by itself, straight into force.
pub fn enroll(tx: &mut Tx<'_>, actor: &Actor, id: &str, consent: &Consent) -> Result<()> {
    actor.need(Module::Partners, Level::Act)?;
    let contract = locked(tx, actor, id)?;
    let Next::To(status) = contract.next(Verb::Enroll)? else { return Ok(()) };
    let mut changes = send_answers(tx, actor, &contract)?;
    let at = tx.at();
    let mut events = contract.events.clone();
    events.stamp("updated", at, actor.by());
    // Who enrolled by hand has accepted the agreement then.
    if contract.is_unread() {
        events.stamp("countersigned", at, actor.by());
        if let Some(version) = contract.version {
            let signed = (Act::Enrol, version);
            changes.extend(signatures::keep(tx, actor, (&contract, &contract.owner), signed, consent)?);
        }
    }
    moved(tx, &contract, Moved { enrolled_at: Some(at), ..Moved::to(status, events) })?;
    let text = if contract.is_accepted_by_itself() {
        Text::new("The enrolment was sent")
    } else {
        Text::new("The enrolment was sent and waits for approval")
    };
    let change = Change::word("Status", contract.status, status);
    let entry = Entry::new("contract", &contract.id, "contract.enrolled", text).changes(change).changes(changes);
    journal::record(tx, actor, entry)?;
    if contract.is_accepted_by_itself() {
        let issuer =
            AccountId::parse(&contract.issuer.id).ok_or_else(|| Refusal::not_found("account", &contract.issuer.id))?;
        let system = Actor::system(issuer, contract.issuer.name.clone(), Role::Distributor);
        let sent = store::contract(tx, &system, contract.id.as_str())?;
        sent.next(Verb::Sign)?;
        activate(tx, &system, &sent, None, consent)?;
    }
    Ok(())
}

/// Keeps complete answers and sends them.
pub fn fill_and_send(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    consent: &Consent,
    answers: impl FnOnce(&Schema) -> Data,
) -> Result<()> {
    let contract = store::contract(tx, actor, id)?;
    if contract.agreement.form.is_some() {
        keep_answers(tx, actor, id, revision, true, answers)?;
    }
    enroll(tx, actor, id, consent)
}

/// Makes what was kept what was sent, if it answers the form as it is today; gives what became other since the last time.
fn send_answers(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract) -> Result<Vec<Change>> {
    let Some((form, schema)) = newest(tx, actor, contract)? else { return Ok(vec![]) };
    let found = store::enrolment(tx, actor, &contract.id)?;
    let Some((found, data)) = found.as_ref().and_then(|a| a.shown().map(|(data, _)| (a, data.clone()))) else {
        let text = Text::new("Fill the form {form} before you send the enrolment.").arg("form", &form.name);
        return Err(Refusal::field("data", text).into());
    };
    schema.check(&data)?;
    let changes = match &found.data {
        Some(before) => {
            let changes = schema.changes(&Schema::read(&found.schema)?, before, &data);
            changes
                .into_iter()
                .filter_map(|c| match c.words {
                    true => Change::word(&c.question, c.before, c.after),
                    false => Change::of(&c.question, c.before, c.after),
                })
                .collect()
        }
        None => vec![],
    };
    let kept = KeptAnswers { form: (form.id, form.version), data: Some(data), draft: None, note: String::new() };
    store::put_enrolment(tx, &contract.id, Some(&found.id), &kept)?;
    Ok(changes)
}

/// Sends an enrolment back to the vendor, whose form is to be filled again. `note` says what is missing.
pub fn refine(tx: &mut Tx<'_>, actor: &Actor, id: &str, note: &str) -> Result<()> {
    actor.need(Module::Partners, Level::Act)?;
    let contract = locked(tx, actor, id)?;
    let mut problems = Problems::default();
    let note = problems.optional("note", note, MAX_REFINE_NOTE).unwrap_or_default();
    problems.done()?;
    let Next::To(status) = contract.next(Verb::Refine)? else { return Ok(()) };
    let Some(form) = &contract.agreement.form else { return Ok(()) };
    let found = store::enrolment(tx, actor, &contract.id)?;
    let kept = match &found {
        Some(a) => KeptAnswers {
            form: (a.form.id.clone(), a.form.version),
            data: a.data.clone(),
            draft: None,
            note: note.clone(),
        },
        None => KeptAnswers { form: (form.id.clone(), form.version), data: None, draft: None, note: note.clone() },
    };
    store::put_enrolment(tx, &contract.id, found.as_ref().map(|a| &a.id), &kept)?;
    let mut events = contract.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    moved(tx, &contract, Moved::to(status, events))?;
    let text = if note.is_empty() {
        Text::new("The enrolment was sent back to be completed")
    } else {
        Text::new("The enrolment was sent back to be completed: {note}").arg("note", &note)
    };
    let change = Change::word("Status", contract.status, status);
    journal::record(tx, actor, Entry::new("contract", &contract.id, "contract.refined", text).changes(change))?;
    Ok(())
}

fn moved(tx: &mut Tx<'_>, contract: &Contract, to: Moved) -> Result<()> {
    let status: ContractStatus = to.status;
    store::update_moved(tx, &contract.id, &to)?;
    party::moved(tx, "contract", contract.id.as_str(), status.as_str(), turn(contract.kind, status))
}
