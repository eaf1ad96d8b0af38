//! Rows of tier accounts and their versions.

mod lists;
mod picking;

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text as SqlText};

use crate::db::schema::{party, tier_account, tier_account_version};
use crate::db::{MultiBackend, Result, Tx, insert_with_fresh_id};
use crate::flows::customers::model::{ContactInfo, Details, Kind, Parent, REGION, Scope, TierSnapshot};
use crate::kit::column::{Doc, JsonDoc};
use crate::kit::{AccountId, Actor, Environment, Events, HubId, NamedRef, Refusal, Side, TierAccountId, fold};

pub use lists::TIER_ACCOUNTS;
pub use picking::pick;

/// The word for tier accounts in party rows and in the journal.
pub const KIND: &str = "tier_account";

/// A tier account with what only its directory knows.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What everybody concerned may see.
    pub account: TierSnapshot,
    /// The company with a portal of its own that this reseller is.
    pub portal: Option<AccountId>,
    /// Grows with each change.
    pub revision: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlText)]
    id: TierAccountId,
    #[diesel(sql_type = SqlText)]
    account_id: String,
    #[diesel(sql_type = SqlText)]
    owner_name: String,
    #[diesel(sql_type = SqlText)]
    kind: Kind,
    #[diesel(sql_type = SqlText)]
    name: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    external_id: Option<String>,
    #[diesel(sql_type = SqlText)]
    external_uid: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    hub_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    hub_name: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    parent_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    parent_name: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    parent_external: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    portal_account_id: Option<AccountId>,
    #[diesel(sql_type = Nullable<SqlText>)]
    environment: Option<Environment>,
    #[diesel(sql_type = Nullable<SqlText>)]
    tax_id: Option<String>,
    #[diesel(sql_type = JsonDoc)]
    contact: Doc<ContactInfo>,
    #[diesel(sql_type = SqlText)]
    scopes: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = JsonDoc)]
    events: Doc<Events>,
    #[diesel(sql_type = BigInt)]
    revision: i64,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let parent = row.parent_id.map(|id| Parent {
            id,
            name: row.parent_name.unwrap_or_default(),
            external_id: row.parent_external,
        });
        Self {
            account: TierSnapshot {
                id: row.id,
                version: row.version,
                name: row.name,
                kind: row.kind,
                db: REGION.to_owned(),
                external_id: row.external_id,
                external_uid: row.external_uid,
                parent,
                owner: NamedRef { id: row.account_id, name: row.owner_name },
                scopes: row.scopes.split_whitespace().filter_map(Scope::parse).collect(),
                hub: row.hub_id.map(|id| NamedRef { id, name: row.hub_name.unwrap_or_default() }),
                tax_id: row.tax_id,
                environment: row.environment,
                contact_info: row.contact.0,
                events: row.events.0,
            },
            portal: row.portal_account_id,
            revision: row.revision,
        }
    }
}

const ENTRY: &str = "select t.id, t.account_id, a.name as owner_name, t.kind, t.name, t.external_id, t.external_uid, \
    t.hub_id, h.name as hub_name, t.parent_id, p.name as parent_name, p.external_id as parent_external, \
    t.portal_account_id, nullif(t.environment, '') as environment, t.tax_id, t.contact, t.scopes, t.version, t.events, t.revision \
    from tier_account t join account a on a.id = t.account_id left join hub h on h.id = t.hub_id \
    left join tier_account p on p.id = t.parent_id";

/// Tier accounts by their ids, in no order: one statement. For lists and actions that have made sure that the actor may
/// see them.
pub fn entries(tx: &mut Tx<'_>, ids: &[&str]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let mut query =
        diesel::sql_query(format!("{ENTRY} where t.id in ({})", places.join(", "))).into_boxed::<MultiBackend>();
    for id in ids {
        query = query.bind::<SqlText, _>((*id).to_owned());
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// Tier accounts by id, as the wire and requests show them. For flows that have made sure that the actor may see them.
pub fn snapshots(tx: &mut Tx<'_>, ids: &[&str]) -> Result<HashMap<String, TierSnapshot>> {
    Ok(entries(tx, ids)?.into_iter().map(|e| (e.account.id.to_string(), e.account)).collect())
}

/// One tier account that the actor may see, with the side on which the actor stands; locked when it is to be changed.
pub fn load(tx: &mut Tx<'_>, actor: &Actor, id: &str, lock: bool) -> Result<(Entry, Side)> {
    let missing = || Refusal::not_found("customer", id);
    let side = crate::db::party::side(tx, KIND, id, actor.account()?)?.ok_or_else(missing)?;
    if lock {
        crate::db::lock(tx, "tier_account", id)?;
    }
    let entry = entries(tx, &[id])?.pop().ok_or_else(missing)?;
    Ok((entry, side))
}

/// The live account of an owner with a UUID or, failing that, with an external id, if the actor may see it.
pub fn find(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: &AccountId,
    external_uid: Option<&str>,
    external_id: Option<&str>,
) -> Result<Option<Entry>> {
    let reader = actor.account()?;
    let seen =
        || {
            tier_account::table
                .inner_join(party::table.on(
                    party::object_id.eq(tier_account::id).and(party::kind.eq(KIND)).and(party::account_id.eq(reader)),
                ))
                .filter(tier_account::account_id.eq(owner))
                .select(tier_account::id)
                .order(tier_account::created_at.asc())
        };
    let mut found: Option<String> = None;
    if let Some(uid) = external_uid {
        found = seen().filter(tier_account::external_uid.eq(uid)).first(tx.conn()).optional()?;
    }
    if let (None, Some(external)) = (&found, external_id) {
        found = seen().filter(tier_account::external_id.eq(external)).first(tx.conn()).optional()?;
    }
    match found {
        Some(id) => Ok(entries(tx, &[&id])?.pop()),
        None => Ok(None),
    }
}

/// The id that has a UUID in an owner's directory, decommissioned ones included.
pub fn id_of_uid(tx: &mut Tx<'_>, _: &Actor, owner: &AccountId, external_uid: &str) -> Result<Option<TierAccountId>> {
    Ok(tier_account::table
        .filter(tier_account::account_id.eq(owner))
        .filter(tier_account::external_uid.eq(external_uid))
        .select(tier_account::id)
        .first(tx.conn())
        .optional()?)
}

/// The reseller in an owner's directory that is a company with a portal of its own.
pub fn of_portal(tx: &mut Tx<'_>, _: &Actor, owner: &AccountId, portal: &AccountId) -> Result<Option<Entry>> {
    let id: Option<String> = tier_account::table
        .inner_join(
            party::table
                .on(party::object_id.eq(tier_account::id).and(party::kind.eq(KIND)).and(party::account_id.eq(owner))),
        )
        .filter(tier_account::account_id.eq(owner))
        .filter(tier_account::portal_account_id.eq(portal.as_str()))
        .select(tier_account::id)
        .order(tier_account::created_at.asc())
        .first(tx.conn())
        .optional()?;
    match id {
        Some(id) => Ok(entries(tx, &[&id])?.pop()),
        None => Ok(None),
    }
}

/// The accounts that stand directly under a reseller and are not decommissioned.
pub fn children(tx: &mut Tx<'_>, actor: &Actor, id: &TierAccountId, limit: i64) -> Result<Vec<NamedRef>> {
    let reader = actor.account()?;
    let rows: Vec<(String, String)> = tier_account::table
        .inner_join(
            party::table
                .on(party::object_id.eq(tier_account::id).and(party::kind.eq(KIND)).and(party::account_id.eq(reader))),
        )
        .filter(tier_account::parent_id.eq(id.as_str()))
        .order((tier_account::name_folded.asc(), tier_account::id.asc()))
        .limit(limit)
        .select((tier_account::id, tier_account::name))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, name)| NamedRef { id, name }).collect())
}

/// Writes a new tier account under a fresh id. `details` are checked. Gives the id that has the UUID already instead, if
/// there is one.
pub fn insert(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: &AccountId,
    details: &Details,
    external_uid: &str,
    events: &Events,
) -> Result<std::result::Result<TierAccountId, TierAccountId>> {
    let at = tx.at();
    let email = fold(&details.contact_info.contact.email);
    insert_with_fresh_id(tx, &[4, 4, 4], |tx, digits| {
        let row = (
            (
                tier_account::id.eq(format!("TA-{digits}")),
                tier_account::account_id.eq(owner),
                tier_account::kind.eq(details.kind),
                tier_account::name.eq(&details.name),
                tier_account::name_folded.eq(fold(&details.name)),
                tier_account::external_id.eq(details.external_id.as_deref()),
                tier_account::external_uid.eq(external_uid),
                tier_account::hub_id.eq(details.hub.as_ref().map(HubId::as_str)),
                tier_account::parent_id.eq(details.parent.as_ref().map(TierAccountId::as_str)),
                tier_account::portal_account_id.eq(details.portal.as_ref().map(AccountId::as_str)),
            ),
            (
                tier_account::environment.eq(details.environment.as_ref().map_or("", Environment::as_str)),
                tier_account::tax_id.eq(details.tax_id.as_deref()),
                tier_account::contact.eq(Doc(details.contact_info.clone())),
                tier_account::email_folded.eq(&email),
                tier_account::scopes.eq(""),
                tier_account::version.eq(1),
                tier_account::events.eq(Doc(events.clone())),
                tier_account::revision.eq(1i64),
                tier_account::created_at.eq(at),
                tier_account::updated_at.eq(at),
            ),
        );
        let written = tx.savepoint(|tx| {
            Ok(diesel::insert_into(tier_account::table)
                .values(row)
                .returning(tier_account::id)
                .get_result::<TierAccountId>(tx.conn())?)
        });
        match written {
            Ok(id) => Ok(Ok(id)),
            // Either the id or the UUID is taken; only the first is worth another try.
            Err(e) if e.is_unique_violation() => id_of_uid(tx, actor, owner, external_uid)?.map(Err).ok_or(e),
            Err(e) => Err(e),
        }
    })
}

/// Writes changed details as a new version.
pub fn update(
    tx: &mut Tx<'_>,
    id: &TierAccountId,
    details: &Details,
    external_uid: &str,
    events: &Events,
) -> Result<()> {
    let at = tx.at();
    diesel::update(tier_account::table.find(id))
        .set((
            tier_account::kind.eq(details.kind),
            tier_account::name.eq(&details.name),
            tier_account::name_folded.eq(fold(&details.name)),
            tier_account::external_id.eq(details.external_id.as_deref()),
            tier_account::external_uid.eq(external_uid),
            tier_account::hub_id.eq(details.hub.as_ref().map(HubId::as_str)),
            tier_account::parent_id.eq(details.parent.as_ref().map(TierAccountId::as_str)),
            tier_account::portal_account_id.eq(details.portal.as_ref().map(AccountId::as_str)),
            tier_account::environment.eq(details.environment.as_ref().map_or("", Environment::as_str)),
            tier_account::tax_id.eq(details.tax_id.as_deref()),
            tier_account::contact.eq(Doc(details.contact_info.clone())),
            tier_account::email_folded.eq(fold(&details.contact_info.contact.email)),
            tier_account::version.eq(tier_account::version + 1),
            tier_account::events.eq(Doc(events.clone())),
            tier_account::revision.eq(tier_account::revision + 1),
            tier_account::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes an account's events alone: it was decommissioned.
pub fn set_events(tx: &mut Tx<'_>, id: &TierAccountId, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(tier_account::table.find(id))
        .set((
            tier_account::events.eq(Doc(events.clone())),
            tier_account::revision.eq(tier_account::revision + 1),
            tier_account::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes the parts that an account plays, as words with a space around each.
pub fn set_scopes(tx: &mut Tx<'_>, id: &TierAccountId, scopes: &[Scope]) -> Result<()> {
    let words: String = scopes.iter().map(|s| format!("{s} ")).collect();
    diesel::update(tier_account::table.find(id))
        .set(tier_account::scopes.eq(format!(" {words}")))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a version readable for ever.
pub fn keep_version(tx: &mut Tx<'_>, account: &TierSnapshot) -> Result<()> {
    let row = (
        tier_account_version::tier_account_id.eq(&account.id),
        tier_account_version::version.eq(account.version),
        tier_account_version::doc.eq(Doc(account.clone())),
        tier_account_version::created_at.eq(tx.at()),
    );
    diesel::insert_into(tier_account_version::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The versions of an account, newest first. The caller has made sure that the actor may see it.
pub fn versions(tx: &mut Tx<'_>, _: &Actor, id: &TierAccountId, limit: i64) -> Result<Vec<TierSnapshot>> {
    let docs: Vec<Doc<TierSnapshot>> = tier_account_version::table
        .filter(tier_account_version::tier_account_id.eq(id))
        .order(tier_account_version::version.desc())
        .limit(limit)
        .select(tier_account_version::doc)
        .load(tx.conn())?;
    Ok(docs.into_iter().map(|d| d.0).collect())
}

/// The resellers with a portal that see a subscription which names an account.
pub fn sellers(tx: &mut Tx<'_>, id: &TierAccountId) -> Result<Vec<AccountId>> {
    use crate::db::schema::asset;
    let own = Some(id.as_str());
    Ok(asset::table
        .inner_join(party::table.on(party::object_id.eq(asset::id).and(party::kind.eq("asset"))))
        .filter(asset::customer_id.eq(id.as_str()).or(asset::tier1_id.eq(own)).or(asset::tier2_id.eq(own)))
        .filter(party::side.eq(Side::Reseller))
        .select(party::account_id)
        .distinct()
        .load(tx.conn())?)
}

/// Whether any subscription that is not over names an account.
pub fn is_used(tx: &mut Tx<'_>, _: &Actor, id: &TierAccountId) -> Result<bool> {
    use crate::db::schema::asset;
    let own = Some(id.as_str());
    let live = asset::table
        .filter(asset::status.ne("terminated"))
        .filter(asset::customer_id.eq(id.as_str()).or(asset::tier1_id.eq(own)).or(asset::tier2_id.eq(own)));
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(tx.conn())?)
}
