//! Offering program and service contracts: the invitation of a partner.

use super::super::model::{
    Agreement, By, Contract, ContractKind, ContractStatus, GoodOffer, GoodTerms, OfferWords, Partner, Terms, Verb, turn,
};
use super::super::store::{self, LINK_PURPOSE, NewContract};
use super::agreements::{may_make, owned};
use super::{contracts, good};
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::flows::accounts;
use crate::flows::accounts::model::AccountStatus;
use crate::jobs::mail::{self, Link, Mail};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{
    AccountId, Actor, ContractId, Email, Events, Level, Module, Problems, Refusal, Role, Secret, Side, Text,
};

/// Path of the page that an activation link opens.
pub const ACTIVATION_PATH: &str = "/contracts/activate";

/// Checks an offer without making it: each step of the wizard asks.
pub fn check_offer(tx: &mut Tx<'_>, actor: &Actor, words: &OfferWords) -> Result<GoodOffer> {
    actor.need(Module::Partners, Level::Manage)?;
    let mut problems = Problems::default();
    let checked = words.check(&mut problems, tx.at());
    if let Some(given) = words.grants {
        accounts::model::may_hand_on(accounts::actions::grants(tx, actor)?, given, &mut problems);
    }
    good(checked, problems)
}

/// Offers a contract under a program or service agreement: makes the partner's company, the link that opens it, and sends
/// the invitation if there is an address. `secret` is the deployment's.
pub fn offer(tx: &mut Tx<'_>, actor: &Actor, secret: &str, agreement: &str, words: &OfferWords) -> Result<ContractId> {
    actor.need(Module::Partners, Level::Manage)?;
    actor.need_role(Role::Distributor)?;
    db::lock(tx, "agreement", agreement)?;
    let agreement = owned(tx, actor, agreement)?;
    if !agreement.kind.is_offered() {
        let text =
            Text::new("Contracts under a {kind:word} agreement are not offered: the partner enrols, and you approve.");
        return Err(Refusal::forbidden(text.arg("kind", agreement.kind)).into());
    }
    let version = agreement.needs_version()?;
    may_make(tx, actor, agreement.kind)?;
    let offer = check_offer(tx, actor, words)?;
    let issuer = actor.company()?;
    let (owner, known) = partner(tx, actor, &agreement, &offer)?;
    let by = actor.by();
    let mut events = Events::created(tx.at(), by.clone());
    // An offer carries the issuer's signature already.
    events.stamp("countersigned", tx.at(), by);
    let new = NewContract {
        kind: agreement.kind,
        status: ContractStatus::Pending,
        agreement: (&agreement.id, &agreement.title),
        version,
        marketplace: None,
        issuer: &issuer.account,
        owner: &owner,
        creator: &issuer.account,
        purpose: offer.purpose,
        message: &offer.message,
        note: &offer.note,
        expire_at: offer.expire_at,
        grants: offer.grants,
        enrolled_at: None,
        activated_at: None,
        signee: None,
        events,
        link: Some((secret, Secret::nonce(), offer.email.as_ref().map(Email::as_str))),
    };
    let id = store::insert_contract(tx, &new)?;
    let side = agreement.kind.partner_side();
    let parties = [Party::new(&issuer.account, Side::Distributor), Party::new(&owner, side)];
    let status = ContractStatus::Pending;
    party::put(tx, "contract", id.as_str(), status.as_str(), turn(agreement.kind, status), &parties)?;
    if known {
        contracts::show_agreement(tx, &agreement.id, &Party::new(&owner, side))?;
    }
    let contract = store::contract(tx, actor, id.as_str())?;
    let text = Text::new("{issuer} offered the contract to {partner}")
        .arg("issuer", &issuer.name)
        .arg("partner", &contract.owner.name);
    journal::record(tx, actor, Entry::new("contract", &id, "contract.created", text))?;
    if let Some(email) = &offer.email {
        invite(tx, actor, &contract, email)?;
    }
    crate::crash::point("contracts.offer.written");
    Ok(id)
}

/// The company that an offer is for, and whether it existed before.
fn partner(tx: &mut Tx<'_>, actor: &Actor, agreement: &Agreement, offer: &GoodOffer) -> Result<(AccountId, bool)> {
    let kind = agreement.kind;
    match &offer.partner {
        Partner::New(name) => {
            let id = accounts::actions::create_company(tx, actor, name, kind.partner_role(), AccountStatus::Invited)?;
            Ok((id, false))
        }
        Partner::Known(id) => {
            let issuer = actor.account()?;
            let known = store::knows(tx, issuer, id)?;
            let company = accounts::actions::company_names(tx, &[id])?.pop().filter(|_| known);
            let Some((_, name, role, status)) = company else {
                let text = Text::new(
                    "You have no partner {id}. Name one you have a contract with, or leave the id out and give a name.",
                );
                return Err(Refusal::field("partner.id", text.arg("id", id)).into());
            };
            if !kind.is_for(role) {
                let text = Text::new("{name} is a {role:word}; a {kind:word} contract is not for it.");
                return Err(
                    Refusal::field("partner.id", text.arg("name", &name).arg("role", role).arg("kind", kind)).into()
                );
            }
            if status == AccountStatus::Inactive {
                let text = Text::new("The account of {name} is closed: nobody there could accept a contract.");
                return Err(Refusal::field("partner.id", text.arg("name", &name)).into());
            }
            if role == Role::Reseller && offer.grants.is_some_and(|g| g.program_create) {
                let text = Text::new(
                    "{name} is a reseller and stays one. A distributor's portal is opened by a new account: name a new partner.",
                );
                return Err(Refusal::field("permissions.agreement.program.create", text.arg("name", &name)).into());
            }
            contracts::no_live_contract(tx, agreement, id, &name)?;
            Ok((id.clone(), true))
        }
    }
}

/// Puts the invitation into the queue. The link is made when the mail is sent: the queue does not hold it.
fn invite(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract, email: &Email) -> Result<()> {
    let Some(nonce) = contract.private.as_ref().and_then(|p| p.nonce.as_ref()) else { return Ok(()) };
    let number = db::next_number(tx, contract.id.as_str(), "invitation")?;
    let invites = Text::new("{issuer} invites {partner} to sign “{agreement}”.")
        .arg("issuer", &contract.issuer.name)
        .arg("partner", &contract.owner.name)
        .arg("agreement", &contract.agreement.title);
    let portal = match contract.kind {
        ContractKind::Service => Text::new(
            "Open the link, read the agreement and accept it: then the reseller portal is open to you. You can also decline there.",
        ),
        _ => Text::new(
            "Open the link, read the agreement and accept it: then the vendor portal is open to you. You can also decline there.",
        ),
    };
    let mut paragraphs = vec![invites, Text::data(contract.message.clone()), portal];
    if let Some(at) = contract.expire_at {
        paragraphs.push(Text::new("The link can be used until {when:time}.").moment("when", at));
    }
    paragraphs.push(Text::new("If you did not expect this, you need not do anything."));
    let link = Link::Derived {
        path: format!("{ACTIVATION_PATH}?secret="),
        purpose: LINK_PURPOSE.to_owned(),
        object: contract.id.to_string(),
        nonce: nonce.clone(),
    };
    let invitation = Mail {
        to_name: String::new(),
        to: String::new(),
        subject: Text::new("{issuer} invites you to {agreement}")
            .arg("issuer", &contract.issuer.name)
            .arg("agreement", &contract.agreement.title),
        paragraphs,
        link: Some((Text::new("Read and answer"), link)),
        locale: None,
    };
    let key = format!("contract.invitation:{}:{number}", contract.id);
    mail::send(tx, &key, Some(actor.account()?), email, invitation)?;
    let text = Text::new("The invitation was sent to {email}").arg("email", email);
    journal::record(tx, actor, Entry::new("contract", &contract.id, "contract.invited", text).audience(Audience::Own))?;
    Ok(())
}

/// Sends the invitation, once more or to another address.
pub fn send_invitation(tx: &mut Tx<'_>, actor: &Actor, id: &str, email: &str) -> Result<()> {
    let contract = issued(tx, actor, id, None)?;
    if !contract.link_lives(tx.at()) {
        let text = Text::new("This contract is {status:word}, or its link is too old: there is no invitation to send.");
        return Err(Refusal::state(text.arg("status", contract.status)).into());
    }
    let Some(email) = Email::parse(email) else {
        return Err(Refusal::field(
            "email",
            Text::new("This is not an e-mail address. It must look like name@example.com."),
        )
        .into());
    };
    store::update_email(tx, &contract.id, email.as_str())?;
    invite(tx, actor, &contract, &email)
}

/// A contract that the actor's company issued, locked.
fn issued(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<Contract> {
    actor.need(Module::Partners, Level::Manage)?;
    db::lock(tx, "contract", id)?;
    let contract = store::contract(tx, actor, id)?;
    if contract.reader != By::Issuer {
        let text = Text::new("The contract {id} was issued by {issuer}, who alone can change it.");
        return Err(Refusal::forbidden(text.arg("id", id).arg("issuer", &contract.issuer.name)).into());
    }
    journal::unchanged(tx, actor, ("contract", id), "contract", (revision, contract.revision))?;
    Ok(contract)
}

/// The terms of a contract as its issuer wrote them.
pub fn terms_of(contract: &Contract) -> Terms {
    Terms {
        purpose: contract.purpose.to_string(),
        message: contract.message.clone(),
        note: contract.private.as_ref().map(|p| p.note.clone()).unwrap_or_default(),
        expire_at: contract.expire_at.map(|t| t.wire()).unwrap_or_default(),
        termination_note: contract.termination_note.clone(),
    }
}

/// Changes message, note, kind and end of a contract that has not ended; afterwards the two notes only.
pub fn edit_terms(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    words: impl FnOnce(&Contract) -> std::result::Result<Terms, Refusal>,
) -> Result<()> {
    let old = issued(tx, actor, id, revision)?;
    let words = words(&old)?;
    let before = terms_of(&old);
    let mut problems = Problems::default();
    // An end that has passed stays as it is; a new one must be to come.
    let unchanged = words.expire_at == before.expire_at;
    let mut new = Terms { expire_at: if unchanged { String::new() } else { words.expire_at.clone() }, ..words }.check(
        &mut problems,
        old.kind.is_offered(),
        tx.at(),
    );
    problems.done()?;
    if unchanged {
        new.expire_at = old.expire_at;
    }
    let changes = changes(&old, &before, &new);
    if changes.is_empty() {
        return Ok(());
    }
    let only_notes = old.purpose == new.purpose && before.message == new.message && old.expire_at == new.expire_at;
    if !old.status.is_live() && !only_notes {
        let text =
            Text::new("This contract is {status:word}. Only its notes can be changed.").arg("status", old.status);
        return Err(Refusal::state(text).into());
    }
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_terms(tx, &old.id, &new, &events)?;
    let (own, open): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(|c| c.field == "note");
    for (changes, audience) in [(own, Audience::Own), (open, Audience::All)] {
        if !changes.is_empty() {
            let entry =
                Entry::new("contract", &old.id, "contract.changed", Text::new("The contract's terms were changed"));
            journal::record(tx, actor, entry.changes(changes).audience(audience))?;
        }
    }
    Ok(())
}

fn changes(old: &Contract, before: &Terms, new: &GoodTerms) -> Vec<Change> {
    [
        Change::word("Purpose", old.purpose, new.purpose),
        Change::of("Message", &before.message, &new.message),
        Change::of("Internal note", &before.note, &new.note),
        Change::of("Ends on", &before.expire_at, new.expire_at.map(|t| t.wire()).unwrap_or_default()),
        Change::of("Reason of its end", &before.termination_note, &new.termination_note),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Withdraws a pending offer: the contract is gone, and with it the company that was made for it.
pub fn delete_contract(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let contract = issued(tx, actor, id, None)?;
    contract.next(Verb::Delete)?;
    let text = Text::new("The offer to {partner} was withdrawn").arg("partner", &contract.owner.name);
    journal::record(tx, actor, Entry::new("contract", &contract.id, "contract.deleted", text))?;
    party::remove(tx, "contract", contract.id.as_str())?;
    store::delete_contract(tx, &contract.id)?;
    forget_company(tx, &contract)
}

/// Takes away the company that was made for an offer, if nobody ever joined it and no other contract names it.
pub(super) fn forget_company(tx: &mut Tx<'_>, contract: &Contract) -> Result<()> {
    let Some(owner) = AccountId::parse(&contract.owner.id) else { return Ok(()) };
    if store::any_of_owner(tx, &owner)? {
        return Ok(());
    }
    accounts::actions::forget_invited_company(tx, &owner)
}

/// The secret of the link that opens a contract; only for its issuer, and only while it is pending.
pub fn activation_secret(deployment: &str, contract: &Contract) -> Option<Secret> {
    let private = contract.private.as_ref().filter(|_| contract.status == ContractStatus::Pending)?;
    Some(Secret::derived(deployment, LINK_PURPOSE, contract.id.as_str(), private.nonce.as_ref()?))
}
