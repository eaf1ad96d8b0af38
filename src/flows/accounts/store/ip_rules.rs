//! Rows of rules about addresses.

use diesel::prelude::*;

use crate::db::list::{Collection, Field, Scope};
use crate::db::schema::ip_rule;
use crate::db::{Result, Tx, in_order, insert_with_fresh_id};
use crate::flows::accounts::model::ip::Acl;
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Events, IpRuleId};

/// A rule.
#[derive(Debug, Clone, Queryable)]
pub struct IpRuleRow {
    /// Which.
    pub id: IpRuleId,
    /// Whom it is for.
    pub acl: Acl,
    /// The addresses, in their one spelling.
    pub value: String,
    /// What was said about it.
    pub comment: String,
    /// When it was created and changed.
    pub events: Doc<Events>,
    /// Counts the changes.
    pub revision: i64,
}

/// Rules of a company, in the order of the given ids.
pub fn ip_rules(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<IpRuleRow>> {
    let company = actor.account()?;
    let rows = ip_rule::table
        .filter(ip_rule::account_id.eq(company))
        .filter(ip_rule::id.eq_any(ids))
        .select((ip_rule::id, ip_rule::acl, ip_rule::value, ip_rule::comment, ip_rule::events, ip_rule::revision))
        .load(tx.conn())?;
    Ok(in_order(ids, rows, |r: &IpRuleRow| r.id.as_str()))
}

/// Every rule of one of a company's lists.
pub fn ip_rules_of(tx: &mut Tx<'_>, actor: &Actor, acl: Acl) -> Result<Vec<IpRuleRow>> {
    let company = actor.account()?;
    Ok(ip_rule::table
        .filter(ip_rule::account_id.eq(company))
        .filter(ip_rule::acl.eq(acl))
        .order((ip_rule::created_at, ip_rule::id))
        .select((ip_rule::id, ip_rule::acl, ip_rule::value, ip_rule::comment, ip_rule::events, ip_rule::revision))
        .load(tx.conn())?)
}

/// Writes a new rule.
pub fn insert_ip_rule(
    tx: &mut Tx<'_>,
    account: &AccountId,
    acl: Acl,
    (value, comment): (&str, &str),
    events: Events,
) -> Result<IpRuleId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            ip_rule::id.eq(format!("IPR-{digits}")),
            ip_rule::account_id.eq(account),
            ip_rule::acl.eq(acl),
            ip_rule::value.eq(value),
            ip_rule::comment.eq(comment),
            ip_rule::events.eq(Doc(events.clone())),
            ip_rule::revision.eq(1i64),
            ip_rule::created_at.eq(at),
        );
        Ok(diesel::insert_into(ip_rule::table).values(row).returning(ip_rule::id).get_result::<IpRuleId>(tx.conn())?)
    })
}

/// Writes a rule's addresses and comment.
pub fn update_ip_rule(tx: &mut Tx<'_>, id: &IpRuleId, (value, comment): (&str, &str), events: Events) -> Result<()> {
    diesel::update(ip_rule::table.find(id))
        .set((
            ip_rule::value.eq(value),
            ip_rule::comment.eq(comment),
            ip_rule::events.eq(Doc(events)),
            ip_rule::revision.eq(ip_rule::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes rules away.
pub fn delete_ip_rules(tx: &mut Tx<'_>, ids: &[IpRuleId]) -> Result<()> {
    diesel::delete(ip_rule::table.filter(ip_rule::id.eq_any(ids))).execute(tx.conn())?;
    Ok(())
}

/// The rules of a company; a list of them is one of its two.
pub const IP_RULES: Collection = Collection {
    name: "rules",
    from: "ip_rule r",
    id: "r.id",
    scope: Scope::Owner("r.account_id"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().searchable(),
        Field::text("acl", "r.acl").internal(),
        Field::choice("action", "case when r.acl is not null then 'allow' end", &["allow", "deny"]).orderable(),
        Field::text("value", "r.value").orderable().searchable(),
        Field::text("comment", "r.comment").orderable().searchable(),
        Field::time("events.created.at", "r.created_at").orderable(),
    ],
    order: &["-events.created.at"],
};
