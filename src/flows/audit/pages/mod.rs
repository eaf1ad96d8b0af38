//! Pages of the audit: the list with its filters, and one entry.

mod list;
mod words;

use actix_web::{HttpResponse, web};

pub use list::entries_of;

use super::store::{self, Record, Whose};
use crate::kit::Text;
use crate::web::cell::Cell;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::parts::{Facts, Head};
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Ctx, Error};

/// The audit of the account.
pub async fn entries(ctx: Ctx) -> Result<HttpResponse, Error> {
    let list = entries_of(&ctx, "/audit", &store::AUDIT, Whose::Own);
    let page = ctx.page("Audit").crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here("Audit"));
    let head = Head::new("Audit").lede("Who did what, when and from where. Entries cannot be changed.");
    ctx.list_page(list, page, head, Some(crate::flows::accounts::pages::tabs(&ctx, "/audit"))).await
}

/// One entry.
pub async fn entry(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let record = ctx.read(move |tx, actor| store::record(tx, actor, &id)).await?;
    let object = words::Places::of(&ctx).object(&record);
    let history = ctx.url(&format!("/audit?eq(object.id,{})", record.object));
    let mut facts = Facts::new()
        .fact("When", Cell::time_long(record.at))
        .fact("Who", words::who(&record))
        .fact("Kind of actor", Cell::text(words::actor_kind(&record.actor_kind)));
    if let Some((id, _)) = &record.actor {
        let done = ctx.url(&format!("/audit?eq(actor.id,{id})"));
        facts = facts.fact("Id of the actor", Cell::id(id).to(done));
    }
    if let Some((id, name)) = &record.account {
        facts = facts.fact("Account", Cell::data(name).sub(Cell::id(id)));
    }
    if let Some(id) = &record.on_behalf {
        facts = facts.fact("On behalf of", Cell::id(id));
    }
    facts = facts
        .fact("Object", object.sub(Cell::text("Whole history").to(history)))
        .fact("Action", Cell::data(&record.verb));
    if let Some(origin) = &record.origin {
        facts = facts
            .fact("Address", Cell::data(&origin.address))
            .fact("Browser or program", Cell::data(&origin.agent).wrap())
            .fact("Request", Cell::data(&origin.request).wrap());
    }
    facts = match &record.seal {
        Some((place, seal)) => {
            facts.fact("Place in the chain", Cell::number(*place)).fact("Seal", Cell::copy(seal).wrap())
        }
        None => facts.fact("Place in the chain", Cell::text("Not sealed yet: that takes a minute.").muted()),
    };
    let page = ctx
        .page(Text::data(&record.id))
        .crumb(Crumb::link("Account", ctx.url("/account")))
        .crumb(Crumb::link("Audit", ctx.url("/audit")))
        .crumb(Crumb::here(Text::data(&record.id)));
    ctx.render(&ObjectPage {
        page,
        head: Head::new(record.text.clone()).meta(Cell::copy(&record.id)),
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![changes(&record)],
        about: Text::new("About this entry"),
        facts,
        dialogs: vec![],
    })
}

fn changes(record: &Record) -> Section {
    let section = Section::new("What changed");
    if record.changes.is_empty() {
        return section.words("No values before and after were noted.");
    }
    let columns = vec![
        Column::new("field", "Field"),
        Column::new("before", "Before").grows(),
        Column::new("after", "After").grows(),
    ];
    let cell = |change: &crate::journal::Change, value: &Option<String>| {
        Cell::maybe(value.as_ref(), |value| Cell::text(change.value(value)).wrap())
    };
    let rows = record.changes.iter().enumerate().map(|(n, change)| {
        Row::new(
            n.to_string(),
            vec![Cell::text(change.name()).strong(), cell(change, &change.before), cell(change, &change.after)],
        )
    });
    section.part(Boxed::new("What changed", columns, rows.collect()))
}
