//! The list of subscriptions.

use actix_web::HttpResponse;

use super::super::actions::{self, AssetShown};
use super::super::model::Line as Item;
use super::order::{may_order, new_order_button};
use super::{ASSET_STATUSES, asset_status, marked};
use crate::kit::{Environment, Role, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::parts::Head;
use crate::web::state::State;
use crate::web::table::{Narrow, Room};
use crate::web::{Ctx, Error};

/// A subscription in the list.
struct Line {
    shown: AssetShown,
    href: String,
    /// The base of requests' addresses.
    requests: String,
}

impl Line {
    fn product(&self) -> String {
        self.shown.view.refs.product().name
    }

    fn customer(&self) -> &str {
        &self.shown.tiers.customer.name
    }

    fn reseller(&self) -> String {
        self.shown.tiers.tier1.as_ref().map(|t| t.name.clone()).unwrap_or_default()
    }

    /// The items that it has: one by name, several by number.
    fn items(&self) -> Cell {
        let items: Vec<&Item> = self.shown.view.doc.0.items.iter().collect();
        match items.as_slice() {
            [] => Cell::nothing(),
            [one] => Cell::data(&one.name),
            many => Cell::text(Text::new("{count} items").arg("count", many.len())),
        }
    }

    fn product_cell(&self) -> Cell {
        let cell = Cell::data(self.product());
        match marked(self.shown.view.refs.environment) {
            None => cell,
            Some(mark) => cell.sub(mark),
        }
    }

    fn open(&self) -> Cell {
        Cell::maybe(self.shown.view.pending(), |p| Cell::text(p.kind.title()).to(format!("{}/{}", self.requests, p.id)))
    }
}

/// The subscriptions of the company.
pub async fn subscriptions(ctx: Ctx) -> Result<HttpResponse, Error> {
    let (base, requests) = (ctx.url("/subscriptions"), ctx.url("/requests"));
    let role = ctx.actor().seat().map_or(Role::Vendor, |s| s.role);
    let text = match role {
        Role::Vendor => "A subscription appears here when somebody orders one of your products.",
        _ => "A subscription appears here when a product is ordered for a customer.",
    };
    let mut head = Head::new("Subscriptions");
    let mut empty = State::nothing_yet("repeat", "No subscriptions yet", text);
    if may_order(&ctx) {
        head = head.action(new_order_button(&ctx));
        empty = empty.action(new_order_button(&ctx));
    }
    let empty = empty.action(Button::link("See requests", ctx.url("/requests")));
    let mut list = List::new("Subscriptions", base.clone(), &actions::ASSETS, move |tx, actor, ids| {
        let line =
            |shown: AssetShown| Line { href: format!("{base}/{}", shown.view.id), requests: requests.clone(), shown };
        Ok(actions::assets(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .column(
        Col::new(
            "id",
            "Subscription",
            |l: &Line| Cell::id(&l.shown.view.id).to(&l.href),
            |l| l.shown.view.id.to_string(),
        )
        .at(Narrow::Left1)
        .sorted("id"),
    )
    .column(Col::new("product", "Product", Line::product_cell, Line::product).at(Narrow::Left3).sorted("product.name"))
    .column(
        Col::new("customer", "Customer", |l: &Line| Cell::data(l.customer()).strong(), |l| l.customer().to_owned())
            .at(Narrow::Left2)
            .grows()
            .sorted("tiers.customer.name"),
    );
    if role != Role::Reseller {
        list = list.column(
            Col::new("reseller", "Reseller", |l: &Line| Cell::data(l.reseller()), Line::reseller).needs(Room::Wide),
        );
    }
    let list = list
        .column(
            Col::new("items", "Items", Line::items, |l| {
                let items = &l.shown.view.doc.0.items;
                items.iter().map(|i| format!("{}: {}", i.mpn, i.quantity)).collect::<Vec<_>>().join(", ")
            })
            .needs(Room::Wide),
        )
        .column(
            Col::new(
                "marketplace",
                "Marketplace",
                |l: &Line| Cell::data(l.shown.view.refs.marketplace().name),
                |l| l.shown.view.refs.marketplace().name,
            )
            .needs(Room::Widest)
            .sorted("marketplace.name"),
        )
        .column(
            Col::new(
                "external_id",
                "External id",
                |l: &Line| Cell::data(l.shown.view.external_id.clone().unwrap_or_default()),
                |l| l.shown.view.external_id.clone().unwrap_or_default(),
            )
            .sorted("external_id"),
        )
        .column(
            Col::new(
                "status",
                "Status",
                |l: &Line| Cell::status(asset_status(l.shown.view.status)),
                |l| l.shown.view.status.to_string(),
            )
            .at(Narrow::Right1)
            .sorted("status"),
        )
        .column(
            Col::new("open", "Open request", Line::open, |l| l.shown.view.pending().map(|p| p.id).unwrap_or_default())
                .at(Narrow::Right2),
        )
        .column(
            Col::moment("created", "Created", |l: &Line| Some(l.shown.view.created_at))
                .at(Narrow::Right3)
                .sorted("created"),
        )
        .filter("status", "Status", ASSET_STATUSES)
        .filter("connection.type", "Environment", Environment::CHOICES)
        .filter_text("product.name", "Product")
        .filter_text("tiers.customer.name", "Customer")
        .filter_text("marketplace.name", "Marketplace")
        .filter_text("external_id", "External id")
        .filter_text("params.value", "Parameter value")
        .filter_days("created", "Created")
        .search("Id, customer, product")
        .empty(empty);
    let page = ctx.page("Subscriptions").crumb(Crumb::here("Subscriptions"));
    ctx.list_page(list, page, head, None).await
}
