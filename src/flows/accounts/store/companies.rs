//! Making and changing companies, people and groups.

use diesel::prelude::*;

use crate::db::schema::{account, group_member, group_permission, membership, party, person, user_group};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::flows::accounts::model::{ADMINISTRATORS, AccountStatus, MemberStatus};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Email, Events, GroupId, Permissions, Refusal, Role, Text, Time, UserId, fold};
use crate::on_each;

/// Writes a new company under a fresh id.
pub fn insert_account(
    tx: &mut Tx<'_>,
    name: &str,
    role: Role,
    status: AccountStatus,
    invited_by: Option<&AccountId>,
    events: Events,
) -> Result<AccountId> {
    let prefix = if role == Role::Vendor { "VA" } else { "PA" };
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3], |tx, digits| {
        let row = (
            account::id.eq(format!("{prefix}-{digits}")),
            account::name.eq(name),
            account::name_folded.eq(fold(name)),
            account::role.eq(role),
            account::status.eq(status),
            account::invited_by.eq(invited_by.map(AccountId::as_str)),
            account::doc.eq(Doc(serde_json::json!({}))),
            account::events.eq(Doc(events.clone())),
            account::revision.eq(1i64),
            account::created_at.eq(at),
            account::updated_at.eq(at),
        );
        Ok(diesel::insert_into(account::table).values(row).returning(account::id).get_result::<String>(tx.conn())?)
    })
    .and_then(|id| AccountId::parse(&id).ok_or_else(|| Refusal::not_found("account", id).into()))
}

/// Changes a company's name and status.
pub fn set_account(tx: &mut Tx<'_>, id: &AccountId, name: &str, status: AccountStatus) -> Result<()> {
    let at = tx.at();
    diesel::update(account::table.find(id))
        .set((
            account::name.eq(name),
            account::name_folded.eq(fold(name)),
            account::status.eq(status),
            account::updated_at.eq(at),
            account::revision.eq(account::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes away an invited company without members, with its groups and what it may see; nothing happens to any other.
pub fn delete_invited_account(tx: &mut Tx<'_>, id: &AccountId) -> Result<()> {
    let members = membership::table.filter(membership::account_id.eq(id)).count().get_result::<i64>(tx.conn())?;
    let invited = account::table.find(id).filter(account::status.eq(AccountStatus::Invited));
    if members > 0 || !diesel::select(diesel::dsl::exists(invited)).get_result::<bool>(tx.conn())? {
        return Ok(());
    }
    diesel::delete(user_group::table.filter(user_group::account_id.eq(id))).execute(tx.conn())?;
    diesel::delete(party::table.filter(party::account_id.eq(id.as_str()))).execute(tx.conn())?;
    diesel::delete(account::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Name, role and status of companies by their ids. For actions that have made sure that the actor may see them.
pub fn account_names(tx: &mut Tx<'_>, ids: &[&str]) -> Result<Vec<(AccountId, String, Role, AccountStatus)>> {
    Ok(account::table
        .filter(account::id.eq_any(ids))
        .select((account::id, account::name, account::role, account::status))
        .load(tx.conn())?)
}

/// Writes a new person under a fresh id.
pub fn insert_person(
    tx: &mut Tx<'_>,
    name: &str,
    email: &Email,
    password: Option<&str>,
    proven: bool,
    events: Events,
) -> Result<UserId> {
    let at = tx.at();
    let id = insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            person::id.eq(format!("UR-{digits}")),
            person::name.eq(name),
            person::email.eq(email.as_str()),
            person::email_folded.eq(email.folded()),
            person::password.eq(password),
            person::proven_at.eq(proven.then_some(at)),
            person::events.eq(Doc(events.clone())),
            person::revision.eq(1i64),
            person::created_at.eq(at),
        );
        Ok(diesel::insert_into(person::table).values(row).returning(person::id).get_result::<UserId>(tx.conn())?)
    })?;
    Ok(id)
}

/// Gives an invited person a name and a password.
pub fn complete_person(tx: &mut Tx<'_>, id: &UserId, name: &str, password: &str) -> Result<()> {
    diesel::update(person::table.find(id))
        .set((person::name.eq(name), person::password.eq(Some(password)), person::revision.eq(person::revision + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes a membership, or changes the status of the one that exists.
pub fn put_membership(tx: &mut Tx<'_>, account: &AccountId, user: &UserId, status: MemberStatus) -> Result<()> {
    let at = tx.at();
    let activated = membership::activated_at.eq((status == MemberStatus::Active).then_some(at));
    let row = (
        membership::account_id.eq(account),
        membership::user_id.eq(user),
        membership::status.eq(status),
        membership::created_at.eq(at),
        activated,
        membership::revision.eq(1i64),
    );
    let changed = (
        membership::status.eq(status),
        activated,
        membership::expires_at.eq(None::<Time>),
        membership::revision.eq(membership::revision + 1),
    );
    on_each!(tx, |c| diesel::insert_into(membership::table)
        .values(row)
        .on_conflict((membership::account_id, membership::user_id))
        .do_update()
        .set(changed)
        .execute(c))?;
    Ok(())
}

/// Makes an invited membership active. Whoever was taken out of the company meanwhile stays out.
pub fn join_invited(tx: &mut Tx<'_>, account: &AccountId, user: &UserId) -> Result<bool> {
    // Whoever revokes the invitation at this moment comes before or after.
    crate::db::lock(tx, "account", account.as_str())?;
    let at = tx.at();
    let invited = membership::table.find((account, user)).filter(membership::status.eq(MemberStatus::Invited));
    let joined = (
        membership::status.eq(MemberStatus::Active),
        membership::activated_at.eq(Some(at)),
        membership::expires_at.eq(None::<Time>),
        membership::revision.eq(membership::revision + 1),
    );
    Ok(diesel::update(invited).set(joined).execute(tx.conn())? > 0)
}

/// Writes a new group with its permissions.
pub fn insert_group(
    tx: &mut Tx<'_>,
    account: &AccountId,
    name: &str,
    description: &str,
    permissions: &Permissions,
    events: Events,
) -> Result<GroupId> {
    let at = tx.at();
    let id: GroupId = insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            user_group::id.eq(format!("UG-{digits}")),
            user_group::account_id.eq(account),
            user_group::name.eq(name),
            user_group::name_folded.eq(fold(name)),
            user_group::description.eq(description),
            user_group::events.eq(Doc(events.clone())),
            user_group::revision.eq(1i64),
            user_group::created_at.eq(at),
        );
        Ok(diesel::insert_into(user_group::table)
            .values(row)
            .returning(user_group::id)
            .get_result::<GroupId>(tx.conn())?)
    })?;
    for (module, level) in permissions.modules() {
        let row = (
            group_permission::group_id.eq(&id),
            group_permission::module.eq(module),
            group_permission::level.eq(level),
            group_permission::granted_at.eq(Some(at)),
            group_permission::granted_by.eq(events.0.get("created").and_then(|stamp| stamp.by.clone()).map(Doc)),
        );
        diesel::insert_into(group_permission::table).values(row).execute(tx.conn())?;
    }
    Ok(id)
}

/// The group Administrators of a company.
pub fn administrators(tx: &mut Tx<'_>, account: &AccountId) -> Result<Option<GroupId>> {
    Ok(user_group::table
        .filter(user_group::account_id.eq(account))
        .filter(user_group::name_folded.eq(fold(ADMINISTRATORS)))
        .select(user_group::id)
        .first(tx.conn())
        .optional()?)
}

/// Puts a person into a group, by nobody in particular; nothing happens if they are in it.
pub fn add_to_group(tx: &mut Tx<'_>, group: &GroupId, user: &UserId) -> Result<()> {
    super::put_into_group(tx, group, user, None).map(drop)
}

/// Whether any company exists.
pub fn any_account(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(account::table.select(account::id))).get_result(tx.conn())?)
}

/// Refuses a text for a company that has too many of something.
pub fn limit(count: i64, max: i64, what: &'static str) -> Result<()> {
    if count < max {
        return Ok(());
    }
    Err(Refusal::conflict(
        Text::new("This account has {count} {what:word} already; more are not allowed. Remove one first.")
            .arg("count", count)
            .arg("what", what),
    )
    .into())
}

/// How many members a company has, the invited ones included.
pub fn member_count(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    let account = actor.account()?;
    Ok(membership::table.filter(membership::account_id.eq(account)).count().get_result(tx.conn())?)
}

/// Ends a membership and takes the person out of the company's groups.
pub fn delete_membership(tx: &mut Tx<'_>, account: &AccountId, user: &UserId) -> Result<()> {
    let own = user_group::table.filter(user_group::account_id.eq(account)).select(user_group::id);
    let groups: Vec<GroupId> = own.load(tx.conn())?;
    diesel::delete(
        group_member::table.filter(group_member::user_id.eq(user)).filter(group_member::group_id.eq_any(groups)),
    )
    .execute(tx.conn())?;
    diesel::delete(membership::table.find((account, user))).execute(tx.conn())?;
    Ok(())
}
