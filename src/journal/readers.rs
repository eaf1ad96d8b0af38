//! Who may read an entry in an audit: the accounts that could see it when it was written, one row each.
//!
//! Timelines ask who may see the object today. An audit must go on showing what happened to an object that is gone, so it
//! stands on these rows instead; each repeats what an audit is filtered by.

use diesel::prelude::*;

use super::{Audience, Entry};
use crate::db::schema::{event_reader, membership};
use crate::db::{Result, Tx, party};
use crate::kit::{AccountId, Actor, NamedRef};
use crate::on_each;

/// The reader under which the operator's audit is kept, whichever account is the operator.
pub const OPERATOR: &str = "operator";

/// The public id of an entry: ids sort as their numbers do.
#[must_use]
pub fn entry_id(number: i64) -> String {
    format!("EV-{number:012}")
}

/// The number of an entry by its public id, or by the number itself.
#[must_use]
pub fn entry_number(id: &str) -> Option<i64> {
    id.strip_prefix("EV-").unwrap_or(id).parse().ok().filter(|number| *number > 0)
}

/// Everybody who may read an entry.
pub(super) fn of(tx: &mut Tx<'_>, actor: &Actor, entry: &Entry<'_>) -> Result<Vec<String>> {
    let own = actor.seat().map(|seat| seat.account.as_str());
    let mut readers: Vec<String> = match (&entry.audience, own) {
        (Audience::Account(account), _) => vec![account.to_string()],
        (Audience::Own, Some(own)) => vec![own.to_owned()],
        // What somebody does around their own sign-in is nobody's business in their companies.
        (Audience::Person(_), _) => vec![],
        (Audience::Sides(sides), _) => party::all(tx, entry.kind, entry.object)?
            .into_iter()
            .filter(|(_, side)| sides.contains(side))
            .map(|(account, _)| account.to_string())
            .collect(),
        (Audience::All | Audience::Own, _) => {
            let mut all: Vec<String> =
                party::all(tx, entry.kind, entry.object)?.into_iter().map(|(account, _)| account.to_string()).collect();
            all.extend(own.map(str::to_owned));
            all.extend(entry.on_behalf.map(AccountId::to_string));
            match entry.kind {
                // A company is not a party to itself.
                "account" => all.push(entry.object.to_owned()),
                // What happens to a person concerns the companies they work in.
                "person" => all.extend(companies_of(tx, entry.object)?),
                _ => {}
            }
            all
        }
    };
    if entry.by_operator || *actor == Actor::Operator {
        readers.push(OPERATOR.to_owned());
    }
    readers.sort_unstable();
    readers.dedup();
    Ok(readers)
}

fn companies_of(tx: &mut Tx<'_>, user: &str) -> Result<Vec<String>> {
    let active = membership::table.filter(membership::user_id.eq(user)).filter(membership::status.eq("active"));
    Ok(active.select(membership::account_id).load(tx.conn())?)
}

#[derive(Insertable)]
#[diesel(table_name = event_reader)]
struct Row<'a> {
    id: &'a str,
    account_id: &'a str,
    event_id: i64,
    at: crate::kit::Time,
    kind: &'a str,
    object_id: &'a str,
    verb: &'a str,
    actor_id: Option<&'a str>,
}

/// Writes the rows of an entry.
pub(super) fn put(
    tx: &mut Tx<'_>,
    number: i64,
    (kind, object_id, verb): (&str, &str, &str),
    by: Option<&NamedRef>,
    readers: &[String],
) -> Result<()> {
    let (at, id, actor_id) = (tx.at(), entry_id(number), by.map(|by| by.id.as_str()));
    let row = |account_id| Row { id: &id, account_id, event_id: number, at, kind, object_id, verb, actor_id };
    let rows: Vec<Row<'_>> = readers.iter().map(|reader| row(reader.as_str())).collect();
    if !rows.is_empty() {
        on_each!(tx, |c| diesel::insert_into(event_reader::table).values(&rows).execute(c))?;
    }
    Ok(())
}
