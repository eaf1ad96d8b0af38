//! Who works in a company: registering, inviting, removing.

use std::collections::HashMap;

use super::super::model::{self, LinkPurpose, MemberStatus};
use super::super::store;
use super::Door;
use crate::db::{self, Result, Tx};
use crate::jobs::mail::{self, Mail};
use crate::journal::{self, Audience, Entry};
use crate::kit::{
    AccountId, Actor, Email, Events, GroupId, Level, Module, Permissions, Problems, Refusal, Text, UserId,
};

/// A person who registers: name, address, password's hash.
#[derive(Debug, Clone)]
pub struct NewPerson<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their address.
    pub email: &'a Email,
    /// The argon2id hash from [`password::hash`]; none if they are to set one by a link.
    pub password: Option<&'a str>,
}

/// Registers a person and makes them a member of a company's Administrators.
pub fn register_administrator(
    tx: &mut Tx<'_>,
    actor: &Actor,
    account: &AccountId,
    new: &NewPerson<'_>,
) -> Result<UserId> {
    let mut problems = Problems::default();
    let name = problems.text("name", new.name, 128);
    problems.done()?;
    let existing = store::credentials(tx, &new.email.folded())?;
    let user = match existing {
        // An invited person who never had a password completes the registration.
        Some(who) if who.password.is_none() => {
            if let Some(password) = new.password {
                store::complete_person(tx, &who.id, &name, password)?;
            }
            who.id
        }
        Some(_) => {
            return Err(Refusal::conflict(
                Text::new("{email} is registered already. Sign in with it to go on.").arg("email", new.email),
            )
            .into());
        }
        None => {
            // The operator knows whom they let in; of anybody else the address is what they typed.
            let proven = *actor == Actor::Operator;
            store::insert_person(tx, &name, new.email, new.password, proven, Events::created(tx.at(), None))?
        }
    };
    make_administrator(tx, actor, account, &user, &name)?;
    Ok(user)
}

/// Makes a registered person a member of a company's Administrators.
pub fn make_administrator(
    tx: &mut Tx<'_>,
    actor: &Actor,
    account: &AccountId,
    user: &UserId,
    name: &str,
) -> Result<()> {
    store::put_membership(tx, account, user, MemberStatus::Active)?;
    if let Some(group) = store::administrators(tx, account)? {
        store::add_to_group(tx, &group, user)?;
    }
    joined(tx, actor, account, user, name)?;
    crate::crash::point("accounts.join.before-commit");
    Ok(())
}

/// Invites somebody into the own company, into at least one of its groups. Somebody who is registered already joins at
/// once; anybody else gets a mail with a link.
pub fn invite(
    tx: &mut Tx<'_>,
    actor: &Actor,
    email: &str,
    name: &str,
    groups: &[GroupId],
    door: &Door<'_>,
) -> Result<UserId> {
    let seat = actor.need(Module::Account, Level::Manage)?.clone();
    let mut problems = Problems::default();
    let name = problems.text("name", name, 128);
    let address = Email::parse(email);
    problems.check(address.is_some(), "email", || {
        Text::new("{email} is not an e-mail address. Write one like ann@example.com.").arg("email", email)
    });
    problems
        .check(!groups.is_empty(), "groups", || Text::new("Choose at least one group: it says what the user may do."));
    let own = store::groups(tx, actor)?;
    let mut granted: HashMap<GroupId, Permissions> = HashMap::new();
    for (group, module, level) in store::permissions_of_groups(tx, actor)? {
        granted.entry(group).or_default().grant(module, level);
    }
    for group in groups {
        match own.iter().find(|g| &g.id == group) {
            None => problems.add(
                "groups",
                Text::new("There is no group {group} in this account. Choose one of its groups.").arg("group", group),
            ),
            // Who may manage people only must not make somebody who may do more.
            Some(known) => problems.check(
                granted.get(group).is_none_or(|theirs| seat.permissions.include(theirs)),
                "groups",
                || {
                    Text::new("The group {group} may do more than you may. Ask somebody who holds all its permissions.")
                        .arg("group", &known.name)
                },
            ),
        }
    }
    problems.done()?;
    let Some(address) = address else {
        return Err(Refusal::field("email", Text::new("This is not an e-mail address.")).into());
    };
    store::limit(store::member_count(tx, actor)?, tx.limits().users, "users")?;
    let known = store::credentials(tx, &address.folded())?;
    let (user, status) = match &known {
        // Anybody may have registered this address with a password of theirs, as long as nobody came by its mail.
        Some(who) if who.password.is_some() && who.proven_at.is_some() => (who.id.clone(), MemberStatus::Active),
        Some(who) => (who.id.clone(), MemberStatus::Invited),
        None => (
            store::insert_person(tx, &name, &address, None, false, Events::created(tx.at(), actor.by()))?,
            MemberStatus::Invited,
        ),
    };
    if store::is_member(tx, actor, &user)? {
        return Err(Refusal::conflict(Text::new("{email} is a user of this account already.").arg("email", &address))
            .with("user", &user)
            .into());
    }
    store::put_membership(tx, &seat.account, &user, status)?;
    for group in groups {
        store::add_to_group(tx, group, &user)?;
    }
    let text = Text::new("{email} was invited").arg("email", &address);
    let entry = note(tx, actor, (&seat.account, &user), ["account.member_invited", "person.invited"], text)?;
    if status == MemberStatus::Invited {
        let (secret, link) = door.open(&user);
        let until = tx.at().plus_seconds(model::LINK_SECONDS);
        store::insert_link(tx, &secret, LinkPurpose::Join, &user, Some(&seat.account), until)?;
        let mail = Mail {
            to_name: name,
            to: String::new(),
            subject: Text::new("{account} invites you").arg("account", &seat.name),
            paragraphs: vec![
                Text::new("You were invited to work in the portal of {account}.").arg("account", &seat.name),
            ],
            link: Some((Text::new("Set a password and go in:"), link)),
            locale: None,
        };
        mail::send(tx, &format!("invite:{entry}"), Some(&seat.account), &address, mail)?;
    }
    crate::crash::point("accounts.invite.before-commit");
    Ok(user)
}

/// Takes somebody out of the own company. The last member who may manage the account stays.
pub fn remove_member(tx: &mut Tx<'_>, actor: &Actor, user: &UserId) -> Result<()> {
    let seat = actor.need(Module::Account, Level::Manage)?.clone();
    // Two who remove each other at once must not both find that somebody stays.
    db::lock(tx, "account", seat.account.as_str())?;
    if !store::is_member(tx, actor, user)? {
        return Err(Refusal::not_found("user", user).into());
    }
    let managers = store::managers(tx, actor)?;
    if managers.iter().all(|m| m == user) {
        return Err(Refusal::state(Text::new(
            "This is the last user who can manage the account. Give somebody else a group with that permission first.",
        ))
        .into());
    }
    store::delete_membership(tx, &seat.account, user)?;
    store::end_links(tx, LinkPurpose::Join, user, Some(&seat.account))?;
    let text = Text::new("{user} was removed").arg("user", user);
    note(tx, actor, (&seat.account, user), ["account.member_removed", "person.removed"], text)?;
    crate::crash::point("accounts.remove_member.before-commit");
    Ok(())
}

/// Notes that somebody joined a company.
pub(super) fn joined(tx: &mut Tx<'_>, actor: &Actor, account: &AccountId, user: &UserId, name: &str) -> Result<()> {
    let text = Text::new("{name} joined").arg("name", name);
    note(tx, actor, (account, user), ["account.member_joined", "person.joined"], text).map(drop)
}

/// Notes what became of a member twice: on the company's timeline, and on the member's own there, which no other company
/// reads. Gives the number of the company's entry.
pub(super) fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (account, user): (&AccountId, &UserId),
    [theirs, own]: [&'static str; 2],
    text: Text,
) -> Result<i64> {
    let entry = Entry::new("person", user, own, text.clone()).audience(Audience::Account(account.clone()));
    journal::record(tx, actor, entry)?;
    journal::record(tx, actor, Entry::new("account", account, theirs, text))
}
