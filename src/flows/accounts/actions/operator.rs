//! Who runs the deployment, and what they may do with accounts.

use super::super::model::{AccountStatus, Closer};
use super::super::store;
use crate::db::{Result, Tx, settings};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{AccountId, Actor, Level, Module, Problems, Refusal, Role, Seat, Text};

/// The setting with the account that runs the deployment.
pub(super) const OPERATOR: &str = "operator";

/// The account that runs the deployment.
pub fn operator(tx: &mut Tx<'_>) -> Result<Option<AccountId>> {
    Ok(settings::get(tx, OPERATOR)?.as_deref().and_then(AccountId::parse))
}

/// What the account that runs the deployment is called.
pub(super) fn operator_name(tx: &mut Tx<'_>) -> Result<Option<String>> {
    let Some(id) = operator(tx)? else { return Ok(None) };
    Ok(store::account_names(tx, &[id.as_str()])?.pop().map(|(_, name, ..)| name))
}

/// Makes an active distributor the one that runs the deployment. Only the command line does this.
pub fn appoint_operator(tx: &mut Tx<'_>, account: &AccountId) -> Result<()> {
    crate::db::lock_name(tx, OPERATOR)?;
    let named = store::account_names(tx, &[account.as_str()])?;
    let Some((_, name, role, status)) = named.into_iter().next() else {
        return Err(Refusal::not_found("account", account).into());
    };
    if role != Role::Distributor || status != AccountStatus::Active {
        let text = "{account} is a {role:word} and {status:word}. Only an active distributor can run the deployment.";
        return Err(
            Refusal::state(Text::new(text).arg("account", account).arg("role", role).arg("status", status)).into()
        );
    }
    let before = operator(tx)?;
    if before.as_ref() == Some(account) {
        return Ok(());
    }
    settings::set(tx, OPERATOR, account.as_str())?;
    if let Some(before) = &before {
        let text = Text::new("This account no longer runs the deployment");
        let entry = Entry::new("account", before, "account.operator_ended", text);
        journal::record(tx, &Actor::Operator, entry.audience(Audience::Account(before.clone())))?;
    }
    let text = Text::new("{name} runs the deployment now").arg("name", &name);
    let entry = Entry::new("account", account, "account.operator_appointed", text)
        .audience(Audience::Account(account.clone()))
        .changes(Change::of("Operator", before.map_or_else(String::new, |b| b.to_string()), account));
    journal::record(tx, &Actor::Operator, entry)?;
    Ok(())
}

/// Refuses unless the actor's company runs the deployment, as if there were nothing, and they hold the permission.
pub fn need_operator<'a>(tx: &mut Tx<'_>, actor: &'a Actor, level: Level) -> Result<&'a Seat> {
    let seat = actor.company()?;
    if operator(tx)?.as_ref() != Some(&seat.account) {
        return Err(Refusal::not_found("page", "operator").into());
    }
    Ok(actor.need(Module::Devops, level)?)
}

/// What the operator does with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Nobody acts in it any longer.
    Off,
    /// Its people and tokens act in it again.
    On,
}

/// Lets nobody act in an account any longer, or lets its people and tokens in again. It counts at once, as permissions are
/// read with every request. What partners see of it stays.
pub fn switch_account(tx: &mut Tx<'_>, actor: &Actor, id: &str, to: Switch, reason: &str) -> Result<()> {
    crate::db::lock_name(tx, OPERATOR)?;
    let own = need_operator(tx, actor, Level::Manage)?.account.clone();
    let Some(account) = AccountId::parse(id) else { return Err(Refusal::not_found("account", id).into()) };
    crate::db::lock(tx, "account", account.as_str())?;
    let found = store::profiles(tx, &[account.to_string()])?.pop();
    let company = found.ok_or_else(|| Refusal::not_found("account", id))?;
    if account == own {
        let text = "{account} runs the deployment and stays active. Another account can be made the operator on the command line.";
        return Err(Refusal::state(Text::new(text).arg("account", &account)).into());
    }
    let (fits, closed_by, verbs, text) = match to {
        // One that others have closed is taken from them: they cannot open it again.
        Switch::Off => (
            company.status == AccountStatus::Active || company.is_closed_by_others(),
            Some(Closer::Operator),
            ["account.deactivated", "sub_account.deactivated"],
            Text::new("The operator of the deployment deactivated this account: {reason}"),
        ),
        Switch::On => (
            company.status == AccountStatus::Inactive,
            None,
            ["account.reactivated", "sub_account.reactivated"],
            Text::new("The operator of the deployment activated this account again: {reason}"),
        ),
    };
    if !fits {
        let told = "{account} is {status:word}, so this cannot be done.";
        return Err(Refusal::state(Text::new(told).arg("account", &account).arg("status", company.status)).into());
    }
    let mut problems = Problems::default();
    let reason = problems.text("reason", reason, 255);
    problems.done()?;
    let text = text.arg("reason", reason);
    store::set_account_status(tx, &account, closed_by)?;
    let next = if closed_by.is_some() { AccountStatus::Inactive } else { AccountStatus::Active };
    let by = |closer: Option<Closer>| closer.map_or("", Closer::words);
    let changes =
        [Change::word("Status", company.status, next), Change::word("Closed by", by(company.closed_by), by(closed_by))];
    // The company above reads it on the timeline of its sub-account.
    let readers = [Some(("account", account.clone())), company.above().map(|above| ("sub_account", above))];
    for ((kind, reader), verb) in readers.into_iter().flatten().zip(verbs) {
        let entry = Entry::new(kind, &account, verb, text.clone())
            .audience(Audience::Account(reader))
            .changes(changes.clone().into_iter().flatten())
            .by_operator();
        journal::record(tx, actor, entry)?;
    }
    Ok(())
}

/// Makes a link by which a person sets a password, for the person at the command line of the server.
pub fn password_link_by_operator(tx: &mut Tx<'_>, user: &crate::kit::UserId) -> Result<crate::kit::Secret> {
    let secret = super::password_link(tx, user)?;
    let text = Text::new("A link to set a new password was made on the command line of the server");
    journal::record(tx, &Actor::Operator, Entry::new("person", user, "person.password_link_made", text))?;
    Ok(secret)
}
