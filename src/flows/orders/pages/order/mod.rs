//! The wizard that writes an order: product, connection, customer and reseller, items, parameters, check your answers.
//!
//! What is answered is kept on the server as an unfinished order, so nothing stands in an address, every step is a page
//! that can be gone back to, and leaving loses nothing. Each step posts, is checked, and leads to the first one that is
//! not done. Only the last one makes a request.

mod check;
mod content;
mod people;
mod place;
mod start;

pub(super) use content::line_cell;

pub use check::*;
pub use content::*;
pub use people::*;
pub use place::*;
pub use start::*;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use super::super::actions::{self, Sheet};
use super::super::model::{Buyer, Seller, Step};
use crate::flows::customers::model::TierSnapshot;
use crate::kit::{Code, Level, Module, Role, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::filters;
use crate::web::form::Form;
use crate::web::layout::{Crumb, Page};
use crate::web::part::Part;
use crate::web::parts::{Facts, Head};
use crate::web::steps::{Step as Shown, Steps};
use crate::web::{Ctx, Error, Posted};

/// Name of the field that says which button was used.
const GO: &str = "go";
/// The button that keeps what was typed and goes back.
const BACK: &str = "back";
/// The button that keeps what was typed and leaves.
const LEAVE: &str = "leave";
/// Most choices that a step shows at once; more are found by searching.
const CHOICES: i64 = 20;

/// A step.
#[derive(Debug, Template)]
#[template(path = "orders/wizard.html")]
struct WizardSheet {
    page: Page,
    steps: Steps,
    head: Head,
    parts: Vec<Part>,
    so_far: Option<Facts>,
}

/// A search above choices.
#[derive(Debug, Template)]
#[template(path = "orders/search.html")]
struct SearchBox {
    action: String,
    value: String,
    label: Text,
    hint: Text,
}

/// The address of an order's page.
fn at(ctx: &Ctx, order: &str, page: &str) -> String {
    ctx.url(&format!("/orders/{order}/{page}"))
}

/// The address of the page with which orders begin.
fn beginning(ctx: &Ctx) -> String {
    ctx.url("/orders/new")
}

/// Whether the person can order: distributors and resellers do.
pub(super) fn may_order(ctx: &Ctx) -> bool {
    let seat = ctx.actor().seat();
    seat.is_some_and(|s| s.role != Role::Vendor && s.permissions.holds(Module::Subscriptions, Level::Act))
}

/// The way to a new order.
pub(super) fn new_order_button(ctx: &Ctx) -> Button {
    Button::link("New order", beginning(ctx)).primary().icon("plus")
}

fn see(location: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// The words searched for.
fn words(ctx: &Ctx) -> String {
    Posted::of_query(ctx.query()).get("q").chars().take(200).collect()
}

/// Loads an order for one of its steps. One that was placed, and a step whose turn has not come, lead elsewhere.
async fn open(ctx: &Ctx, id: &str, step: Step) -> Result<Result<Sheet, HttpResponse>, Error> {
    let asked = id.to_owned();
    let sheet = ctx.read(move |tx, actor| actions::sheet(tx, actor, &asked)).await?;
    if sheet.written.request_id.is_some() {
        return Ok(Err(see(at(ctx, id, "placed"))));
    }
    let first = sheet.first_open();
    Ok(if step > first { Err(see(at(ctx, id, first.word()))) } else { Ok(sheet) })
}

/// The page of a step. `form` is the step's form, `parts` what stands above it.
fn render(
    ctx: &Ctx,
    sheet: &Sheet,
    step: Step,
    head: Head,
    (status, wrong): (StatusCode, bool),
    parts: Vec<Part>,
) -> Result<HttpResponse, Error> {
    let id = &sheet.written.id;
    let steps = Step::ALL.iter().map(|s| Shown::new(actions::title(*s)).to(at(ctx, id, s.word()))).collect();
    let mut page = frame(ctx, head.title.clone(), Some(Text::data(&sheet.draft().product_name)));
    page.wrong = wrong;
    let steps = Steps::new(step.number(), steps);
    ctx.render_as(status, &WizardSheet { page, steps, head, parts, so_far: Some(so_far(sheet)) })
}

/// The frame of a page; `here` is what stands last in its way, below the beginning of orders.
fn frame(ctx: &Ctx, title: Text, here: Option<Text>) -> Page {
    let page = ctx.page(title).crumb(Crumb::link("Fulfillment", ctx.url("/requests")));
    match here {
        Some(here) => page.crumb(Crumb::link("New order", beginning(ctx))).crumb(Crumb::here(here)),
        None => page.crumb(Crumb::here("New order")),
    }
}

/// The status of a page and whether its title says that something is wrong.
fn state(form: &Form) -> (StatusCode, bool) {
    if form.is_wrong() { (StatusCode::UNPROCESSABLE_ENTITY, true) } else { (StatusCode::OK, false) }
}

/// The form of a step with its buttons.
fn step_form(sheet: &Sheet, action: String, back: bool) -> Form {
    let mut form = Form::post(action, "Continue");
    if back {
        form = form.button(Button::submit_as("Back", GO, BACK));
    }
    form.button(Button::submit_as("Save and leave", GO, LEAVE).quiet())
        .saved(Text::new("Saved: {when:time}").moment("when", sheet.written.updated_at))
}

/// The answers up to now, beside the steps.
fn so_far(sheet: &Sheet) -> Facts {
    let draft = sheet.draft();
    let mut product = Cell::data(&draft.product_name);
    if let Some(outlet) = sheet.outlet() {
        product = product.sub(Cell::data(&outlet.marketplace_name)).sub(Cell::text(outlet.environment.title()));
    }
    let mut facts = Facts::new().fact("Product", product);
    if let Some(customer) = customer(sheet) {
        facts = facts.fact("Customer", customer);
    }
    if let Some(seller) = seller(sheet) {
        facts = facts.fact("Reseller", seller);
    }
    if let Ok(lines) = draft.lines(&sheet.definition.items) {
        let items = lines.iter().filter(|l| !l.is_nothing()).map(content::line_cell).collect();
        facts = facts.facts("Items", items);
    }
    facts
}

fn company(account: &TierSnapshot) -> Cell {
    Cell::data(&account.name).sub(Cell::id(&account.id))
}

/// The customer as far as it is known.
fn customer(sheet: &Sheet) -> Option<Cell> {
    match sheet.draft().customer.as_ref()? {
        Buyer::Known(_) => sheet.customer.as_ref().map(company),
        Buyer::New(company) if company.name.trim().is_empty() => None,
        Buyer::New(company) => Some(Cell::data(&company.name).sub(Cell::text("new"))),
    }
}

/// Who sells to the customer, as far as it is known.
fn seller(sheet: &Sheet) -> Option<Cell> {
    match sheet.draft().reseller.as_ref()? {
        Seller::Known(_) | Seller::Parent => sheet.reseller.as_ref().map(company),
        Seller::Partner(_) => sheet.partner.as_ref().map(|p| Cell::data(&p.name).sub(Cell::id(&p.id))),
        Seller::New(company) if company.name.trim().is_empty() => None,
        Seller::New(company) => Some(Cell::data(&company.name).sub(Cell::text("new"))),
        Seller::Nobody => sheet.outlet().map(|o| Cell::data(&o.provider_name).sub(Cell::text("sold directly"))),
    }
}

/// Whether the person works for a reseller, who is the first tier of its own orders.
fn is_reseller(ctx: &Ctx) -> bool {
    ctx.actor().seat().is_some_and(|s| s.role == Role::Reseller)
}

/// The refusal in an error that a form can say; other errors go on.
fn sayable(error: Error) -> Result<crate::kit::Refusal, Error> {
    match error.cause {
        Cause::Refused(refusal) if matches!(refusal.code, Code::Invalid | Code::WrongState | Code::Conflict) => {
            Ok(refusal)
        }
        other => Err(other.into()),
    }
}

/// Keeps answers and says where the person goes on.
async fn keep(
    ctx: &Ctx,
    posted: &Posted,
    id: &str,
    back: String,
    change: impl Fn(&mut super::super::model::Draft) + Clone + Send + 'static,
) -> Result<HttpResponse, Error> {
    let order = id.to_owned();
    let go = posted.get(GO).to_owned();
    let (leave, base) = (beginning(ctx), ctx.url(&format!("/orders/{id}")));
    ctx.act(posted, move |tx, actor| {
        let change = change.clone();
        actions::write(tx, actor, &order, move |draft| change(draft))?;
        Ok(match go.as_str() {
            BACK => crate::web::Answer::go(&back),
            LEAVE => crate::web::Answer::go(&leave)
                .flash(Text::new("The order was saved. Go on with it here whenever you like.")),
            _ => {
                let sheet = actions::sheet(tx, actor, &order)?;
                let page = match sheet.first_open() {
                    Step::Customer => sheet.customer_page(),
                    step => step.word(),
                };
                crate::web::Answer::go(format!("{base}/{page}"))
            }
        })
    })
    .await
}
