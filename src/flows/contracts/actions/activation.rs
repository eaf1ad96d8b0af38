//! Accepting an offer with the secret of its link.
//!
//! The secret opens one pending contract. It is not kept: its hash finds the contract, and whoever made the offer can
//! derive it again while the contract is pending. Every way out of pending takes the hash away, so that it works once.

use super::super::model::{Consent, Contract, ContractKind, ContractStatus, GoodDocument, Verb, dead_link};
use super::super::store;
use super::contracts::{activate, only_contract};
use super::ending::{end, reason};
use super::offers::forget_company;
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::flows::accounts::actions::{self as accounts, NewPerson};
use crate::flows::accounts::model::AccountStatus;
use crate::kit::{
    AccountId, Actor, Level, Module, NamedRef, Permissions, Problems, Refusal, Role, Seat, Secret, Text, UserId,
};

/// How many people can be made members when an offer is accepted by a program.
const MAX_MEMBERS: usize = 50;

/// What the page of a link shows.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The offered contract, as its partner sees it.
    pub contract: Contract,
    /// The text that is to be accepted.
    pub document: Option<GoodDocument>,
    /// Whether the company it made waits for its people. Otherwise it is for a company that works already, which alone
    /// can accept it, in its portal.
    pub waits: bool,
}

/// The offer that a link opens.
pub fn invitation(tx: &mut Tx<'_>, secret: &Secret) -> Result<Invitation> {
    let contract = offered(tx, secret)?;
    let document = match contract.version {
        Some(version) => store::document(tx, &contract.agreement.id, version)?,
        None => None,
    };
    let waits = waiting(tx, &owner(&contract)?)?;
    Ok(Invitation { contract, document, waits })
}

fn offered(tx: &mut Tx<'_>, secret: &Secret) -> Result<Contract> {
    let now = tx.at();
    store::by_secret(tx, secret)?.filter(|c| c.link_lives(now)).ok_or_else(|| dead_link().into())
}

/// The offer, locked together with its agreement.
fn locked(tx: &mut Tx<'_>, secret: &Secret) -> Result<Contract> {
    let seen = offered(tx, secret)?;
    db::lock(tx, "agreement", seen.agreement.id.as_str())?;
    db::lock(tx, "contract", seen.id.as_str())?;
    offered(tx, secret)
}

/// The company that the offer made, which nobody has joined yet. An offer to a company that works already is accepted by
/// that company alone: its link must not let a stranger in.
fn waiting_company(tx: &mut Tx<'_>, contract: &Contract) -> Result<AccountId> {
    let id = owner(contract)?;
    if waiting(tx, &id)? {
        return Ok(id);
    }
    let text = Text::new("This offer is for {company}, which has its portal already. Sign in there to accept it.");
    Err(Refusal::forbidden(text.arg("company", &contract.owner.name)).into())
}

fn waiting(tx: &mut Tx<'_>, company: &AccountId) -> Result<bool> {
    let names = accounts::company_names(tx, &[company])?;
    Ok(names.iter().any(|(_, _, _, status)| *status == AccountStatus::Invited))
}

fn owner(contract: &Contract) -> Result<AccountId> {
    AccountId::parse(&contract.owner.id).ok_or_else(|| dead_link().into())
}

/// Somebody as a member of the company that an offer made, which is about to open.
fn member(contract: &Contract, company: &str, user: UserId, name: &str) -> Result<Actor> {
    let seat = Seat {
        account: owner(contract)?,
        name: company.to_owned(),
        role: contract.kind.partner_role(),
        permissions: Permissions::all(),
    };
    Ok(Actor::Person { user, name: name.to_owned(), seat })
}

/// A new person accepts: registers, opens the company under the name they give it, signs. Gives who that is.
/// `person.password` is the hash; the caller has checked the password itself.
pub fn accept_as_new_person(
    tx: &mut Tx<'_>,
    secret: &Secret,
    person: &NewPerson<'_>,
    company: &str,
    consent: &Consent,
) -> Result<(UserId, AccountId)> {
    let contract = locked(tx, secret)?;
    let guest = Actor::Guest { object: contract.id.to_string() };
    let account = waiting_company(tx, &contract)?;
    // Whoever holds the link need not be who the address belongs to: an invited person's registration is not for them.
    if accounts::person_by_email(tx, person.email.as_str())?.is_some() {
        let text = Text::new("{email} is registered already. Sign in with it, or set a password for it, to go on.");
        return Err(Refusal::field("email", text.arg("email", person.email)).into());
    }
    let user = accounts::register_administrator(tx, &guest, &account, person)?;
    open(tx, &contract, (&user, person.name), company, consent)?;
    Ok((user, account))
}

/// A person who is known already accepts for a new company.
pub fn accept_for_new_company(
    tx: &mut Tx<'_>,
    secret: &Secret,
    person: &NamedRef,
    company: &str,
    consent: &Consent,
) -> Result<AccountId> {
    let contract = locked(tx, secret)?;
    let account = waiting_company(tx, &contract)?;
    let user = UserId::parse(&person.id).ok_or_else(|| Refusal::not_found("user", &person.id))?;
    let guest = Actor::Guest { object: contract.id.to_string() };
    accounts::make_administrator(tx, &guest, &account, &user, &person.name)?;
    open(tx, &contract, (&user, &person.name), company, consent)?;
    Ok(account)
}

fn open(
    tx: &mut Tx<'_>,
    contract: &Contract,
    (user, name): (&UserId, &str),
    company: &str,
    consent: &Consent,
) -> Result<()> {
    let company = checked_company(company)?;
    let actor = member(contract, &company, user.clone(), name)?;
    accounts::activate_company(tx, &actor, &owner(contract)?, &company)?;
    let named = NamedRef { name: company, ..contract.owner.clone() };
    let opened = Contract { owner: named, ..contract.clone() };
    becomes_distributor(tx, &actor, &opened)?;
    activate(tx, &actor, &opened, None, consent)
}

/// A company that opens its portal by a service contract with the right to program agreements is a distributor.
fn becomes_distributor(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract) -> Result<()> {
    match contract.grants.filter(|given| given.program_create && contract.kind == ContractKind::Service) {
        Some(given) => accounts::grant(tx, actor, &owner(contract)?, given, Some(Role::Distributor)),
        None => Ok(()),
    }
}

fn checked_company(name: &str) -> Result<String> {
    let mut problems = Problems::default();
    let name = problems.text("company", name, 64);
    problems.done()?;
    Ok(name)
}

/// The actor's own company accepts, instead of the one that was made for the offer; that one is forgotten.
pub fn accept(tx: &mut Tx<'_>, actor: &Actor, secret: &Secret, consent: &Consent) -> Result<Contract> {
    let seat = actor.need(Module::Partners, Level::Manage)?;
    let contract = locked(tx, secret)?;
    if seat.account == *contract.owner.id.as_str() {
        activate(tx, actor, &contract, None, consent)?;
        return store::contract(tx, actor, contract.id.as_str());
    }
    if seat.account == *contract.issuer.id.as_str() || !contract.kind.is_for(seat.role) {
        let text = Text::new(
            "{account} is a {role:word}, and this {kind:word} contract is not for it. Use another account, or make a new one.",
        );
        let text = text.arg("account", &seat.name).arg("role", seat.role).arg("kind", contract.kind);
        return Err(Refusal::forbidden(text).into());
    }
    if seat.role == Role::Reseller && contract.grants.is_some_and(|given| given.program_create) {
        let text = Text::new(
            "This offer opens a distributor's portal, and {account} is a reseller. Make a new account for it.",
        );
        return Err(Refusal::forbidden(text.arg("account", &seat.name)).into());
    }
    let placeholder = waiting_company(tx, &contract)?;
    only_contract(tx, &contract.agreement.id, &seat.account, &seat.name)?;
    let now = NamedRef { id: seat.account.to_string(), name: seat.name.clone() };
    party::leave(tx, "contract", contract.id.as_str(), &placeholder)?;
    let made = contract.events.at("created").unwrap_or(tx.at());
    let party = Party::new(&seat.account, contract.kind.partner_side());
    party::add(tx, "contract", contract.id.as_str(), contract.status.as_str(), made, &party)?;
    activate(tx, actor, &contract, Some(&now), consent)?;
    forget_company(tx, &contract)?;
    store::contract(tx, actor, contract.id.as_str())
}

/// Who holds the link declines. `note` says why.
pub fn decline(tx: &mut Tx<'_>, secret: &Secret, note: &str) -> Result<Contract> {
    let contract = locked(tx, secret)?;
    waiting_company(tx, &contract)?;
    let note = reason(note)?;
    contract.next(Verb::Reject)?;
    let guest = Actor::Guest { object: contract.id.to_string() };
    let text = Text::new("{partner} declined the contract").arg("partner", &contract.owner.name);
    end(tx, &guest, &contract, ContractStatus::Rejected, note, text)?;
    Ok(contract)
}

/// What a program says when it activates an invited company for its people.
#[derive(Debug, Clone)]
pub struct Scripted {
    /// The company, as the offer named it; may be empty.
    pub account: String,
    /// The contract, as the offer named it; may be empty.
    pub contract: String,
    /// The company's name; empty keeps the one of the offer.
    pub name: String,
    /// The people who become members: people of the caller's own company.
    pub users: Vec<String>,
}

/// The issuer's program accepts an offer with its secret: the company opens, and people of the issuer's become members.
pub fn accept_by_program(tx: &mut Tx<'_>, actor: &Actor, secret: &Secret, words: &Scripted) -> Result<AccountId> {
    let seat = actor.need(Module::Partners, Level::Manage)?;
    let contract = locked(tx, secret)?;
    let account = waiting_company(tx, &contract)?;
    let mut problems = Problems::default();
    problems.check(words.account.is_empty() || words.account == contract.owner.id, "id", || {
        Text::new("The code is not for the account {id}, but for {right}.")
            .arg("id", &words.account)
            .arg("right", &contract.owner.id)
    });
    problems.check(words.contract.is_empty() || contract.id == *words.contract.as_str(), "contract_id", || {
        Text::new("The code is not for the contract {id}.").arg("id", &words.contract)
    });
    problems.check(!words.users.is_empty(), "users", || {
        Text::new("Name at least one user; an account without users cannot be reached.")
    });
    problems.check(words.users.len() <= MAX_MEMBERS, "users", || {
        Text::new("These are {count} users; at most {max} can be named here. Invite the others later.")
            .arg("count", words.users.len())
            .arg("max", MAX_MEMBERS)
    });
    problems.done()?;
    let mut people = vec![];
    for (n, id) in words.users.iter().enumerate() {
        let user = UserId::parse(id);
        let found = match &user {
            Some(user) => accounts::person(tx, user)?.filter(|p| p.member_of(seat.account.as_str()).is_some()),
            None => None,
        };
        match found {
            Some(person) => people.push(person),
            None => unknown_user(n, id)?,
        }
    }
    let company =
        if words.name.trim().is_empty() { contract.owner.name.clone() } else { checked_company(&words.name)? };
    for person in &people {
        accounts::make_administrator(tx, actor, &account, &person.id, &person.name)?;
    }
    accounts::activate_company(tx, actor, &account, &company)?;
    let named = NamedRef { name: company, ..contract.owner.clone() };
    let opened = Contract { owner: named, ..contract };
    becomes_distributor(tx, actor, &opened)?;
    activate(tx, actor, &opened, None, &Consent::by_call())?;
    Ok(account)
}

fn unknown_user(n: usize, id: &str) -> Result<()> {
    let text = Text::new("There is no user {id} in your account. Name users of your own account; others are invited.")
        .arg("id", id);
    Err(Refusal::field(&format!("users.{n}.id"), text).into())
}
