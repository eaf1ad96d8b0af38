//! The customer's form: what the vendor asks about an order, opened by a link and without signing in.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::super::actions::{self, Form as Inquiry};
use super::super::model::{Param, answers};
use super::parameters::{ParameterForm, placed, typed};
use crate::flows::accounts;
use crate::kit::{Code, Refusal, RequestId, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::filters;
use crate::web::form::Form;
use crate::web::layout::Page;
use crate::web::markdown::Markdown;
use crate::web::part::Part;
use crate::web::parts::Facts;
use crate::web::public::Card;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// Where the form posts, and where one gets to after it.
const PATH: &str = "/orders/form";
/// Wrong links from one address before it has to wait.
const ALLOWANCE: i32 = 40;

/// What the link carries.
#[derive(Deserialize)]
pub struct FormLink {
    request: Option<String>,
    secret: Option<String>,
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "orders/form.html")]
struct InquiryPage {
    page: Page,
    title: Text,
    vendor: String,
    message: Option<Markdown>,
    facts: Facts,
    form: Part,
}

/// Search engines have no business with what stands behind a link.
fn hidden(mut response: HttpResponse) -> HttpResponse {
    let (name, value) = (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response.headers_mut().insert(name, value);
    response
}

/// Whose wrong links are counted.
fn subject(ctx: &Ctx) -> String {
    format!("order-form:{}", ctx.site().neighbourhood())
}

async fn load(ctx: &Ctx, request: &str, secret: &str) -> Result<Inquiry, Error> {
    let (deployment, subject) = (ctx.services().secret.clone(), subject(ctx));
    let (request, secret) = (request.to_owned(), secret.to_owned());
    let link = match RequestId::parse(&request) {
        Some(id) => ctx.site().link(&format!("{}{secret}", actions::form_path(&id))),
        None => String::new(),
    };
    ctx.read(move |tx, _| {
        accounts::actions::must_not_wait(tx, &subject)?;
        actions::form(tx, &deployment, &request, &secret, &link)
    })
    .await
}

/// A link that opens nothing, whatever the reason; counted, so that nobody tries many.
async fn dead(ctx: &Ctx, error: Error) -> Result<HttpResponse, Error> {
    let Cause::Refused(refusal) = &error.cause else { return Err(error) };
    match refusal.code {
        Code::NotFound => {
            let subject = subject(ctx);
            let db = ctx.services().db.clone();
            web::block(move || db.write(|tx| accounts::actions::tried(tx, &subject, ALLOWANCE))).await??;
            let text = "The form was sent already, the vendor has gone on without it, or the address is not complete. \
                 If you followed the link of an e-mail, there is nothing left to do.";
            let card = Card::new(ctx.page("There is nothing to fill in")).text(text);
            ctx.render_as(StatusCode::NOT_FOUND, &card).map(hidden)
        }
        Code::TooMany => {
            let card = Card::new(ctx.page("Too many attempts")).text(crate::web::tell(refusal));
            ctx.render_as(StatusCode::TOO_MANY_REQUESTS, &card).map(hidden)
        }
        _ => Err(error),
    }
}

fn render(ctx: &Ctx, inquiry: &Inquiry, secret: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let shown: Vec<&Param> = inquiry.params.iter().collect();
    let form: Form = ctx.form(PATH, "Send").hidden("request", &inquiry.id).hidden("secret", secret);
    let mut form = ParameterForm::new(form, &shown, &inquiry.params);
    let mut page = ctx.page(Text::new("{product}: please check your order").arg("product", &inquiry.product));
    // Who is signed in plays no part here: the link alone opens the form.
    page.account = None;
    page.who = None;
    let mut status = StatusCode::OK;
    if let Some((error, posted)) = wrong {
        explain(form.form(), posted, error)?;
        status = StatusCode::UNPROCESSABLE_ENTITY;
        page.wrong = true;
    } else {
        // What the vendor marked is said as what was typed wrong is.
        form.form().errors(&[]);
    }
    let facts = Facts::new()
        .fact("Product", Cell::data(&inquiry.product))
        .fact("For", Cell::data(&inquiry.customer))
        .fact("Order", Cell::id(&inquiry.id))
        .in_rows();
    let shown = InquiryPage {
        title: page.title.clone(),
        page,
        vendor: inquiry.vendor.clone(),
        message: (!inquiry.message.trim().is_empty()).then(|| Markdown::new(&inquiry.message)),
        facts,
        form: Part::new(form),
    };
    ctx.render_as(status, &shown).map(hidden)
}

/// The form behind a link.
pub async fn order_form(ctx: Ctx, link: web::Query<FormLink>) -> Result<HttpResponse, Error> {
    let link = link.into_inner();
    let (request, secret) = (link.request.unwrap_or_default(), link.secret.unwrap_or_default());
    match load(&ctx, &request, &secret).await {
        Ok(inquiry) => render(&ctx, &inquiry, &secret, None),
        Err(error) => dead(&ctx, error).await,
    }
}

/// Takes the customer's answers.
pub async fn do_order_form(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (request, secret) = (posted.get("request").to_owned(), posted.get("secret").to_owned());
    let inquiry = match load(&ctx, &request, &secret).await {
        Ok(inquiry) => inquiry,
        // Sent twice: the answer of the first time is kept.
        Err(error) => {
            let gone = request.clone();
            let kept = ctx.act(&posted, move |_, _| Err(Refusal::not_found("form", &gone).into())).await;
            return match kept {
                Ok(response) => Ok(hidden(response)),
                Err(_) => dead(&ctx, error).await,
            };
        }
    };
    let shown: Vec<&Param> = inquiry.params.iter().collect();
    let given = typed(&shown, &posted, &answers::Answers::new());
    let edits = answers::edits(&inquiry.params, &given);
    let (deployment, key) = (ctx.services().secret.clone(), secret.clone());
    let done = ctx
        .act(&posted, move |tx, _| {
            actions::answer_form(tx, &deployment, &request, &key, &edits)?;
            Ok(Answer::go(format!("{PATH}/sent")))
        })
        .await;
    match done {
        Ok(response) => Ok(hidden(response)),
        Err(error) => {
            let error = placed(error, &inquiry.params);
            match &error.cause {
                Cause::Refused(r) if matches!(r.code, Code::Invalid | Code::Conflict) => {
                    render(&ctx, &inquiry, &secret, Some((error, &posted)))
                }
                _ => dead(&ctx, error).await,
            }
        }
    }
}

/// The form was sent.
pub async fn order_form_sent(ctx: Ctx) -> Result<HttpResponse, Error> {
    let text = "Your answers were sent to the vendor, who goes on with your order now. You can close this page.";
    let mut page = ctx.page("Thank you");
    page.account = None;
    page.who = None;
    let mut card = Card::new(page).text(text);
    if ctx.person().is_some() {
        card = card.action(Button::link("Go to the portal", "/"));
    }
    ctx.render(&card).map(hidden)
}
