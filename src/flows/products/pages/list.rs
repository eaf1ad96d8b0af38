//! The list of products, and the form that makes one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::super::actions::{self, NewProduct};
use super::super::model::{Category, Product};
use super::{STATUSES, may_make, named, status};
use crate::kit::{Role, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::parts::Head;
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain};

struct Line {
    product: Product,
    href: String,
}

impl Line {
    fn version(&self) -> Option<i32> {
        self.product.version.or(self.product.latest_version)
    }
}

/// The products that the company makes, or may sell.
pub async fn products(ctx: Ctx) -> Result<HttpResponse, Error> {
    let vendor = ctx.actor().seat().is_some_and(|s| s.role == Role::Vendor);
    let base = ctx.url("/products");
    let create = || Button::link("Create product", ctx.url("/products/new")).primary().icon("plus");
    let mut head = Head::new("Products");
    let mut empty = State::nothing_yet(
        "package",
        "No products yet",
        "Products of vendors with whom you have an active distribution contract appear here once they are published.",
    );
    if vendor {
        let words = "A product is what you sell: its items, what you ask of customers, and what you tell them.";
        empty = State::nothing_yet("package", "No products yet", words);
    }
    if may_make(&ctx) {
        head = head.action(create());
        empty = empty.action(create());
    }
    let mut list = List::new("Products", ctx.url("/products"), &actions::PRODUCTS, move |tx, actor, ids| {
        let line = |product: Product| Line { href: format!("{base}/{}", product.id), product };
        Ok(actions::products(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .column(
        Col::new(
            "name",
            "Product",
            |l: &Line| named(l.product.general.icon(), &l.product.general.name, Some(l.href.clone())),
            |l| l.product.general.name.clone(),
        )
        .at(Narrow::Left1)
        .grows()
        .sorted("name"),
    )
    .column(
        Col::new("id", "Id", |l: &Line| Cell::id(&l.product.id).to(&l.href), |l| l.product.id.to_string())
            .at(Narrow::Left2)
            .sorted("id"),
    )
    .column(Col::new(
        "category",
        "Category",
        |l: &Line| Cell::maybe(l.product.general.category.as_ref(), |c| Cell::data(&c.name)),
        |l| l.product.general.category.as_ref().map(|c| c.name.clone()).unwrap_or_default(),
    ));
    if !vendor {
        list = list.column(Col::new(
            "vendor",
            "Vendor",
            |l: &Line| Cell::data(&l.product.owner.name),
            |l| l.product.owner.name.clone(),
        ));
    }
    let list = list
        .column(
            Col::new(
                "status",
                "Status",
                |l: &Line| Cell::status(status(l.product.status)),
                |l| l.product.status.to_string(),
            )
            .at(Narrow::Right1),
        )
        .column(
            Col::number(
                "version",
                "Version",
                |l: &Line| Cell::maybe(l.version(), Cell::number),
                |l| l.version().map(|v| v.to_string()).unwrap_or_default(),
            )
            .sorted("latest_version"),
        )
        .column(
            Col::moment("updated", "Updated", |l: &Line| l.product.events.at("updated"))
                .at(Narrow::Right2)
                .sorted("events.updated.at"),
        )
        .filter("status", "Status", STATUSES)
        .filter_text("name", "Name")
        .filter_text("category.name", "Category")
        .filter("visibility.listing", "Listed", &[("true", "Listed"), ("false", "Not listed")])
        .filter_days("events.created.at", "Created")
        .search(if vendor { "Name, id" } else { "Name, id, vendor" })
        .empty(empty);
    let list = if vendor { list } else { list.filter_text("owner.name", "Vendor") };
    let page = ctx.page("Products").crumb(Crumb::here("Products"));
    ctx.list_page(list, page, head, None).await
}

/// The categories to choose from.
pub(super) fn category_choices(categories: &[Category], chosen: Option<&str>) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", "Choose a category")];
    let good = categories.iter().filter(|c| c.is_assignable());
    choices
        .extend(good.map(|c| Choice::new(c.id.as_str(), Text::data(&c.name)).selected(chosen == Some(c.id.as_str()))));
    choices
}

fn new_form(ctx: &Ctx, categories: &[Category]) -> Form {
    ctx.form(ctx.url("/products/new"), "Create product")
        .field(Field::text("name", "Name").hint("As customers will see it. At most 255 characters."))
        .field(
            Field::select("category", "Category", category_choices(categories, None))
                .hint("It is needed before the first version is saved.")
                .optional(),
        )
        .field(
            Field::text("external_id", "External id")
                .hint("The id that this product has in a system of yours.")
                .optional(),
        )
        .cancel(ctx.url("/products"))
}

async fn new_page(ctx: &Ctx, code: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let categories = ctx.read(actions::categories).await?;
    let mut form = new_form(ctx, &categories);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Create product")
        .crumb(Crumb::link("Products", ctx.url("/products")))
        .crumb(Crumb::here("Create product"));
    ctx.render_as(code, &FormPage::new(page, form))
}

/// The form that makes a product.
pub async fn new_product(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_page(&ctx, StatusCode::OK, None).await
}

/// Makes a product.
pub async fn do_new_product(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let new = NewProduct {
        name: posted.get("name").to_owned(),
        external_id: Some(posted.get("external_id").to_owned()),
        category: Some(posted.get("category").to_owned()),
        purchase_model: None,
    };
    let base = ctx.url("/products");
    let again = async |code, error| new_page(&ctx, code, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let id = actions::create(tx, actor, &new)?;
        let text = Text::new("{name} was created. Add items, a picture and parameters, then save its first version.");
        Ok(Answer::go(format!("{base}/{id}")).flash(text.arg("name", new.name.trim())))
    })
    .await
}
