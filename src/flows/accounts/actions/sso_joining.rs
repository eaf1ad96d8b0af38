//! Whom a provider of single sign-on makes a member, and into which groups it puts people.
//!
//! An account may say so of its provider, for addresses of domains that it has proved. What the provider cannot do:
//!
//! - Bring somebody back who was deactivated, or whose invitation has ended: an administrator kept them out, and a provider that
//!   still knows them has not heard of it. Whoever was removed is unknown to the account, and joins again.
//! - Take over a person: somebody who is registered keeps name, password and other companies, and comes in to this account alone.
//!   If they have a password and nobody has shown yet that they read the mail of the address, whoever made up that password
//!   would get into this account too. So they show it first, by a link.
//! - Leave the account without an administrator, or somebody without a group.

use super::super::model::people;
use super::super::model::sso_groups::{self, Known, Regrouped};
use super::super::model::{AccountStatus, LinkPurpose, MemberStatus};
use super::super::store::{self, IdpRow};
use super::groups::moved;
use super::members::note;
use super::sso_sign_in::{NOBODY, not_covered, refused};
use crate::db::{self, Result, Tx};
use crate::kit::{Actor, Email, Events, GroupId, Level, Module, Text, UserId};
use crate::outside::openid::Identity;

/// Most characters of a person's name.
const LONGEST_NAME: usize = 128;

/// Who acts when a provider says who somebody is: its account.
pub(super) fn account_of(tx: &mut Tx<'_>, row: &IdpRow) -> Result<Actor> {
    let found = super::company_names(tx, &[&row.account])?.pop();
    match found.filter(|(.., status)| *status == AccountStatus::Active) {
        Some((id, name, role, _)) => Ok(Actor::system(id, name, role)),
        None => Err(not_covered(row).into()),
    }
}

/// Makes somebody a member whom the provider knows by an address of a domain of the account.
pub(super) fn join(
    tx: &mut Tx<'_>,
    system: &Actor,
    row: &IdpRow,
    (email, identity): (&Email, &Identity),
) -> Result<UserId> {
    // Whom it means by the subject is no active member, or they would have come in by it.
    if let Some(user) = store::subject_of(tx, &row.id, &identity.subject)?
        && let Some(member) = store::members(tx, system, &[user.to_string()])?.pop()
    {
        return Err(kept_out(row, member.status).into());
    }
    let known = store::credentials(tx, &email.folded())?;
    let before = match &known {
        Some(who) => store::members(tx, system, &[who.id.to_string()])?.pop().map(|member| member.status),
        None => None,
    };
    match before {
        None => {
            if store::member_count(tx, system)? >= tx.limits().users {
                let text =
                    "The account of {provider} has as many users as it may have. Ask an administrator to remove one.";
                return Err(refused(row, Text::new(text)).into());
            }
        }
        Some(MemberStatus::Invited) => {}
        Some(status) => return Err(kept_out(row, status).into()),
    }
    let user = match known {
        Some(who) => {
            unclaimed(tx, row, &who.id)?;
            who.id
        }
        // The provider's word that the address is theirs counts in its account alone.
        None => store::insert_person(tx, &name(email, identity), email, None, false, Events::created(tx.at(), None))?,
    };
    store::put_membership(tx, &row.account, &user, MemberStatus::Active)?;
    store::end_links(tx, LinkPurpose::Join, &user, Some(&row.account))?;
    if let Some(group) = row.join_group.as_ref().filter(|_| before.is_none() && row.groups_claim.is_empty()) {
        store::put_into_group(tx, group, &user, None)?;
    }
    let text = Text::new("{email} joined by {provider}").arg("email", email).arg("provider", &row.name);
    note(tx, system, (&row.account, &user), ["account.member_joined", "person.joined"], text, vec![])?;
    Ok(user)
}

/// Refuses somebody who is registered with a password that anybody may have made up for the address.
fn unclaimed(tx: &mut Tx<'_>, row: &IdpRow, user: &UserId) -> Result<()> {
    // Somebody may complete a registration at this moment.
    db::lock(tx, "person", user.as_str())?;
    let who = store::credentials_of(tx, user)?;
    if who.is_some_and(|who| who.password.is_some() && who.proven_at.is_none()) {
        let text = "Your address is registered here with a password, and nobody has shown yet that they read its mail. Choose \
                    \"Forgot your password?\" on the sign-in page, set a new one, and come in by {provider} again.";
        return Err(refused(row, Text::new(text)).into());
    }
    Ok(())
}

fn kept_out(row: &IdpRow, status: MemberStatus) -> crate::kit::Refusal {
    let text = match status {
        MemberStatus::Inactive => {
            "You were deactivated in the account of {provider}. An administrator of it can let you work again."
        }
        MemberStatus::Expired => {
            "Your invitation into the account of {provider} has ended. An administrator of it can send it again."
        }
        MemberStatus::Active | MemberStatus::Invited => NOBODY,
    };
    refused(row, Text::new(text))
}

/// What somebody is called: as the provider says, or by their address.
fn name(email: &Email, identity: &Identity) -> String {
    let said = identity.name.as_deref().unwrap_or_default();
    let words = said.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let named = words.collect::<Vec<_>>().join(" ");
    let of_address = email.as_str().split('@').next().unwrap_or_default();
    let named = if named.is_empty() { of_address } else { named.as_str() };
    named.chars().take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

/// Puts a member into the groups that the provider says, and takes them out of others that it could say.
pub(super) fn regroup(tx: &mut Tx<'_>, system: &Actor, row: &IdpRow, user: &UserId, told: &[String]) -> Result<()> {
    let (groups, powers, seat) = (store::groups(tx, system)?, store::powers(tx, system)?, system.company()?);
    let manages = |id: &GroupId| powers.get(id).is_some_and(|given| given.holds(Module::Account, Level::Manage));
    let known = |group: &store::GroupRow| Known {
        id: group.id.clone(),
        external_id: group.external_id.clone(),
        manages: manages(&group.id),
    };
    let all: Vec<Known> = groups.iter().map(known).collect();
    let ids = [user.to_string()];
    let theirs: Vec<GroupId> = store::groups_of_members(tx, system, &ids)?.into_iter().map(|(_, id, _)| id).collect();
    let hands = store::hands(tx, system)?;
    let last = !hands.iter().any(|hand| hand.user != *user && hand.manages());
    let Some(Regrouped { add, remove, kept }) = sso_groups::regroup(&all, &theirs, told, row.join_group.as_ref(), last)
    else {
        let text = "{provider} names no group of yours that this account knows, and every user is in one at least. Ask an administrator \
                    of the account for the external id of a group, or for a default group.";
        return Err(refused(row, Text::new(text)).into());
    };
    let email = store::credentials_of(tx, user)?.map(|who| who.email).unwrap_or_default();
    for group in groups.iter().filter(|group| add.contains(&group.id)) {
        store::put_into_group(tx, &group.id, user, None)?;
        let text = Text::new("{provider} put {email} into group {group}").arg("provider", &row.name);
        moved(tx, system, seat, (group, &email, user), ["group.member_added", "person.group_added"], text)?;
    }
    for group in groups.iter().filter(|group| remove.contains(&group.id)) {
        store::take_from_group(tx, &group.id, user)?;
        let text = Text::new("{provider} took {email} out of group {group}").arg("provider", &row.name);
        moved(tx, system, seat, (group, &email, user), ["group.member_removed", "person.group_removed"], text)?;
    }
    for group in groups.iter().filter(|group| kept.contains(&group.id)) {
        let text =
            "{provider} does not name group {group} of {email}, who stays in it: nobody else can manage the account";
        let text = Text::new(text).arg("provider", &row.name).arg("group", &group.name).arg("email", &email);
        note(tx, system, (&row.account, user), ["account.sso_administrator_kept", "person.group_kept"], text, vec![])?;
    }
    people::still_managed(&hands, &store::hands(tx, system)?)?;
    Ok(())
}
