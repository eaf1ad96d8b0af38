//! Purchases: a new subscription with its first request.

use super::chain::chain;
use super::order::{ConnectionChoice, Order};
use super::save;
use crate::db::party::{self, Party};
use crate::db::{Result, Tx};
use crate::flows::contracts;
use crate::flows::contracts::model::ContractStatus;
use crate::flows::customers;
use crate::flows::customers::model::{Scope, TierSnapshot};
use crate::flows::listings::actions::{self as listings, ConnectionBrief};
use crate::flows::listings::model::ConnectionStatus;
use crate::flows::marketplaces;
use crate::flows::orders::model::{
    self, AssetState, MAX_EXTERNAL, May, ParamEdit, RequestKind, RequestStatus, Snapshot, Tiers, apply_edits,
    asset_at_creation, missing, ordered_lines,
};
use crate::flows::orders::store::{self, ASSET, NewAsset, NewRequest, REQUEST};
use crate::flows::products::actions::{self as products, Definition};
use crate::flows::products::model::{ProductStatus, TemplateKind};
use crate::journal::{self, Entry};
use crate::kit::{
    AccountId, Actor, AssetId, ConnectionId, ContractId, Environment, Events, MarketplaceId, Problems, ProductId,
    Refusal, RequestId, Role, Secret, Side, Text, Time,
};

/// Where an order goes: everything that has to fit together before it can be made.
struct Place {
    definition: Definition,
    connection: ConnectionBrief,
    marketplace: MarketplaceId,
    contract: ContractId,
}

/// Makes a purchase.
pub(super) fn purchase(tx: &mut Tx<'_>, actor: &Actor, order: &Order) -> Result<RequestId> {
    let asset_status = asset_at_creation(
        RequestKind::Purchase,
        order.asset.as_ref().map(|_| model::AssetStatus::Active),
        order.draft,
    )?;
    let place = place(tx, actor, order)?;
    let abilities = model::abilities(RequestKind::Purchase, &place.definition.capabilities);
    save::may_start(order, &abilities, RequestKind::Purchase)?;
    let (external_id, external_uid) = external_ids(order)?;
    if let Some(uid) = &external_uid
        && let Some(taken) = store::uid_in_use(tx, actor, &place.connection.id, uid)?
    {
        return Err(save::uid_conflict(tx, actor, uid, &taken)?);
    }
    let items = ordered_lines(&order.items, &place.definition.items)?;
    let mut params = model::fresh(&place.definition.parameters);
    // What the vendor fills in is not the buyer's to give; clients that send whole objects send it too.
    apply_edits(&mut params, &known_edits(&order.params, &place.definition), |p| {
        if p.is_ordering() { May::Write } else { May::Pass }
    })?;
    save::must_be_unique(tx, actor, &place.definition.id, &params, &order.params, None)?;
    let owner = place.connection.provider.clone();
    let tiers = chain(tx, actor, &owner, order, &place.connection)?;

    let is_missing = !missing(&params, model::Param::is_ordering).is_empty();
    let status = match (order.draft, is_missing) {
        (true, _) => RequestStatus::Draft,
        (false, true) => RequestStatus::Inquiring,
        (false, false) => save::due(order.planned_date, tx.at()),
    };
    let state = AssetState { items: items.clone(), params: params.clone() };
    let snapshot = Snapshot { items, params, tiers, before: asset_status };
    let events = Events::created(tx.at(), actor.by());
    let new = NewAsset {
        status: asset_status,
        product: &place.definition.id,
        version: place.definition.public_version,
        connection: &place.connection.id,
        marketplace: &place.marketplace,
        contract: &place.contract,
        hub: &place.connection.hub,
        vendor: &place.connection.vendor,
        provider: &owner,
        environment: place.connection.environment,
        external_id: external_id.as_deref(),
        external_uid: external_uid.as_deref(),
        customer: &snapshot.tiers.customer.id,
        tier1: snapshot.tiers.tier1.as_ref().map(|t| &t.id),
        tier2: snapshot.tiers.tier2.as_ref().map(|t| &t.id),
        state: &state,
    };
    let asset = match store::insert_asset(tx, actor, &new, &events)? {
        Ok(id) => id,
        Err(taken) => return Err(save::uid_conflict(tx, actor, external_uid.as_deref().unwrap_or_default(), &taken)?),
    };
    let kind = if status == RequestStatus::Inquiring { TemplateKind::Inquire } else { TemplateKind::Pending };
    let template = save::template_of(&place.definition, kind);
    let nonce = (status == RequestStatus::Inquiring).then(Secret::nonce);
    let request = NewRequest {
        asset: &asset,
        kind: RequestKind::Purchase,
        status,
        product: &place.definition.id,
        marketplace: &place.marketplace,
        contract: &place.contract,
        connection: &place.connection.id,
        vendor: &place.connection.vendor,
        provider: &owner,
        environment: place.connection.environment,
        customer: &snapshot.tiers.customer.id,
        template: template.map(|t| &t.id),
        note: "",
        message: if nonce.is_some() { template.map_or("", |t| t.body.as_str()) } else { "" },
        form_nonce: nonce.as_deref(),
        planned_date: order.planned_date,
        previous: None,
        snapshot: &snapshot,
        external_attributes: order.external_attributes.as_ref(),
    };
    let id = store::insert_request(tx, &request, &events)?;
    store::set_open(tx, &asset, Some(&id))?;
    let maker = actor.company()?.role;
    let mut parties = buyers(tx, &owner, &snapshot.tiers)?;
    if !order.draft {
        parties.insert(0, Party::new(&place.connection.vendor, Side::Vendor));
    }
    party::put(tx, ASSET, asset.as_str(), asset_status.as_str(), None, &parties)?;
    party::put(tx, REQUEST, id.as_str(), status.as_str(), model::turn(status, maker.side()), &parties)?;
    show_tiers(tx, &snapshot.tiers, &parties)?;
    tell(tx, actor, &id, &asset, &place, &snapshot, status, order.planned_date)?;
    Ok(id)
}

/// The journal's entries and the mail of a new purchase.
#[expect(clippy::too_many_arguments, reason = "the parts of one purchase, each of another kind")]
fn tell(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &RequestId,
    asset: &AssetId,
    place: &Place,
    snapshot: &Snapshot,
    status: RequestStatus,
    planned: Option<Time>,
) -> Result<()> {
    let text = |text: Text| text.arg("product", &place.definition.name).arg("customer", &snapshot.tiers.customer.name);
    let (verb, words) = match status {
        RequestStatus::Draft => ("request.drafted", Text::new("A draft of {product} for {customer} was made")),
        _ => ("request.created", Text::new("{product} was ordered for {customer}")),
    };
    journal::record(tx, actor, Entry::new(ASSET, asset, "asset.created", text(words.clone())))?;
    journal::record(tx, actor, Entry::new(REQUEST, id, verb, text(words)))?;
    if status != RequestStatus::Draft {
        save::started(tx, actor, id, &snapshot.params, status, planned)?;
    }
    Ok(())
}

/// Everybody who buys: the distributor, and the companies with a portal in the chain.
pub(super) fn buyers(tx: &mut Tx<'_>, owner: &AccountId, tiers: &Tiers) -> Result<Vec<Party>> {
    let resellers: Vec<(i32, &TierSnapshot)> =
        [(1, tiers.tier1.as_ref()), (2, tiers.tier2.as_ref())].into_iter().filter_map(|(n, t)| Some((n, t?))).collect();
    let ids: Vec<&str> = resellers.iter().map(|(_, t)| t.id.as_str()).collect();
    let portals = customers::actions::portals(tx, &ids)?;
    let mut parties = vec![Party::new(owner, Side::Distributor)];
    for (position, tier) in resellers {
        if let Some(account) = portals.get(tier.id.as_str()) {
            parties.push(Party { account: account.clone(), side: Side::Reseller, position });
        }
    }
    Ok(parties)
}

/// Lets everybody concerned see the companies of the chain. A reseller does not see the one above it.
pub(super) fn show_tiers(tx: &mut Tx<'_>, tiers: &Tiers, parties: &[Party]) -> Result<()> {
    for (scope, account) in tiers.each() {
        let height = match scope {
            Scope::Customer => 0,
            Scope::Tier1 => 1,
            Scope::Tier2 => 2,
        };
        let readers: Vec<Party> =
            parties.iter().filter(|p| p.side != Side::Reseller || p.position >= height).cloned().collect();
        customers::actions::played(tx, account, scope, &readers)?;
    }
    Ok(())
}

fn external_ids(order: &Order) -> Result<(Option<String>, Option<String>)> {
    let mut problems = Problems::default();
    let id = order.external_id.as_deref().and_then(|v| problems.optional("asset.external_id", v, MAX_EXTERNAL));
    let uid = order.external_uid.as_deref().and_then(|v| problems.optional("asset.external_uid", v, MAX_EXTERNAL));
    problems.done()?;
    Ok((id, uid))
}

/// The edits without those for parameters of the product that belong to no request: the resellers' and the configuration.
fn known_edits(edits: &[ParamEdit], definition: &Definition) -> Vec<ParamEdit> {
    let elsewhere = |edit: &&ParamEdit| definition.parameter(&edit.name).is_none_or(model::belongs);
    edits.iter().filter(elsewhere).cloned().collect()
}

// ---- where the order goes ----

fn place(tx: &mut Tx<'_>, actor: &Actor, order: &Order) -> Result<Place> {
    let seat = actor.company()?.clone();
    if seat.role == Role::Vendor {
        return Err(Refusal::forbidden(
            Text::new("{account} is a vendor; distributors and resellers order. Ask one of your distributors to place the order.")
                .arg("account", &seat.name),
        )
        .into());
    }
    let definition = product(tx, order.product.as_deref())?;
    let connection = connection(tx, actor, &definition, &order.connection)?;
    let unlisted = |marketplace: &MarketplaceId| {
        let mut refusal = Refusal::field("", Text::new("There is no Listing for specified Product and Marketplace."));
        let text = Text::new(
            "{product} is not listed on {marketplace}. Choose a marketplace where it is listed, or list it there first.",
        );
        refusal.problems.push(crate::kit::FieldProblem {
            field: "marketplace.id".to_owned(),
            text: text.arg("product", &definition.name).arg("marketplace", marketplace),
        });
        refusal
    };
    let marketplace = match order.marketplace.as_deref() {
        Some(id) => match MarketplaceId::parse(id) {
            Some(id) => id,
            None => {
                return Err(Refusal::field(
                    "marketplace.id",
                    Text::new("{id} is not the id of a marketplace; those begin with MP-.").arg("id", id),
                )
                .into());
            }
        },
        None => {
            let mut possible =
                store::marketplaces_for(tx, actor, &definition.id, &connection.hub, &connection.provider)?;
            match (possible.pop(), possible.is_empty()) {
                (Some(one), true) => one,
                _ => return Err(Refusal::field("", Text::new("Field 'marketplace.id' is required.")).into()),
            }
        }
    };
    let listing = listings::listed(tx, &definition.id, &marketplace)?;
    // A distributor tries a product before it is listed; a real order needs the listing.
    let contract = match listing {
        Some(listing) => {
            contracts::actions::briefs(tx, std::slice::from_ref(&listing.contract))?.remove(&listing.contract)
        }
        None if connection.environment == Environment::Test => {
            contracts::actions::active_distribution(tx, &definition.owner, &marketplace)?
        }
        None => None,
    };
    let Some(contract) = contract.filter(|c| c.issuer == connection.provider) else {
        return Err(unlisted(&marketplace).into());
    };
    if contract.status != ContractStatus::Active {
        let text = Text::new(
            "The distribution contract {contract} is {status:word}; orders need an active one. Sign it again, or order elsewhere.",
        );
        return Err(Refusal::field(
            "marketplace.id",
            text.arg("contract", &contract.id).arg("status", contract.status),
        )
        .into());
    }
    if !marketplaces::actions::hubs_of(tx, &marketplace)?.contains(&connection.hub) {
        let text = Text::new(
            "The marketplace {marketplace} is not sold through the hub {hub}. Choose another connection, or add the hub to the marketplace.",
        );
        return Err(Refusal::field(
            "asset.connection.id",
            text.arg("marketplace", &marketplace).arg("hub", &connection.hub),
        )
        .into());
    }
    Ok(Place { definition, connection, marketplace, contract: contract.id })
}

fn product(tx: &mut Tx<'_>, id: Option<&str>) -> Result<Definition> {
    const FIELD: &str = "asset.product.id";
    let Some(id) = id else {
        return Err(
            Refusal::field(FIELD, Text::new("This field is required: name the product that is ordered.")).into()
        );
    };
    let unknown = || Refusal::field(FIELD, Text::new("There is no product {id} to order. Check the id.").arg("id", id));
    let product = ProductId::parse(id).ok_or_else(unknown)?;
    let definition = products::definition(tx, &product)?.ok_or_else(unknown)?;
    match definition.status {
        // What nobody published is nobody's business but the vendor's.
        ProductStatus::Draft => Err(unknown().into()),
        ProductStatus::EndOfSale => Err(Refusal::field(
            FIELD,
            Text::new("{product} is not sold any more: its vendor ended the sale. Order its replacement.")
                .arg("product", &definition.name),
        )
        .into()),
        _ => Ok(definition),
    }
}

fn connection(
    tx: &mut Tx<'_>,
    actor: &Actor,
    definition: &Definition,
    choice: &ConnectionChoice,
) -> Result<ConnectionBrief> {
    let seat = actor.company()?.clone();
    let found = match choice.id.as_deref().filter(|id| !id.is_empty()) {
        // What is no id of a connection names none: it is not as if none had been named.
        Some(named) => {
            let found = match ConnectionId::parse(named) {
                Some(id) => listings::connection(tx, &id)?.filter(|c| c.product == definition.id),
                None => None,
            };
            let Some(found) = found.filter(|c| seat.role == Role::Reseller || c.provider == seat.account) else {
                let text =
                    Text::new("There is no connection {id} between {product} and one of your hubs. Check the id.");
                return Err(Refusal::field(
                    "asset.connection.id",
                    text.arg("id", named).arg("product", &definition.name),
                )
                .into());
            };
            found
        }
        None => {
            let fits = |c: &ConnectionBrief| {
                choice.environment.is_none_or(|e| c.environment == e)
                    && choice.hub.as_deref().is_none_or(|h| c.hub == *h)
            };
            let mut found: Vec<ConnectionBrief> = listings::connections_of(tx, &definition.id, &seat.account)?
                .into_iter()
                .filter(|c| is_active(c) && fits(c))
                .collect();
            match (found.pop(), found.len()) {
                (Some(one), 0) => one,
                (None, _) => {
                    let text = Text::new(
                        "No active connection joins {product} with one of your hubs. Create one, or name another.",
                    );
                    return Err(Refusal::field("asset.connection.id", text.arg("product", &definition.name)).into());
                }
                (Some(_), more) => {
                    let text = Text::new("{count} connections of {product} fit. Name one in `asset.connection.id`.");
                    return Err(Refusal::field(
                        "asset.connection.id",
                        text.arg("count", more + 1).arg("product", &definition.name),
                    )
                    .into());
                }
            }
        }
    };
    if seat.role == Role::Reseller && !contracts::actions::active_service(tx, &seat.account, &found.provider)? {
        let text = Text::new(
            "{account} has no active service contract with the distributor of this connection. Choose one of your distributor’s.",
        );
        return Err(Refusal::field("asset.connection.id", text.arg("account", &seat.name)).into());
    }
    if !is_active(&found) {
        let text = Text::new("The connection {id} is {status:word}; orders need an active one.")
            .arg("id", &found.id)
            .arg("status", found.status);
        return Err(Refusal::field("asset.connection.id", text).into());
    }
    Ok(found)
}

fn is_active(connection: &ConnectionBrief) -> bool {
    connection.status == ConnectionStatus::Active
}
