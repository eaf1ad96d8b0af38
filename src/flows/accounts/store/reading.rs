//! Members and groups as lists and pages show them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::SIGNED_IN;
use crate::db::list::{Collection, Field, Join, Many, Scope};
use crate::db::schema::{blocked_address, group_member, group_permission, membership, person, user_group};
use crate::db::{Result, Tx, in_order};
use crate::flows::accounts::model::MemberStatus;
use crate::flows::accounts::model::people::{ContactTag, status_at};
use crate::kit::column::Doc;
use crate::kit::{Actor, Events, GroupId, Level, Module, NamedRef, Time, UserId};

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
    /// When they joined.
    pub activated_at: Option<Time>,
    /// Until when the invitation works.
    pub expires_at: Option<Time>,
    /// Who invited them.
    pub invited_by: Option<Doc<NamedRef>>,
    /// Counts the changes of the membership.
    pub revision: i64,
    /// Since when no mail goes to their address.
    pub blocked_at: Option<Time>,
    /// Why no mail goes to their address.
    pub blocked_for: Option<String>,
    /// Path of their picture.
    pub icon: Option<String>,
}

/// Members of a company, in the order of the given ids. An invitation that was not taken up in time is expired, whatever
/// is kept.
pub fn members(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<MemberRow>> {
    let (company, at) = (actor.account()?, tx.at());
    let mut rows: Vec<MemberRow> = membership::table
        .inner_join(person::table)
        .left_join(blocked_address::table.on(blocked_address::email_folded.eq(person::email_folded)))
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
            membership::activated_at,
            membership::expires_at,
            membership::invited_by,
            membership::revision,
            blocked_address::blocked_at.nullable(),
            blocked_address::reason.nullable(),
            person::icon,
        ))
        .load(tx.conn())?;
    rows.iter_mut().for_each(|row| row.status = status_at(row.status, row.expires_at, at));
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
    /// Its colour, `#2f5bd0`.
    pub color: Option<String>,
    /// The owner's name for it.
    pub external_id: Option<String>,
}

/// Every group of a company, by name.
pub fn groups(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<GroupRow>> {
    let company = actor.account()?;
    Ok(user_group::table
        .filter(user_group::account_id.eq(company))
        .order((user_group::name_folded, user_group::id))
        .select((
            user_group::id,
            user_group::name,
            user_group::description,
            user_group::events,
            user_group::revision,
            user_group::color,
            user_group::external_id,
        ))
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

/// The names of contact tags, as [`ContactTag::title`] has them.
const TAG_NAMES: &[&str] = &["Technical", "Business", "Billing", "Legal", "Security"];
/// The name of a tag: its word with a capital letter.
const TAG_NAME: &str = "(upper(substr(mt.tag, 1, 1)) || substr(mt.tag, 2))";

/// Users of a company.
pub const USERS: Collection = Collection {
    name: "users",
    from: "membership m",
    id: "m.user_id",
    scope: Scope::Owner("m.account_id"),
    joins: &[
        Join::inner("person", "person u on u.id = m.user_id"),
        Join::left("blocked", "blocked_address b on b.email_folded = u.email_folded").after(&["person"]),
    ],
    many: &[
        Many::new(
            "groups",
            "group_member gm join user_group g on g.id = gm.group_id",
            "gm.user_id = m.user_id and g.account_id = m.account_id",
        ),
        Many::new("tags", "member_tag mt", "mt.user_id = m.user_id and mt.account_id = m.account_id"),
        Many::new("sessions", concat!("session s ", open_sessions!(joins)), open_sessions!(on)),
    ],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "u.name").via("person").orderable().searchable(),
        Field::text("email", "u.email").via("person").folded("u.email_folded").orderable().searchable(),
        Field::choice("status", "m.status", MemberStatus::WORDS),
        Field::text("groups.id", "g.id").many("groups"),
        Field::text("groups.name", "g.name").many("groups"),
        Field::time("events.created.at", "u.created_at").via("person").orderable(),
        Field::time("events.invited.at", "m.created_at").orderable(),
        Field::time("events.activated.at", "m.activated_at").nullable().orderable(),
        Field::time("events.signed.at", "u.signed_in_at").via("person").nullable().orderable(),
        Field::flag("blocklisted", "(b.email_folded is not null)").via("blocked"),
        Field::choice("tags.id", "mt.tag", ContactTag::WORDS).many("tags"),
        Field::choice("tags.name", TAG_NAME, TAG_NAMES).many("tags"),
        // For the list of those who are signed in: until when a session of theirs that opens the company lasts.
        Field::time(SIGNED_IN, "s.expires_at").many("sessions").internal(),
        Field::nothing("external_id"),
        Field::nothing("domain.id"),
        Field::nothing("domain.auth.idp.id"),
        Field::nothing("idp.id"),
    ],
    order: &["name"],
};
