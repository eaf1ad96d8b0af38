//! The connections of a product with commerce systems: a tab of the product.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, Connecting};
use super::super::model::{Connection, ConnectionStatus, Environment, VersionType};
use super::is_vendor;
use crate::flows::products::actions as products;
use crate::flows::products::model::Product;
use crate::flows::products::pages::{frame, head, tabs};
use crate::kit::{HubId, Level, Module, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{ObjectPage, Section};
use crate::web::parts::{Facts, Notice};
use crate::web::status::{Status, Tone};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

fn environment_word(environment: Environment) -> &'static str {
    match environment {
        Environment::Production => "Production",
        Environment::Test => "Test",
        Environment::Preview => "Preview",
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

fn table(connections: &[Connection]) -> Boxed {
    let row = |c: &Connection| {
        let environment = Cell::text(environment_word(c.environment));
        let environment =
            if c.environment == Environment::Production { environment } else { environment.tone(Tone::Warn) };
        Row::new(
            &c.id,
            vec![
                Cell::copy(&c.id),
                Cell::data(&c.hub.name).sub(Cell::id(&c.hub.id)),
                environment,
                Cell::data(&c.provider.name),
                Cell::text(if c.version_type == VersionType::Public { "Public" } else { "Staging" }),
                Cell::status(connection_status(c.status)),
                Cell::maybe(c.events.at("created"), Cell::time),
            ],
        )
    };
    let columns = vec![
        Column::new("id", "Connection"),
        Column::new("hub", "Hub").grows(),
        Column::new("environment", "Environment"),
        Column::new("owner", "Hub's owner").at(Narrow::Hidden),
        Column::new("versions", "Versions").at(Narrow::Hidden),
        Column::new("status", "Status"),
        Column::new("created", "Created").at(Narrow::Hidden),
    ];
    Boxed::new("Connections", columns, connections.iter().map(row).collect())
}

fn connect_form(ctx: &Ctx, product: &Product, hubs: &[(HubId, String)]) -> Form {
    let mut choices = vec![Choice::new("", "Choose a hub")];
    choices.extend(hubs.iter().map(|(id, name)| Choice::new(id.as_str(), Text::data(format!("{name} ({id})")))));
    let kinds = vec![
        Choice::new("production", "Production").hint("Real orders.").selected(true),
        Choice::new("test", "Test").hint("Orders that mean nothing; not counted in totals."),
    ];
    let versions = vec![
        Choice::new("public", "Public").hint("The newest public version.").selected(true),
        Choice::new("staging", "Staging").hint("Also versions offered for testing; for test connections only."),
    ];
    ctx.form(ctx.url(&format!("/products/{}/connections", product.id)), "Connect")
        .field(Field::select("hub", "Hub", choices).hint("A connection cannot be changed or removed later."))
        .field(Field::radios("type", "Environment", kinds))
        .field(Field::radios("product_version_type", "Versions", versions))
        .field(Field::text("note", "Note").optional())
}

async fn page_of(
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
    let mut page = frame(ctx, &product, Some("Connections"));
    let mut sections = vec![];
    let mut notices = vec![];
    let list = Section::new("Connections");
    sections.push(if connections.is_empty() {
        list.words("There is none yet. The owner of a marketplace connects the product with its hub, so that orders can come in.")
    } else {
        list.part(table(&connections))
    });
    let may = ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Products, Level::Manage));
    if may && !is_vendor(ctx) {
        let free: Vec<(HubId, String)> =
            hubs.iter().filter(|(id, _)| connections.iter().all(|c| c.hub.id != id.as_str())).cloned().collect();
        let mut form = connect_form(ctx, &product, &free);
        if hubs.is_empty() {
            notices.push(
                Notice::new("You have no hub yet. A hub is one of your commerce systems.")
                    .action(Button::link("Register hub", ctx.url("/hubs/new"))),
            );
        } else if free.is_empty() {
            form = form.not_now("All your hubs are connected with this product.");
        }
        if let Some((error, posted)) = wrong {
            explain(&mut form, posted, error)?;
            page.wrong = form.is_wrong();
        }
        sections.push(Section::new("Connect with a hub").part(form));
    }
    let shown = ObjectPage {
        page,
        head: head(&product),
        turn: None,
        notices,
        tabs: Some(tabs(ctx, &product, "/connections")),
        sections,
        about: Text::new("About the connections"),
        facts: Facts::new()
            .fact("Connections", Cell::number(i64::try_from(connections.len()).unwrap_or(0)))
            .fact("Vendor", Cell::data(&product.owner.name))
            .fact("Listed", Cell::text(if product.listed { "Yes" } else { "No" })),
        dialogs: vec![],
    };
    ctx.render_as(code, &shown)
}

/// The connections of a product, and the form that makes one.
pub async fn connections(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    page_of(&ctx, StatusCode::OK, &path.1, None).await
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
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::connect(tx, actor, &product, &words)?;
            Ok(Answer::go(&back).flash(Text::new("The product was connected. Orders can come in now.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => page_of(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}
