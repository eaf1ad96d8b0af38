//! What people do with agreements and their versions.

use super::super::model::{
    Agreement, AgreementWords, ContractKind, DocumentType, DocumentWords, GoodDocument, GoodWords, Version, check_words,
};
use super::super::store::{self, NewAgreement};
use super::contracts::{accept_by_itself, open_child};
use super::forms::attach_forms;
use super::papers::{drop_papers, put_paper};
use super::telling::tell_of_version;
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::flows::{accounts, marketplaces};
use crate::journal::{self, Change, Entry};
use crate::kit::{
    Actor, AgreementId, Events, Level, MarketplaceId, Module, NamedRef, Problems, Refusal, Role, Seat, Side, Text,
};

/// What the party rows say of agreements, which have no states.
pub(super) const OPEN: &str = "active";

pub(super) fn issuer(actor: &Actor) -> Result<&Seat> {
    actor.need(Module::Partners, Level::Manage)?;
    Ok(actor.need_role(Role::Distributor)?)
}

/// An agreement that the actor may see.
pub fn agreement(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Agreement> {
    actor.need(Module::Partners, Level::Read)?;
    store::agreement(tx, actor, id)
}

/// The distribution agreements of a program agreement that the actor may see, by title.
pub fn distribution_agreements(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Vec<Agreement>> {
    let parent = agreement(tx, actor, id)?;
    store::children(tx, actor, &parent.id)
}

/// The versions of an agreement that the actor may see, newest first. The partner sees them all: they are what it signs.
pub fn versions(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Agreement, Vec<Version>)> {
    actor.need(Module::Partners, Level::Read)?;
    store::versions(tx, actor, id)
}

/// One version of an agreement that the actor may see.
pub fn version(tx: &mut Tx<'_>, actor: &Actor, id: &str, number: i32) -> Result<(Agreement, Version)> {
    actor.need(Module::Partners, Level::Read)?;
    store::version(tx, actor, id, number)
}

/// The text of a version, or of the one that is shown if no number is given.
pub fn document(tx: &mut Tx<'_>, actor: &Actor, id: &str, number: Option<i32>) -> Result<GoodDocument> {
    let agreement = agreement(tx, actor, id)?;
    let number = number.or(agreement.shown.as_ref().map(|v| v.version)).unwrap_or_default();
    let found = store::document(tx, &agreement.id, number)?;
    found.filter(|d| d.document_type != DocumentType::None).ok_or_else(|| Refusal::no_version(number, id).into())
}

/// The text of the active version of an agreement that was just shown; nothing if no version is active.
pub fn active_document(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<Option<GoodDocument>> {
    match agreement.active_version {
        Some(version) => store::document(tx, &agreement.id, version),
        None => Ok(None),
    }
}

/// The actor's agreements of a kind under which a contract can be offered, by title.
pub fn open_agreements(tx: &mut Tx<'_>, actor: &Actor, kind: ContractKind) -> Result<Vec<(AgreementId, String)>> {
    issuer(actor)?;
    store::open_agreements(tx, actor, kind)
}

/// Refuses unless the actor's company has the right to agreements of this kind, and to contracts under them.
pub(super) fn may_make(tx: &mut Tx<'_>, actor: &Actor, kind: ContractKind) -> Result<()> {
    let held = accounts::actions::grants(tx, actor)?;
    let name = &actor.company()?.name;
    match kind {
        ContractKind::Service => Ok(accounts::model::may_make_service_agreements(held, name)?),
        _ => Ok(accounts::model::may_make_program_agreements(held, name)?),
    }
}

/// The actor's marketplaces for which a distribution agreement can be made, by name.
pub fn marketplaces_for(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<NamedRef>> {
    issuer(actor)?;
    marketplaces::actions::with_hubs(tx, actor)
}

/// Checks the words of a new agreement without making one.
pub fn check_agreement(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: ContractKind,
    words: &AgreementWords,
) -> Result<(GoodWords, GoodDocument)> {
    issuer(actor)?;
    let mut problems = Problems::default();
    let checked = check_words(&mut problems, &words.title, &words.description);
    let document = words.document.check(&mut problems);
    free_title(tx, actor, kind, &checked.title, None, &mut problems)?;
    problems.done()?;
    Ok((checked, document))
}

fn free_title(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: ContractKind,
    title: &str,
    own: Option<&AgreementId>,
    problems: &mut Problems,
) -> Result<()> {
    if let Some(other) = store::agreement_by_title(tx, actor, kind, title)?.filter(|other| own != Some(other)) {
        let text = Text::new("You have a {kind:word} agreement of this title already: {id}. Choose another title.");
        problems.add("title", text.arg("kind", kind).arg("id", other));
    }
    Ok(())
}

/// Waits for whoever else makes agreements for this company, so that titles stay unique and the limit holds.
fn room(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    db::lock(tx, "account", actor.account()?.as_str())?;
    let count = store::count_agreements(tx, actor)?;
    if count >= tx.limits().agreements {
        let text = Text::new("{account} has {count} agreements; more are not allowed. Delete one without contracts.");
        return Err(Refusal::conflict(text.arg("account", &actor.company()?.name).arg("count", count)).into());
    }
    Ok(())
}

/// Creates a program or service agreement with its first version.
pub fn create_agreement(tx: &mut Tx<'_>, actor: &Actor, words: &AgreementWords) -> Result<AgreementId> {
    let seat = issuer(actor)?;
    let kind = match ContractKind::parse(words.kind.trim()) {
        Some(kind @ (ContractKind::Program | ContractKind::Service)) => kind,
        Some(ContractKind::Distribution) => {
            let text = Text::new("A distribution agreement belongs to a program agreement. Create it there.");
            return Err(Refusal::field("type", text).into());
        }
        _ => {
            return Err(Refusal::field(
                "type",
                Text::new("Choose the type: program (for vendors) or service (for resellers)."),
            )
            .into());
        }
    };
    may_make(tx, actor, kind)?;
    room(tx, actor)?;
    let (checked, document) = check_agreement(tx, actor, kind, words)?;
    let new = NewAgreement {
        kind,
        owner: &seat.account,
        words: &checked,
        parent: None,
        marketplace: None,
        auto_accept: false,
        events: Events::created(tx.at(), actor.by()),
    };
    let id = store::insert_agreement(tx, &new)?;
    party::put(tx, "agreement", id.as_str(), OPEN, None, &[Party::new(&seat.account, Side::Distributor)])?;
    first_version(tx, actor, &id, &document, words.active, &new)?;
    attach_forms(tx, actor, id.as_str(), None, &words.forms)?;
    Ok(id)
}

fn first_version(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &AgreementId,
    document: &GoodDocument,
    active: bool,
    new: &NewAgreement<'_>,
) -> Result<()> {
    let number = number(db::next_number(tx, id.as_str(), "version")?)?;
    put_paper(tx, new.owner, id, document)?;
    store::insert_version(tx, id, number, document, actor.by())?;
    if active {
        store::set_active_version(tx, id, number, &new.events)?;
    }
    let text = Text::new("Agreement {title} was created").arg("title", &new.words.title);
    journal::record(tx, actor, Entry::new("agreement", id, "agreement.created", text))?;
    crate::crash::point("contracts.create_agreement.before-commit");
    Ok(())
}

pub(super) fn number(value: i64) -> Result<i32> {
    i32::try_from(value).map_err(|_| Refusal::conflict(Text::new("This agreement has too many versions.")).into())
}

/// Creates a distribution agreement under a program agreement, for one marketplace of the distributor's.
pub fn create_distribution(
    tx: &mut Tx<'_>,
    actor: &Actor,
    program: &str,
    words: &AgreementWords,
) -> Result<AgreementId> {
    let seat = issuer(actor)?;
    // Vendors that sign the program meanwhile must find the new agreement, or this must find them.
    db::lock(tx, "agreement", program)?;
    let parent = owned(tx, actor, program)?;
    if parent.kind != ContractKind::Program {
        let text = Text::new("{id} is a {kind:word} agreement. Distribution agreements belong to program agreements.");
        return Err(Refusal::field("parent", text.arg("id", program).arg("kind", parent.kind)).into());
    }
    let kind = words.kind.trim();
    if !kind.is_empty() && !kind.eq_ignore_ascii_case("distribution") {
        return Err(Refusal::field(
            "type",
            Text::new("Under a program agreement only distribution agreements can be made."),
        )
        .into());
    }
    let marketplace = marketplace_for(tx, actor, &words.marketplace)?;
    room(tx, actor)?;
    let (checked, document) = check_agreement(tx, actor, ContractKind::Distribution, words)?;
    let new = NewAgreement {
        kind: ContractKind::Distribution,
        owner: &seat.account,
        words: &checked,
        parent: Some(&parent.id),
        marketplace: Some(&marketplace),
        auto_accept: words.auto_accept,
        events: Events::created(tx.at(), actor.by()),
    };
    let id = store::insert_agreement(tx, &new)?;
    party::put(tx, "agreement", id.as_str(), OPEN, None, &[Party::new(&seat.account, Side::Distributor)])?;
    let at = tx.at();
    for (vendor, _) in store::under_contract(tx, &parent.id)? {
        open_child(tx, &id, Some(&marketplace), at, &vendor)?;
    }
    first_version(tx, actor, &id, &document, words.active, &new)?;
    attach_forms(tx, actor, id.as_str(), None, &words.forms)?;
    if words.active && words.auto_accept {
        accept_for_everyone(tx, actor, &id)?;
    }
    Ok(id)
}

fn marketplace_for(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<MarketplaceId> {
    let id = id.trim();
    if id.is_empty() {
        return Err(
            Refusal::field("marketplace", Text::new("Choose the marketplace that the agreement is for.")).into()
        );
    }
    let found = marketplaces::actions::own_marketplace(tx, actor, id)?;
    let Some(market) = found else {
        return Err(Refusal::field(
            "marketplace",
            Text::new("You have no marketplace {id}. Choose one of yours, or create it first.").arg("id", id),
        )
        .into());
    };
    if market.hubs.is_empty() {
        let text = Text::new("The marketplace {name} has no hub, so nothing could be sold on it. Give it a hub first.");
        return Err(Refusal::field("marketplace", text.arg("name", &market.name)).into());
    }
    Ok(market.id)
}

/// An agreement that the actor's company issued.
pub(super) fn owned(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Agreement> {
    let agreement = store::agreement(tx, actor, id)?;
    if agreement.own {
        return Ok(agreement);
    }
    let text = Text::new("The agreement {id} was issued by {owner}, who alone can change it.");
    Err(Refusal::forbidden(text.arg("id", id).arg("owner", &agreement.owner.name)).into())
}

/// Locks an agreement, and before it the program agreement above it: who signs that and who changes this meet there.
fn lock_family(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<()> {
    if let Some(parent) = &agreement.parent {
        db::lock(tx, "agreement", &parent.id)?;
    }
    db::lock(tx, "agreement", agreement.id.as_str())
}

pub(super) fn change<'a>(
    tx: &mut Tx<'_>,
    actor: &'a Actor,
    id: &str,
    revision: Option<i64>,
) -> Result<(Agreement, &'a Seat)> {
    let seat = issuer(actor)?;
    let seen = owned(tx, actor, id)?;
    lock_family(tx, &seen)?;
    let agreement = owned(tx, actor, id)?;
    journal::unchanged(tx, actor, ("agreement", id), "agreement", (revision, agreement.revision))?;
    Ok((agreement, seat))
}

/// What can be changed of an agreement; nothing stands for "as it is".
#[derive(Debug, Clone, Default)]
pub struct AgreementChange {
    /// A new title.
    pub title: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// Whether enrolments are accepted by themselves.
    pub auto_accept: Option<bool>,
}

/// Changes title, description or auto accept. The text that partners signed is in the versions.
pub fn edit_agreement(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    wanted: &AgreementChange,
) -> Result<()> {
    let (old, _) = change(tx, actor, id, revision)?;
    let mut problems = Problems::default();
    let title = wanted.title.as_deref().unwrap_or(&old.title);
    let description = wanted.description.as_deref().unwrap_or(&old.description);
    let new = check_words(&mut problems, title, description);
    db::lock(tx, "account", actor.account()?.as_str())?;
    free_title(tx, actor, old.kind, &new.title, Some(&old.id), &mut problems)?;
    let auto_accept = wanted.auto_accept.unwrap_or(old.auto_accept);
    problems.check(!auto_accept || old.kind == ContractKind::Distribution, "auto_accept", || {
        Text::new("Only distribution agreements can be accepted by themselves.")
    });
    problems.done()?;
    let changes: Vec<Change> = [
        Change::of("Title", &old.title, &new.title),
        Change::of("Description", &old.description, &new.description),
        Change::word("Approval by itself", old.auto_accept, auto_accept),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(());
    }
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_agreement(tx, &old.id, &new, auto_accept, &events)?;
    let entry = Entry::new("agreement", &old.id, "agreement.changed", Text::new("The agreement was changed"));
    journal::record(tx, actor, entry.changes(changes))?;
    if auto_accept && !old.auto_accept && old.active_version.is_some() {
        accept_for_everyone(tx, actor, &old.id)?;
    }
    Ok(())
}

/// Deletes an agreement without contracts.
pub fn delete_agreement(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let (old, _) = change(tx, actor, id, None)?;
    old.may_delete()?;
    let text = Text::new("Agreement {title} was deleted").arg("title", &old.title);
    journal::record(tx, actor, Entry::new("agreement", &old.id, "agreement.deleted", text))?;
    party::remove(tx, "agreement", old.id.as_str())?;
    drop_papers(tx, actor, &old.id, None)?;
    store::delete_agreement(tx, &old.id)
}

/// Adds a version; gives its number.
pub fn add_version(tx: &mut Tx<'_>, actor: &Actor, id: &str, words: &DocumentWords, active: bool) -> Result<i32> {
    let (agreement, seat) = change(tx, actor, id, None)?;
    let mut problems = Problems::default();
    let document = words.check(&mut problems);
    problems.done()?;
    if agreement.versions >= tx.limits().agreement_versions {
        let text = Text::new(
            "This agreement has {count} versions; more are not allowed. Delete one that no contract is under.",
        );
        return Err(Refusal::conflict(text.arg("count", agreement.versions)).into());
    }
    let number = number(db::next_number(tx, id, "version")?)?;
    put_paper(tx, &seat.account, &agreement.id, &document)?;
    store::insert_version(tx, &agreement.id, number, &document, actor.by())?;
    let text = Text::new("Version {version} was added").arg("version", number);
    let entry = Entry::new("agreement", &agreement.id, "agreement.version_added", text);
    journal::record(tx, actor, entry.audience(journal::Audience::Own))?;
    if active {
        activate(tx, actor, &agreement, number)?;
    }
    Ok(number)
}

/// Makes a version the active one: new contracts are made under it, and partners under older ones can accept it.
pub fn activate_version(tx: &mut Tx<'_>, actor: &Actor, id: &str, number: i32) -> Result<()> {
    let (agreement, _) = change(tx, actor, id, None)?;
    let (_, version) = store::version(tx, actor, id, number)?;
    if version.active {
        return Err(Refusal::state(Text::new("Version {version} is active already.").arg("version", number)).into());
    }
    activate(tx, actor, &agreement, number)
}

fn activate(tx: &mut Tx<'_>, actor: &Actor, agreement: &Agreement, number: i32) -> Result<()> {
    let mut events = agreement.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::set_active_version(tx, &agreement.id, number, &events)?;
    let before = agreement.active_version.map(|v| v.to_string()).unwrap_or_default();
    let text = Text::new("Version {version} became active").arg("version", number);
    let entry = Entry::new("agreement", &agreement.id, "agreement.version_activated", text);
    journal::record(tx, actor, entry.changes(Change::of("Version", before, number)))?;
    store::set_turns(tx, &agreement.id)?;
    if agreement.active_version.is_some_and(|before| before < number) {
        tell_of_version(tx, actor, agreement.id.as_str())?;
    }
    if agreement.auto_accept {
        accept_for_everyone(tx, actor, &agreement.id)?;
    }
    Ok(())
}

/// Deletes a version that no contract is under, and that is neither the active nor the only one.
pub fn delete_version(tx: &mut Tx<'_>, actor: &Actor, id: &str, number: i32) -> Result<()> {
    let (agreement, _) = change(tx, actor, id, None)?;
    let (_, version) = store::version(tx, actor, id, number)?;
    version.may_delete(agreement.versions)?;
    if version.active {
        let text =
            Text::new("Version {version} is the active one. Activate another version first.").arg("version", number);
        return Err(Refusal::state(text).into());
    }
    let text = Text::new("Version {version} was deleted").arg("version", number);
    let entry = Entry::new("agreement", &agreement.id, "agreement.version_deleted", text);
    journal::record(tx, actor, entry.audience(journal::Audience::Own))?;
    drop_papers(tx, actor, &agreement.id, Some(number))?;
    store::delete_version(tx, &agreement.id, number)
}

/// Accepts an auto-accept agreement for every vendor of its program that was never under contract here since it signed
/// the program. A vendor whose contract the distributor ended is not taken in again.
fn accept_for_everyone(tx: &mut Tx<'_>, actor: &Actor, id: &AgreementId) -> Result<()> {
    let child = store::agreement(tx, actor, id.as_str())?;
    let (Some(parent), Some(version)) = (&child.parent, child.active_version) else { return Ok(()) };
    let Some(program) = AgreementId::parse(&parent.id) else { return Ok(()) };
    for (vendor, since) in store::under_contract(tx, &program)? {
        let since = since.unwrap_or(crate::kit::Time(0));
        if !store::any_since(tx, id, &vendor, since)? {
            let seat = actor.company()?;
            accept_by_itself(
                tx,
                seat,
                (id, &child.title),
                version,
                child.marketplace.as_ref().map(|m| &m.id),
                &vendor,
                child.forms.enroll.is_some(),
            )?;
        }
    }
    Ok(())
}
