//! Decisions on requests: approve, fail, ask back, give back, put off, take back.

use super::save;
use crate::db::{Result, Tx};
use crate::flows::orders::jobs;
use crate::flows::orders::model::{
    self, Abilities, AssetState, By, Line, MAX_NOTE, May, ParamEdit, RequestKind, RequestStatus, Verb, apply_edits,
    missing, next, place_value,
};
use crate::flows::orders::store::{self, AssetView, REQUEST, RequestView};
use crate::flows::products::actions::{self as products, Definition};
use crate::flows::products::model::{MAX_BODY, Scope, Template, TemplateKind, plain};
use crate::journal::{self, Entry};
use crate::kit::column::Doc;
use crate::kit::{Actor, Level, Module, Problems, Quantity, Refusal, RequestId, Role, Secret, Side, Text, Time};

/// How a request is approved.
#[derive(Debug, Clone, Default)]
pub struct Activation {
    /// The template whose text the customer reads; the one of [`suggested_template`] if none is named.
    pub template: Option<String>,
    /// A text of the vendor's own instead, in Markdown.
    pub text: Option<String>,
    /// When it takes effect; now if absent.
    pub effective_date: Option<Time>,
}

/// A request that is to be changed, with what its product says.
pub(super) struct Open {
    pub(super) request: RequestView,
    pub(super) definition: Definition,
    pub(super) abilities: Abilities,
}

/// Loads and locks a request that is to be changed. `revision` is that of the form, if there was one.
pub(super) fn open(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<Open> {
    actor.need(Module::Subscriptions, Level::Act)?;
    let request = store::load_request(tx, actor, id, true)?;
    journal::unchanged(tx, actor, (REQUEST, id), "request", (revision, request.revision))?;
    let product = &request.refs.product_id;
    let definition = products::definition(tx, product)?.ok_or_else(|| Refusal::not_found("product", product))?;
    let abilities = model::abilities(request.kind, &definition.capabilities);
    Ok(Open { request, definition, abilities })
}

impl Open {
    /// The state that a verb of the actor leads to.
    pub(super) fn next(&self, actor: &Actor, verb: Verb) -> Result<RequestStatus> {
        Ok(next(self.request.kind, self.request.status, verb, save::by(actor, &self.request), &self.abilities)?)
    }
}

/// Carries a request out. The customer's text is written with the values of now and kept.
pub fn approve(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    activation: &Activation,
) -> Result<RequestView> {
    let mut open = open(tx, actor, id, revision)?;
    let status = open.next(actor, Verb::Approve)?;
    save::may_approve(&open.request)?;
    let asked = &open.request;
    save::must_be_unique(tx, actor, &asked.refs.product_id, &asked.snapshot.0.params, &[], Some(&asked.asset_id))?;
    let (template, body) = activation_text(&open, activation)?;
    let request = &mut open.request;
    let params = &request.snapshot.0.params;
    request.activation_key = body.map(|body| plain(&body, |name| place_value(params, name, None))).unwrap_or_default();
    request.refs.template_id = template;
    request.effective_date = Some(activation.effective_date.unwrap_or(tx.at()));
    save::take_if_free(tx, actor, request)?;
    save::moved(tx, actor, request, status)?;
    store::save_request(tx, request)?;
    let keeps = |l: &&Line| l.quantity != Quantity::ZERO;
    let state =
        matches!(request.kind, RequestKind::Purchase | RequestKind::Change | RequestKind::Adjustment).then(|| {
            AssetState {
                items: request.snapshot.0.items.iter().filter(keeps).cloned().collect(),
                params: request.snapshot.0.params.clone(),
            }
        });
    journal::record(
        tx,
        actor,
        Entry::new(REQUEST, &request.id, "request.approved", Text::new("The request was approved")),
    )?;
    save::follow(tx, actor, request, state)?;
    crate::crash::point("orders.approve.before-commit");
    store::load_request(tx, actor, id, false)
}

/// The template and text that the customer reads after approval.
fn activation_text(open: &Open, activation: &Activation) -> Result<(Option<crate::kit::TemplateId>, Option<String>)> {
    let definition = &open.definition;
    let mut problems = Problems::default();
    let own = activation.text.as_deref().and_then(|text| problems.optional("activation_tile", text, MAX_BODY));
    problems.done()?;
    let named = match &activation.template {
        Some(id) => Some(fulfillment_template(definition, id, "template_id")?),
        None => None,
    };
    let template = named.or_else(|| suggested_template(&open.request, definition));
    let body = own.or_else(|| template.map(|t| t.body.clone()));
    if body.is_none() && open.request.kind == RequestKind::Purchase {
        let text = Text::new(
            "{product} has no template to approve with. Create one of the type fulfillment, or send the text itself.",
        );
        return Err(Refusal::field("template_id", text.arg("product", &definition.name)).into());
    }
    let stays = || open.request.asset_template_id.clone();
    Ok((template.map(|t| t.id.clone()).or_else(stays), body))
}

/// The template that a request is approved with if nobody names another one: the one that the request names, if customers
/// read it after an approval, otherwise the one that the subscription has, and for a purchase the product's first one.
/// Holding, resuming and cancelling leave the customer's text as it is.
pub fn suggested_template<'d>(request: &RequestView, definition: &'d Definition) -> Option<&'d Template> {
    let kept = || {
        let known = [request.refs.template_id.as_ref(), request.asset_template_id.as_ref()];
        known.into_iter().flatten().find_map(|id| definition.templates.iter().find(|t| t.id == *id && is_read_after(t)))
    };
    match request.kind {
        RequestKind::Purchase => kept().or_else(|| save::template_of(definition, TemplateKind::Fulfillment)),
        RequestKind::Suspend | RequestKind::Resume | RequestKind::Cancel => None,
        _ => kept(),
    }
}

/// Whether a template is for a subscription whose request is done.
fn is_read_after(template: &Template) -> bool {
    template.scope == Scope::Asset && template.kind.is_none_or(|kind| kind == TemplateKind::Fulfillment)
}

/// A template of the product that a subscription can be activated with.
pub(super) fn fulfillment_template<'d>(definition: &'d Definition, id: &str, field: &str) -> Result<&'d Template> {
    definition.templates.iter().find(|t| t.id == *id && is_read_after(t)).ok_or_else(|| {
        let text =
            Text::new("{product} has no fulfillment template {id} for subscriptions. Send the id of one that it has.");
        Refusal::field(field, text.arg("product", &definition.name).arg("id", id)).into()
    })
}

/// Rejects a request. The reason is read by everybody.
pub fn fail(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>, reason: &str) -> Result<RequestView> {
    let mut open = open(tx, actor, id, revision)?;
    let status = open.next(actor, Verb::Fail)?;
    let mut problems = Problems::default();
    let reason = problems.text("reason", reason, MAX_NOTE);
    problems.done()?;
    failed(tx, actor, &mut open.request, status, Text::data(reason))?;
    crate::crash::point("orders.fail.before-commit");
    store::load_request(tx, actor, id, false)
}

fn failed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: &mut RequestView,
    status: RequestStatus,
    reason: Text,
) -> Result<()> {
    request.reason = Some(Doc(reason));
    save::take_if_free(tx, actor, request)?;
    end(tx, actor, request, status, "request.failed", Text::new("The request failed: {reason:text}"))
}

fn end(
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: &mut RequestView,
    status: RequestStatus,
    verb: &'static str,
    text: Text,
) -> Result<()> {
    save::moved(tx, actor, request, status)?;
    store::save_request(tx, request)?;
    let text = match &request.reason {
        Some(reason) => text.part("reason", &reason.0),
        None => text,
    };
    journal::record(tx, actor, Entry::new(REQUEST, &request.id, verb, text))?;
    save::follow(tx, actor, request, None)
}

/// Asks the customer back: marks parameters as wrong, if any are named, and sends the link of the form.
pub fn inquire(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    marks: &[ParamEdit],
    template: Option<&str>,
    text: Option<&str>,
) -> Result<RequestView> {
    let mut open = open(tx, actor, id, revision)?;
    let status = open.next(actor, Verb::Inquire)?;
    let mut problems = Problems::default();
    let own = text.and_then(|t| problems.optional("activation_tile", t, MAX_BODY));
    problems.done()?;
    let named = match template {
        Some(id) => {
            let found = open
                .definition
                .templates
                .iter()
                .find(|t| t.id == *id && t.scope == Scope::Asset && t.kind == Some(TemplateKind::Inquire));
            let text = Text::new("{product} has no inquiring template {id}. Send the id of one that it has.");
            Some(found.ok_or_else(|| {
                Refusal::field("template_id", text.arg("product", &open.definition.name).arg("id", id))
            })?)
        }
        None => save::template_of(&open.definition, TemplateKind::Inquire),
    };
    let request = &mut open.request;
    let changes = apply_edits(&mut request.snapshot.0.params, marks, |_| May::Judge)?;
    request.message = own.or_else(|| named.map(|t| t.body.clone())).unwrap_or_default();
    request.refs.template_id = named.map(|t| t.id.clone());
    request.answered = false;
    save::take_if_free(tx, actor, request)?;
    save::moved(tx, actor, request, status)?;
    request.form_nonce = Some(Secret::nonce());
    store::save_request(tx, request)?;
    save::note_changes(tx, actor, request, &changes, Text::new("Parameters were changed"))?;
    journal::record(
        tx,
        actor,
        Entry::new(REQUEST, &request.id, "request.inquired", Text::new("The customer was asked for a correction")),
    )?;
    save::sync_purchase(tx, request)?;
    jobs::notify_inquiry(tx, &request.id)?;
    crate::crash::point("orders.inquire.before-commit");
    store::load_request(tx, actor, id, false)
}

/// Gives a request to the vendor again, with corrected parameters if there are any.
///
/// # Errors
/// What is required must be there, unless the vendor itself takes the request back.
pub fn pend(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    edits: &[ParamEdit],
) -> Result<RequestView> {
    let open = open(tx, actor, id, revision)?;
    let by = save::by(actor, &open.request);
    give_back(tx, actor, open, by, edits)?;
    store::load_request(tx, actor, id, false)
}

/// Gives a request back in the name of `by`: the customer's form comes here too.
pub(super) fn give_back(tx: &mut Tx<'_>, actor: &Actor, mut open: Open, by: By, edits: &[ParamEdit]) -> Result<()> {
    let mut status = next(open.request.kind, open.request.status, Verb::Pend, by, &open.abilities)?;
    if matches!(by, By::Buyer | By::Customer) {
        status = save::due(open.request.planned_date, tx.at());
    }
    let request = &mut open.request;
    let changes = apply_edits(&mut request.snapshot.0.params, edits, |p| match by {
        By::Vendor | By::System => May::Judge,
        By::Buyer if p.is_ordering() => May::Write,
        By::Customer if p.is_ordering() && !p.definition.constraints.hidden => May::Write,
        By::Buyer | By::Customer => May::Pass,
    })?;
    save::must_be_unique(
        tx,
        actor,
        &request.refs.product_id,
        &request.snapshot.0.params,
        edits,
        Some(&request.asset_id),
    )?;
    if matches!(by, By::Buyer | By::Customer) {
        let params = &request.snapshot.0.params;
        let hidden = |p: &model::Param| by == By::Customer && p.flags(params).hidden;
        let gaps = missing(params, |p| p.is_ordering() && !hidden(p));
        let mut problems = Problems::default();
        for gap in gaps {
            problems.add(
                &format!("asset.params.{}.value", gap.name()),
                Text::new("{name} is required. Fill it in.").arg("name", gap.title()),
            );
        }
        problems.done()?;
        request.answered = true;
    } else {
        for param in &mut request.snapshot.0.params {
            param.error = None;
            param.structured_error = None;
        }
    }
    if by == By::Vendor {
        save::take_if_free(tx, actor, request)?;
    }
    let template = save::template_of(&open.definition, TemplateKind::Pending).map(|t| t.id.clone());
    let request = &mut open.request;
    request.refs.template_id = template.or(request.refs.template_id.take());
    request.message.clear();
    save::moved(tx, actor, request, status)?;
    store::save_request(tx, request)?;
    save::note_changes(tx, actor, request, &changes, Text::new("Parameters were corrected"))?;
    let text = match by {
        By::Customer => Text::new("The customer sent the form"),
        By::Buyer => Text::new("The request was sent back to the vendor"),
        By::Vendor | By::System => Text::new("The request was set to pending"),
    };
    journal::record(tx, actor, Entry::new(REQUEST, &request.id, "request.pended", text))?;
    save::sync_purchase(tx, request)?;
    if let (RequestStatus::Scheduled, Some(planned)) = (status, request.planned_date) {
        jobs::wake_at(tx, &request.id, planned)?;
    }
    crate::crash::point("orders.pend.before-commit");
    Ok(())
}

/// Puts a request off to a day to come.
pub fn schedule(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>, planned: Time) -> Result<RequestView> {
    let mut open = open(tx, actor, id, revision)?;
    let status = open.next(actor, Verb::Schedule)?;
    if planned <= tx.at() {
        let text = Text::new("{when:time} is not in the future. Choose a later date.").moment("when", planned.0);
        return Err(Refusal::field("planned_date", text).into());
    }
    let request = &mut open.request;
    request.planned_date = Some(planned);
    save::take_if_free(tx, actor, request)?;
    save::moved(tx, actor, request, status)?;
    store::save_request(tx, request)?;
    let text = Text::new("The request was scheduled for {when:time}").moment("when", planned.0);
    journal::record(tx, actor, Entry::new(REQUEST, &request.id, "request.scheduled", text))?;
    jobs::wake_at(tx, &request.id, planned)?;
    store::load_request(tx, actor, id, false)
}

/// Takes up a scheduled request whose day has come. Nothing happens if it is no longer scheduled.
pub fn wake(tx: &mut Tx<'_>, id: &RequestId) -> Result<()> {
    let Some(around) = store::around(tx, id)? else { return Ok(()) };
    let actor = Actor::system(around.vendor_id, around.vendor_name, Role::Vendor);
    let mut open = open(tx, &actor, id.as_str(), None)?;
    let due = open.request.planned_date.is_some_and(|planned| planned <= tx.at());
    if open.request.status != RequestStatus::Scheduled || !due {
        return Ok(());
    }
    let status = open.next(&actor, Verb::Wake)?;
    save::moved(tx, &actor, &mut open.request, status)?;
    store::save_request(tx, &open.request)?;
    journal::record(tx, &actor, Entry::new(REQUEST, id, "request.pended", Text::new("The planned day has come")))?;
    Ok(())
}

/// The buyer wants a scheduled request back.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>, reason: &str) -> Result<RequestView> {
    let mut open = open(tx, actor, id, revision)?;
    let status = open.next(actor, Verb::Revoke)?;
    let mut problems = Problems::default();
    let reason = problems.text("reason", reason, MAX_NOTE);
    problems.done()?;
    let request = &mut open.request;
    let reason = Text::data(reason);
    let text = Text::new("The request is wanted back: {reason:text}").part("reason", &reason);
    request.reason = Some(Doc(reason));
    save::moved(tx, actor, request, status)?;
    store::save_request(tx, request)?;
    journal::record(tx, actor, Entry::new(REQUEST, &request.id, "request.revoking", text))?;
    store::load_request(tx, actor, id, false)
}

/// The vendor lets a request be taken back.
pub fn confirm(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<RequestView> {
    let mut open = open(tx, actor, id, revision)?;
    let status = open.next(actor, Verb::Confirm)?;
    save::take_if_free(tx, actor, &mut open.request)?;
    end(tx, actor, &mut open.request, status, "request.revoked", Text::new("The request was revoked"))?;
    store::load_request(tx, actor, id, false)
}

/// Fails a request that the product does not support, right after it was made.
pub(super) fn fail_by_itself(tx: &mut Tx<'_>, asset: &AssetView, id: &RequestId, reason: Text) -> Result<()> {
    let actor = Actor::system(asset.refs.provider_id.clone(), asset.refs.provider_name.clone(), Role::Distributor);
    let mut open = open(tx, &actor, id.as_str(), None)?;
    let status = open.next(&actor, Verb::Fail)?;
    failed(tx, &actor, &mut open.request, status, reason)
}

/// Approves a request for which the product asks nobody.
pub(super) fn approve_by_itself(tx: &mut Tx<'_>, asset: &AssetView, id: &RequestId) -> Result<()> {
    let actor = Actor::system(asset.refs.provider_id.clone(), asset.refs.provider_name.clone(), Role::Distributor);
    approve(tx, &actor, id.as_str(), None, &Activation::default()).map(drop)
}

/// Whether a reader on a side may write or judge parameters of a request in its state.
pub(super) fn may_edit(request: &RequestView) -> Option<May> {
    match (request.side, request.status) {
        (Side::Vendor, status) if !status.is_final() && status != RequestStatus::Draft => Some(May::Judge),
        (Side::Distributor | Side::Reseller, RequestStatus::Draft) => Some(May::Write),
        _ => None,
    }
}
