//! The beginning of an order: what can be ordered, and orders that were begun and not placed.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::super::super::actions::{self, Offered, Sheet, Written};
use super::super::super::model::{Buyer, Step};
use super::{
    BACK, CHOICES, GO, LEAVE, SearchBox, WizardSheet, at, beginning, frame, open, render, see, state, step_form, words,
};
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form};
use crate::web::part::Part;
use crate::web::parts::{Head, Notice};
use crate::web::state::{State, StatePage};
use crate::web::steps::{Step as Shown, Steps};
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain, filters};

/// The orders that were begun and not placed.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<section class="mt-5"><div class="section-head"><h2>{{ "Not placed yet"|t }}</h2></div>{{ table }}</section>"#
)]
struct Unfinished {
    table: Boxed,
}

fn unfinished(ctx: &Ctx, drafts: &[Written]) -> Unfinished {
    let row = |written: &Written| {
        let draft = &written.doc.0;
        let customer = match &draft.customer {
            Some(Buyer::Known(id)) => Cell::id(id),
            Some(Buyer::New(company)) => Cell::data(&company.name),
            None => Cell::nothing(),
        };
        let by = draft.by.as_ref().map_or_else(Cell::nothing, |b| Cell::person(&b.name));
        Row::new(
            &written.id,
            vec![
                Cell::link(&draft.product_name, at(ctx, &written.id, "check")).strong(),
                customer,
                by,
                Cell::time(written.updated_at),
                Cell::part(
                    Button::post("Discard", at(ctx, &written.id, "discard"))
                        .small()
                        .about(Text::new("the order of {product}").arg("product", &draft.product_name)),
                ),
            ],
        )
    };
    let columns = vec![
        Column::new("product", "Product").grows(),
        Column::new("customer", "Customer"),
        Column::new("by", "Begun by"),
        Column::new("changed", "Saved"),
        Column::new("discard", "Discard"),
    ];
    Unfinished { table: Boxed::new("Not placed yet", columns, drafts.iter().map(row).collect()) }
}

fn product_field(offers: &[Offered], chosen: &str) -> Field {
    let only = offers.len() == 1;
    let choices = offers
        .iter()
        .map(|o| {
            Choice::new(&o.id, Text::data(&o.name))
                .hint(Text::new("{vendor} · {id}").arg("vendor", &o.vendor_name).arg("id", &o.id))
                .selected(only || o.id == chosen)
        })
        .collect();
    Field::radios("product", "Product", choices)
}

/// What can be ordered: the search, the choices, and words where there are none.
fn choices(action: &str, words: &str, offers: &[Offered], form: Form) -> Vec<Part> {
    let mut parts = vec![];
    if !words.is_empty() || i64::try_from(offers.len()).unwrap_or(i64::MAX) >= CHOICES {
        parts.push(Part::new(SearchBox {
            action: action.to_owned(),
            value: words.to_owned(),
            label: Text::new("Search the products"),
            hint: Text::new("Name or id of a product"),
        }));
    }
    if offers.is_empty() {
        parts.push(Part::new(Notice::new("No product that you can order matches. Search for other words.")));
    } else {
        parts.push(Part::new(form));
    }
    parts
}

/// Nothing can be ordered: why, and what to do.
fn nothing(ctx: &Ctx) -> State {
    if super::is_reseller(ctx) {
        return State::nothing_yet(
            "shopping-cart",
            "There is nothing to order yet",
            "You order what your distributor sells. A product appears here once you have an active service contract with a \
             distributor, and that distributor has listed a product and connected it to a hub.",
        )
        .action(Button::link("See contracts", ctx.url("/contracts")).primary());
    }
    State::nothing_yet(
        "shopping-cart",
        "There is nothing to order yet",
        "A product can be ordered once it is listed on one of your marketplaces, its distribution contract is active, and an \
         active connection joins it to a hub through which that marketplace is sold.",
    )
    .action(Button::link("See products", ctx.url("/products")).primary())
    .action(Button::link("See listings", ctx.url("/listings")))
}

async fn begin_page(ctx: &Ctx, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let words = words(ctx);
    let asked = words.clone();
    let (offers, drafts) = ctx
        .read(move |tx, actor| {
            Ok((actions::offered(tx, actor, &asked, CHOICES)?, actions::open_drafts(tx, actor, 50)?))
        })
        .await?;
    let mut page = frame(ctx, Text::new("New order"), None);
    if offers.is_empty() && words.is_empty() && drafts.is_empty() {
        return ctx.render(&StatePage::new(page, nothing(ctx)));
    }
    let mut form = Form::post(beginning(ctx), "Continue").field(product_field(&offers, ""));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let (status, is_wrong) = state(&form);
    page.wrong = is_wrong;
    let mut parts = if offers.is_empty() && words.is_empty() {
        vec![Part::new(nothing(ctx))]
    } else {
        choices(&beginning(ctx), &words, &offers, form)
    };
    if !drafts.is_empty() {
        parts.push(Part::new(unfinished(ctx, &drafts)));
    }
    let steps = Step::ALL.iter().map(|s| Shown::new(actions::title(*s))).collect();
    let head = Head::new("What is ordered?");
    ctx.render_as(status, &WizardSheet { page, steps: Steps::new(1, steps), head, parts, so_far: None })
}

/// What can be ordered, and what was begun.
pub async fn new_order(ctx: Ctx) -> Result<HttpResponse, Error> {
    begin_page(&ctx, None).await
}

/// Begins an order.
pub async fn do_new_order(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (product, base) = (posted.get("product").to_owned(), ctx.url("/orders"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::begin(tx, actor, &product)?;
            let next = actions::sheet(tx, actor, &id)?.first_open();
            Ok(Answer::go(format!("{base}/{id}/{}", next.word())))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => begin_page(&ctx, Some((error, &posted))).await,
    }
}

async fn product_page(ctx: &Ctx, sheet: &Sheet, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let words = words(ctx);
    let asked = words.clone();
    let offers = ctx.read(move |tx, actor| actions::offered(tx, actor, &asked, CHOICES)).await?;
    let here = at(ctx, &sheet.written.id, "product");
    let mut form = step_form(sheet, here.clone(), false).field(product_field(&offers, sheet.draft().product.as_str()));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut parts = vec![];
    let status = state(&form);
    if sheet.outlets.is_empty() {
        let text = Text::new("{product} cannot be ordered any more. Choose another product, or discard the order.");
        parts.push(Part::new(Notice::new(text.arg("product", &sheet.draft().product_name))));
    }
    parts.extend(choices(&here, &words, &offers, form));
    let lede = "With another product, its items and parameters are asked for anew; the customer stays.";
    render(ctx, sheet, Step::Product, Head::new("What is ordered?").lede(lede), status, parts)
}

/// The product of an order, to be changed.
pub async fn order_product(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Product).await? {
        Ok(sheet) => product_page(&ctx, &sheet, None).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Takes another product.
pub async fn do_order_product(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    if matches!(posted.get(GO), LEAVE | BACK) {
        return Ok(see(beginning(&ctx)));
    }
    let (order, product, base) = (id.clone(), posted.get("product").to_owned(), ctx.url(&format!("/orders/{id}")));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::write_product(tx, actor, &order, &product)?;
            let next = actions::sheet(tx, actor, &order)?.first_open();
            Ok(Answer::go(format!("{base}/{}", next.word())))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => match open(&ctx, &id, Step::Product).await? {
            Ok(sheet) => product_page(&ctx, &sheet, Some((error, &posted))).await,
            Err(elsewhere) => Ok(elsewhere),
        },
    }
}

/// Throws an order away.
pub async fn do_discard_order(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = beginning(&ctx);
    ctx.act(&posted, move |tx, actor| {
        actions::discard_draft(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("The order was discarded.")))
    })
    .await
}
