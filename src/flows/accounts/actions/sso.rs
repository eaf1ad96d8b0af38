//! Single sign-on of an account: its providers, and the domains whose people they know.
//!
//! Several accounts may have the same domain, each with a record of its own. What one says about it, its provider and whether
//! that is the only way in, holds for that account alone.

use super::super::model::people;
use super::super::model::sso::{self, Checked, DomainStatus, DomainWords, ProviderWords};
use super::super::store::{self, GroupRow, IdpRow, SsoDomainRow};
use super::managing::as_of_now;
use crate::db::{self, Result, Tx};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{
    AccountId, Actor, Events, GroupId, IdpId, Level, Module, Permissions, Problems, Refusal, Seat, Secret, SsoDomainId,
    Text, Time, UserId, open, seal,
};
use crate::outside::dns::{Dns, NoAnswer};

const PURPOSE: &str = "client secret of single sign-on";

/// Our secret at a provider; nothing if there is none, or another deployment sealed it.
pub(super) fn client_secret(deployment: &str, row: &IdpRow) -> Option<String> {
    let plain = open(deployment, PURPOSE, row.id.as_str(), row.sealed.as_deref()?)?;
    String::from_utf8(plain).ok()
}

fn manages(tx: &mut Tx<'_>, actor: &Actor) -> Result<Seat> {
    let account = actor.need(Module::Account, Level::Manage)?.account.clone();
    db::lock(tx, "account", account.as_str())?;
    // What they may do was read before this transaction began.
    Ok(as_of_now(tx, actor)?.need(Module::Account, Level::Manage)?.clone())
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    account: &AccountId,
    (verb, text): (&'static str, Text),
    changes: impl IntoIterator<Item = Change>,
) -> Result<()> {
    let entry = Entry::new("account", account, verb, text).changes(changes);
    journal::record(tx, actor, entry.audience(Audience::Account(account.clone()))).map(drop)
}

fn word(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

// ---- providers ----

fn changes(groups: &[GroupRow], before: &ProviderWords, after: &ProviderWords) -> Vec<Change> {
    let factors = |words: &ProviderWords| word(words.trusts_factors);
    let joins = |words: &ProviderWords| word(words.joins);
    let group = |words: &ProviderWords| {
        let chosen = groups.iter().find(|group| Some(&group.id) == words.join_group.as_ref());
        chosen.map(|group| group.name.clone()).unwrap_or_default()
    };
    let all = [
        Change::of("Name", &before.name, &after.name),
        Change::of("Issuer", &before.issuer, &after.issuer),
        Change::of("Client id", &before.client_id, &after.client_id),
        Change::word("Its second factors count", factors(before), factors(after)),
        Change::of("External id", &before.external_id, &after.external_id),
        Change::of("Description", &before.description, &after.description),
        Change::of("Scopes", &before.scopes, &after.scopes),
        Change::of("Notice", &before.notice, &after.notice),
        Change::word("Whom it knows becomes a member", joins(before), joins(after)),
        Change::of("Default group", group(before), group(after)),
        Change::of("Claim of the groups", &before.groups_claim, &after.groups_claim),
    ];
    all.into_iter().flatten().collect()
}

/// Notes what is wrong with the groups into which a provider is to put people: one that is not there, or one that may do
/// more than who says so.
fn check_given(
    tx: &mut Tx<'_>,
    actor: &Actor,
    seat: &Seat,
    (before, after): (&ProviderWords, &ProviderWords),
    problems: &mut Problems,
) -> Result<Vec<GroupRow>> {
    let (groups, powers) = (store::groups(tx, actor)?, store::powers(tx, actor)?);
    let beyond = |group: &GroupId| {
        powers
            .get(group)
            .is_some_and(|given| !people::beyond(&seat.permissions, &Permissions::default(), given).is_empty())
    };
    let elsewhere = before.issuer != after.issuer;
    let more = "The group {group} may do more than you may. Ask somebody who holds all its permissions.";
    if let Some(id) = &after.join_group {
        let known = groups.iter().find(|group| group.id == *id);
        problems.check(known.is_some(), "join_group", || Text::new("Choose one of the account's groups."));
        let new = elsewhere || before.join_group != after.join_group || after.joins && !before.joins;
        if let Some(group) = known.filter(|group| new && beyond(&group.id)) {
            problems.add("join_group", Text::new(more).arg("group", &group.name));
        }
    }
    if !after.groups_claim.is_empty() && (elsewhere || before.groups_claim != after.groups_claim) {
        let open = |group: &&GroupRow| group.external_id.is_some() && beyond(&group.id);
        if let Some(group) = groups.iter().find(open) {
            problems.add("groups_claim", Text::new(more).arg("group", &group.name));
        }
    }
    Ok(groups)
}

/// Adds a provider to the own account.
pub fn add_idp(tx: &mut Tx<'_>, actor: &Actor, words: &ProviderWords) -> Result<IdpId> {
    let seat = manages(tx, actor)?;
    let (nothing, mut problems) = (ProviderWords::default(), Problems::default());
    let words = words.checked(&mut problems);
    let groups = check_given(tx, actor, &seat, (&nothing, &words), &mut problems)?;
    problems.done()?;
    let rows = store::idps(tx, actor)?;
    store::limit(i64::try_from(rows.len()).unwrap_or(i64::MAX), sso::MOST_PROVIDERS, "providers")?;
    let events = Events::created(tx.at(), actor.by());
    let id = store::insert_idp(tx, &seat.account, &words, events)?;
    let text = Text::new("The provider {name} was added").arg("name", &words.name);
    note(tx, actor, &seat.account, ("account.sso_provider_added", text), changes(&groups, &nothing, &words))?;
    Ok(id)
}

/// Changes a provider of the own account; `change` gets what is said about it now. Without a new secret the one it has stays.
pub fn edit_idp(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    (revision, secret): (Option<i64>, &str),
    deployment: &str,
    change: impl FnOnce(ProviderWords) -> std::result::Result<ProviderWords, Refusal>,
) -> Result<()> {
    let seat = manages(tx, actor)?;
    let row = store::idp(tx, actor, id)?;
    if revision.is_some_and(|seen| seen != row.revision) {
        return Err(Refusal::stale("provider", id).into());
    }
    let (before, mut problems) = (row.words(), Problems::default());
    let words = change(before.clone())?.checked(&mut problems);
    let secret = problems.optional("client_secret", secret, 512).unwrap_or_default();
    let elsewhere = words.issuer != row.issuer;
    // The secret of one server is not sent to another.
    problems.check(!elsewhere || row.sealed.is_none() || !secret.is_empty(), "client_secret", || {
        Text::new("With another issuer the client secret is another one too. Type it.")
    });
    let groups = check_given(tx, actor, &seat, (&before, &words), &mut problems)?;
    problems.done()?;
    let mut all = changes(&groups, &before, &words);
    let mut sealed = row.sealed.clone();
    if !secret.is_empty() {
        sealed = seal(deployment, PURPOSE, row.id.as_str(), secret.as_bytes());
        all.push(Change::secret("Client secret"));
    }
    if all.is_empty() {
        return Ok(());
    }
    if elsewhere {
        store::forget_subjects(tx, &row.id)?;
        store::note_end_session(tx, &row.id, None)?;
    }
    let mut events = row.events.0.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_idp(tx, &row.id, &words, sealed.as_deref(), events)?;
    let text = Text::new("The provider {name} was changed").arg("name", &words.name);
    note(tx, actor, &seat.account, ("account.sso_provider_changed", text), all)
}

/// Takes a provider of the own account away.
pub fn delete_idp(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let seat = manages(tx, actor)?;
    let row = store::idp(tx, actor, id)?;
    let domains = store::sso_domains(tx, actor)?;
    if let Some(domain) = domains.iter().find(|d| d.enforce && d.idp.as_ref() == Some(&row.id)) {
        let text =
            "People of {domain} come in by this provider alone. Let them use their passwords first: at the domain.";
        return Err(Refusal::conflict(Text::new(text).arg("domain", &domain.domain)).into());
    }
    store::delete_idp(tx, &row.id)?;
    let text = Text::new("The provider {name} was removed").arg("name", &row.name);
    note(tx, actor, &seat.account, ("account.sso_provider_removed", text), None)
}

/// Forgets whom a provider of the own account means by a member, so that the next one who signs in there with the
/// member's address is taken for them.
pub fn unlink(tx: &mut Tx<'_>, actor: &Actor, domain: &str, user: &UserId) -> Result<()> {
    let seat = manages(tx, actor)?;
    let row = store::sso_domain(tx, actor, domain)?;
    let users = store::sso_domain_users(tx, actor, &row, i64::MAX)?;
    let found = users.iter().find(|u| u.id == *user).ok_or_else(|| Refusal::not_found("user", user))?;
    if let Some(provider) = &row.idp
        && store::unlink(tx, provider, user)?
    {
        let text = Text::new("The link of {email} with the provider was removed").arg("email", &found.email);
        note(tx, actor, &seat.account, ("account.sso_unlinked", text), None)?;
    }
    Ok(())
}

// ---- domains ----

/// Adds a domain to the own account.
pub fn add_sso_domain(tx: &mut Tx<'_>, actor: &Actor, text: &str) -> Result<SsoDomainId> {
    let seat = manages(tx, actor)?;
    let mut problems = Problems::default();
    let typed = problems.text("domain", text, 256);
    let domain = sso::domain(&typed);
    if problems.none() && domain.is_none() {
        let text = "{value} is no domain. Write the part after the @ of your addresses: example.com.";
        problems.add("domain", Text::new(text).arg("value", &typed));
    }
    problems.done()?;
    let domain = domain.unwrap_or_default();
    let rows = store::sso_domains(tx, actor)?;
    if let Some(row) = rows.iter().find(|row| row.domain == domain) {
        let text = Text::new("{domain} is one of your domains already.").arg("domain", &domain);
        return Err(Refusal::conflict(text).with("domain", &row.id).into());
    }
    store::limit(i64::try_from(rows.len()).unwrap_or(i64::MAX), sso::MOST_DOMAINS, "domains")?;
    let events = Events::created(tx.at(), actor.by());
    let id = store::insert_sso_domain(tx, &seat.account, (&domain, &Secret::nonce()), events)?;
    let text = Text::new("The domain {domain} was added").arg("domain", &domain);
    note(tx, actor, &seat.account, ("account.sso_domain_added", text), None)?;
    Ok(id)
}

/// Whether the record of a domain says that it is the account's. Blocks; no transaction may be open.
///
/// # Errors
/// No server of names answered: nothing is known.
pub fn proves(dns: &Dns, row: &SsoDomainRow) -> std::result::Result<bool, NoAnswer> {
    let wanted = format!("{}{}", sso::RECORD_PREFIX, row.token);
    let texts = dns.texts(&sso::record_name(&row.domain))?;
    Ok(texts.iter().any(|text| text.trim() == wanted))
}

/// Notes what the record of a domain said. One that was verified may be without its record for a while.
/// If nobody could say, it stays what it was.
pub fn note_sso_check(tx: &mut Tx<'_>, actor: &Actor, id: &str, there: Option<bool>) -> Result<DomainStatus> {
    let seat = manages(tx, actor)?;
    let mut row = store::sso_domain(tx, actor, id)?;
    let (at, before) = (tx.at(), row.status);
    row.checked_at = Some(at);
    let Some(there) = there else {
        store::update_sso_domain(tx, &row)?;
        return Ok(before);
    };
    let checked = sso::checked(there, row.missing_since.filter(|_| before == DomainStatus::Verified), at);
    (row.status, row.missing_since) = match (checked, before) {
        (Checked::There, _) => (DomainStatus::Verified, None),
        (Checked::Missing(since), DomainStatus::Verified) => (DomainStatus::Verified, Some(since)),
        (Checked::Missing(_), _) | (Checked::Gone, _) => (DomainStatus::Failed, None),
    };
    if row.status != before {
        row.events.0.stamp(row.status.as_str(), at, actor.by());
    }
    store::update_sso_domain(tx, &row)?;
    if row.status != before {
        let text = match row.status {
            DomainStatus::Verified => Text::new("The record of the domain {domain} was found: it is the account's"),
            _ => Text::new("The record of the domain {domain} was not found"),
        };
        let change = Change::word("Status", before, row.status);
        let entry = ("account.sso_domain_checked", text.arg("domain", &row.domain));
        note(tx, actor, &seat.account, entry, change)?;
    }
    Ok(row.status)
}

/// Says which provider knows the people of a domain of the own account, and whether they come in by it alone; `change` gets
/// what is said about it now.
pub fn edit_sso_domain(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    change: impl FnOnce(DomainWords) -> std::result::Result<DomainWords, Refusal>,
) -> Result<()> {
    let seat = manages(tx, actor)?;
    let before = store::sso_domain(tx, actor, id)?;
    if revision.is_some_and(|seen| seen != before.revision) {
        return Err(Refusal::stale("domain", id).into());
    }
    let rows = store::idps(tx, actor)?;
    let called =
        |id: Option<&IdpId>| id.and_then(|id| rows.iter().find(|r| r.id == *id)).map_or("", |r| r.name.as_str());
    let words = change(before.words())?;
    let (mut after, mut problems) = (before.clone(), Problems::default());
    after.name = problems.optional("name", &words.name, 128).unwrap_or_default();
    after.description = problems.optional("description", &words.description, 512).unwrap_or_default();
    after.enforce = words.enforce;
    after.idp = words.idp.as_ref().and_then(|id| rows.iter().find(|row| row.id == **id)).map(|row| row.id.clone());
    problems.check(after.idp.is_some() == words.idp.is_some(), "idp", || {
        Text::new("Choose one of the account's providers.")
    });
    problems.done()?;
    let stricter = after.enforce && (!before.enforce || after.idp != before.idp);
    if stricter {
        may_enforce(tx, actor, &after)?;
    }
    let all = [
        Change::of("Name", &before.name, &after.name),
        Change::of("Description", &before.description, &after.description),
        Change::of("Provider", called(before.idp.as_ref()), called(after.idp.as_ref())),
        Change::word("By the provider alone", word(before.enforce), word(after.enforce)),
    ];
    let all: Vec<Change> = all.into_iter().flatten().collect();
    if all.is_empty() {
        return Ok(());
    }
    after.events.0.stamp("updated", tx.at(), actor.by());
    store::update_sso_domain(tx, &after)?;
    let text = Text::new("How people of {domain} come in was changed").arg("domain", &after.domain);
    note(tx, actor, &seat.account, ("account.sso_domain_changed", text), all)
}

/// Refuses to shut people out who could not come in by the provider: whoever does it has come in by it. A program cannot; for
/// it somebody has who can manage the account.
fn may_enforce(tx: &mut Tx<'_>, actor: &Actor, row: &SsoDomainRow) -> Result<()> {
    let wrong = |text: &'static str| Refusal::field("enforce", Text::new(text).arg("domain", &row.domain));
    let Some(provider) = &row.idp else {
        return Err(wrong("Choose the provider first that knows the people of {domain}.").into());
    };
    if row.status != DomainStatus::Verified {
        return Err(wrong("Show first that {domain} is yours: put its record into DNS and verify it.").into());
    }
    if let Some(user) = actor.user() {
        if store::has_used(tx, provider, user)? {
            return Ok(());
        }
        let text = "Sign in by this provider yourself once before you ask it of everybody: sign out, and choose single sign-on.";
        return Err(wrong(text).into());
    }
    for manager in store::managers(tx, actor)? {
        if store::has_used(tx, provider, &manager)? {
            return Ok(());
        }
    }
    let text = "Nobody who can manage the account has signed in by this provider yet. One of them does it once before it is asked of everybody.";
    Err(wrong(text).into())
}

/// Takes a domain of the own account away.
pub fn delete_sso_domain(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let seat = manages(tx, actor)?;
    let row = store::sso_domain(tx, actor, id)?;
    store::delete_sso_domain(tx, &row.id)?;
    let text = Text::new("The domain {domain} was removed").arg("domain", &row.domain);
    note(tx, actor, &seat.account, ("account.sso_domain_removed", text), None)
}

/// Domains of all accounts whose records are to be looked up again, with who does it for them: their accounts.
pub fn sso_domains_to_check(tx: &mut Tx<'_>, since: Time, limit: i64) -> Result<Vec<(Actor, SsoDomainRow)>> {
    let rows = store::sso_domains_to_check(tx, since, limit)?;
    let ids: Vec<&AccountId> = rows.iter().map(|row| &row.account).collect();
    let names = super::company_names(tx, &ids)?;
    let owned = rows.into_iter().filter_map(|row| {
        let (id, name, role, _) = names.iter().find(|(id, ..)| *id == row.account)?;
        Some((Actor::system(id.clone(), name.clone(), *role), row))
    });
    Ok(owned.collect())
}

/// Lets people of a company use their passwords again, for the operator: the way back in when a provider is out of order.
/// Gives the company's name and how many domains it was; none if there is no such company.
pub fn sso_off(tx: &mut Tx<'_>, account: &AccountId) -> Result<Option<(String, usize)>> {
    let Some((_, name, role, _)) = super::company_names(tx, &[account])?.pop() else { return Ok(None) };
    let system = Actor::system(account.clone(), name.clone(), role);
    db::lock(tx, "account", account.as_str())?;
    let enforced: Vec<SsoDomainRow> = store::sso_domains(tx, &system)?.into_iter().filter(|row| row.enforce).collect();
    for row in &enforced {
        store::update_sso_domain(tx, &SsoDomainRow { enforce: false, ..row.clone() })?;
        let text =
            Text::new("The operator let people of {domain} use their passwords again").arg("domain", &row.domain);
        let change = Change::word("By the provider alone", word(true), word(false));
        note(tx, &Actor::Operator, account, ("account.sso_off", text), change)?;
    }
    Ok(Some((name, enforced.len())))
}
