//! Usage records.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::Value;

use super::wire::{ClosedRecord, UsageRecord};
use crate::flows::usage::actions::{self, CloseWish, MAX_RECORDS, USAGE_RECORDS};
use crate::flows::usage::model::RecordStatus;
use crate::kit::{Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields};

/// `GET /usage/records`
pub async fn records(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&USAGE_RECORDS, |tx, _, ids, _| {
            Ok(actions::record_views(tx, ids)?.into_iter().map(UsageRecord::from).collect::<Vec<_>>())
        })
        .await
}

/// `GET /usage/records/{usage_record}`
pub async fn record(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| Ok(UsageRecord::from(actions::record(tx, actor, &id)?))).await
}

/// `PUT /usage/records/{usage_record}`
pub async fn decide_record(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let word = fields.required("status", 16, &mut problems);
    problems.done()?;
    let verdict = RecordStatus::parse(&word).ok_or_else(|| {
        let text = Text::new("“{word}” is no status of a record. Send approved or rejected.");
        Refusal::field("status", text.arg("word", &word))
    })?;
    caller
        .act(200, move |tx, actor| {
            actions::decide_record(tx, actor, &id, verdict)?;
            Ok(UsageRecord::from(actions::record(tx, actor, &id)?))
        })
        .await
}

/// `POST /usage/records/{usage_record}/close`
pub async fn close_record(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let wish = CloseWish { id: id.into_inner(), ..wish(&fields, &mut problems) };
    problems.done()?;
    caller
        .act(200, move |tx, actor| {
            actions::close_record(tx, actor, &wish)?;
            Ok(UsageRecord::from(actions::record(tx, actor, &wish.id)?))
        })
        .await
}

fn wish(fields: &Fields, problems: &mut Problems) -> CloseWish {
    CloseWish {
        id: fields.text("id", problems).unwrap_or_default(),
        billing_id: fields.text("external_billing_id", problems),
        billing_note: fields.text("external_billing_note", problems),
    }
}

/// `POST /usage/records/close-records`
pub async fn close_records(caller: Caller) -> Result<HttpResponse, Error> {
    let wishes = wishes(caller.body())?;
    caller
        .act(206, move |tx, actor| {
            Ok(actions::close_records(tx, actor, &wishes)?.into_iter().map(ClosedRecord::from).collect::<Vec<_>>())
        })
        .await
}

/// `POST /usage/records/{usage_record}/close-records`: one client names a record in the path as well.
pub async fn close_records_at(caller: Caller, id: Path<String>) -> Result<HttpResponse, Error> {
    let mut wishes = wishes(caller.body())?;
    for wish in wishes.iter_mut().filter(|wish| wish.id.is_empty()) {
        wish.id = id.to_string();
    }
    caller
        .act(206, move |tx, actor| {
            let done = actions::close_records(tx, actor, &wishes)?;
            if done.iter().all(|one| one.status.is_none()) {
                return Err(Refusal::not_found("usage record", id.as_str()).into());
            }
            Ok(done.into_iter().map(ClosedRecord::from).collect::<Vec<_>>())
        })
        .await
}

/// A list of objects; one client sends a single object.
fn wishes(body: &[u8]) -> Result<Vec<CloseWish>, Refusal> {
    let value: Value = serde_json::from_slice(body).map_err(|e| {
        Refusal::field(
            "body",
            Text::new("The body is not JSON: {cause}. Send a list of objects with an id each.").arg("cause", e),
        )
    })?;
    let list = match value {
        Value::Array(list) => list,
        one @ Value::Object(_) => vec![one],
        _ => {
            return Err(Refusal::field(
                "body",
                Text::new("The body is no list. Send a list of objects with an id each."),
            ));
        }
    };
    if list.len() > MAX_RECORDS {
        let text = Text::new("These are {count} records; one call closes at most {max}. Send several calls.");
        return Err(Refusal::field("body", text.arg("count", list.len()).arg("max", MAX_RECORDS)));
    }
    let mut problems = Problems::default();
    let mut wishes = vec![];
    for (place, value) in list.into_iter().enumerate() {
        match value {
            Value::Object(map) => wishes.push(wish(&Fields::of(map), &mut problems)),
            _ => problems.add(&place.to_string(), Text::new("This is not an object. Send an object with an id.")),
        }
    }
    problems.done()?;
    Ok(wishes)
}
