//! `/statistics/tokens` of the API: how often a token was used.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{actions, store};
use super::tokens::parsed;
use crate::db::{Result, Tx};
use crate::kit::{Actor, Refusal, Time, TokenId};
use crate::rest::{Caller, Error};

/// The calls that were answered with one HTTP status.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallTotal {
    /// The HTTP status.
    code: String,
    total: i64,
    since_last_reset: i64,
}

/// How often a token was used in all.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallSummary {
    id: String,
    statuses: Vec<CallTotal>,
    started_tracking_at: Time,
}

/// The calls of a day that were answered with one HTTP status.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallCount {
    /// The HTTP status.
    code: String,
    count: i64,
}

/// How often a token was used on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallDay {
    /// The day in UTC.
    #[schema(format = Date)]
    date: String,
    statuses: Vec<CallCount>,
}

fn summary_of(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId) -> Result<CallSummary> {
    let row = store::tokens(tx, actor, &[id.to_string()])?.pop().ok_or_else(|| Refusal::not_found("token", id))?;
    let total = |sum: store::CallSum| CallTotal {
        code: sum.code.to_string(),
        total: sum.total,
        since_last_reset: sum.since_reset,
    };
    Ok(CallSummary {
        id: row.id.to_string(),
        statuses: store::call_sums(tx, actor, id)?.into_iter().map(total).collect(),
        started_tracking_at: row.counted_since,
    })
}

/// The days on which a token of the own company was used, the newest first.
pub fn call_days(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId) -> Result<Vec<CallDay>> {
    let mut days: Vec<CallDay> = vec![];
    for (day, code, calls) in store::calls_by_day(tx, actor, id, 0)? {
        let date = store::day_began(day).date().to_string();
        if days.last().is_none_or(|last| last.date != date) {
            days.push(CallDay { date, statuses: vec![] });
        }
        if let Some(last) = days.last_mut() {
            last.statuses.push(CallCount { code: code.to_string(), count: calls });
        }
    }
    Ok(days)
}

/// What this process has counted so far is in the answer.
async fn write_calls(caller: &Caller) -> std::result::Result<(), Error> {
    let services = caller.services().clone();
    Ok(web::block(move || services.calls.write(&services.db)).await??)
}

/// How often a token was used in all, by HTTP status.
pub async fn call_summary(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = parsed(&path)?;
    write_calls(&caller).await?;
    caller.one(move |tx, actor| summary_of(tx, actor, &id)).await
}

/// How often a token was used on each day, by HTTP status; days without a call are left out.
pub async fn call_aggregates(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = parsed(&path)?;
    write_calls(&caller).await?;
    let days = caller
        .read(move |tx, actor| {
            // Somebody else's token is not there.
            store::tokens(tx, actor, &[id.to_string()])?.pop().ok_or_else(|| Refusal::not_found("token", &id))?;
            call_days(tx, actor, &id)
        })
        .await?;
    caller.whole(&days)
}

/// Counts a token's calls anew from now on.
pub async fn reset_calls(caller: Caller, path: web::Path<String>) -> std::result::Result<HttpResponse, Error> {
    let id = parsed(&path)?;
    write_calls(&caller).await?;
    caller
        .act(200, move |tx, actor| {
            actions::reset_calls(tx, actor, &id)?;
            summary_of(tx, actor, &id)
        })
        .await
}
