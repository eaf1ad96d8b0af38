//! Groups: what is said about them, what they may do, who is in them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::list::{Collection, Field, Join, Many, Scope};
use crate::db::schema::{group_member, group_permission, membership, person, user_group};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::MemberStatus;
use crate::flows::accounts::model::people::GroupWords;
use crate::flows::accounts::store::GroupRow;
use crate::kit::column::Doc;
use crate::kit::{Actor, Events, GroupId, Level, Module, NamedRef, Permissions, Time, UserId, fold};
use crate::on_each;

/// A group of the acting company.
pub fn group(tx: &mut Tx<'_>, actor: &Actor, id: &GroupId) -> Result<Option<GroupRow>> {
    let company = actor.account()?;
    Ok(user_group::table
        .filter(user_group::account_id.eq(company))
        .filter(user_group::id.eq(id))
        .select((
            user_group::id,
            user_group::name,
            user_group::description,
            user_group::events,
            user_group::revision,
            user_group::color,
            user_group::external_id,
        ))
        .first(tx.conn())
        .optional()?)
}

/// A group that has a name or an outside id already.
#[derive(Debug, Clone)]
pub struct InTheWay {
    /// Which group.
    pub id: GroupId,
    /// Whether it has the name.
    pub name: bool,
    /// Whether it has the outside id.
    pub external_id: bool,
}

/// Other groups of the acting company that have this name or this outside id already.
pub fn groups_in_the_way(
    tx: &mut Tx<'_>,
    actor: &Actor,
    own: Option<&GroupId>,
    words: &GroupWords,
) -> Result<Vec<InTheWay>> {
    let company = actor.account()?;
    let name = fold(&words.name);
    let rows: Vec<(GroupId, String, Option<String>)> = user_group::table
        .filter(user_group::account_id.eq(company))
        .filter(user_group::name_folded.eq(&name).or(user_group::external_id.eq(words.external_id.as_deref())))
        .select((user_group::id, user_group::name_folded, user_group::external_id))
        .load(tx.conn())?;
    let in_the_way = |(id, folded, external): (GroupId, String, Option<String>)| InTheWay {
        id,
        name: folded == name,
        external_id: external.is_some() && external == words.external_id,
    };
    Ok(rows.into_iter().filter(|(id, ..)| own != Some(id)).map(in_the_way).collect())
}

/// Writes what is said about a group.
pub fn update_group(tx: &mut Tx<'_>, id: &GroupId, words: &GroupWords, events: &Events) -> Result<()> {
    diesel::update(user_group::table.find(id))
        .set((
            user_group::name.eq(&words.name),
            user_group::name_folded.eq(fold(&words.name)),
            user_group::description.eq(&words.description),
            user_group::color.eq(words.color.as_deref()),
            user_group::external_id.eq(words.external_id.as_deref()),
            user_group::events.eq(Doc(events.clone())),
            user_group::revision.eq(user_group::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that a group's permissions were changed.
pub fn touch_group(tx: &mut Tx<'_>, id: &GroupId, events: &Events) -> Result<()> {
    diesel::update(user_group::table.find(id))
        .set((user_group::events.eq(Doc(events.clone())), user_group::revision.eq(user_group::revision + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a group away, with its permissions and places.
pub fn delete_group(tx: &mut Tx<'_>, id: &GroupId) -> Result<()> {
    diesel::delete(group_member::table.filter(group_member::group_id.eq(id))).execute(tx.conn())?;
    diesel::delete(group_permission::table.filter(group_permission::group_id.eq(id))).execute(tx.conn())?;
    diesel::delete(user_group::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Something that a group may do, since when and by whom.
#[derive(Debug, Clone, Queryable)]
pub struct Grant {
    /// Which group.
    pub group: GroupId,
    /// The module.
    pub module: Module,
    /// The level.
    pub level: Level,
    /// When it was given.
    pub at: Option<Time>,
    /// Who gave it.
    pub by: Option<Doc<NamedRef>>,
}

/// What groups of the acting company may do, in the order of the modules.
pub fn grants(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Grant>> {
    let company = actor.account()?;
    let mut rows: Vec<Grant> = group_permission::table
        .inner_join(user_group::table)
        .filter(user_group::account_id.eq(company))
        .filter(group_permission::group_id.eq_any(ids))
        .select((
            group_permission::group_id,
            group_permission::module,
            group_permission::level,
            group_permission::granted_at,
            group_permission::granted_by,
        ))
        .load(tx.conn())?;
    rows.sort_by_key(|grant| grant.module);
    Ok(rows)
}

/// Writes what a group may do in one module; nothing takes it away.
pub fn set_grant(
    tx: &mut Tx<'_>,
    group: &GroupId,
    module: Module,
    level: Option<Level>,
    by: Option<NamedRef>,
) -> Result<()> {
    let at = tx.at();
    diesel::delete(group_permission::table.find((group, module))).execute(tx.conn())?;
    if let Some(level) = level {
        let row = (
            group_permission::group_id.eq(group),
            group_permission::module.eq(module),
            group_permission::level.eq(level),
            group_permission::granted_at.eq(Some(at)),
            group_permission::granted_by.eq(by.map(Doc)),
        );
        diesel::insert_into(group_permission::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// What each group of a company may do.
pub fn powers(tx: &mut Tx<'_>, actor: &Actor) -> Result<HashMap<GroupId, Permissions>> {
    let mut powers: HashMap<GroupId, Permissions> = HashMap::new();
    for (group, module, level) in super::permissions_of_groups(tx, actor)? {
        powers.entry(group).or_default().grant(module, level);
    }
    Ok(powers)
}

/// Puts a person into a group; false if they are in it.
pub fn put_into_group(tx: &mut Tx<'_>, group: &GroupId, user: &UserId, by: Option<NamedRef>) -> Result<bool> {
    let at = tx.at();
    let row = (
        group_member::group_id.eq(group),
        group_member::user_id.eq(user),
        group_member::added_at.eq(Some(at)),
        group_member::added_by.eq(by.map(Doc)),
    );
    let written =
        on_each!(tx, |c| diesel::insert_into(group_member::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(written > 0)
}

/// Takes a person out of a group; false if they are not in it.
pub fn take_from_group(tx: &mut Tx<'_>, group: &GroupId, user: &UserId) -> Result<bool> {
    Ok(diesel::delete(group_member::table.find((group, user))).execute(tx.conn())? > 0)
}

/// The ids of the members of a group of the acting company who are in no other group of it.
pub fn only_in_group(tx: &mut Tx<'_>, actor: &Actor, group: &GroupId) -> Result<Vec<UserId>> {
    let company = actor.account()?;
    let places: Vec<(UserId, GroupId)> = group_member::table
        .inner_join(user_group::table)
        .filter(user_group::account_id.eq(company))
        .select((group_member::user_id, group_member::group_id))
        .load(tx.conn())?;
    let mut counts: HashMap<&UserId, (usize, bool)> = HashMap::new();
    for (user, place) in &places {
        let known = counts.entry(user).or_default();
        *known = (known.0 + 1, known.1 || place == group);
    }
    let mut only: Vec<UserId> =
        counts.into_iter().filter(|(_, (count, here))| *count == 1 && *here).map(|(user, _)| user.clone()).collect();
    only.sort();
    Ok(only)
}

/// How somebody came into a group.
#[derive(Debug, Clone, Queryable)]
pub struct Added {
    /// Who.
    pub user: UserId,
    /// When; not known of those who came in before it was noted.
    pub at: Option<Time>,
    /// Who added them.
    pub by: Option<Doc<NamedRef>>,
}

/// How some members came into a group of the acting company.
pub fn added(tx: &mut Tx<'_>, actor: &Actor, group: &GroupId, ids: &[String]) -> Result<Vec<Added>> {
    let company = actor.account()?;
    Ok(group_member::table
        .inner_join(user_group::table)
        .filter(user_group::account_id.eq(company))
        .filter(group_member::group_id.eq(group))
        .filter(group_member::user_id.eq_any(ids))
        .select((group_member::user_id, group_member::added_at, group_member::added_by))
        .load(tx.conn())?)
}

/// Members of the acting company who are not in a group of it, by name, at most `limit`: id, name, address.
pub fn not_in_group(
    tx: &mut Tx<'_>,
    actor: &Actor,
    group: &GroupId,
    limit: i64,
) -> Result<Vec<(UserId, String, String)>> {
    let company = actor.account()?;
    let inside = group_member::table
        .filter(group_member::group_id.eq(group))
        .filter(group_member::user_id.eq(membership::user_id))
        .select(group_member::user_id);
    Ok(membership::table
        .inner_join(person::table)
        .filter(membership::account_id.eq(company))
        .filter(diesel::dsl::not(diesel::dsl::exists(inside)))
        .order((person::name, person::id))
        .limit(limit)
        .select((person::id, person::name, person::email))
        .load(tx.conn())?)
}

/// Groups of a company.
pub const GROUPS: Collection = Collection {
    name: "groups",
    from: "user_group g",
    id: "g.id",
    scope: Scope::Owner("g.account_id"),
    joins: &[],
    many: &[Many::new("permissions", "group_permission gp", "gp.group_id = g.id")],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "g.name").folded("g.name_folded").orderable().searchable(),
        Field::text("description", "g.description").searchable(),
        Field::text("external_id", "g.external_id").nullable().searchable(),
        Field::text("permissions.id", module_id!("gp.module")).many("permissions"),
        Field::text("permissions.object.id", module_id!("gp.module")).many("permissions"),
        Field::int("stats.users", "(select count(*) from group_member gm where gm.group_id = g.id)").orderable(),
        Field::time("events.created.at", "g.created_at").orderable(),
    ],
    order: &["name"],
};

/// Members of a company's groups. A member of several is there as often; it is asked within one of them.
pub const GROUP_USERS: Collection = Collection {
    name: "group users",
    from: "group_member gm join user_group g on g.id = gm.group_id \
           join membership m on m.user_id = gm.user_id and m.account_id = g.account_id",
    id: "gm.user_id",
    scope: Scope::Owner("g.account_id"),
    joins: &[Join::inner("person", "person u on u.id = gm.user_id")],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("group", "gm.group_id").internal(),
        Field::text("name", "u.name").via("person").orderable().searchable(),
        Field::text("email", "u.email").via("person").folded("u.email_folded").orderable().searchable(),
        Field::choice("status", "m.status", MemberStatus::WORDS),
        Field::time("events.added.at", "gm.added_at").nullable().orderable(),
        Field::time("events.signed.at", "u.signed_in_at").via("person").nullable().orderable(),
    ],
    order: &["name"],
};
