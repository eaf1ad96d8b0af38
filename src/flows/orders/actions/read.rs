//! Reading subscriptions and requests.

use super::decide::may_edit;
use super::form::{FORM_PURPOSE, form_path};
use super::save;
use crate::db::{Result, Tx};
use crate::flows::customers::actions as customers;
use crate::flows::customers::model::TierSnapshot;
use crate::flows::orders::model::{
    self, AssetStatus, Assignee, By, Param, RequestKind, RequestStatus, Tiers, Verb, asset_at_creation, next,
    place_value,
};
use crate::flows::orders::store::{self, ASSET, AssetView, REQUEST, RequestView};
use crate::flows::products::actions::{self as products, Definition};
use crate::flows::products::model::{Capabilities, Offline, TemplateKind, plain};
use crate::journal::{self, Moment};
use crate::kit::{AccountId, Actor, AssetId, Environment, Level, Module, ProductId, Refusal, Secret, Side, Text};

/// Most entries of a timeline that a page shows.
const TIMELINE: i64 = 200;

/// A subscription with the companies of its chain.
#[derive(Debug, Clone)]
pub struct AssetShown {
    /// The subscription.
    pub view: AssetView,
    /// Its chain; each company as it is now.
    pub tiers: Tiers,
}

/// A request as its page shows it.
#[derive(Debug)]
pub struct RequestShown {
    /// The request.
    pub view: RequestView,
    /// What its product says.
    pub definition: Definition,
    /// What happened.
    pub timeline: Vec<Moment>,
    /// Who may process it; for the vendor only.
    pub agents: Vec<Assignee>,
}

/// A subscription as its page shows it.
#[derive(Debug)]
pub struct SubscriptionShown {
    /// The subscription and its chain.
    pub asset: AssetShown,
    /// What its product says.
    pub definition: Definition,
    /// Its requests, newest first.
    pub requests: Vec<RequestView>,
    /// What happened to it and to its requests.
    pub timeline: Vec<Moment>,
    /// What the customer reads, as Markdown.
    pub text: String,
}

/// What may be done now, or why not.
#[derive(Debug, Clone)]
pub struct Possible {
    /// What.
    pub verb: &'static str,
    /// Why not; none if it is possible.
    pub against: Option<Refusal>,
}

/// One request.
pub fn request(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<RequestView> {
    actor.need(Module::Subscriptions, Level::Read)?;
    store::load_request(tx, actor, id, false)
}

/// One request with its timeline, for its page.
pub fn request_shown(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<RequestShown> {
    let view = request(tx, actor, id)?;
    let product = &view.refs.product_id;
    let definition = products::definition(tx, product)?.ok_or_else(|| Refusal::not_found("product", product))?;
    let timeline = journal::of_object(tx, REQUEST, id, actor.account()?, view.side, TIMELINE)?;
    let agents = if view.side == Side::Vendor { store::agents(tx, actor)? } else { vec![] };
    Ok(RequestShown { view, definition, timeline, agents })
}

/// The requests of a list's page, in its order: one statement.
pub fn requests(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<RequestView>> {
    actor.need(Module::Subscriptions, Level::Read)?;
    store::request_views(tx, actor, ids)
}

/// How many requests there are in each state, for the tabs of the queue: one statement.
pub fn request_counts(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<store::Count>> {
    actor.need(Module::Subscriptions, Level::Read)?;
    store::request_counts(tx, actor)
}

/// The requests of a subscription, newest first.
pub fn requests_of(tx: &mut Tx<'_>, actor: &Actor, asset: &AssetId, limit: i64) -> Result<Vec<RequestView>> {
    let ids = store::of_asset(tx, actor, asset, limit)?;
    store::request_views(tx, actor, &ids)
}

/// The subscriptions of a list's page, in its order: two statements.
pub fn assets(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<AssetShown>> {
    actor.need(Module::Subscriptions, Level::Read)?;
    let views = store::asset_views(tx, actor, ids)?;
    let mut tier_ids: Vec<&str> = views.iter().flat_map(AssetView::tier_ids).collect();
    tier_ids.sort_unstable();
    tier_ids.dedup();
    let tiers = customers::snapshots(tx, &tier_ids)?;
    let find = |id: Option<&String>| -> Option<TierSnapshot> { id.and_then(|id| tiers.get(id)).cloned() };
    let shown = views.iter().filter_map(|view| {
        let tiers = Tiers {
            customer: find(Some(&view.customer_id))?,
            tier1: find(view.tier1_id.as_ref()),
            tier2: find(view.tier2_id.as_ref()),
        };
        Some(AssetShown { view: view.clone(), tiers })
    });
    Ok(shown.collect())
}

/// The newest subscriptions in whose chain a company stands, and the newest requests for them. Nothing for those who may
/// not read subscriptions.
pub fn of_company(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: &str,
    limit: i64,
) -> Result<(Vec<AssetShown>, Vec<RequestView>)> {
    if actor.need(Module::Subscriptions, Level::Read).is_err() {
        return Ok((vec![], vec![]));
    }
    let subscriptions = store::assets_of_company(tx, actor, company, limit)?;
    let orders = store::requests_of_company(tx, actor, company, limit)?;
    Ok((assets(tx, actor, &subscriptions)?, store::request_views(tx, actor, &orders)?))
}

/// One subscription.
pub fn asset(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<AssetShown> {
    let found = assets(tx, actor, &[id.to_owned()])?.pop();
    found.ok_or_else(|| Refusal::not_found("subscription", id).into())
}

/// A subscription's timeline for the reader, newest first.
pub fn asset_timeline(tx: &mut Tx<'_>, actor: &Actor, asset: &AssetShown) -> Result<Vec<Moment>> {
    journal::of_object(tx, ASSET, asset.view.id.as_str(), actor.account()?, asset.view.side, TIMELINE)
}

/// How many requests of a subscription its page shows.
pub const SHOWN_REQUESTS: i64 = 25;

/// One subscription with its requests and the timeline of all of them, for its page. `link` makes the address of a
/// request's form.
pub fn subscription_shown(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    link: impl Fn(&RequestView) -> Option<String>,
) -> Result<SubscriptionShown> {
    let shown = asset(tx, actor, id)?;
    let product = &shown.view.refs.product_id;
    let definition = products::definition(tx, product)?.ok_or_else(|| Refusal::not_found("product", product))?;
    let requests = requests_of(tx, actor, &shown.view.id, SHOWN_REQUESTS)?;
    let mut objects = vec![shown.view.id.as_str()];
    objects.extend(requests.iter().map(|r| r.id.as_str()));
    let (reader, side) = (actor.account()?, shown.view.side);
    let timeline = journal::of_objects(tx, &[ASSET, REQUEST], &objects, reader, side, TIMELINE)?;
    let text = activation_text(tx, actor, &shown, link)?;
    Ok(SubscriptionShown { asset: shown, definition, requests, timeline, text })
}

/// What other flows mention of a subscription.
#[derive(Debug, Clone)]
pub struct AssetBrief {
    /// The id.
    pub id: AssetId,
    /// Where it stands.
    pub status: AssetStatus,
    /// The product.
    pub product: ProductId,
    /// The vendor.
    pub vendor: AccountId,
    /// The distributor.
    pub provider: AccountId,
    /// What it is for.
    pub environment: Environment,
    /// The number in the ordering system.
    pub external_id: Option<String>,
    /// The UUID there.
    pub external_uid: Option<String>,
}

/// A subscription as the flows above mention it, if the actor may see it.
pub fn asset_brief(tx: &mut Tx<'_>, actor: &Actor, id: &AssetId) -> Result<Option<AssetBrief>> {
    let found = store::asset_views(tx, actor, &[id.to_string()])?.pop();
    Ok(found.map(|v| AssetBrief {
        id: v.id,
        status: v.status,
        product: v.refs.product_id,
        vendor: v.refs.vendor_id,
        provider: v.refs.provider_id,
        environment: v.refs.environment,
        external_id: v.external_id,
        external_uid: v.external_uid,
    }))
}

/// Who may process the requests of the actor's company.
pub fn agents(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Assignee>> {
    store::agents(tx, actor)
}

/// The path of the customer's form with its secret, while something is asked.
pub fn form_link(request: &RequestView, deployment: &str) -> Option<String> {
    let nonce = request.form_nonce.as_deref().filter(|_| request.status == RequestStatus::Inquiring)?;
    let secret = Secret::derived(deployment, FORM_PURPOSE, request.id.as_str(), nonce);
    Some(format!("{}{}", form_path(&request.id), secret.reveal()))
}

/// What the customer reads about a request now, as Markdown: the pending text, the inquiry, or the activation text.
pub fn request_text(request: &RequestView, definition: &Definition, link: Option<&str>) -> String {
    let fill = |body: &str| plain(body, |name| place_value(&request.snapshot.0.params, name, link));
    match request.status {
        RequestStatus::Approved => request.activation_key.clone(),
        RequestStatus::Inquiring => fill(&request.message),
        RequestStatus::Failed | RequestStatus::Revoked => request.reason_in_english(),
        _ => save::template_of(definition, TemplateKind::Pending).map(|t| fill(&t.body)).unwrap_or_default(),
    }
}

/// One template of the request's product with the request's values.
pub fn template_text(shown: &RequestShown, template: &str, link: Option<&str>) -> Result<String> {
    let found = shown.definition.templates.iter().find(|t| t.id == *template);
    let found = found.ok_or_else(|| Refusal::not_found("template", template))?;
    Ok(plain(&found.body, |name| place_value(&shown.view.snapshot.0.params, name, link)))
}

/// A vendor's text with the values of parameters in their places, as Markdown; what has no value yet stands there by its
/// name. `form` is the address of the customer's form.
pub fn text_with(body: &str, params: &[Param], form: &str) -> String {
    plain(body, |name| {
        let value = place_value(params, name, Some(form)).filter(|value| !value.is_empty());
        value.or_else(|| Some(format!("[{name}]")))
    })
}

/// What the customer reads about a subscription now, as Markdown. `link` makes the address of a request's form.
pub fn activation_text(
    tx: &mut Tx<'_>,
    actor: &Actor,
    asset: &AssetShown,
    link: impl Fn(&RequestView) -> Option<String>,
) -> Result<String> {
    let view = &asset.view;
    if view.status == AssetStatus::Processing
        && let Some(open) = view.pending()
    {
        let request = store::load_request(tx, actor, &open.id, false)?;
        let definition = products::definition(tx, &view.refs.product_id)?;
        let link = link(&request);
        return Ok(definition.map(|d| request_text(&request, &d, link.as_deref())).unwrap_or_default());
    }
    store::last_activation(tx, actor, &view.id)
}

/// What the reader may do with a request, in the order of buttons; what is not theirs is left out.
pub fn possible(request: &RequestView, capabilities: &Capabilities) -> Vec<Possible> {
    let abilities = model::abilities(request.kind, capabilities);
    let by = By::side(request.side);
    let verbs: &[(&'static str, Verb)] = match by {
        By::Vendor => &[
            ("approve", Verb::Approve),
            ("inquire", Verb::Inquire),
            ("pend", Verb::Pend),
            ("fail", Verb::Fail),
            ("schedule", Verb::Schedule),
            ("confirm", Verb::Confirm),
        ],
        // What the product lets the buyer complete, the vendor need not be asked for.
        _ if abilities.offline == Offline::Allowed => {
            &[("approve", Verb::Approve), ("pend", Verb::Pend), ("revoke", Verb::Revoke)]
        }
        _ => &[
            ("submit", Verb::Submit { missing: false }),
            ("pend", Verb::Pend),
            ("revoke", Verb::Revoke),
            ("discard", Verb::Discard),
        ],
    };
    let mut all: Vec<Possible> = verbs
        .iter()
        .map(|(name, verb)| {
            let mut against = next(request.kind, request.status, *verb, by, &abilities).err();
            if against.is_none() && *verb == Verb::Approve {
                against = match save::may_approve(request) {
                    Err(crate::db::Error::Refused(refusal)) => Some(refusal),
                    _ => None,
                };
            }
            Possible { verb: name, against }
        })
        .collect();
    if may_edit(request).is_some() {
        all.push(Possible { verb: "edit", against: None });
    }
    all
}

/// What the reader may ask for about a subscription, and why not.
pub fn possible_requests(asset: &AssetView, capabilities: &Capabilities) -> Vec<(RequestKind, Option<Refusal>)> {
    let kinds: &[RequestKind] = match asset.side {
        Side::Vendor => &[RequestKind::Adjustment],
        _ => &[RequestKind::Change, RequestKind::Suspend, RequestKind::Resume, RequestKind::Cancel],
    };
    let against = |kind: RequestKind| {
        if asset.has_open_request() {
            return Some(Refusal::state(Text::new("A request is open. Wait until it is done.")));
        }
        if !model::abilities(kind, capabilities).supported {
            return Some(Refusal::state(Text::new("The product does not support this.")));
        }
        asset_at_creation(kind, Some(asset.status), false).err()
    };
    kinds.iter().map(|kind| (*kind, against(*kind))).collect()
}
