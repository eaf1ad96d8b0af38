//! The list of entries, for an account and for the operator.

use super::super::store::{self, Record, Whose};
use super::words;
use crate::db::list::Collection;
use crate::kit::Text;
use crate::web::Ctx;
use crate::web::cell::Cell;
use crate::web::list::{Col, List};
use crate::web::state::State;
use crate::web::table::{Narrow, Room};

/// A row: the entry, the address of its page, its object.
pub struct Line {
    record: Record,
    href: Option<String>,
    object: Cell,
}

/// The entries of an audit, at a path of the account.
pub fn entries_of(ctx: &Ctx, path: &str, collection: &'static Collection, whose: Whose) -> List<Line> {
    let here = ctx.url(path);
    let pages = (whose == Whose::Own).then(|| here.clone());
    let places = words::Places::of(ctx);
    List::new("Audit", here, collection, move |tx, actor, ids| {
        let records = store::records(tx, actor, whose, ids)?;
        let line = |record: Record| Line {
            object: places.object(&record),
            href: pages.as_ref().map(|pages| format!("{pages}/{}", record.id)),
            record,
        };
        Ok(records.into_iter().map(line).collect())
    })
    .column(Col::new("at", "When", |l: &Line| when(l), |l| l.record.at.wire()).at(Narrow::Right1).sorted("at"))
    .column(Col::new("what", "What", |l: &Line| what(l), |l| l.record.text.to_string()).at(Narrow::Left1).grows())
    .column(Col::new("who", "Who", |l: &Line| who(l), |l| name(&l.record)).at(Narrow::Left2))
    .column(Col::new("object", "Object", |l: &Line| l.object.clone(), |l| l.record.object.clone()).at(Narrow::Left3))
    .column(
        Col::new("address", "From", |l: &Line| from(&l.record), |l| part(&l.record, |o| &o.address))
            .at(Narrow::Hidden)
            .needs(Room::Wide),
    )
    .column(Col::exported("id", "Id", |l: &Line| l.record.id.clone()))
    .column(Col::exported("verb", "Action", |l: &Line| l.record.verb.clone()))
    .column(Col::exported("object_kind", "Kind of object", |l: &Line| l.record.kind.clone()))
    .column(Col::exported("actor_kind", "Kind of actor", |l: &Line| l.record.actor_kind.clone()))
    .column(Col::exported("actor", "Id of the actor", |l: &Line| of(&l.record.actor, |(id, _)| id)))
    .column(Col::exported("account", "Account", |l: &Line| of(&l.record.account, |(id, _)| id)))
    .column(Col::exported("account_name", "Name of the account", |l: &Line| of(&l.record.account, |(_, name)| name)))
    .column(Col::exported("on_behalf", "On behalf of", |l: &Line| l.record.on_behalf.clone().unwrap_or_default()))
    .column(Col::exported("changes", "Changes", |l: &Line| changes(&l.record).to_string()))
    .column(Col::exported("agent", "Browser or program", |l: &Line| part(&l.record, |o| &o.agent)))
    .column(Col::exported("request", "Request", |l: &Line| part(&l.record, |o| &o.request)))
    .column(Col::exported("seal", "Seal", |l: &Line| of(&l.record.seal, |(_, seal)| seal)))
    .filter_days("at", "When")
    .filter("object.kind", "Kind of object", words::KINDS)
    .filter_exact("object.id", "Object")
    .filter_exact("actor.id", "User or token")
    .filter_exact("verb", "Action")
    .empty(State::nothing_yet(
        "history",
        "Nothing was noted yet",
        "What people, tokens and the system change stands here.",
    ))
}

fn when(line: &Line) -> Cell {
    Cell::time(line.record.at)
}

fn what(line: &Line) -> Cell {
    let cell = Cell::text(line.record.text.clone()).strong().wrap();
    let cell = match &line.href {
        Some(href) => cell.to(href),
        None => cell,
    };
    if line.record.changes.is_empty() { cell } else { cell.sub(Cell::text(changes(&line.record)).wrap().muted()) }
}

/// The most changes that a row tells; all of them stand on the entry's page.
const TOLD: usize = 3;

fn changes(record: &Record) -> Text {
    let told = record.changes.iter().take(TOLD).map(|change| change.sentence());
    told.reduce(|all, next| all.then(&next)).unwrap_or_default()
}

fn name(record: &Record) -> String {
    match &record.actor {
        Some((_, name)) => name.clone(),
        None => words::actor_kind(&record.actor_kind).to_string(),
    }
}

fn who(line: &Line) -> Cell {
    let cell = words::who(&line.record);
    match &line.record.account {
        Some((_, name)) => cell.sub(Cell::data(name).muted()),
        None => cell,
    }
}

fn from(record: &Record) -> Cell {
    Cell::maybe(record.origin.as_ref(), |origin| Cell::data(&origin.address))
}

fn part(record: &Record, of: impl Fn(&crate::kit::Origin) -> &String) -> String {
    record.origin.as_ref().map(|origin| of(origin).clone()).unwrap_or_default()
}

fn of<T>(value: &Option<T>, part: impl Fn(&T) -> &String) -> String {
    value.as_ref().map(|value| part(value).clone()).unwrap_or_default()
}
