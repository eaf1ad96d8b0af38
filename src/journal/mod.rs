//! What happened: one entry per business event, written in the action's own transaction.
//!
//! The journal is the timeline on every page, the audit trail, and the outbox that mail and webhooks are fed from. An
//! entry says who did what to which object, who may read it, and what changed; secrets are masked before they get here.
//! Entries are chained by one job ([`seal`]): each seal covers the entry and the seal before it, so that a later change
//! shows. What may name people is covered by its hash only, so that it can be erased without breaking the chain.

mod meanwhile;
pub mod seal;
mod timeline;

use diesel::prelude::*;

pub use meanwhile::unchanged;
pub use timeline::{Moment, of_object, of_objects, of_oneself, recent, seen_by};

use crate::db::schema::event;
use crate::db::{Result, Tx};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Happening, Side, Text, UserId};

/// One changed value.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Change {
    /// What changed, as people read it.
    pub field: String,
    /// The value before; none if there was none.
    pub before: Option<String>,
    /// The value now; none if there is none.
    pub after: Option<String>,
    /// Whether the values are words of ours, to be read in each reader's language, and not somebody's data.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub words: bool,
}

impl Change {
    /// A change, unless both values are the same.
    pub fn of(field: &str, before: impl ToString, after: impl ToString) -> Option<Self> {
        let some = |s: String| (!s.is_empty()).then_some(s);
        let (before, after) = (before.to_string(), after.to_string());
        (before != after).then(|| Self {
            field: field.to_owned(),
            before: some(before),
            after: some(after),
            words: false,
        })
    }

    /// As [`Change::of`], for statuses, kinds and the like.
    pub fn word(field: &str, before: impl ToString, after: impl ToString) -> Option<Self> {
        Some(Self { words: true, ..Self::of(field, before, after)? })
    }

    /// The change in a sentence.
    pub fn sentence(&self) -> Text {
        let text = match (&self.before, &self.after) {
            (None, _) => Text::new("{field:text}: {after:text}."),
            (_, None) => Text::new("{field:text}: {before:text} was taken away."),
            _ => Text::new("{field:text}: {before:text} became {after:text}."),
        };
        let value = |value: &Option<String>| self.value(value.as_deref().unwrap_or_default());
        text.part("field", &self.name()).part("before", &value(&self.before)).part("after", &value(&self.after))
    }

    /// The field's name; that of a parameter or an item is somebody's data, which may look like a key.
    pub fn name(&self) -> Text {
        if self.field.contains('{') { Text::data(&self.field) } else { Text::kept(&self.field) }
    }

    /// One of its values, for a reader.
    pub fn value(&self, value: &str) -> Text {
        if self.words { Text::kept(value) } else { Text::data(value) }
    }

    /// A change of something that must not be readable: only that it changed is noted.
    pub fn secret(field: &str) -> Self {
        Self {
            field: field.to_owned(), before: Some("•••".to_owned()), after: Some("•••".to_owned()), words: false
        }
    }
}

/// Who may read an entry, among those who may see the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everyone.
    All,
    /// Only the acting account.
    Own,
    /// Only this account.
    Account(AccountId),
    /// Only this person, about themselves.
    Person(UserId),
    /// Only these sides.
    Sides(&'static [Side]),
}

/// What is to be noted.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Kind of object, as in the party rows: `contract`.
    pub kind: &'static str,
    /// The object's id.
    pub object: &'a str,
    /// What was done: `contract.activated`.
    pub verb: &'static str,
    /// The sentence that people read.
    pub text: Text,
    /// Who may read it.
    pub audience: Audience,
    /// What changed.
    pub changes: Vec<Change>,
    /// The company in whose name somebody else acted.
    pub on_behalf: Option<&'a AccountId>,
}

impl<'a> Entry<'a> {
    /// An entry that everyone concerned may read.
    pub fn new(kind: &'static str, object: &'a (impl AsRef<str> + ?Sized), verb: &'static str, text: Text) -> Self {
        Self { kind, object: object.as_ref(), verb, text, audience: Audience::All, changes: vec![], on_behalf: None }
    }

    /// With what changed.
    #[must_use]
    pub fn changes(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.changes.extend(changes);
        self
    }

    /// For some readers only.
    #[must_use]
    pub fn audience(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }
}

#[derive(Insertable)]
#[diesel(table_name = event)]
struct Row<'a> {
    at: crate::kit::Time,
    kind: &'a str,
    object_id: &'a str,
    verb: &'a str,
    account_id: Option<&'a str>,
    actor_kind: &'a str,
    actor_id: Option<String>,
    actor_name: Option<String>,
    on_behalf: Option<&'a str>,
    audience: String,
    text: Doc<Text>,
    changes: Doc<Vec<Change>>,
    personal_hash: String,
}

/// Notes what happened and lets the flows above react to it, inside the same transaction. Gives the entry's number.
pub fn record(tx: &mut Tx<'_>, actor: &Actor, entry: Entry<'_>) -> Result<i64> {
    let by = actor.by();
    let account = actor.seat().map(|s| s.account.as_str());
    let audience = match entry.audience {
        Audience::All => "*".to_owned(),
        Audience::Own => account.unwrap_or("*").to_owned(),
        Audience::Account(account) => account.to_string(),
        Audience::Person(person) => person.to_string(),
        Audience::Sides(sides) => {
            let words: Vec<&str> = sides.iter().map(Side::as_str).collect();
            format!(" {} ", words.join(" "))
        }
    };
    let personal_hash = seal::personal(by.as_ref(), &entry.text, &entry.changes);
    let row = Row {
        at: tx.at(),
        kind: entry.kind,
        object_id: entry.object,
        verb: entry.verb,
        account_id: account,
        actor_kind: actor.kind(),
        actor_id: by.as_ref().map(|b| b.id.clone()),
        actor_name: by.as_ref().map(|b| b.name.clone()),
        on_behalf: entry.on_behalf.map(AccountId::as_str),
        audience,
        text: Doc(entry.text),
        changes: Doc(entry.changes),
        personal_hash,
    };
    let number = diesel::insert_into(event::table).values(row).returning(event::id).get_result(tx.conn())?;
    tx.react(actor, &Happening { verb: entry.verb, object: entry.object.to_owned() })?;
    Ok(number)
}
