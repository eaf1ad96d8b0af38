//! Rules about the addresses from which a company's people and programs may come.

use super::super::model::ip::{Acl, IpRange, IpRules};
use super::super::store::{self, IpRuleRow};
use crate::db::{self, Result, Tx};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{AccountId, Actor, Events, IpRuleId, Level, Module, Problems, Refusal, Seat, Text};

/// What is said in a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IpRuleWords {
    /// An address, a range or a network.
    pub value: String,
    /// What it is for.
    pub comment: String,
}

impl IpRuleWords {
    fn checked(&self, problems: &mut Problems) -> Self {
        let mut value = problems.text("value", &self.value, 512);
        if problems.none() {
            match IpRange::parse(&value) {
                Ok(range) => value = range.to_string(),
                Err(wrong) => problems.add("value", wrong.text(&value)),
            }
        }
        Self { value, comment: problems.optional("comment", &self.comment, 1024).unwrap_or_default() }
    }
}

impl From<&IpRuleRow> for IpRuleWords {
    fn from(row: &IpRuleRow) -> Self {
        Self { value: row.value.clone(), comment: row.comment.clone() }
    }
}

/// The module whose permission opens a list of rules.
pub fn acl_module(acl: Acl) -> Module {
    match acl {
        Acl::Users => Module::Account,
        Acl::Tokens => Module::Integrations,
    }
}

/// What people read for those whom a list is for.
pub fn acl_word(acl: Acl) -> &'static str {
    match acl {
        Acl::Users => "people in the portal",
        Acl::Tokens => "programs with a token",
    }
}

/// Why nobody of a company comes in from an address.
pub fn not_from(acl: Acl, account: &str, address: &str) -> Refusal {
    let text = match acl {
        Acl::Users => Text::new(
            "{account} does not let people in from the address {address}. Come from an address that its IP rules allow, or ask an administrator of {account} to allow this one: Account, Users, IP rules. Nothing else is wrong with your sign-in.",
        ),
        Acl::Tokens => Text::new(
            "{account} does not let programs in from the address {address}. Call from an address that its IP rules allow, or ask an administrator of {account} to allow this one: Integrations, IP rules. Nothing is wrong with the token.",
        ),
    };
    Refusal::forbidden(text.arg("account", account).arg("address", address)).wire("AUTH_004").with("address", address)
}

/// The rules of a list, locked to be changed.
fn opened(tx: &mut Tx<'_>, actor: &Actor, acl: Acl) -> Result<(Seat, Vec<IpRuleRow>)> {
    let seat = actor.need(acl_module(acl), Level::Manage)?.clone();
    // Two who take each other's address away at once must not both be let.
    db::lock(tx, "account", seat.account.as_str())?;
    Ok((seat, store::ip_rules_of(tx, actor, acl)?))
}

fn found<'r>(rows: &'r [IpRuleRow], id: &IpRuleId) -> Result<&'r IpRuleRow> {
    rows.iter().find(|row| row.id == *id).ok_or_else(|| Refusal::not_found("IP rule", id).into())
}

/// Notes if the actor, who comes from `address`, could not come back under these rules. Whom a list is not for cannot lock
/// themselves out by it.
fn keep_in(problems: &mut Problems, actor: &Actor, acl: Acl, address: &str, values: &[&str]) {
    let concerned = match acl {
        Acl::Users => matches!(actor, Actor::Person { .. }),
        Acl::Tokens => matches!(actor, Actor::Token { .. }),
    };
    if concerned {
        IpRules::kept(values.iter().copied()).keep_in(problems, "value", address);
    }
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

fn about(text: &'static str, acl: Acl) -> Text {
    Text::new(text).arg("whom", acl_word(acl))
}

fn twice(rows: &[IpRuleRow], value: &str) -> Result<()> {
    match rows.iter().find(|row| row.value == value) {
        None => Ok(()),
        Some(row) => {
            let text = Text::new("There is a rule for {value} already. Change that one.").arg("value", value);
            Err(Refusal::conflict(text).with("rule", &row.id).into())
        }
    }
}

/// Adds a rule to a list of the own company. `address` is where the actor comes from now.
pub fn add_ip_rule(tx: &mut Tx<'_>, actor: &Actor, acl: Acl, words: &IpRuleWords, address: &str) -> Result<IpRuleId> {
    let (seat, rows) = opened(tx, actor, acl)?;
    let mut problems = Problems::default();
    let words = words.checked(&mut problems);
    if problems.none() {
        let values: Vec<&str> = rows.iter().map(|row| row.value.as_str()).chain([words.value.as_str()]).collect();
        keep_in(&mut problems, actor, acl, address, &values);
    }
    problems.done()?;
    twice(&rows, &words.value)?;
    store::limit(i64::try_from(rows.len()).unwrap_or(i64::MAX), tx.limits().ip_rules, "IP rules")?;
    let events = Events::created(tx.at(), actor.by());
    let id = store::insert_ip_rule(tx, &seat.account, acl, (&words.value, &words.comment), events)?;
    let changes = [Change::of("Addresses", "", &words.value), Change::of("Comment", "", &words.comment)];
    let text = about("An IP rule for {whom:word} was added", acl);
    note(tx, actor, &seat.account, ("account.ip_rule_added", text), changes.into_iter().flatten())?;
    crate::crash::point("accounts.add_ip_rule.before-commit");
    Ok(id)
}

/// Changes a rule of the own company; `change` gets what is said in it now.
pub fn edit_ip_rule(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (acl, id): (Acl, &IpRuleId),
    revision: Option<i64>,
    address: &str,
    change: impl FnOnce(IpRuleWords) -> std::result::Result<IpRuleWords, Refusal>,
) -> Result<()> {
    let (seat, rows) = opened(tx, actor, acl)?;
    let row = found(&rows, id)?;
    if revision.is_some_and(|seen| seen != row.revision) {
        return Err(Refusal::stale("IP rule", id).into());
    }
    let old = IpRuleWords::from(row);
    let mut problems = Problems::default();
    let new = change(old.clone())?.checked(&mut problems);
    let others: Vec<&IpRuleRow> = rows.iter().filter(|other| other.id != *id).collect();
    if problems.none() && new.value != old.value {
        let values: Vec<&str> = others.iter().map(|r| r.value.as_str()).chain([new.value.as_str()]).collect();
        keep_in(&mut problems, actor, acl, address, &values);
    }
    problems.done()?;
    if new.value != old.value {
        twice(&rows, &new.value)?;
    }
    let changes = [Change::of("Addresses", &old.value, &new.value), Change::of("Comment", &old.comment, &new.comment)];
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    if changes.is_empty() {
        return Ok(());
    }
    let mut events = row.events.0.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_ip_rule(tx, id, (&new.value, &new.comment), events)?;
    let text = about("An IP rule for {whom:word} was changed", acl);
    note(tx, actor, &seat.account, ("account.ip_rule_changed", text), changes)
}

/// Takes rules of a list away, all of them or none. Without any rule everybody may come.
pub fn delete_ip_rules(tx: &mut Tx<'_>, actor: &Actor, acl: Acl, ids: &[IpRuleId], address: &str) -> Result<()> {
    let (seat, rows) = opened(tx, actor, acl)?;
    let gone = ids.iter().map(|id| found(&rows, id)).collect::<Result<Vec<_>>>()?;
    let left: Vec<&str> = rows.iter().filter(|row| !ids.contains(&row.id)).map(|row| row.value.as_str()).collect();
    let mut problems = Problems::default();
    keep_in(&mut problems, actor, acl, address, &left);
    problems.done()?;
    store::delete_ip_rules(tx, ids)?;
    for row in gone {
        let text = about("An IP rule for {whom:word} was removed", acl);
        let change = Change::of("Addresses", &row.value, "");
        note(tx, actor, &seat.account, ("account.ip_rule_removed", text), change)?;
    }
    crate::crash::point("accounts.delete_ip_rules.before-commit");
    Ok(())
}

/// Takes every rule of a company away, for the operator: the way back in for somebody who locked everybody out. Gives the
/// company's name and how many rules there were; none if there is no such company.
pub fn clear_ip_rules(tx: &mut Tx<'_>, account: &AccountId) -> Result<Option<(String, usize)>> {
    let Some((_, name, role, _)) = super::company_names(tx, &[account])?.pop() else { return Ok(None) };
    db::lock(tx, "account", account.as_str())?;
    let system = Actor::system(account.clone(), name.clone(), role);
    let mut ids = vec![];
    for acl in Acl::ALL {
        ids.extend(store::ip_rules_of(tx, &system, *acl)?.into_iter().map(|row| row.id));
    }
    store::delete_ip_rules(tx, &ids)?;
    if !ids.is_empty() {
        let text = Text::new("The operator took away every IP rule");
        note(tx, &Actor::Operator, account, ("account.ip_rules_cleared", text), None)?;
    }
    Ok(Some((name, ids.len())))
}
