//! One subscription: what it has, its requests, what the customer reads, everything that happened.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, RequestView, SHOWN_REQUESTS, SubscriptionShown};
use super::super::model::{AssetStatus, RequestStatus};
use super::request_sections::{around, chain, customer_text, external, items, parameters, story};
use super::subscription_verbs::{dialogs, head_actions};
use super::{asset_status, marked, may_act, request_status};
use crate::journal::Moment;
use crate::kit::{Refusal, Side, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::parts::{Facts, Head, Notice, Turn};
use crate::web::status::Tone;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error, moments as entries, tell};

/// One subscription.
pub async fn subscription(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let shown = shown(&ctx, &path.1).await?;
    page(&ctx, StatusCode::OK, shown, None)
}

/// What a page of a subscription shows.
pub(super) async fn shown(ctx: &Ctx, id: &str) -> Result<SubscriptionShown, Error> {
    let id = id.to_owned();
    ctx.read(move |tx, actor| actions::subscription_shown(tx, actor, &id, |_| None)).await
}

/// What a subscription is called: `Backup Cloud for Stadtwerke`.
pub(super) fn title(shown: &SubscriptionShown) -> Text {
    Text::new("{product} for {customer}")
        .arg("product", shown.asset.view.refs.product().name)
        .arg("customer", &shown.asset.tiers.customer.name)
}

/// The page. `refusal` says what could not be done a moment ago.
pub(super) fn page(
    ctx: &Ctx,
    code: StatusCode,
    shown: SubscriptionShown,
    refusal: Option<&Refusal>,
) -> Result<HttpResponse, Error> {
    let view = &shown.asset.view;
    let here = ctx.url(&format!("/subscriptions/{}", view.id));
    let frame = ctx
        .page(title(&shown))
        .crumb(Crumb::link("Subscriptions", ctx.url("/subscriptions")))
        .crumb(Crumb::here(Text::data(view.id.as_str())));
    let mut head = Head::new(title(&shown)).meta(Cell::copy(&view.id)).meta(asset_status(view.status));
    if let Some(mark) = marked(view.refs.environment) {
        head = head.meta(mark);
    }
    let mut open_dialogs = vec![];
    if may_act(ctx) {
        head_actions(&shown, &here, &mut head);
        open_dialogs = dialogs(ctx, &shown, &here);
    }
    let mut notices = vec![];
    if let Some(refusal) = refusal {
        notices.push(Notice::new(tell(refusal)).title("Nothing was done.").tone(Tone::Warn));
    }
    let open = shown.requests.iter().find(|r| !r.status.is_final());
    if let Some(open) = open.filter(|o| o.turn) {
        let text = Text::new("{kind:word} {request} is {status:word}.")
            .arg("kind", open.kind.title())
            .arg("request", &open.id)
            .arg("status", open.status.title());
        let look = Button::link("Open the request", ctx.url(&format!("/requests/{}", open.id)));
        notices.push(Notice::new(text).title("It waits for you.").action(look));
    }
    let state = &view.doc.0;
    let live = matches!(view.status, AssetStatus::Draft | AssetStatus::Processing);
    let mut sections = vec![items(&state.items), parameters(&state.params, view.side, live, None)];
    let name = if live { "Text while it is open" } else { "Activation text" };
    sections.extend(customer_text(name, &shown.text));
    sections.push(requests_section(ctx, &shown.requests, view.id.as_str()));
    let turn = open.and_then(whose_turn);
    let facts = facts(ctx, &shown);
    let requests = ctx.url("/requests");
    // Of being ordered and asked for, the requests tell the same.
    let told = |m: &Moment| !matches!(m.verb.as_str(), "asset.requested" | "asset.created");
    let moments = shown.timeline.into_iter().filter(told).collect();
    let story = story(&view.refs, &shown.asset.tiers, moments, |kind, id| {
        (kind == "request").then(|| format!("{requests}/{id}"))
    });
    let timeline = Section::new("Timeline").note("with its requests").part(story);
    sections.push(match entries::history(ctx, &view.id) {
        Some(href) => timeline.link("Whole history", href),
        None => timeline,
    });
    let page = ObjectPage {
        page: frame,
        head,
        turn,
        notices,
        tabs: None,
        sections,
        about: Text::new("About this subscription"),
        facts,
        dialogs: open_dialogs,
    };
    ctx.render_as(code, &page)
}

fn whose_turn(open: &RequestView) -> Option<Turn> {
    if open.turn {
        return None;
    }
    let refs = &open.refs;
    let has = |name: &str| Text::new("{name} has to act").arg("name", name);
    match (open.status, open.side) {
        (RequestStatus::Pending | RequestStatus::Revoking | RequestStatus::TiersSetup, _) => {
            Some(Turn::of(has(&refs.vendor_name), open.since))
        }
        (RequestStatus::Inquiring, Side::Vendor | Side::Reseller) => {
            Some(Turn::of(has(&refs.provider_name), open.since))
        }
        _ => None,
    }
}

fn requests_section(ctx: &Ctx, requests: &[RequestView], asset: &str) -> Section {
    let section = Section::new("Requests");
    if requests.is_empty() {
        return section.words("There are no requests.");
    }
    let row = |view: &RequestView| {
        Row::new(
            &view.id,
            vec![
                Cell::id(&view.id).to(ctx.url(&format!("/requests/{}", view.id))),
                Cell::text(view.kind.title()),
                Cell::status(request_status(view.status)),
                Cell::time(view.created_at).muted(),
                Cell::time(view.updated_at).muted(),
            ],
        )
    };
    let columns = vec![
        Column::new("id", "Request").at(Narrow::Left1).grows(),
        Column::new("type", "Type").at(Narrow::Left2),
        Column::new("status", "Status").at(Narrow::Right1),
        Column::new("created", "Created").at(Narrow::Right2),
        Column::new("updated", "Changed").at(Narrow::Hidden),
    ];
    let full = i64::try_from(requests.len()).is_ok_and(|n| n >= SHOWN_REQUESTS);
    let section = if full {
        let all = ctx.url(&format!("/requests?eq(asset.id,{asset})&ordering(-created)"));
        section.note("the latest").link("All requests", all)
    } else {
        section
    };
    section.part(Boxed::new("Requests", columns, requests.iter().map(row).collect()).cards())
}

fn facts(ctx: &Ctx, shown: &SubscriptionShown) -> Facts {
    let view = &shown.asset.view;
    let facts = chain(ctx, Facts::new(), &shown.asset.tiers);
    let facts = around(ctx, facts, &view.refs, view.side);
    let mut facts = external(facts, view.external_id.as_ref(), view.external_uid.as_ref());
    if let Some(version) = view.version {
        facts = facts.fact("Product version", Cell::number(version));
    }
    let at = |name: &str| view.events.0.at(name);
    facts = facts.fact("Created", Cell::time_long(view.created_at));
    for (name, label) in [
        ("active", "Active since"),
        ("suspended", "Suspended"),
        ("terminating", "Terminating"),
        ("terminated", "Ended"),
    ] {
        if let Some(when) = at(name) {
            facts = facts.fact(label, Cell::time_long(when));
        }
    }
    facts
}
