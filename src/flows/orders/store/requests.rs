//! Reading requests.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text as SqlText};
use serde_json::Value;

use super::refs::{COLUMNS, JOINS, Refs};
use super::{ASSET, REQUEST, places};
use crate::db::schema::request;
use crate::db::{self, MultiBackend, Result, Tx};
use crate::flows::orders::model::{AssetStatus, Assignee, RequestKind, RequestStatus, Snapshot};
use crate::kit::column::{Doc, JsonDoc};
use crate::kit::{AccountId, Actor, AssetId, Events, Refusal, RequestId, Side, TemplateId, Text, TierAccountId, Time};

/// A request with everything around it, for one reader.
#[derive(Debug, Clone, QueryableByName)]
pub struct RequestView {
    /// The id.
    #[diesel(sql_type = SqlText)]
    pub id: RequestId,
    /// Its subscription.
    #[diesel(sql_type = SqlText)]
    pub asset_id: AssetId,
    /// What it asks for.
    #[diesel(sql_type = SqlText)]
    pub kind: RequestKind,
    /// Where it stands.
    #[diesel(sql_type = SqlText)]
    pub status: RequestStatus,
    /// On which side the reader stands.
    #[diesel(sql_type = SqlText)]
    pub side: Side,
    /// How far up the chain it stands there.
    #[diesel(sql_type = Integer)]
    pub position: i32,
    /// Whether the reader's side must act.
    #[diesel(sql_type = Bool)]
    pub turn: bool,
    /// Since when it is in its state.
    #[diesel(sql_type = BigInt)]
    pub since: Time,
    /// What it mentions.
    #[diesel(embed)]
    pub refs: Refs,
    /// The customer.
    #[diesel(sql_type = SqlText)]
    pub customer_id: TierAccountId,
    /// Where the subscription stands.
    #[diesel(sql_type = SqlText)]
    pub asset_status: AssetStatus,
    /// The subscription's number in the ordering system.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub external_id: Option<String>,
    /// Its UUID there.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub external_uid: Option<String>,
    /// When what happened to the subscription.
    #[diesel(sql_type = JsonDoc)]
    pub asset_events: Doc<Events>,
    /// The template whose text the customer reads about the subscription now.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub asset_template_id: Option<TemplateId>,
    /// Who processes it.
    #[diesel(sql_type = Nullable<JsonDoc>)]
    pub assignee: Option<Doc<Assignee>>,
    /// The vendor's note.
    #[diesel(sql_type = SqlText)]
    pub note: String,
    /// Why it failed or was revoked: somebody's words, or a sentence of the program.
    #[diesel(sql_type = Nullable<JsonDoc>)]
    pub reason: Option<Doc<Text>>,
    /// The customer has answered.
    #[diesel(sql_type = Bool)]
    pub answered: bool,
    /// What the customer reads after approval, as Markdown.
    #[diesel(sql_type = SqlText)]
    pub activation_key: String,
    /// What the customer reads when asked back, as Markdown.
    #[diesel(sql_type = SqlText)]
    pub message: String,
    /// From which the secret of the customer's form is made.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub form_nonce: Option<String>,
    /// The day it is put off to.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub planned_date: Option<Time>,
    /// When it takes effect.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub effective_date: Option<Time>,
    /// The request approved before it.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub previous_id: Option<String>,
    /// Items, parameters, chain.
    #[diesel(sql_type = JsonDoc)]
    pub snapshot: Doc<Snapshot>,
    /// Free data of the ordering system.
    #[diesel(sql_type = Nullable<JsonDoc>)]
    pub external_attributes: Option<Doc<Value>>,
    /// When what happened.
    #[diesel(sql_type = JsonDoc)]
    pub events: Doc<Events>,
    /// Grows with each change.
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    /// When it was made.
    #[diesel(sql_type = BigInt)]
    pub created_at: Time,
    /// When it was changed last.
    #[diesel(sql_type = BigInt)]
    pub updated_at: Time,
}

impl RequestView {
    /// Why it failed or was revoked, in English; empty if it did neither.
    pub fn reason_in_english(&self) -> String {
        self.reason.as_ref().map(|reason| reason.0.to_string()).unwrap_or_default()
    }
}

const OWN: &str = "o.id, o.asset_id, o.kind, o.status, p.side, p.position, p.turn, p.since, o.customer_id, a.status as asset_status, a.external_id, \
    a.external_uid, a.events as asset_events, a.template_id as asset_template_id, o.assignee, o.note, o.reason, o.answered, o.activation_key, o.message, o.form_nonce, \
    o.planned_date, o.effective_date, o.previous_id, o.snapshot, o.external_attributes, o.events, o.revision, o.created_at, o.updated_at";

/// Requests by their ids, those of them that the actor may see, in the order of the ids: one statement.
pub fn request_views(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<RequestView>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let text = format!(
        "select {OWN}, {COLUMNS} from request o join party p on p.account_id = $1 and p.kind = '{REQUEST}' and p.object_id = o.id \
         join asset a on a.id = o.asset_id {JOINS} where o.id in ({})",
        places(ids.len())
    );
    let mut query =
        diesel::sql_query(text).into_boxed::<MultiBackend>().bind::<SqlText, _>(actor.account()?.to_string());
    for id in ids {
        query = query.bind::<SqlText, _>(id.clone());
    }
    let rows: Vec<RequestView> = query.load(tx.conn())?;
    Ok(db::in_order(ids, rows, |row| row.id.as_str()))
}

/// One request that the actor may see; locked with its subscription when it is to be changed.
pub fn load_request(tx: &mut Tx<'_>, actor: &Actor, id: &str, lock: bool) -> Result<RequestView> {
    if lock {
        let asset: Option<String> = request::table.find(id).select(request::asset_id).first(tx.conn()).optional()?;
        // The subscription first, always: two actions on its requests then wait for each other in one order.
        if let Some(asset) = asset {
            db::lock(tx, ASSET, &asset)?;
            db::lock(tx, REQUEST, id)?;
        }
    }
    let mut found = request_views(tx, actor, &[id.to_owned()])?;
    found.pop().ok_or_else(|| Refusal::not_found("request", id).into())
}

/// The ids of a subscription's requests that the actor may see, newest first.
pub fn of_asset(tx: &mut Tx<'_>, actor: &Actor, asset: &AssetId, limit: i64) -> Result<Vec<String>> {
    use crate::db::schema::party;
    let reader = actor.account()?;
    Ok(request::table
        .inner_join(
            party::table
                .on(party::object_id.eq(request::id).and(party::kind.eq(REQUEST)).and(party::account_id.eq(reader))),
        )
        .filter(request::asset_id.eq(asset))
        .order(request::id.desc())
        .limit(limit)
        .select(request::id)
        .load(tx.conn())?)
}

/// The companies around a request, and the nonce of its form.
#[derive(Debug, QueryableByName)]
pub struct Around {
    /// From which the secret of the customer's form is made.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub form_nonce: Option<String>,
    /// The vendor.
    #[diesel(sql_type = SqlText)]
    pub vendor_id: AccountId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub vendor_name: String,
    /// The distributor.
    #[diesel(sql_type = SqlText)]
    pub provider_id: AccountId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub provider_name: String,
}

/// Whose a request is, and the nonce of its form: for the customer's link and for jobs, in whose name nobody asks.
pub fn around(tx: &mut Tx<'_>, id: &RequestId) -> Result<Option<Around>> {
    let row = diesel::sql_query(
        "select r.form_nonce, r.vendor_id, va.name as vendor_name, r.provider_id, pa.name as provider_name from request r \
         join account va on va.id = r.vendor_id join account pa on pa.id = r.provider_id where r.id = $1",
    )
    .bind::<SqlText, _>(id.as_str())
    .get_result(tx.conn())
    .optional()?;
    Ok(row)
}

/// The request of a subscription that was approved last.
pub fn last_approved(tx: &mut Tx<'_>, _: &Actor, asset: &AssetId) -> Result<Option<RequestId>> {
    Ok(request::table
        .filter(request::asset_id.eq(asset))
        .filter(request::status.eq("approved"))
        .order(request::id.desc())
        .select(request::id)
        .first(tx.conn())
        .optional()?)
}

/// The people who may process the requests of the actor's company, by name: the active members.
pub fn agents(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Assignee>> {
    use crate::db::schema::{membership, person};
    let company = actor.account()?;
    let rows: Vec<(String, String, String)> = membership::table
        .inner_join(person::table)
        .filter(membership::account_id.eq(company))
        .filter(membership::status.eq("active"))
        .order((person::name.asc(), person::id.asc()))
        .select((person::id, person::name, person::email))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, name, email)| Assignee { id, name, email }).collect())
}

/// How many requests an account has in a state, and whether they wait for it.
#[derive(Debug, Clone, QueryableByName)]
pub struct Count {
    /// Where they stand.
    #[diesel(sql_type = SqlText)]
    pub status: RequestStatus,
    /// Whether the account must act.
    #[diesel(sql_type = Bool)]
    pub turn: bool,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Count {
    /// How many.
    pub fn number(&self) -> u64 {
        u64::try_from(self.count).unwrap_or(0)
    }
}

/// How many requests the actor may see, by state and by whether they wait for it: one statement.
pub fn request_counts(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Count>> {
    let text = "select status, turn, cast(sum(number) as bigint) as count from tally \
                where account_id = $1 and kind = 'request' group by status, turn having sum(number) > 0";
    Ok(diesel::sql_query(text).bind::<SqlText, _>(actor.account()?.as_str()).load(tx.conn())?)
}
