//! Four eyes: where a company asks for it, a second person confirms approvals and terminations.
//!
//! The first person's wish is kept on the contract, with their reason. Somebody else of the same company who does the same
//! confirms it; anybody of them may put it away. A program can ask, but is neither of the two. Whatever moves the contract
//! meanwhile puts the wish away, too.

use super::super::model::{By, Contract, Proposal, Verb};
use super::super::store;
use super::contracts::locked;
use crate::db::{Result, Tx};
use crate::flows::accounts::actions::{self as accounts, News};
use crate::flows::accounts::model::OptionalMail;
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{Actor, Level, Module, Refusal, Text};

/// What came of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It waits for a second person of the same company.
    Waits,
}

/// What is to be done now.
pub(super) enum Turn {
    /// It is done, with this reason; the journal says who asked for it first.
    Go(Option<String>, Option<Change>),
    /// It was noted, and waits for a second person.
    Wait,
}

/// Finds out whether the actor decides, or asks somebody else of the company to confirm. `note` is the reason.
pub(super) fn second_person(
    tx: &mut Tx<'_>,
    actor: &Actor,
    contract: &Contract,
    verb: Verb,
    note: Option<String>,
) -> Result<Turn> {
    if contract.reader != By::Issuer || !accounts::needs_two(tx, actor.account()?)? {
        return Ok(Turn::Go(note, None));
    }
    // What a program asks for, two people still have to want.
    let counts = |p: &&Proposal| p.verb == verb && (actor.user().is_none() || !p.is_by_program());
    let Some(first) = contract.proposal.as_ref().filter(counts) else {
        propose(tx, actor, contract, verb, note)?;
        return Ok(Turn::Wait);
    };
    if actor.by().is_some_and(|by| by.id == first.by.id) {
        let text = Text::new("You asked for this yourself. Somebody else of {account} has to confirm it.");
        return Err(Refusal::state(text.arg("account", &actor.company()?.name)).into());
    }
    if actor.user().is_none() {
        let text =
            Text::new("Two people of {account} decide on this. A program can ask for it, but a person has to confirm.");
        return Err(Refusal::forbidden(text.arg("account", &actor.company()?.name)).into());
    }
    let change = Change::of("Asked for by", "", &first.by.name);
    Ok(Turn::Go(note.or_else(|| Some(first.note.clone()).filter(|n| !n.is_empty())), change))
}

fn propose(tx: &mut Tx<'_>, actor: &Actor, contract: &Contract, verb: Verb, note: Option<String>) -> Result<()> {
    let Some(by) = actor.by() else { return Ok(()) };
    let proposal = Proposal { verb, note: note.unwrap_or_default(), by: by.clone(), at: tx.at() };
    store::set_proposal(tx, &contract.id, Some(&proposal))?;
    let (story, subject) = match verb {
        Verb::Sign => (
            Text::new("{who} asks to approve; a second person has to confirm"),
            Text::new("{who} asks you to confirm the approval of {partner}"),
        ),
        _ => (
            Text::new("{who} asks to terminate; a second person has to confirm"),
            Text::new("{who} asks you to confirm the end of the contract with {partner}"),
        ),
    };
    let entry = Entry::new("contract", &contract.id, "contract.proposed", story.arg("who", &by.name));
    let reason = Change::of("Reason", "", &proposal.note);
    let number = journal::record(tx, actor, entry.changes(reason).audience(Audience::Own))?;
    let news = News {
        key: format!("contract.proposed:{number}"),
        holds: (Module::Partners, if verb == Verb::Sign { Level::Act } else { Level::Manage }),
        about: OptionalMail::Contracts,
        subject: subject.arg("who", &by.name).arg("partner", &contract.owner.name),
        paragraphs: vec![
            Text::new("Two people decide on contracts of your company. The contract is “{agreement}” with {partner}.")
                .arg("agreement", &contract.agreement.title)
                .arg("partner", &contract.owner.name),
        ],
        link: (Text::new("Open the contract"), format!("/contracts/{}", contract.id)),
    };
    accounts::tell_people(tx, actor.account()?, &news).map(drop)
}

/// Puts away what somebody of the actor's company asked for.
pub fn drop_proposal(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    actor.need(Module::Partners, Level::Act)?;
    let contract = locked(tx, actor, id)?;
    if contract.proposal.is_none() {
        return Err(Refusal::state(Text::new("Nothing waits for a second person here.")).into());
    }
    store::set_proposal(tx, &contract.id, None)?;
    let text = Text::new("{who} put away what waited for a second person")
        .arg("who", actor.by().map(|b| b.name).unwrap_or_default());
    let entry = Entry::new("contract", &contract.id, "contract.proposal_dropped", text);
    journal::record(tx, actor, entry.audience(Audience::Own)).map(drop)
}
