//! What becomes of a membership: its groups and tags, its invitation, whether it works; and the mark of its address.

use super::super::model::MemberStatus;
use super::super::model::people::{self, ContactTag, MemberVerb};
use super::super::store::{self, MemberRow, Overdue, Standing};
use super::Door;
use super::managing::managing;
use super::members::{check_groups, note, one_member, send_invitation};
use crate::db::{self, Result, Tx};
use crate::flows::accounts::model::LinkPurpose;
use crate::jobs::blocklist;
use crate::journal::{self, Change};
use crate::kit::{Actor, Email, GroupId, Permissions, Problems, Refusal, Seat, Text, UserId};

/// What a membership is changed to; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct MemberWords {
    /// The groups.
    pub groups: Option<Vec<GroupId>>,
    /// For what partners may turn to the member.
    pub tags: Option<Vec<ContactTag>>,
}

/// Changes the groups and tags of a member of the own company.
pub fn edit_member(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: &UserId,
    revision: Option<i64>,
    words: &MemberWords,
) -> Result<()> {
    managing(tx, actor, |tx, actor, seat| {
        let member = one_member(tx, actor, user)?;
        journal::unchanged(tx, actor, ("person", user.as_str()), "user", (revision, member.revision))?;
        let ids = [user.to_string()];
        let mut changes = vec![];
        if let Some(groups) = &words.groups {
            changes.extend(regroup(tx, actor, seat, user, groups)?);
        }
        if let Some(tags) = &words.tags {
            let mut tags = tags.clone();
            tags.sort();
            tags.dedup();
            let old: Vec<ContactTag> =
                store::tags_of_members(tx, actor, &ids)?.into_iter().map(|(_, tag)| tag).collect();
            let said = |tags: &[ContactTag]| tags.iter().map(|t| t.title()).collect::<Vec<_>>().join(", ");
            if let Some(change) = Change::of("Contact for", said(&old), said(&tags)) {
                store::set_tags(tx, &seat.account, user, &tags)?;
                changes.push(change);
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        store::touch_membership(tx, &seat.account, user)?;
        let text = Text::new("{email} was changed").arg("email", &member.email);
        note(tx, actor, (&seat.account, user), ["account.member_changed", "person.membership_changed"], text, changes)
            .map(drop)
    })
}

/// Puts a member into these groups and takes them out of all others.
fn regroup(tx: &mut Tx<'_>, actor: &Actor, seat: &Seat, user: &UserId, wanted: &[GroupId]) -> Result<Option<Change>> {
    let old = store::groups_of_members(tx, actor, &[user.to_string()])?;
    let before: Vec<GroupId> = old.iter().map(|(_, id, _)| id.clone()).collect();
    let mut problems = Problems::default();
    check_groups(tx, actor, seat, (&before, wanted), &mut problems)?;
    problems.done()?;
    for group in before.iter().filter(|group| !wanted.contains(group)) {
        store::take_from_group(tx, group, user)?;
    }
    for group in wanted.iter().filter(|group| !before.contains(group)) {
        store::put_into_group(tx, group, user, actor.by())?;
    }
    let new = store::groups_of_members(tx, actor, &[user.to_string()])?;
    let said = |all: &[(UserId, GroupId, String)]| all.iter().map(|(.., n)| n.as_str()).collect::<Vec<_>>().join(", ");
    Ok(Change::of("Groups", said(&old), said(&new)))
}

/// Sends an invitation again, takes it back, deactivates or activates a member of the own company.
pub fn change_member(tx: &mut Tx<'_>, actor: &Actor, user: &UserId, verb: MemberVerb, door: &Door<'_>) -> Result<()> {
    managing(tx, actor, |tx, actor, seat| {
        let member = one_member(tx, actor, user)?;
        let Some(to) = verb.next(member.status) else { return Err(verb.not_now(&member.email).into()) };
        if matches!(verb, MemberVerb::Reinvite | MemberVerb::Activate) {
            may_return(tx, actor, seat, user)?;
        }
        store::set_standing(tx, &seat.account, user, Standing { status: to, expires_at: None })?;
        if verb == MemberVerb::Revoke {
            store::end_links(tx, LinkPurpose::Join, user, Some(&seat.account))?;
        }
        let (verbs, text) = told(verb);
        let changes = Change::word("Status", member.status, to).into_iter().collect();
        let text = text.arg("email", &member.email);
        let entry = note(tx, actor, (&seat.account, user), verbs, text, changes)?;
        if verb == MemberVerb::Reinvite {
            invited_again(tx, seat, &member, entry, door)?;
        }
        Ok(())
    })
}

/// Whoever lets somebody in again gives what their groups may do by now.
fn may_return(tx: &mut Tx<'_>, actor: &Actor, seat: &Seat, user: &UserId) -> Result<()> {
    let powers = store::powers(tx, actor)?;
    let mut theirs = Permissions::default();
    for (_, group, _) in store::groups_of_members(tx, actor, &[user.to_string()])? {
        powers.get(&group).into_iter().flat_map(Permissions::modules).for_each(|(m, l)| theirs.grant(m, l));
    }
    let lacking = people::beyond(&seat.permissions, &Permissions::default(), &theirs);
    if lacking.is_empty() { Ok(()) } else { Err(Refusal::forbidden(people::cannot_give(&lacking)).into()) }
}

fn told(verb: MemberVerb) -> ([&'static str; 2], Text) {
    match verb {
        MemberVerb::Reinvite => {
            (["account.member_reinvited", "person.reinvited"], Text::new("{email} was invited again"))
        }
        MemberVerb::Revoke => (
            ["account.invitation_revoked", "person.invitation_revoked"],
            Text::new("The invitation of {email} was revoked"),
        ),
        MemberVerb::Activate => {
            (["account.member_activated", "person.membership_activated"], Text::new("{email} was activated"))
        }
        MemberVerb::Deactivate => {
            (["account.member_deactivated", "person.membership_deactivated"], Text::new("{email} was deactivated"))
        }
    }
}

fn invited_again(tx: &mut Tx<'_>, seat: &Seat, member: &MemberRow, entry: i64, door: &Door<'_>) -> Result<()> {
    match Email::parse(&member.email) {
        Some(address) => send_invitation(tx, seat, (&member.id, &member.name, &address), entry, door),
        None => Ok(()),
    }
}

/// Takes away the mark of a member's address that a mail server refused: mail goes to it again.
pub fn unblock_address(tx: &mut Tx<'_>, actor: &Actor, user: &UserId) -> Result<()> {
    managing(tx, actor, |tx, actor, seat| {
        let member = one_member(tx, actor, user)?;
        let gone = match Email::parse(&member.email) {
            Some(address) => blocklist::unblock(tx, &address)?,
            None => false,
        };
        if !gone {
            let text = Text::new("Mail goes to {email} already: no mail server has refused it.");
            return Err(Refusal::state(text.arg("email", &member.email)).into());
        }
        let text = Text::new("Mail goes to {email} again").arg("email", &member.email);
        let changes = Change::of("Refused by the mail server", member.blocked_for.unwrap_or_default(), "");
        let verbs = ["account.address_unblocked", "person.address_unblocked"];
        note(tx, actor, (&seat.account, user), verbs, text, changes.into_iter().collect()).map(drop)
    })
}

/// Ends invitations whose time is over, at most `limit`; gives how many.
pub fn expire_invitations(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let all = store::overdue(tx, limit)?;
    for Overdue { account_id, account_name, role, user_id, email } in &all {
        let actor = Actor::system(account_id.clone(), account_name.clone(), *role);
        db::lock(tx, "account", account_id.as_str())?;
        // Somebody may have joined, or been invited again, since this began to look.
        let member = store::members(tx, &actor, &[user_id.to_string()])?.pop();
        if member.is_none_or(|m| m.status != MemberStatus::Expired) {
            continue;
        }
        store::set_standing(tx, account_id, user_id, Standing { status: MemberStatus::Expired, expires_at: None })?;
        let text = Text::new("The invitation of {email} expired").arg("email", email);
        let verbs = ["account.invitation_expired", "person.invitation_expired"];
        note(tx, &actor, (account_id, user_id), verbs, text, vec![])?;
    }
    Ok(all.len())
}
