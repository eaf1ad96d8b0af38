//! Pages of products: the list, a product with its tabs, and the forms that change it.

mod checklist;
mod ending;
mod general;
mod item_forms;
mod items;
mod list;
mod media;
mod parameter_forms;
mod parameters;
mod product;
mod settings;
mod templates;
mod versions;

pub use ending::*;
pub use general::*;
pub use item_forms::*;
pub use items::*;
pub use list::*;
pub use media::*;
pub use parameter_forms::*;
pub use parameters::*;
pub use product::*;
pub use settings::*;
pub use templates::*;
pub use versions::*;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::model::{ItemStatus, Product, ProductStatus};
use crate::kit::{Level, Module, Role, Text};
use crate::web::cell::Cell;
use crate::web::form::Form;
use crate::web::frames::FormPage;
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Head, Tab, Tabs};
use crate::web::status::Status;
use crate::web::{Ctx, Error};

/// Where a product stands, in its shape.
pub fn status(status: ProductStatus) -> Status {
    match status {
        ProductStatus::Draft => Status::draft("Draft"),
        ProductStatus::Published => Status::good("Published"),
        ProductStatus::EndOfSale => Status::ended("End of sale"),
    }
}

fn item_status(status: ItemStatus) -> Status {
    match status {
        ItemStatus::Draft => Status::draft("Draft"),
        ItemStatus::Published => Status::good("Published"),
        ItemStatus::EndOfSale => Status::ended("End of sale"),
    }
}

/// The words of a filter by status.
const STATUSES: &[(&str, &str)] = &[("draft", "Draft"), ("published", "Published"), ("endofsale", "End of sale")];

/// Whether this person is a vendor's and may change products.
fn may_make(ctx: &Ctx) -> bool {
    ctx.actor().seat().is_some_and(|s| s.role == Role::Vendor && s.permissions.holds(Module::Products, Level::Manage))
}

/// Whether this person may change this product.
fn may_edit(ctx: &Ctx, product: &Product) -> bool {
    product.own && may_make(ctx)
}

/// The small picture before a product's name.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<span class="named"><img class="thumb" src="{{ src }}" alt="" width="32" height="32" loading="lazy">{% if let Some(href) = href %}<a href="{{ href }}">{{ name }}</a>{% else %}{{ name }}{% endif %}</span>"#
)]
struct Named {
    src: String,
    name: String,
    href: Option<String>,
}

/// A product's picture and name.
pub fn named(icon: &str, name: &str, href: Option<String>) -> Cell {
    Cell::part(Named { src: icon.to_owned(), name: name.to_owned(), href }).strong()
}

/// The address of a product's page in this portal.
fn here(ctx: &Ctx, product: &Product) -> String {
    ctx.url(&format!("/products/{}", product.id))
}

/// The tabs of a product.
pub fn tabs(ctx: &Ctx, product: &Product, current: &str) -> Tabs {
    let here = here(ctx, product);
    let tab = |label: &'static str, path: &str| Tab::new(label, format!("{here}{path}")).current(path == current);
    Tabs::new(
        "Product",
        vec![
            tab("General", ""),
            tab("Items", "/items"),
            tab("Parameters", "/parameters"),
            tab("Templates", "/templates"),
            tab("Versions", "/versions"),
            tab("Connections", "/connections"),
        ],
    )
}

/// The head of each tab of a product.
pub fn head(product: &Product) -> Head {
    let mut head =
        Head::new(Text::data(&product.general.name)).meta(Cell::copy(&product.id)).meta(status(product.status));
    if let Some(version) = product.version {
        head = head.meta(Cell::text(Text::new("Version {version}").arg("version", version)));
    } else if product.own {
        head = head.meta(Cell::text("Master copy").muted());
    }
    head
}

/// The frame of a page of a product; `last` names the page below the product's own.
pub fn frame(ctx: &Ctx, product: &Product, last: Option<&'static str>) -> Page {
    let page = ctx
        .page(match last {
            None => Text::data(&product.general.name),
            Some(words) => {
                Text::new("{page:word} · {product}").arg("page", words).arg("product", &product.general.name)
            }
        })
        .crumb(Crumb::link("Products", ctx.url("/products")));
    match last {
        None => page.crumb(Crumb::here(Text::data(&product.general.name))),
        Some(words) => {
            page.crumb(Crumb::link(Text::data(&product.general.name), here(ctx, product))).crumb(Crumb::here(words))
        }
    }
}

/// A page with one form below a product.
fn form_page(
    ctx: &Ctx,
    code: StatusCode,
    product: &Product,
    title: &'static str,
    form: Form,
) -> Result<HttpResponse, Error> {
    let mut shown = FormPage::new(frame(ctx, product, Some(title)), form);
    shown.head = Head::new(title);
    ctx.render_as(code, &shown)
}
