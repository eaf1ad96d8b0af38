//! Products with their parts and versions, listings, connections.

use super::{Kind, Reading};
use crate::db::{Result, Tx};
use crate::flows::listings::actions as listings;
use crate::flows::listings::api::wire::{Connection, Listing, ListingRequest};
use crate::flows::products::actions as products;
use crate::flows::products::api::wire::{Item, Medium, Parameter, Product, Template, UnitOfMeasure};
use crate::flows::products::model::{self, Snapshot};
use crate::kit::{Actor, ItemId};

pub(super) const KINDS: &[Kind] = &[
    Kind { name: "units", about: "The account's own units of measure", read: units },
    Kind { name: "products", about: "Products", read: all_products },
    Kind { name: "product_items", about: "Items of products", read: items },
    Kind { name: "product_parameters", about: "Parameters of products", read: parameters },
    Kind { name: "product_templates", about: "Templates of products", read: templates },
    Kind { name: "product_media", about: "Pictures and videos of products", read: media },
    Kind { name: "product_versions", about: "Versions of products", read: versions },
    Kind { name: "product_version_items", about: "Items of versions", read: version_items },
    Kind { name: "product_version_media", about: "Pictures and videos of versions", read: version_media },
    Kind { name: "connections", about: "Connections of products with hubs", read: connections },
    Kind { name: "listings", about: "Listings", read: all_listings },
    Kind { name: "listing_requests", about: "Listing requests", read: listing_requests },
];

fn units(r: &mut Reading<'_, '_>) -> Result<()> {
    let (own, name) = r.actor.company().map(|seat| (seat.account.clone(), seat.name.clone()))?;
    for unit in products::units(r.tx, r.actor)?.into_iter().filter(|u| u.owner.as_ref() == Some(&own)) {
        r.row(UnitOfMeasure::of(unit, &name), &[])?;
    }
    Ok(())
}

fn all_products(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&products::PRODUCTS, &[], &[], |tx, actor, ids| {
        Ok(products::products(tx, actor, ids)?.into_iter().map(Product::from).collect())
    })
}

/// Does something with every product, one after the other.
fn each_product(r: &mut Reading<'_, '_>, mut work: impl FnMut(&mut Reading<'_, '_>, &str) -> Result<()>) -> Result<()> {
    r.each(&products::PRODUCTS, &[], |r, ids| ids.iter().try_for_each(|id| work(r, id)))
}

/// Items that a list has picked, which mention others.
fn items_of(tx: &mut Tx<'_>, actor: &Actor, product: &str, ids: &[String]) -> Result<Vec<Item>> {
    let view = products::view(tx, actor, product)?;
    let found = products::items_of(tx, &view, ids)?;
    let others: Vec<String> = found
        .iter()
        .flat_map(|i: &model::Item| [&i.extra.parent, &i.extra.replacement])
        .flatten()
        .map(ItemId::to_string)
        .collect();
    let others = if others.is_empty() { vec![] } else { products::items_of(tx, &view, &others)? };
    Ok(found.into_iter().map(|i| Item::of(i, &others)).collect())
}

fn items(r: &mut Reading<'_, '_>) -> Result<()> {
    each_product(r, |r, id| {
        r.list(&products::ITEMS, &[("product.id", id)], &[("product", id)], |tx, actor, ids| {
            items_of(tx, actor, id, ids)
        })
    })
}

fn parameters(r: &mut Reading<'_, '_>) -> Result<()> {
    each_product(r, |r, id| {
        r.list(&products::PARAMETERS, &[("product.id", id)], &[("product", id)], |tx, actor, ids| {
            let view = products::view(tx, actor, id)?;
            Ok(products::parameters_of(tx, &view, ids)?.into_iter().map(Parameter::from).collect())
        })
    })
}

fn templates(r: &mut Reading<'_, '_>) -> Result<()> {
    each_product(r, |r, id| {
        r.list(&products::TEMPLATES, &[("product.id", id)], &[("product", id)], |tx, actor, ids| {
            let view = products::view(tx, actor, id)?;
            Ok(products::templates_of(tx, &view, ids)?.into_iter().map(Template::from).collect())
        })
    })
}

fn media(r: &mut Reading<'_, '_>) -> Result<()> {
    each_product(r, |r, id| {
        for medium in products::media(r.tx, r.actor, id)? {
            r.row(Medium::from(medium), &[("product", id)])?;
        }
        Ok(())
    })
}

fn versions(r: &mut Reading<'_, '_>) -> Result<()> {
    each_product(r, |r, id| {
        r.list(&products::VERSIONS, &[("product.id", id)], &[], |tx, actor, ids| {
            let view = products::view(tx, actor, id)?;
            let numbers: Vec<i32> = ids.iter().filter_map(|id| id.parse().ok()).collect();
            let head = products::product(tx, actor, id)?;
            let kept = products::kept_versions(tx, &view, &numbers)?;
            Ok(kept.into_iter().map(|(v, kept)| Product::of_version(head.clone(), v, kept)).collect())
        })
    })
}

/// Does something with what every version keeps, one after the other.
fn each_version(
    r: &mut Reading<'_, '_>,
    mut work: impl FnMut(&mut Reading<'_, '_>, Snapshot, &[(&str, &str)]) -> Result<()>,
) -> Result<()> {
    each_product(r, |r, id| {
        r.each(&products::VERSIONS, &[("product.id", id)], |r, numbers| {
            for number in numbers {
                let Ok(n) = number.parse() else { continue };
                let (_, kept) = products::seen_version(r.tx, r.actor, id, n)?;
                work(r, kept, &[("product", id), ("version", number)])?;
            }
            Ok(())
        })
    })
}

fn version_items(r: &mut Reading<'_, '_>) -> Result<()> {
    each_version(r, |r, kept, place| {
        kept.items.iter().try_for_each(|item| r.row(Item::of(item.clone(), &kept.items), place))
    })
}

fn version_media(r: &mut Reading<'_, '_>) -> Result<()> {
    each_version(r, |r, kept, place| kept.media.into_iter().try_for_each(|medium| r.row(Medium::from(medium), place)))
}

fn connections(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&listings::CONNECTIONS, &[], &[], |tx, actor, ids| {
        Ok(listings::connections_by_ids(tx, actor, ids)?.into_iter().map(Connection::from).collect())
    })
}

fn all_listings(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&listings::LISTINGS, &[], &[], |tx, actor, ids| {
        Ok(listings::listings(tx, actor, ids)?.into_iter().map(Listing::from).collect())
    })
}

fn listing_requests(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&listings::REQUESTS, &[], &[], |tx, actor, ids| {
        Ok(listings::requests(tx, actor, ids)?.into_iter().map(ListingRequest::from).collect())
    })
}
