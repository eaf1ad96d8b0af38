//! Who is a partner, and what there is between two companies: found from contracts and listings.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText};

use super::model::{Between, Brief, Stats};
use crate::db::list::{Collection, Field, Scope};
use crate::db::{MultiBackend, Result, Tx};
use crate::flows::accounts::model::AccountStatus;
use crate::flows::contracts::model::ContractKind;
use crate::kit::{AccountId, Actor, Role, Side};

/// A number of contracts of one kind between the reader and the listed company.
macro_rules! contracts_of {
    ($kind:literal) => {
        concat!(
            "(select count(*) from contract c where c.kind = '",
            $kind,
            "' and c.status in ('new', 'enrolling', 'pending', 'active') \
             and ((c.owner_id = a.id and c.issuer_id = {account}) or (c.owner_id = {account} and c.issuer_id = a.id)))"
        )
    };
}

/// The companies that the reader has a program or service contract with that has not ended.
pub const PARTNERS: Collection = Collection {
    name: "partners",
    from: "account a",
    id: "a.id",
    // Two searches of an index each, so that it costs as much as there are partners, whoever has issued the contracts.
    scope: Scope::Sql(
        "a.id in (select c.owner_id from contract c where c.issuer_id = {account} and c.kind in ('program', 'service') \
         and c.status in ('pending', 'active') union select c.issuer_id from contract c where c.owner_id = {account} \
         and c.kind in ('program', 'service') and c.status in ('pending', 'active'))",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "a.name").folded("a.name_folded").orderable().searchable(),
        Field::choice("role", "a.role", Role::WORDS).orderable(),
        Field::choice("type", "case when a.role = 'vendor' then 'vendor' else 'provider' end", &["vendor", "provider"])
            .orderable(),
        Field::choice("status", "a.status", AccountStatus::WORDS).orderable(),
        Field::int("stats.contracts.program", contracts_of!("program")).orderable(),
        Field::int("stats.contracts.distribution", contracts_of!("distribution")).orderable(),
        Field::int("stats.contracts.service", contracts_of!("service")).orderable(),
        Field::int("stats.contracts.syndication", contracts_of!("syndication")).orderable(),
        Field::int(
            "stats.listings",
            "(select count(*) from listing l where l.status = 'listed' and ((l.vendor_id = a.id and l.provider_id = {account}) \
             or (l.vendor_id = {account} and l.provider_id = a.id)))",
        )
        .orderable(),
    ],
    order: &["name"],
};

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = SqlText)]
    partner: String,
    #[diesel(sql_type = SqlText)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How much there is between the actor's company and each of these: one statement.
pub fn stats(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<HashMap<String, Stats>> {
    let own = actor.account()?;
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = (0..ids.len()).map(|n| format!("${}", n + 2)).collect();
    let places = places.join(", ");
    let live = "status in ('new', 'enrolling', 'pending', 'active')";
    let text = format!(
        "select partner, kind, count(*) as number from (\
         select owner_id as partner, kind from contract where issuer_id = $1 and owner_id in ({places}) and {live} \
         union all select issuer_id, kind from contract where owner_id = $1 and issuer_id in ({places}) and {live} \
         union all select provider_id, 'listing' from listing where vendor_id = $1 and provider_id in ({places}) and status = 'listed' \
         union all select vendor_id, 'listing' from listing where provider_id = $1 and vendor_id in ({places}) and status = 'listed'\
         ) between_both group by partner, kind"
    );
    let start = diesel::sql_query(text).into_boxed::<MultiBackend>().bind::<SqlText, _>(own.as_str().to_owned());
    let bound = ids.iter().fold(start, |query, id| query.bind::<SqlText, _>(id.clone()));
    let rows: Vec<Counted> = bound.load(tx.conn())?;
    let mut all: HashMap<String, Stats> = HashMap::new();
    for row in rows {
        all.entry(row.partner).or_default().count(&row.kind, row.number);
    }
    Ok(all)
}

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = SqlText)]
    id: AccountId,
    #[diesel(sql_type = SqlText)]
    name: String,
    #[diesel(sql_type = SqlText)]
    role: Role,
    #[diesel(sql_type = SqlText)]
    status: AccountStatus,
}

/// A company, if it is a partner of the actor's.
pub fn brief(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Option<Brief>> {
    let found: Option<Head> = diesel::sql_query(
        // SQLite numbers what is bound by where it stands first.
        "select a.id, a.name, a.role, a.status from account a where exists (select 1 from contract c \
         where c.kind in ('program', 'service') and c.status in ('pending', 'active') \
         and ((c.issuer_id = $1 and c.owner_id = $2) or (c.owner_id = $1 and c.issuer_id = $2))) and a.id = $2",
    )
    .bind::<SqlText, _>(actor.account()?.as_str())
    .bind::<SqlText, _>(id)
    .get_result(tx.conn())
    .optional()?;
    Ok(found.map(|h| Brief { id: h.id, name: h.name, role: h.role, status: h.status }))
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlText)]
    id: String,
    #[diesel(sql_type = SqlText)]
    kind: String,
    #[diesel(sql_type = SqlText)]
    issuer_id: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    binds: bool,
}

/// The newest contracts and listings between the actor's company and another one, so many of each; nothing if that other
/// one is no partner: one statement.
pub fn between(tx: &mut Tx<'_>, actor: &Actor, partner: &str, limit: i64) -> Result<Option<Between>> {
    let own = actor.account()?;
    // What makes the other one a partner comes first.
    let text = "select id, kind, issuer_id, binds from (\
         select id, kind, issuer_id, (kind in ('program', 'service') and status in ('pending', 'active')) as binds, created_at \
         from contract where (issuer_id = $1 and owner_id = $2) or (owner_id = $1 and issuer_id = $2) \
         order by binds desc, created_at desc, id limit $3) c \
         union all select id, 'listing', provider_id, (1 = 0) from (\
         select id, provider_id from listing where (vendor_id = $1 and provider_id = $2) or (provider_id = $1 and vendor_id = $2) \
         order by created_at desc, id limit $3) l";
    let rows: Vec<Found> = diesel::sql_query(text)
        .bind::<SqlText, _>(own.as_str())
        .bind::<SqlText, _>(partner)
        .bind::<BigInt, _>(limit)
        .load(tx.conn())?;
    let Some(first) = rows.iter().find(|row| row.binds) else { return Ok(None) };
    let side = match ContractKind::parse(&first.kind) {
        _ if first.issuer_id == own.as_str() => Side::Distributor,
        Some(kind) => kind.partner_side(),
        None => Side::Reseller,
    };
    Ok(Some(Between { side, objects: rows.into_iter().map(|row| row.id).collect() }))
}
