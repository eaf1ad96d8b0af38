//! Members, groups and tokens as lists and pages show them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::list::{Collection, Field, Join, Many, Scope};
use crate::db::schema::{group_member, group_permission, membership, person, token, token_permission, user_group};
use crate::db::{Result, Tx, in_order};
use crate::flows::accounts::model::{MemberStatus, TokenStatus};
use crate::kit::column::Doc;
use crate::kit::{Actor, Events, GroupId, Level, Module, Time, TokenId, UserId};

/// A member of a company.
#[derive(Debug, Clone, Queryable)]
pub struct MemberRow {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they joined yet.
    pub status: MemberStatus,
    /// When they signed in last.
    pub signed_in_at: Option<Time>,
    /// Since when they are a member or invited.
    pub since: Time,
    /// When the person was created.
    pub events: Doc<Events>,
    /// Their time zone.
    pub timezone: Option<String>,
}

/// Members of a company, in the order of the given ids.
pub fn members(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<MemberRow>> {
    let company = actor.account()?;
    let rows: Vec<MemberRow> = membership::table
        .inner_join(person::table)
        .filter(membership::account_id.eq(company))
        .filter(membership::user_id.eq_any(ids))
        .select((
            person::id,
            person::name,
            person::email,
            membership::status,
            person::signed_in_at,
            membership::created_at,
            person::events,
            person::timezone,
        ))
        .load(tx.conn())?;
    Ok(in_order(ids, rows, |r| r.id.as_str()))
}

/// Groups of a company with each member in them: (member, group, group's name).
pub fn groups_of_members(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<(UserId, GroupId, String)>> {
    let company = actor.account()?;
    Ok(group_member::table
        .inner_join(user_group::table)
        .filter(user_group::account_id.eq(company))
        .filter(group_member::user_id.eq_any(ids))
        .order((user_group::name, user_group::id))
        .select((group_member::user_id, user_group::id, user_group::name))
        .load(tx.conn())?)
}

/// A group.
#[derive(Debug, Clone, Queryable)]
pub struct GroupRow {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// When it was created and changed.
    pub events: Doc<Events>,
    /// Counts the changes.
    pub revision: i64,
}

/// Every group of a company, by name.
pub fn groups(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<GroupRow>> {
    let company = actor.account()?;
    Ok(user_group::table
        .filter(user_group::account_id.eq(company))
        .order((user_group::name_folded, user_group::id))
        .select((user_group::id, user_group::name, user_group::description, user_group::events, user_group::revision))
        .load(tx.conn())?)
}

/// How many members each group of a company has.
pub fn group_sizes(tx: &mut Tx<'_>, actor: &Actor) -> Result<HashMap<GroupId, i64>> {
    let company = actor.account()?;
    let rows: Vec<(GroupId, i64)> = group_member::table
        .inner_join(user_group::table)
        .filter(user_group::account_id.eq(company))
        .group_by(group_member::group_id)
        .select((group_member::group_id, diesel::dsl::count_star()))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// What each group of a company may do.
pub fn permissions_of_groups(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(GroupId, Module, Level)>> {
    let company = actor.account()?;
    Ok(group_permission::table
        .inner_join(user_group::table)
        .filter(user_group::account_id.eq(company))
        .order((group_permission::group_id, group_permission::module))
        .select((group_permission::group_id, group_permission::module, group_permission::level))
        .load(tx.conn())?)
}

/// What a group of a company may do.
pub fn group_permissions(tx: &mut Tx<'_>, actor: &Actor, group: &GroupId) -> Result<Vec<(Module, Level)>> {
    let company = actor.account()?;
    Ok(group_permission::table
        .inner_join(user_group::table)
        .filter(user_group::account_id.eq(company))
        .filter(group_permission::group_id.eq(group))
        .select((group_permission::module, group_permission::level))
        .load(tx.conn())?)
}

/// An API token, without its secret.
#[derive(Debug, Clone, Queryable)]
pub struct TokenRow {
    /// Which.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The owner's number for it.
    pub external_id: Option<String>,
    /// Whether it may be used.
    pub status: TokenStatus,
    /// Until when.
    pub expires_at: Option<Time>,
    /// When it was used last.
    pub used_at: Option<Time>,
    /// When it was created and changed.
    pub events: Doc<Events>,
}

/// Tokens of a company, in the order of the given ids. One whose end has passed is expired, whatever is kept.
pub fn tokens(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<TokenRow>> {
    let (company, at) = (actor.account()?, tx.at());
    let mut rows: Vec<TokenRow> = token::table
        .filter(token::account_id.eq(company))
        .filter(token::id.eq_any(ids))
        .select((
            token::id,
            token::name,
            token::description,
            token::external_id,
            token::status,
            token::expires_at,
            token::used_at,
            token::events,
        ))
        .load(tx.conn())?;
    for row in rows.iter_mut().filter(|row| row.expires_at.is_some_and(|end| end <= at)) {
        if row.status != TokenStatus::Deleted {
            row.status = TokenStatus::Expired;
        }
    }
    Ok(in_order(ids, rows, |r| r.id.as_str()))
}

/// What tokens may do: (token, module, level).
pub fn token_permissions(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<(TokenId, Module, Level)>> {
    let company = actor.account()?;
    Ok(token_permission::table
        .inner_join(token::table)
        .filter(token::account_id.eq(company))
        .filter(token_permission::token_id.eq_any(ids))
        .select((token_permission::token_id, token_permission::module, token_permission::level))
        .load(tx.conn())?)
}

/// Users of a company.
pub const USERS: Collection = Collection {
    name: "users",
    from: "membership m",
    id: "m.user_id",
    scope: Scope::Owner("m.account_id"),
    joins: &[Join::inner("person", "person u on u.id = m.user_id")],
    many: &[Many::new(
        "groups",
        "group_member gm join user_group g on g.id = gm.group_id",
        "gm.user_id = m.user_id and g.account_id = m.account_id",
    )],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "u.name").via("person").orderable().searchable(),
        Field::text("email", "u.email").via("person").folded("u.email_folded").orderable().searchable(),
        Field::choice("status", "m.status", MemberStatus::WORDS),
        Field::text("groups.id", "g.id").many("groups"),
        Field::text("groups.name", "g.name").many("groups"),
        Field::time("events.created.at", "u.created_at").via("person").orderable(),
        Field::time("events.invited.at", "m.created_at").orderable(),
        Field::time("events.signed.at", "u.signed_in_at").via("person").nullable().orderable(),
        Field::nothing("external_id"),
        Field::nothing("domain.id"),
        Field::nothing("domain.auth.idp.id"),
        Field::nothing("idp.id"),
        Field::nothing("tags.id"),
        Field::nothing("tags.name"),
    ],
    order: &["name"],
};

/// Statuses that clients may name; some tell more than is told apart here, and no token has them.
const TOKEN_STATUSES: &[&str] = &["active", "inactive", "expired", "deleted", "pending", "expiring", "revitalised"];

/// The API's id of a permission's module, as [`Module::id`] has it.
const MODULE_ID: &str = "case tp.module when 'account' then 'MD-0001' when 'products' then 'MD-0002' when 'listings' then 'MD-0003' \
     when 'marketplaces' then 'MD-0004' when 'partners' then 'MD-0005' when 'subscriptions' then 'MD-0006' \
     when 'integrations' then 'MD-0007' when 'customers' then 'MD-0008' when 'tier_configs' then 'MD-0009' \
     when 'usage' then 'MD-0010' when 'reports' then 'MD-0011' when 'helpdesk' then 'MD-0023' when 'devops' then 'MD-0024' end";

/// API tokens of a company.
pub const TOKENS: Collection = Collection {
    name: "tokens",
    from: "token t",
    id: "t.id",
    scope: Scope::Owner("t.account_id"),
    joins: &[],
    many: &[Many::new("permissions", "token_permission tp", "tp.token_id = t.id")],
    fields: &[
        Field::id().orderable(),
        Field::text("name", "t.name").orderable().searchable(),
        Field::text("external_id", "t.external_id").nullable(),
        Field::choice("status", "t.status", TOKEN_STATUSES).orderable(),
        Field::text("extension.id", "t.extension").orderable(),
        Field::text("permissions.id", MODULE_ID).many("permissions"),
        Field::text("permissions.object.id", MODULE_ID).many("permissions"),
        Field::time("expiration_date", "t.expires_at").nullable().orderable(),
        Field::time("events.created.at", "t.created_at").orderable(),
        Field::text("events.created.by.id", "t.events").json("created.by.id"),
        Field::text("events.created.by.name", "t.events").json("created.by.name"),
    ],
    order: &["-events.created.at"],
};

/// Groups of a company.
pub const GROUPS: Collection = Collection {
    name: "groups",
    from: "user_group g",
    id: "g.id",
    scope: Scope::Owner("g.account_id"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "g.name").folded("g.name_folded").orderable().searchable(),
        Field::text("description", "g.description").searchable(),
        Field::text("external_id", "g.external_id").nullable().searchable(),
        Field::time("events.created.at", "g.created_at").orderable(),
    ],
    order: &["name"],
};
