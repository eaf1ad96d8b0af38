//! What is in an archive: each kind of object in a file of its own, read as the API's lists read it, for the
//! account's own programs. So the archive has what the account's own programs see, in the same shapes, and nothing else.
//!
//! Everything is read twice on one snapshot: once to count it, for the progress, and once to write it. Of no kind are all rows,
//! or all ids, in memory at once.

mod accounts;
mod orders;
mod partners;
mod products;
mod usage;

use std::io::Write;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::archive::{Archive, is_too_large};
use crate::db::list::{self, Collection, Rules, Unknown};
use crate::db::{self, Result, Tx};
use crate::kit::{Actor, Refusal, Text};
use crate::rql::Query;

/// Ids that are picked at once.
const WINDOW: u32 = 5_000;
/// Objects that are loaded at once.
const CHUNK: usize = 200;

/// A kind of object, which has a file of the archive.
pub(super) struct Kind {
    /// The file's name before `.ndjson`.
    pub name: &'static str,
    /// What is in it.
    pub about: &'static str,
    /// Reads and writes it.
    pub read: fn(&mut Reading<'_, '_>) -> Result<()>,
}

/// Every kind, what others refer to first.
pub(super) fn kinds() -> impl Iterator<Item = &'static Kind> {
    [accounts::KINDS, partners::KINDS, products::KINDS, orders::KINDS, usage::KINDS, accounts::AUDIT]
        .into_iter()
        .flatten()
}

/// A file that is to be attached.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Attached {
    /// Its place in the archive.
    pub path: String,
    /// The object that it belongs to.
    pub object: String,
    /// The address under which other objects name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is.
    pub content_type: String,
    /// What it is kept under.
    pub key: String,
}

/// Notes how many objects were written.
type Step<'s> = &'s mut dyn FnMut(i64) -> Result<()>;

/// Where what is read goes.
pub(super) enum Out<'o> {
    /// It is counted.
    Counting,
    /// It is written.
    Writing {
        /// Into this archive.
        archive: &'o mut Archive,
        /// The files to be attached are noted here, a line each.
        attached: &'o mut dyn Write,
        /// How far it is.
        step: Step<'o>,
        /// The largest archive, for the refusal.
        max: i64,
    },
}

/// Reading an account's objects in one transaction.
pub(super) struct Reading<'r, 'c> {
    tx: &'r mut Tx<'c>,
    actor: &'r Actor,
    out: Out<'r>,
    count: i64,
}

/// The error of writing an archive.
pub(super) fn unwritten(error: &std::io::Error, max: i64) -> db::Error {
    if is_too_large(error) {
        let text = Text::new(
            "The archive would be larger than the {max:number} bytes that are allowed (export_bytes). Ask the operator for more.",
        );
        return Refusal::too_large(text.arg("max", max)).into();
    }
    db::Error::Outside(format!("the archive could not be written: {error}"))
}

fn value(object: impl Serialize) -> Result<Value> {
    serde_json::to_value(object).map_err(|e| db::Error::Outside(format!("export: {e}")))
}

/// Puts what the API says by an object's path into the object itself, under a key that no object of the API has.
fn within(mut object: Value, place: &[(&str, &str)]) -> Value {
    if let (Value::Object(map), false) = (&mut object, place.is_empty()) {
        let place: Map<String, Value> =
            place.iter().map(|(name, id)| ((*name).to_owned(), Value::String((*id).to_owned()))).collect();
        map.insert("@in".to_owned(), Value::Object(place));
    }
    object
}

impl<'r, 'c> Reading<'r, 'c> {
    /// Reading for an actor.
    pub(super) fn new(tx: &'r mut Tx<'c>, actor: &'r Actor, out: Out<'r>) -> Self {
        Self { tx, actor, out, count: 0 }
    }

    /// How many objects and files have been counted or written.
    pub(super) fn count(&self) -> i64 {
        self.count
    }

    /// Reads every kind.
    pub(super) fn all(&mut self) -> Result<()> {
        for kind in kinds() {
            if let Out::Writing { archive, max, .. } = &mut self.out {
                archive.begin(&format!("{}.ndjson", kind.name), kind.about, false).map_err(|e| unwritten(&e, *max))?;
            }
            (kind.read)(self)?;
            if let Out::Writing { archive, .. } = &mut self.out {
                archive.list();
            }
        }
        Ok(())
    }

    /// One object, which is read for this alone.
    fn row(&mut self, object: impl Serialize, place: &[(&str, &str)]) -> Result<()> {
        self.count += 1;
        let Out::Writing { archive, step, max, .. } = &mut self.out else { return Ok(()) };
        archive.line(&within(value(object)?, place)).map_err(|e| unwritten(&e, *max))?;
        step(self.count)
    }

    /// A file that is to be attached once everything is read.
    fn attach(&mut self, file: &Attached) -> Result<()> {
        let Out::Writing { attached, max, .. } = &mut self.out else {
            self.count += 1;
            return Ok(());
        };
        // It counts as written once it is copied.
        let written = serde_json::to_writer(&mut *attached, file).map_err(std::io::Error::from);
        written.and_then(|()| attached.write_all(b"\n")).map_err(|e| unwritten(&e, *max))
    }

    /// A page of the ids of a list, and how many there are in all.
    fn page(
        &mut self,
        collection: &Collection,
        conditions: &[(&str, &str)],
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<String>, i64)> {
        let rules =
            Rules { unknown: Unknown::Refuse, default_limit: limit, max_limit: limit, within: conditions, after: None };
        let query = Query { limit: Some(limit), offset: Some(offset), ..Query::default() };
        let account = self.actor.account()?.as_str();
        let page = list::page(self.tx.conn(), collection, Some(account), &query, &rules)?;
        Ok((page.ids, page.total))
    }

    /// Does something with every id of a list, page by page.
    fn each(
        &mut self,
        collection: &Collection,
        conditions: &[(&str, &str)],
        mut work: impl FnMut(&mut Self, &[String]) -> Result<()>,
    ) -> Result<()> {
        let mut offset = 0;
        loop {
            let (ids, total) = self.page(collection, conditions, offset, WINDOW)?;
            work(self, &ids)?;
            offset += ids.len() as u64;
            if ids.is_empty() || i64::try_from(offset).unwrap_or(i64::MAX) >= total {
                return Ok(());
            }
        }
    }

    /// The objects of a list as the API answers them. `conditions` are what the path of the list says, `place` is what stands in the
    /// object for that.
    fn list<T: Serialize>(
        &mut self,
        collection: &Collection,
        conditions: &[(&str, &str)],
        place: &[(&str, &str)],
        load: impl Fn(&mut Tx<'_>, &Actor, &[String]) -> Result<Vec<T>>,
    ) -> Result<()> {
        if matches!(self.out, Out::Counting) {
            self.count += self.page(collection, conditions, 0, 0)?.1;
            return Ok(());
        }
        self.each(collection, conditions, |reading, ids| {
            for chunk in ids.chunks(CHUNK) {
                for object in load(reading.tx, reading.actor, chunk)? {
                    reading.row(object, place)?;
                }
            }
            Ok(())
        })
    }
}
