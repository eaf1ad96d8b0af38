//! Who works in a company: registering, inviting, removing.

use super::super::model::people::{self, ContactTag};
use super::super::model::{self, LinkPurpose, MemberStatus};
use super::super::store;
use super::Door;
use super::managing::managing;
use crate::db::{self, Result, Tx};
use crate::jobs::mail::{self, Mail};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{AccountId, Actor, Email, Events, GroupId, Permissions, Problems, Refusal, Seat, Text, UserId};

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
    if let Some(who) = store::credentials(tx, &new.email.folded())? {
        // A provider of single sign-on may let them into a company at this moment.
        db::lock(tx, "person", who.id.as_str())?;
    }
    let existing = store::credentials(tx, &new.email.folded())?;
    let user = match existing {
        // An invited person who never had a password completes the registration. Whoever works somewhere without one comes in by
        // single sign-on: what they have is not to be had by typing their address.
        Some(who) if who.password.is_none() && !store::works_somewhere(tx, &who.id)? => {
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

/// Whom to invite, and as what.
#[derive(Debug, Clone, Default)]
pub struct Invitation {
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their groups, at least one.
    pub groups: Vec<GroupId>,
    /// For what partners may turn to them.
    pub tags: Vec<ContactTag>,
}

/// Invites somebody into the own company, into at least one of its groups. Somebody who is registered already joins at
/// once; anybody else gets a mail with a link.
pub fn invite(tx: &mut Tx<'_>, actor: &Actor, new: &Invitation, door: &Door<'_>) -> Result<UserId> {
    managing(tx, actor, |tx, actor, seat| {
        let mut problems = Problems::default();
        let name = problems.text("name", &new.name, 128);
        let address = Email::parse(&new.email);
        problems.check(address.is_some(), "email", || {
            Text::new("{email} is not an e-mail address. Write one like ann@example.com.").arg("email", &new.email)
        });
        check_groups(tx, actor, seat, (&[], &new.groups), &mut problems)?;
        problems.done()?;
        let Some(address) = address else {
            return Err(Refusal::field("email", Text::new("This is not an e-mail address.")).into());
        };
        let known = store::credentials(tx, &address.folded())?;
        let before = match &known {
            Some(who) => store::members(tx, actor, &[who.id.to_string()])?.pop(),
            None => None,
        };
        match before {
            Some(old) if old.status != MemberStatus::Expired => {
                let text = Text::new("{email} is a user of this account already.").arg("email", &address);
                return Err(Refusal::conflict(text).with("user", &old.id).into());
            }
            // Nothing of an invitation that nobody took up is left to the new one.
            Some(old) => forget(tx, &seat.account, &old.id)?,
            None => {}
        }
        store::limit(store::member_count(tx, actor)?, tx.limits().users, "users")?;
        let (user, status) = match &known {
            // Anybody may have registered this address with a password of theirs, as long as nobody came by its mail.
            Some(who) if who.password.is_some() && who.proven_at.is_some() => (who.id.clone(), MemberStatus::Active),
            Some(who) => (who.id.clone(), MemberStatus::Invited),
            None => (
                store::insert_person(tx, &name, &address, None, false, Events::created(tx.at(), actor.by()))?,
                MemberStatus::Invited,
            ),
        };
        store::put_membership(tx, &seat.account, &user, status)?;
        store::set_inviter(tx, &seat.account, &user, actor.by())?;
        for group in &new.groups {
            store::put_into_group(tx, group, &user, actor.by())?;
        }
        store::set_tags(tx, &seat.account, &user, &new.tags)?;
        let text = Text::new("{email} was invited").arg("email", &address);
        let entry =
            note(tx, actor, (&seat.account, &user), ["account.member_invited", "person.invited"], text, vec![])?;
        if status == MemberStatus::Invited {
            send_invitation(tx, seat, (&user, &name, &address), entry, door)?;
        }
        Ok(user)
    })
}

/// Opens the link of an invitation and sends it. An earlier link of the same invitation ends.
pub(super) fn send_invitation(
    tx: &mut Tx<'_>,
    seat: &Seat,
    (user, name, address): (&UserId, &str, &Email),
    entry: i64,
    door: &Door<'_>,
) -> Result<()> {
    let (secret, link) = door.open(user);
    let until = tx.at().plus_seconds(model::LINK_SECONDS);
    store::insert_link(tx, &secret, LinkPurpose::Join, user, Some(&seat.account), until)?;
    let standing = store::Standing { status: MemberStatus::Invited, expires_at: Some(until) };
    store::set_standing(tx, &seat.account, user, standing)?;
    let mail = Mail {
        to_name: name.to_owned(),
        to: String::new(),
        subject: Text::new("{account} invites you").arg("account", &seat.name),
        paragraphs: vec![
            Text::new("You were invited to work in the portal of {account}.").arg("account", &seat.name),
            Text::new("The link works once, until {until:time}.").moment("until", until),
        ],
        link: Some((Text::new("Set a password and go in:"), link)),
        locale: None,
    };
    mail::send(tx, &format!("invite:{entry}"), Some(&seat.account), address, mail)
}

/// Notes what is wrong with the groups that a member is to be in: at least one, of the own company, and none of the new
/// ones may do more than the actor may.
pub(super) fn check_groups(
    tx: &mut Tx<'_>,
    actor: &Actor,
    seat: &Seat,
    (before, after): (&[GroupId], &[GroupId]),
    problems: &mut Problems,
) -> Result<()> {
    problems
        .check(!after.is_empty(), "groups", || Text::new("Choose at least one group: it says what the user may do."));
    let (own, powers) = (store::groups(tx, actor)?, store::powers(tx, actor)?);
    for group in after {
        let Some(known) = own.iter().find(|g| &g.id == group) else {
            let text = Text::new("There is no group {group} in this account. Choose one of its groups.");
            problems.add("groups", text.arg("group", group));
            continue;
        };
        // Who may manage people only must not make somebody who may do more.
        let given = powers.get(group).cloned().unwrap_or_default();
        let gained =
            !before.contains(group) && !people::beyond(&seat.permissions, &Permissions::default(), &given).is_empty();
        problems.check(!gained, "groups", || {
            Text::new("The group {group} may do more than you may. Ask somebody who holds all its permissions.")
                .arg("group", &known.name)
        });
    }
    Ok(())
}

/// Takes somebody out of the own company. The last member who may manage the account stays.
pub fn remove_member(tx: &mut Tx<'_>, actor: &Actor, user: &UserId) -> Result<()> {
    managing(tx, actor, |tx, actor, seat| {
        let member = one_member(tx, actor, user)?;
        forget(tx, &seat.account, user)?;
        let text = Text::new("{user} was removed").arg("user", &member.email);
        note(tx, actor, (&seat.account, user), ["account.member_removed", "person.removed"], text, vec![]).map(drop)
    })
}

/// A member of the own company, or that there is none.
pub(super) fn one_member(tx: &mut Tx<'_>, actor: &Actor, user: &UserId) -> Result<store::MemberRow> {
    let found = store::members(tx, actor, &[user.to_string()])?.pop();
    found.ok_or_else(|| Refusal::not_found("user", user).into())
}

fn forget(tx: &mut Tx<'_>, account: &AccountId, user: &UserId) -> Result<()> {
    store::delete_membership(tx, account, user)?;
    store::end_links(tx, LinkPurpose::Join, user, Some(account))
}

/// Notes that somebody joined a company.
pub(super) fn joined(tx: &mut Tx<'_>, actor: &Actor, account: &AccountId, user: &UserId, name: &str) -> Result<()> {
    let text = Text::new("{name} joined").arg("name", name);
    note(tx, actor, (account, user), ["account.member_joined", "person.joined"], text, vec![]).map(drop)
}

/// Notes what became of a member twice: on the company's timeline, and on the member's own there, which no other company
/// reads. Gives the number of the company's entry.
pub(super) fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (account, user): (&AccountId, &UserId),
    [theirs, own]: [&'static str; 2],
    text: Text,
    changes: Vec<Change>,
) -> Result<i64> {
    let entry = Entry::new("person", user, own, text.clone()).audience(Audience::Account(account.clone()));
    journal::record(tx, actor, entry.changes(changes.clone()))?;
    journal::record(tx, actor, Entry::new("account", account, theirs, text).changes(changes))
}
