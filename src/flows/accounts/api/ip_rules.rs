//! `/acl` of the API, and what modules tell about it.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::super::actions::{self, IpRuleWords};
use super::super::model::ip::{Acl, IpRange};
use super::super::store::{self, IpRuleRow};
use crate::db::{Result, Tx};
use crate::kit::{Actor, Events, IpRuleId, Level, Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields};

/// A rule on the wire. Whoever comes from an address that is in one of a list's rules may come in; without a rule, everybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct IpRule {
    id: String,
    action: String,
    value: String,
    comment: String,
    events: Events,
}

impl From<IpRuleRow> for IpRule {
    fn from(row: IpRuleRow) -> Self {
        Self {
            id: row.id.to_string(),
            action: "allow".to_owned(),
            value: row.value,
            comment: row.comment,
            events: row.events.0,
        }
    }
}

fn acl(word: &str) -> std::result::Result<Acl, Refusal> {
    let known = Acl::ALL.iter().find(|acl| acl.as_str() == word);
    known.copied().ok_or_else(|| Refusal::not_found("list of IP rules", word))
}

/// A list that the caller may read.
fn readable(caller: &Caller, word: &str) -> std::result::Result<Acl, Refusal> {
    let acl = acl(word)?;
    caller.actor().need(actions::acl_module(acl), Level::Read)?;
    Ok(acl)
}

/// A list that the caller may change.
fn changeable(caller: &Caller, word: &str) -> std::result::Result<Acl, Refusal> {
    let acl = acl(word)?;
    caller.actor().need(actions::acl_module(acl), Level::Manage)?;
    Ok(acl)
}

fn parsed(id: &str) -> std::result::Result<IpRuleId, Refusal> {
    IpRuleId::parse(id).ok_or_else(|| Refusal::not_found("IP rule", id))
}

fn one_of(tx: &mut Tx<'_>, actor: &Actor, acl: Acl, id: &str) -> Result<IpRule> {
    let found = store::ip_rules(tx, actor, &[id.to_owned()])?.into_iter().find(|row| row.acl == acl);
    found.map(IpRule::from).ok_or_else(|| Refusal::not_found("IP rule", id).into())
}

fn words(fields: &Fields, mut words: IpRuleWords, problems: &mut Problems) -> IpRuleWords {
    if let Some(value) = fields.text_or_empty("value", problems) {
        words.value = value;
    }
    if let Some(comment) = fields.text_or_empty("comment", problems) {
        words.comment = comment;
    }
    words
}

/// The rules of a list.
pub async fn ip_rules(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let acl = readable(&caller, &path)?;
    let load = move |tx: &mut Tx<'_>, actor: &Actor, ids: &[String], _: &crate::rql::Selection<'_>| {
        Ok(store::ip_rules(tx, actor, ids)?.into_iter().map(IpRule::from).collect())
    };
    caller.list_within(&store::IP_RULES, vec![("acl", acl.as_str().to_owned())], load).await
}

/// One rule.
pub async fn one_ip_rule(
    caller: Caller,
    path: web::Path<(String, String)>,
) -> std::result::Result<HttpResponse, Error> {
    let (acl, id) = (readable(&caller, &path.0)?, path.into_inner().1);
    caller.one(move |tx, actor| one_of(tx, actor, acl, &id)).await
}

/// Adds a rule.
pub async fn add_ip_rule(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let (acl, fields, address) = (changeable(&caller, &path)?, caller.fields()?, caller.address().to_owned());
    caller
        .act(201, move |tx, actor| {
            let mut problems = Problems::default();
            let words = words(&fields, IpRuleWords::default(), &mut problems);
            problems.done()?;
            let id = actions::add_ip_rule(tx, actor, acl, &words, &address)?;
            one_of(tx, actor, acl, id.as_str())
        })
        .await
}

/// Changes a rule.
pub async fn edit_ip_rule(
    caller: Caller,
    path: web::Path<(String, String)>,
) -> std::result::Result<HttpResponse, Error> {
    let (acl, id, fields) = (changeable(&caller, &path.0)?, parsed(&path.1)?, caller.fields()?);
    let address = caller.address().to_owned();
    caller
        .act(200, move |tx, actor| {
            actions::edit_ip_rule(tx, actor, (acl, &id), None, &address, |old| {
                let mut problems = Problems::default();
                let words = words(&fields, old, &mut problems);
                problems.done().map(|()| words)
            })?;
            one_of(tx, actor, acl, id.as_str())
        })
        .await
}

/// Takes a rule away.
pub async fn delete_ip_rule(
    caller: Caller,
    path: web::Path<(String, String)>,
) -> std::result::Result<HttpResponse, Error> {
    let (acl, id, address) = (changeable(&caller, &path.0)?, parsed(&path.1)?, caller.address().to_owned());
    let ids = [id];
    caller.act_empty(move |tx, actor| actions::delete_ip_rules(tx, actor, acl, &ids, &address)).await
}

/// The ids of `{"id": …}` or of a list of them.
fn ids_of(body: &[u8]) -> std::result::Result<Vec<IpRuleId>, Refusal> {
    let read = serde_json::from_slice(body).unwrap_or_default();
    let entries = match read {
        Value::Array(list) => list,
        one @ Value::Object(_) => vec![one],
        _ => vec![],
    };
    if entries.is_empty() {
        let text = "Say which rules: send {\"id\": …} or a list of these.";
        return Err(Refusal::field("id", Text::data(text)));
    }
    entries.iter().map(|entry| parsed(entry["id"].as_str().unwrap_or_default())).collect()
}

/// Takes several rules away, all of them or none.
pub async fn delete_ip_rules(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let acl = changeable(&caller, &path)?;
    let (ids, address) = (ids_of(caller.body())?, caller.address().to_owned());
    caller.act_empty(move |tx, actor| actions::delete_ip_rules(tx, actor, acl, &ids, &address)).await
}

/// A rule as the settings of a module tell it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedRange {
    name: String,
    ip_range: Vec<String>,
}

/// From where somebody may come.
#[derive(Debug, Serialize, ToSchema)]
pub struct Allowed {
    domain: String,
    ips: Vec<AllowedRange>,
}

/// What holds for every program of an account, on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntegrationsSettings {
    acl: Allowed,
}

/// From where somebody may come; `domain` says what becomes of everybody else.
pub(super) fn allowed(tx: &mut Tx<'_>, actor: &Actor, acl: Acl) -> Result<Allowed> {
    let rows = store::ip_rules_of(tx, actor, acl)?;
    let domain = if rows.is_empty() { "allow" } else { "deny" };
    let range = |row: IpRuleRow| {
        let ends = IpRange::parse(&row.value).ok()?.ends();
        Some(AllowedRange { name: row.comment, ip_range: ends.to_vec() })
    };
    let ips = rows.into_iter().filter_map(range).collect();
    Ok(Allowed { domain: domain.to_owned(), ips })
}

/// `GET /modules/integrations/settings`: from where programs may come.
pub async fn integrations_settings(caller: Caller) -> std::result::Result<HttpResponse, Error> {
    caller.one(|tx, actor| Ok(IntegrationsSettings { acl: allowed(tx, actor, Acl::Tokens)? })).await
}
