//! Lists: collections declared as data, and the one compiler from RQL to SQL.
//!
//! A store declares a [`Collection`]; a handler parses the query string and asks for a [`page`] of ids: two statements,
//! the exact total and the ids of the page, picked from an index where the query allows. The rows themselves are then
//! loaded by the store, for these ids only, with whatever they need.
//!
//! ```ignore
//! pub(super) const REQUESTS: Collection = Collection {
//!     name: "requests",
//!     from: "request r",
//!     id: "r.id",
//!     scope: Scope::Party("request"),
//!     joins: &[
//!         Join::inner("asset", "asset a on a.id = r.asset_id"),
//!         Join::inner("product", "product pr on pr.id = r.product_id"),
//!         Join::left("assignee", "person u on u.id = r.assignee_id"),
//!     ],
//!     many: &[Many::new("params", "asset_param ap", "ap.asset_id = r.asset_id")],
//!     fields: &[
//!         Field::id().orderable().searchable(),
//!         Field::choice("status", "p.status", RequestStatus::WORDS).of_party().orderable(),
//!         Field::time("created", "p.created_at").of_party().orderable(),
//!         Field::choice("type", "r.kind", RequestKind::WORDS).orderable(),
//!         Field::text("asset.product.id", "r.product_id"),
//!         Field::text("asset.product.name", "pr.name").via("product").folded("pr.name_folded").orderable().searchable(),
//!         Field::text("asset.external_id", "a.external_id").via("asset").nullable(),
//!         Field::text("asset.params.id", "ap.name").many("params").only(&["eq", "in"]),
//!         Field::text("asset.params.value", "ap.value").many("params").nullable(),
//!         Field::text("events.created.by.id", "r.events").json("created.by.id"),
//!     ],
//!     order: &["-created"],
//! };
//!
//! let query = rql::parse(request.query_string())?;
//! let page = list::page(tx.conn(), &REQUESTS, Some(account.as_str()), &query, &Rules::API)?;
//! let rows = db::in_order(&page.ids, load(tx, &page.ids)?, |row| &row.id);
//! ```
//!
//! An index for a list ends in the sorted column and the id: times falling, everything else rising, the id rising:
//! `(account_id, kind, status, created_at desc, object_id)`, `(account_id, name_folded, id)`. The list reads it in
//! either direction.

mod check;
mod collection;
mod condition;
mod plan;
mod statement;
#[cfg(test)]
mod tests;
mod value;

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl};

use self::statement::{Dialect, Window, Writer};
use super::{AnyConn, Result};
use crate::kit::Time;
use crate::rql::Query;

pub use check::{explain, problems};
pub use collection::{Collection, Field, Join, Kind, Many, Scope};

/// What becomes of a filter whose property the list does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// It filters nothing; [`IdPage::ignored`] names it. For the API, whose clients send filters of other versions.
    Ignore,
    /// It is refused. For pages and exports, where a filter without effect would mislead.
    Refuse,
}

/// How a list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// What becomes of unknown filters.
    pub unknown: Unknown,
    /// Rows to a page where the query does not say.
    pub default_limit: u32,
    /// Most rows to a page; a query that asks for more gets these.
    pub max_limit: u32,
    /// Conditions that the query cannot change, as (field, value): the product whose items are listed.
    pub within: &'a [(&'a str, &'a str)],
    /// Only rows whose moment in this field comes after this one, whatever the query says: what has not ended yet.
    pub after: Option<(&'a str, Time)>,
}

impl Rules<'static> {
    /// For endpoints: 100 rows, at most 1000. Clients that ask for a thousand rows skip some if they get fewer.
    pub const API: Rules<'static> =
        Rules { unknown: Unknown::Ignore, default_limit: 100, max_limit: 1000, within: &[], after: None };
    /// For list pages: 25 rows, at most 100.
    pub const PAGE: Rules<'static> =
        Rules { unknown: Unknown::Refuse, default_limit: 25, max_limit: 100, within: &[], after: None };
}

impl<'r> Rules<'r> {
    /// The same, of what comes after a moment.
    #[must_use]
    pub fn after(self, after: Option<(&'r str, Time)>) -> Self {
        Rules { after, ..self }
    }

    /// The same, within something: `Rules::API.within(&[("product.id", product)])`.
    #[must_use]
    pub fn within<'a>(self, conditions: &'a [(&'a str, &'a str)]) -> Rules<'a> {
        let Rules { unknown, default_limit, max_limit, .. } = self;
        Rules { unknown, default_limit, max_limit, within: conditions, after: None }
    }
}

/// A page of ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdPage {
    /// The ids, each once, in order.
    pub ids: Vec<String>,
    /// Rows that match on all pages.
    pub total: i64,
    /// Rows before this page.
    pub offset: i64,
    /// Most rows this page could have.
    pub limit: u32,
    /// Filters that had no effect because the list does not know them, for the log.
    pub ignored: Vec<String>,
}

#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = BigInt)]
    total: i64,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

/// One page of what an account may see and the query asks for: two statements, or one if no row is wanted.
///
/// Run it inside `Db::read`, so that total and page speak of the same moment.
///
/// # Errors
/// `Error::Refused` (400, `VAL_001`) if the query does not fit the collection.
pub fn page(
    conn: &mut AnyConn,
    collection: &Collection,
    account: Option<&str>,
    query: &Query,
    rules: &Rules<'_>,
) -> Result<IdPage> {
    let plan = plan::plan(collection, query, rules)?;
    let writer = Writer::new(collection, account, &plan, Dialect::of(conn));
    let total = writer.count()?.bound().get_result::<Total>(conn)?.total;
    let limit = query.limit.unwrap_or(rules.default_limit).min(rules.max_limit);
    let offset = i64::try_from(query.offset.unwrap_or(0)).unwrap_or(i64::MAX);
    let ids = match window(total, offset, i64::from(limit)) {
        Some(window) => ids_of(conn, &writer, window)?,
        None => vec![],
    };
    Ok(IdPage { ids, total, offset, limit, ignored: plan.ignored })
}

/// Every id that matches, in order, but at most so many: for exports and for actions on "all of these". One statement.
///
/// # Errors
/// As [`page`].
pub fn ids(
    conn: &mut AnyConn,
    collection: &Collection,
    account: Option<&str>,
    query: &Query,
    rules: &Rules<'_>,
    at_most: u32,
) -> Result<Vec<String>> {
    let plan = plan::plan(collection, query, rules)?;
    let writer = Writer::new(collection, account, &plan, Dialect::of(conn));
    ids_of(conn, &writer, Window { skip: 0, take: i64::from(at_most), backwards: false })
}

fn ids_of(conn: &mut AnyConn, writer: &Writer<'_>, window: Window) -> Result<Vec<String>> {
    let rows: Vec<Id> = writer.ids(window)?.bound().load(conn)?;
    let mut ids: Vec<String> = rows.into_iter().map(|row| row.id).collect();
    if window.backwards {
        ids.reverse();
    }
    Ok(ids)
}

/// Which rows to read for a page; none if it has no row. Past the middle the list is read from its end, so that no page
/// costs more than the one in the middle.
fn window(total: i64, offset: i64, limit: i64) -> Option<Window> {
    let take = limit.min(total.saturating_sub(offset));
    if take <= 0 {
        return None;
    }
    let behind = total - offset - take;
    Some(if behind < offset {
        Window { skip: behind, take, backwards: true }
    } else {
        Window { skip: offset, take, backwards: false }
    })
}
