//! The connections of products with commerce systems: all of them, those of one product, and the form that makes one.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, Connecting};
use super::super::model::{Connection, ConnectionStatus, VersionType};
use super::{is_vendor, tabs};
use crate::flows::products::actions as products;
use crate::flows::products::model::Product;
use crate::flows::products::pages::{self as product_pages, frame, head, named};
use crate::kit::{Environment, HubId, Level, Module, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::parts::{Head, Notice};
use crate::web::state::State;
use crate::web::status::{Status, Tone};
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain};

fn versions_word(version_type: VersionType) -> &'static str {
    match version_type {
        VersionType::Public => "Public",
        VersionType::Staging => "Staging",
    }
}

fn connection_status(status: ConnectionStatus) -> Status {
    match status {
        ConnectionStatus::Pending => Status::waiting("Pending"),
        ConnectionStatus::Approved | ConnectionStatus::Active => Status::good("Active"),
        ConnectionStatus::Rejected => Status::bad("Rejected"),
        ConnectionStatus::Revoked => Status::ended("Revoked"),
    }
}

fn may_connect(ctx: &Ctx) -> bool {
    !is_vendor(ctx) && ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Products, Level::Manage))
}

struct Line {
    connection: Connection,
    product: (String, String),
    href: String,
}

impl Line {
    fn environment(&self) -> Cell {
        let cell = Cell::text(self.connection.environment.title());
        if self.connection.environment.is_production() { cell } else { cell.tone(Tone::Warn) }
    }
}

/// The list: of one product, or of all.
fn list(ctx: &Ctx, path: String, product: Option<&Product>, empty: State) -> List<Line> {
    let base = ctx.url("/products");
    // The page of one product names it above the list.
    let with_names = product.is_none();
    let list = List::new("Connections", path, &actions::CONNECTIONS, move |tx, actor, ids| {
        let found = actions::connections_by_ids(tx, actor, ids)?;
        let of: Vec<_> = found.iter().filter(|_| with_names).map(|c| c.product.clone()).collect();
        let names = if of.is_empty() { HashMap::new() } else { products::briefs(tx, &of)? };
        let line = |connection: Connection| Line {
            href: format!("{base}/{}", connection.product),
            product: names.get(&connection.product).map(|p| (p.icon.clone(), p.name.clone())).unwrap_or_default(),
            connection,
        };
        Ok(found.into_iter().map(line).collect())
    });
    let mut list = match product {
        Some(product) => list.within("product.id", &product.id),
        None => list.column(
            Col::new(
                "product",
                "Product",
                |l: &Line| named(&l.product.0, &l.product.1, Some(l.href.clone())),
                |l| l.product.1.clone(),
            )
            .at(Narrow::Left1)
            .grows()
            .sorted("product.name"),
        ),
    };
    let (hub, id) = if product.is_some() { (Narrow::Left1, Narrow::Left2) } else { (Narrow::Left2, Narrow::Left3) };
    list = list
        .column(
            Col::new("hub", "Hub", |l: &Line| Cell::data(&l.connection.hub.name), |l| l.connection.hub.name.clone())
                .at(hub)
                .sorted("hub.name"),
        )
        .column(Col::id("id", "Connection", |l: &Line| &l.connection.id).at(id).sorted("id"))
        .column(
            Col::new("type", "Environment", Line::environment, |l| l.connection.environment.to_string())
                .at(Narrow::Right2),
        )
        .column(Col::new(
            "versions",
            "Versions",
            |l: &Line| Cell::text(versions_word(l.connection.version_type)),
            |l| l.connection.version_type.to_string(),
        ));
    if is_vendor(ctx) {
        list = list.column(Col::new(
            "provider",
            "Hub's owner",
            |l: &Line| Cell::data(&l.connection.provider.name),
            |l| l.connection.provider.name.clone(),
        ));
    }
    list = list
        .column(
            Col::new(
                "status",
                "Status",
                |l: &Line| Cell::status(connection_status(l.connection.status)),
                |l| l.connection.status.to_string(),
            )
            .at(Narrow::Right1),
        )
        .column(
            Col::moment("created", "Created", |l: &Line| l.connection.events.at("created"))
                .at(Narrow::Right3)
                .sorted("created_at"),
        )
        .filter("type", "Environment", Environment::CHOICES)
        .filter("product_version_type", "Versions", &[("public", "Public"), ("staging", "Staging")])
        .filter_text("hub.name", "Hub");
    if product.is_none() {
        list = list.filter_text("product.name", "Product");
    }
    list.filter_days("created_at", "Created").search("Hub, product, id").empty(empty)
}

/// The connections of all products.
pub async fn connections(ctx: Ctx) -> Result<HttpResponse, Error> {
    let words = if is_vendor(&ctx) {
        "A distributor connects a listed product with one of its hubs, so that orders can come in."
    } else {
        "A connection lets a hub of yours order a product. Make it on the page of the product, under Connections."
    };
    let mut empty = State::nothing_yet("plug-connected", "No connections yet", words);
    if may_connect(&ctx) {
        empty = empty.action(Button::link("See products", ctx.url("/products")));
    }
    let list = list(&ctx, ctx.url("/listings/connections"), None, empty);
    let page =
        ctx.page("Connections").crumb(Crumb::link("Listings", ctx.url("/listings"))).crumb(Crumb::here("Connections"));
    let tabs = Some(tabs(&ctx, "/listings/connections"));
    ctx.list_page(list, page, Head::new("Connections"), tabs).await
}

/// The connections of a product.
pub async fn product_connections(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let product = ctx.read(move |tx, actor| products::product(tx, actor, &id)).await?;
    let here = ctx.url(&format!("/products/{}/connections", product.id));
    let words = "The owner of a marketplace connects the product with its hub, so that orders can come in.";
    let mut empty = State::nothing_yet("plug-connected", "No connections yet", words);
    let mut top = head(&product);
    if may_connect(&ctx) {
        let connect = Button::link("Connect with a hub", format!("{here}/new")).primary();
        top = top.action(connect.clone().icon("plus"));
        empty = empty.action(connect);
    }
    let page = frame(&ctx, &product, Some("Connections"));
    let tabs = Some(product_pages::tabs(&ctx, &product, "/connections"));
    ctx.list_page(list(&ctx, here, Some(&product), empty), page, top, tabs).await
}

// ---- making one ----

fn connect_form(ctx: &Ctx, product: &Product, hubs: &[(HubId, String)]) -> Form {
    let mut choices = vec![Choice::new("", "Choose a hub")];
    choices.extend(hubs.iter().map(|(id, name)| Choice::new(id.as_str(), Text::data(format!("{name} ({id})")))));
    let kinds = vec![
        Choice::new(Environment::Production.as_str(), Environment::Production.title())
            .hint("Real orders.")
            .selected(true),
        Choice::new(Environment::Test.as_str(), Environment::Test.title())
            .hint("Orders that mean nothing; not counted in totals."),
    ];
    let versions = vec![
        Choice::new("public", "Public").hint("The newest public version.").selected(true),
        Choice::new("staging", "Staging").hint("Also versions offered for testing; for test connections only."),
    ];
    let list = ctx.url(&format!("/products/{}/connections", product.id));
    ctx.form(format!("{list}/new"), "Connect")
        .field(Field::select("hub", "Hub", choices).hint("A connection cannot be changed or removed later."))
        .field(Field::radios("type", "Environment", kinds))
        .field(Field::radios("product_version_type", "Versions", versions))
        .field(Field::text("note", "Note").optional())
        .cancel(list)
}

async fn form_of(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (product, connections, hubs) = ctx
        .read(move |tx, actor| {
            let product = products::product(tx, actor, &asked)?;
            let connections = actions::connections(tx, actor, &asked)?;
            Ok((product, connections, actions::hubs_to_connect(tx, actor)?))
        })
        .await?;
    let free: Vec<(HubId, String)> =
        hubs.iter().filter(|(id, _)| connections.iter().all(|c| c.hub.id != id.as_str())).cloned().collect();
    let mut form = connect_form(ctx, &product, &free);
    let mut notices = vec![];
    if hubs.is_empty() {
        let text = "You have no hub yet. A hub is one of your commerce systems.";
        notices.push(Notice::new(text).action(Button::link("Register hub", ctx.url("/hubs/new"))));
    } else if free.is_empty() {
        form = form.not_now("All your hubs are connected with this product.");
    }
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(frame(ctx, &product, Some("Connect with a hub")), form);
    shown.head = Head::new(Text::new("Connect {product} with a hub").arg("product", &product.general.name));
    shown.notices = notices;
    ctx.render_as(code, &shown)
}

/// The form that connects a product with a hub.
pub async fn connect(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    form_of(&ctx, StatusCode::OK, &path.1, None).await
}

/// Connects a product with a hub.
pub async fn do_connect(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let text = |name: &str| posted.get(name).to_owned();
    let words = Connecting {
        hub: text("hub"),
        environment: text("type"),
        version_type: text("product_version_type"),
        note: text("note"),
    };
    let (product, back) = (id.clone(), ctx.url(&format!("/products/{id}/connections")));
    let again = async |code, error| form_of(&ctx, code, &id, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::connect(tx, actor, &product, &words)?;
        Ok(Answer::go(&back).flash(Text::new("The product was connected. Orders can come in now.")))
    })
    .await
}
