//! What a company tells about itself, and whether it is open.

use std::collections::HashMap;

use super::operator::{OPERATOR, operator};
use super::pictures::Icon;
use super::sub_accounts::said;
use crate::db::{self, Result, Tx};
use crate::flows::accounts::model::{
    AccountStatus, Closer, Company, CompanyWords, Contact, GoodCompany, Grants, MAX_REASON, industry_name,
};
use crate::flows::accounts::store;
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{AccountId, Actor, Level, Module, Problems, Refusal, Role, Text};

/// The actor's own company.
pub fn company(tx: &mut Tx<'_>, actor: &Actor) -> Result<Company> {
    store::own_account(tx, actor)
}

/// What companies tell about themselves, in the order of the ids. For the flows above, which have shown them to their actor.
pub fn profiles(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<Company>> {
    store::profiles(tx, ids)
}

/// Whom partners of companies may turn to, by company. For the flows above, which have shown them to their actor.
pub fn contacts(tx: &mut Tx<'_>, ids: &[String]) -> Result<HashMap<AccountId, Vec<Contact>>> {
    let mut all: HashMap<AccountId, Vec<Contact>> = HashMap::new();
    for (account, tag, name, email) in store::contacts(tx, ids)? {
        all.entry(account).or_default().push(Contact { tag, name, email });
    }
    Ok(all)
}

/// What the actor's company may do besides using its portal.
pub fn grants(tx: &mut Tx<'_>, actor: &Actor) -> Result<Grants> {
    store::own_grants(tx, actor)
}

/// Changes what the actor's company tells about itself. `words` makes the new words from what there is.
pub fn edit_company(
    tx: &mut Tx<'_>,
    actor: &Actor,
    revision: Option<i64>,
    logo: Icon<'_>,
    words: impl FnOnce(&Company) -> std::result::Result<CompanyWords, Refusal>,
) -> Result<()> {
    let seat = actor.need(Module::Account, Level::Manage)?;
    db::lock(tx, "account", seat.account.as_str())?;
    let old = store::own_account(tx, actor)?;
    journal::unchanged(tx, actor, ("account", seat.account.as_str()), "account", (revision, old.revision))?;
    let mut problems = Problems::default();
    let new = words(&old)?.check(&mut problems);
    problems.done()?;
    let changes = changes(&old, &new, logo);
    if changes.is_empty() {
        return Ok(());
    }
    let icon = logo.put(tx, old.id.as_str(), old.icon.as_deref())?;
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_company(tx, &old.id, &new, icon.as_ref().map(Option::as_deref), &events)?;
    let entry = Entry::new("account", &old.id, "account.changed", Text::new("The account was changed"));
    journal::record(tx, actor, entry.changes(changes))?;
    crate::crash::point("accounts.edit.before-commit");
    Ok(())
}

fn changes(old: &Company, new: &GoodCompany, logo: Icon<'_>) -> Vec<Change> {
    let (a, b) = (&old.profile, &new.profile);
    let list = |values: &[String]| values.join(", ");
    [
        Change::of("Name", &old.name, &new.name),
        Change::of(
            "External id",
            old.external_id.clone().unwrap_or_default(),
            new.external_id.clone().unwrap_or_default(),
        ),
        logo.change("Logo", old.icon.as_deref()),
        Change::of("Description", &a.description, &b.description),
        long("Overview", &a.overview, &b.overview),
        Change::of("Headquarters", &a.headquarters, &b.headquarters),
        Change::of("Countries", list(&a.countries), list(&b.countries)),
        Change::of("Languages", list(&a.languages), list(&b.languages)),
        Change::of("Websites", list(&a.websites), list(&b.websites)),
        Change::of("Industries", industries(&a.industries), industries(&b.industries)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Industries by their names.
fn industries(ids: &[String]) -> String {
    ids.iter().map(|id| industry_name(id).unwrap_or(id)).collect::<Vec<_>>().join(", ")
}

/// A change of a long text, told by its beginnings.
fn long(field: &str, before: &str, after: &str) -> Option<Change> {
    let short = |text: &str| match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    let (one, other) = (short(before), short(after));
    match Change::of(field, &one, &other) {
        None if before != after => Change::word(field, "", "changed further down"),
        change => change,
    }
}

/// Gives a company what a contract grants it, beside what it has. `becomes` is what the contract makes of a company that
/// opens its portal by it. For the flow of contracts, which has checked that its issuer may give so much.
pub fn grant(tx: &mut Tx<'_>, actor: &Actor, id: &AccountId, given: Grants, becomes: Option<Role>) -> Result<()> {
    let Some(old) = store::profiles(tx, &[id.to_string()])?.pop() else { return Ok(()) };
    let (a, b) = (old.grants, old.grants.and(given));
    let role = becomes.unwrap_or(old.role);
    let changes: Vec<Change> = [
        Change::word("Role", old.role, role),
        Change::word("May make program agreements", a.program_create, b.program_create),
        Change::word("May make service agreements", a.service_create, b.service_create),
        Change::word("May give these rights to others", a.service_delegate, b.service_delegate),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(());
    }
    store::set_grants(tx, id, role, b)?;
    let text = Text::new("What the account may do was settled by its contract");
    journal::record(tx, actor, Entry::new("account", id, "account.granted", text).changes(changes))?;
    Ok(())
}

/// The reason for which an account is closed or opened again.
pub(super) fn reason(text: &str) -> Result<String> {
    let mut problems = Problems::default();
    let reason = problems.text("reason", text, MAX_REASON);
    problems.done()?;
    Ok(reason)
}

/// Closes a company: from now on nobody can work in it. Its partners go on seeing what they shared with it.
pub(super) fn close(tx: &mut Tx<'_>, actor: &Actor, company: &Company, by: Closer, reason: &str) -> Result<()> {
    store::set_account_status(tx, &company.id, Some(by))?;
    let text = Text::new("The account was closed: {reason}").arg("reason", reason);
    let entry = Entry::new("account", &company.id, "account.deactivated", text)
        .audience(Audience::Account(company.id.clone()))
        .changes(Change::word("Status", company.status, AccountStatus::Inactive));
    journal::record(tx, actor, entry)?;
    Ok(())
}

/// Opens a closed company again.
pub(super) fn open(tx: &mut Tx<'_>, actor: &Actor, company: &Company, reason: &str) -> Result<()> {
    store::set_account_status(tx, &company.id, None)?;
    let text = Text::new("The account was opened again: {reason}").arg("reason", reason);
    let entry = Entry::new("account", &company.id, "account.reactivated", text)
        .audience(Audience::Account(company.id.clone()))
        .changes(Change::word("Status", company.status, AccountStatus::Active));
    journal::record(tx, actor, entry)?;
    Ok(())
}

/// Closes the actor's own company. `in_the_way` is asked of the flows above, once nobody else can open a sub-account or make
/// the company the operator: what is still going on, in sentences.
pub fn close_own_company(
    tx: &mut Tx<'_>,
    actor: &Actor,
    reason_given: &str,
    in_the_way: impl FnOnce(&mut Tx<'_>) -> Result<Vec<Text>>,
) -> Result<()> {
    let seat = actor.need(Module::Account, Level::Manage)?;
    db::lock_name(tx, OPERATOR)?;
    db::lock(tx, "account", seat.account.as_str())?;
    let reason = reason(reason_given)?;
    let in_the_way = in_the_way(tx)?;
    if !in_the_way.is_empty() {
        let text = Text::new("The account cannot be closed yet.");
        let said = in_the_way.iter().fold(text, |said, why| said.then(why));
        return Err(Refusal::state(said).into());
    }
    let own = store::own_account(tx, actor)?;
    close(tx, actor, &own, Closer::Own, &reason)?;
    if let Some(above) = own.above() {
        let text =
            Text::new("Sub-account {name} closed itself: {reason}").arg("name", &own.name).arg("reason", &reason);
        said(tx, actor, &own.id, &above, "sub_account.deactivated", text)?;
    }
    crate::crash::point("accounts.close.before-commit");
    Ok(())
}

/// What keeps the actor's company from being closed, whatever goes on in it: its sub-accounts, and that it runs the portal.
pub fn kept_open(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Text>> {
    let own = actor.account()?;
    let (_, open) = store::count_sub_accounts(tx, actor)?;
    let below = Text::new("{count|One sub-account is|{count} sub-accounts are} open: close {count|it|them} first.");
    let runs = Text::new(
        "{account} runs this portal and stays open. Another account can be made the operator on the command line.",
    );
    let operates = operator(tx)?.as_ref() == Some(own);
    let all = [(open > 0).then(|| below.arg("count", open)), operates.then(|| runs.arg("account", own))];
    Ok(all.into_iter().flatten().collect())
}
