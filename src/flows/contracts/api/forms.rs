//! The API's forms and answers to them.

use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{FormChange, FormWords, FormsChange};
use super::wire;
use crate::kit::schema::{self, Order};
use crate::kit::{Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields, version_number};

/// `GET /forms`
pub async fn forms(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&actions::FORMS, |tx, actor, ids, _| {
            Ok(actions::forms(tx, actor, ids)?.into_iter().map(wire::Form::from).collect())
        })
        .await
}

/// `GET /forms/{form}`
pub async fn form(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| actions::form(tx, actor, &path).map(wire::Form::from)).await
}

/// The schema of a body as its program wrote it, in its order.
fn written(caller: &Caller, fields: &Fields) -> Option<String> {
    fields.value("schema").map(|schema| schema::in_order(schema, &Order::of_body(caller.body())))
}

/// `POST /forms`
pub async fn create_form(caller: Caller) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut p = Problems::default();
    let words = FormWords {
        kind: fields.text("type", &mut p).unwrap_or_default(),
        name: fields.text("name", &mut p).unwrap_or_default(),
        schema: written(&caller, &fields).unwrap_or_default(),
    };
    p.done()?;
    caller
        .act(201, move |tx, actor| {
            let id = actions::create_form(tx, actor, &words)?;
            actions::form(tx, actor, id.as_str()).map(wire::Form::from)
        })
        .await
}

/// `PUT /forms/{form}`
pub async fn edit_form(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut p = Problems::default();
    let change = FormChange {
        name: fields.text_or_empty("name", &mut p),
        schema: fields.has("schema").then(|| written(&caller, &fields).unwrap_or_default()),
        kind: fields.text("type", &mut p),
    };
    p.done()?;
    caller
        .act(200, move |tx, actor| {
            actions::edit_form(tx, actor, &path, None, &change)?;
            actions::form(tx, actor, &path).map(wire::Form::from)
        })
        .await
}

/// `DELETE /forms/{form}`
pub async fn delete_form(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.act_empty(move |tx, actor| actions::delete_form(tx, actor, &path)).await
}

/// `GET /forms/{form}/versions`
pub async fn form_versions(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let form = id.clone();
    caller.read(move |tx, actor| actions::form(tx, actor, &form)).await?;
    let within = vec![("form.id", id.clone())];
    caller
        .list_within(&actions::FORM_VERSIONS, within, move |tx, actor, ids, _| {
            let (form, mut all) = actions::form_versions(tx, actor, &id)?;
            let mut page = vec![];
            for number in ids {
                if let Some(at) = all.iter().position(|v| v.version.to_string() == *number) {
                    page.push(wire::FormVersion::of(&form, all.swap_remove(at)));
                }
            }
            Ok(page)
        })
        .await
}

/// `GET /forms/{form}/versions/{version}`
pub async fn form_version(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (id, number) = path.into_inner();
    let number = version_number(&number)?;
    caller
        .one(move |tx, actor| {
            let (form, version) = actions::form_version(tx, actor, &id, number)?;
            Ok(wire::FormVersion::of(&form, version))
        })
        .await
}

/// The block `forms` of an agreement: an absent key leaves a form as it is, null takes it off.
pub(super) fn attached(fields: &Fields, p: &mut Problems) -> FormsChange {
    let Some(forms) = fields.object("forms", p) else { return FormsChange::default() };
    let mut one = |name: &str| forms.has(name).then(|| forms.reference(name, p));
    FormsChange { enroll: one("enroll"), product: one("product"), item: one("item") }
}

/// `GET /contracts/{contract}/data`
pub async fn contract_data(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let asked = id.clone();
    caller.read(move |tx, actor| actions::contract(tx, actor, &asked)).await?;
    caller
        .list_within(
            &actions::ANSWERS,
            vec![("contract.id", id), ("type", "enroll".to_owned())],
            |tx, actor, ids, _| {
                Ok(actions::answers(tx, actor, ids)?.into_iter().filter_map(wire::ContractData::of).collect())
            },
        )
        .await
}

/// `POST /contracts/{contract}/data`: the answers, which are sent by `enroll`.
pub async fn put_contract_data(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let Some(data) = fields.value("data").cloned() else {
        let text = Text::new("This field is required: an object with an answer for each question.");
        return Err(Refusal::field("data", text).into());
    };
    caller
        .act(201, move |tx, actor| {
            let id = actions::keep_answers(tx, actor, &path, None, true, |_| data.clone())?;
            let found = actions::answers(tx, actor, &[id.to_string()])?.pop();
            found.and_then(wire::ContractData::of).ok_or_else(|| Refusal::not_found("answers", id).into())
        })
        .await
}
