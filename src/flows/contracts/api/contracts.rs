//! The API's contracts.

use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::links::Links;
use super::super::model::{self, Consent, Grants, OfferWords, Terms};
use super::wire;
use crate::db::{self, Tx};
use crate::kit::{Actor, Problems, Refusal, Role, Secret, Text};
use crate::rest::{Caller, Error, Fields, version_number};

/// `GET /contracts`
pub async fn contracts(caller: Caller) -> Result<HttpResponse, Error> {
    let links = Links::of(caller.services());
    caller
        .list(&actions::CONTRACTS, move |tx, actor, ids, _| {
            Ok(actions::contracts(tx, actor, ids)?.into_iter().map(|c| links.wire(c)).collect())
        })
        .await
}

/// `GET /contracts/{contract}`
pub async fn contract(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let links = Links::of(caller.services());
    caller.one(move |tx, actor| actions::contract(tx, actor, &path).map(|c| links.wire(c))).await
}

/// `GET /agreements/{agreement}/contracts`
pub async fn contracts_under(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let links = Links::of(caller.services());
    let id = path.into_inner();
    let agreement = id.clone();
    caller.read(move |tx, actor| actions::agreement(tx, actor, &agreement)).await?;
    caller
        .list_within(&actions::CONTRACTS, vec![("agreement.id", id)], move |tx, actor, ids, _| {
            Ok(actions::contracts(tx, actor, ids)?.into_iter().map(|c| links.wire(c)).collect())
        })
        .await
}

/// `GET /agreements/{agreement}/partners`
pub async fn partners_under(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let agreement = id.clone();
    caller.read(move |tx, actor| actions::agreement(tx, actor, &agreement)).await?;
    caller
        .list_within(&actions::PARTNERS_UNDER, vec![("agreement.id", id)], |tx, actor, ids, _| {
            Ok(actions::contracts(tx, actor, ids)?.into_iter().map(wire::PartnerUnder::from).collect())
        })
        .await
}

/// `POST /agreements/{agreement}/contracts`: the issuer offers, a vendor enrols.
pub async fn create_contract(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let secret = caller.services().secret.clone();
    let words = offer_words(&caller.fields()?)?;
    answer(caller, 201, move |tx, actor| {
        let id = match actor.company()?.role {
            Role::Vendor => actions::enrol(tx, actor, &path, &Consent::by_call())?,
            Role::Distributor | Role::Reseller => actions::offer(tx, actor, &secret, &path, &words)?,
        };
        actions::contract(tx, actor, id.as_str())
    })
    .await
}

/// `PUT /contracts/{contract}`
pub async fn edit_contract(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    terms(&fields, Terms::default())?;
    answer(caller, 200, move |tx, actor| {
        actions::edit_terms(tx, actor, &path, None, |old| terms(&fields, actions::terms_of(old)))?;
        actions::contract(tx, actor, &path)
    })
    .await
}

/// `DELETE /contracts/{contract}`
pub async fn delete_contract(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.act_empty(move |tx, actor| actions::delete_contract(tx, actor, &path)).await
}

/// `POST /contracts/{contract}/sign`: with `code`, a company that exists accepts an offer by its link.
pub async fn sign(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let mut p = Problems::default();
    let code = caller.fields()?.text("code", &mut p);
    p.done()?;
    answer(caller, 200, move |tx, actor| {
        let signed = match &code {
            Some(code) => {
                let signed = actions::accept(tx, actor, &Secret::presented(code), &Consent::by_call())?;
                if signed.id.as_str() != path.as_str() {
                    let text = Text::new("The code is not for the contract {id}.").arg("id", path.as_str());
                    return Err(Refusal::field("code", text).into());
                }
                signed
            }
            None => {
                actions::sign(tx, actor, &path, &Consent::by_call())?;
                actions::contract(tx, actor, &path)?
            }
        };
        Ok(signed)
    })
    .await
}

/// `POST /contracts/{contract}/reject`
pub async fn reject(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let note = note(&caller)?;
    answer(caller, 200, move |tx, actor| {
        actions::reject(tx, actor, &path, &note)?;
        actions::contract(tx, actor, &path)
    })
    .await
}

/// `POST /contracts/{contract}/terminate`
pub async fn terminate(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let note = note(&caller)?;
    answer(caller, 200, move |tx, actor| {
        actions::terminate(tx, actor, &path, &note)?;
        actions::contract(tx, actor, &path)
    })
    .await
}

/// `POST /contracts/{contract}/refine`: `note` says what is missing.
pub async fn refine(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let mut p = Problems::default();
    let note = caller.fields()?.text("note", &mut p).unwrap_or_default();
    p.done()?;
    answer(caller, 200, move |tx, actor| {
        actions::refine(tx, actor, &path, &note)?;
        actions::contract(tx, actor, &path)
    })
    .await
}

/// `POST /contracts/{contract}/enroll`
pub async fn enroll(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    answer(caller, 200, move |tx, actor| {
        actions::enroll(tx, actor, &path, &Consent::by_call())?;
        actions::contract(tx, actor, &path)
    })
    .await
}

/// `GET /contracts/{contract}/versions`
pub async fn contract_versions(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let contract = id.clone();
    caller.read(move |tx, actor| actions::contract(tx, actor, &contract)).await?;
    let within = vec![("contract.id", id.clone())];
    caller
        .list_within(&actions::SIGNED_VERSIONS, within, move |tx, actor, ids, _| {
            let (contract, all) = actions::signed_versions(tx, actor, &id)?;
            let mut all = wire::ContractVersion::all(&contract, all);
            all.retain(|v| ids.contains(&v.version.to_string()));
            all.sort_by_key(|v| ids.iter().position(|id| v.version.to_string() == *id));
            Ok(all)
        })
        .await
}

/// `GET /contracts/{contract}/versions/{version}`
pub async fn contract_version(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (id, number) = path.into_inner();
    let number = version_number(&number)?;
    caller
        .one(move |tx, actor| {
            let (contract, all) = actions::signed_versions(tx, actor, &id)?;
            let found = wire::ContractVersion::all(&contract, all).into_iter().find(|v| v.version == number);
            found.ok_or_else(|| Refusal::no_version(number, id).into())
        })
        .await
}

/// Acts on a contract and answers it. The code and the link in it are not kept: a repetition derives them again.
async fn answer(
    caller: Caller,
    status: u16,
    work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<model::Contract> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let links = Links::of(caller.services());
    let later = links.clone();
    caller
        .act_on(
            status,
            move |tx, actor| work(tx, actor).map(|c| (c.id.to_string(), links.wire(c))),
            move |tx, actor, id| actions::contract(tx, actor, id).map(|c| later.wire(c)),
        )
        .await
}

fn note(caller: &Caller) -> Result<String, Error> {
    let mut p = Problems::default();
    let note = caller.fields()?.text("termination_note", &mut p).unwrap_or_default();
    p.done()?;
    Ok(note)
}

fn offer_words(fields: &Fields) -> Result<OfferWords, Refusal> {
    let mut p = Problems::default();
    let mut words = OfferWords {
        purpose: fields.text("kind", &mut p).unwrap_or_default(),
        note: fields.text("note", &mut p).unwrap_or_default(),
        expire_at: fields.text("expire_at", &mut p).unwrap_or_default(),
        ..OfferWords::default()
    };
    if let Some(activation) = fields.object("activation", &mut p) {
        words.message = activation.text("message", &mut p).unwrap_or_default();
        words.email = activation.text("email", &mut p).unwrap_or_default();
        if words.note.is_empty() {
            words.note = activation.text("note", &mut p).unwrap_or_default();
        }
    }
    if let Some(partner) = fields.object("partner", &mut p) {
        words.partner_id = partner.text("id", &mut p).unwrap_or_default();
        words.partner_name = partner.text("name", &mut p).unwrap_or_default();
    }
    words.grants = grants(fields, &mut p);
    p.done()?;
    Ok(words)
}

/// The block `permissions`; when it is sent, all its keys are required.
fn grants(fields: &Fields, p: &mut Problems) -> Option<Grants> {
    let agreement = fields.object("permissions", p)?.object("agreement", p)?;
    let mut flag = |group: &str, name: &str| {
        let block = agreement.object(group, p);
        let flag = block.as_ref().and_then(|b| b.flag(name, p));
        p.check(flag.is_some(), &format!("permissions.agreement.{group}.{name}"), || {
            Text::new("This field is required: true or false.")
        });
        flag.unwrap_or(false)
    };
    Some(Grants {
        program_create: flag("program", "create"),
        service_create: flag("service", "create"),
        service_delegate: flag("service", "delegate"),
    })
}

/// Puts what a body says over the terms there are: an absent key leaves them, null empties them.
fn terms(fields: &Fields, mut terms: Terms) -> Result<Terms, Refusal> {
    let mut p = Problems::default();
    for (name, word) in [
        ("kind", &mut terms.purpose),
        ("note", &mut terms.note),
        ("expire_at", &mut terms.expire_at),
        ("termination_note", &mut terms.termination_note),
    ] {
        if fields.has(name) {
            *word = fields.text(name, &mut p).unwrap_or_default();
        }
    }
    if let Some(activation) = fields.object("activation", &mut p)
        && activation.has("message")
    {
        terms.message = activation.text("message", &mut p).unwrap_or_default();
    }
    p.done()?;
    Ok(terms)
}
