//! Moving contracts: enrol, sign, reject, refine, terminate.

use super::super::model::{
    Agreement, By, Contract, ContractKind, ContractStatus, GoodDocument, Next, Purpose, Verb, next, turn,
};
use super::super::store::{self, Moved, NewContract};
use super::agreements::OPEN;
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::flows::{accounts, marketplaces};
use crate::journal::{self, Change, Entry};
use crate::kit::column::Doc;
use crate::kit::{
    AccountId, Actor, AgreementId, ContractId, Events, Level, MarketplaceId, Module, NamedRef, Problems, Refusal, Role,
    Seat, Side, Text, Time,
};

/// A contract that the actor may see.
pub fn contract(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Contract> {
    actor.need(Module::Partners, Level::Read)?;
    store::contract(tx, actor, id)
}

/// A version that was signed: its number, by whom, when.
pub type Signing = (i32, Option<NamedRef>, Time);

/// The versions of a contract that were signed, newest first.
pub fn signed_versions(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Contract, Vec<Signing>)> {
    let contract = contract(tx, actor, id)?;
    let versions = store::signed_versions(tx, &contract.id)?;
    Ok((contract, versions))
}

/// A contract with the text that its partner is to read: of the version it would come under by signing.
pub fn contract_with_document(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Contract, Option<GoodDocument>)> {
    let contract = contract(tx, actor, id)?;
    let document = match contract.version_to_read() {
        Some(version) => store::document(tx, &contract.agreement.id, version)?,
        None => None,
    };
    Ok((contract, document))
}

/// Refuses if a partner has a contract under an agreement that is or can still become active.
pub(super) fn no_live_contract(tx: &mut Tx<'_>, agreement: &Agreement, owner: &AccountId, name: &str) -> Result<()> {
    only_contract(tx, &agreement.id, owner, name)
}

pub(super) fn only_contract(tx: &mut Tx<'_>, agreement: &AgreementId, owner: &AccountId, name: &str) -> Result<()> {
    let Some((id, status)) = store::live_contract(tx, agreement, owner)? else { return Ok(()) };
    let text = Text::new(
        "{name} has a contract under {agreement} already: {id} is {status:word}. There can be one at a time.",
    );
    let text = text.arg("name", name).arg("agreement", agreement).arg("id", &id).arg("status", status);
    Err(Refusal::conflict(text).with("contract", id).into())
}

/// Enrols the actor's company in a distribution agreement, which it has read and accepted. If there is a form, the company
/// fills it next; if there is none, the contract waits for the distributor at once.
pub fn enrol(tx: &mut Tx<'_>, actor: &Actor, agreement: &str) -> Result<ContractId> {
    actor.need(Module::Partners, Level::Manage)?;
    let seat = actor.need_role(Role::Vendor)?;
    db::lock(tx, "agreement", agreement)?;
    let agreement = store::agreement(tx, actor, agreement)?;
    if agreement.kind != ContractKind::Distribution {
        let text = Text::new("A {kind:word} agreement is not enrolled in: {owner} offers its contracts.");
        return Err(Refusal::forbidden(text.arg("kind", agreement.kind).arg("owner", &agreement.owner.name)).into());
    }
    let version = agreement.needs_version()?;
    under_program(tx, &agreement, &seat.account)?;
    no_live_contract(tx, &agreement, &seat.account, &seat.name)?;
    let issuer = company(&agreement.owner)?;
    let by = actor.by();
    let mut events = Events::created(tx.at(), by.clone());
    events.stamp("countersigned", tx.at(), by);
    let form = agreement.forms.enroll.is_some();
    let status = if form { ContractStatus::Enrolling } else { ContractStatus::Pending };
    let new = NewContract {
        kind: agreement.kind,
        status,
        agreement: (&agreement.id, &agreement.title),
        version,
        marketplace: agreement.marketplace.as_ref().map(|m| &m.id),
        issuer: &issuer,
        owner: &seat.account,
        creator: &seat.account,
        purpose: Purpose::Production,
        message: "",
        note: "",
        expire_at: None,
        grants: None,
        enrolled_at: (!form).then(|| tx.at()),
        activated_at: None,
        signee: None,
        events,
        link: None,
    };
    let id = store::insert_contract(tx, &new)?;
    let parties = [Party::new(&seat.account, Side::Vendor), Party::new(&issuer, Side::Distributor)];
    party::put(tx, "contract", id.as_str(), status.as_str(), turn(agreement.kind, status), &parties)?;
    journal::record(tx, actor, Entry::new("contract", &id, "contract.created", Text::new("The enrolment was begun")))?;
    if !form {
        let text = Text::new("{vendor} enrolled and waits for approval").arg("vendor", &seat.name);
        let moved = Change::word("Status", ContractStatus::Enrolling, status);
        journal::record(tx, actor, Entry::new("contract", &id, "contract.enrolled", text).changes(moved))?;
    }
    crate::crash::point("contracts.enrol.before-commit");
    Ok(id)
}

/// A vendor enrols under an active program contract, which must stay active until this is done.
fn under_program(tx: &mut Tx<'_>, agreement: &Agreement, vendor: &AccountId) -> Result<()> {
    let program = agreement.parent.as_ref().and_then(|p| AgreementId::parse(&p.id));
    if let Some(program) = &program
        && let Some((id, _)) = store::live_contract(tx, program, vendor)?
    {
        db::lock(tx, "contract", id.as_str())?;
        if store::live_contract(tx, program, vendor)?.is_some_and(|(_, status)| status == ContractStatus::Active) {
            return Ok(());
        }
    }
    let text =
        Text::new("You have no active program contract under {program}. Enrolling needs one; ask {owner} for it.");
    let name = agreement.parent.as_ref().map_or("", |p| p.name.as_str());
    Err(Refusal::state(text.arg("program", name).arg("owner", &agreement.owner.name)).into())
}

fn company(named: &NamedRef) -> Result<AccountId> {
    AccountId::parse(&named.id).ok_or_else(|| Refusal::not_found("account", &named.id).into())
}

/// A contract that the actor may see, locked; and before it the agreement, where signing meets those who change that.
pub(super) fn locked(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Contract> {
    let seen = store::contract(tx, actor, id)?;
    if seen.kind.is_offered() {
        db::lock(tx, "agreement", seen.agreement.id.as_str())?;
    }
    db::lock(tx, "contract", id)?;
    store::contract(tx, actor, id)
}

/// Signs: the partner accepts an offer, the distributor approves an enrolment, or the partner accepts a newer version.
pub fn sign(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    actor.need(Module::Partners, Level::Act)?;
    let contract = locked(tx, actor, id)?;
    match contract.next(Verb::Sign)? {
        Next::Renewed => renew(tx, actor, &contract),
        _ => activate(tx, actor, &contract, None),
    }
}

fn renew(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract) -> Result<()> {
    let Some(version) = contract.agreement.active_version else { return Ok(()) };
    let at = tx.at();
    let mut events = contract.events.clone();
    events.stamp("signed", at, actor.by());
    events.stamp("updated", at, actor.by());
    let moved = Moved {
        signee: actor.by().map(Doc),
        version: Some(version),
        version_created: Some(at),
        ..Moved::to(contract.status, events)
    };
    store::update_moved(tx, &contract.id, &moved)?;
    store::insert_signed_version(tx, &contract.id, version, actor.by())?;
    let text = Text::new("{partner} accepted version {version} of the agreement")
        .arg("partner", &contract.owner.name)
        .arg("version", version);
    let before = contract.version.map(|v| v.to_string()).unwrap_or_default();
    let entry =
        Entry::new("contract", &contract.id, "contract.renewed", text).changes(Change::of("Version", before, version));
    journal::record(tx, actor, entry)?;
    Ok(())
}

/// Puts a pending contract in force. `owner` is the company that accepts, if it is not the one the contract was made for.
pub(super) fn activate(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract, owner: Option<&NamedRef>) -> Result<()> {
    let at = tx.at();
    let partner = owner.unwrap_or(&contract.owner);
    let partner_id = company(partner)?;
    let mut events = contract.events.clone();
    events.stamp("signed", at, actor.by());
    events.stamp("updated", at, actor.by());
    let moved = Moved {
        owner_id: owner.is_some().then(|| partner_id.clone()),
        activated_at: Some(at),
        signee: actor.by().map(Doc),
        ..Moved::to(ContractStatus::Active, events)
    };
    store::update_moved(tx, &contract.id, &moved)?;
    if let Some(version) = contract.version {
        store::insert_signed_version(tx, &contract.id, version, actor.by())?;
    }
    party::moved(tx, "contract", contract.id.as_str(), ContractStatus::Active.as_str(), None)?;
    crate::crash::point("contracts.activate.written");
    let text = if contract.kind.is_offered() {
        Text::new("{partner} accepted the contract").arg("partner", &partner.name)
    } else if contract.reader == By::System {
        Text::new("The contract was accepted without approval, as the agreement says")
    } else {
        Text::new("{issuer} approved the contract").arg("issuer", &contract.issuer.name)
    };
    let entry = Entry::new("contract", &contract.id, "contract.activated", text);
    journal::record(tx, actor, entry.changes(Change::word("Status", contract.status, ContractStatus::Active)))?;
    if let Some(given) = contract.grants {
        accounts::actions::grant(tx, actor, &partner_id, given, None)?;
    }
    if contract.kind.is_offered() {
        show_agreement(tx, &contract.agreement.id, &Party::new(&partner_id, contract.kind.partner_side()))?;
    }
    if contract.kind == ContractKind::Program {
        open_distribution(tx, contract, &partner_id)?;
    }
    Ok(())
}

/// Lets a company see an agreement.
pub(super) fn show_agreement(tx: &mut Tx<'_>, id: &AgreementId, to: &Party) -> Result<()> {
    let at = tx.at();
    party::add(tx, "agreement", id.as_str(), OPEN, at, to)
}

/// Lets a vendor see a distribution agreement and its marketplace.
pub(super) fn open_child(
    tx: &mut Tx<'_>,
    id: &AgreementId,
    marketplace: Option<&MarketplaceId>,
    made: Time,
    vendor: &AccountId,
) -> Result<()> {
    let party = Party::new(vendor, Side::Vendor);
    party::add(tx, "agreement", id.as_str(), OPEN, made, &party)?;
    for (form, made) in store::forms_under(tx, id)? {
        party::add(tx, "form", form.as_str(), OPEN, made, &party)?;
    }
    match marketplace {
        Some(marketplace) => marketplaces::actions::show(tx, marketplace, &party),
        None => Ok(()),
    }
}

/// Opens the distribution agreements of a program to a vendor that signed it, and accepts those that accept by themselves.
fn open_distribution(tx: &mut Tx<'_>, contract: &Contract, vendor: &AccountId) -> Result<()> {
    let issuer = company(&contract.issuer)?;
    let system = Actor::system(issuer, contract.issuer.name.clone(), Role::Distributor);
    for child in store::all_children(tx, &contract.agreement.id)? {
        open_child(tx, &child.id, child.marketplace.as_ref(), child.created_at, vendor)?;
        if let (true, Some(version)) = (child.auto_accept, child.active_version)
            && store::live_contract(tx, &child.id, vendor)?.is_none()
        {
            accept_by_itself(
                tx,
                system.company()?,
                (&child.id, &child.title),
                version,
                child.marketplace.as_ref(),
                vendor,
                child.form,
            )?;
        }
    }
    Ok(())
}

/// Makes an active distribution contract without enrolment and approval, in the name of the distributor. If there is a
/// `form`, the vendor has to fill it before the contract is active.
pub(super) fn accept_by_itself(
    tx: &mut Tx<'_>,
    issuer: &Seat,
    agreement: (&AgreementId, &str),
    version: i32,
    marketplace: Option<&MarketplaceId>,
    vendor: &AccountId,
    form: bool,
) -> Result<()> {
    let system = Actor::system(issuer.account.clone(), issuer.name.clone(), issuer.role);
    let at = tx.at();
    let mut events = Events::created(at, None);
    let status = if form { ContractStatus::Enrolling } else { ContractStatus::Active };
    if !form {
        events.stamp("countersigned", at, None);
        events.stamp("signed", at, None);
    }
    let new = NewContract {
        kind: ContractKind::Distribution,
        status,
        agreement,
        version,
        marketplace,
        issuer: &issuer.account,
        owner: vendor,
        creator: &issuer.account,
        purpose: Purpose::Production,
        message: "",
        note: "",
        expire_at: None,
        grants: None,
        enrolled_at: None,
        activated_at: (!form).then_some(at),
        signee: None,
        events,
        link: None,
    };
    let id = store::insert_contract(tx, &new)?;
    let parties = [Party::new(vendor, Side::Vendor), Party::new(&issuer.account, Side::Distributor)];
    party::put(tx, "contract", id.as_str(), status.as_str(), turn(new.kind, status), &parties)?;
    journal::record(tx, &system, Entry::new("contract", &id, "contract.created", Text::new("The contract was made")))?;
    if form {
        return Ok(());
    }
    store::insert_signed_version(tx, &id, version, None)?;
    let text = Text::new("The contract was accepted without approval, as the agreement says");
    journal::record(tx, &system, Entry::new("contract", &id, "contract.activated", text))?;
    Ok(())
}

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
    let at = tx.at();
    let mut events = contract.events.clone();
    events.stamp(status.as_str(), at, actor.by());
    events.stamp("updated", at, actor.by());
    let changes = [
        Change::word("Status", contract.status, status),
        note.as_ref().and_then(|note| Change::of("Reason of its end", &contract.termination_note, note)),
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
pub fn terminate(tx: &mut Tx<'_>, actor: &Actor, id: &str, note: &str) -> Result<()> {
    actor.need(Module::Partners, Level::Manage)?;
    let contract = locked(tx, actor, id)?;
    let note = reason(note)?;
    contract.next(Verb::Terminate)?;
    let text = if contract.reader == By::System {
        Text::new("The contract ended: its time was over")
    } else {
        Text::new("{who} terminated the contract").arg("who", actor.company()?.name.clone())
    };
    end(tx, actor, &contract, ContractStatus::Terminated, note, text)?;
    crate::crash::point("contracts.terminate.written");
    if contract.kind == ContractKind::Program {
        end_below(tx, actor, &contract)?;
    }
    Ok(())
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

/// What the reader of a contract can do with it now, and why not the rest: for buttons.
pub fn possible(contract: &Contract) -> Vec<(Verb, std::result::Result<Next, Refusal>)> {
    let verb = |v: Verb| (v, next(contract.kind, contract.status, v, contract.reader, contract.circumstances()));
    Verb::ALL.into_iter().map(verb).collect()
}
