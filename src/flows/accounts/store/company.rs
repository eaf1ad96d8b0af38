//! What companies tell about themselves, their standing, and their sub-accounts.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::db::list::{Collection, Field, Scope};
use crate::db::schema::{account, member_tag, membership, person, token};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::people::ContactTag;
use crate::flows::accounts::model::{
    AccountStatus, Closer, Company, CompanyProfile, GoodCompany, Grants, MemberStatus, TokenStatus,
};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Events, NamedRef, Role, fold};

#[derive(Queryable)]
struct Row {
    id: AccountId,
    name: String,
    role: Role,
    status: AccountStatus,
    closed_by: Option<Closer>,
    external_id: Option<String>,
    icon: Option<String>,
    profile: Doc<CompanyProfile>,
    grants: (bool, bool, bool),
    parent: (Option<String>, Option<String>),
    events: Doc<Events>,
    revision: i64,
}

impl From<Row> for Company {
    fn from(row: Row) -> Self {
        let (program_create, service_create, service_delegate) = row.grants;
        let (parent, parent_name) = row.parent;
        Self {
            id: row.id,
            name: row.name,
            role: row.role,
            status: row.status,
            closed_by: row.closed_by,
            external_id: row.external_id,
            icon: row.icon,
            profile: row.profile.0,
            grants: Grants { program_create, service_create, service_delegate },
            parent: parent.map(|id| NamedRef { id, name: parent_name.unwrap_or_default() }),
            events: row.events.0,
            revision: row.revision,
        }
    }
}

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        (
            account::id,
            account::name,
            account::role,
            account::status,
            account::closed_by,
            account::external_id,
            account::icon,
            account::doc,
            (account::program_create, account::service_create, account::service_delegate),
            (
                account::parent_id,
                sql::<Nullable<Text>>("(select above.name from account above where above.id = account.parent_id)"),
            ),
            account::events,
            account::revision,
        )
    };
}

/// The acting company itself.
pub fn own_account(tx: &mut Tx<'_>, actor: &Actor) -> Result<Company> {
    let row: Row = account::table.find(actor.account()?).select(columns!()).first(tx.conn())?;
    Ok(row.into())
}

/// Of these companies those that the actor sees under `/accounts`: its own, and the sub-accounts of that.
pub fn companies(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Company>> {
    let own = actor.account()?.as_str();
    let rows: Vec<Row> = account::table
        .filter(account::id.eq_any(ids))
        .filter(account::id.eq(own).nullable().or(account::parent_id.eq(own)))
        .select(columns!())
        .load(tx.conn())?;
    Ok(crate::db::in_order(ids, rows.into_iter().map(Company::from).collect(), |c| c.id.as_str()))
}

/// What companies tell about themselves, in the order of the ids. For flows above, which have shown them to their actor.
pub fn profiles(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<Company>> {
    let rows: Vec<Row> = account::table.filter(account::id.eq_any(ids)).select(columns!()).load(tx.conn())?;
    Ok(crate::db::in_order(ids, rows.into_iter().map(Company::from).collect(), |c| c.id.as_str()))
}

/// Whom partners may turn to: (company, for what, name, address), the active members with a tag. For flows above, which
/// have shown these companies to their actor.
pub fn contacts(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<(AccountId, ContactTag, String, String)>> {
    Ok(member_tag::table
        .inner_join(
            membership::table.on(membership::account_id
                .eq(member_tag::account_id)
                .and(membership::user_id.eq(member_tag::user_id))
                .and(membership::status.eq(MemberStatus::Active))),
        )
        .inner_join(person::table.on(person::id.eq(member_tag::user_id)))
        .filter(member_tag::account_id.eq_any(ids))
        .order((person::name, person::id))
        .select((member_tag::account_id, member_tag::tag, person::name, person::email))
        .load(tx.conn())?)
}

/// What a company may do besides using its portal. For actions that act for it.
pub fn own_grants(tx: &mut Tx<'_>, actor: &Actor) -> Result<Grants> {
    let (program_create, service_create, service_delegate) = account::table
        .find(actor.account()?)
        .select((account::program_create, account::service_create, account::service_delegate))
        .first(tx.conn())?;
    Ok(Grants { program_create, service_create, service_delegate })
}

/// Writes what a company tells about itself. No icon leaves the one there is; an empty one takes it away.
pub fn update_company(
    tx: &mut Tx<'_>,
    id: &AccountId,
    new: &GoodCompany,
    icon: Option<Option<&str>>,
    events: &Events,
) -> Result<()> {
    let at = tx.at();
    diesel::update(account::table.find(id))
        .set((
            account::name.eq(&new.name),
            account::name_folded.eq(fold(&new.name)),
            account::external_id.eq(new.external_id.as_deref()),
            account::doc.eq(Doc(new.profile.clone())),
            account::events.eq(Doc(events.clone())),
            account::updated_at.eq(at),
            account::revision.eq(account::revision + 1),
        ))
        .execute(tx.conn())?;
    if let Some(icon) = icon {
        diesel::update(account::table.find(id)).set(account::icon.eq(icon)).execute(tx.conn())?;
    }
    Ok(())
}

/// Closes a company, or opens it again if nobody is named.
pub fn set_account_status(tx: &mut Tx<'_>, id: &AccountId, closed_by: Option<Closer>) -> Result<()> {
    let status = if closed_by.is_some() { AccountStatus::Inactive } else { AccountStatus::Active };
    let at = tx.at();
    diesel::update(account::table.find(id))
        .set((
            account::status.eq(status),
            account::closed_by.eq(closed_by),
            account::updated_at.eq(at),
            account::revision.eq(account::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes what a company is, and what it may do besides using its portal.
pub fn set_grants(tx: &mut Tx<'_>, id: &AccountId, role: Role, grants: Grants) -> Result<()> {
    diesel::update(account::table.find(id))
        .set((
            account::role.eq(role),
            account::program_create.eq(grants.program_create),
            account::service_create.eq(grants.service_create),
            account::service_delegate.eq(grants.service_delegate),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Puts a new company below another one.
pub fn set_parent(tx: &mut Tx<'_>, id: &AccountId, parent: &AccountId) -> Result<()> {
    diesel::update(account::table.find(id)).set(account::parent_id.eq(Some(parent.as_str()))).execute(tx.conn())?;
    Ok(())
}

/// How many sub-accounts a company has, and how many of them are not closed.
pub fn count_sub_accounts(tx: &mut Tx<'_>, actor: &Actor) -> Result<(i64, i64)> {
    let own = account::table.filter(account::parent_id.eq(actor.account()?.as_str()));
    let all = own.count().get_result(tx.conn())?;
    let open = own.filter(account::status.ne(AccountStatus::Inactive)).count().get_result(tx.conn())?;
    Ok((all, open))
}

/// The sub-account of the actor's company that has this name.
pub fn sub_account_by_name(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<Option<AccountId>> {
    Ok(account::table
        .filter(account::parent_id.eq(actor.account()?.as_str()))
        .filter(account::name_folded.eq(fold(name)))
        .select(account::id)
        .first(tx.conn())
        .optional()?)
}

/// How many people and live tokens can act in a company that the actor is about to close: a sub-account of its own.
pub fn count_who_acts(tx: &mut Tx<'_>, actor: &Actor, id: &AccountId) -> Result<(i64, i64)> {
    let own: Vec<AccountId> = account::table
        .filter(account::id.eq(id))
        .filter(account::parent_id.eq(actor.account()?.as_str()))
        .select(account::id)
        .load(tx.conn())?;
    let people = membership::table
        .filter(membership::account_id.eq_any(&own))
        .filter(membership::status.eq(MemberStatus::Active))
        .count()
        .get_result(tx.conn())?;
    let tokens = token::table
        .filter(token::account_id.eq_any(&own))
        .filter(token::status.eq(TokenStatus::Active))
        .count()
        .get_result(tx.conn())?;
    Ok((people, tokens))
}

/// Companies that an account sees under `/accounts`: itself first, then its sub-accounts.
pub const ACCOUNTS: Collection = Collection {
    name: "accounts",
    from: "account a",
    id: "a.id",
    scope: Scope::Sql("a.id = {account} or a.parent_id = {account}"),
    joins: &[],
    many: &[],
    fields: FIELDS,
    order: &["below", "-events.created.at"],
};

/// The sub-accounts of a company.
pub const SUB_ACCOUNTS: Collection = Collection {
    name: "sub-accounts",
    from: "account a",
    id: "a.id",
    scope: Scope::Owner("a.parent_id"),
    joins: &[],
    many: &[],
    fields: FIELDS,
    order: &["name"],
};

const FIELDS: &[Field] = &[
    Field::id().orderable().searchable(),
    Field::text("name", "a.name").folded("a.name_folded").orderable().searchable(),
    Field::text("external_id", "a.external_id").nullable().orderable().searchable(),
    Field::choice("role", "a.role", Role::WORDS),
    Field::choice("type", "case when a.role = 'vendor' then 'vendor' else 'provider' end", &["vendor", "provider"]),
    Field::choice("status", "a.status", AccountStatus::WORDS).orderable(),
    Field::time("events.created.at", "a.created_at").orderable(),
    // The company itself comes before those below it.
    Field::flag("below", "(a.id <> {account})").orderable().internal(),
];
