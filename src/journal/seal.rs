//! The hash chain over the journal.
//!
//! Transactions commit out of order, so entries are not chained when they are written: one job gives each entry its
//! place (`sealed`) and its seal, SHA-256 over the seal before it and the entry. What may name people (who acted, the
//! arguments of the sentence, the values before and after) is covered through a hash of its own: erased, it leaves the
//! chain whole; replaced by something else, it shows. So is where it came from, with a random number in that hash: an
//! address could be guessed from a plain one.
//!
//! Whoever can write to the database can compute a chain anew, or cut its end off. Both show against a [`Head`] that was
//! kept elsewhere.

use diesel::prelude::*;

use super::{Change, entry_id, entry_number};
use crate::db::schema::{event, event_reader};
use crate::db::{Result, Tx};
use crate::kit::column::Doc;
use crate::kit::{NamedRef, Origin, Secret, Text, Time, digest};

/// How many entries one run seals at most.
const BATCH: i64 = 500;

/// Hash of the part of an entry that may name people.
pub(super) fn personal(by: Option<&NamedRef>, text: &Text, changes: &[Change]) -> String {
    let by = by.map(|b| (&b.id, &b.name));
    digest(serde_json::to_string(&(by, text.values(), changes)).unwrap_or_default().as_bytes())
}

/// Where an entry came from, as it is kept: erased as a whole.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct KeptOrigin {
    /// The origin.
    #[serde(flatten)]
    pub origin: Origin,
    nonce: String,
}

impl KeptOrigin {
    pub(super) fn new(origin: &Origin) -> Self {
        Self { origin: origin.clone(), nonce: Secret::nonce() }
    }

    pub(super) fn hash(&self) -> String {
        let Origin { address, agent, request } = &self.origin;
        digest([&self.nonce, address, agent, request].map(String::as_str).join("\n").as_bytes())
    }
}

#[derive(Queryable)]
struct Row {
    id: i64,
    at: Time,
    kind: String,
    object_id: String,
    verb: String,
    account_id: Option<String>,
    actor_kind: String,
    actor_id: Option<String>,
    actor_name: Option<String>,
    on_behalf: Option<String>,
    audience: String,
    text: Doc<Text>,
    changes: Doc<Vec<Change>>,
    personal_hash: String,
    sealed: Option<i64>,
    seal: Option<String>,
    origin: Option<Doc<KeptOrigin>>,
    origin_hash: Option<String>,
}

type Columns = (
    event::id,
    event::at,
    event::kind,
    event::object_id,
    event::verb,
    event::account_id,
    event::actor_kind,
    event::actor_id,
    event::actor_name,
    event::on_behalf,
    event::audience,
    event::text,
    event::changes,
    event::personal_hash,
    event::sealed,
    event::seal,
    event::origin,
    event::origin_hash,
);
const COLUMNS: Columns = (
    event::id,
    event::at,
    event::kind,
    event::object_id,
    event::verb,
    event::account_id,
    event::actor_kind,
    event::actor_id,
    event::actor_name,
    event::on_behalf,
    event::audience,
    event::text,
    event::changes,
    event::personal_hash,
    event::sealed,
    event::seal,
    event::origin,
    event::origin_hash,
);

impl Row {
    fn seal(&self, before: &str) -> String {
        let (id, at) = (self.id.to_string(), self.at.0.to_string());
        let mut fields = vec![
            before,
            id.as_str(),
            &at,
            &self.kind,
            &self.object_id,
            &self.verb,
            self.account_id.as_deref().unwrap_or_default(),
            &self.actor_kind,
            self.on_behalf.as_deref().unwrap_or_default(),
            &self.audience,
            self.text.0.key(),
            &self.personal_hash,
        ];
        fields.extend(self.origin_hash.as_deref());
        digest(fields.join("\n").as_bytes())
    }

    /// Whether the part that may name people is as it was written, or is gone altogether.
    fn is_personal_part_good(&self) -> bool {
        let by = match (&self.actor_id, &self.actor_name) {
            (Some(id), Some(name)) => Some(NamedRef { id: id.clone(), name: name.clone() }),
            (None, None) => None,
            _ => return false,
        };
        let erased = by.is_none() && self.changes.0.is_empty() && self.text.0.values().is_empty();
        let origin = self.origin.as_ref().is_none_or(|kept| Some(kept.0.hash()) == self.origin_hash);
        origin && (erased || personal(by.as_ref(), &self.text.0, &self.changes.0) == self.personal_hash)
    }
}

fn last(tx: &mut Tx<'_>) -> Result<(i64, String)> {
    let last: Option<(Option<i64>, Option<String>)> = event::table
        .filter(event::sealed.is_not_null())
        .order(event::sealed.desc())
        .select((event::sealed, event::seal))
        .first(tx.conn())
        .optional()?;
    Ok(last.map_or((0, String::new()), |(n, s)| (n.unwrap_or_default(), s.unwrap_or_default())))
}

/// Seals the oldest entries that have no seal; says how many. Two runs at once cannot fork the chain: the place in the
/// chain is unique.
pub fn run(tx: &mut Tx<'_>) -> Result<usize> {
    let (mut place, mut before) = last(tx)?;
    let rows: Vec<Row> =
        event::table.filter(event::sealed.is_null()).order(event::id).limit(BATCH).select(COLUMNS).load(tx.conn())?;
    for row in &rows {
        place += 1;
        before = row.seal(&before);
        diesel::update(event::table.find(row.id))
            .set((event::sealed.eq(place), event::seal.eq(&before)))
            .execute(tx.conn())?;
    }
    if !rows.is_empty() {
        crate::crash::point("journal.seal.before-commit");
    }
    Ok(rows.len())
}

/// Erases what may name people from an entry: who acted and from where, the arguments of the sentence, the values before
/// and after. The chain stays whole.
pub fn erase(tx: &mut Tx<'_>, entry: i64) -> Result<()> {
    let text: Doc<Text> = event::table.find(entry).select(event::text).first(tx.conn())?;
    diesel::update(event::table.find(entry))
        .set((
            event::actor_id.eq(None::<String>),
            event::actor_name.eq(None::<String>),
            event::text.eq(Doc(Text::kept(text.0.key()))),
            event::changes.eq(Doc(Vec::<Change>::new())),
            event::origin.eq(None::<Doc<KeptOrigin>>),
        ))
        .execute(tx.conn())?;
    diesel::update(event_reader::table.filter(event_reader::id.eq(entry_id(entry))))
        .set(event_reader::actor_id.eq(None::<String>))
        .execute(tx.conn())?;
    Ok(())
}

/// A place in the chain that vouches for everything before it: the seal of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The seal.
    pub seal: String,
    /// The entry's number.
    pub entry: i64,
}

impl Head {
    /// Reads `HASH@EV-000000000012`.
    pub fn parse(text: &str) -> Option<Self> {
        let (seal, entry) = text.trim().split_once('@')?;
        let is_seal = seal.len() == 64 && seal.bytes().all(|b| b.is_ascii_hexdigit());
        let entry = entry_number(entry).filter(|_| is_seal)?;
        Some(Self { seal: seal.to_ascii_lowercase(), entry })
    }
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.seal, entry_id(self.entry))
    }
}

/// The newest seal, and how many entries it covers; nothing before the first run.
pub fn head(tx: &mut Tx<'_>) -> Result<Option<(Head, i64)>> {
    let newest: Option<(Option<i64>, Option<String>, i64)> = event::table
        .filter(event::sealed.is_not_null())
        .order(event::sealed.desc())
        .select((event::sealed, event::seal, event::id))
        .first(tx.conn())
        .optional()?;
    Ok(newest.map(|(place, seal, entry)| (Head { seal: seal.unwrap_or_default(), entry }, place.unwrap_or_default())))
}

/// How many entries wait for their seal.
pub fn unsealed(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(event::table.filter(event::sealed.is_null()).count().get_result(tx.conn())?)
}

/// What is wrong with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The entry, or its place in the chain, was changed.
    Changed,
    /// Who acted, from where, or what was said was replaced by something else.
    Replaced,
    /// At least one entry before this one is gone.
    Missing,
    /// The entry that was kept elsewhere is not in the chain, or has another seal.
    HeadUnknown,
}

impl Fault {
    /// In a few words, for the operator.
    pub fn words(self) -> &'static str {
        match self {
            Self::Changed => "it, or its place in the chain, was changed",
            Self::Replaced => "who acted, from where, or what was said was replaced",
            Self::Missing => "at least one entry before it is gone",
            Self::HeadUnknown => {
                "the kept head is not in the chain: entries were cut off at its end, or all was written anew"
            }
        }
    }
}

/// A walk along the whole chain, some entries at a time.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    /// How many entries were found good.
    pub entries: i64,
    /// When the first one was written.
    pub from: Option<Time>,
    /// When the last one was written.
    pub until: Option<Time>,
    /// The seal of the last one.
    pub head: Option<Head>,
    /// The first entry that does not fit, by its number, and why.
    pub broken: Option<(i64, Fault)>,
    expected: Option<Head>,
    met: bool,
}

impl Walk {
    /// A walk that has to come past a head which was kept elsewhere, if there is one.
    #[must_use]
    pub fn past(expected: Option<Head>) -> Self {
        Self { expected, ..Self::default() }
    }

    /// Checks the next entries; false when there are none left or one does not fit. Entries are sealed once and never
    /// change, so each call may be a transaction of its own.
    pub fn step(&mut self, tx: &mut Tx<'_>) -> Result<bool> {
        let rows: Vec<Row> = event::table
            .filter(event::sealed.gt(self.entries))
            .order(event::sealed)
            .limit(BATCH)
            .select(COLUMNS)
            .load(tx.conn())?;
        for row in &rows {
            if let Some(fault) = self.check(row) {
                self.broken = Some((row.id, fault));
                return Ok(false);
            }
        }
        if rows.is_empty() && !self.met {
            self.broken = self.expected.as_ref().map(|head| (head.entry, Fault::HeadUnknown));
        }
        Ok(!rows.is_empty())
    }

    fn check(&mut self, row: &Row) -> Option<Fault> {
        if row.sealed != Some(self.entries + 1) {
            return Some(Fault::Missing);
        }
        let seal = row.seal(self.head.as_ref().map_or("", |head| &head.seal));
        if row.seal.as_deref() != Some(seal.as_str()) {
            return Some(Fault::Changed);
        }
        if !row.is_personal_part_good() {
            return Some(Fault::Replaced);
        }
        let head = Head { seal, entry: row.id };
        if let Some(expected) = self.expected.as_ref().filter(|e| e.entry == row.id) {
            self.met = *expected == head;
        }
        self.head = Some(head);
        self.entries += 1;
        self.from = self.from.or(Some(row.at));
        self.until = Some(row.at);
        None
    }
}

/// Checks the chain from its beginning; gives the number of the first entry that does not fit, if any.
pub fn verify(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let mut walk = Walk::default();
    while walk.step(tx)? {}
    Ok(walk.broken.map(|(entry, _)| entry))
}
