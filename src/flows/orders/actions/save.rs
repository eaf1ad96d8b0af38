//! What several actions on requests share: checks, saving, telling.

use super::order::Order;
use crate::db::{self, party};
use crate::db::{Error, Result, Tx};
use crate::flows::orders::jobs;
use crate::flows::orders::model::{
    self, Abilities, AssetState, Assignee, By, MASK, Param, ParamChange, ParamEdit, RequestKind, RequestStatus,
    asset_after, marked, missing,
};
use crate::flows::orders::store::{self, ASSET, AssetChange, REQUEST, RequestView};
use crate::flows::products::actions::Definition;
use crate::flows::products::model::{Scope, Template, TemplateKind};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{Actor, AssetId, FieldProblem, ProductId, Refusal, RequestId, Side, Text, Time};

/// The first template of a product for subscriptions that is shown at this point.
pub(super) fn template_of(definition: &Definition, kind: TemplateKind) -> Option<&Template> {
    definition.templates.iter().find(|t| t.scope == Scope::Asset && t.kind == Some(kind))
}

/// Whether an order may start as it wants: as a draft, or on a day to come.
pub(super) fn may_start(order: &Order, abilities: &Abilities, kind: RequestKind) -> Result<()> {
    if order.draft && !abilities.draft {
        let text = Text::new(
            "The product has no drafts for requests of the type {kind:word}. Leave `status` out to send the request at once.",
        );
        return Err(Refusal::field("status", text.arg("kind", kind)).into());
    }
    if order.planned_date.is_some() && !abilities.schedule {
        let text =
            Text::new("The product does not schedule requests of the type {kind:word}. Leave `planned_date` out.");
        return Err(Refusal::field("planned_date", text.arg("kind", kind)).into());
    }
    let attributes = order.external_attributes.as_ref().map_or(0, |a| a.to_string().len());
    if attributes > model::MAX_ATTRIBUTES {
        let text = Text::new("The attributes are {count} bytes long; at most {max} are kept. Shorten them.");
        return Err(Refusal::field(
            "external_attributes",
            text.arg("count", attributes).arg("max", model::MAX_ATTRIBUTES),
        )
        .into());
    }
    Ok(())
}

/// Refuses values that another subscription of the product has in a parameter that must be unique. Called again when a
/// request is approved: until then the subscription does not have what the request asks for.
pub(super) fn must_be_unique(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &ProductId,
    params: &[Param],
    edits: &[ParamEdit],
    own: Option<&AssetId>,
) -> Result<()> {
    let unique = params.iter().filter(|p| p.definition.constraints.unique);
    let mut given: Vec<(&Param, &str)> =
        unique.filter_map(|p| Some((p, p.answer.value.as_deref().filter(|v| !v.is_empty() && *v != MASK)?))).collect();
    // Of two that take the same value at once, the second must see the first; all lock in the same order.
    given.sort_unstable_by_key(|(param, _)| param.name());
    for (param, value) in given {
        db::lock_name(tx, &format!("unique parameter\n{product}\n{}\n{value}", param.name()))?;
        if store::unique_in_use(tx, actor, product, param.name(), value, own)? {
            let shown = param.plain_for_all();
            let text = Text::new(
                "{value} is used by another subscription of this product, and {name} must differ in each. Choose another value.",
            );
            let path = edits.iter().find(|e| e.name == param.name()).map(|e| e.path.clone());
            let path = path.unwrap_or_else(|| format!("asset.params.{}", param.name()));
            return Err(
                Refusal::field(&format!("{path}.value"), text.arg("value", shown).arg("name", param.title())).into()
            );
        }
    }
    Ok(())
}

/// 409: the UUID belongs to a subscription that is not over. Names it if the actor may see it.
pub(super) fn uid_conflict(tx: &mut Tx<'_>, actor: &Actor, uid: &str, taken: &AssetId) -> Result<Error> {
    let text = Text::new(
        "external_uid {uid} belongs to the subscription {asset} already. Go on with that one, or send another external_uid.",
    );
    let mut refusal = Refusal::conflict(text.arg("uid", uid).arg("asset", taken)).with("asset_id", taken);
    if let Ok(asset) = store::load_asset(tx, actor, taken.as_str(), false) {
        refusal = refusal.with("asset_status", asset.status);
    }
    if let Some(id) = store::of_asset(tx, actor, taken, 1)?.pop() {
        let request = store::load_request(tx, actor, &id, false)?;
        refusal =
            refusal.with("request_id", &request.id).with("id", &request.id).with("request_status", request.status);
    }
    Ok(refusal.into())
}

/// 409: the subscription has an open request. Names it if the actor may see it.
pub(super) fn open_conflict(asset: &store::AssetView) -> Error {
    let refusal = match asset.pending() {
        Some(open) => Refusal::conflict(
            Text::new("The subscription {asset} has an open request: {request}, {kind:word}, {status:word}. Wait until it is done.")
                .arg("asset", &asset.id)
                .arg("request", &open.id)
                .arg("kind", open.kind)
                .arg("status", open.status.title()),
        )
        .with("request_id", &open.id)
        .with("id", &open.id)
        .with("request_status", open.status),
        None => Refusal::conflict(Text::new("The subscription {asset} has an open request. Wait until it is done.").arg("asset", &asset.id)),
    };
    refusal.with("asset_id", &asset.id).with("asset_status", asset.status).into()
}

/// Notes who acts on a request nobody was assigned to.
pub(super) fn take_if_free(tx: &mut Tx<'_>, actor: &Actor, request: &mut RequestView) -> Result<()> {
    if request.assignee.is_none()
        && request.side == Side::Vendor
        && let Some(by) = actor.by()
    {
        let email = match actor.user() {
            Some(user) => store::agents(tx, actor)?
                .into_iter()
                .find(|a| a.id == user.as_str())
                .map(|a| a.email)
                .unwrap_or_default(),
            None => String::new(),
        };
        request.assignee = Some(crate::kit::column::Doc(Assignee { id: by.id, name: by.name, email }));
    }
    Ok(())
}

/// Notes that a request came into a state: when and by whom, in it and in its party rows.
pub(super) fn moved(tx: &mut Tx<'_>, actor: &Actor, request: &mut RequestView, status: RequestStatus) -> Result<()> {
    request.status = status;
    let at = tx.at();
    for name in [status.as_str(), "updated"] {
        request.events.0.stamp(name, at, actor.by());
    }
    if status != RequestStatus::Inquiring {
        // The link of the customer's form works while something is asked.
        request.form_nonce = None;
    }
    party::moved(tx, REQUEST, request.id.as_str(), status.as_str(), model::turn(status, request.side))
}

/// Brings the subscription to where its request has led it.
pub(super) fn follow(tx: &mut Tx<'_>, actor: &Actor, request: &RequestView, state: Option<AssetState>) -> Result<()> {
    let before = request.asset_status;
    let after = asset_after(request.kind, before, request.snapshot.0.before, request.status);
    let mut events = request.asset_events.0.clone();
    let at = tx.at();
    if after != before {
        events.stamp(after.as_str(), at, actor.by());
    }
    events.stamp("updated", at, actor.by());
    let open = (!request.status.is_final()).then_some(&request.id);
    let approved = request.status == RequestStatus::Approved;
    let change = AssetChange {
        id: &request.asset_id,
        product: &request.refs.product_id,
        status: after,
        open,
        template: request.refs.template_id.as_ref().filter(|_| approved),
        state: state.as_ref(),
        events: &events,
    };
    store::save_asset(tx, &change)?;
    if after != before {
        party::moved(tx, ASSET, request.asset_id.as_str(), after.as_str(), None)?;
        let text = Text::new("The subscription went from {before:word} to {after:word}")
            .arg("before", before.title())
            .arg("after", after.title());
        journal::record(tx, actor, Entry::new(ASSET, &request.asset_id, verb_of(after), text))?;
    }
    Ok(())
}

fn verb_of(status: model::AssetStatus) -> &'static str {
    match status {
        model::AssetStatus::Draft | model::AssetStatus::Processing => "asset.processing",
        model::AssetStatus::Active => "asset.activated",
        model::AssetStatus::Suspended => "asset.suspended",
        model::AssetStatus::Terminating => "asset.terminating",
        model::AssetStatus::Terminated => "asset.terminated",
    }
}

/// Where a request goes that is ready for the vendor: to them at once, or first to its day.
pub(super) fn due(planned: Option<Time>, now: Time) -> RequestStatus {
    if planned.is_some_and(|day| day > now) { RequestStatus::Scheduled } else { RequestStatus::Pending }
}

/// What follows when a request comes to the vendor or to the customer for the first time: telling, asking back, waiting.
pub(super) fn started(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &RequestId,
    params: &[Param],
    status: RequestStatus,
    planned: Option<Time>,
) -> Result<()> {
    match (status, planned) {
        (RequestStatus::Scheduled, Some(planned)) => jobs::wake_at(tx, id, planned),
        (RequestStatus::Inquiring, _) => {
            let names: Vec<&str> = missing(params, Param::is_ordering).iter().map(|p| p.title()).collect();
            let text = Text::new("The customer is asked for what is missing: {names}").arg("names", names.join(", "));
            journal::record(tx, actor, Entry::new(REQUEST, id, "request.inquired", text))?;
            jobs::notify_inquiry(tx, id)
        }
        _ => Ok(()),
    }
}

/// Notes what changed about parameters. What only the vendor and the distributor may see is a note of its own.
pub(super) fn note_changes(
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: &RequestView,
    changes: &[ParamChange],
    text: Text,
) -> Result<()> {
    let params = &request.snapshot.0.params;
    let find = |name: &str| params.iter().find(|p| p.name() == name);
    let value = |c: &ParamChange| {
        let param = find(&c.name)?;
        let before = c.before.clone()?;
        if param.is_secret() {
            Some(Change::secret(param.title()))
        } else {
            Change::of(param.title(), before, param.plain_for_all())
        }
    };
    let inside = |c: &&ParamChange| find(&c.name).is_some_and(|p| !p.is_visible_to(Side::Reseller));
    let (inner, open): (Vec<&ParamChange>, Vec<&ParamChange>) = changes.iter().partition(inside);
    for (group, audience) in [(open, Audience::All), (inner, Audience::Sides(&[Side::Vendor, Side::Distributor]))] {
        let values: Vec<Change> = group.iter().filter_map(|c| value(c)).collect();
        if !values.is_empty() {
            let entry = Entry::new(REQUEST, &request.id, "request.params_changed", text.clone())
                .changes(values)
                .audience(audience.clone());
            journal::record(tx, actor, entry)?;
        }
        for change in group {
            let Some(error) = &change.marked else { continue };
            let title = find(&change.name).map_or(change.name.as_str(), Param::title);
            let text = if error.is_empty() {
                Text::new("The mark on {name} was taken away").arg("name", title)
            } else {
                Text::new("{name} was marked as wrong: {error}").arg("name", title).arg("error", error)
            };
            journal::record(
                tx,
                actor,
                Entry::new(REQUEST, &request.id, "request.param_marked", text).audience(audience.clone()),
            )?;
        }
    }
    Ok(())
}

/// Refuses while something stands against approving.
pub(super) fn may_approve(request: &RequestView) -> Result<()> {
    if !matches!(request.kind, RequestKind::Purchase | RequestKind::Change | RequestKind::Adjustment) {
        return Ok(());
    }
    let params = &request.snapshot.0.params;
    let mut problems: Vec<FieldProblem> = missing(params, Param::is_fulfillment)
        .into_iter()
        .map(|p| FieldProblem {
            field: format!("asset.params.{}.value", p.name()),
            text: Text::new("The fulfillment parameter {name} is required. Fill it in before you approve.")
                .arg("name", p.title()),
        })
        .collect();
    problems.extend(marked(params).map(|p| FieldProblem {
        field: format!("asset.params.{}.value_error", p.name()),
        text:
            Text::new("{name} is marked as wrong. Ask for a correction, or take the mark away.").arg("name", p.title()),
    }));
    if problems.is_empty() { Ok(()) } else { Err(Refusal::fields(problems).into()) }
}

/// The part that the actor plays for a request.
pub(super) fn by(actor: &Actor, request: &RequestView) -> By {
    if matches!(actor, Actor::System { .. }) { By::System } else { By::side(request.side) }
}

/// While a purchase is open, the subscription shows what it asks for.
pub(super) fn sync_purchase(tx: &mut Tx<'_>, request: &RequestView) -> Result<()> {
    if request.kind != RequestKind::Purchase || request.status.is_final() {
        return Ok(());
    }
    let snapshot = &request.snapshot.0;
    let state = AssetState { items: snapshot.items.clone(), params: snapshot.params.clone() };
    store::set_state(tx, &request.asset_id, &request.refs.product_id, &state)
}
