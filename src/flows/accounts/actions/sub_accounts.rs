//! Sub-accounts: companies below another one, which opens and closes them. What happens inside them stays their own.

use super::company::{close, open, reason};
use super::operator::operator_name;
use super::{Door, create_company, make_administrator, members};
use crate::db::{self, Result, Tx};
use crate::flows::accounts::model::{self, AccountStatus, Closer, Company, Grants, LinkPurpose, MemberStatus};
use crate::flows::accounts::store;
use crate::jobs::mail::{self, Mail};
use crate::journal::{self, Audience, Entry};
use crate::kit::{AccountId, Actor, Email, Events, Level, Module, Problems, Refusal, Text};

/// A sub-account to be opened.
#[derive(Debug, Clone, Default)]
pub struct NewSubAccount {
    /// Its name.
    pub name: String,
    /// Whether the acting person administers it.
    pub myself: bool,
    /// The address of somebody who is invited to administer it; may be empty.
    pub email: String,
    /// The name of whoever is invited; the address stands for it if it is empty.
    pub person: String,
}

/// A sub-account of the actor's company: its master data, and nothing that is inside.
pub fn sub_account(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Company> {
    let seat = actor.need(Module::Account, Level::Read)?;
    let found = store::companies(tx, actor, &[id.to_owned()])?.pop().filter(|c| c.id != seat.account);
    found.ok_or_else(|| Refusal::not_found("account", id).into())
}

/// The sub-accounts of a list's page, in its order.
pub fn sub_accounts(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Company>> {
    actor.need(Module::Account, Level::Read)?;
    store::companies(tx, actor, ids)
}

/// Opens a sub-account of the actor's company, of the same role and with the same rights but that to hand them on.
pub fn create_sub_account(tx: &mut Tx<'_>, actor: &Actor, new: &NewSubAccount, door: &Door<'_>) -> Result<AccountId> {
    let seat = actor.need(Module::Account, Level::Manage)?.clone();
    db::lock(tx, "account", seat.account.as_str())?;
    let own = store::own_account(tx, actor)?;
    if let Some(above) = &own.parent {
        let text = Text::new("{account} is a sub-account of {above} and cannot have sub-accounts of its own.");
        return Err(Refusal::state(text.arg("account", &own.name).arg("above", &above.name)).into());
    }
    let mut problems = Problems::default();
    let name = problems.text("name", &new.name, model::MAX_NAME);
    let person = problems.optional("person", &new.person, 128);
    let email = Some(new.email.trim()).filter(|e| !e.is_empty());
    let address = email.and_then(Email::parse);
    problems.check(email.is_some() == address.is_some(), "email", || {
        Text::new("{email} is not an e-mail address. Write one like ann@example.com.").arg("email", &new.email)
    });
    let myself = actor.user().filter(|_| new.myself);
    problems.check(myself.is_some() || email.is_some(), "email", || {
        Text::new("Somebody must administer the sub-account: yourself, or somebody whom you invite.")
    });
    if let Some(other) = store::sub_account_by_name(tx, actor, &name)? {
        let text = Text::new("You have a sub-account of this name already: {id}. Choose another name.");
        problems.add("name", text.arg("id", other));
    }
    problems.done()?;
    store::limit(store::count_sub_accounts(tx, actor)?.0, tx.limits().sub_accounts, "sub-accounts")?;
    let id = create_company(tx, actor, &name, own.role, AccountStatus::Active)?;
    store::set_parent(tx, &id, &own.id)?;
    store::set_grants(tx, &id, own.role, Grants { service_delegate: false, ..own.grants })?;
    if let (Some(user), Some(by)) = (myself, actor.by()) {
        make_administrator(tx, actor, &id, user, &by.name)?;
    }
    if let Some(address) = &address {
        invite_administrator(tx, actor, (&id, &name), address, person.as_deref(), door)?;
    }
    said(
        tx,
        actor,
        &id,
        &own.id,
        "sub_account.created",
        Text::new("Sub-account {name} was opened").arg("name", &name),
    )?;
    crate::crash::point("accounts.sub_account.before-commit");
    Ok(id)
}

/// Invites somebody to administer a new sub-account. Somebody who is registered, and reads the mail of the address, joins
/// at once; anybody else gets a mail with a link.
fn invite_administrator(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (account, name): (&AccountId, &str),
    address: &Email,
    person: Option<&str>,
    door: &Door<'_>,
) -> Result<()> {
    let person = person.unwrap_or(address.as_str());
    let known = store::credentials(tx, &address.folded())?;
    let user = match known {
        Some(who) if who.password.is_some() && who.proven_at.is_some() => {
            return make_administrator(tx, actor, account, &who.id, address.as_str());
        }
        Some(who) => who.id,
        None => store::insert_person(tx, person, address, None, false, Events::created(tx.at(), actor.by()))?,
    };
    store::put_membership(tx, account, &user, MemberStatus::Invited)?;
    store::set_inviter(tx, account, &user, actor.by())?;
    if let Some(group) = store::administrators(tx, account)? {
        store::put_into_group(tx, &group, &user, actor.by())?;
    }
    let text = Text::new("{email} was invited").arg("email", address);
    let entry = members::note(tx, actor, (account, &user), ["account.member_invited", "person.invited"], text, vec![])?;
    let (secret, link) = door.open(&user);
    let until = tx.at().plus_seconds(model::LINK_SECONDS);
    store::insert_link(tx, &secret, LinkPurpose::Join, &user, Some(account), until)?;
    let standing = store::Standing { status: MemberStatus::Invited, expires_at: Some(until) };
    store::set_standing(tx, account, &user, standing)?;
    let words = Text::new("{above} opened the account {account} and asks you to administer it.");
    let mail = Mail {
        to_name: person.to_owned(),
        to: String::new(),
        subject: Text::new("{account} invites you").arg("account", name),
        paragraphs: vec![words.arg("above", &actor.company()?.name).arg("account", name)],
        link: Some((Text::new("Set a password and go in:"), link)),
        locale: None,
    };
    mail::send(tx, &format!("invite:{entry}"), Some(account), address, mail)
}

/// Notes something about a sub-account for the company above it: on timelines that only that one reads.
pub(super) fn said(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &AccountId,
    above: &AccountId,
    verb: &'static str,
    text: Text,
) -> Result<()> {
    let only = Audience::Account(above.clone());
    journal::record(tx, actor, Entry::new("sub_account", id, verb, text.clone()).audience(only.clone()))?;
    journal::record(tx, actor, Entry::new("account", above, verb, text).audience(only))?;
    Ok(())
}

/// Closes a sub-account: at once its people and tokens can do nothing in it.
pub fn close_sub_account(tx: &mut Tx<'_>, actor: &Actor, id: &str, reason_given: &str) -> Result<()> {
    let company = held(tx, actor, id)?;
    let reason = reason(reason_given)?;
    if company.status == AccountStatus::Inactive {
        return Err(Refusal::state(Text::new("{name} is closed already.").arg("name", &company.name)).into());
    }
    close(tx, actor, &company, Closer::Above, &reason)?;
    let text = Text::new("Sub-account {name} was closed: {reason}").arg("name", &company.name).arg("reason", &reason);
    said(tx, actor, &company.id, actor.account()?, "sub_account.deactivated", text)?;
    crate::crash::point("accounts.close_sub_account.before-commit");
    Ok(())
}

/// Opens a closed sub-account again, unless the operator of the deployment has closed it.
pub fn open_sub_account(tx: &mut Tx<'_>, actor: &Actor, id: &str, reason_given: &str) -> Result<()> {
    let company = held(tx, actor, id)?;
    let reason = reason(reason_given)?;
    if company.status != AccountStatus::Inactive {
        return Err(Refusal::state(Text::new("{name} is open.").arg("name", &company.name)).into());
    }
    if let Some(why) = kept_closed(tx, &company)? {
        return Err(Refusal::state(why).into());
    }
    open(tx, actor, &company, &reason)?;
    let text =
        Text::new("Sub-account {name} was opened again: {reason}").arg("name", &company.name).arg("reason", &reason);
    said(tx, actor, &company.id, actor.account()?, "sub_account.reactivated", text)
}

/// Why the company above cannot open a sub-account again, and whom to ask.
pub fn kept_closed(tx: &mut Tx<'_>, company: &Company) -> Result<Option<Text>> {
    if company.closed_by != Some(Closer::Operator) {
        return Ok(None);
    }
    let text = match operator_name(tx)? {
        Some(operator) => Text::new(
            "The operator of this portal has closed {name}, and alone can open it again. Ask {operator}, who runs it.",
        )
        .arg("operator", operator),
        None => Text::new("The operator of this portal has closed {name}, and alone can open it again. Ask there."),
    };
    Ok(Some(text.arg("name", &company.name)))
}

/// A sub-account that the actor is about to change, locked.
fn held(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Company> {
    actor.need(Module::Account, Level::Manage)?;
    sub_account(tx, actor, id)?;
    db::lock(tx, "account", id)?;
    sub_account(tx, actor, id)
}

/// How many people and live tokens could act in a sub-account if it is open.
pub fn who_acts(tx: &mut Tx<'_>, actor: &Actor, id: &AccountId) -> Result<(i64, i64)> {
    actor.need(Module::Account, Level::Read)?;
    store::count_who_acts(tx, actor, id)
}
