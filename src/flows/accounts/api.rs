//! `/accounts`, `/auth/context`, `/auth/tokens`, `/industries`, `/modules` of the API.

mod company;
pub(in crate::flows) mod pictures;

pub use company::{Account, account, accounts, edit_account, industries, industries_of, industry};

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{self, Door, TokenVerb, TokenWords};
use super::model::{MemberStatus, TokenStatus};
use super::store::{self, MemberRow, TokenRow};
use crate::db::{Result, Tx};
use crate::kit::{
    AccountId, Actor, Events, GroupId, Level, Module, NamedRef, Permissions, Problems, Refusal, Text, Time, TokenId,
    UserId,
};
use crate::rest::{Caller, Error, Fields};

fn own(actor: &Actor, id: &str) -> Result<AccountId> {
    let account = actor.account()?;
    if account == id { Ok(account.clone()) } else { Err(Refusal::not_found("account", id).into()) }
}

/// A user of a company on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    id: String,
    name: String,
    email: String,
    active: bool,
    status: MemberStatus,
    timezone: String,
    notifications: bool,
    announcements: bool,
    blocklisted: bool,
    groups: Vec<NamedRef>,
    events: Events,
}

fn users_of(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<User>> {
    let members = store::members(tx, actor, ids)?;
    let groups = store::groups_of_members(tx, actor, ids)?;
    Ok(members.into_iter().map(|m| user(m, &groups)).collect())
}

fn user(row: MemberRow, groups: &[(UserId, GroupId, String)]) -> User {
    let mut events = row.events.0;
    events.stamp("invited", row.since, None);
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
        id: row.id.to_string(),
        name: row.name,
        email: row.email,
        status: row.status,
        timezone: row.timezone.unwrap_or_else(|| "UTC".to_owned()),
        notifications: true,
        announcements: false,
        blocklisted: false,
        events,
    }
}

/// The users of the own company.
pub async fn users(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = path.into_inner();
    own(caller.actor(), &id)?;
    caller.list(&store::USERS, move |tx, actor, ids, _| users_of(tx, actor, ids)).await
}

/// One user of the own company.
pub async fn one_user(caller: Caller, path: web::Path<(String, String)>) -> std::result::Result<HttpResponse, Error> {
    let (id, user) = path.into_inner();
    caller
        .one(move |tx, actor| {
            own(actor, &id)?;
            users_of(tx, actor, std::slice::from_ref(&user))?
                .into_iter()
                .next()
                .ok_or_else(|| Refusal::not_found("user", user).into())
        })
        .await
}

/// Invites a user.
pub async fn invite(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    let services = caller.services().clone();
    caller
        .act(201, move |tx, actor| {
            own(actor, &id)?;
            let mut problems = Problems::default();
            let email = fields.required("email", 254, &mut problems);
            let name = fields.required("name", 128, &mut problems);
            let mut groups = vec![];
            for group in fields.list("groups", 50, &mut problems).unwrap_or_default() {
                let text = group.required("id", 48, &mut problems);
                match GroupId::parse(&text) {
                    Some(id) => groups.push(id),
                    None => problems.add(
                        &group.path("id"),
                        Text::new("{id} is not the id of a group, like UG-123-456-789.").arg("id", &text),
                    ),
                }
            }
            problems.done()?;
            let user = actions::invite(tx, actor, &email, &name, &groups, &Door { deployment: &services.secret })?;
            users_of(tx, actor, &[user.to_string()])?
                .into_iter()
                .next()
                .ok_or_else(|| Refusal::not_found("user", user).into())
        })
        .await
}

/// Takes a user out of the own company.
pub async fn remove_user(
    caller: Caller,
    path: web::Path<(String, String)>,
) -> std::result::Result<HttpResponse, Error> {
    let (id, user) = path.into_inner();
    caller
        .act_empty(move |tx, actor| {
            own(actor, &id)?;
            let user = UserId::parse(&user).ok_or_else(|| Refusal::not_found("user", &user))?;
            actions::remove_member(tx, actor, &user)
        })
        .await
}

/// A group on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Group {
    id: String,
    name: String,
    description: String,
    revision: i64,
    permissions: Vec<Permission>,
    events: Events,
}

/// The groups of the own company.
pub async fn groups(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = path.into_inner();
    own(caller.actor(), &id)?;
    caller
        .list(&store::GROUPS, move |tx, actor, ids, _| {
            let rows = store::groups(tx, actor)?;
            let held = store::permissions_of_groups(tx, actor)?;
            Ok(crate::db::in_order(ids, rows, |g| g.id.as_str())
                .into_iter()
                .map(|g| Group {
                    permissions: held.iter().filter(|(of, ..)| *of == g.id).map(|(_, m, _)| (*m).into()).collect(),
                    id: g.id.to_string(),
                    name: g.name,
                    description: g.description,
                    revision: g.revision,
                    events: g.events.0,
                })
                .collect())
        })
        .await
}

/// For which company and as whom a call acts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Context {
    account: NamedRef,
    user: NamedRef,
}

/// Who calls.
pub async fn context(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    let seat = caller.actor().company()?;
    let user = caller.actor().by().unwrap_or(NamedRef { id: String::new(), name: String::new() });
    let account = NamedRef { id: seat.account.to_string(), name: seat.name.clone() };
    Ok(HttpResponse::Ok().json(Context { account, user }))
}

/// A permission on the wire: the module that may be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct Permission {
    id: String,
    object: NamedRef,
}

impl From<Module> for Permission {
    fn from(module: Module) -> Self {
        let id = module.id().to_owned();
        Self { object: NamedRef { id: id.clone(), name: module.title().to_owned() }, id }
    }
}

/// The integration that a token is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Extension {
    id: String,
    name: String,
}

/// A token on the wire. `token` is there only in the answer that makes it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    id: String,
    name: String,
    description: String,
    external_id: String,
    status: TokenStatus,
    owner: NamedRef,
    extension: Extension,
    permissions: Vec<Permission>,
    expiration_date: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    events: Events,
}

fn tokens_of(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Token>> {
    let seat = actor.company()?;
    let permissions = store::token_permissions(tx, actor, ids)?;
    let owner = NamedRef { id: seat.account.to_string(), name: seat.name.clone() };
    Ok(store::tokens(tx, actor, ids)?.into_iter().map(|row| token(row, &owner, &permissions)).collect())
}

fn token(row: TokenRow, owner: &NamedRef, permissions: &[(TokenId, Module, Level)]) -> Token {
    Token {
        permissions: permissions.iter().filter(|(t, ..)| *t == row.id).map(|(_, m, _)| (*m).into()).collect(),
        id: row.id.to_string(),
        name: row.name,
        description: row.description,
        external_id: row.external_id.unwrap_or_default(),
        status: row.status,
        owner: owner.clone(),
        extension: Extension { id: "EXT-000".to_owned(), name: "Custom".to_owned() },
        expiration_date: row.expires_at,
        token: None,
        events: row.events.0,
    }
}

fn one_token_of(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Token> {
    tokens_of(tx, actor, &[id.to_owned()])?.into_iter().next().ok_or_else(|| Refusal::not_found("token", id).into())
}

/// The tokens of the own company.
pub async fn tokens(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    caller.list(&store::TOKENS, |tx, actor, ids, _| tokens_of(tx, actor, ids)).await
}

/// One token.
pub async fn one_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = path.into_inner();
    caller.one(move |tx, actor| one_token_of(tx, actor, &id)).await
}

/// Makes a token; the answer has its secret, once: a repetition under the same key has the token without it. Without `permissions` it may do what its maker may.
pub async fn create_token(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let make = move |tx: &mut Tx<'_>, actor: &Actor| {
        let mut problems = Problems::default();
        let words = token_words(&fields, TokenWords::default(), &mut problems);
        let wanted = match fields.list("permissions", 100, &mut problems) {
            None => actor.company()?.permissions.clone(),
            Some(list) => {
                let mut wanted = Permissions::default();
                for entry in list {
                    let id = entry
                        .object("object", &mut problems)
                        .and_then(|o| o.text("id", &mut problems))
                        .unwrap_or_default();
                    match crate::kit::ModuleId::parse(&id).and_then(|id| Module::by_id(&id)) {
                        Some(module) => wanted.grant(module, Level::Manage),
                        None => problems.add(
                            &entry.path("object.id"),
                            Text::new("There is no module {id}. See /modules.").arg("id", &id),
                        ),
                    }
                }
                wanted
            }
        };
        problems.done()?;
        let made = actions::create_token_as(tx, actor, words, &wanted)?;
        let mut token = one_token_of(tx, actor, made.id.as_str())?;
        token.token = Some(made.secret.reveal().to_owned());
        Ok((made.id.to_string(), token))
    };
    caller.act_on(201, make, one_token_of).await
}

/// Puts what a body says over the words there are: an absent key leaves them, null empties them.
fn token_words(fields: &Fields, mut words: TokenWords, problems: &mut Problems) -> TokenWords {
    if let Some(name) = fields.text("name", problems) {
        words.name = name;
    }
    if let Some(text) = fields.text_or_empty("description", problems) {
        words.description = text;
    }
    if let Some(id) = fields.text_or_empty("external_id", problems) {
        words.external_id = Some(id).filter(|id| !id.is_empty());
    }
    if let Some(date) = fields.text_or_empty("expiration_date", problems) {
        words.expires_at = Time::parse(&date);
        problems.check(date.is_empty() || words.expires_at.is_some(), "expiration_date", || {
            Text::new("{date} is not a date and time. Write it like 2026-01-31T00:00:00+00:00.").arg("date", &date)
        });
    }
    words
}

/// Changes what is said about a token.
pub async fn edit_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    let id = TokenId::parse(&id).ok_or_else(|| Refusal::not_found("token", &id))?;
    caller
        .act(200, move |tx, actor| {
            actions::edit_token(tx, actor, &id, |old| {
                let mut problems = Problems::default();
                let words = token_words(&fields, old, &mut problems);
                problems.done().map(|()| words)
            })?;
            one_token_of(tx, actor, id.as_str())
        })
        .await
}

async fn token_verb(caller: Caller, id: String, verb: TokenVerb) -> std::result::Result<HttpResponse, Error> {
    let parsed = TokenId::parse(&id).ok_or_else(|| Refusal::not_found("token", &id))?;
    if verb == TokenVerb::Delete {
        return caller.act_empty(move |tx, actor| actions::change_token(tx, actor, &parsed, verb)).await;
    }
    caller
        .act(200, move |tx, actor| {
            actions::change_token(tx, actor, &parsed, verb)?;
            one_token_of(tx, actor, parsed.as_str())
        })
        .await
}

/// Lets a token be used again.
pub async fn activate_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    token_verb(caller, path.into_inner(), TokenVerb::Activate).await
}

/// Stops a token for a while.
pub async fn deactivate_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    token_verb(caller, path.into_inner(), TokenVerb::Deactivate).await
}

/// Ends a token for good.
pub async fn delete_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    token_verb(caller, path.into_inner(), TokenVerb::Delete).await
}

/// Every module.
pub async fn modules(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    let all: Vec<NamedRef> =
        Module::ALL.iter().map(|m| NamedRef { id: m.id().to_owned(), name: m.title().to_owned() }).collect();
    caller.whole(&all)
}
