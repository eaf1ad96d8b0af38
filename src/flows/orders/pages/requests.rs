//! The queue: the fulfillment requests of a company, what waits for it first.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::super::actions::{self, Count, RequestView};
use super::super::model::{self, RequestStatus};
use super::order::{may_order, new_order_button};
use super::{KINDS, REQUEST_STATUSES, marked, request_status};
use crate::kit::{Environment, Role, Side, Text};
use crate::rql;
use crate::web::cell::Cell;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::parts::{Head, Tab};
use crate::web::state::State;
use crate::web::table::{Narrow, Room};
use crate::web::{Ctx, Error};

/// What the tab of the longest waiting requests asks for.
const WAITING: &str = "eq(waiting,true)&ordering(since)";
const OTHERS: &str =
    "eq(waiting,false)&in(status,(draft,tiers_setup,pending,inquiring,scheduled,revoking))&ordering(since)";
const DONE: &str = "in(status,(approved,failed,revoked))&ordering(-since)";
const ALL: &str = "ordering(-created)";

/// A request in the queue.
struct Line {
    view: RequestView,
    href: String,
}

/// Whom an open request waits for, as the reader's side says it.
pub(super) fn waits_on(view: &RequestView) -> Cell {
    if view.turn {
        return Cell::text("You").strong();
    }
    match view.status {
        RequestStatus::Pending | RequestStatus::Revoking | RequestStatus::TiersSetup => {
            Cell::data(&view.refs.vendor_name).muted()
        }
        RequestStatus::Inquiring => match view.side {
            Side::Reseller => Cell::data(&view.refs.provider_name).muted(),
            _ => Cell::text("Customer").muted(),
        },
        RequestStatus::Draft => Cell::text("Buyer").muted(),
        RequestStatus::Scheduled => Cell::maybe(view.planned_date, Cell::day).muted(),
        RequestStatus::Revoked | RequestStatus::Approved | RequestStatus::Failed => Cell::nothing(),
    }
}

impl Line {
    fn product(&self) -> String {
        self.view.refs.product().name
    }

    fn customer(&self) -> &str {
        &self.view.snapshot.0.tiers.customer.name
    }

    /// The change of the reserved quantities in all.
    fn net(&self) -> Cell {
        Cell::maybe(model::net(&self.view.snapshot.0.items), Cell::signed)
    }

    fn assignee(&self) -> Cell {
        match &self.view.assignee {
            Some(person) => Cell::data(&person.0.name),
            None => Cell::text("Unassigned").muted(),
        }
    }

    fn waiting(&self) -> Cell {
        if self.view.status.is_final() { Cell::nothing() } else { Cell::since(self.view.since) }
    }

    fn kind(&self) -> Cell {
        let cell = Cell::text(self.view.kind.title());
        match marked(self.view.refs.environment) {
            None => cell,
            Some(mark) => cell.sub(mark),
        }
    }
}

/// The tabs with how many requests are in each.
fn views(ctx: &Ctx, counts: &[Count]) -> Vec<Tab> {
    let of = |wanted: &dyn Fn(&Count) -> bool| counts.iter().filter(|c| wanted(c)).map(Count::number).sum::<u64>();
    let path = ctx.url("/requests");
    let now = rql::parse(ctx.query()).map(|q| q.filter).unwrap_or_default();
    let searching = rql::parse(ctx.query()).is_ok_and(|q| q.search.is_some());
    let tab = |label: &'static str, query: &str, count: u64| {
        let same = !searching && rql::parse(query).is_ok_and(|q| q.filter == now);
        Tab::new(label, format!("{path}?{query}")).count(count).current(same)
    };
    vec![
        tab("Waiting for you", WAITING, of(&|c| c.turn)),
        tab("Waiting for others", OTHERS, of(&|c| !c.turn && !c.status.is_final())),
        tab("Done", DONE, of(&|c| c.status.is_final())),
        tab("All", ALL, of(&|_| true)),
    ]
}

fn empty(ctx: &Ctx) -> State {
    let text = match ctx.actor().seat().map(|s| s.role) {
        Some(Role::Vendor) => {
            "Requests appear here when a distributor or reseller orders, changes or cancels one of your products."
        }
        _ => {
            "Every order, change and cancellation of a subscription is a request. They appear here once something is ordered."
        }
    };
    State::nothing_yet("inbox", "No requests yet", text)
}

/// The queue.
pub async fn requests(ctx: Ctx) -> Result<HttpResponse, Error> {
    let counts = ctx.read(actions::request_counts).await?;
    // Who comes from the menu sees what waits for them; the address says so.
    if ctx.query().is_empty() && counts.iter().any(|c| c.turn) {
        let waiting = format!("{}?{WAITING}", ctx.url("/requests"));
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, waiting)).finish());
    }
    let base = ctx.url("/requests");
    let role = ctx.actor().seat().map_or(Role::Vendor, |s| s.role);
    let mut list = List::new("Requests", base.clone(), &actions::REQUESTS, move |tx, actor, ids| {
        let line = |view: RequestView| Line { href: format!("{base}/{}", view.id), view };
        Ok(actions::requests(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .column(
        Col::new("id", "Request", |l: &Line| Cell::id(&l.view.id).to(&l.href), |l| l.view.id.to_string())
            .at(Narrow::Left1)
            .sorted("id"),
    )
    .column(Col::new("type", "Type", Line::kind, |l| l.view.kind.to_string()).at(Narrow::Left3).sorted("type"))
    .column(
        Col::new("product", "Product", |l: &Line| Cell::data(l.product()), Line::product)
            .at(Narrow::Right3)
            .sorted("asset.product.name"),
    )
    .column(
        Col::new("customer", "Customer", |l: &Line| Cell::data(l.customer()).strong(), |l| l.customer().to_owned())
            .at(Narrow::Left2)
            .grows()
            .sorted("asset.tiers.customer.name"),
    )
    .column(
        Col::new(
            "marketplace",
            "Marketplace",
            |l: &Line| Cell::data(l.view.refs.marketplace().name),
            |l| l.view.refs.marketplace().name,
        )
        .needs(Room::Widest)
        .sorted("marketplace.name"),
    )
    .column(Col::number("quantity", "Quantity", Line::net, |l| {
        model::net(&l.view.snapshot.0.items).map(|n| n.to_string()).unwrap_or_default()
    }));
    list = match role {
        Role::Vendor => list.column(
            Col::new("assignee", "Assignee", Line::assignee, |l| {
                l.view.assignee.as_ref().map(|a| a.0.name.clone()).unwrap_or_default()
            })
            .needs(Room::Wide),
        ),
        _ => list.column(
            Col::new(
                "vendor",
                "Vendor",
                |l: &Line| Cell::data(&l.view.refs.vendor_name),
                |l| l.view.refs.vendor_name.clone(),
            )
            .needs(Room::Wide),
        ),
    };
    let list = list
        .column(
            Col::new(
                "status",
                "Status",
                |l: &Line| Cell::status(request_status(l.view.status)),
                |l| l.view.status.to_string(),
            )
            .at(Narrow::Right1)
            .sorted("status"),
        )
        .column(Col::new(
            "waits",
            "Waits on",
            |l: &Line| waits_on(&l.view),
            |l| if l.view.turn { "you".into() } else { String::new() },
        ))
        .column(
            Col::number("since", "Waiting", Line::waiting, |l| l.view.since.wire()).at(Narrow::Right2).sorted("since"),
        )
        .column(
            Col::moment("created", "Created", |l: &Line| Some(l.view.created_at)).needs(Room::Widest).sorted("created"),
        )
        .filter("status", "Status", REQUEST_STATUSES)
        .filter("type", "Type", KINDS)
        .filter("waiting", "Waits for", &[("true", "You"), ("false", "Others or nobody")])
        .filter("connection.environment", "Environment", Environment::CHOICES)
        .filter_text("asset.product.name", "Product")
        .filter_text("asset.tiers.customer.name", "Customer")
        .filter_text("marketplace.name", "Marketplace")
        .filter_text("asset.connection.hub.name", "Hub")
        .filter_text("asset.external_id", "External id")
        .filter_days("created", "Created")
        .search("Id, customer, product")
        .views(views(&ctx, &counts))
        .empty(empty(&ctx));
    let page = ctx.page("Fulfillment").crumb(Crumb::here("Fulfillment"));
    let open: u64 = counts.iter().filter(|c| !c.status.is_final()).map(Count::number).sum();
    let lede = Text::new("{count|One request is open.|{count} requests are open.}").arg("count", open);
    let mut head = Head::new("Fulfillment").lede(lede);
    if may_order(&ctx) {
        head = head.action(new_order_button(&ctx));
    }
    ctx.list_page(list, page, head, None).await
}
