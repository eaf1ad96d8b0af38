//! `/accounts/{id}/groups`, `/modules` of the API.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::actions;
use super::super::model::people::GroupWords;
use super::super::store::{self, Grant, GroupRow};
use super::own;
use super::people::{user_of, users_of};
use crate::db::{Result, Tx};
use crate::kit::{
    Actor, Events, GroupId, Level, Module, ModuleId, NamedRef, Permissions, Problems, Refusal, Text, Time, UserId,
};
use crate::rest::{Caller, Error, Fields};

type Answer = std::result::Result<HttpResponse, Error>;

/// A group on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Group {
    id: String,
    name: String,
    description: String,
    color: Option<String>,
    external_id: Option<String>,
    revision: i64,
    permissions: Vec<GroupPermission>,
    stats: GroupStats,
    events: Events,
}

/// How many are in a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupStats {
    users: i64,
}

/// What a group may do in a module.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupPermission {
    id: String,
    object: NamedRef,
    level: Level,
    events: Granted,
}

/// When something was given.
#[derive(Debug, Serialize, ToSchema)]
pub struct Granted {
    #[serde(skip_serializing_if = "Option::is_none")]
    granted: Option<GrantedStamp>,
}

/// When something was given, and by whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantedStamp {
    at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<NamedRef>,
}

impl From<Grant> for GroupPermission {
    fn from(grant: Grant) -> Self {
        let id = grant.module.id().to_owned();
        let granted = grant.at.map(|at| GrantedStamp { at, by: grant.by.map(|by| by.0) });
        Self {
            object: NamedRef { id: id.clone(), name: grant.module.title().to_owned() },
            id,
            level: grant.level,
            events: Granted { granted },
        }
    }
}

/// Groups of the own company, by their ids.
pub fn groups_of(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Group>> {
    let rows = crate::db::in_order(ids, store::groups(tx, actor)?, |g| g.id.as_str());
    let (mut grants, sizes) = (store::grants(tx, actor, ids)?, store::group_sizes(tx, actor)?);
    let mut group = |row: GroupRow| {
        let own: Vec<Grant> = grants.extract_if(.., |grant| grant.group == row.id).collect();
        Group {
            permissions: own.into_iter().map(GroupPermission::from).collect(),
            stats: GroupStats { users: sizes.get(&row.id).copied().unwrap_or(0) },
            id: row.id.to_string(),
            name: row.name,
            description: row.description,
            color: row.color,
            external_id: row.external_id,
            revision: row.revision,
            events: row.events.0,
        }
    };
    Ok(rows.into_iter().map(&mut group).collect())
}

fn group_of(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Group> {
    groups_of(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("group", id).into())
}

fn group_id(text: &str) -> std::result::Result<GroupId, Refusal> {
    GroupId::parse(text).ok_or_else(|| Refusal::not_found("group", text))
}

/// The groups of the own company.
pub async fn groups(caller: Caller, path: web::Path<String>) -> Answer {
    own(caller.actor(), &path)?;
    caller.list(&store::GROUPS, move |tx, actor, ids, _| groups_of(tx, actor, ids)).await
}

/// One group of the own company.
pub async fn one_group(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, group) = path.into_inner();
    own(caller.actor(), &id)?;
    caller.one(move |tx, actor| group_of(tx, actor, &group)).await
}

/// Puts what a body says over the words there are: an absent key leaves them, null empties them.
fn words(fields: &Fields, mut words: GroupWords) -> std::result::Result<GroupWords, Refusal> {
    let mut problems = Problems::default();
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    if let Some(name) = fields.text_or_empty("name", &mut problems) {
        words.name = name;
    }
    if let Some(text) = fields.text_or_empty("description", &mut problems) {
        words.description = text;
    }
    if let Some(color) = fields.text_or_empty("color", &mut problems) {
        words.color = filled(color);
    }
    if let Some(id) = fields.text_or_empty("external_id", &mut problems) {
        words.external_id = filled(id);
    }
    problems.done().map(|()| words)
}

/// Makes a group that may do nothing yet.
pub async fn create_group(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(201, move |tx, actor| {
            own(actor, &id)?;
            let words = words(&fields, GroupWords::default())?;
            let made = actions::create_group(tx, actor, words, None)?;
            group_of(tx, actor, made.as_str())
        })
        .await
}

/// Changes what is said about a group.
pub async fn edit_group(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let ((id, group), fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(200, move |tx, actor| {
            own(actor, &id)?;
            let mut problems = Problems::default();
            let revision = fields.whole("revision", &mut problems);
            problems.done()?;
            actions::edit_group(tx, actor, &group_id(&group)?, revision, |old| words(&fields, old))?;
            group_of(tx, actor, &group)
        })
        .await
}

/// Deletes a group.
pub async fn delete_group(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, group) = path.into_inner();
    caller
        .act_empty(move |tx, actor| {
            own(actor, &id)?;
            actions::delete_group(tx, actor, &group_id(&group)?)
        })
        .await
}

/// What a group may do.
pub async fn group_permissions(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, group) = path.into_inner();
    own(caller.actor(), &id)?;
    let held = caller
        .read(move |tx, actor| {
            actions::group(tx, actor, &group_id(&group)?)?;
            Ok(store::grants(tx, actor, &[group])?.into_iter().map(GroupPermission::from).collect::<Vec<_>>())
        })
        .await?;
    caller.whole(&held)
}

/// The module that a body names.
fn module_in(fields: &Fields) -> std::result::Result<Module, Refusal> {
    let mut problems = Problems::default();
    let object = fields.object("object", &mut problems);
    let named = object.as_ref().and_then(|o| o.text("id", &mut problems)).or_else(|| fields.text("id", &mut problems));
    problems.done()?;
    let Some(named) = named else {
        return Err(Refusal::field(
            "object.id",
            Text::new("Name the module: {{\"object\": {{\"id\": \"MD-0006\"}}. See /modules."),
        ));
    };
    module(&named).ok_or_else(|| {
        Refusal::field("object.id", Text::new("There is no module {id}. See /modules.").arg("id", &named))
    })
}

/// The level that a body names; manage if it names none, as clients do that know no levels.
fn level_in(fields: &Fields) -> std::result::Result<Level, Refusal> {
    let mut problems = Problems::default();
    let named = fields.text("level", &mut problems);
    problems.done()?;
    let Some(named) = named else { return Ok(Level::Manage) };
    Level::parse(&named).ok_or_else(|| {
        Refusal::field(
            "level",
            Text::new("There is no level {level}. There are: read, act, manage.").arg("level", &named),
        )
    })
}

/// Lets a group use a module, at the level of the body.
pub async fn add_permission(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let ((id, group), fields) = (path.into_inner(), caller.fields()?);
    let (module, level) = (module_in(&fields)?, level_in(&fields)?);
    caller
        .act(201, move |tx, actor| {
            own(actor, &id)?;
            change(tx, actor, &group, module, Some(level))?;
            let held = store::grants(tx, actor, std::slice::from_ref(&group))?;
            let given = held.into_iter().find(|grant| grant.module == module).map(GroupPermission::from);
            given.ok_or_else(|| Refusal::not_found("permission", module.id()).into())
        })
        .await
}

fn change(tx: &mut Tx<'_>, actor: &Actor, group: &str, module: Module, level: Option<Level>) -> Result<()> {
    actions::set_permissions(tx, actor, &group_id(group)?, None, |held| {
        let mut wanted: Permissions = held.clone();
        wanted.set(module, level);
        wanted
    })
}

/// Takes a module away from a group.
pub async fn remove_permission(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let ((id, group), module) = (path.into_inner(), module_in(&caller.fields()?)?);
    caller
        .act_empty(move |tx, actor| {
            own(actor, &id)?;
            change(tx, actor, &group, module, None)
        })
        .await
}

/// The users in a group.
pub async fn group_users(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, group) = path.into_inner();
    own(caller.actor(), &id)?;
    let known = group_id(&group)?;
    let asked = known.clone();
    caller.read(move |tx, actor| actions::group(tx, actor, &asked).map(drop)).await?;
    caller
        .list_within(&store::GROUP_USERS, vec![("group", group)], move |tx, actor, ids, _| {
            let added = store::added(tx, actor, &known, ids)?;
            let mut users = users_of(tx, actor, ids)?;
            for user in &mut users {
                let how = added.iter().find(|how| user.is(&how.user));
                if let Some((at, how)) = how.and_then(|how| Some((how.at?, how))) {
                    user.added(at, how.by.as_ref().map(|by| by.0.clone()));
                }
            }
            Ok(users)
        })
        .await
}

/// The user that a body names.
fn user_in(fields: &Fields) -> std::result::Result<UserId, Refusal> {
    let mut problems = Problems::default();
    let named = fields.required("id", 48, &mut problems);
    problems.done()?;
    UserId::parse(&named).ok_or_else(|| {
        Refusal::field("id", Text::new("{id} is not the id of a user, like UR-123-456-789.").arg("id", &named))
    })
}

/// Adds a user to a group.
pub async fn add_group_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let ((id, group), user) = (path.into_inner(), user_in(&caller.fields()?)?);
    caller
        .act(201, move |tx, actor| {
            own(actor, &id)?;
            actions::add_to_group(tx, actor, &group_id(&group)?, &user)?;
            user_of(tx, actor, user.as_str())
        })
        .await
}

/// Takes a user out of a group.
pub async fn remove_group_user(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let ((id, group), user) = (path.into_inner(), user_in(&caller.fields()?)?);
    caller
        .act_empty(move |tx, actor| {
            own(actor, &id)?;
            actions::remove_from_group(tx, actor, &group_id(&group)?, &user)
        })
        .await
}

/// A module behind its id or its word.
fn module(named: &str) -> Option<Module> {
    ModuleId::parse(named).and_then(|id| Module::by_id(&id)).or_else(|| Module::parse(named))
}

fn module_ref(module: Module) -> NamedRef {
    NamedRef { id: module.id().to_owned(), name: module.title().to_owned() }
}

/// Every module.
pub async fn modules(caller: Caller) -> Answer {
    let all: Vec<NamedRef> = Module::ALL.iter().copied().map(module_ref).collect();
    caller.whole(&all)
}

/// One module.
pub async fn one_module(caller: Caller, path: web::Path<String>) -> Answer {
    let named = path.into_inner();
    let found = module(&named).ok_or_else(|| Refusal::not_found("module", &named))?;
    caller.one(move |_, _| Ok(module_ref(found))).await
}
