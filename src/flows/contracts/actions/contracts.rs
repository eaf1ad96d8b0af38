//! Moving contracts: enrol, sign, reject, refine, terminate.

use super::super::model::{
    Act, Agreement, By, Consent, Contract, ContractKind, ContractStatus, GoodDocument, Next, Purpose, Verb, next, turn,
};
use super::super::store::{self, Moved, NewContract};
use super::agreements::OPEN;
use super::four_eyes::{Outcome, Turn, second_person};
use super::signatures;
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::flows::{accounts, marketplaces};
use crate::journal::{self, Change, Entry};
use crate::kit::column::Doc;
use crate::kit::{
    AccountId, Actor, AgreementId, ContractId, Events, Level, MarketplaceId, Module, NamedRef, Refusal, Role, Seat,
    Side, Text, Time,
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

/// The versions of a contract, which was just shown, that were signed, newest first.
pub fn versions_of(tx: &mut Tx<'_>, contract: &Contract) -> Result<Vec<Signing>> {
    store::signed_versions(tx, &contract.id)
}

/// The version that a contract is under, and its text, if it would come under another by signing.
pub type Older = Option<(i32, GoodDocument)>;

/// A contract with the text that its partner is to read, of the version it would come under by signing; and with the
/// version it is under and that one's text, if it is under one already.
pub fn contract_with_document(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
) -> Result<(Contract, Option<GoodDocument>, Older)> {
    let contract = contract(tx, actor, id)?;
    let mut text = |version: Option<i32>| match version {
        Some(version) => Ok(store::document(tx, &contract.agreement.id, version)?.map(|d| (version, d))),
        None => db::Result::Ok(None),
    };
    let document = text(contract.version_to_read())?.map(|(_, d)| d);
    let before = contract.version.filter(|v| Some(*v) != contract.version_to_read());
    let older = text(before)?;
    Ok((contract, document, older))
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
pub fn enrol(tx: &mut Tx<'_>, actor: &Actor, agreement: &str, consent: &Consent) -> Result<ContractId> {
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
    let contract = store::contract(tx, actor, id.as_str())?;
    let signed = signatures::keep(tx, actor, (&contract, &contract.owner), (Act::Enrol, version), consent)?;
    journal::record(tx, actor, Entry::new("contract", &id, "contract.created", Text::new("The enrolment was begun")))?;
    if form {
        let text = Text::new("{vendor} accepted the agreement").arg("vendor", &seat.name);
        journal::record(tx, actor, Entry::new("contract", &id, "contract.accepted", text).changes(signed))?;
    } else {
        let text = Text::new("{vendor} enrolled and waits for approval").arg("vendor", &seat.name);
        let moved = Change::word("Status", ContractStatus::Enrolling, status);
        let entry = Entry::new("contract", &id, "contract.enrolled", text);
        journal::record(tx, actor, entry.changes(moved).changes(signed))?;
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

pub(super) fn company(named: &NamedRef) -> Result<AccountId> {
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
pub fn sign(tx: &mut Tx<'_>, actor: &Actor, id: &str, consent: &Consent) -> Result<Outcome> {
    actor.need(Module::Partners, Level::Act)?;
    let contract = locked(tx, actor, id)?;
    if contract.next(Verb::Sign)? == Next::Renewed {
        renew(tx, actor, &contract, consent)?;
        return Ok(Outcome::Done);
    }
    let Turn::Go(_, first) = second_person(tx, actor, &contract, Verb::Sign, None)? else { return Ok(Outcome::Waits) };
    activate_after(tx, actor, (&contract, None), first, consent)?;
    Ok(Outcome::Done)
}

fn renew(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract, consent: &Consent) -> Result<()> {
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
    party::moved(tx, "contract", contract.id.as_str(), contract.status.as_str(), None)?;
    let text = Text::new("{partner} accepted version {version} of the agreement")
        .arg("partner", &contract.owner.name)
        .arg("version", version);
    let before = contract.version.map(|v| v.to_string()).unwrap_or_default();
    let signed = signatures::keep(tx, actor, (contract, &contract.owner), (Act::Renew, version), consent)?;
    let entry = Entry::new("contract", &contract.id, "contract.renewed", text);
    journal::record(tx, actor, entry.changes(Change::of("Version", before, version)).changes(signed))?;
    Ok(())
}

/// Puts a pending contract in force. `owner` is the company that accepts, if it is not the one the contract was made for.
pub(super) fn activate(
    tx: &mut Tx<'_>,
    actor: &Actor,
    contract: &Contract,
    owner: Option<&NamedRef>,
    consent: &Consent,
) -> Result<()> {
    activate_after(tx, actor, (contract, owner), None, consent)
}

/// As [`activate`]; `first` is who of the same company asked for it.
fn activate_after(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (contract, owner): (&Contract, Option<&NamedRef>),
    first: Option<Change>,
    consent: &Consent,
) -> Result<()> {
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
    let mut signed = None;
    if let Some(version) = contract.version {
        store::insert_signed_version(tx, &contract.id, version, actor.by())?;
        let act = if contract.kind.is_offered() { Act::Accept } else { Act::Approve };
        signed = signatures::keep(tx, actor, (contract, partner), (act, version), consent)?;
    }
    // Of an offer that waited for long, a newer version may be out by now.
    let newer = contract.circumstances().newer.then(|| contract.kind.partner_side());
    party::moved(tx, "contract", contract.id.as_str(), ContractStatus::Active.as_str(), newer)?;
    crate::crash::point("contracts.activate.written");
    let text = if contract.kind.is_offered() {
        Text::new("{partner} accepted the contract").arg("partner", &partner.name)
    } else if contract.reader == By::System {
        Text::new("The contract was accepted without approval, as the agreement says")
    } else {
        Text::new("{issuer} approved the contract").arg("issuer", &contract.issuer.name)
    };
    let entry = Entry::new("contract", &contract.id, "contract.activated", text);
    let moved = Change::word("Status", contract.status, ContractStatus::Active);
    journal::record(tx, actor, entry.changes(moved).changes(first).changes(signed))?;
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

/// What the reader of a contract can do with it now, and why not the rest: for buttons.
pub fn possible(contract: &Contract) -> Vec<(Verb, std::result::Result<Next, Refusal>)> {
    let verb = |v: Verb| (v, next(contract.kind, contract.status, v, contract.reader, contract.circumstances()));
    Verb::ALL.iter().copied().map(verb).collect()
}
