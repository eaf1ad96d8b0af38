//! Entries of the journal as one account may read them.

use diesel::prelude::*;

use crate::db::list::{Collection, Field, Join, Scope};
use crate::db::schema::{account, event, event_reader};
use crate::db::{Result, Tx, in_order};
use crate::journal::seal::KeptOrigin;
use crate::journal::{Change, OPERATOR};
use crate::kit::column::Doc;
use crate::kit::{Actor, Origin, Refusal, Text, Time};

/// Kinds of actors, as the journal has them.
pub const ACTORS: &[&str] = &["person", "token", "system", "guest", "operator"];

const FIELDS: &[Field] = &[
    Field::id(),
    Field::time("at", "r.at").orderable(),
    Field::text("verb", "r.verb"),
    Field::text("object.kind", "r.kind"),
    Field::text("object.id", "r.object_id"),
    Field::text("actor.id", "r.actor_id").nullable(),
    Field::choice("actor.kind", "e.actor_kind", ACTORS).via("event"),
    Field::text("account.id", "e.account_id").via("event").nullable(),
];

/// What an account may read.
pub const AUDIT: Collection = Collection {
    name: "audit",
    from: "event_reader r",
    id: "r.id",
    scope: Scope::Owner("r.account_id"),
    joins: &[Join::inner("event", "event e on e.id = r.event_id")],
    many: &[],
    fields: FIELDS,
    order: &["-at"],
};

/// What the operator of the deployment did as such, and what was done on the command line; for the operator alone.
pub const OPERATOR_AUDIT: Collection = Collection {
    name: "operator-audit",
    scope: Scope::Sql("r.account_id = 'operator' and {account} = (select value from setting where name = 'operator')"),
    joins: &[Join::inner("event", "event e on e.id = r.event_id")],
    from: "event_reader r",
    id: "r.id",
    many: &[],
    fields: FIELDS,
    order: &["-at"],
};

/// Whose audit is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// That of the acting account.
    Own,
    /// That of the operator. The caller has made sure that the acting account is the operator.
    Operator,
}

/// An entry as an account may read it.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its public id.
    pub id: String,
    /// When.
    pub at: Time,
    /// Kind of object.
    pub kind: String,
    /// The object's id.
    pub object: String,
    /// What was done.
    pub verb: String,
    /// The company that acted: id and name.
    pub account: Option<(String, String)>,
    /// The company in whose name it acted.
    pub on_behalf: Option<String>,
    /// What kind of actor.
    pub actor_kind: String,
    /// The acting person or token: id and name; none for the system, and after personal data was erased.
    pub actor: Option<(String, String)>,
    /// The sentence.
    pub text: Text,
    /// What changed.
    pub changes: Vec<Change>,
    /// From where; none if it was no request, if it is not the reader's to know, or was erased.
    pub origin: Option<Origin>,
    /// Its place in the chain and its seal; none before it is sealed.
    pub seal: Option<(i64, String)>,
}

#[derive(Queryable)]
struct Row {
    id: String,
    at: Time,
    kind: String,
    object: String,
    verb: String,
    account_id: Option<String>,
    account_name: Option<String>,
    on_behalf: Option<String>,
    actor_kind: String,
    actor_id: Option<String>,
    actor_name: Option<String>,
    text: Doc<Text>,
    changes: Doc<Vec<Change>>,
    origin: Option<Doc<KeptOrigin>>,
    sealed: Option<i64>,
    seal: Option<String>,
}

impl Row {
    fn record(self, reader: &str, whose: Whose) -> Record {
        // From where somebody works is their own company's business; of those without a company, that of the companies
        // which the person belongs to.
        let own = match &self.account_id {
            Some(account) => account == reader,
            None => self.kind == "person",
        };
        Record {
            id: self.id,
            at: self.at,
            kind: self.kind,
            object: self.object,
            verb: self.verb,
            account: self.account_id.map(|id| (id.clone(), self.account_name.unwrap_or(id))),
            on_behalf: self.on_behalf,
            actor_kind: self.actor_kind,
            actor: self.actor_id.zip(self.actor_name),
            text: self.text.0,
            changes: self.changes.0,
            origin: self.origin.filter(|_| own || whose == Whose::Operator).map(|kept| kept.0.origin),
            seal: self.sealed.zip(self.seal),
        }
    }
}

/// Entries that a list has picked, in the order of their ids.
pub fn records(tx: &mut Tx<'_>, actor: &Actor, whose: Whose, ids: &[String]) -> Result<Vec<Record>> {
    let own = actor.account()?.as_str();
    let reader = match whose {
        Whose::Own => own,
        Whose::Operator => OPERATOR,
    };
    let rows: Vec<Row> = event_reader::table
        .inner_join(event::table)
        .left_join(account::table.on(event::account_id.eq(account::id.nullable())))
        .filter(event_reader::account_id.eq(reader))
        .filter(event_reader::id.eq_any(ids))
        .select((
            event_reader::id,
            event::at,
            event::kind,
            event::object_id,
            event::verb,
            event::account_id,
            account::name.nullable(),
            event::on_behalf,
            event::actor_kind,
            event::actor_id,
            event::actor_name,
            event::text,
            event::changes,
            event::origin,
            event::sealed,
            event::seal,
        ))
        .load(tx.conn())?;
    let records = rows.into_iter().map(|row| row.record(own, whose)).collect();
    Ok(in_order(ids, records, |record: &Record| record.id.as_str()))
}

/// One entry of the acting account's audit.
pub fn record(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Record> {
    let found = records(tx, actor, Whose::Own, &[id.to_owned()])?.pop();
    found.ok_or_else(|| Refusal::not_found("entry", id).into())
}
