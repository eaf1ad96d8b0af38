//! Reading the journal: one object's timeline, and what happened lately around an account.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText};

use super::Change;
use crate::db::schema::event;
use crate::db::{Result, Tx};
use crate::kit::column::{Doc, JsonDoc};
use crate::kit::{AccountId, Actor, Side, Text, Time, UserId};

/// One entry as a reader sees it.
#[derive(Debug, Clone, QueryableByName)]
pub struct Moment {
    /// Number of the entry; larger is later.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// When.
    #[diesel(sql_type = BigInt)]
    pub at: Time,
    /// Kind of object.
    #[diesel(sql_type = SqlText)]
    pub kind: String,
    /// The object's id.
    #[diesel(sql_type = SqlText)]
    pub object_id: String,
    /// What was done.
    #[diesel(sql_type = SqlText)]
    pub verb: String,
    /// The company that acted.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub account_id: Option<String>,
    /// `person`, `token`, `system`, `guest`, `operator`.
    #[diesel(sql_type = SqlText)]
    pub actor_kind: String,
    /// Who acted; none for the system, and after personal data was erased.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub actor_name: Option<String>,
    /// The sentence.
    #[diesel(sql_type = JsonDoc)]
    pub text: Doc<Text>,
    /// What changed.
    #[diesel(sql_type = JsonDoc)]
    pub changes: Doc<Vec<Change>>,
}

type Row = (i64, Time, String, String, String, Option<String>, String, Option<String>, Doc<Text>, Doc<Vec<Change>>);

/// An object's timeline for a reader who stands on `side`, newest first, at most `limit` entries. The caller has made
/// sure that the reader may see the object.
pub fn of_object(
    tx: &mut Tx<'_>,
    kind: &str,
    object: &str,
    reader: &AccountId,
    side: Side,
    limit: i64,
) -> Result<Vec<Moment>> {
    of_objects(tx, &[kind], &[object], reader, side, limit)
}

/// The timeline of several objects of these kinds together, as [`of_object`]: the reader stands on `side` to each of them.
pub fn of_objects(
    tx: &mut Tx<'_>,
    kinds: &[&str],
    objects: &[&str],
    reader: &AccountId,
    side: Side,
    limit: i64,
) -> Result<Vec<Moment>> {
    let rows: Vec<Row> = event::table
        .filter(event::object_id.eq_any(objects))
        .filter(event::kind.eq_any(kinds))
        .filter(
            event::audience
                .eq("*")
                .or(event::audience.eq(reader.as_str()))
                .or(event::audience.like(format!("% {side} %"))),
        )
        .order(event::id.desc())
        .limit(limit)
        .select((
            event::id,
            event::at,
            event::kind,
            event::object_id,
            event::verb,
            event::account_id,
            event::actor_kind,
            event::actor_name,
            event::text,
            event::changes,
        ))
        .load(tx.conn())?;
    let moment = |(id, at, kind, object_id, verb, account_id, actor_kind, actor_name, text, changes)| Moment {
        id,
        at,
        kind,
        object_id,
        verb,
        account_id,
        actor_kind,
        actor_name,
        text,
        changes,
    };
    Ok(rows.into_iter().map(moment).collect())
}

/// An object's timeline for the actor, newest first, at most `limit` entries; nothing if the actor may not see the object.
pub fn seen_by(tx: &mut Tx<'_>, actor: &Actor, kind: &str, object: &str, limit: i64) -> Result<Vec<Moment>> {
    let reader = actor.account()?;
    let side = match actor.seat() {
        // A company is not a party to itself.
        Some(seat) if kind == "account" && seat.account.as_str() == object => Some(seat.role.side()),
        _ => crate::db::party::side(tx, kind, object, reader)?,
    };
    match side {
        Some(side) => of_object(tx, kind, object, reader, side, limit),
        None => Ok(vec![]),
    }
}

/// What happened around a person lately that is for their own eyes, newest first, at most `limit` entries.
pub fn of_oneself(tx: &mut Tx<'_>, user: &UserId, limit: i64) -> Result<Vec<Moment>> {
    Ok(diesel::sql_query(
        "select id, at, kind, object_id, verb, account_id, actor_kind, actor_name, text, changes from event \
         where kind = 'person' and object_id = $1 and audience = $1 order by id desc limit $2",
    )
    .bind::<SqlText, _>(user.as_str())
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?)
}

/// What happened lately to objects of these kinds that an account may see, newest first, among the journal's last 20,000
/// entries.
pub fn recent(tx: &mut Tx<'_>, reader: &AccountId, kinds: &[&str], limit: i64) -> Result<Vec<Moment>> {
    Ok(diesel::sql_query(
        "select e.id, e.at, e.kind, e.object_id, e.verb, e.account_id, e.actor_kind, e.actor_name, e.text, e.changes \
         from event e join party p on p.account_id = $1 and p.kind = e.kind and p.object_id = e.object_id \
         where e.id > (select coalesce(max(id), 0) - 20000 from event) and $2 like '% ' || e.kind || ' %' \
         and (e.audience = '*' or e.audience = p.account_id or e.audience like '% ' || p.side || ' %') \
         order by e.id desc limit $3",
    )
    .bind::<SqlText, _>(reader.as_str())
    .bind::<SqlText, _>(format!(" {} ", kinds.join(" ")))
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?)
}
