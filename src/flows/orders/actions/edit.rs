//! Changing requests without deciding: parameters and notes, drafts, who processes them.

use super::decide::{may_edit, open};
use super::save;
use crate::db::party::{self, Party};
use crate::db::{Result, Tx};
use crate::flows::orders::model::{
    self, MAX_NOTE, May, Param, ParamEdit, RequestKind, RequestStatus, Verb, apply_edits, missing,
};
use crate::flows::orders::store::{self, ASSET, REQUEST, RequestView};
use crate::flows::products::model::TemplateKind;
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::column::Doc;
use crate::kit::{Actor, Problems, Refusal, Secret, Side, Text};

/// Changes note and parameters of an open request. The vendor may fill and mark them; a buyer may fill those of a draft.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    note: Option<&str>,
    edits: &[ParamEdit],
) -> Result<RequestView> {
    let mut open = open(tx, actor, id, revision)?;
    let abilities = open.abilities;
    let request = &mut open.request;
    let Some(may) = may_edit(request) else {
        let text = match request.status {
            status if status.is_final() => {
                Text::new("The request is {status:word} and keeps its values. Make a new request.")
            }
            RequestStatus::Inquiring => {
                Text::new("While the request is inquiring, send the corrected parameters back with `pend`.")
            }
            _ => Text::new(
                "While the request is {status:word}, only the vendor can change it. Ask them for a correction.",
            ),
        };
        return Err(Refusal::state(text.arg("status", request.status.title())).into());
    };
    let changes = apply_edits(&mut request.snapshot.0.params, edits, |p| match (may, p.is_ordering()) {
        (May::Judge, false) if !abilities.edit_fulfillment => May::Read,
        (May::Judge, _) => May::Judge,
        (_, true) => May::Write,
        (_, false) => May::Pass,
    })?;
    save::must_be_unique(
        tx,
        actor,
        &request.refs.product_id,
        &request.snapshot.0.params,
        edits,
        Some(&request.asset_id),
    )?;
    let mut problems = Problems::default();
    let note = note.map(|n| problems.optional("note", n, MAX_NOTE).unwrap_or_default()).filter(|n| *n != request.note);
    problems.done()?;
    if note.is_none() && changes.is_empty() {
        return store::load_request(tx, actor, id, false);
    }
    let before = request.note.clone();
    if let Some(note) = note {
        request.note = note;
    }
    request.events.0.stamp("updated", tx.at(), actor.by());
    store::save_request(tx, request)?;
    save::note_changes(tx, actor, request, &changes, Text::new("Parameters were changed"))?;
    if let Some(change) = Change::of("Note", before, &request.note) {
        journal::record(
            tx,
            actor,
            Entry::new(REQUEST, &request.id, "request.noted", Text::new("The note was changed")).changes([change]),
        )?;
    }
    save::sync_purchase(tx, request)?;
    crate::crash::point("orders.edit.before-commit");
    store::load_request(tx, actor, id, false)
}

/// Checks the parameters of a draft or an inquiring request: each that is missing or wrong gets its complaint. Nothing is
/// sent on.
pub fn validate(tx: &mut Tx<'_>, actor: &Actor, id: &str, edits: &[ParamEdit]) -> Result<RequestView> {
    let mut open = open(tx, actor, id, None)?;
    let request = &mut open.request;
    if !matches!(request.status, RequestStatus::Draft | RequestStatus::Inquiring) {
        let text = Text::new("The request is {status:word}; only a draft or an inquiring request is validated.");
        return Err(Refusal::state(text.arg("status", request.status.title())).into());
    }
    let refused =
        apply_edits(&mut request.snapshot.0.params, edits, |p| if p.is_ordering() { May::Write } else { May::Pass })
            .err();
    let gaps: Vec<String> =
        missing(&request.snapshot.0.params, Param::is_ordering).iter().map(|p| p.name().to_owned()).collect();
    for param in request.snapshot.0.params.iter_mut().filter(|p| p.is_ordering()) {
        let wrong = edits.iter().find(|e| e.name == param.name()).and_then(|e| {
            let problems = &refused.as_ref()?.problems;
            problems.iter().find(|p| p.field.starts_with(&format!("{}.", e.path))).map(|p| p.text.clone())
        });
        let gap = gaps.iter().any(|g| g == param.name()).then(|| Text::new("This field is required."));
        param.error = wrong.or(gap);
    }
    // The answer says what is wrong; only a draft keeps it, for an inquiring request carries the vendor's own marks.
    if request.status == RequestStatus::Draft {
        store::save_request(tx, request)?;
        save::sync_purchase(tx, request)?;
    }
    Ok(open.request)
}

/// Sends a draft.
pub fn submit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    purchase: Option<bool>,
) -> Result<RequestView> {
    let mut open = open(tx, actor, id, revision)?;
    if let Some(purchase) = purchase
        && purchase != (open.request.kind == RequestKind::Purchase)
    {
        let text = Text::new(
            "This request is of the type {kind:word}. A draft purchase is sent with `purchase`, every other draft with `submit`.",
        );
        return Err(Refusal::state(text.arg("kind", open.request.kind)).into());
    }
    let gap = open.abilities.inquire && !missing(&open.request.snapshot.0.params, Param::is_ordering).is_empty();
    let status = match open.next(actor, Verb::Submit { missing: gap })? {
        RequestStatus::Pending => save::due(open.request.planned_date, tx.at()),
        status => status,
    };
    let kind = if gap { TemplateKind::Inquire } else { TemplateKind::Pending };
    let template = save::template_of(&open.definition, kind).cloned();
    let request = &mut open.request;
    for param in &mut request.snapshot.0.params {
        param.error = None;
    }
    request.message = template.as_ref().filter(|_| gap).map(|t| t.body.clone()).unwrap_or_default();
    request.refs.template_id = template.map(|t| t.id).or(request.refs.template_id.take());
    save::moved(tx, actor, request, status)?;
    request.form_nonce = gap.then(Secret::nonce);
    store::save_request(tx, request)?;
    let vendor = Party::new(&request.refs.vendor_id, Side::Vendor);
    party::add(tx, REQUEST, request.id.as_str(), status.as_str(), request.created_at, &vendor)?;
    // Whose turn it is has to be noted for the new row as well.
    party::moved(tx, REQUEST, request.id.as_str(), status.as_str(), model::turn(status, request.side))?;
    if request.kind == RequestKind::Purchase {
        let created = request.asset_events.0.at("created").unwrap_or(tx.at());
        party::add(tx, ASSET, request.asset_id.as_str(), request.asset_status.as_str(), created, &vendor)?;
        super::purchase::show_tiers(tx, &request.snapshot.0.tiers, &[vendor])?;
    }
    journal::record(
        tx,
        actor,
        Entry::new(REQUEST, &request.id, "request.created", Text::new("The draft was sent to the vendor")),
    )?;
    let params = request.snapshot.0.params.clone();
    let planned = request.planned_date;
    save::started(tx, actor, &request.id.clone(), &params, status, planned)?;
    save::follow(tx, actor, &open.request, None)?;
    crate::crash::point("orders.submit.before-commit");
    store::load_request(tx, actor, id, false)
}

/// Throws a draft away; with a purchase goes its subscription.
pub fn discard(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<()> {
    let open = open(tx, actor, id, revision)?;
    open.next(actor, Verb::Discard)?;
    let request = &open.request;
    let purchase = request.kind == RequestKind::Purchase;
    journal::record(
        tx,
        actor,
        Entry::new(REQUEST, &request.id, "request.discarded", Text::new("The draft was discarded")),
    )?;
    party::remove(tx, REQUEST, request.id.as_str())?;
    if !purchase {
        store::set_open(tx, &request.asset_id, None)?;
    }
    store::delete_draft(tx, &request.id, &request.asset_id, purchase)
}

/// Gives a request to somebody of the vendor: a person by id or address, or the acting person.
pub fn assign(tx: &mut Tx<'_>, actor: &Actor, id: &str, who: Option<&str>) -> Result<RequestView> {
    let mut open = open(tx, actor, id, None)?;
    vendor_only(&open.request)?;
    let people = store::agents(tx, actor)?;
    let chosen = match who {
        Some(who) => {
            let folded = crate::kit::fold(who.trim());
            people.into_iter().find(|p| p.id == who || crate::kit::fold(&p.email) == folded).ok_or_else(|| {
                Refusal::field(
                    "id",
                    Text::new("{who} is not an active user of your account. Choose one of its users.").arg("who", who),
                )
            })?
        }
        None => {
            let own = actor.user().map(|u| u.as_str().to_owned());
            let text = Text::new("Name the person by `id` or `email`: a token cannot take a request for itself.");
            people.into_iter().find(|p| Some(&p.id) == own.as_ref()).ok_or_else(|| Refusal::field("id", text))?
        }
    };
    let request = &mut open.request;
    if request.assignee.as_ref().is_some_and(|a| a.0.id == chosen.id) {
        return Ok(open.request);
    }
    let text = Text::new("Assigned to {name}").arg("name", &chosen.name);
    request.assignee = Some(Doc(chosen));
    store::save_request(tx, request)?;
    let entry = Entry::new(REQUEST, &request.id, "request.assigned", text).audience(Audience::Sides(&[Side::Vendor]));
    journal::record(tx, actor, entry)?;
    store::load_request(tx, actor, id, false)
}

/// Takes a request from whoever processes it.
pub fn unassign(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<RequestView> {
    let mut open = open(tx, actor, id, None)?;
    vendor_only(&open.request)?;
    let request = &mut open.request;
    if request.assignee.take().is_some() {
        store::save_request(tx, request)?;
        let text = Text::new("Assigned to nobody");
        let entry =
            Entry::new(REQUEST, &request.id, "request.unassigned", text).audience(Audience::Sides(&[Side::Vendor]));
        journal::record(tx, actor, entry)?;
    }
    store::load_request(tx, actor, id, false)
}

fn vendor_only(request: &RequestView) -> Result<()> {
    if request.side != Side::Vendor {
        return Err(Refusal::forbidden(Text::new("Only the vendor decides who processes a request.")).into());
    }
    if request.status.is_final() {
        let text = Text::new("The request is {status:word}; nobody has to process it any more.")
            .arg("status", request.status.title());
        return Err(Refusal::state(text).into());
    }
    Ok(())
}
