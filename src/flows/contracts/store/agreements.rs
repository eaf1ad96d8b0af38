//! Rows of agreements.

use std::collections::HashMap;

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::super::model::{
    Agreement, AgreementForms, ContractKind, FormKind, FormRef, GoodWords, MarketplaceRef, Version,
};
use super::forms::{ENROLL_FORM, HAS_ENROLL_FORM, ITEM_FORM, PRODUCT_FORM};
use crate::db::schema::{account, agreement, party};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, AgreementId, Events, MarketplaceId, NamedRef, Refusal, fold};

#[derive(Queryable)]
struct Row {
    id: AgreementId,
    kind: ContractKind,
    account_id: AccountId,
    owner: String,
    title: String,
    description: String,
    parent_id: Option<AgreementId>,
    parent_title: Option<String>,
    marketplace_id: Option<MarketplaceId>,
    marketplace_name: Option<String>,
    marketplace_icon: Option<String>,
    auto_accept: bool,
    enroll: Option<String>,
    product: Option<String>,
    item: Option<String>,
    active_version: Option<i32>,
    contracts: i64,
    versions: i64,
    children: i64,
    events: Doc<Events>,
    revision: i64,
}

/// The agreements of these ids that the actor may see, in no order.
pub fn agreements(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Agreement>> {
    let reader = actor.account()?;
    let mine = party::table
        .filter(party::account_id.eq(reader.as_str()))
        .filter(party::kind.eq("agreement"))
        .filter(party::object_id.eq(agreement::id));
    let rows: Vec<Row> = agreement::table
        .inner_join(account::table)
        .filter(agreement::id.eq_any(ids))
        .filter(exists(mine))
        .select((
            agreement::id,
            agreement::kind,
            agreement::account_id,
            account::name,
            agreement::title,
            agreement::description,
            agreement::parent_id,
            sql::<Nullable<Text>>("(select p.title from agreement p where p.id = agreement.parent_id)"),
            agreement::marketplace_id,
            sql::<Nullable<Text>>("(select m.name from marketplace m where m.id = agreement.marketplace_id)"),
            sql::<Nullable<Text>>("(select m.icon from marketplace m where m.id = agreement.marketplace_id)"),
            agreement::auto_accept,
            sql::<Nullable<Text>>(ENROLL_FORM),
            sql::<Nullable<Text>>(PRODUCT_FORM),
            sql::<Nullable<Text>>(ITEM_FORM),
            agreement::active_version,
            sql::<BigInt>("(select count(*) from contract c where c.agreement_id = agreement.id)"),
            sql::<BigInt>("(select count(*) from agreement_version v where v.agreement_id = agreement.id)"),
            sql::<BigInt>("(select count(*) from agreement p where p.parent_id = agreement.id)"),
            agreement::events,
            agreement::revision,
        ))
        .load(tx.conn())?;
    let found: Vec<&str> = rows.iter().map(|r| r.id.as_str()).collect();
    let mut shown: HashMap<String, Version> = super::shown_versions(tx, &found)?;
    let form = |kind: FormKind, text: Option<String>| text.and_then(|text| FormRef::packed(kind, &text));
    let agreement = |r: Row| Agreement {
        forms: AgreementForms {
            enroll: form(FormKind::Enroll, r.enroll),
            product: form(FormKind::Product, r.product),
            item: form(FormKind::Item, r.item),
        },
        own: r.account_id == *reader,
        owner: NamedRef { id: r.account_id.into(), name: r.owner },
        shown: shown.remove(r.id.as_str()),
        parent: r.parent_id.map(|id| NamedRef { id: id.into(), name: r.parent_title.unwrap_or_default() }),
        marketplace: r.marketplace_id.map(|id| MarketplaceRef {
            id,
            name: r.marketplace_name.unwrap_or_default(),
            icon: r.marketplace_icon,
        }),
        id: r.id,
        kind: r.kind,
        title: r.title,
        description: r.description,
        auto_accept: r.auto_accept,
        active_version: r.active_version,
        contracts: r.contracts,
        versions: r.versions,
        children: r.children,
        events: r.events.0,
        revision: r.revision,
    };
    Ok(rows.into_iter().map(agreement).collect())
}

/// An agreement that the actor may see.
pub fn agreement(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Agreement> {
    agreements(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("agreement", id).into())
}

/// The distribution agreements of a program agreement that the actor may see, by title.
pub fn children(tx: &mut Tx<'_>, actor: &Actor, parent: &AgreementId) -> Result<Vec<Agreement>> {
    let ids: Vec<String> =
        agreement::table.filter(agreement::parent_id.eq(parent.as_str())).select(agreement::id).load(tx.conn())?;
    let mut found = agreements(tx, actor, &ids)?;
    found.sort_by_key(|a| (fold(&a.title), a.id.clone()));
    Ok(found)
}

/// The actor's own agreements, titles with ids, of a kind and with an active version: what a contract can be offered under.
pub fn open_agreements(tx: &mut Tx<'_>, actor: &Actor, kind: ContractKind) -> Result<Vec<(AgreementId, String)>> {
    Ok(agreement::table
        .filter(agreement::account_id.eq(actor.account()?))
        .filter(agreement::kind.eq(kind))
        .filter(agreement::active_version.is_not_null())
        .order((agreement::title_folded, agreement::id))
        .select((agreement::id, agreement::title))
        .load(tx.conn())?)
}

/// How many agreements the actor's company has.
pub fn count_agreements(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    Ok(agreement::table.filter(agreement::account_id.eq(actor.account()?)).count().get_result(tx.conn())?)
}

/// The actor's agreement of this kind and title, whatever the case of its letters.
pub fn agreement_by_title(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: ContractKind,
    title: &str,
) -> Result<Option<AgreementId>> {
    Ok(agreement::table
        .filter(agreement::account_id.eq(actor.account()?))
        .filter(agreement::kind.eq(kind))
        .filter(agreement::title_folded.eq(fold(title)))
        .select(agreement::id)
        .first(tx.conn())
        .optional()?)
}

/// What a new agreement is made of.
#[derive(Debug)]
pub struct NewAgreement<'a> {
    /// What it is about.
    pub kind: ContractKind,
    /// The distributor.
    pub owner: &'a AccountId,
    /// Title and description.
    pub words: &'a GoodWords,
    /// The program agreement above.
    pub parent: Option<&'a AgreementId>,
    /// The marketplace of a distribution agreement.
    pub marketplace: Option<&'a MarketplaceId>,
    /// Whether enrolments are accepted by themselves.
    pub auto_accept: bool,
    /// When it was created.
    pub events: Events,
}

/// Writes a new agreement under a fresh id.
pub fn insert_agreement(tx: &mut Tx<'_>, new: &NewAgreement<'_>) -> Result<AgreementId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            agreement::id.eq(format!("{}-{digits}", new.kind.agreement_prefix())),
            agreement::kind.eq(new.kind),
            agreement::account_id.eq(new.owner),
            agreement::title.eq(&new.words.title),
            agreement::title_folded.eq(fold(&new.words.title)),
            agreement::description.eq(&new.words.description),
            agreement::parent_id.eq(new.parent.map(AgreementId::as_str)),
            agreement::marketplace_id.eq(new.marketplace.map(MarketplaceId::as_str)),
            agreement::auto_accept.eq(new.auto_accept),
            agreement::events.eq(Doc(new.events.clone())),
            agreement::revision.eq(1i64),
            agreement::created_at.eq(at),
            agreement::updated_at.eq(at),
        );
        Ok(diesel::insert_into(agreement::table)
            .values(row)
            .returning(agreement::id)
            .get_result::<AgreementId>(tx.conn())?)
    })
}

/// Writes an agreement's new words.
pub fn update_agreement(
    tx: &mut Tx<'_>,
    id: &AgreementId,
    words: &GoodWords,
    auto_accept: bool,
    events: &Events,
) -> Result<()> {
    let at = tx.at();
    diesel::update(agreement::table.find(id))
        .set((
            agreement::title.eq(&words.title),
            agreement::title_folded.eq(fold(&words.title)),
            agreement::description.eq(&words.description),
            agreement::auto_accept.eq(auto_accept),
            agreement::events.eq(Doc(events.clone())),
            agreement::revision.eq(agreement::revision + 1),
            agreement::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that something about an agreement was changed that has rows of its own.
pub fn touch_agreement(tx: &mut Tx<'_>, id: &AgreementId, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(agreement::table.find(id))
        .set((
            agreement::events.eq(Doc(events.clone())),
            agreement::revision.eq(agreement::revision + 1),
            agreement::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Makes a version the active one, instead of the one that was.
pub fn set_active_version(tx: &mut Tx<'_>, id: &AgreementId, version: i32, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(agreement::table.find(id))
        .set((
            agreement::active_version.eq(Some(version)),
            agreement::events.eq(Doc(events.clone())),
            agreement::revision.eq(agreement::revision + 1),
            agreement::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes an agreement and its versions away.
pub fn delete_agreement(tx: &mut Tx<'_>, id: &AgreementId) -> Result<()> {
    diesel::delete(agreement::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// A distribution agreement as its program contract sees it.
#[derive(Debug, Clone, Queryable)]
pub struct Child {
    /// The public id.
    pub id: AgreementId,
    /// Its title.
    pub title: String,
    /// Its marketplace.
    pub marketplace: Option<MarketplaceId>,
    /// Whether enrolments are accepted by themselves.
    pub auto_accept: bool,
    /// Whether a vendor has to fill a form first.
    pub form: bool,
    /// Its active version.
    pub active_version: Option<i32>,
    /// When it was made.
    pub created_at: crate::kit::Time,
}

/// All distribution agreements of a program agreement, for a contract under it that becomes active or ends.
pub fn all_children(tx: &mut Tx<'_>, parent: &AgreementId) -> Result<Vec<Child>> {
    Ok(agreement::table
        .filter(agreement::parent_id.eq(parent.as_str()))
        .order(agreement::id)
        .select((
            agreement::id,
            agreement::title,
            agreement::marketplace_id,
            agreement::auto_accept,
            sql::<Bool>(HAS_ENROLL_FORM),
            agreement::active_version,
            agreement::created_at,
        ))
        .load(tx.conn())?)
}
