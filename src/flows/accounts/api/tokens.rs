//! `/auth/tokens` of the API.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::actions::{self, End, NewHandle, TokenVerb, TokenWords};
use super::super::model::TokenStatus;
use super::super::store::{self, TokenRow};
use crate::db::{Result, Tx};
use crate::kit::{
    Actor, Code, Events, Level, Module, ModuleId, NamedRef, Permissions, Problems, Refusal, Secret, Text, Time, TokenId,
};
use crate::rest::{Caller, Error, Fields};

/// The integration that a token is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Extension {
    id: String,
    name: String,
}

/// A module that a token may use, and how much: without a level in what is sent, all of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenPermission {
    id: String,
    object: NamedRef,
    level: Level,
}

impl TokenPermission {
    fn new(module: Module, level: Level) -> Self {
        let id = module.id().to_owned();
        Self { object: NamedRef { id: id.clone(), name: module.title().to_owned() }, id, level }
    }
}

/// A token on the wire. `handle`, `token` and `renewed_token` are there only in the answer that makes them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    id: String,
    name: String,
    description: String,
    external_id: String,
    status: TokenStatus,
    owner: NamedRef,
    extension: Extension,
    permissions: Vec<TokenPermission>,
    expiration_date: Option<Time>,
    renewed_expiration_date: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewed_token: Option<String>,
    events: Events,
}

/// What a handle fetched: the token's id, and its key, once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Redeemed {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// A token that was made, or one whose key was fetched with its handle.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "there is one per answer, and it is written at once")]
pub enum Made {
    /// A token that was made.
    New(Token),
    /// One whose key was fetched.
    Redeemed(Redeemed),
}

/// Tokens of the own company, by their ids: never with a key.
pub fn tokens_of(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Token>> {
    let seat = actor.company()?;
    let permissions = store::token_permissions(tx, actor, ids)?;
    let owner = NamedRef { id: seat.account.to_string(), name: seat.name.clone() };
    Ok(store::tokens(tx, actor, ids)?.into_iter().map(|row| token(row, &owner, &permissions)).collect())
}

fn token(row: TokenRow, owner: &NamedRef, permissions: &[(TokenId, Module, Level)]) -> Token {
    let own = permissions.iter().filter(|(of, ..)| *of == row.id);
    Token {
        permissions: own.map(|(_, module, level)| TokenPermission::new(*module, *level)).collect(),
        id: row.id.to_string(),
        name: row.name,
        description: row.description,
        external_id: row.external_id.unwrap_or_default(),
        status: row.status,
        owner: owner.clone(),
        extension: Extension { id: "EXT-000".to_owned(), name: "Custom".to_owned() },
        expiration_date: row.keys.expires_at,
        renewed_expiration_date: row.keys.renewed.flatten(),
        handle: None,
        token: None,
        renewed_token: None,
        events: row.events.0,
    }
}

fn one_token_of(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Token> {
    tokens_of(tx, actor, &[id.to_owned()])?.into_iter().next().ok_or_else(|| Refusal::not_found("token", id).into())
}

pub(super) fn parsed(id: &str) -> std::result::Result<TokenId, Error> {
    TokenId::parse(id).ok_or_else(|| Refusal::not_found("token", id).into())
}

/// The tokens of the own company.
pub async fn tokens(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    if caller.read(actions::any_turned).await? {
        let (db, actor) = (caller.services().db.clone(), caller.actor().clone());
        web::block(move || actions::settle_tokens(&db, &actor)).await??;
    }
    caller.list(&store::TOKENS, |tx, actor, ids, _| tokens_of(tx, actor, ids)).await
}

/// One token.
pub async fn one_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = path.into_inner();
    caller.one(move |tx, actor| one_token_of(tx, actor, &id)).await
}

/// The module and level of `{"object": {"id": …}, "level": …}`; the module may also stand in `id` alone.
fn permission(fields: &Fields, problems: &mut Problems) -> Option<(Module, Level)> {
    let object = fields.object("object", problems);
    let (place, id) = match &object {
        Some(object) => (object.path("id"), object.text("id", problems)),
        None => (fields.path("object.id"), fields.text("id", problems)),
    };
    let id = id.unwrap_or_default();
    let module = ModuleId::parse(&id).and_then(|id| Module::by_id(&id));
    if module.is_none() {
        problems.add(&place, Text::new("There is no module {id}. See /modules.").arg("id", &id));
    }
    let word = fields.text("level", problems);
    let level = word.as_deref().map_or(Some(Level::Manage), Level::parse);
    if level.is_none() {
        let text = Text::new("{level} is no level. Send one of {allowed}, or none for manage.");
        let word = word.unwrap_or_default();
        problems.add(&fields.path("level"), text.arg("level", word).arg("allowed", Level::WORDS.join(", ")));
    }
    module.zip(level)
}

/// Fetches the key of a pending token, once: a repetition under the same key has the token's id without it.
async fn redeem(caller: Caller, handle: String) -> std::result::Result<HttpResponse, Error> {
    let shown = Secret::presented(&handle);
    let fetch = move |tx: &mut Tx<'_>, actor: &Actor| {
        let made = actions::redeem_handle(tx, actor, &shown)?;
        let token = Some(made.secret.reveal().to_owned());
        Ok((made.id.to_string(), Made::Redeemed(Redeemed { id: made.id.to_string(), token })))
    };
    let again = |_: &mut Tx<'_>, _: &Actor, id: &str| Ok(Made::Redeemed(Redeemed { id: id.to_owned(), token: None }));
    let done = caller.act_on(201, fetch, again).await;
    if let Err(Error::Refused(refusal)) = &done
        && refusal.code == Code::NotFound
    {
        let (db, actor) = (caller.services().db.clone(), caller.actor().clone());
        web::block(move || actions::handle_refused(&db, &actor)).await??;
    }
    done
}

/// Makes a token; the answer has its secret, once: a repetition under the same key has the token without it. Without `permissions` it
/// may do what its maker may. With `"status": "pending"` the answer has a handle in place of the secret. A body with such a
/// `handle` makes nothing and fetches the key of the token that waits for it; whoever calls needs no permission for that.
pub async fn create_token(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let (handle, status) = (fields.text("handle", &mut problems), fields.text("status", &mut problems));
    problems.done()?;
    if let Some(handle) = handle {
        return redeem(caller, handle).await;
    }
    let pending = status.as_deref() == Some(TokenStatus::Pending.as_str());
    let make = move |tx: &mut Tx<'_>, actor: &Actor| {
        let mut problems = Problems::default();
        let words = token_words(&fields, TokenWords::default(), &mut problems);
        let wanted = match fields.list("permissions", 100, &mut problems) {
            None => actor.company()?.permissions.clone(),
            Some(list) => {
                let mut wanted = Permissions::default();
                for entry in list {
                    if let Some((module, level)) = permission(&entry, &mut problems) {
                        wanted.grant(module, level);
                    }
                }
                wanted
            }
        };
        // Who may make none is told that, and not what is wrong with it.
        actor.need(Module::Integrations, Level::Manage)?;
        problems.done()?;
        if pending {
            let made = actions::create_pending_token(tx, actor, words, &wanted)?;
            return with_handle(tx, actor, &made).map(|(id, token)| (id, Made::New(token)));
        }
        let made = actions::create_token_as(tx, actor, words, &wanted)?;
        let mut token = one_token_of(tx, actor, made.id.as_str())?;
        token.token = Some(made.secret.reveal().to_owned());
        Ok((made.id.to_string(), Made::New(token)))
    };
    caller.act_on(201, make, |tx, actor, id| one_token_of(tx, actor, id).map(Made::New)).await
}

fn with_handle(tx: &mut Tx<'_>, actor: &Actor, made: &NewHandle) -> Result<(String, Token)> {
    let mut token = one_token_of(tx, actor, made.id.as_str())?;
    token.handle = Some(made.handle.reveal().to_owned());
    Ok((made.id.to_string(), token))
}

/// Gives a pending token another handle, in `handle`; older ones fetch nothing from now on.
pub async fn renew_handle(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = parsed(&path)?;
    let make = move |tx: &mut Tx<'_>, actor: &Actor| {
        let made = actions::renew_handle(tx, actor, &id, None)?;
        with_handle(tx, actor, &made)
    };
    caller.act_on(200, make, one_token_of).await
}

/// The end that a body names: none if it does not name one, `Some(None)` for no end.
fn end_of(fields: &Fields, problems: &mut Problems) -> Option<Option<Time>> {
    let date = fields.text_or_empty("expiration_date", problems)?;
    let end = Time::parse(&date);
    problems.check(date.is_empty() || end.is_some(), "expiration_date", || {
        Text::new("{date} is not a date and time. Write it like 2026-01-31T00:00:00+00:00.").arg("date", &date)
    });
    Some(end)
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
    if let Some(end) = end_of(fields, problems) {
        words.expires_at = end;
    }
    words
}

/// Changes what is said about a token.
pub async fn edit_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let (id, fields) = (parsed(&path)?, caller.fields()?);
    caller
        .act(200, move |tx, actor| {
            actions::edit_token(tx, actor, &id, None, |old| {
                let mut problems = Problems::default();
                let words = token_words(&fields, old, &mut problems);
                problems.done().map(|()| words)
            })?;
            one_token_of(tx, actor, id.as_str())
        })
        .await
}

async fn token_verb(caller: Caller, id: String, verb: TokenVerb) -> std::result::Result<HttpResponse, Error> {
    let id = parsed(&id)?;
    if verb == TokenVerb::Delete {
        return caller.act_empty(move |tx, actor| actions::change_token(tx, actor, &id, verb)).await;
    }
    caller
        .act(200, move |tx, actor| {
            actions::change_token(tx, actor, &id, verb)?;
            one_token_of(tx, actor, id.as_str())
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

/// A new key that is made; the answer has it once, a repetition under the same key has the token without it.
async fn new_key(caller: Caller, id: String, renew: bool) -> std::result::Result<HttpResponse, Error> {
    let (id, fields) = (parsed(&id)?, caller.fields()?);
    let make = move |tx: &mut Tx<'_>, actor: &Actor| {
        let mut problems = Problems::default();
        let end = end_of(&fields, &mut problems).map_or(End::Usual, End::At);
        problems.done()?;
        let made = match renew {
            true => actions::renew_token(tx, actor, &id, None, end)?,
            false => actions::rotate_token(tx, actor, &id, None, end)?,
        };
        let mut token = one_token_of(tx, actor, id.as_str())?;
        let secret = Some(made.secret.reveal().to_owned());
        *(if renew { &mut token.renewed_token } else { &mut token.token }) = secret;
        Ok((id.to_string(), token))
    };
    caller.act_on(200, make, one_token_of).await
}

/// Gives a token a second key, in `renewed_token`; the first one works until its end.
pub async fn renew_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    new_key(caller, path.into_inner(), true).await
}

/// Gives a token a new key, in `token`; older ones are refused from now on.
pub async fn rotate_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    new_key(caller, path.into_inner(), false).await
}

/// What a token may do.
pub async fn token_permissions(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = path.into_inner();
    let token = caller.read(move |tx, actor| one_token_of(tx, actor, &id)).await?;
    caller.whole(&token.permissions)
}

/// Lets a token use one more module, or use it more or less than before.
pub async fn permit_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let (id, fields) = (parsed(&path)?, caller.fields()?);
    caller
        .act(201, move |tx, actor| {
            let mut problems = Problems::default();
            let wanted = permission(&fields, &mut problems);
            problems.done()?;
            let Some((module, level)) = wanted else {
                return Err(Refusal::field("object.id", Text::new("This field is required.")).into());
            };
            actions::set_token_permissions(tx, actor, &id, None, |had| {
                let mut wanted = had.without(module);
                wanted.grant(module, level);
                Ok(wanted)
            })?;
            Ok(TokenPermission::new(module, level))
        })
        .await
}

/// Takes a module away from a token.
pub async fn forbid_token(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let (id, fields) = (parsed(&path)?, caller.fields()?);
    caller
        .act_empty(move |tx, actor| {
            let mut problems = Problems::default();
            let gone = permission(&fields, &mut problems);
            problems.done()?;
            actions::set_token_permissions(tx, actor, &id, None, |had| {
                Ok(gone.map_or_else(|| had.clone(), |(module, _)| had.without(module)))
            })
        })
        .await
}
