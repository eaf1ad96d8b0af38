//! One listing request: whose turn it is, what can be done, what happened.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Request, RequestState, Verb, next};
use super::directory::facts;
use super::{is_vendor, may_act, request_state};
use crate::journal;
use crate::kit::{Refusal, Text, Time};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Panel, Section};
use crate::web::layout::Crumb;
use crate::web::moments;
use crate::web::parts::{Facts, Head, Turn};
use crate::web::{Answer, Ctx, Error, Posted, explain, tell};

fn here(ctx: &Ctx, request: &Request) -> String {
    ctx.url(&format!("/listings/requests/{}", request.id))
}

/// The verbs of this side, in the order of the page.
fn own_verbs(request: &Request, vendor: bool) -> Vec<Verb> {
    if request.state.is_final() {
        return vec![];
    }
    if vendor {
        // What was sent is in the other side's hands: sending again means nothing.
        let sent = request.state != RequestState::Draft;
        return if sent { vec![Verb::Cancel] } else { vec![Verb::Submit, Verb::Cancel] };
    }
    let assigning = if request.assignee.is_some() { Verb::Unassign } else { Verb::Assign };
    // Either one or the other is the next step.
    let step = if request.state == RequestState::Deploying { Verb::Complete } else { Verb::Deploy };
    vec![step, Verb::Refine, assigning, Verb::Cancel]
}

/// What is said with a verb, if something is.
fn asks(verb: Verb) -> Option<(&'static str, &'static str)> {
    match verb {
        Verb::Refine => Some(("What is to be changed", "The vendor reads it.")),
        Verb::Cancel => Some(("Reason", "Both sides read it.")),
        _ => None,
    }
}

fn consequence(verb: Verb) -> &'static str {
    match verb {
        Verb::Refine => "The request goes back to the vendor, who can change it and send it again.",
        _ => "The request ends for good. The listing stays as it is.",
    }
}

fn verb_form(ctx: &Ctx, request: &Request, verb: Verb) -> Form {
    let form = ctx.form(format!("{}/{verb}", here(ctx, request)), verb.title()).revision(request.revision);
    match asks(verb) {
        Some((label, hint)) => form.field(Field::area("note", label).hint(hint).rows(3).optional()),
        None => form,
    }
}

/// One request.
pub async fn request(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (request, moments) = ctx
        .read(move |tx, actor| {
            Ok((actions::request(tx, actor, &id)?, journal::seen_by(tx, actor, "listing_request", &id, 50)?))
        })
        .await?;
    let listing = &request.listing;
    let title = Text::new("{kind:word} listing: {product} on {marketplace}")
        .arg("kind", request.kind.title())
        .arg("product", &listing.product.name)
        .arg("marketplace", &listing.marketplace.name);
    let mut dialogs = vec![];
    let head = verbs(&ctx, &request, title.clone(), &mut dialogs);
    let note = Section::new("Note of the vendor").words(match request.note.as_str() {
        "" => Text::new("There is none."),
        note => Text::data(note),
    });
    let page = ctx
        .page(title)
        .crumb(Crumb::link("Listings", ctx.url("/listings")))
        .crumb(Crumb::link("Requests", ctx.url("/listings/requests")))
        .crumb(Crumb::here(Text::data(request.id.as_str())));
    let first = Facts::new()
        .fact("Requested version", Cell::number(request.version))
        .fact(
            "Assignee",
            request.assignee.as_ref().map_or_else(|| Cell::text("Nobody yet").muted(), |a| Cell::person(&a.name)),
        )
        .fact("Made by", Cell::maybe(request.creator.as_ref(), |c| Cell::person(&c.name)))
        .fact("Made", Cell::maybe(request.events.at("created"), Cell::time_long));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: whose_turn(&ctx, &request),
        notices: vec![],
        tabs: None,
        sections: vec![note, moments::story(&ctx, &request.id, moments)],
        about: Text::new("About this request"),
        facts: facts(&ctx, listing, first),
        dialogs,
    })
}

fn verbs(ctx: &Ctx, request: &Request, title: Text, dialogs: &mut Vec<Dialog>) -> Head {
    let mut head = Head::new(title)
        .meta(Cell::copy(&request.id))
        .meta(request_state(request.state))
        .meta(Cell::id(&request.listing.id).to(ctx.url(&format!("/listings/{}", request.listing.id))).label("Listing"));
    if !may_act(ctx) {
        return head;
    }
    let (vendor, here) = (is_vendor(ctx), here(ctx, request));
    let mut primary = false;
    for verb in own_verbs(request, vendor) {
        let href = format!("{here}/{verb}");
        head = head.action(match next(request.state, verb, vendor) {
            Ok(_) if asks(verb).is_some() => {
                dialogs.push(
                    Dialog::new(verb.as_str(), verb.title(), verb_form(ctx, request, verb)).text(consequence(verb)),
                );
                let button = Button::dialog(verb.title(), verb.as_str(), href);
                if verb == Verb::Cancel { button.danger() } else { button }
            }
            Ok(_) => {
                let key = crate::kit::Secret::generate();
                let button = Button::post(verb.title(), href)
                    .field(crate::web::form::IDEMPOTENCY_KEY, key.reveal())
                    .field(crate::web::form::REVISION, request.revision);
                if primary || matches!(verb, Verb::Assign | Verb::Unassign) {
                    button
                } else {
                    primary = true;
                    button.primary()
                }
            }
            Err(refusal) => Button::not_now(verb.title(), tell(&refusal)),
        });
    }
    head
}

fn whose_turn(ctx: &Ctx, request: &Request) -> Option<Turn> {
    let since = request.events.at(request.state.as_str()).or(request.events.at("created")).unwrap_or(Time(0));
    let vendor_acts = match request.state {
        RequestState::Draft => true,
        RequestState::Reviewing | RequestState::Deploying => false,
        RequestState::Completed | RequestState::Canceled => return None,
    };
    if vendor_acts == is_vendor(ctx) {
        return Some(Turn::yours(since));
    }
    let who = if vendor_acts { &request.listing.vendor.name } else { &request.listing.provider.name };
    Some(Turn::of(Text::new("{name} has to act").arg("name", who), since))
}

fn known(word: &str) -> Result<Verb, Refusal> {
    Verb::ALL.iter().copied().find(|v| v.as_str() == word).ok_or_else(|| Refusal::not_found("action", word))
}

async fn verb_page(
    ctx: &Ctx,
    code: StatusCode,
    (id, word): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let request = ctx.read(move |tx, actor| actions::request(tx, actor, &asked)).await?;
    let verb = known(word)?;
    let mut form = verb_form(ctx, &request, verb).cancel(here(ctx, &request));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page(verb.title())
        .crumb(Crumb::link("Requests", ctx.url("/listings/requests")))
        .crumb(Crumb::link(Text::data(request.id.as_str()), here(ctx, &request)))
        .crumb(Crumb::here(verb.title()));
    let mut shown = FormPage::new(page, form);
    if asks(verb).is_some() {
        shown.head = Head::new(verb.title()).lede(consequence(verb));
    }
    let listing = &request.listing;
    let facts = Facts::new()
        .fact("Product", Cell::data(&listing.product.name))
        .fact("Marketplace", Cell::data(&listing.marketplace.name))
        .fact("Requested version", Cell::number(request.version))
        .fact("Note of the vendor", Cell::data(&request.note).wrap());
    let shown = shown.beside(Panel::about("The request", facts));
    ctx.render_as(code, &shown)
}

/// Asks what is to be said with a verb, where the dialog cannot.
pub async fn request_verb(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, StatusCode::OK, (&path.1, &path.2), None).await
}

/// Does a verb to a request.
pub async fn do_request_verb(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, word) = path.into_inner();
    let done = match known(&word) {
        Ok(verb) => {
            let (request, typed, back) = (id.clone(), posted.clone(), ctx.url(&format!("/listings/requests/{id}")));
            ctx.act(&posted, move |tx, actor| {
                actions::act(tx, actor, &request, typed.revision(), verb, typed.get("note"))?;
                Ok(Answer::go(&back).flash(Text::new(said(verb))))
            })
            .await
        }
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(response) => Ok(response),
        Err(error) => verb_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, (&id, &word), Some((error, &posted))).await,
    }
}

fn said(verb: Verb) -> &'static str {
    match verb {
        Verb::Submit => "The request was sent for review.",
        Verb::Refine => "The request was sent back to the vendor.",
        Verb::Deploy => "The request is deploying.",
        Verb::Complete => "The request was completed, and the listing changed.",
        Verb::Cancel => "The request was canceled.",
        Verb::Assign => "You look after the request.",
        Verb::Unassign => "Nobody looks after the request now.",
    }
}
