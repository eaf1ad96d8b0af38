//! What distributors do with the customers and resellers of their directory.

mod changes;
mod checks;

use std::collections::HashMap;

use super::model::{self, Contact, ContactInfo, Details, Kind, Scope, TierSnapshot};
pub use super::store::TIER_ACCOUNTS;
use super::store::{self, Entry, KIND};
use crate::db::party::{self, Party};
use crate::db::{Result, Tx};
use crate::flows::accounts;
use crate::journal;
use crate::kit::{AccountId, Actor, Events, Level, Module, NamedRef, Refusal, Role, Secret, Side, Text, TierAccountId};
use changes::changes;
use checks::{must_be_owners_hub, must_be_partner, uid_taken, uid_taken_elsewhere};

/// Status of a tier account in party rows while it can be used.
const ACTIVE: &str = "active";
/// Most accounts that one call may create.
pub const MAX_AT_ONCE: usize = 100;

/// A tier account as its page shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The account itself.
    pub account: TierSnapshot,
    /// The company with a portal that it is; told to the owner only.
    pub portal: Option<AccountId>,
    /// Grows with each change.
    pub revision: i64,
    /// On which side the reader stands.
    pub side: Side,
}

/// One tier account that the actor may see.
pub fn show(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Shown> {
    actor.need(Module::Customers, Level::Read)?;
    let (entry, side) = store::load(tx, actor, id, false)?;
    let portal = entry.portal.filter(|_| side == Side::Distributor);
    Ok(Shown { account: entry.account, portal, revision: entry.revision, side })
}

/// The tier accounts of a list's page, in its order: one statement.
pub fn accounts(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<TierSnapshot>> {
    actor.need(Module::Customers, Level::Read)?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut found = store::snapshots(tx, &ids)?;
    Ok(ids.iter().filter_map(|id| found.remove(*id)).collect())
}

/// The accounts that stand directly under one, by name, as far as the actor may see them.
pub fn below(tx: &mut Tx<'_>, actor: &Actor, account: &TierSnapshot, limit: i64) -> Result<Vec<NamedRef>> {
    store::children(tx, actor, &account.id, limit)
}

/// Accounts of a kind in an owner's directory to choose from: newest first, or those that `words` name.
pub fn pick(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: &AccountId,
    kind: Kind,
    words: &str,
    limit: i64,
) -> Result<Vec<TierSnapshot>> {
    actor.need(Module::Customers, Level::Read)?;
    store::pick(tx, actor, owner, kind, words, limit)
}

/// What is known about an account, as the start of an edit.
pub fn details(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Details> {
    let shown = show(tx, actor, id)?;
    Ok(details_of(&shown.account, shown.portal))
}

fn details_of(account: &TierSnapshot, portal: Option<AccountId>) -> Details {
    Details {
        kind: account.kind,
        name: account.name.clone(),
        external_id: account.external_id.clone(),
        external_uid: Some(account.external_uid.clone()),
        tax_id: account.tax_id.clone(),
        parent: account.parent.as_ref().and_then(|p| TierAccountId::parse(&p.id)),
        hub: account.hub.as_ref().and_then(|h| crate::kit::HubId::parse(&h.id)),
        environment: account.environment,
        contact_info: account.contact_info.clone(),
        portal,
    }
}

/// One of several accounts that are created together.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What is known about it.
    pub details: Details,
    /// It stands under the account at this place of the same list.
    pub under: Option<usize>,
    /// What stands before the names of its fields in refusals, `accounts.0.`.
    pub path: String,
}

/// Puts a customer or reseller into the acting distributor's directory. `path` stands before field names in refusals.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, details: Details, path: &str) -> Result<TierSnapshot> {
    actor.need(Module::Customers, Level::Act)?;
    let owner = actor.need_role(Role::Distributor)?.account.clone();
    let details = details.checked(path)?;
    if let Some(portal) = &details.portal {
        must_be_partner(tx, &owner, portal, path)?;
    }
    if let Some(uid) = &details.external_uid
        && let Some(taken) = store::id_of_uid(tx, actor, &owner, uid)?
    {
        return Err(uid_taken(uid, &taken));
    }
    insert(tx, actor, &owner, &details, path)
}

/// Creates several accounts at once, each of which may stand under one before it.
pub fn create_several(tx: &mut Tx<'_>, actor: &Actor, new: &[NewAccount]) -> Result<Vec<TierSnapshot>> {
    let mut made: Vec<TierSnapshot> = vec![];
    for account in new {
        let mut details = account.details.clone();
        if let Some(index) = account.under {
            let Some(parent) = made.get(index) else {
                let text =
                    Text::new("There is no account {index} before this one. Put the parent first; the first one is 0.");
                return Err(Refusal::field(&format!("{}parent.index", account.path), text.arg("index", index)).into());
            };
            details.parent = Some(parent.id.clone());
        }
        made.push(create(tx, actor, details, &account.path)?);
    }
    Ok(made)
}

/// The account of a distributor's directory that an order means, for the flows above: found by its UUID, then by its
/// external id, among those that the actor may see; made if there is none. `path` names the fields in refusals, `asset.tiers.customer.`.
pub fn find_or_create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: &AccountId,
    details: Details,
    path: &str,
) -> Result<TierSnapshot> {
    let found = store::find(tx, actor, owner, details.external_uid.as_deref(), details.external_id.as_deref())?;
    if let Some(entry) = found {
        return Ok(entry.account);
    }
    let details = details.checked(path)?;
    insert(tx, actor, owner, &details, path)
}

/// One account of a distributor's directory by its id, for the flows above. Refuses what is not there or decommissioned.
pub fn of_directory(tx: &mut Tx<'_>, actor: &Actor, owner: &AccountId, id: &str, field: &str) -> Result<TierSnapshot> {
    let entry = store::entries(tx, &[id])?.pop();
    // What the actor's company may not see is answered like what does not exist.
    let visible = match (actor.seat(), &entry) {
        (Some(seat), Some(_)) => seat.account == *owner || party::side(tx, KIND, id, &seat.account)?.is_some(),
        _ => false,
    };
    match entry.filter(|e| visible && e.account.owner.id == owner.as_str() && e.account.is_live()) {
        Some(entry) => Ok(entry.account),
        None => Err(Refusal::field(
            field,
            Text::new("There is no customer or reseller {id} in the distributor’s directory. Check the id, or send the account’s data.").arg("id", id),
        )
        .into()),
    }
}

/// The reseller account that stands for the distributor itself: it is the first tier of a direct sale.
pub fn own_reseller(tx: &mut Tx<'_>, actor: &Actor, owner: &AccountId) -> Result<TierSnapshot> {
    portal_reseller(tx, actor, owner, owner)
}

/// The reseller account of a company that sells for a distributor and has a portal of its own; made if there is none.
pub fn portal_reseller(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: &AccountId,
    reseller: &AccountId,
) -> Result<TierSnapshot> {
    match store::of_portal(tx, actor, owner, reseller)? {
        Some(entry) => Ok(entry.account),
        None => {
            let details = Details {
                external_id: Some(reseller.to_string()),
                portal: Some(reseller.clone()),
                ..company(tx, reseller)?
            };
            insert(tx, actor, owner, &details, "")
        }
    }
}

/// The company with a portal of its own that each of these accounts is. For the flows above.
pub fn portals(tx: &mut Tx<'_>, ids: &[&str]) -> Result<HashMap<String, AccountId>> {
    Ok(store::entries(tx, ids)?.into_iter().filter_map(|e| Some((e.account.id.to_string(), e.portal?))).collect())
}

/// Tier accounts by id, whole. For the flows above, which have made sure that the reader may see them.
pub fn snapshots(tx: &mut Tx<'_>, ids: &[&str]) -> Result<HashMap<String, TierSnapshot>> {
    store::snapshots(tx, ids)
}

/// Notes that an account plays a part in a subscription, and lets these companies see it. For the flows above.
pub fn played(tx: &mut Tx<'_>, account: &TierSnapshot, scope: Scope, seen_by: &[Party]) -> Result<()> {
    if !account.scopes.contains(&scope) {
        let mut scopes = account.scopes.clone();
        scopes.push(scope);
        scopes.sort_unstable();
        store::set_scopes(tx, &account.id, &scopes)?;
    }
    let created = account.events.at("created").unwrap_or(tx.at());
    for reader in seen_by {
        party::add(tx, KIND, account.id.as_str(), ACTIVE, created, reader)?;
    }
    Ok(())
}

/// A company as a reseller of the directory: its name, and nothing about its address yet.
fn company(tx: &mut Tx<'_>, id: &AccountId) -> Result<Details> {
    let found = accounts::store::account_names(tx, &[id.as_str()])?.pop();
    let (_, name, ..) = found.ok_or_else(|| Refusal::not_found("account", id))?;
    let contact = Contact { first_name: name.clone(), ..Contact::default() };
    Ok(Details {
        name,
        contact_info: ContactInfo { contact, ..ContactInfo::default() },
        ..Details::new(Kind::Reseller)
    })
}

fn insert(tx: &mut Tx<'_>, actor: &Actor, owner: &AccountId, details: &Details, path: &str) -> Result<TierSnapshot> {
    let (parent, readers) = parent_and_readers(tx, owner, None, details, path)?;
    let uid = details.external_uid.clone().unwrap_or_else(fresh_uid);
    let events = Events::created(tx.at(), actor.by());
    // Somebody may have been faster than the look-up before.
    let id = match store::insert(tx, actor, owner, details, &uid, &events)? {
        Ok(id) => id,
        Err(taken) if party::side(tx, KIND, taken.as_str(), actor.account()?)?.is_some() => {
            return Err(uid_taken(&uid, &taken));
        }
        Err(_) => return Err(uid_taken_elsewhere(&uid)),
    };
    party::put(tx, KIND, id.as_str(), ACTIVE, None, &readers)?;
    let entry = reload(tx, &id)?;
    store::keep_version(tx, &entry.account)?;
    let text = match parent {
        Some(parent) => Text::new("{name} was added under {parent}").arg("parent", parent.name),
        None => Text::new("{name} was added"),
    };
    journal::record(
        tx,
        actor,
        journal::Entry::new(KIND, &id, "tier_account.created", text.arg("name", &details.name)),
    )?;
    crate::crash::point("customers.create.before-commit");
    Ok(entry.account)
}

fn reload(tx: &mut Tx<'_>, id: &TierAccountId) -> Result<Entry> {
    store::entries(tx, &[id.as_str()])?.pop().ok_or_else(|| Refusal::not_found("customer", id).into())
}

/// Checks the parent, and gives it with everybody who may see the account: its owner, the company that it is, the
/// companies of the resellers above it.
fn parent_and_readers(
    tx: &mut Tx<'_>,
    owner: &AccountId,
    own: Option<&TierAccountId>,
    details: &Details,
    path: &str,
) -> Result<(Option<TierSnapshot>, Vec<Party>)> {
    must_be_owners_hub(tx, owner, details, path)?;
    let mut readers = vec![Party::new(owner, Side::Distributor)];
    let reseller = |account: AccountId, position: i32| Party { account, side: Side::Reseller, position };
    if let Some(portal) = &details.portal {
        readers.push(reseller(portal.clone(), 1));
    }
    let Some(parent_id) = &details.parent else { return Ok((None, readers)) };
    let field = format!("{path}parent.id");
    let Some(parent) =
        store::entries(tx, &[parent_id.as_str()])?.pop().filter(|p| p.account.owner.id == owner.as_str())
    else {
        let text = Text::new("There is no reseller {id} in your directory. Choose one of your resellers.")
            .arg("id", parent_id);
        return Err(Refusal::field(&field, text).into());
    };
    model::may_stand_under(own, details.kind, &parent.account)
        .map_err(|p| Refusal::field(&format!("{path}{}", p.field), p.text))?;
    if let Some(portal) = parent.portal {
        readers.push(reseller(portal, 1));
    }
    if let Some(above) = parent.account.parent.as_ref()
        && let Some(portal) = portals(tx, &[&above.id])?.remove(&above.id)
    {
        readers.push(reseller(portal, 2));
    }
    Ok((Some(parent.account), readers))
}

/// Refuses unless an account stands in this company's own directory.
pub fn must_own(account: &TierSnapshot, owner: &AccountId) -> Result<()> {
    if account.owner.id == owner.as_str() {
        return Ok(());
    }
    let text = Text::new("Only {owner} can change {name}. Ask them to.");
    Err(Refusal::forbidden(text.arg("owner", &account.owner.name).arg("name", &account.name)).into())
}

/// Changes what is known about an account: a new version of it; subscriptions made before keep theirs.
/// `change` gets what is known now.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    change: impl FnOnce(Details) -> std::result::Result<Details, Refusal>,
) -> Result<TierSnapshot> {
    actor.need(Module::Customers, Level::Act)?;
    let (before, _) = store::load(tx, actor, id, true)?;
    must_own(&before.account, actor.account()?)?;
    journal::unchanged(tx, actor, (KIND, id), "customer", (revision, before.revision))?;
    let owner = actor.account()?.clone();
    let old = &before.account;
    let details = change(details_of(old, before.portal.clone()))?.checked("")?;
    let uid = details.external_uid.clone().unwrap_or_else(|| old.external_uid.clone());
    let same = details == details_of(old, before.portal.clone())
        || Details { external_uid: Some(uid.clone()), ..details.clone() } == details_of(old, before.portal.clone());
    if same {
        return Ok(before.account);
    }
    if uid != old.external_uid
        && let Some(taken) = store::id_of_uid(tx, actor, &owner, &uid)?
    {
        return Err(uid_taken(&uid, &taken));
    }
    if details.kind != old.kind && (!old.scopes.is_empty() || !store::children(tx, actor, &old.id, 1)?.is_empty()) {
        let text = Text::new(
            "{name} is a {kind:word} in subscriptions or has accounts under it, so its type cannot change. Create a new account.",
        );
        return Err(Refusal::field("type", text.arg("name", &old.name).arg("kind", old.kind)).into());
    }
    if details.portal != before.portal
        && let Some(portal) = &details.portal
    {
        must_be_partner(tx, &owner, portal, "")?;
    }
    let (_, readers) = parent_and_readers(tx, &owner, Some(&old.id), &details, "")?;
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update(tx, &old.id, &details, &uid, &events)?;
    let created = old.events.at("created").unwrap_or(tx.at());
    for reader in &readers {
        party::add(tx, KIND, id, ACTIVE, created, reader)?;
    }
    // A reseller who neither stands above it nor has sold to it has no business with it any more.
    let sellers = store::sellers(tx, &old.id)?;
    for (account, side) in party::all(tx, KIND, id)? {
        let stays =
            side != Side::Reseller || sellers.contains(&account) || readers.iter().any(|r| r.account == account);
        if !stays {
            party::leave(tx, KIND, id, &account)?;
        }
    }
    let now = reload(tx, &old.id)?.account;
    store::keep_version(tx, &now)?;
    let entry = journal::Entry::new(
        KIND,
        &old.id,
        "tier_account.edited",
        Text::new("{name} was changed").arg("name", &now.name),
    );
    journal::record(tx, actor, entry.changes(changes(old, &now)))?;
    Ok(now)
}

/// Takes an account out of the directory for good. Old subscriptions still show it.
pub fn decommission(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    actor.need(Module::Customers, Level::Manage)?;
    let (entry, side) = store::load(tx, actor, id, true)?;
    let account = entry.account;
    let no = |text: Text| -> Result<()> { Err(Refusal::state(text.arg("name", &account.name)).into()) };
    if side != Side::Distributor {
        return Err(Refusal::forbidden(
            Text::new("Only {owner} can remove {name}.").arg("owner", &account.owner.name).arg("name", &account.name),
        )
        .into());
    }
    if store::is_used(tx, actor, &account.id)? {
        return no(Text::new("{name} has subscriptions that are not terminated. Cancel them first."));
    }
    if !store::children(tx, actor, &account.id, 1)?.is_empty() {
        return no(Text::new("{name} has customers under it. Move or remove them first."));
    }
    let mut events = account.events.clone();
    events.stamp("decommissioned", tx.at(), actor.by());
    store::set_events(tx, &account.id, &events)?;
    let text = Text::new("{name} was decommissioned").arg("name", &account.name);
    journal::record(tx, actor, journal::Entry::new(KIND, &account.id, "tier_account.decommissioned", text))?;
    party::remove(tx, KIND, account.id.as_str())?;
    Ok(())
}

/// The versions of an account, newest first.
pub fn versions(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Vec<TierSnapshot>> {
    let shown = show(tx, actor, id)?;
    store::versions(tx, actor, &shown.account.id, 1000)
}

/// One version of an account.
pub fn version(tx: &mut Tx<'_>, actor: &Actor, id: &str, number: i32) -> Result<TierSnapshot> {
    let found = versions(tx, actor, id)?.into_iter().find(|v| v.version == number);
    found.ok_or_else(|| Refusal::no_version(number, id).into())
}

/// A UUID of version 4.
fn fresh_uid() -> String {
    let secret = Secret::generate();
    let hex = secret.reveal();
    // Version and variant stand at fixed places; every other digit is random.
    format!("{}-{}-4{}-a{}-{}", &hex[0..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_fresh_uid_is_a_uuid_of_version_4() {
        let uid = super::fresh_uid();
        let lengths: Vec<usize> = uid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&uid[14..15], "4");
        assert!(uid != super::fresh_uid());
    }
}
