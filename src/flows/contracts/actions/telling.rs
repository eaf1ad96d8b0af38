//! Mails about contracts: each step is told to the other side, by its people who work with partners.

use super::super::model::{Contract, ContractKind, ContractStatus};
use super::super::store;
use super::contracts::company;
use crate::db::{Result, Tx};
use crate::flows::accounts::actions::{News, tell_people};
use crate::flows::accounts::model::OptionalMail;
use crate::jobs::mail::{self, Mail};
use crate::jobs::{self, NewJob};
use crate::kit::{Actor, ContractId, Email, Level, Module, Role, Text};
use serde_json::json;

/// The kind of job that tells partners of a newer version.
pub const NEWER: &str = "contracts.newer";
/// Contracts whose partners are told in one transaction.
const BATCH: i64 = 25;

/// Whom something is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    Issuer,
    Partner,
}

/// Tells the other side what happened to a contract.
pub fn tell(tx: &mut Tx<'_>, actor: &Actor, verb: &str, id: &str) -> Result<()> {
    // What nobody did, nobody needs a mail about, except that it is over.
    let by_itself = matches!(actor, Actor::System { .. });
    if by_itself && verb != "contract.terminated" {
        return Ok(());
    }
    let Some(contract) = seen_by_system(tx, id)? else { return Ok(()) };
    if verb == "contract.deleted" {
        return withdrawn(tx, &contract);
    }
    for (to, subject, text) in words(actor, verb, &contract) {
        let at = if to == To::Issuer { &contract.issuer } else { &contract.owner };
        // Its own people know what its own people and programs did.
        if !by_itself && actor.seat().is_some_and(|seat| seat.account == *at.id.as_str()) {
            continue;
        }
        let news = news(&contract, &format!("{verb}:{}", tx.at().0), subject, text);
        tell_people(tx, &company(at)?, &news)?;
    }
    Ok(())
}

pub(super) fn seen_by_system(tx: &mut Tx<'_>, id: &str) -> Result<Option<Contract>> {
    let Some(id) = ContractId::parse(id) else { return Ok(None) };
    let Some(brief) = store::briefs(tx, std::slice::from_ref(&id))?.pop() else { return Ok(None) };
    let system = Actor::system(brief.issuer, String::new(), Role::Distributor);
    Ok(store::contracts(tx, &system, &[id.to_string()])?.pop())
}

fn news(contract: &Contract, key: &str, subject: Text, text: Text) -> News {
    let mut paragraphs = vec![filled(contract, text)];
    let ended = matches!(contract.status, ContractStatus::Rejected | ContractStatus::Terminated);
    if ended && !contract.termination_note.is_empty() {
        paragraphs.push(Text::new("Reason: {note}").arg("note", &contract.termination_note));
    }
    News {
        key: format!("{key}:{}", contract.id),
        holds: (Module::Partners, Level::Act),
        about: OptionalMail::Contracts,
        subject: filled(contract, subject),
        paragraphs,
        link: (Text::new("Open the contract"), format!("/contracts/{}", contract.id)),
    }
}

fn filled(contract: &Contract, text: Text) -> Text {
    let place = contract.marketplace.as_ref().map_or("", |m| m.name.as_str());
    text.arg("partner", &contract.owner.name)
        .arg("issuer", &contract.issuer.name)
        .arg("agreement", &contract.agreement.title)
        .arg("marketplace", place)
        .arg("version", contract.version.unwrap_or_default())
}

/// Who is told what of a step.
fn words(actor: &Actor, verb: &str, contract: &Contract) -> Vec<(To, Text, Text)> {
    let offered = contract.kind.is_offered();
    let one = |to, subject, text| vec![(to, Text::new(subject), Text::new(text))];
    match verb {
        "contract.created" if offered => one(
            To::Partner,
            "{issuer} offers you {agreement}",
            "{issuer} offers {partner} a contract under “{agreement}”. Read the agreement, and accept or decline it.",
        ),
        "contract.enrolled" => one(
            To::Issuer,
            "{partner} wants to sell on {marketplace}",
            "{partner} enrolled in “{agreement}” and waits for your approval.",
        ),
        "contract.refined" => one(
            To::Partner,
            "{issuer} asks you to complete your enrolment",
            "Your enrolment in “{agreement}” was sent back by {issuer}. Open it, see what is missing, and send it again.",
        ),
        "contract.activated" if offered => one(
            To::Issuer,
            "{partner} accepted {agreement}",
            "{partner} accepted the contract under “{agreement}”. It is in force.",
        ),
        "contract.activated" if contract.kind == ContractKind::Distribution => one(
            To::Partner,
            "You can sell on {marketplace}",
            "{issuer} approved your contract under “{agreement}”. You can list products on {marketplace} now.",
        ),
        "contract.activated" => one(
            To::Partner,
            "Your contract under {agreement} is in force",
            "{issuer} approved your contract under “{agreement}”.",
        ),
        "contract.renewed" => one(
            To::Issuer,
            "{partner} accepted version {version} of {agreement}",
            "{partner} accepted version {version} of “{agreement}”.",
        ),
        "contract.rejected" if offered && !is_issuer(actor, contract) => one(
            To::Issuer,
            "{partner} declined {agreement}",
            "{partner} declined the contract under “{agreement}”. A new one can be offered.",
        ),
        "contract.rejected" => one(
            To::Partner,
            "Your contract under {agreement} was rejected",
            "{issuer} rejected the contract under “{agreement}”. You may ask for it again.",
        ),
        "contract.terminated" => {
            let text = "The contract of {partner} with {issuer} under “{agreement}” has ended. What was done under it stays \
                        readable, and running subscriptions go on.";
            let subject = "The contract under {agreement} has ended";
            let mut all = one(To::Partner, subject, text);
            if matches!(actor, Actor::System { .. }) {
                all.extend(one(To::Issuer, subject, text));
            }
            all
        }
        _ => vec![],
    }
}

fn is_issuer(actor: &Actor, contract: &Contract) -> bool {
    actor.seat().is_some_and(|seat| seat.account == *contract.issuer.id.as_str())
}

/// Whoever was sent the link of an offer learns that it was withdrawn.
fn withdrawn(tx: &mut Tx<'_>, contract: &Contract) -> Result<()> {
    let sent_to = contract.private.as_ref().and_then(|p| p.email.as_deref()).and_then(Email::parse);
    let Some(email) = sent_to else { return Ok(()) };
    let mail = Mail {
        to_name: String::new(),
        to: String::new(),
        subject: filled(contract, Text::new("{issuer} withdrew the offer of {agreement}")),
        paragraphs: vec![filled(
            contract,
            Text::new(
                "{issuer} had invited {partner} to sign “{agreement}”. The offer was withdrawn; its link opens nothing any more.",
            ),
        )],
        link: None,
        locale: None,
    };
    mail::send(tx, &format!("contract.deleted:{}", contract.id), Some(&company(&contract.issuer)?), &email, mail)
}

// ---- newer versions ----

/// Puts the job into the queue that tells partners under older versions of the one that has become active.
pub fn tell_of_version(tx: &mut Tx<'_>, actor: &Actor, agreement: &str) -> Result<()> {
    let account = actor.account()?.clone();
    let job = NewJob {
        account: Some(&account),
        object: Some(agreement),
        ..NewJob::new(NEWER, json!({ "agreement": agreement, "reminder": false }))
    };
    jobs::enqueue(tx, job).map(drop)
}

/// How far the telling came.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The last contract that was looked at.
    pub last: String,
    /// How many partners were told.
    pub count: i64,
}

/// Tells the next partners that are under an older version than the active one. Gives how far it came; nothing if all
/// were told. `reminder`: as somebody of the distributor's asked, with an entry in the contract's story.
pub fn tell_some(tx: &mut Tx<'_>, agreement: &str, reminder: bool, so_far: &Told) -> Result<Option<Told>> {
    let behind = store::behind(tx, agreement, &so_far.last, BATCH)?;
    let Some(last) = behind.last().cloned() else { return Ok(None) };
    let mut count = so_far.count;
    for id in behind {
        count += i64::from(tell_one(tx, id.as_str(), reminder)?);
    }
    Ok(Some(Told { last: last.into(), count }))
}

/// Tells the partner of a contract that a newer version waits to be accepted; says whether somebody was told.
pub(super) fn tell_one(tx: &mut Tx<'_>, id: &str, reminder: bool) -> Result<bool> {
    let Some(contract) = seen_by_system(tx, id)? else { return Ok(false) };
    let Some(newer) = contract.newer() else { return Ok(false) };
    if reminder && !super::reminding::may_remind(&contract, tx.at()) {
        return Ok(false);
    }
    let (subject, text) = if reminder {
        (
            Text::new("{issuer} asks you to accept version {newer} of {agreement}"),
            Text::new(
                "Your contract with {issuer} is under version {version} of “{agreement}”; version {newer} is out. See what \
                 changed, and accept it. Until then your contract stays valid as it is.",
            ),
        )
    } else {
        (
            Text::new("Version {newer} of {agreement} is out"),
            Text::new(
                "{issuer} has a new version of “{agreement}”. Your contract is under version {version} and stays valid; see \
                 what changed, and accept version {newer} if you agree.",
            ),
        )
    };
    let key = if reminder { format!("contract.reminder:{}", tx.at().0) } else { format!("contract.newer:{newer}") };
    let mut news = news(&contract, &key, subject.arg("newer", newer), text.arg("newer", newer));
    news.link = (Text::new("See what changed"), format!("/contracts/{}/sign", contract.id));
    let told = tell_people(tx, &company(&contract.owner)?, &news)? > 0;
    if reminder {
        super::reminding::note(tx, &contract, newer)?;
    }
    Ok(told || reminder)
}
