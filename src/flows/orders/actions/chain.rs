//! The companies of an order: customer and resellers, found in the directory or entered into it.

use super::order::{GivenTier, Order};
use crate::db::{Result, Tx};
use crate::flows::customers;
use crate::flows::customers::model::{Details, Kind, Scope, TierSnapshot};
use crate::flows::listings::actions::ConnectionBrief;
use crate::flows::orders::model::Tiers;
use crate::kit::{AccountId, Actor, Refusal, Role, Text, TierAccountId};

/// The companies of an order, from the top: each stands under the one before it.
pub(super) fn chain(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: &AccountId,
    order: &Order,
    connection: &ConnectionBrief,
) -> Result<Tiers> {
    let given = &order.tiers;
    let Some(customer) = &given.customer else {
        let text = Text::new("This field is required: name the customer by `id`, or send its data.");
        return Err(Refusal::field("asset.tiers.customer", text).into());
    };
    let own = match actor.company()? {
        seat if seat.role == Role::Reseller => {
            Some(customers::actions::portal_reseller(tx, actor, owner, &seat.account.clone())?)
        }
        _ => None,
    };
    let mut tier2 = match &given.tier2 {
        Some(tier) => Some(tier_of(tx, actor, owner, tier, Scope::Tier2, None, connection)?),
        None => None,
    };
    let mut tier1 = match &given.tier1 {
        Some(tier) => Some(tier_of(tx, actor, owner, tier, Scope::Tier1, tier2.as_ref(), connection)?),
        None => own.clone(),
    };
    let customer = tier_of(tx, actor, owner, customer, Scope::Customer, tier1.as_ref(), connection)?;
    if tier1.is_none() {
        tier1 = Some(match &customer.parent {
            Some(parent) => parent_of(tx, &parent.id)?,
            None => customers::actions::own_reseller(tx, actor, owner)?,
        });
    }
    if let (None, Some(above)) = (&tier2, tier1.as_ref().and_then(|t| t.parent.clone())) {
        tier2 = Some(parent_of(tx, &above.id)?);
    }
    for (field, tier) in [("asset.tiers.tier1", &tier1), ("asset.tiers.tier2", &tier2)] {
        if let Some(tier) = tier.as_ref().filter(|t| t.kind != Kind::Reseller) {
            let text = Text::new("{name} is a customer; here a reseller is needed.").arg("name", &tier.name);
            return Err(Refusal::field(field, text).into());
        }
    }
    if let Some(own) = own
        && ![&tier1, &tier2].iter().any(|t| t.as_ref().is_some_and(|t| t.id == own.id))
    {
        let text = Text::new("{name} does not buy through {account}. Choose one of your own customers.");
        return Err(
            Refusal::field("asset.tiers.customer", text.arg("name", &customer.name).arg("account", &own.name)).into()
        );
    }
    Ok(Tiers { customer, tier1, tier2 })
}

fn parent_of(tx: &mut Tx<'_>, id: &str) -> Result<TierSnapshot> {
    customers::actions::snapshots(tx, &[id])?.remove(id).ok_or_else(|| Refusal::not_found("reseller", id).into())
}

fn tier_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: &AccountId,
    given: &GivenTier,
    scope: Scope,
    above: Option<&TierSnapshot>,
    connection: &ConnectionBrief,
) -> Result<TierSnapshot> {
    match given {
        GivenTier::Id(id) => customers::actions::of_directory(tx, actor, owner, id, &format!("asset.tiers.{scope}.id")),
        GivenTier::Data(details) => {
            let kind = if scope == Scope::Customer { Kind::Customer } else { Kind::Reseller };
            let details = Details {
                kind,
                // The chain of the order decides who stands under whom.
                parent: above.map(|t| TierAccountId::clone(&t.id)),
                hub: details.hub.clone().or_else(|| Some(connection.hub.clone())),
                portal: None,
                ..(**details).clone()
            };
            customers::actions::find_or_create(tx, actor, owner, details, &format!("asset.tiers.{scope}."))
        }
    }
}
