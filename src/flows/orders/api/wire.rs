//! Subscriptions and requests as the API writes them.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Links;
use crate::flows::customers::model::TierSnapshot;
use crate::flows::orders::actions::{AssetShown, RequestView};
use crate::flows::orders::model::{
    self, AssetStatus, Assignee, ConnectionRef, ContractRef, Line, MarketplaceRef, ProductRef, RequestKind,
    RequestStatus, TemplateRef,
};
use crate::flows::products::model::{Choice, Constraints, ParameterKind, Phase, Scope};
use crate::kit::{Events, Quantity, Side, Stamp, Time};

/// An item of a subscription.
#[derive(Debug, Serialize, ToSchema)]
pub struct Item {
    /// Its id.
    id: String,
    /// The same.
    global_id: String,
    /// The vendor's own number.
    mpn: String,
    /// Its name.
    display_name: String,
    /// How many; `unlimited` for no limit.
    #[schema(value_type = String)]
    quantity: Quantity,
    /// How many before.
    #[schema(value_type = String)]
    old_quantity: Quantity,
    /// What is counted.
    #[serde(rename = "type")]
    unit: String,
    /// `Monthly`, `Yearly`, `OneTime`, `Years_2` …
    period: String,
    /// `Reservation` or `PPU`.
    item_type: String,
    /// Parameters of the item.
    #[schema(value_type = Vec<Object>)]
    params: Vec<Value>,
}

impl From<&Line> for Item {
    fn from(line: &Line) -> Self {
        Self {
            id: line.id.to_string(),
            global_id: line.id.to_string(),
            mpn: line.mpn.clone(),
            display_name: line.name.clone(),
            quantity: line.quantity,
            old_quantity: line.old,
            unit: line.unit.clone(),
            period: line.wire_period(),
            item_type: line.wire_kind().to_owned(),
            params: vec![],
        }
    }
}

/// What a value must keep to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParamConstraints {
    #[serde(flatten)]
    base: Constraints,
    readonly: bool,
    hint: String,
    placeholder: String,
}

/// A complaint that names an entry of the product's messages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ParameterError)]
pub struct StructuredError {
    message: model::StructuredError,
}

/// A parameter of a subscription.
#[derive(Debug, Serialize, ToSchema)]
pub struct Param {
    /// The vendor's own id.
    id: String,
    /// The same.
    name: String,
    title: String,
    description: String,
    hint: String,
    placeholder: String,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    kind: ParameterKind,
    /// Who fills it.
    phase: Phase,
    /// Of what it is.
    scope: Scope,
    /// The value of types that are a text.
    value: String,
    /// The value of the other types.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    structured_value: Option<Value>,
    /// What is wrong.
    value_error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_error: Option<StructuredError>,
    value_choices: Vec<Choice>,
    constraints: ParamConstraints,
    events: Events,
}

impl Param {
    fn of(param: &model::Param, all: &[model::Param], side: Side) -> Self {
        let d = &param.definition;
        let structured = param.answer.structured.as_ref().and_then(|s| serde_json::from_str(&s.json()).ok());
        Self {
            id: d.name.clone(),
            name: d.name.clone(),
            title: d.title.clone(),
            description: d.description.clone(),
            hint: d.hint.clone(),
            placeholder: d.placeholder.clone(),
            kind: d.kind,
            phase: d.phase,
            scope: d.scope,
            value: param.value_for(side),
            structured_value: d.kind.is_structured().then(|| structured.unwrap_or_else(|| Value::Object(Map::new()))),
            value_error: param.error_in_english(),
            structured_error: param.structured_error.clone().map(|message| StructuredError { message }),
            value_choices: d.constraints.choices.clone(),
            constraints: ParamConstraints {
                base: d.constraints.clone(),
                readonly: param.flags(all).readonly,
                hint: d.hint.clone(),
                placeholder: d.placeholder.clone(),
            },
            events: d.events.clone(),
        }
    }
}

/// A company of the chain; an empty object where there is none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Tier {
    /// There is one.
    Account(Box<TierSnapshot>),
    /// There is none.
    None(Nothing),
}

/// An empty object.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tiers {
    customer: Tier,
    tier1: Tier,
    tier2: Tier,
}

impl From<&model::Tiers> for Tiers {
    fn from(tiers: &model::Tiers) -> Self {
        let tier = |t: &Option<TierSnapshot>| t.clone().map_or(Tier::None(Nothing {}), |t| Tier::Account(Box::new(t)));
        Self {
            customer: Tier::Account(Box::new(tiers.customer.clone())),
            tier1: tier(&tiers.tier1),
            tier2: tier(&tiers.tier2),
        }
    }
}

/// Values that the product's configuration gives.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Configuration {
    #[schema(value_type = Vec<Object>)]
    params: Vec<Value>,
}

/// Created and updated.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetEvents {
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<Stamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<Stamp>,
}

impl From<&Events> for AssetEvents {
    fn from(events: &Events) -> Self {
        Self { created: events.0.get("created").cloned(), updated: events.0.get("updated").cloned() }
    }
}

/// A subscription.
#[derive(Debug, Serialize, ToSchema)]
pub struct Asset {
    id: String,
    status: AssetStatus,
    external_id: Option<String>,
    external_uid: Option<String>,
    product: ProductRef,
    connection: ConnectionRef,
    events: AssetEvents,
    items: Vec<Item>,
    params: Vec<Param>,
    tiers: Tiers,
    configuration: Configuration,
    marketplace: MarketplaceRef,
    contract: ContractRef,
    /// Only if selected.
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<Option<TemplateRef>>,
    /// Only if selected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_request: Option<Option<PendingRequest>>,
}

/// The open request of a subscription.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenRequest)]
pub struct PendingRequest {
    id: String,
    #[serde(rename = "type")]
    kind: RequestKind,
    status: RequestStatus,
    template: Option<TemplateRef>,
}

/// The parameters that a side may see.
fn params(all: &[model::Param], side: Side) -> Vec<Param> {
    all.iter().filter(|p| p.is_visible_to(side)).map(|p| Param::of(p, all, side)).collect()
}

impl Asset {
    /// A subscription as it is now.
    pub fn of(shown: &AssetShown, with_template: bool, with_pending: bool) -> Self {
        let view = &shown.view;
        let state = &view.doc.0;
        let pending =
            view.pending().map(|p| PendingRequest { id: p.id, kind: p.kind, status: p.status, template: p.template });
        Self {
            id: view.id.to_string(),
            status: view.status,
            external_id: view.external_id.clone(),
            external_uid: view.external_uid.clone(),
            product: view.refs.product(),
            connection: view.refs.connection(),
            events: AssetEvents::from(&view.events.0),
            items: state.items.iter().map(Item::from).collect(),
            params: params(&state.params, view.side),
            tiers: Tiers::from(&shown.tiers.seen_by(view.side, view.position)),
            configuration: Configuration::default(),
            marketplace: view.refs.marketplace(),
            contract: view.refs.contract(),
            template: with_template.then(|| view.refs.template()),
            pending_request: with_pending.then_some(pending),
        }
    }

    /// A subscription as a request has it.
    fn in_request(view: &RequestView) -> Self {
        let snapshot = &view.snapshot.0;
        Self {
            id: view.asset_id.to_string(),
            status: view.asset_status,
            external_id: view.external_id.clone(),
            external_uid: view.external_uid.clone(),
            product: view.refs.product(),
            connection: view.refs.connection(),
            events: AssetEvents::from(&view.asset_events.0),
            items: snapshot.items.iter().map(Item::from).collect(),
            params: params(&snapshot.params, view.side),
            tiers: Tiers::from(&snapshot.tiers.seen_by(view.side, view.position)),
            configuration: Configuration::default(),
            marketplace: view.refs.marketplace(),
            contract: view.refs.contract(),
            template: None,
            pending_request: None,
        }
    }
}

/// Who processes a request; an empty text for nobody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AssigneeWire {
    /// Somebody.
    Person(Assignee),
    /// Nobody.
    Nobody(String),
}

/// A template with the text that the customer reads.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestTemplate {
    id: String,
    name: String,
    message: String,
}

/// The id of another object.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdRef {
    id: String,
}

/// Where a request stands in its service level.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Sli {
    zone: u8,
    days: i64,
}

/// A conversation about an object.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conversation {
    id: String,
    instance_id: String,
    topic: String,
}

/// A fulfillment request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Request {
    id: String,
    #[serde(rename = "type")]
    kind: RequestKind,
    status: RequestStatus,
    created: Time,
    updated: Time,
    note: String,
    reason: String,
    effective_date: Option<Time>,
    planned_date: Option<Time>,
    answered: bool,
    assignee: AssigneeWire,
    activation_key: String,
    template: Option<RequestTemplate>,
    params_form_url: String,
    previous_approved_request: Option<IdRef>,
    #[schema(value_type = Object)]
    external_attributes: Value,
    asset: Asset,
    marketplace: MarketplaceRef,
    contract: ContractRef,
    sli: Sli,
    events: Events,
}

impl Request {
    /// A request as its reader's side sees it.
    pub(crate) fn of(view: &RequestView, links: &Links) -> Self {
        let link = links.form(view);
        let message = match view.status {
            RequestStatus::Inquiring => {
                let params = &view.snapshot.0.params;
                crate::flows::products::model::plain(&view.message, |name| {
                    model::place_value(params, name, link.as_deref())
                })
            }
            _ => String::new(),
        };
        Self {
            id: view.id.to_string(),
            kind: view.kind,
            status: view.status,
            created: view.created_at,
            updated: view.updated_at,
            note: view.note.clone(),
            reason: view.reason_in_english(),
            effective_date: view.effective_date,
            planned_date: view.planned_date,
            answered: view.answered,
            assignee: match &view.assignee {
                Some(person) => AssigneeWire::Person(person.0.clone()),
                None => AssigneeWire::Nobody(String::new()),
            },
            activation_key: view.activation_key.clone(),
            template: view.refs.template().map(|t| RequestTemplate { id: t.id, name: t.name, message }),
            params_form_url: link.unwrap_or_default(),
            previous_approved_request: view.previous_id.clone().map(|id| IdRef { id }),
            external_attributes: view
                .external_attributes
                .as_ref()
                .map_or_else(|| Value::Object(Map::new()), |a| a.0.clone()),
            asset: Asset::in_request(view),
            marketplace: view.refs.marketplace(),
            contract: view.refs.contract(),
            sli: Sli::default(),
            events: view.events.0.clone(),
        }
    }
}
