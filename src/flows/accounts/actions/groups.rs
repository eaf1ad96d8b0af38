//! Groups of a company: what they may do, and who is in them.

use super::super::model::people::{self, GroupWords, Source};
use super::super::store::{self, GroupRow};
use super::managing::managing;
use super::members::one_member;
use crate::db::{Result, Tx};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{Actor, Events, GroupId, Level, Module, Permissions, Problems, Refusal, Seat, Text, UserId};

/// A group of the own company, or that there is none.
pub fn group(tx: &mut Tx<'_>, actor: &Actor, id: &GroupId) -> Result<GroupRow> {
    store::group(tx, actor, id)?.ok_or_else(|| Refusal::not_found("group", id).into())
}

fn good_words(tx: &mut Tx<'_>, actor: &Actor, own: Option<&GroupId>, words: GroupWords) -> Result<GroupWords> {
    let mut problems = Problems::default();
    let words = words.checked(&mut problems);
    for other in store::groups_in_the_way(tx, actor, own, &words)? {
        problems.check(!other.name, "name", || {
            Text::new("This account has a group of this name already: {id}. Choose another name.").arg("id", &other.id)
        });
        problems.check(!other.external_id, "external_id", || {
            Text::new("The group {id} has this external id already. Choose another one.").arg("id", &other.id)
        });
    }
    problems.done()?;
    Ok(words)
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &GroupId,
    verb: &'static str,
    text: Text,
    changes: Vec<Change>,
) -> Result<()> {
    let entry = Entry::new("group", id, verb, text).audience(Audience::Own).changes(changes);
    journal::record(tx, actor, entry).map(drop)
}

/// Makes a group. It may do nothing yet, or what another group may.
pub fn create_group(tx: &mut Tx<'_>, actor: &Actor, words: GroupWords, like: Option<&GroupId>) -> Result<GroupId> {
    managing(tx, actor, |tx, actor, seat| {
        let words = good_words(tx, actor, None, words)?;
        let held = match like {
            Some(other) => {
                group(tx, actor, other)?;
                store::powers(tx, actor)?.remove(other).unwrap_or_default()
            }
            None => Permissions::default(),
        };
        people::may_give("like", &seat.permissions, &Permissions::default(), &held)?;
        let count = i64::try_from(store::groups(tx, actor)?.len()).unwrap_or(i64::MAX);
        store::limit(count, tx.limits().groups, "groups")?;
        let events = Events::created(tx.at(), actor.by());
        let id = store::insert_group(tx, &seat.account, &words.name, &words.description, &held, events.clone())?;
        store::update_group(tx, &id, &words, &events)?;
        let text = Text::new("Group {name} was created").arg("name", &words.name);
        record(tx, actor, &id, "group.created", text, level_changes(&Permissions::default(), &held))?;
        Ok(id)
    })
}

/// Changes what is said about a group of the own company; `change` gets what is said now.
pub fn edit_group(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &GroupId,
    revision: Option<i64>,
    change: impl FnOnce(GroupWords) -> std::result::Result<GroupWords, Refusal>,
) -> Result<()> {
    managing(tx, actor, |tx, actor, seat| {
        let old = group(tx, actor, id)?;
        journal::unchanged(tx, actor, ("group", id.as_str()), "group", (revision, old.revision))?;
        let before = words_of(&old);
        let new = good_words(tx, actor, Some(id), change(before.clone())?)?;
        // By this name a provider of single sign-on puts people into the group.
        if new.external_id.is_some() && new.external_id != before.external_id {
            let given = store::powers(tx, actor)?.remove(id).unwrap_or_default();
            people::may_give("external_id", &seat.permissions, &Permissions::default(), &given)?;
        }
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let changes = [
            Change::of("Name", &before.name, &new.name),
            Change::of("Description", &before.description, &new.description),
            Change::of("Colour", text(&before.color), text(&new.color)),
            Change::of("External id", text(&before.external_id), text(&new.external_id)),
        ];
        let changes: Vec<Change> = changes.into_iter().flatten().collect();
        if changes.is_empty() {
            return Ok(());
        }
        store::update_group(tx, id, &new, &stamped(tx, actor, &old))?;
        let text = Text::new("Group {name} was changed").arg("name", &new.name);
        record(tx, actor, id, "group.changed", text, changes)
    })
}

/// What is said about a group that is kept.
pub fn words_of(row: &GroupRow) -> GroupWords {
    GroupWords {
        name: row.name.clone(),
        description: row.description.clone(),
        color: row.color.clone(),
        external_id: row.external_id.clone(),
    }
}

fn stamped(tx: &Tx<'_>, actor: &Actor, group: &GroupRow) -> Events {
    let mut events = group.events.0.clone();
    events.stamp("updated", tx.at(), actor.by());
    events
}

fn level_changes(before: &Permissions, after: &Permissions) -> Vec<Change> {
    let word = |level: Option<Level>| level.map_or("", people::level_word);
    Module::ALL.iter().filter_map(|m| Change::word(m.title(), word(before.level(*m)), word(after.level(*m)))).collect()
}

/// Says anew what a group of the own company may do: `change` gets what it may do now. Nobody gives more than they hold.
pub fn set_permissions(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &GroupId,
    revision: Option<i64>,
    change: impl FnOnce(&Permissions) -> Permissions,
) -> Result<()> {
    managing(tx, actor, |tx, actor, seat| {
        let old = group(tx, actor, id)?;
        journal::unchanged(tx, actor, ("group", id.as_str()), "group", (revision, old.revision))?;
        let before = store::powers(tx, actor)?.remove(id).unwrap_or_default();
        let after = change(&before);
        people::may_give("permissions", &seat.permissions, &before, &after)?;
        let changes = level_changes(&before, &after);
        if changes.is_empty() {
            return Ok(());
        }
        for module in Module::ALL.iter().filter(|m| before.level(**m) != after.level(**m)) {
            store::set_grant(tx, id, *module, after.level(*module), actor.by())?;
        }
        store::touch_group(tx, id, &stamped(tx, actor, &old))?;
        let text = Text::new("The permissions of group {name} were changed").arg("name", &old.name);
        record(tx, actor, id, "group.permissions_changed", text, changes)
    })
}

/// Adds a member of the own company to a group. Nobody gives more than they hold, to themselves neither.
pub fn add_to_group(tx: &mut Tx<'_>, actor: &Actor, id: &GroupId, user: &UserId) -> Result<()> {
    managing(tx, actor, |tx, actor, seat| {
        let group = group(tx, actor, id)?;
        let member = one_member(tx, actor, user)?;
        let given = store::powers(tx, actor)?.remove(id).unwrap_or_default();
        people::may_give("user", &seat.permissions, &Permissions::default(), &given)?;
        if !store::put_into_group(tx, id, user, actor.by())? {
            let text = Text::new("{email} is in the group {group} already.");
            return Err(Refusal::conflict(text.arg("email", &member.email).arg("group", &group.name)).into());
        }
        let text = Text::new("{email} was added to group {group}");
        moved(tx, actor, seat, (&group, &member.email, user), ["group.member_added", "person.group_added"], text)
    })
}

/// Takes a member of the own company out of a group; not out of the only one they are in.
pub fn remove_from_group(tx: &mut Tx<'_>, actor: &Actor, id: &GroupId, user: &UserId) -> Result<()> {
    managing(tx, actor, |tx, actor, seat| {
        let group = group(tx, actor, id)?;
        let member = one_member(tx, actor, user)?;
        if !store::take_from_group(tx, id, user)? {
            return Err(Refusal::not_found("user", user).into());
        }
        if store::groups_of_members(tx, actor, &[user.to_string()])?.is_empty() {
            let text = Text::new(
                "{group} is the only group of {email}, and every user is in one at least. Add another group first, or remove the user.",
            );
            return Err(Refusal::state(text.arg("email", &member.email).arg("group", &group.name)).into());
        }
        let text = Text::new("{email} was taken out of group {group}");
        moved(tx, actor, seat, (&group, &member.email, user), ["group.member_removed", "person.group_removed"], text)
    })
}

/// Notes on the group's timeline and on the member's own who came or went.
pub(super) fn moved(
    tx: &mut Tx<'_>,
    actor: &Actor,
    seat: &Seat,
    (group, email, user): (&GroupRow, &str, &UserId),
    [theirs, own]: [&'static str; 2],
    text: Text,
) -> Result<()> {
    store::touch_membership(tx, &seat.account, user)?;
    let text = text.arg("email", email).arg("group", &group.name);
    record(tx, actor, &group.id, theirs, text.clone(), vec![])?;
    let entry = Entry::new("person", user, own, text).audience(Audience::Account(seat.account.clone()));
    journal::record(tx, actor, entry).map(drop)
}

/// How many users a refusal names.
const NAMED: usize = 5;

/// Deletes a group of the own company. Its members stay in their other groups; nobody may be left without one.
pub fn delete_group(tx: &mut Tx<'_>, actor: &Actor, id: &GroupId) -> Result<()> {
    managing(tx, actor, |tx, actor, _| {
        let old = group(tx, actor, id)?;
        let left: Vec<String> = store::only_in_group(tx, actor, id)?.into_iter().map(String::from).collect();
        if !left.is_empty() {
            let named = &left[..left.len().min(NAMED)];
            let named = store::members(tx, actor, named)?.into_iter().map(|m| Text::data(m.email));
            let text = Text::new(
                "{count|One user is|{count} users are} in no other group, and every user is in one at least: {who:text}{more}. \
                 Give them another group first, or remove them.",
            );
            let more = if left.len() > NAMED { ", …" } else { "" };
            let text = text.arg("count", left.len()).part("who", &Text::listed(named)).arg("more", more);
            return Err(Refusal::state(text).into());
        }
        if let Some(provider) = store::idps_with_group(tx, actor, id)?.first() {
            let text = "{provider} puts people into this group of whom nothing else says where they belong. Choose another group \
                        there first: Account, Single sign-on, the provider.";
            return Err(Refusal::state(Text::new(text).arg("provider", provider)).into());
        }
        let before = store::powers(tx, actor)?.remove(id).unwrap_or_default();
        store::delete_group(tx, id)?;
        let text = Text::new("Group {name} was deleted").arg("name", &old.name);
        record(tx, actor, id, "group.deleted", text, level_changes(&before, &Permissions::default()))
    })
}

/// The groups of the own company as the explanation of a member's permissions needs them.
pub fn sources(tx: &mut Tx<'_>, actor: &Actor, user: &UserId) -> Result<Vec<Source>> {
    let mut powers = store::powers(tx, actor)?;
    let theirs = store::groups_of_members(tx, actor, &[user.to_string()])?;
    let source = |group: GroupRow| Source {
        permissions: powers.remove(&group.id).unwrap_or_default(),
        joined: theirs.iter().any(|(_, id, _)| *id == group.id),
        id: group.id,
        name: group.name,
    };
    Ok(store::groups(tx, actor)?.into_iter().map(source).collect())
}
