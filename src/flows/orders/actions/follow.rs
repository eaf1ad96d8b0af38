//! Requests for a subscription that exists: changes, suspensions, resumptions, cancellations, adjustments.

use super::decide;
use super::order::Order;
use super::save;
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::flows::contracts;
use crate::flows::contracts::model::ContractStatus;
use crate::flows::customers::actions as customers;
use crate::flows::orders::model::{
    self, Abilities, Line, May, RequestKind, RequestStatus, Snapshot, Tiers, apply_edits, asset_at_creation,
    changed_lines, missing,
};
use crate::flows::orders::store::{self, ASSET, AssetChange, AssetView, NewRequest, REQUEST};
use crate::flows::products::actions::{self as products, Definition};
use crate::flows::products::model::{Offline, TemplateKind};
use crate::journal::{self, Change, Entry};
use crate::kit::{Actor, Events, Quantity, Refusal, RequestId, Role, Secret, Side, TemplateId, Text};

/// The subscription that an order is for, locked; refuses if a request for it is open.
fn subscription(tx: &mut Tx<'_>, actor: &Actor, order: &Order) -> Result<AssetView> {
    let Some(id) = &order.asset else {
        return Err(Refusal::field(
            "asset.id",
            Text::new("This field is required: name the subscription that the request is for."),
        )
        .into());
    };
    let asset = store::load_asset(tx, actor, id, true)?;
    if asset.has_open_request() { Err(save::open_conflict(&asset)) } else { Ok(asset) }
}

fn definition(tx: &mut Tx<'_>, asset: &AssetView) -> Result<Definition> {
    let id = &asset.refs.product_id;
    products::definition(tx, id)?.ok_or_else(|| Refusal::not_found("product", id).into())
}

fn tiers(tx: &mut Tx<'_>, asset: &AssetView) -> Result<Tiers> {
    let ids: Vec<&str> = asset.tier_ids().collect();
    let mut found = customers::snapshots(tx, &ids)?;
    let mut take = |id: Option<&String>| id.and_then(|id| found.remove(id));
    let (tier1, tier2) = (take(asset.tier1_id.as_ref()), take(asset.tier2_id.as_ref()));
    let customer = take(Some(&asset.customer_id)).ok_or_else(|| Refusal::not_found("customer", &asset.customer_id))?;
    Ok(Tiers { customer, tier1, tier2 })
}

/// A change, suspension, resumption or cancellation by the buyer.
pub(super) fn follow_up(tx: &mut Tx<'_>, actor: &Actor, order: &Order) -> Result<RequestId> {
    let asset = subscription(tx, actor, order)?;
    if asset.side == Side::Vendor {
        let text = Text::new(
            "Requests of the type {kind:word} come from the distributor or the reseller. A vendor may send an adjustment.",
        );
        return Err(Refusal::forbidden(text.arg("kind", order.kind)).into());
    }
    asset_at_creation(order.kind, Some(asset.status), order.draft)?;
    let definition = definition(tx, &asset)?;
    let abilities = model::abilities(order.kind, &definition.capabilities);
    save::may_start(order, &abilities, order.kind)?;
    if matches!(order.kind, RequestKind::Change | RequestKind::Resume) {
        let id = &asset.refs.contract_id;
        let contract = contracts::actions::briefs(tx, std::slice::from_ref(id))?.remove(id);
        if contract.is_none_or(|c| c.status != ContractStatus::Active) {
            let text =
                Text::new("The distribution contract {contract} is not active any more. Only cancelling is possible.");
            return Err(Refusal::state(text.arg("contract", id)).into());
        }
    }
    let mut params = asset.doc.0.params.clone();
    let mut items: Vec<Line> = asset.doc.0.items.iter().map(|l| Line { old: l.quantity, ..l.clone() }).collect();
    match order.kind {
        RequestKind::Change => {
            items = changed_lines(&asset.doc.0.items, &order.items, &definition.items)?;
            let may = if abilities.edit_ordering { May::Write } else { May::Read };
            let changes = apply_edits(&mut params, &order.params, |p| if p.is_ordering() { may } else { May::Pass })?;
            save::must_be_unique(tx, actor, &asset.refs.product_id, &params, &order.params, Some(&asset.id))?;
            if changes.is_empty() && !items.iter().any(Line::is_changed) {
                let text = Text::new(
                    "The item quantities (limits) are unchanged and no parameter differs. Change at least one.",
                );
                return Err(Refusal::field("asset.items", text).into());
            }
        }
        RequestKind::Cancel => items.iter_mut().for_each(|line| line.quantity = Quantity::ZERO),
        _ => {}
    }
    let snapshot = Snapshot { items, params, tiers: tiers(tx, &asset)?, before: asset.status };
    let is_missing = order.kind == RequestKind::Change
        && abilities.inquire
        && !missing(&snapshot.params, model::Param::is_ordering).is_empty();
    let status = match (order.draft, is_missing) {
        (true, _) => RequestStatus::Draft,
        (false, true) => RequestStatus::Inquiring,
        (false, false) => save::due(order.planned_date, tx.at()),
    };
    let id = write(tx, actor, order, &asset, &definition, &snapshot, status, None)?;
    if !abilities.supported {
        let reason =
            Text::new("The product does not support requests of the type {kind:word}.").arg("kind", order.kind);
        decide::fail_by_itself(tx, &asset, &id, reason)?;
    } else if abilities.offline == Offline::Auto && status == RequestStatus::Pending {
        decide::approve_by_itself(tx, &asset, &id)?;
    }
    Ok(id)
}

/// The vendor's own correction of parameters or of the activation text.
pub(super) fn adjustment(tx: &mut Tx<'_>, actor: &Actor, order: &Order) -> Result<RequestId> {
    let asset = subscription(tx, actor, order)?;
    if asset.side != Side::Vendor {
        let text = Text::new("Only the vendor can adjust a subscription. Send a change instead.");
        return Err(Refusal::forbidden(text).into());
    }
    asset_at_creation(RequestKind::Adjustment, Some(asset.status), order.draft)?;
    let definition = definition(tx, &asset)?;
    let abilities: Abilities = model::abilities(RequestKind::Adjustment, &definition.capabilities);
    save::may_start(order, &abilities, RequestKind::Adjustment)?;
    let mut params = asset.doc.0.params.clone();
    let changes = apply_edits(&mut params, &order.params, |_| May::Write)?;
    save::must_be_unique(tx, actor, &asset.refs.product_id, &params, &order.params, Some(&asset.id))?;
    let template = match &order.template {
        Some(id) => Some(decide::fulfillment_template(&definition, id, "template.id")?.id.clone()),
        None => None,
    };
    if changes.is_empty() && template.is_none() {
        let text = Text::new("The adjustment changes nothing. Send a parameter with another value, or a template.");
        return Err(Refusal::field("asset.params", text).into());
    }
    let items = asset.doc.0.items.iter().map(|l| Line { old: l.quantity, ..l.clone() }).collect();
    let snapshot = Snapshot { items, params, tiers: tiers(tx, &asset)?, before: asset.status };
    write(tx, actor, order, &asset, &definition, &snapshot, RequestStatus::Pending, template.as_ref())
}

#[expect(clippy::too_many_arguments, reason = "the parts of one row, each of another kind")]
fn write(
    tx: &mut Tx<'_>,
    actor: &Actor,
    order: &Order,
    asset: &AssetView,
    definition: &Definition,
    snapshot: &Snapshot,
    status: RequestStatus,
    template: Option<&TemplateId>,
) -> Result<RequestId> {
    let events = Events::created(tx.at(), actor.by());
    let inquire =
        if status == RequestStatus::Inquiring { save::template_of(definition, TemplateKind::Inquire) } else { None };
    let nonce = (status == RequestStatus::Inquiring).then(Secret::nonce);
    let previous = store::last_approved(tx, actor, &asset.id)?;
    let new = NewRequest {
        asset: &asset.id,
        kind: order.kind,
        status,
        product: &asset.refs.product_id,
        marketplace: &asset.refs.marketplace_id,
        contract: &asset.refs.contract_id,
        connection: &asset.refs.connection_id,
        vendor: &asset.refs.vendor_id,
        provider: &asset.refs.provider_id,
        environment: asset.refs.environment,
        customer: &snapshot.tiers.customer.id,
        template: template.or_else(|| inquire.map(|t| &t.id)).or(asset.refs.template_id.as_ref()),
        note: "",
        message: inquire.map_or("", |t| t.body.as_str()),
        form_nonce: nonce.as_deref(),
        planned_date: order.planned_date,
        previous: previous.as_ref().map(|p| p.as_str()),
        snapshot,
        external_attributes: order.external_attributes.as_ref(),
    };
    let written = tx.savepoint(|tx| store::insert_request(tx, &new, &events));
    let id = match written {
        // The subscription is locked, so this cannot be; the index has the last word all the same.
        Err(e) if e.is_unique_violation() => return Err(save::open_conflict(asset)),
        other => other?,
    };
    // A draft changes nothing about the subscription yet.
    let after = if status == RequestStatus::Draft {
        asset.status
    } else {
        asset_at_creation(order.kind, Some(asset.status), false)?
    };
    let mut asset_events = asset.events.0.clone();
    asset_events.stamp("updated", tx.at(), actor.by());
    let change = AssetChange {
        id: &asset.id,
        product: &asset.refs.product_id,
        status: after,
        open: Some(&id),
        template: None,
        state: None,
        events: &asset_events,
    };
    store::save_asset(tx, &change)?;
    let parties: Vec<Party> = db::party::all(tx, ASSET, asset.id.as_str())?
        .into_iter()
        .filter(|(_, side)| status != RequestStatus::Draft || *side != Side::Vendor)
        .map(|(account, side)| Party { account, side, position: i32::from(side == Side::Reseller) })
        .collect();
    let maker = actor.company()?.role;
    party::put(tx, REQUEST, id.as_str(), status.as_str(), model::turn(status, maker.side()), &parties)?;
    tell(tx, actor, &id, asset, snapshot, order, status)?;
    if after != asset.status {
        party::moved(tx, ASSET, asset.id.as_str(), after.as_str(), None)?;
        let text = Text::new("The subscription went from {before:word} to {after:word}")
            .arg("before", asset.status.title())
            .arg("after", after.title());
        journal::record(tx, actor, Entry::new(ASSET, &asset.id, "asset.terminating", text))?;
    }
    Ok(id)
}

/// How a line's quantity changes: a number, or the word for no limit.
fn quantity(line: &Line) -> Option<Change> {
    let change = if [line.old, line.quantity].contains(&Quantity::Unlimited) { Change::word } else { Change::of };
    change(&line.name, line.old, line.quantity)
}

fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &RequestId,
    asset: &AssetView,
    snapshot: &Snapshot,
    order: &Order,
    status: RequestStatus,
) -> Result<()> {
    let (kind, planned) = (order.kind, order.planned_date);
    let by_vendor = actor.company()?.role == Role::Vendor;
    let words = match (kind, status) {
        (_, RequestStatus::Draft) => Text::new("A draft of the request was made: {kind:word}"),
        _ if by_vendor => Text::new("An adjustment was made"),
        _ => Text::new("{kind:word} was asked for"),
    };
    let quantities = snapshot.items.iter().filter(|l| l.is_changed()).filter_map(quantity);
    let verb = if status == RequestStatus::Draft { "request.drafted" } else { "request.created" };
    let entry = Entry::new(REQUEST, id, verb, words.clone().arg("kind", kind.title())).changes(quantities);
    journal::record(tx, actor, entry)?;
    let text = Text::new("{request}: {kind:word} was asked for").arg("request", id).arg("kind", kind.title());
    if status == RequestStatus::Draft {
        return Ok(());
    }
    journal::record(tx, actor, Entry::new(ASSET, &asset.id, "asset.requested", text))?;
    let before = &asset.doc.0.params;
    let changes: Vec<model::ParamChange> = snapshot
        .params
        .iter()
        .filter_map(|p| {
            let old = before.iter().find(|o| o.name() == p.name())?;
            (old.answer != p.answer).then(|| model::ParamChange {
                name: p.name().to_owned(),
                before: Some(old.plain_for_all()),
                marked: None,
            })
        })
        .collect();
    let request = store::load_request(tx, actor, id.as_str(), false)?;
    save::note_changes(tx, actor, &request, &changes, Text::new("Parameters are to change"))?;
    save::started(tx, actor, id, &snapshot.params, status, planned)
}
