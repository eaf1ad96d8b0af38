//! `/auth/idps` of the API: providers of single sign-on.
//!
//! The published description knows providers of SAML. What a provider of OpenID Connect needs stands in `settings` too: `issuer`,
//! `client_id`, `client_secret` (never answered), `scopes`, `second_factors` and `members`.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::actions;
use super::super::model::sso::ProviderWords;
use super::super::store::{self, GroupRow, IdpRow};
use crate::db::{self, Result, Tx};
use crate::kit::{Actor, Events, GroupId, NamedRef, Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields};

type Answer = std::result::Result<HttpResponse, Error>;

/// The id of the built-in provider: passwords and passkeys. It has no row.
pub(super) const SYSTEM: &str = "IDP-000-000-000";
/// What the built-in provider is called.
pub(super) const SYSTEM_NAME: &str = "Passwords and passkeys";
/// The kind of a provider with a row.
pub(super) const OPENID: &str = "openid";

/// A provider on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityProvider {
    id: String,
    name: String,
    description: String,
    external_id: String,
    #[serde(rename = "type")]
    kind: String,
    settings: ProviderSettings,
    events: Events,
}

/// How a provider is set up; the built-in one has nothing to set up. `client_secret` is sent alone, never answered.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ProviderSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_factors: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserSettings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<MemberSettings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<GroupSettings>,
}

/// What people read before they go to a provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserSettings {
    notice: String,
}

/// Whether people whom a provider knows become members, and in which group they are if nothing else says so.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberSettings {
    auto: bool,
    group: Option<NamedRef>,
}

/// Whether a provider says in which groups people are, and by which claim.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupSettings {
    attributes: GroupAttributes,
    auto: bool,
}

/// The claim that names external ids of groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupAttributes {
    external_id: String,
}

/// Providers of the own company, by their ids.
pub fn idps_of(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<IdentityProvider>> {
    let rows = db::in_order(ids, store::idps(tx, actor)?, |row: &IdpRow| row.id.as_str());
    let groups = store::groups(tx, actor)?;
    Ok(rows.into_iter().map(|row| provider(row, &groups)).collect())
}

fn provider(row: IdpRow, groups: &[GroupRow]) -> IdentityProvider {
    let group = groups.iter().find(|group| Some(&group.id) == row.join_group.as_ref());
    let settings = ProviderSettings {
        issuer: Some(row.issuer),
        client_id: Some(row.client_id),
        scopes: Some(row.scopes),
        second_factors: Some(row.trusts_factors),
        user: Some(UserSettings { notice: row.notice }),
        members: Some(MemberSettings {
            auto: row.joins,
            group: group.map(|group| NamedRef { id: group.id.to_string(), name: group.name.clone() }),
        }),
        group: Some(GroupSettings {
            auto: !row.groups_claim.is_empty(),
            attributes: GroupAttributes { external_id: row.groups_claim },
        }),
    };
    IdentityProvider {
        id: row.id.to_string(),
        name: row.name,
        description: row.description,
        external_id: row.external_id,
        kind: OPENID.to_owned(),
        settings,
        events: row.events.0,
    }
}

fn idp_of(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<IdentityProvider> {
    if id == SYSTEM {
        let kind = "system".to_owned();
        let (name, settings, events) = (SYSTEM_NAME.to_owned(), ProviderSettings::default(), Events::default());
        let (description, external_id) = (String::new(), String::new());
        return Ok(IdentityProvider { id: id.to_owned(), name, description, external_id, kind, settings, events });
    }
    idps_of(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("provider", id).into())
}

/// The id of a provider that can be changed.
fn changeable(id: &str) -> std::result::Result<(), Refusal> {
    if id == SYSTEM {
        return Err(Refusal::state(Text::new(
            "Passwords and passkeys are built in; there is nothing to change about them.",
        )));
    }
    Ok(())
}

/// Where the wire has what a rule names.
fn placed(mut refusal: Refusal) -> Refusal {
    for problem in &mut refusal.problems {
        problem.field = match problem.field.as_str() {
            word @ ("issuer" | "client_id" | "client_secret" | "scopes") => format!("settings.{word}"),
            "notice" => "settings.user.notice".to_owned(),
            "join_group" => "settings.members.group".to_owned(),
            "groups_claim" => "settings.group.attributes.external_id".to_owned(),
            word @ ("idp" | "enforce") => format!("auth.{word}"),
            word => word.to_owned(),
        };
    }
    refusal
}

pub(super) fn on_the_wire<T>(done: Result<T>) -> Result<T> {
    done.map_err(|error| match error {
        db::Error::Refused(refusal) => db::Error::Refused(placed(refusal)),
        other => other,
    })
}

/// Puts what a body says over what is said about a provider: an absent key leaves it, null empties it.
fn provider_words(fields: &Fields, mut words: ProviderWords) -> std::result::Result<ProviderWords, Refusal> {
    let mut problems = Problems::default();
    let put = |fields: &Fields, name: &str, place: &mut String, problems: &mut Problems| {
        if let Some(text) = fields.text_or_empty(name, problems) {
            *place = text;
        }
    };
    put(fields, "name", &mut words.name, &mut problems);
    put(fields, "description", &mut words.description, &mut problems);
    put(fields, "external_id", &mut words.external_id, &mut problems);
    if let Some(settings) = fields.object("settings", &mut problems) {
        put(&settings, "issuer", &mut words.issuer, &mut problems);
        put(&settings, "client_id", &mut words.client_id, &mut problems);
        put(&settings, "scopes", &mut words.scopes, &mut problems);
        words.trusts_factors = settings.flag("second_factors", &mut problems).unwrap_or(words.trusts_factors);
        if let Some(user) = settings.object("user", &mut problems) {
            put(&user, "notice", &mut words.notice, &mut problems);
        }
        if let Some(members) = settings.object("members", &mut problems) {
            words.joins = members.flag("auto", &mut problems).unwrap_or(words.joins);
            if members.has("group") {
                let named = members.reference("group", &mut problems);
                words.join_group = named.as_deref().and_then(GroupId::parse);
                problems.check(named.is_some() == words.join_group.is_some(), "settings.members.group", || {
                    Text::new("{id} is not the id of a group, like UG-123-456-789.")
                        .arg("id", named.unwrap_or_default())
                });
            }
        }
        if let Some(group) = settings.object("group", &mut problems) {
            if let Some(attributes) = group.object("attributes", &mut problems) {
                put(&attributes, "external_id", &mut words.groups_claim, &mut problems);
            }
            match group.flag("auto", &mut problems) {
                Some(false) => words.groups_claim.clear(),
                Some(true) => problems.check(
                    !words.groups_claim.trim().is_empty(),
                    "settings.group.attributes.external_id",
                    || Text::new("Name the claim that says in which groups people are, like groups."),
                ),
                None => {}
            }
        }
    }
    problems.done().map(|()| words)
}

/// Our secret there, if a body sends one.
fn secret(fields: &Fields) -> std::result::Result<String, Refusal> {
    let mut problems = Problems::default();
    let settings = fields.object("settings", &mut problems);
    let secret = settings.and_then(|settings| settings.text("client_secret", &mut problems)).unwrap_or_default();
    problems.done().map(|()| secret)
}

/// Refuses a type of providers that this portal does not know, and an issuer that is never called.
fn callable(caller: &Caller, fields: &Fields, new: bool) -> std::result::Result<(), Refusal> {
    let mut problems = Problems::default();
    let kind = fields.text("type", &mut problems);
    let settings = fields.object("settings", &mut problems);
    let issuer = settings.and_then(|settings| settings.text("issuer", &mut problems));
    problems.check(kind.as_deref().map_or(!new, |kind| kind == OPENID), "type", || {
        Text::new("Send the type openid: providers that know OpenID Connect are the only ones that can be added.")
    });
    if let Some(Err(error)) = issuer.map(|issuer| caller.services().http.check(issuer.trim())) {
        problems.add("settings.issuer", error.text().clone());
    }
    problems.done()
}

/// The providers of the own company.
pub async fn idps(caller: Caller) -> Answer {
    caller.list(&store::IDPS, |tx, actor, ids, _| idps_of(tx, actor, ids)).await
}

/// One provider.
pub async fn one_idp(caller: Caller, path: web::Path<String>) -> Answer {
    caller.one(move |tx, actor| idp_of(tx, actor, &path)).await
}

/// Adds a provider.
pub async fn add_idp(caller: Caller) -> Answer {
    let fields = caller.fields()?;
    callable(&caller, &fields, true)?;
    let (secret, deployment) = (secret(&fields)?, caller.services().secret.clone());
    caller
        .act(201, move |tx, actor| {
            let words = provider_words(&fields, ProviderWords::default())?;
            let id = on_the_wire(actions::add_idp(tx, actor, &words))?;
            if !secret.is_empty() {
                on_the_wire(actions::edit_idp(tx, actor, id.as_str(), (None, &secret), &deployment, Ok))?;
            }
            idp_of(tx, actor, id.as_str())
        })
        .await
}

/// Changes a provider.
pub async fn edit_idp(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    changeable(&id)?;
    callable(&caller, &fields, false)?;
    let (secret, deployment) = (secret(&fields)?, caller.services().secret.clone());
    caller
        .act(200, move |tx, actor| {
            let change = |now| provider_words(&fields, now);
            on_the_wire(actions::edit_idp(tx, actor, &id, (None, &secret), &deployment, change))?;
            idp_of(tx, actor, &id)
        })
        .await
}

/// Takes a provider away.
pub async fn delete_idp(caller: Caller, path: web::Path<String>) -> Answer {
    let id = path.into_inner();
    changeable(&id)?;
    caller.act_empty(move |tx, actor| actions::delete_idp(tx, actor, &id)).await
}
