//! Reading what clients send about requests.

use serde_json::Value;

use crate::flows::customers::api::details;
use crate::flows::customers::model::{Details, Kind};
use crate::flows::orders::actions::{ConnectionChoice, GivenTier, GivenTiers, Order};
use crate::flows::orders::model::{Given, GivenLine, MAX_LINES, ParamEdit, RequestKind, StructuredError};
use crate::kit::{Environment, Problems, Refusal, Text, Time};
use crate::rest::Fields;

/// Most parameters of one request.
const MAX_PARAMS: usize = 500;

/// A new request. Keys that the platform itself writes are passed over.
pub(super) fn order(fields: &Fields) -> Result<Order, Refusal> {
    let mut problems = Problems::default();
    let kind = match fields.text("type", &mut problems) {
        Some(word) => RequestKind::parse(&word).ok_or_else(|| {
            let text = Text::new("{word} is not a type of request. Use one of: {words}.");
            Refusal::field("type", text.arg("word", word).arg("words", RequestKind::WORDS.join(", ")))
        })?,
        None => {
            return Err(Refusal::field(
                "type",
                Text::new("This field is required: purchase, change, suspend, resume, cancel or adjustment."),
            ));
        }
    };
    let mut order = Order::new(kind);
    // Only a draft is the client's to choose; every other state follows from the data.
    order.draft = fields.text("status", &mut problems).is_some_and(|s| s == "draft");
    order.marketplace = reference(fields, "marketplace", &mut problems);
    order.planned_date = time(fields, "planned_date", &mut problems);
    order.external_attributes =
        fields.object("external_attributes", &mut problems).map(|f| Value::Object(f.map().clone()));
    order.template = reference(fields, "template", &mut problems).or_else(|| fields.text("template_id", &mut problems));
    let Some(asset) = fields.object("asset", &mut problems) else {
        problems.add("asset", Text::new("This field is required."));
        problems.done()?;
        return Ok(order);
    };
    // A purchase makes its subscription; clients that send whole objects send an id of their own.
    if kind != RequestKind::Purchase {
        order.asset = asset.text("id", &mut problems).filter(|id| !id.is_empty());
    }
    order.product = reference(&asset, "product", &mut problems);
    order.marketplace = order.marketplace.or_else(|| reference(&asset, "marketplace", &mut problems));
    order.external_id = asset.text("external_id", &mut problems);
    order.external_uid = asset.text("external_uid", &mut problems);
    if let Some(connection) = asset.object("connection", &mut problems) {
        let environment = connection.text("type", &mut problems).filter(|word| !word.is_empty());
        order.connection = ConnectionChoice {
            id: connection.text("id", &mut problems).filter(|id| !id.is_empty()),
            environment: environment.and_then(|word| Environment::read(&mut problems, &connection.path("type"), &word)),
            hub: reference(&connection, "hub", &mut problems),
        };
    }
    for item in asset.list("items", MAX_LINES, &mut problems).unwrap_or_default() {
        let key = ["global_id", "id", "mpn"].iter().find_map(|k| item.text(k, &mut problems).filter(|v| !v.is_empty()));
        let path = item.path("");
        match key {
            Some(key) => order.items.push(GivenLine {
                path: path.trim_end_matches('.').to_owned(),
                key,
                quantity: item.text("quantity", &mut problems),
            }),
            None => problems.add(&item.path("id"), Text::new("This field is required: name the item by id or MPN.")),
        }
    }
    order.params = params(&asset, &mut problems);
    if let Some(tiers) = asset.object("tiers", &mut problems) {
        order.tiers = GivenTiers {
            customer: tier(&tiers, "customer", Kind::Customer, &mut problems),
            tier1: tier(&tiers, "tier1", Kind::Reseller, &mut problems),
            tier2: tier(&tiers, "tier2", Kind::Reseller, &mut problems),
        };
    }
    problems.done()?;
    Ok(order)
}

fn reference(fields: &Fields, name: &str, problems: &mut Problems) -> Option<String> {
    fields.reference(name, problems).filter(|id| !id.is_empty())
}

fn tier(tiers: &Fields, name: &str, kind: Kind, problems: &mut Problems) -> Option<GivenTier> {
    let fields = tiers.object(name, problems).filter(|f| !f.map().is_empty())?;
    match fields.text("id", problems).filter(|id| !id.is_empty()) {
        Some(id) => Some(GivenTier::Id(id)),
        None => Some(GivenTier::Data(Box::new(details(&fields, Details::new(kind), problems)))),
    }
}

/// `params` of an object: what is to change about each.
pub(super) fn params(fields: &Fields, problems: &mut Problems) -> Vec<ParamEdit> {
    let mut edits = vec![];
    for param in fields.list("params", MAX_PARAMS, problems).unwrap_or_default() {
        let path = param.path("").trim_end_matches('.').to_owned();
        let Some(name) = ["id", "name"].iter().find_map(|k| param.text(k, problems).filter(|v| !v.is_empty())) else {
            problems.add(&param.path("id"), Text::new("This field is required: name the parameter."));
            continue;
        };
        let text = param.has("value").then(|| param.text("value", problems).unwrap_or_default());
        let json = param.value("structured_value").map(Value::to_string).filter(|j| j != "{}");
        let given = (text.is_some() || param.has("structured_value"))
            .then(|| Given { text: text.filter(|t| !t.is_empty() || json.is_none()), json });
        let error = param.has("value_error").then(|| param.text("value_error", problems).unwrap_or_default());
        let structured_error = param.has("structured_error").then(|| structured_error(&param, problems));
        edits.push(ParamEdit { path, name, given, error, structured_error });
    }
    edits
}

fn structured_error(param: &Fields, problems: &mut Problems) -> Option<StructuredError> {
    let message = param.object("structured_error", problems)?.object("message", problems)?;
    let mut text = |name: &str, max: usize| {
        let value = message.text(name, problems).unwrap_or_default();
        problems.optional(&message.path(name), &value, max).unwrap_or_default()
    };
    Some(StructuredError { id: text("id", 64), external_id: text("external_id", 128), value: text("value", 512) })
}

/// `asset.params` of a body.
pub(super) fn asset_params(fields: &Fields) -> Result<Vec<ParamEdit>, Refusal> {
    let mut problems = Problems::default();
    let edits = fields.object("asset", &mut problems).map(|asset| params(&asset, &mut problems)).unwrap_or_default();
    problems.done()?;
    Ok(edits)
}

/// A moment; some clients wrap their body in `data`.
pub(super) fn time(fields: &Fields, name: &str, problems: &mut Problems) -> Option<Time> {
    let text = fields.text(name, problems).filter(|t| !t.is_empty())?;
    let time = Time::parse(&text);
    problems.check(time.is_some(), &fields.path(name), || {
        Text::new("{value} is not a date and time. Write it as 2026-03-01T12:00:00+00:00.").arg("value", text)
    });
    time
}

/// The body itself, or what one client puts into `data`.
pub(super) fn unwrapped(fields: Fields) -> Fields {
    let mut problems = Problems::default();
    match fields.object("data", &mut problems) {
        Some(inner) if problems.none() => Fields::of(inner.map().clone()),
        _ => fields,
    }
}
