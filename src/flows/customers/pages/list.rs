//! The list of customers and resellers.

use actix_web::HttpResponse;

use super::super::actions;
use super::super::model::TierSnapshot;
use super::{kind_word, may_change, place};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::parts::Head;
use crate::web::state::State;
use crate::web::table::{Narrow, Room};
use crate::web::{Ctx, Error};

struct Line {
    account: TierSnapshot,
    href: String,
    above: String,
}

impl Line {
    fn parent(&self) -> Cell {
        Cell::maybe(self.account.parent.as_ref(), |p| Cell::link(&p.name, format!("{}{}", self.above, p.id)))
    }

    fn external(&self) -> String {
        self.account.external_id.clone().unwrap_or_default()
    }
}

fn where_it_is(account: &TierSnapshot) -> Cell {
    if account.place().is_empty() { Cell::nothing() } else { Cell::text(place(&account.contact_info)) }
}

/// The customers and resellers that the company may see.
pub async fn customers(ctx: Ctx) -> Result<HttpResponse, Error> {
    let base = ctx.url("/customers/");
    let mut head = Head::new("Customers");
    let mut empty = State::nothing_yet(
        "users",
        "No customers yet",
        "The companies that buy through you appear here, with the resellers between them and the distributor, as soon as \
         something is ordered for them.",
    );
    if may_change(&ctx) {
        let add = || Button::link("Add customer", ctx.url("/customers/new")).primary().icon("plus");
        let reseller = || Button::link("Add reseller", ctx.url("/customers/new?type=reseller"));
        head = head.action(reseller()).action(add());
        empty = State::nothing_yet(
            "users",
            "No customers yet",
            "Your directory has the companies that buy from you and the resellers between them and you. An order can also \
             add a new one in place.",
        )
        .action(add())
        .action(reseller());
    }
    let list = List::new("Customers", ctx.url("/customers"), &actions::TIER_ACCOUNTS, move |tx, actor, ids| {
        let line = |account: TierSnapshot| Line { href: format!("{base}{}", account.id), above: base.clone(), account };
        Ok(actions::accounts(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .column(
        Col::link("name", "Company", |l: &Line| (&l.account.name, &l.href)).at(Narrow::Left1).grows().sorted("name"),
    )
    .column(Col::id("id", "Id", |l: &Line| &l.account.id).at(Narrow::Left2).sorted("id"))
    .column(
        Col::new("type", "Type", |l: &Line| Cell::text(kind_word(l.account.kind)), |l| l.account.kind.to_string())
            .at(Narrow::Right1)
            .sorted("type"),
    )
    .column(Col::new("parent", "Buys through", Line::parent, |l| {
        l.account.parent.as_ref().map(|p| p.name.clone()).unwrap_or_default()
    }))
    .column(Col::new("place", "Place", |l: &Line| where_it_is(&l.account), |l| l.account.place()).at(Narrow::Left3))
    .column(
        Col::new(
            "email",
            "E-mail",
            |l: &Line| Cell::data(&l.account.contact_info.contact.email).muted(),
            |l| l.account.contact_info.contact.email.clone(),
        )
        .needs(Room::Widest),
    )
    .column(
        Col::new("external", "External id", |l: &Line| Cell::data(l.external()).muted(), Line::external)
            .needs(Room::Wide)
            .sorted("external_id"),
    )
    .column(
        Col::moment("created", "Added", |l: &Line| l.account.events.at("created"))
            .at(Narrow::Right3)
            .sorted("events.created.at"),
    )
    .filter("type", "Type", &[("customer", "Customer"), ("reseller", "Reseller")])
    .filter_text("parent.name", "Buys through")
    .filter_text("external_id", "External id")
    .filter_days("events.created.at", "Added")
    .search("Name, id, external id, reseller")
    .empty(empty);
    let page = ctx.page("Customers").crumb(Crumb::here("Customers"));
    ctx.list_page(list, page, head, None).await
}
