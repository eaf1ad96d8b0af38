//! Customers, subscriptions and requests.

use super::{Kind, Reading};
use crate::db::Result;
use crate::flows::customers::actions::{self as customers, TIER_ACCOUNTS};
use crate::flows::orders::actions as orders;
use crate::flows::orders::api::Links;
use crate::flows::orders::api::wire::{Asset, Request};

pub(super) const KINDS: &[Kind] = &[
    Kind { name: "tier_accounts", about: "Customers and resellers of the directory", read: tier_accounts },
    Kind { name: "tier_account_versions", about: "Their versions", read: tier_account_versions },
    Kind { name: "subscriptions", about: "Subscriptions, called assets in the API", read: subscriptions },
    Kind { name: "requests", about: "Fulfillment requests; no links to customers' forms", read: requests },
];

fn tier_accounts(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&TIER_ACCOUNTS, &[], &[], customers::accounts)
}

fn tier_account_versions(r: &mut Reading<'_, '_>) -> Result<()> {
    r.each(&TIER_ACCOUNTS, &[], |r, ids| {
        for id in ids {
            for version in customers::versions(r.tx, r.actor, id)? {
                r.row(version, &[])?;
            }
        }
        Ok(())
    })
}

fn subscriptions(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&orders::ASSETS, &[], &[], |tx, actor, ids| {
        Ok(orders::assets(tx, actor, ids)?.iter().map(|a| Asset::of(a, true, true)).collect())
    })
}

fn requests(r: &mut Reading<'_, '_>) -> Result<()> {
    let none = Links::none();
    r.list(&orders::REQUESTS, &[], &[], |tx, actor, ids| {
        Ok(orders::requests(tx, actor, ids)?.iter().map(|request| Request::of(request, &none)).collect())
    })
}
