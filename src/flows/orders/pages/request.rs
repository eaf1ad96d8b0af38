//! One request: where it stands, what can be done, items, parameters, what the customer reads, its timeline.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, RequestShown, RequestView};
use super::super::model::{self, RequestStatus};
use super::request_deed::{Deed, dialogs, head_actions};
use super::request_sections::{Marking, around, asked_items, chain, customer_text, external, parameters, story, title};
use super::{asset_status, marked, may_act, request_status};
use crate::kit::{Refusal, Side, Text};
use crate::web::cell::Cell;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::parts::{Facts, Head, Notice, Turn};
use crate::web::status::Tone;
use crate::web::{Ctx, Error, moments, tell};

/// The id of the words that say why a request cannot be approved.
pub(super) const WHY_NOT: &str = "why-not";

/// One request.
pub async fn request(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let shown = shown(&ctx, &path.1).await?;
    page(&ctx, StatusCode::OK, shown, None)
}

/// What a page of a request shows.
pub(super) async fn shown(ctx: &Ctx, id: &str) -> Result<RequestShown, Error> {
    let id = id.to_owned();
    ctx.read(move |tx, actor| actions::request_shown(tx, actor, &id)).await
}

/// The address of the customer's form, while something is asked; for those who talk with the customer.
fn form_link(ctx: &Ctx, view: &RequestView) -> Option<String> {
    if view.side == Side::Vendor {
        return None;
    }
    let path = actions::form_link(view, &ctx.services().secret)?;
    ctx.services().public_url.join(&path).ok().map(String::from)
}

/// The page. `refusal` says what could not be done a moment ago.
pub(super) fn page(
    ctx: &Ctx,
    code: StatusCode,
    shown: RequestShown,
    refusal: Option<&Refusal>,
) -> Result<HttpResponse, Error> {
    let view = &shown.view;
    let here = ctx.url(&format!("/requests/{}", view.id));
    let subscription = ctx.url(&format!("/subscriptions/{}", view.asset_id));
    let frame = ctx
        .page(title(view))
        .crumb(Crumb::link("Fulfillment", ctx.url("/requests")))
        .crumb(Crumb::here(Text::data(view.id.as_str())));
    let mut head = Head::new(title(view))
        .meta(Cell::copy(&view.id))
        .meta(request_status(view.status))
        .meta(Cell::id(&view.asset_id).to(&subscription).label("Subscription"));
    if let Some(mark) = marked(view.refs.environment) {
        head = head.meta(mark);
    }
    let mut open_dialogs = vec![];
    if may_act(ctx) {
        head_actions(&shown, &here, &mut head);
        open_dialogs = dialogs(ctx, &shown, &here);
    }
    let mut notices = notices(view);
    if let Some(refusal) = refusal {
        notices.insert(0, Notice::new(tell(refusal)).title("Nothing was done.").tone(Tone::Warn));
    }
    let link = form_link(ctx, view);
    let snapshot = &view.snapshot.0;
    let mut sections = vec![asked_items(&snapshot.items)];
    let editable = may_act(ctx) && Deed::Edit.against(&shown).is_none();
    let marking = (editable && view.side == Side::Vendor)
        .then(|| Marking { path: format!("{here}/mark"), revision: view.revision });
    let params = parameters(&snapshot.params, view.side, !view.status.is_final(), marking.as_ref());
    sections.push(if editable && has_fields(view) { params.link("Edit", format!("{here}/edit")) } else { params });
    if let Some(link) = &link {
        let contact = &snapshot.tiers.customer.contact_info.contact;
        let facts =
            Facts::new().fact("Link", Cell::copy(link).wrap()).fact("Sent to", Cell::data(&contact.email)).in_rows();
        sections.push(Section::new("Customer's form").note("works without signing in, until it was sent").part(facts));
    }
    let text = actions::request_text(view, &shown.definition, link.as_deref());
    let name = match view.status {
        RequestStatus::Approved => Some("Activation text"),
        RequestStatus::Inquiring => Some("Question to the customer"),
        RequestStatus::Failed | RequestStatus::Revoked => None,
        _ => Some("Text while it is open"),
    };
    sections.extend(name.and_then(|name| customer_text(name, &text)));
    let (turn, facts) = (whose_turn(view), facts(ctx, view, &subscription));
    let story = story(&view.refs, &snapshot.tiers, shown.timeline, |_, _| None);
    let timeline = Section::new("Timeline").part(story);
    sections.push(match moments::history(ctx, &view.id) {
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
        about: Text::new("About this request"),
        facts,
        dialogs: open_dialogs,
    };
    ctx.render_as(code, &page)
}

/// Whether the reader's form of a request has anything to fill in.
fn has_fields(view: &RequestView) -> bool {
    view.side == Side::Vendor || view.snapshot.0.params.iter().any(|p| p.is_ordering() && p.takes_value())
}

fn whose_turn(view: &RequestView) -> Option<Turn> {
    let refs = &view.refs;
    let has = |name: &str| Text::new("{name} has to act").arg("name", name);
    let turn = match view.status {
        RequestStatus::Approved | RequestStatus::Failed | RequestStatus::Revoked => return None,
        _ if view.turn => Turn::yours(view.since),
        RequestStatus::Draft => Turn::of("The draft was not sent yet", view.since),
        RequestStatus::Pending | RequestStatus::Revoking | RequestStatus::TiersSetup => {
            Turn::of(has(&refs.vendor_name), view.since)
        }
        RequestStatus::Inquiring => {
            let text = Text::new("{customer} or {distributor} has to answer")
                .arg("customer", &view.snapshot.0.tiers.customer.name)
                .arg("distributor", &refs.provider_name);
            Turn::of(text, view.since)
        }
        RequestStatus::Scheduled => {
            let planned = view.planned_date.unwrap_or(view.since);
            let text = Text::new("{vendor} goes on with it on {when:time}").arg("vendor", &refs.vendor_name);
            Turn { since: None, ..Turn::of(text.moment("when", planned.0), planned) }
        }
    };
    let waits = match (view.side, view.status) {
        (Side::Vendor, RequestStatus::Pending) if model::marked(&view.snapshot.0.params).next().is_some() => {
            "Approving waits until the marked parameters are corrected or the marks are removed."
        }
        (Side::Distributor | Side::Reseller, RequestStatus::Inquiring) => {
            "The vendor needs a correction. Send it yourself, or let the customer answer with the form."
        }
        (Side::Vendor, RequestStatus::Revoking) => "The buyer wants it back. Confirming ends the request.",
        _ => return Some(turn),
    };
    Some(turn.reason(WHY_NOT, waits))
}

fn notices(view: &RequestView) -> Vec<Notice> {
    let notice = |title: &'static str, tone: Option<Tone>| {
        let reason = view.reason.as_ref().map(|reason| reason.0.clone()).unwrap_or_default();
        let notice = Notice::new(reason).title(title);
        match tone {
            Some(tone) => notice.tone(tone),
            None => notice,
        }
    };
    match view.status {
        RequestStatus::Failed => vec![notice("The vendor could not carry it out:", Some(Tone::Bad))],
        RequestStatus::Revoking => vec![notice("The buyer wants it back:", Some(Tone::Warn))],
        RequestStatus::Revoked => vec![notice("It was taken back:", None)],
        _ => vec![],
    }
}

fn facts(ctx: &Ctx, view: &RequestView, subscription: &str) -> Facts {
    let mut facts = Facts::new();
    if view.side == Side::Vendor {
        let assignee = match &view.assignee {
            Some(person) => Cell::person(&person.0.name),
            None => Cell::text("Nobody yet").muted(),
        };
        facts = facts.fact("Assignee", assignee);
    }
    facts = chain(ctx, facts, &view.snapshot.0.tiers);
    facts = facts.fact(
        "Subscription",
        Cell::link(view.asset_id.to_string(), subscription).sub(Cell::status(asset_status(view.asset_status))),
    );
    facts = around(ctx, facts, &view.refs, view.side);
    facts = external(facts, view.external_id.as_ref(), view.external_uid.as_ref());
    if let Some(id) = &view.previous_id {
        facts = facts.fact("Request before", Cell::id(id).to(ctx.url(&format!("/requests/{id}"))));
    }
    if !view.note.is_empty() {
        facts = facts.fact("Vendor's note", Cell::data(&view.note).wrap());
    }
    if let Some(planned) = view.planned_date {
        facts = facts.fact("Planned for", Cell::time_long(planned));
    }
    if let Some(effective) = view.effective_date {
        facts = facts.fact("Effective", Cell::time_long(effective));
    }
    facts.fact("Created", Cell::time_long(view.created_at)).fact("Changed", Cell::time_long(view.updated_at))
}
