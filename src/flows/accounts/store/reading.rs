//! Members and groups as lists and pages show them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::list::{Collection, Field, Join, Many, Scope};
use crate::db::schema::{group_member, group_permission, membership, person, user_group};
use crate::db::{Result, Tx, in_order};
use crate::flows::accounts::model::MemberStatus;
use crate::kit::column::Doc;
use crate::kit::{Actor, Events, GroupId, Level, Module, Time, UserId};

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
