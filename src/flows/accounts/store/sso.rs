//! Rows of single sign-on: providers and domains of an account.

use diesel::prelude::*;

use crate::db::list::{Collection, Field, Scope};
use crate::db::schema::{idp, membership, person, sso_attempt, sso_domain, sso_link};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::flows::accounts::model::MemberStatus;
use crate::flows::accounts::model::sso::{DomainStatus, DomainWords, ProviderWords};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Events, GroupId, IdpId, Refusal, SsoDomainId, Time, UserId};

/// A provider.
#[derive(Debug, Clone, Queryable)]
pub struct IdpRow {
    /// Which.
    pub id: IdpId,
    /// Whose.
    pub account: AccountId,
    /// What people choose it by.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// Our id there; empty until it is known.
    pub client_id: String,
    /// Our secret there, sealed.
    pub sealed: Option<String>,
    /// Whether its word counts that somebody showed a second factor.
    pub trusts_factors: bool,
    /// Where its sessions are ended.
    pub end_session: Option<String>,
    /// When it was created and changed.
    pub events: Doc<Events>,
    /// Counts the changes.
    pub revision: i64,
    /// The owner's name for it.
    pub external_id: String,
    /// What it is for.
    pub description: String,
    /// What is asked for besides the address and the name, with spaces between.
    pub scopes: String,
    /// What people read before they go there.
    pub notice: String,
    /// Whether people whom it knows become members when they first come in.
    pub joins: bool,
    /// The group of members of whom nothing else says in which they are.
    pub join_group: Option<GroupId>,
    /// The claim that says in which groups somebody is; empty if none does.
    pub groups_claim: String,
}

impl IdpRow {
    /// What an administrator says about it.
    pub fn words(&self) -> ProviderWords {
        ProviderWords {
            name: self.name.clone(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            trusts_factors: self.trusts_factors,
            external_id: self.external_id.clone(),
            description: self.description.clone(),
            scopes: self.scopes.clone(),
            notice: self.notice.clone(),
            joins: self.joins,
            join_group: self.join_group.clone(),
            groups_claim: self.groups_claim.clone(),
        }
    }

    /// Whether somebody can sign in by it.
    pub fn is_ready(&self) -> bool {
        !self.client_id.is_empty() && self.sealed.is_some()
    }
}

type IdpColumns = (
    idp::id,
    idp::account_id,
    idp::name,
    idp::issuer,
    idp::client_id,
    idp::sealed,
    idp::trusts_factors,
    idp::end_session,
    idp::events,
    idp::revision,
    idp::external_id,
    idp::description,
    idp::scopes,
    idp::notice,
    idp::joins,
    idp::join_group,
    idp::groups_claim,
);

const IDP: IdpColumns = (
    idp::id,
    idp::account_id,
    idp::name,
    idp::issuer,
    idp::client_id,
    idp::sealed,
    idp::trusts_factors,
    idp::end_session,
    idp::events,
    idp::revision,
    idp::external_id,
    idp::description,
    idp::scopes,
    idp::notice,
    idp::joins,
    idp::join_group,
    idp::groups_claim,
);

/// The providers of the acting company, oldest first.
pub fn idps(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<IdpRow>> {
    let own = idp::table.filter(idp::account_id.eq(actor.account()?));
    Ok(own.order((idp::created_at, idp::id)).select(IDP).load(tx.conn())?)
}

/// A provider of the acting company.
pub fn idp(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<IdpRow> {
    let own = idp::table.find(id).filter(idp::account_id.eq(actor.account()?));
    let found = own.select(IDP).first(tx.conn()).optional()?;
    found.ok_or_else(|| Refusal::not_found("provider", id).into())
}

/// Any provider, for somebody who signs in by it.
pub fn any_idp(tx: &mut Tx<'_>, id: &IdpId) -> Result<Option<IdpRow>> {
    Ok(idp::table.find(id).select(IDP).first(tx.conn()).optional()?)
}

/// Writes a new provider.
pub fn insert_idp(tx: &mut Tx<'_>, account: &AccountId, words: &ProviderWords, events: Events) -> Result<IdpId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            idp::id.eq(format!("IDP-{digits}")),
            idp::account_id.eq(account),
            idp::name.eq(&words.name),
            idp::issuer.eq(&words.issuer),
            idp::client_id.eq(&words.client_id),
            idp::trusts_factors.eq(words.trusts_factors),
            idp::external_id.eq(&words.external_id),
            idp::description.eq(&words.description),
            idp::scopes.eq(&words.scopes),
            idp::notice.eq(&words.notice),
            idp::joins.eq(words.joins),
            idp::join_group.eq(words.join_group.as_ref().map(GroupId::as_str)),
            idp::groups_claim.eq(&words.groups_claim),
            idp::events.eq(Doc(events.clone())),
            idp::revision.eq(1i64),
            idp::created_at.eq(at),
        );
        Ok(diesel::insert_into(idp::table).values(row).returning(idp::id).get_result::<IdpId>(tx.conn())?)
    })
}

/// Writes what is said about a provider, and our secret there.
pub fn update_idp(
    tx: &mut Tx<'_>,
    id: &IdpId,
    words: &ProviderWords,
    sealed: Option<&str>,
    events: Events,
) -> Result<()> {
    diesel::update(idp::table.find(id))
        .set((
            idp::name.eq(&words.name),
            idp::issuer.eq(&words.issuer),
            idp::client_id.eq(&words.client_id),
            idp::trusts_factors.eq(words.trusts_factors),
            idp::external_id.eq(&words.external_id),
            idp::description.eq(&words.description),
            idp::scopes.eq(&words.scopes),
            idp::notice.eq(&words.notice),
            idp::joins.eq(words.joins),
            idp::join_group.eq(words.join_group.as_ref().map(GroupId::as_str)),
            idp::groups_claim.eq(&words.groups_claim),
            idp::sealed.eq(sealed),
            idp::events.eq(Doc(events)),
            idp::revision.eq(idp::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes where a provider ends its sessions.
pub fn note_end_session(tx: &mut Tx<'_>, id: &IdpId, end_session: Option<&str>) -> Result<()> {
    diesel::update(idp::table.find(id)).set(idp::end_session.eq(end_session)).execute(tx.conn())?;
    Ok(())
}

/// Takes a provider away, with whom it means and who is signing in by it.
pub fn delete_idp(tx: &mut Tx<'_>, id: &IdpId) -> Result<()> {
    forget_subjects(tx, id)?;
    diesel::delete(sso_attempt::table.filter(sso_attempt::idp_id.eq(id))).execute(tx.conn())?;
    let named = sso_domain::table.filter(sso_domain::idp_id.eq(id.as_str()));
    diesel::update(named).set(sso_domain::idp_id.eq(None::<&str>)).execute(tx.conn())?;
    diesel::delete(idp::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Providers of the acting company that put people into one of its groups when nothing else says where they belong.
pub fn idps_with_group(tx: &mut Tx<'_>, actor: &Actor, group: &GroupId) -> Result<Vec<String>> {
    let own = idp::table.filter(idp::account_id.eq(actor.account()?)).filter(idp::join_group.eq(group.as_str()));
    Ok(own.order(idp::name).select(idp::name).load(tx.conn())?)
}

/// Forgets whom a provider means by its subjects: it is another one now.
pub fn forget_subjects(tx: &mut Tx<'_>, id: &IdpId) -> Result<()> {
    diesel::delete(sso_link::table.filter(sso_link::idp_id.eq(id))).execute(tx.conn())?;
    Ok(())
}

/// A domain.
#[derive(Debug, Clone, Queryable)]
pub struct SsoDomainRow {
    /// Which.
    pub id: SsoDomainId,
    /// Whose.
    pub account: AccountId,
    /// Its name.
    pub domain: String,
    /// What its record has to say.
    pub token: String,
    /// Which provider knows its people.
    pub idp: Option<IdpId>,
    /// Whether they come in by it alone.
    pub enforce: bool,
    /// Where it stands.
    pub status: DomainStatus,
    /// When its record was looked up last.
    pub checked_at: Option<Time>,
    /// Since when the record of a verified domain is gone.
    pub missing_since: Option<Time>,
    /// When it was created and changed.
    pub events: Doc<Events>,
    /// Counts the changes.
    pub revision: i64,
    /// What it is called, if anything.
    pub name: String,
    /// What it is for.
    pub description: String,
}

impl SsoDomainRow {
    /// What an administrator says about it.
    pub fn words(&self) -> DomainWords {
        DomainWords {
            name: self.name.clone(),
            description: self.description.clone(),
            idp: self.idp.as_ref().map(IdpId::to_string),
            enforce: self.enforce,
        }
    }
}

type DomainColumns = (
    sso_domain::id,
    sso_domain::account_id,
    sso_domain::domain,
    sso_domain::token,
    sso_domain::idp_id,
    sso_domain::enforce,
    sso_domain::status,
    sso_domain::checked_at,
    sso_domain::missing_since,
    sso_domain::events,
    sso_domain::revision,
    sso_domain::name,
    sso_domain::description,
);

const DOMAIN: DomainColumns = (
    sso_domain::id,
    sso_domain::account_id,
    sso_domain::domain,
    sso_domain::token,
    sso_domain::idp_id,
    sso_domain::enforce,
    sso_domain::status,
    sso_domain::checked_at,
    sso_domain::missing_since,
    sso_domain::events,
    sso_domain::revision,
    sso_domain::name,
    sso_domain::description,
);

/// The domains of the acting company, by name.
pub fn sso_domains(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<SsoDomainRow>> {
    let own = sso_domain::table.filter(sso_domain::account_id.eq(actor.account()?));
    Ok(own.order((sso_domain::domain, sso_domain::id)).select(DOMAIN).load(tx.conn())?)
}

/// A domain of the acting company.
pub fn sso_domain(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<SsoDomainRow> {
    let own = sso_domain::table.find(id).filter(sso_domain::account_id.eq(actor.account()?));
    let found = own.select(DOMAIN).first(tx.conn()).optional()?;
    found.ok_or_else(|| Refusal::not_found("domain", id).into())
}

/// Writes a new domain.
pub fn insert_sso_domain(
    tx: &mut Tx<'_>,
    account: &AccountId,
    (domain, token): (&str, &str),
    events: Events,
) -> Result<SsoDomainId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            sso_domain::id.eq(format!("DOM-{digits}")),
            sso_domain::account_id.eq(account),
            sso_domain::domain.eq(domain),
            sso_domain::token.eq(token),
            sso_domain::enforce.eq(false),
            sso_domain::status.eq(DomainStatus::Pending),
            sso_domain::events.eq(Doc(events.clone())),
            sso_domain::revision.eq(1i64),
            sso_domain::created_at.eq(at),
        );
        let written = diesel::insert_into(sso_domain::table).values(row).returning(sso_domain::id);
        Ok(written.get_result::<SsoDomainId>(tx.conn())?)
    })
}

/// Writes everything of a domain that changes.
pub fn update_sso_domain(tx: &mut Tx<'_>, row: &SsoDomainRow) -> Result<()> {
    diesel::update(sso_domain::table.find(&row.id))
        .set((
            sso_domain::idp_id.eq(row.idp.as_ref().map(IdpId::as_str)),
            sso_domain::name.eq(&row.name),
            sso_domain::description.eq(&row.description),
            sso_domain::enforce.eq(row.enforce),
            sso_domain::status.eq(row.status),
            sso_domain::checked_at.eq(row.checked_at),
            sso_domain::missing_since.eq(row.missing_since),
            sso_domain::events.eq(row.events.clone()),
            sso_domain::revision.eq(sso_domain::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a domain away.
pub fn delete_sso_domain(tx: &mut Tx<'_>, id: &SsoDomainId) -> Result<()> {
    diesel::delete(sso_domain::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Verified domains of all companies that nobody has looked up since a moment, those waiting longest first. For the schedule.
pub fn sso_domains_to_check(tx: &mut Tx<'_>, since: Time, limit: i64) -> Result<Vec<SsoDomainRow>> {
    Ok(sso_domain::table
        .filter(sso_domain::status.eq(DomainStatus::Verified))
        .filter(sso_domain::checked_at.le(since))
        .order((sso_domain::checked_at, sso_domain::id))
        .limit(limit)
        .select(DOMAIN)
        .load(tx.conn())?)
}

/// A member of the acting company whose address belongs to a domain.
#[derive(Debug, Clone, Queryable)]
pub struct DomainUser {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// When they last came in by the domain's provider; never if they have not yet.
    pub used_at: Option<Time>,
}

/// Members of the acting company whose addresses belong to one of its domains, by address, at most `limit`.
pub fn sso_domain_users(tx: &mut Tx<'_>, actor: &Actor, row: &SsoDomainRow, limit: i64) -> Result<Vec<DomainUser>> {
    // Nobody is linked with a provider that has no id.
    let provider = row.idp.as_ref().map_or("", IdpId::as_str);
    Ok(membership::table
        .inner_join(person::table)
        .left_join(sso_link::table.on(sso_link::user_id.eq(person::id).and(sso_link::idp_id.eq(provider))))
        .filter(membership::account_id.eq(actor.account()?))
        .filter(membership::status.eq(MemberStatus::Active))
        .filter(person::email_folded.like(format!("%@{}", row.domain)))
        .order(person::email_folded)
        .limit(limit)
        .select((person::id, person::name, person::email, sso_link::used_at.nullable()))
        .load(tx.conn())?)
}

/// Providers of a company.
pub const IDPS: Collection = Collection {
    name: "identity providers",
    from: "idp i",
    id: "i.id",
    scope: Scope::Owner("i.account_id"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "i.name").orderable().searchable(),
        Field::text("external_id", "i.external_id").searchable(),
        Field::choice("type", "case when i.id is not null then 'openid' end", &["system", "saml", "openid"]),
        Field::time("events.created.at", "i.created_at").orderable(),
    ],
    order: &["-events.created.at"],
};

/// Domains of a company.
pub const SSO_DOMAINS: Collection = Collection {
    name: "domains",
    from: "sso_domain d",
    id: "d.id",
    scope: Scope::Owner("d.account_id"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "d.name").orderable().searchable(),
        Field::text("domain", "d.domain").orderable().searchable(),
        Field::choice("status", "d.status", DomainStatus::WORDS),
        Field::flag("auth.enforce", "d.enforce"),
        Field::text("auth.idp.id", "d.idp_id").nullable(),
        Field::time("events.created.at", "d.created_at").orderable(),
    ],
    order: &["-events.created.at"],
};
