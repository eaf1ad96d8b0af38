//! Rows of products as their readers see them, and the writes of the master copy.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::media;
use crate::db::schema::{account, category, listing, party, product, product_version};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::flows::products::model::{Brief, Capabilities, Extra, General, Medium, Product, ProductStatus, Snapshot};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, CategoryId, Events, NamedRef, ProductId, Time, fold};

#[derive(Queryable)]
struct Row {
    id: ProductId,
    owner: (AccountId, String),
    status: ProductStatus,
    name: String,
    external_id: Option<String>,
    icon: Option<String>,
    short_description: String,
    detailed_description: String,
    category: Option<(CategoryId, String)>,
    capabilities: Doc<Capabilities>,
    extra: Doc<Extra>,
    versions: (Option<i32>, Option<i32>),
    published_at: Option<Time>,
    events: Doc<Events>,
    revision: i64,
    listed: bool,
    shown: Option<Doc<Snapshot>>,
}

/// The products of these ids that the actor may see, in no order: at most three statements. A vendor gets the master
/// copy, others the newest public version.
pub fn seen(tx: &mut Tx<'_>, actor: &Actor, ids: &[ProductId]) -> Result<Vec<Product>> {
    let reader = actor.account()?;
    let mine = party::table
        .filter(party::account_id.eq(reader.as_str()))
        .filter(party::kind.eq("product"))
        .filter(party::object_id.eq(product::id));
    let on_sale = listing::table
        .filter(listing::product_id.eq(product::id))
        .filter(listing::status.eq("listed"))
        .filter(listing::vendor_id.eq(reader.as_str()).or(listing::provider_id.eq(reader.as_str())));
    let public = product_version::product_id
        .eq(product::id)
        .and(product_version::version.nullable().eq(product::public_version))
        .and(product::account_id.ne(reader.as_str()));
    let rows: Vec<Row> = product::table
        .inner_join(account::table)
        .left_join(category::table)
        .left_join(product_version::table.on(public))
        .filter(product::id.eq_any(ids))
        .filter(exists(mine))
        .select((
            product::id,
            (account::id, account::name),
            product::status,
            product::name,
            product::external_id,
            product::icon,
            product::short_description,
            product::detailed_description,
            (category::id, category::name).nullable(),
            product::capabilities,
            product::doc,
            (product::latest_version, product::public_version),
            product::published_at,
            product::events,
            product::revision,
            exists(on_sale),
            product_version::snapshot.nullable(),
        ))
        .load(tx.conn())?;
    let own: Vec<ProductId> = rows.iter().filter(|r| r.owner.0 == *reader).map(|r| r.id.clone()).collect();
    let mut main_media = if own.is_empty() { HashMap::new() } else { media::main_of(tx, &own)? };
    let replacing: Vec<ProductId> = rows.iter().filter_map(|r| r.extra.0.replacement.clone()).collect();
    let replacing = if replacing.is_empty() { HashMap::new() } else { super::briefs(tx, &replacing)? };
    let mut products = vec![];
    for mut row in rows {
        let is_own = row.owner.0 == *reader;
        let replacement = row.extra.0.replacement.as_ref().and_then(|id| replacing.get(id).cloned());
        if is_own {
            let main = main_media.remove(&row.id);
            products.push(row.master(replacement, main));
        } else if let Some(snapshot) = row.shown.take() {
            products.push(row.version(replacement, snapshot.0));
        }
    }
    Ok(products)
}

impl Row {
    fn master(self, replacement: Option<Brief>, main: Option<Medium>) -> Product {
        let general = General {
            name: self.name.clone(),
            external_id: self.external_id.clone(),
            icon: self.icon.clone(),
            category: self.category.as_ref().map(|(id, name)| NamedRef { id: id.to_string(), name: name.clone() }),
            short_description: self.short_description.clone(),
            detailed_description: self.detailed_description.clone(),
            ui: self.extra.0.ui.clone(),
        };
        Product { main_medium: main, ..self.product(general, replacement, None, true) }
    }

    fn version(self, replacement: Option<Brief>, snapshot: Snapshot) -> Product {
        let number = self.versions.1;
        let main = snapshot.media.into_iter().next();
        Product { main_medium: main, ..self.product(snapshot.general, replacement, number, false) }
    }

    fn product(self, general: General, replacement: Option<Brief>, version: Option<i32>, own: bool) -> Product {
        Product {
            id: self.id,
            owner: NamedRef { id: self.owner.0.to_string(), name: self.owner.1 },
            status: self.status,
            general,
            version,
            latest_version: self.versions.0,
            public_version: self.versions.1,
            capabilities: self.capabilities.0,
            main_medium: None,
            replacement,
            end_of_sale_notes: self.extra.0.end_of_sale_notes,
            purchase_model: self.extra.0.purchase_model,
            own,
            listed: self.listed,
            published_at: self.published_at,
            events: self.events.0,
            revision: self.revision,
        }
    }
}

/// How many products a vendor has.
pub fn count(tx: &mut Tx<'_>, vendor: &AccountId) -> Result<i64> {
    Ok(product::table.filter(product::account_id.eq(vendor)).count().get_result(tx.conn())?)
}

/// Writes a new draft under a fresh id.
pub fn insert(
    tx: &mut Tx<'_>,
    vendor: &AccountId,
    general: &General,
    category: Option<&CategoryId>,
    extra: &Extra,
    events: &Events,
) -> Result<ProductId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            product::id.eq(format!("PRD-{digits}")),
            product::account_id.eq(vendor),
            product::name.eq(&general.name),
            product::name_folded.eq(fold(&general.name)),
            product::status.eq(ProductStatus::Draft),
            product::category_id.eq(category.map(CategoryId::as_str)),
            product::external_id.eq(&general.external_id),
            product::short_description.eq(&general.short_description),
            product::detailed_description.eq(&general.detailed_description),
            product::capabilities.eq(Doc(Capabilities::default())),
            product::doc.eq(Doc(extra.clone())),
            product::events.eq(Doc(events.clone())),
            product::revision.eq(1i64),
            product::created_at.eq(at),
            product::updated_at.eq(at),
        );
        Ok(diesel::insert_into(product::table).values(row).returning(product::id).get_result::<ProductId>(tx.conn())?)
    })
}

/// What is written of a master copy that was changed.
#[derive(Debug)]
pub struct Changed<'a> {
    /// General data.
    pub general: &'a General,
    /// Its category.
    pub category: Option<&'a CategoryId>,
    /// What it can do.
    pub capabilities: &'a Capabilities,
    /// What no query asks for.
    pub extra: &'a Extra,
    /// When what happened.
    pub events: &'a Events,
}

/// Writes a changed master copy.
pub fn update(tx: &mut Tx<'_>, id: &ProductId, new: &Changed<'_>) -> Result<()> {
    let at = tx.at();
    diesel::update(product::table.find(id))
        .set((
            product::name.eq(&new.general.name),
            product::name_folded.eq(fold(&new.general.name)),
            product::category_id.eq(new.category.map(CategoryId::as_str)),
            product::external_id.eq(&new.general.external_id),
            product::icon.eq(&new.general.icon),
            product::short_description.eq(&new.general.short_description),
            product::detailed_description.eq(&new.general.detailed_description),
            product::capabilities.eq(Doc(new.capabilities.clone())),
            product::doc.eq(Doc(new.extra.clone())),
            product::events.eq(Doc(new.events.clone())),
            product::revision.eq(product::revision + 1),
            product::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that something of the product changed: its items, media, versions.
pub fn touch(tx: &mut Tx<'_>, id: &ProductId, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(product::table.find(id))
        .set((
            product::events.eq(Doc(events.clone())),
            product::revision.eq(product::revision + 1),
            product::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes where a product stands.
pub fn set_status(tx: &mut Tx<'_>, id: &ProductId, status: ProductStatus) -> Result<()> {
    diesel::update(product::table.find(id)).set(product::status.eq(status)).execute(tx.conn())?;
    Ok(())
}

/// Writes which versions are the newest ones; the first one publishes the product.
pub fn set_versions(tx: &mut Tx<'_>, id: &ProductId, latest: i32, public: Option<i32>) -> Result<()> {
    let at = tx.at();
    let published = diesel::update(product::table.find(id).filter(product::published_at.is_null()));
    published.set(product::published_at.eq(Some(at))).execute(tx.conn())?;
    diesel::update(product::table.find(id))
        .set((product::latest_version.eq(Some(latest)), product::public_version.eq(public)))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a draft away with everything that belongs to it.
pub fn delete(tx: &mut Tx<'_>, id: &ProductId) -> Result<()> {
    use crate::db::schema::{item, medium, parameter, template};
    diesel::delete(medium::table.filter(medium::product_id.eq(id))).execute(tx.conn())?;
    diesel::delete(template::table.filter(template::product_id.eq(id))).execute(tx.conn())?;
    diesel::delete(parameter::table.filter(parameter::product_id.eq(id))).execute(tx.conn())?;
    diesel::delete(item::table.filter(item::product_id.eq(id))).execute(tx.conn())?;
    diesel::delete(product::table.find(id)).execute(tx.conn())?;
    Ok(())
}
