//! `/tier/accounts` of the API.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::actions::{self, MAX_AT_ONCE, NewAccount, TIER_ACCOUNTS};
use super::model::{Contact, ContactInfo, Details, Kind, Phone, TierSnapshot};
use crate::kit::{AccountId, Environment, HubId, Problems, Text, TierAccountId};
use crate::rest::{Caller, Error, Fields, version_number};

type Answer = Result<HttpResponse, Error>;

/// The directory.
pub async fn accounts(caller: Caller) -> Answer {
    caller.list(&TIER_ACCOUNTS, |tx, actor, ids, _| actions::accounts(tx, actor, ids)).await
}

/// One account.
pub async fn account(caller: Caller, path: web::Path<String>) -> Answer {
    let id = path.into_inner();
    caller.one(move |tx, actor| Ok(actions::show(tx, actor, &id)?.account)).await
}

/// What is created at once: one account, or several that stand under each other.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Created {
    /// One.
    One(Box<TierSnapshot>),
    /// Several, in their order.
    Several(Vec<TierSnapshot>),
}

/// Creates one account, or several that stand under each other.
pub async fn create(caller: Caller) -> Answer {
    let mut problems = Problems::default();
    if let Ok(Value::Array(several)) = serde_json::from_slice(caller.body()) {
        let whole = Fields::of(Map::from_iter([("accounts".to_owned(), Value::Array(several))]));
        let each = whole.list("accounts", MAX_AT_ONCE, &mut problems).unwrap_or_default();
        let new: Vec<NewAccount> = each.iter().map(|fields| new_account(fields, &mut problems)).collect();
        problems.done()?;
        return caller.act(201, move |tx, actor| Ok(Created::Several(actions::create_several(tx, actor, &new)?))).await;
    }
    let new = new_account(&caller.fields()?, &mut problems);
    problems.done()?;
    caller
        .act(201, move |tx, actor| Ok(Created::One(Box::new(actions::create(tx, actor, new.details.clone(), "")?))))
        .await
}

/// Changes an account; what is not sent stays.
pub async fn edit(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, fields) = (path.into_inner(), caller.fields()?);
    caller
        .act(200, move |tx, actor| {
            actions::edit(tx, actor, &id, None, |old| {
                let mut problems = Problems::default();
                let changed = details(&fields, old, &mut problems);
                problems.done().map(|()| changed)
            })
        })
        .await
}

/// Takes an account out of the directory.
pub async fn decommission(caller: Caller, path: web::Path<String>) -> Answer {
    let id = path.into_inner();
    caller.act_empty(move |tx, actor| actions::decommission(tx, actor, &id)).await
}

/// The versions of an account, newest first.
pub async fn versions(caller: Caller, path: web::Path<String>) -> Answer {
    let id = path.into_inner();
    let all = caller.read(move |tx, actor| actions::versions(tx, actor, &id)).await?;
    caller.whole(&all)
}

/// One version of an account.
pub async fn version(caller: Caller, path: web::Path<(String, String)>) -> Answer {
    let (id, number) = path.into_inner();
    let number = version_number(&number)?;
    caller.one(move |tx, actor| actions::version(tx, actor, &id, number)).await
}

fn new_account(fields: &Fields, problems: &mut Problems) -> NewAccount {
    let kind = match fields.text("type", problems) {
        None => Kind::Customer,
        Some(word) => Kind::parse(&word).unwrap_or_else(|| {
            problems.add(
                &fields.path("type"),
                Text::new("{word} is not a type. Use customer or reseller.").arg("word", word),
            );
            Kind::Customer
        }),
    };
    let under = fields
        .object("parent", problems)
        .and_then(|p| p.whole("index", problems))
        .and_then(|n| usize::try_from(n).ok());
    NewAccount { details: details(fields, Details::new(kind), problems), under, path: fields.path("") }
}

/// Reads an account's data over what is known: absent fields stay, null takes away. For the flows above too.
pub(crate) fn details(fields: &Fields, base: Details, problems: &mut Problems) -> Details {
    let mut d = base;
    if let Some(word) = fields.text("type", problems) {
        match Kind::parse(&word) {
            Some(kind) => d.kind = kind,
            None => problems.add(
                &fields.path("type"),
                Text::new("{word} is not a type. Use customer or reseller.").arg("word", word),
            ),
        }
    }
    if let Some(name) = fields.text("name", problems) {
        d.name = name;
    }
    for (key, slot) in
        [("external_id", &mut d.external_id), ("external_uid", &mut d.external_uid), ("tax_id", &mut d.tax_id)]
    {
        if fields.has(key) {
            *slot = fields.text(key, problems);
        }
    }
    if fields.has("parent") {
        d.parent = id(fields, "parent", TierAccountId::parse, problems);
    }
    if fields.has("hub") {
        // Zero ids stand for "none".
        d.hub = id(fields, "hub", HubId::parse, problems)
            .filter(|h| h.digits().bytes().any(|b| (b'1'..=b'9').contains(&b)));
    }
    if fields.has("environment") {
        let word = fields.text("environment", problems);
        d.environment = word.and_then(|word| Environment::read(problems, &fields.path("environment"), &word));
    }
    if let Some(list) = fields.list("access", 10, problems) {
        d.portal = list.first().and_then(|f| id_of(f, AccountId::parse, problems)).filter(|_| d.kind == Kind::Reseller);
    }
    if let Some(info) = fields.object("contact_info", problems) {
        contact_info(&info, &mut d.contact_info, problems);
    }
    d
}

fn id<T>(fields: &Fields, name: &str, parse: fn(&str) -> Option<T>, problems: &mut Problems) -> Option<T> {
    let text = fields.reference(name, problems).filter(|t| !t.is_empty())?;
    let known = parse(&text);
    problems.check(known.is_some(), &fields.path(&format!("{name}.id")), || {
        Text::new("{id} is not an id of this kind. Check it.").arg("id", text)
    });
    known
}

fn id_of<T>(fields: &Fields, parse: fn(&str) -> Option<T>, problems: &mut Problems) -> Option<T> {
    let text = fields.text("id", problems)?;
    let known = parse(&text);
    problems.check(known.is_some(), &fields.path("id"), || {
        Text::new("{id} is not an id of this kind. Check it.").arg("id", text)
    });
    known
}

fn contact_info(fields: &Fields, info: &mut ContactInfo, problems: &mut Problems) {
    let put = |fields: &Fields, name: &str, slot: &mut String, problems: &mut Problems| {
        if let Some(text) = fields.text_or_empty(name, problems) {
            *slot = text;
        }
    };
    for (name, slot) in [
        ("address_line1", &mut info.address_line1),
        ("address_line2", &mut info.address_line2),
        ("city", &mut info.city),
        ("state", &mut info.state),
        ("postal_code", &mut info.postal_code),
        ("country", &mut info.country),
    ] {
        put(fields, name, slot, problems);
    }
    let Some(person) = fields.object("contact", problems) else { return };
    let Contact { first_name, last_name, email, phone_number } = &mut info.contact;
    for (name, slot) in [("first_name", first_name), ("last_name", last_name), ("email", email)] {
        put(&person, name, slot, problems);
    }
    // Some clients send the number as one text.
    if let Some(Value::String(number)) = person.value("phone_number") {
        *phone_number = Phone { phone_number: number.clone(), ..Phone::default() };
        return;
    }
    if let Some(phone) = person.object("phone_number", problems) {
        let Phone { country_code, area_code, phone_number, extension } = phone_number;
        for (name, slot) in [
            ("country_code", country_code),
            ("area_code", area_code),
            ("phone_number", phone_number),
            ("extension", extension),
        ] {
            put(&phone, name, slot, problems);
        }
    }
}
