//! The end of an order: the answers to be checked, placing it, and what happens then.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::super::super::actions::{self, Sheet};
use super::super::super::model::{Buyer, RequestStatus, Seller, Step};
use super::super::parameters::{asked, said as answer_said};
use super::{at, beginning, content, customer, frame, is_reseller, open, render, sayable, see, seller};
use crate::flows::customers::pages::address_line;
use crate::flows::products::model::ItemKind;
use crate::kit::{Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::layout::Page;
use crate::web::part::Part;
use crate::web::parts::{Facts, Head};
use crate::web::steps::{Answer as Checked, Answers};
use crate::web::{Answer, Ctx, Error, Posted, filters};

/// Everything that was answered, each with the way to change it.
fn answers(ctx: &Ctx, sheet: &Sheet) -> Vec<Part> {
    let draft = sheet.draft();
    let to = |page: &str| at(ctx, &sheet.written.id, page);
    let row = |label: Text, value: Cell, page: &str| Checked::new(label, value.wrap()).change(to(page));
    let mut who = vec![row(Text::new("Product"), Cell::data(&draft.product_name), "product")];
    if let Some(outlet) = sheet.outlet() {
        let place = Text::new("{marketplace}, {environment:word}")
            .arg("marketplace", &outlet.marketplace_name)
            .arg("environment", outlet.environment.title());
        let through = Text::new("through {hub}").arg("hub", &outlet.hub_name);
        who.push(row(Text::new("Marketplace"), Cell::text(place).sub(Cell::text(through)), "connection"));
    }
    if let Some(cell) = customer(sheet) {
        let (info, page) = match &draft.customer {
            Some(Buyer::New(company)) => (Some(&company.contact_info), "new-customer"),
            _ => (sheet.customer.as_ref().map(|c| &c.contact_info), "customer"),
        };
        let cell = match info {
            Some(info) if !info.country.is_empty() => cell.sub(Cell::text(address_line(info))),
            _ => cell,
        };
        who.push(row(Text::new("Customer"), cell, page));
    }
    if let Some(cell) = seller(sheet) {
        let label = Text::new("Reseller");
        let fixed = is_reseller(ctx) || matches!(draft.reseller, Some(Seller::Parent));
        who.push(if fixed { Checked::new(label, cell.wrap()) } else { row(label, cell, "reseller") });
    }
    let lines = draft.lines(&sheet.definition.items).unwrap_or_default();
    let items = lines
        .iter()
        .filter(|l| !l.is_nothing())
        .map(|l| {
            let value = match l.kind {
                ItemKind::Ppu => Cell::text("Pay as you go"),
                ItemKind::Reservation => Cell::text(
                    Text::new("{quantity} {unit}, {period:word}")
                        .arg("quantity", content::said(l))
                        .arg("unit", &l.unit)
                        .arg("period", l.period.title()),
                ),
            };
            row(Text::data(&l.name), value, "items")
        })
        .collect();
    let (params, _) = draft.params(&sheet.definition.parameters);
    let mut given: Vec<Checked> = asked(&params)
        .into_iter()
        .filter(|p| p.takes_value())
        .map(|p| {
            let value = answer_said(p);
            let cell = match (value.is_empty(), p.flags(&params).required) {
                (false, _) => Cell::data(value),
                (true, true) => Cell::text("The customer is asked for it").muted(),
                (true, false) => Cell::nothing(),
            };
            row(Text::data(p.title()), cell, "parameters")
        })
        .collect();
    if !draft.external_id.is_empty() {
        given.push(row(Text::new("Your order number"), Cell::data(&draft.external_id), "parameters"));
    }
    if let Ok(Some(day)) = draft.planned_at() {
        given.push(row(Text::new("Not before"), Cell::day(day), "parameters"));
    }
    let mut parts = vec![Part::new(Answers::new("Product and customer", who)), Part::new(Answers::new("Items", items))];
    if !given.is_empty() {
        parts.push(Part::new(Answers::new("Parameters", given)));
    }
    parts
}

/// What an order was refused for, each with the way to the step where it is changed.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="error-summary" role="alert" aria-labelledby="es" tabindex="-1"><h2 id="es">{{ "The order was not placed"|t }}</h2><ul>{% for (href, text) in wrong %}<li><a href="{{ href }}">{{ text }}</a></li>{% endfor %}</ul></div>"#
)]
struct Refused {
    wrong: Vec<(String, Text)>,
}

fn page(ctx: &Ctx, sheet: &Sheet, wrong: Option<&Refusal>) -> Result<HttpResponse, Error> {
    let here = at(ctx, &sheet.written.id, "check");
    let vendor = sheet.outlet().map(|o| o.vendor_name.clone()).unwrap_or_default();
    let lede = Text::new("Nothing has been sent yet. {vendor} receives the order when you place it.");
    let mut parts = vec![];
    if let Some(refusal) = wrong {
        let step = |field: &str| at(ctx, &sheet.written.id, Step::of_field(field).word());
        let wrong = refusal.problems.iter().map(|p| (step(&p.field), p.text.clone())).collect();
        parts.push(Part::new(Refused { wrong }));
    }
    parts.extend(answers(ctx, sheet));
    let form = ctx
        .form(here, "Place the order")
        .button(Button::link("Back", at(ctx, &sheet.written.id, "parameters")))
        .button(Button::link("Leave", beginning(ctx)).quiet())
        .saved(Text::new("Saved: {when:time}").moment("when", sheet.written.updated_at));
    parts.push(Part::new(form));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let head = Head::new("Check your answers").lede(lede.arg("vendor", vendor));
    render(ctx, sheet, Step::Check, head, (status, wrong.is_some()), parts)
}

/// The answers of an order, to be checked.
pub async fn order_check(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Check).await? {
        Ok(sheet) => page(&ctx, &sheet, None),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Places an order. Sending the form again leads to the same request.
pub async fn do_order_check(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (order, placed) = (id.clone(), at(&ctx, &id, "placed"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::place(tx, actor, &order)?;
            Ok(Answer::go(&placed))
        })
        .await;
    let refusal = match done {
        Ok(response) => return Ok(response),
        Err(error) => sayable(error)?,
    };
    match open(&ctx, &id, Step::Check).await? {
        Ok(sheet) => page(&ctx, &sheet, Some(&refusal)),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// The order was placed: what happens now.
pub async fn order_placed(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let order = id.clone();
    let found = ctx
        .read(move |tx, actor| {
            let made = actions::sheet(tx, actor, &order)?.written.request_id;
            made.map(|request| actions::request(tx, actor, &request)).transpose()
        })
        .await?;
    let Some(request) = found else { return Ok(see(at(&ctx, &id, "check"))) };
    let vendor = Text::data(&request.refs.vendor_name);
    let text = match request.status {
        RequestStatus::Inquiring => Text::new(
            "The customer is asked for what is missing, by e-mail with a form. {vendor} receives the order once it was sent.",
        ),
        RequestStatus::Scheduled => Text::new("{vendor} receives the order on the day that you chose."),
        _ => Text::new("{vendor} has received the order and works on it now."),
    };
    let href = ctx.url(&format!("/requests/{}", request.id));
    let facts = Facts::new()
        .fact("Request", Cell::id(&request.id).to(&href))
        .fact("Subscription", Cell::id(&request.asset_id).to(ctx.url(&format!("/subscriptions/{}", request.asset_id))))
        .fact("Product", Cell::data(request.refs.product().name))
        .fact("Customer", Cell::data(&request.snapshot.0.tiers.customer.name))
        .in_rows();
    let page = frame(&ctx, Text::new("The order is placed"), Some(Text::new("Placed")));
    let head = Head::new("The order is placed").lede(text.arg("vendor", vendor));
    let parts = vec![
        Part::new(facts),
        Part::new(Next {
            buttons: vec![
                Button::link("Open the request", href).primary().large(),
                Button::link("Order something else", beginning(&ctx)).large(),
            ],
        }),
    ];
    ctx.render(&Placed { page, head, parts })
}

/// What can be done next.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="wizard-foot">{% for button in buttons %}{{ button }}{% endfor %}</div>"#
)]
struct Next {
    buttons: Vec<Button>,
}

/// The page after an order.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"{% extends "layout.html" %}{% block main %}{{ head }}{% for part in parts %}{{ part }}{% endfor %}{% endblock %}"#
)]
struct Placed {
    page: Page,
    head: Head,
    parts: Vec<Part>,
}
