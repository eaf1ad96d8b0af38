//! The two lists: what is on which marketplace, and the requests to change it; and one listing.

use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Listing, ListingStatus, Request};
use super::{STATES, is_vendor, listing_status, may_act, request_state, tabs};
use crate::flows::products::pages::named;
use crate::journal;
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::state::State;
use crate::web::table::{Boxed, Column, Narrow, Room, Row};
use crate::web::{Ctx, Error};

/// A listing with the address of its page.
pub struct Line {
    listing: Listing,
    href: String,
    vendor: bool,
}

impl Line {
    /// Whom the reader works with here.
    fn partner(&self) -> &str {
        if self.vendor { &self.listing.provider.name } else { &self.listing.vendor.name }
    }
}

fn ask_button(ctx: &Ctx) -> Option<Button> {
    let may = is_vendor(ctx) && may_act(ctx);
    may.then(|| Button::link("Request listing", ctx.url("/listings/request")).primary().icon("plus"))
}

/// What is on which marketplace.
pub async fn listings(ctx: Ctx) -> Result<HttpResponse, Error> {
    let vendor = is_vendor(&ctx);
    let mut head = Head::new("Listings");
    let words = if vendor {
        "A listing puts a product of yours on a marketplace. You ask for it, and the marketplace's owner completes it."
    } else {
        "Products appear here when a vendor with a distribution contract asks to list them on a marketplace of yours."
    };
    let mut empty = State::nothing_yet("building-store", "No listings yet", words);
    if let Some(button) = ask_button(&ctx) {
        head = head.action(button.clone());
        empty = empty.action(button);
    }
    let list = listing_list(&ctx, ctx.url("/listings")).empty(empty);
    let page = ctx.page("Listings").crumb(Crumb::here("Listings"));
    ctx.list_page(list, page, head, Some(tabs(&ctx, "/listings"))).await
}

/// A list of listings at `path`: the one of all, or one within something.
pub fn listing_list(ctx: &Ctx, path: String) -> List<Line> {
    let (vendor, base) = (is_vendor(ctx), ctx.url("/listings"));
    List::new("Listings", path, &actions::LISTINGS, move |tx, actor, ids| {
        let line = |listing: Listing| Line { href: format!("{base}/{}", listing.id), listing, vendor };
        Ok(actions::listings(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .column(
        Col::new(
            "product",
            "Product",
            |l: &Line| named(&l.listing.product.icon, &l.listing.product.name, Some(l.href.clone())),
            |l| l.listing.product.name.clone(),
        )
        .at(Narrow::Left1)
        .grows()
        .sorted("product.name"),
    )
    .column(
        Col::new("id", "Listing", |l: &Line| Cell::id(&l.listing.id).to(&l.href), |l| l.listing.id.to_string())
            .at(Narrow::Left2)
            .sorted("id"),
    )
    .column(
        Col::new(
            "marketplace",
            "Marketplace",
            |l: &Line| Cell::data(&l.listing.marketplace.name),
            |l| l.listing.marketplace.name.clone(),
        )
        .sorted("marketplace.name"),
    )
    .column(
        Col::new(
            "partner",
            if vendor { "Distributor" } else { "Vendor" },
            |l: &Line| Cell::data(l.partner()),
            |l| l.partner().to_owned(),
        )
        .needs(Room::Wide),
    )
    .column(Col::number(
        "version",
        "Version",
        |l: &Line| {
            let cell = Cell::maybe(l.listing.product.version, Cell::number);
            match l.listing.newest.filter(|_| l.listing.is_upgradable()) {
                Some(newer) => cell.sub(Text::new("version {newer} is out").arg("newer", newer)),
                None => cell,
            }
        },
        |l| l.listing.product.version.map(|v| v.to_string()).unwrap_or_default(),
    ))
    .column(
        Col::new(
            "status",
            "Status",
            |l: &Line| Cell::status(listing_status(l.listing.status)),
            |l| l.listing.status.to_string(),
        )
        .at(Narrow::Right1)
        .sorted("status"),
    )
    .column(
        Col::new(
            "pending",
            "Open request",
            |l: &Line| Cell::maybe(l.listing.pending.as_ref(), |p| Cell::status(request_state(p.state))),
            |l| l.listing.pending.as_ref().map(|p| p.state.to_string()).unwrap_or_default(),
        )
        .at(Narrow::Right2),
    )
    .column(
        Col::moment("updated", "Updated", |l: &Line| l.listing.events.at("updated"))
            .at(Narrow::Hidden)
            .sorted("updated"),
    )
    .filter("status", "Status", &[("listed", "Listed"), ("unlisted", "Not listed")])
    .filter_text("product.name", "Product")
    .filter_text("marketplace.name", "Marketplace")
    .filter_text(if vendor { "provider.name" } else { "vendor.name" }, if vendor { "Distributor" } else { "Vendor" })
    .filter_days("created", "Created")
    .search("Product, marketplace, id")
}

struct RequestLine {
    request: Request,
    href: String,
    vendor: bool,
}

impl RequestLine {
    fn partner(&self) -> &str {
        let l = &self.request.listing;
        if self.vendor { &l.provider.name } else { &l.vendor.name }
    }
}

/// The requests to change what is on a marketplace.
pub async fn requests(ctx: Ctx) -> Result<HttpResponse, Error> {
    let vendor = is_vendor(&ctx);
    let base = ctx.url("/listings/requests");
    let mut head = Head::new("Listing requests");
    let mut empty = State::nothing_yet(
        "building-store",
        "No requests yet",
        "A request asks to put a product on a marketplace, to update it there, or to take it off.",
    );
    if let Some(button) = ask_button(&ctx) {
        head = head.action(button.clone());
        empty = empty.action(button);
    }
    let list = List::new("Listing requests", base.clone(), &actions::REQUESTS, move |tx, actor, ids| {
        let line = |request: Request| RequestLine { href: format!("{base}/{}", request.id), request, vendor };
        Ok(actions::requests(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .column(
        Col::new("id", "Request", |l: &RequestLine| Cell::id(&l.request.id).to(&l.href), |l| l.request.id.to_string())
            .at(Narrow::Left1)
            .sorted("id"),
    )
    .column(
        Col::new(
            "product",
            "Product",
            |l: &RequestLine| {
                Cell::data(&l.request.listing.product.name)
                    .strong()
                    .sub(Text::new("Version {version}").arg("version", l.request.version))
            },
            |l| format!("{} {}", l.request.listing.product.name, l.request.version),
        )
        .at(Narrow::Left2)
        .grows()
        .sorted("product.name"),
    )
    .column(
        Col::new("type", "Type", |l: &RequestLine| Cell::text(l.request.kind.title()), |l| l.request.kind.to_string())
            .at(Narrow::Right2)
            .sorted("type"),
    )
    .column(
        Col::new(
            "marketplace",
            "Marketplace",
            |l: &RequestLine| Cell::data(&l.request.listing.marketplace.name),
            |l| l.request.listing.marketplace.name.clone(),
        )
        .sorted("marketplace.name"),
    )
    .column(
        Col::new(
            "partner",
            if vendor { "Distributor" } else { "Vendor" },
            |l: &RequestLine| Cell::data(l.partner()),
            |l| l.partner().to_owned(),
        )
        .needs(Room::Wide),
    )
    .column(
        Col::new(
            "state",
            "State",
            |l: &RequestLine| Cell::status(request_state(l.request.state)),
            |l| l.request.state.to_string(),
        )
        .at(Narrow::Right1)
        .sorted("state"),
    )
    .column(Col::new(
        "assignee",
        "Assignee",
        |l: &RequestLine| Cell::maybe(l.request.assignee.as_ref(), |a| Cell::person(&a.name)),
        |l| l.request.assignee.as_ref().map(|a| a.name.clone()).unwrap_or_default(),
    ))
    .column(
        Col::moment("created", "Created", |l: &RequestLine| l.request.events.at("created"))
            .at(Narrow::Right3)
            .sorted("created"),
    )
    .filter("state", "State", STATES)
    .filter("type", "Type", &[("new", "New"), ("update", "Update"), ("remove", "Remove")])
    .filter("turn", "Waits for", &[("true", "You")])
    .filter_text("product.name", "Product")
    .filter_text("marketplace.name", "Marketplace")
    .filter_days("created", "Created")
    .search("Product, marketplace, id")
    .empty(empty);
    let page = ctx
        .page("Listing requests")
        .crumb(Crumb::link("Listings", ctx.url("/listings")))
        .crumb(Crumb::here("Requests"));
    ctx.list_page(list, page, head, Some(tabs(&ctx, "/listings/requests"))).await
}

/// One listing.
pub async fn listing(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (listing, requests, moments) = ctx
        .read(move |tx, actor| {
            let listing = actions::listing(tx, actor, &id)?;
            let requests = actions::requests_of(tx, actor, &listing.id)?;
            Ok((listing, requests, journal::seen_by(tx, actor, "listing", &id, 50)?))
        })
        .await?;
    let title = Text::new("{product} on {marketplace}")
        .arg("product", &listing.product.name)
        .arg("marketplace", &listing.marketplace.name);
    let mut head = Head::new(title.clone()).meta(Cell::copy(&listing.id)).meta(listing_status(listing.status));
    if is_vendor(&ctx) && may_act(&ctx) {
        head = verbs(&ctx, head, &listing);
    }
    let mut notices = vec![];
    if let Some(newer) = listing.newest.filter(|_| listing.is_upgradable()) {
        let text = Text::new("Version {newer} is out; the marketplace shows version {version}.");
        let version = listing.product.version.unwrap_or(0);
        notices.push(Notice::new(text.arg("newer", newer).arg("version", version)).title("Update available"));
    }
    let row = |r: &Request| {
        let href = ctx.url(&format!("/listings/requests/{}", r.id));
        Row::new(
            &r.id,
            vec![
                Cell::id(&r.id).to(href),
                Cell::text(r.kind.title()),
                Cell::text(Text::new("Version {version}").arg("version", r.version)),
                Cell::status(request_state(r.state)),
                Cell::maybe(r.events.at("created"), Cell::time),
            ],
        )
    };
    let columns = vec![
        Column::new("id", "Request"),
        Column::new("type", "Type"),
        Column::new("version", "Product").grows(),
        Column::new("state", "State"),
        Column::new("created", "Created").at(Narrow::Hidden),
    ];
    let history = Section::new("Requests").part(Boxed::new("Requests", columns, requests.iter().map(row).collect()));
    let page = ctx
        .page(title)
        .crumb(Crumb::link("Listings", ctx.url("/listings")))
        .crumb(Crumb::here(Text::data(listing.id.as_str())));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices,
        tabs: None,
        sections: vec![history, moments::story(&ctx, &listing.id, moments)],
        about: Text::new("About this listing"),
        facts: own_facts(&ctx, &listing),
        dialogs: vec![],
    })
}

/// What the vendor can ask for now, and what not with the reason.
fn verbs(ctx: &Ctx, head: Head, listing: &Listing) -> Head {
    let ask = |label: &'static str, kind: &str, wanted: ListingStatus, reason: &'static str| {
        if listing.pending.is_some() {
            Button::not_now(label, "A request for this listing is open.").reason_at("open-request")
        } else if listing.status == wanted {
            Button::link(label, ctx.url(&format!("/listings/request?type={kind}&listing={}", listing.id)))
        } else {
            Button::not_now(label, reason)
        }
    };
    if listing.status == ListingStatus::Unlisted {
        let href =
            format!("/listings/request?type=new&product={}&contract={}", listing.product.id, listing.contract.id);
        return head.action(match &listing.pending {
            None => Button::link("Request listing", ctx.url(&href)).primary(),
            Some(_) => Button::not_now("Request listing", "A request for this listing is open."),
        });
    }
    head.action(ask("Request update", "update", ListingStatus::Listed, "It is not listed.").primary())
        .action(ask("Request removal", "remove", ListingStatus::Listed, "It is not listed.").danger())
}

/// What is known about a listing, after what is to be known first.
pub(super) fn facts(ctx: &Ctx, listing: &Listing, first: Facts) -> Facts {
    let product = ctx.url(&format!("/products/{}", listing.product.id));
    let contract = ctx.url(&format!("/contracts/{}", listing.contract.id));
    let market = ctx.url(&format!("/marketplaces/{}", listing.marketplace.id));
    first
        .fact("Product", named(&listing.product.icon, &listing.product.name, Some(product)))
        .fact("Listed version", Cell::maybe(listing.product.version, Cell::number))
        .fact("Marketplace", Cell::link(&listing.marketplace.name, market).sub(Cell::id(&listing.marketplace.id)))
        .fact("Contract", Cell::link(&listing.contract.name, contract).sub(Cell::id(&listing.contract.id)))
        .fact("Vendor", Cell::data(&listing.vendor.name).sub(Cell::id(&listing.vendor.id)))
        .fact("Marketplace's owner", Cell::data(&listing.provider.name).sub(Cell::id(&listing.provider.id)))
}

/// What is known about a listing, on its own page.
fn own_facts(ctx: &Ctx, listing: &Listing) -> Facts {
    let at = |name: &str| Cell::maybe(listing.events.at(name), Cell::time_long);
    let open =
        Cell::maybe(listing.pending.as_ref(), |p| Cell::id(&p.id).to(ctx.url(&format!("/listings/requests/{}", p.id))));
    facts(ctx, listing, Facts::new())
        .fact("Open request", open)
        .fact("Created", at("created"))
        .fact("Listed", at("listed"))
        .fact("Updated", at("updated"))
}
