//! Memberships: what may be done with them, for what partners turn to whom, and who can manage an account.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::db::schema::{account, group_member, group_permission, member_tag, membership, person, user_group};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::people::{ContactTag, Hand};
use crate::flows::accounts::model::{MemberStatus, OptionalMail};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Level, Module, NamedRef, Permissions, Role, Time, UserId};

/// Everybody whose groups give them a level in the module Account of the acting company, each with the highest one.
pub fn hands(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Hand>> {
    let company = actor.account()?;
    let rows: Vec<(UserId, MemberStatus, Level)> = membership::table
        .inner_join(group_member::table.on(group_member::user_id.eq(membership::user_id)))
        .inner_join(
            user_group::table
                .on(user_group::id.eq(group_member::group_id).and(user_group::account_id.eq(membership::account_id))),
        )
        .inner_join(group_permission::table.on(group_permission::group_id.eq(user_group::id)))
        .filter(membership::account_id.eq(company))
        .filter(group_permission::module.eq(Module::Account))
        .select((membership::user_id, membership::status, group_permission::level))
        .load(tx.conn())?;
    let mut hands: Vec<Hand> = vec![];
    for (user, status, level) in rows {
        match hands.iter_mut().find(|hand| hand.user == user) {
            Some(hand) => hand.level = hand.level.max(level),
            None => hands.push(Hand { user, status, level }),
        }
    }
    Ok(hands)
}

/// Active members who may manage the account.
pub fn managers(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<UserId>> {
    let managing = |hand: &Hand| hand.status == MemberStatus::Active && hand.level == Level::Manage;
    Ok(hands(tx, actor)?.into_iter().filter(managing).map(|hand| hand.user).collect())
}

/// What the acting person may do in the acting company by what is kept now; nothing for somebody who is no active member.
pub fn permissions_now(tx: &mut Tx<'_>, actor: &Actor) -> Result<Permissions> {
    let (company, mut held) = (actor.account()?, Permissions::default());
    let Some(user) = actor.user() else { return Ok(held) };
    let rows: Vec<(Module, Level)> =
        group_permission::table
            .inner_join(user_group::table)
            .inner_join(group_member::table.on(group_member::group_id.eq(user_group::id)))
            .inner_join(membership::table.on(
                membership::user_id.eq(group_member::user_id).and(membership::account_id.eq(user_group::account_id)),
            ))
            .filter(user_group::account_id.eq(company))
            .filter(group_member::user_id.eq(user))
            .filter(membership::status.eq(MemberStatus::Active))
            .select((group_permission::module, group_permission::level))
            .load(tx.conn())?;
    rows.into_iter().for_each(|(module, level)| held.grant(module, level));
    Ok(held)
}

/// Somebody of a company to whom the system may write.
#[derive(Debug, Clone)]
pub struct AtWork {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The mails that they do not want.
    pub muted: Vec<OptionalMail>,
}

/// The active members of a company who hold a level in a module, or a higher one, with the mails that they do not want;
/// who holds more comes first. For mails by the system, which tells them what happened.
pub fn working(
    tx: &mut Tx<'_>,
    account: &AccountId,
    (module, level): (Module, Level),
    limit: i64,
) -> Result<Vec<AtWork>> {
    type Row = (UserId, String, String, String, Level);
    let levels: Vec<Level> = Level::ALL.iter().copied().filter(|l| *l >= level).collect();
    let rows: Vec<Row> = membership::table
        .inner_join(person::table)
        .inner_join(group_member::table.on(group_member::user_id.eq(membership::user_id)))
        .inner_join(
            user_group::table
                .on(user_group::id.eq(group_member::group_id).and(user_group::account_id.eq(membership::account_id))),
        )
        .inner_join(group_permission::table.on(group_permission::group_id.eq(user_group::id)))
        .filter(membership::account_id.eq(account))
        .filter(membership::status.eq(MemberStatus::Active))
        .filter(group_permission::module.eq(module))
        .filter(group_permission::level.eq_any(levels))
        .order((person::name, person::id))
        .select((person::id, person::name, person::email, person::muted, group_permission::level))
        .load(tx.conn())?;
    let mut best: BTreeMap<UserId, Row> = BTreeMap::new();
    for row in rows {
        let known = best.get(&row.0).is_some_and(|known| known.4 >= row.4);
        if !known {
            best.insert(row.0.clone(), row);
        }
    }
    let mut all: Vec<Row> = best.into_values().collect();
    all.sort_by(|a, b| b.4.cmp(&a.4).then_with(|| (&a.1, &a.0).cmp(&(&b.1, &b.0))));
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let muted = |words: &str| words.split(' ').filter_map(OptionalMail::parse).collect();
    Ok(all
        .into_iter()
        .map(|(user, name, email, words, _)| AtWork { user, name, email, muted: muted(&words) })
        .collect())
}

/// Where a membership is to stand.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The status.
    pub status: MemberStatus,
    /// Of an invitation: until when it works.
    pub expires_at: Option<Time>,
}

/// Changes where a membership stands.
pub fn set_standing(tx: &mut Tx<'_>, account: &AccountId, user: &UserId, standing: Standing) -> Result<()> {
    diesel::update(membership::table.find((account, user)))
        .set((
            membership::status.eq(standing.status),
            membership::expires_at.eq(standing.expires_at),
            membership::revision.eq(membership::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes who invited a member.
pub fn set_inviter(tx: &mut Tx<'_>, account: &AccountId, user: &UserId, by: Option<NamedRef>) -> Result<()> {
    let at = tx.at();
    diesel::update(membership::table.find((account, user)))
        .set((membership::invited_by.eq(by.map(Doc)), membership::created_at.eq(at)))
        .execute(tx.conn())?;
    Ok(())
}

/// Counts a change of a membership.
pub fn touch_membership(tx: &mut Tx<'_>, account: &AccountId, user: &UserId) -> Result<()> {
    diesel::update(membership::table.find((account, user)))
        .set(membership::revision.eq(membership::revision + 1))
        .execute(tx.conn())?;
    Ok(())
}

/// For what partners may turn to members: (member, tag), the tags in their own order.
pub fn tags_of_members(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<(UserId, ContactTag)>> {
    let company = actor.account()?;
    let mut rows: Vec<(UserId, ContactTag)> = member_tag::table
        .filter(member_tag::account_id.eq(company))
        .filter(member_tag::user_id.eq_any(ids))
        .select((member_tag::user_id, member_tag::tag))
        .load(tx.conn())?;
    rows.sort();
    Ok(rows)
}

/// Says anew for what partners may turn to a member.
pub fn set_tags(tx: &mut Tx<'_>, account: &AccountId, user: &UserId, tags: &[ContactTag]) -> Result<()> {
    let old = member_tag::table.filter(member_tag::account_id.eq(account)).filter(member_tag::user_id.eq(user));
    diesel::delete(old).execute(tx.conn())?;
    for tag in tags {
        let row = (member_tag::account_id.eq(account), member_tag::user_id.eq(user), member_tag::tag.eq(tag));
        diesel::insert_into(member_tag::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// An invitation that nobody took up in time.
#[derive(Debug, Clone)]
pub struct Overdue {
    /// Into which company.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// What it is.
    pub role: Role,
    /// Who was invited.
    pub user_id: UserId,
    /// Their address.
    pub email: String,
}

/// Invitations whose time is over, at most `limit`.
pub fn overdue(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Overdue>> {
    let at = tx.at();
    let rows: Vec<(AccountId, String, Role, UserId, String)> = membership::table
        .inner_join(account::table)
        .inner_join(person::table)
        .filter(membership::expires_at.le(at))
        .filter(membership::status.eq(MemberStatus::Invited))
        .order((membership::expires_at, membership::user_id))
        .limit(limit)
        .select((account::id, account::name, account::role, person::id, person::email))
        .load(tx.conn())?;
    let overdue =
        |(account_id, account_name, role, user_id, email)| Overdue { account_id, account_name, role, user_id, email };
    Ok(rows.into_iter().map(overdue).collect())
}
