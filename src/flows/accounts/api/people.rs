//! `/accounts/{id}/users`, `/users` of the API.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::actions::{self, Door, Invitation, MemberWords};
use super::super::model::people::{self, ContactTag, MemberVerb};
use super::super::model::{Company, MemberStatus};
use super::super::store::{self, GroupRow, MemberRow};
use super::own;
use crate::db::{Result, Tx};
use crate::kit::{Actor, Events, GroupId, Level, Module, NamedRef, Problems, Refusal, Role, Text, Time, UserId};
use crate::rest::{Caller, Error, Fields};

type Answer = std::result::Result<HttpResponse, Error>;

/// A user of a company on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    id: String,
    name: String,
    icon: Option<String>,
    email: String,
    active: bool,
    status: MemberStatus,
    timezone: String,
    notifications: bool,
    announcements: bool,
    blocklisted: bool,
    groups: Vec<NamedRef>,
    tags: Vec<NamedRef>,
    events: Events,
}

impl User {
    /// Whether it is this one.
    pub(super) fn is(&self, id: &UserId) -> bool {
        *id == *self.id
    }

    /// As a member of a group: when they were added to it, and by whom.
    pub(super) fn added(&mut self, at: Time, by: Option<NamedRef>) {
        self.events.stamp("added", at, by);
    }
}

/// Users of the own company, by their ids.
pub fn users_of(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<User>> {
    let members = store::members(tx, actor, ids)?;
    let groups = store::groups_of_members(tx, actor, ids)?;
    let tags = store::tags_of_members(tx, actor, ids)?;
    Ok(members.into_iter().map(|m| user(m, &groups, &tags)).collect())
}

fn tag(tag: ContactTag) -> NamedRef {
    NamedRef { id: tag.to_string(), name: tag.title().to_owned() }
}

fn user(row: MemberRow, groups: &[(UserId, GroupId, String)], tags: &[(UserId, ContactTag)]) -> User {
    let mut events = row.events.0;
    events.stamp("invited", row.since, row.invited_by.map(|by| by.0));
    if let Some(at) = row.activated_at {
        events.stamp("activated", at, None);
    }
    if let Some(at) = row.signed_in_at {
        events.stamp("signed", at, None);
    }
    User {
        active: row.status == MemberStatus::Active,
        groups: groups
            .iter()
            .filter(|(u, ..)| *u == row.id)
            .map(|(_, g, name)| NamedRef { id: g.to_string(), name: name.clone() })
            .collect(),
        tags: tags.iter().filter(|(u, _)| *u == row.id).map(|(_, t)| tag(*t)).collect(),
        id: row.id.to_string(),
        name: row.name,
        icon: row.icon,
        email: row.email,
        status: row.status,
        timezone: row.timezone.unwrap_or_else(|| "UTC".to_owned()),
        notifications: true,
        announcements: false,
        blocklisted: row.blocked_at.is_some(),
        events,
    }
}

/// One user of the own company.
pub(super) fn user_of(tx: &mut Tx<'_>, actor: &Actor, user: &str) -> Result<User> {
    let found = users_of(tx, actor, &[user.to_owned()])?.pop();
    found.ok_or_else(|| Refusal::not_found("user", user).into())
}

/// The id of a user in a path.
pub(super) fn user_id(text: &str) -> std::result::Result<UserId, Refusal> {
    UserId::parse(text).ok_or_else(|| Refusal::not_found("user", text))
}

/// The users of the own company.
pub async fn users(caller: Caller, path: web::Path<String>) -> Answer {
    own(caller.actor(), &path)?;
    caller.list(&store::USERS, move |tx, actor, ids, _| users_of(tx, actor, ids)).await
}

/// One user of the own company.
pub async fn one_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, user) = path.into_inner();
    own(caller.actor(), &id)?;
    caller.one(move |tx, actor| user_of(tx, actor, &user)).await
}

/// The ids in a list of references; notes those that are none.
fn ids_in<T>(
    fields: &Fields,
    name: &str,
    problems: &mut Problems,
    read: impl Fn(&str) -> Option<T>,
    wrong: &'static str,
) -> Option<Vec<T>> {
    let list = fields.list(name, 500, problems)?;
    let mut ids = vec![];
    for entry in list {
        let text = entry.required("id", 48, problems);
        match read(&text) {
            Some(id) => ids.push(id),
            None if text.is_empty() => {}
            None => problems.add(&entry.path("id"), Text::new(wrong).arg("id", &text)),
        }
    }
    Some(ids)
}

fn groups_in(fields: &Fields, problems: &mut Problems) -> Option<Vec<GroupId>> {
    ids_in(fields, "groups", problems, GroupId::parse, "{id} is not the id of a group, like UG-123-456-789.")
}

fn tags_in(fields: &Fields, problems: &mut Problems) -> Option<Vec<ContactTag>> {
    const WRONG: &str = "There is no tag {id}. There are: technical, business, billing, legal, security.";
    ids_in(fields, "tags", problems, ContactTag::parse, WRONG)
}

/// Invites a user.
pub async fn invite(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    let services = caller.services().clone();
    caller
        .act(201, move |tx, actor| {
            own(actor, &id)?;
            let mut problems = Problems::default();
            let new = Invitation {
                email: fields.required("email", 254, &mut problems),
                name: fields.required("name", 128, &mut problems),
                groups: groups_in(&fields, &mut problems).unwrap_or_default(),
                tags: tags_in(&fields, &mut problems).unwrap_or_default(),
            };
            problems.done()?;
            let user = actions::invite(tx, actor, &new, &Door { deployment: &services.secret })?;
            user_of(tx, actor, user.as_str())
        })
        .await
}

/// Changes the groups and tags of a user of the own company, and whether they can work in it.
pub async fn edit_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let ((id, user), fields) = (path.into_inner(), caller.fields()?);
    let services = caller.services().clone();
    caller
        .act(200, move |tx, actor| {
            own(actor, &id)?;
            let (known, mut problems) = (user_id(&user)?, Problems::default());
            let words =
                MemberWords { groups: groups_in(&fields, &mut problems), tags: tags_in(&fields, &mut problems) };
            let active = fields.flag("active", &mut problems);
            problems.done()?;
            actions::edit_member(tx, actor, &known, None, &words)?;
            let now = user_of(tx, actor, &user)?;
            if let Some(active) = active.filter(|wanted| *wanted != now.active) {
                let verb = if active { MemberVerb::Activate } else { MemberVerb::Deactivate };
                actions::change_member(tx, actor, &known, verb, &Door { deployment: &services.secret })?;
            }
            user_of(tx, actor, &user)
        })
        .await
}

async fn verb(caller: Caller, path: web::Path<(String, String)>, verb: MemberVerb) -> Answer {
    let (id, user) = path.into_inner();
    let services = caller.services().clone();
    caller
        .act(200, move |tx, actor| {
            own(actor, &id)?;
            actions::change_member(tx, actor, &user_id(&user)?, verb, &Door { deployment: &services.secret })?;
            user_of(tx, actor, &user)
        })
        .await
}

/// Lets a deactivated user work again.
pub async fn activate_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    verb(caller, path, MemberVerb::Activate).await
}

/// Keeps a user out for a while.
pub async fn deactivate_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    verb(caller, path, MemberVerb::Deactivate).await
}

/// Sends an invitation again.
pub async fn reinvite_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    verb(caller, path, MemberVerb::Reinvite).await
}

/// Takes an invitation back.
pub async fn revoke_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    verb(caller, path, MemberVerb::Revoke).await
}

/// Sends mail to an address again that a mail server has refused.
pub async fn unblock_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, user) = path.into_inner();
    caller
        .act(200, move |tx, actor| {
            own(actor, &id)?;
            actions::unblock_address(tx, actor, &user_id(&user)?)?;
            user_of(tx, actor, &user)
        })
        .await
}

/// Takes a user out of the own company.
pub async fn remove_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, user) = path.into_inner();
    caller
        .act_empty(move |tx, actor| {
            own(actor, &id)?;
            actions::remove_member(tx, actor, &user_id(&user)?)
        })
        .await
}

/// A group that gives a level.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelSource {
    id: String,
    name: String,
    level: Level,
}

/// What a user may do in one module, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectivePermission {
    id: String,
    name: String,
    level: Option<Level>,
    allows: String,
    groups: Vec<LevelSource>,
    more: Vec<LevelSource>,
}

/// What a user may do in the own company, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Effective {
    user: NamedRef,
    account: NamedRef,
    status: MemberStatus,
    permissions: Vec<EffectivePermission>,
}

fn sources(all: Vec<(GroupId, String, Level)>) -> Vec<LevelSource> {
    all.into_iter().map(|(id, name, level)| LevelSource { id: id.to_string(), name, level }).collect()
}

/// What a user of the own company may do, module by module: the level, the groups that give it, and the groups that would
/// give more. Somebody whose status is not active may do nothing until it is.
pub async fn effective(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, user) = path.into_inner();
    caller
        .one(move |tx, actor| {
            own(actor, &id)?;
            let seat = actor.need(Module::Account, Level::Read)?;
            let account = NamedRef { id: seat.account.to_string(), name: seat.name.clone() };
            let known = user_of(tx, actor, &user)?;
            let active = known.active;
            let permission = |ground: people::Ground| {
                let level = ground.level.filter(|_| active);
                EffectivePermission {
                    id: ground.module.id().to_owned(),
                    name: ground.module.title().to_owned(),
                    allows: level.map_or("", |level| people::allows(ground.module, level)).to_owned(),
                    level,
                    groups: sources(ground.from),
                    more: sources(ground.more),
                }
            };
            let grounds = people::grounds(&actions::sources(tx, actor, &user_id(&user)?)?);
            Ok(Effective {
                user: NamedRef { id: known.id, name: known.name },
                account,
                status: known.status,
                permissions: grounds.into_iter().map(permission).collect(),
            })
        })
        .await
}

/// The people of the own company.
pub async fn people(caller: Caller) -> Answer {
    caller.list(&store::USERS, move |tx, actor, ids, _| users_of(tx, actor, ids)).await
}

/// Somebody who works in the own company.
pub async fn person(caller: Caller, path: web::Path<String>) -> Answer {
    caller.one(move |tx, actor| user_of(tx, actor, &path)).await
}

/// A company in which a user works.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserAccount {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    role: Role,
    external_id: String,
    groups: Vec<UserGroup>,
    events: Events,
}

/// A group of a user.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserGroup {
    id: String,
    name: String,
    description: String,
    revision: i64,
}

fn account_of(tx: &mut Tx<'_>, actor: &Actor, user: &str) -> Result<UserAccount> {
    let theirs = user_of(tx, actor, user)?.groups;
    let own = store::groups(tx, actor)?.into_iter().filter(|group| theirs.iter().any(|known| group.id == *known.id));
    let group = |row: GroupRow| UserGroup {
        id: row.id.to_string(),
        name: row.name,
        description: row.description,
        revision: row.revision,
    };
    let groups = own.map(group).collect();
    let Company { id, name, role, external_id, events, .. } = store::own_account(tx, actor)?;
    Ok(UserAccount {
        id: id.to_string(),
        name,
        kind: role.wire_type().to_owned(),
        role,
        external_id: external_id.unwrap_or_default(),
        groups,
        events,
    })
}

/// The companies in which a user works, as far as the caller belongs to them: the own one.
pub async fn user_accounts(caller: Caller, path: web::Path<String>) -> Answer {
    let user = path.into_inner();
    let own = caller.read(move |tx, actor| account_of(tx, actor, &user)).await?;
    caller.whole(&[own])
}

/// The own company, as one of those in which a user works.
pub async fn user_account(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (user, id) = path.into_inner();
    caller
        .one(move |tx, actor| {
            own(actor, &id)?;
            account_of(tx, actor, &user)
        })
        .await
}
