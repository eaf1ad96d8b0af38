//! Versions: immutable copies of the master copy.

use super::products::{VENDOR, is_own, owned, view};
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::flows::products::model::{self, Need, Product, Snapshot, Verb, Version, View, next, ready};
use crate::flows::products::store;
use crate::journal::{self, Audience, Entry};
use crate::kit::{Actor, Events, Problems, ProductId, Refusal, Side, Text};

/// What is said about a version.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What changed.
    pub changes: String,
    /// Distributors see it.
    pub public: bool,
    /// It is offered to test connections.
    pub staging: bool,
}

/// The versions that the actor may see, the newest first: all for the vendor, the public ones for others.
pub fn versions(tx: &mut Tx<'_>, actor: &Actor, product: &str) -> Result<Vec<Version>> {
    let (id, own) = is_own(tx, actor, product)?;
    Ok(store::versions::of_product(tx, &id)?.into_iter().filter(|v| own || v.public).collect())
}

/// A version that the actor may see, without what it keeps: two statements.
pub fn version(tx: &mut Tx<'_>, actor: &Actor, product: &str, number: i32) -> Result<(View, Version)> {
    let view = view(tx, actor, product)?;
    let found = store::versions::one(tx, &view.id, number)?.filter(|v| view.own || v.public);
    let none = || db::Error::from(Refusal::no_version(number, product));
    Ok((view, found.ok_or_else(none)?))
}

/// A version that the actor may see, with what it keeps: two statements.
pub fn seen_version(tx: &mut Tx<'_>, actor: &Actor, product: &str, number: i32) -> Result<(Version, Snapshot)> {
    let view = view(tx, actor, product)?;
    let none = || db::Error::from(Refusal::no_version(number, product));
    kept_versions(tx, &view, &[number])?.pop().ok_or_else(none)
}

/// The versions of these numbers, in the order of the numbers, with what each keeps, of a product that the reader is
/// known to see: one statement.
pub fn kept_versions(tx: &mut Tx<'_>, product: &View, numbers: &[i32]) -> Result<Vec<(Version, Snapshot)>> {
    let mut found = store::versions::kept(tx, &product.id, numbers)?;
    found.retain(|(v, _)| product.own || v.public);
    found.sort_by_key(|(v, _)| numbers.iter().position(|n| *n == v.number));
    Ok(found)
}

/// What a version of an own product needs, and whether it is there: two statements.
pub fn needs(tx: &mut Tx<'_>, product: &Product) -> Result<[(Need, bool); 3]> {
    let category = match &product.general.category {
        Some(c) => store::shelves::category(tx, &c.id)?,
        None => None,
    };
    let items = store::items::count(tx, &product.id)?.0;
    Ok(model::needs(category.as_ref(), product.main_medium.is_some(), items))
}

/// Saves the master copy as a new version. The first one publishes the product; draft items are published with it. A
/// public one is from now on what the distributors see.
pub fn save_version(tx: &mut Tx<'_>, actor: &Actor, product: &str, new: &Seen) -> Result<i32> {
    let old = owned(tx, actor, product)?;
    let status = next(old.status, Verb::Save)?;
    let mut problems = Problems::default();
    let changes = problems.optional("changes_description", &new.changes, 4_000).unwrap_or_default();
    problems.done()?;
    let number = old.latest_version.unwrap_or(0) + 1;
    let max = tx.limits().product_versions;
    if i64::from(number) > max {
        return Err(Refusal::conflict(
            Text::new("This product has {max} versions; more are not allowed.").arg("max", max),
        )
        .into());
    }
    ready(&needs(tx, &old)?)?;
    let media = store::media::of_product(tx, &old.id)?;
    store::items::publish(tx, &old.id, number)?;
    let items = store::items::of_product(tx, &old.id)?.into_iter().filter(|i| !i.dynamic).collect();
    let kept = Snapshot { general: old.general.clone(), items, media };
    let version = Version {
        number,
        public: new.public,
        staging: new.staging,
        changes,
        events: Events::created(tx.at(), actor.by()),
    };
    store::versions::insert(tx, &old.id, &version, &kept)?;
    let public = if new.public { Some(number) } else { old.public_version };
    store::products::set_versions(tx, &old.id, number, public)?;
    store::products::set_status(tx, &old.id, status)?;
    let mut events = old.events.clone();
    if old.latest_version.is_none() {
        events.stamp("published", tx.at(), actor.by());
    }
    events.stamp("updated", tx.at(), actor.by());
    store::products::touch(tx, &old.id, &events)?;
    party::moved(tx, "product", old.id.as_str(), status.as_str(), None)?;
    if new.public {
        show(tx, actor, &old.id, status.as_str(), &events)?;
    }
    let text = Text::new("Version {number} of {name} was saved").arg("number", number).arg("name", &old.general.name);
    let audience = if new.public { Audience::All } else { VENDOR };
    let entry = Entry::new("product", &old.id, "product.version_saved", text).audience(audience);
    journal::record(tx, actor, entry)?;
    crate::crash::point("products.save_version.before-commit");
    Ok(number)
}

/// Lets every distributor with an active distribution contract see a product.
fn show(tx: &mut Tx<'_>, actor: &Actor, id: &ProductId, status: &str, events: &Events) -> Result<()> {
    let created_at = events.at("created").unwrap_or(tx.at());
    for distributor in store::partners::distributors_of(tx, actor.account()?)? {
        party::add(tx, "product", id.as_str(), status, created_at, &Party::new(&distributor, Side::Distributor))?;
    }
    Ok(())
}

/// Changes what may change of a version: its description and who sees it.
pub fn edit_version(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    number: i32,
    edit: impl FnOnce(&mut Seen, &mut Problems),
) -> Result<()> {
    let old = owned(tx, actor, product)?;
    let none = || Refusal::no_version(number, product);
    let version =
        store::versions::of_product(tx, &old.id)?.into_iter().find(|v| v.number == number).ok_or_else(none)?;
    let mut new = Seen { changes: version.changes.clone(), public: version.public, staging: version.staging };
    let mut problems = Problems::default();
    edit(&mut new, &mut problems);
    let changes = problems.optional("changes_description", &new.changes, 4_000).unwrap_or_default();
    problems.done()?;
    let mut events = version.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    let changed = Version { number, public: new.public, staging: new.staging, changes, events };
    store::versions::update(tx, &old.id, &changed)?;
    let public = store::versions::newest_public(tx, &old.id)?;
    if public.is_none() && old.public_version.is_some() {
        let text = Text::new(
            "Version {number} is the only one that distributors see. Make another one public, or end the sale of the product.",
        );
        return Err(Refusal::state(text.arg("number", number)).into());
    }
    store::products::set_versions(tx, &old.id, old.latest_version.unwrap_or(number), public)?;
    if new.public {
        show(tx, actor, &old.id, old.status.as_str(), &old.events)?;
    }
    let audience = if new.public { Audience::All } else { VENDOR };
    let text = Text::new("Version {number} was changed").arg("number", number);
    journal::record(tx, actor, Entry::new("product", &old.id, "product.version_changed", text).audience(audience))?;
    Ok(())
}
