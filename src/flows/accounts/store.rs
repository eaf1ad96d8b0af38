//! Rows of companies, people, groups, tokens and sessions.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text as SqlText};

use super::model::{AccountStatus, LinkPurpose, MemberStatus, Membership, Person, TokenStatus};
use crate::db::schema::{
    account, attempt, group_member, group_permission, membership, one_time_link, person, token, token_permission, user_group,
};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::{
    AccountId, Actor, Email, Events, GroupId, Level, Module, Permissions, Refusal, Role, Seat, Secret, Text, Time, TokenId, UserId, fold,
};
use crate::on_each;

// ---- people who sign in (no actor yet: these are the queries that make one) ----

#[derive(QueryableByName)]
struct PersonRow {
    #[diesel(sql_type = SqlText)]
    user_name: String,
    #[diesel(sql_type = SqlText)]
    email: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    locale: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    timezone: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    last_account: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    account_id: Option<AccountId>,
    #[diesel(sql_type = Nullable<SqlText>)]
    account_name: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    role: Option<Role>,
    #[diesel(sql_type = Nullable<SqlText>)]
    module: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    level: Option<Level>,
}

/// A person with every company they are an active member of, and what they may do there: one statement.
pub fn person_with_memberships(tx: &mut Tx<'_>, id: &UserId) -> Result<Option<Person>> {
    let rows: Vec<PersonRow> = diesel::sql_query(
        "select u.name as user_name, u.email, u.locale, u.timezone, u.last_account, \
         a.id as account_id, a.name as account_name, a.role, gp.module, gp.level from person u \
         left join membership m on m.user_id = u.id and m.status = 'active' \
         left join account a on a.id = m.account_id and a.status = 'active' \
         left join user_group g on g.account_id = a.id \
           and exists (select 1 from group_member gm where gm.group_id = g.id and gm.user_id = u.id) \
         left join group_permission gp on gp.group_id = g.id \
         where u.id = $1 order by a.name, a.id",
    )
    .bind::<SqlText, _>(id.as_str())
    .load(tx.conn())?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mut person = Person {
        id: id.clone(),
        name: first.user_name.clone(),
        email: first.email.clone(),
        locale: first.locale.clone(),
        timezone: first.timezone.clone(),
        last_account: first.last_account.clone(),
        memberships: vec![],
    };
    for row in rows {
        let (Some(account), Some(name), Some(role)) = (row.account_id, row.account_name, row.role) else { continue };
        if person.memberships.last().is_none_or(|m| m.account != account) {
            person.memberships.push(Membership { account, name, role, permissions: Permissions::default() });
        }
        if let (Some(module), Some(level), Some(m)) = (row.module.as_deref().and_then(Module::parse), row.level, person.memberships.last_mut()) {
            m.permissions.grant(module, level);
        }
    }
    Ok(Some(person))
}

/// What is needed to check a password.
#[derive(Debug, Clone, Queryable)]
pub struct Credentials {
    /// Who.
    pub id: UserId,
    /// The argon2id hash; none while the person has not set a password.
    pub password: Option<String>,
}

/// The credentials behind an address.
pub fn credentials(tx: &mut Tx<'_>, email_folded: &str) -> Result<Option<Credentials>> {
    Ok(person::table
        .filter(person::email_folded.eq(email_folded))
        .select((person::id, person::password))
        .first(tx.conn())
        .optional()?)
}

/// Notes that somebody signed in.
pub fn signed_in(tx: &mut Tx<'_>, id: &UserId) -> Result<()> {
    let at = tx.at();
    diesel::update(person::table.find(id)).set(person::signed_in_at.eq(Some(at))).execute(tx.conn())?;
    Ok(())
}

/// Remembers the company a person works in, if it changed.
pub fn works_in(tx: &mut Tx<'_>, id: &UserId, account: &AccountId) -> Result<()> {
    diesel::update(person::table.find(id)).set(person::last_account.eq(Some(account.as_str()))).execute(tx.conn())?;
    Ok(())
}

/// Sets a password's hash and ends every session of the person.
pub fn set_password(tx: &mut Tx<'_>, id: &UserId, hash: &str) -> Result<()> {
    use crate::db::schema::session;
    diesel::update(person::table.find(id)).set(person::password.eq(Some(hash))).execute(tx.conn())?;
    diesel::delete(session::table.filter(session::user_id.eq(id.as_str()))).execute(tx.conn())?;
    Ok(())
}

/// Failures noted for a subject since the block began, and until when it is blocked.
pub fn attempts(tx: &mut Tx<'_>, subject: &str) -> Result<(i32, Option<Time>)> {
    let row: Option<(i32, Option<Time>)> = attempt::table
        .find(subject)
        .select((attempt::failures, attempt::blocked_until))
        .first(tx.conn())
        .optional()?;
    Ok(row.unwrap_or((0, None)))
}

/// Notes one more failure.
pub fn failed(tx: &mut Tx<'_>, subject: &str, failures: i32, blocked_until: Option<Time>) -> Result<()> {
    let at = tx.at();
    let row = (
        attempt::subject.eq(subject),
        attempt::failures.eq(failures),
        attempt::first_at.eq(at),
        attempt::blocked_until.eq(blocked_until),
    );
    on_each!(tx, |c| diesel::insert_into(attempt::table)
        .values(row)
        .on_conflict(attempt::subject)
        .do_update()
        .set((attempt::failures.eq(failures), attempt::blocked_until.eq(blocked_until)))
        .execute(c))?;
    Ok(())
}

/// Forgets the failures of a subject.
pub fn forgiven(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    diesel::delete(attempt::table.find(subject)).execute(tx.conn())?;
    Ok(())
}

// ---- tokens that sign in ----

#[derive(QueryableByName)]
struct TokenRow {
    #[diesel(sql_type = SqlText)]
    name: String,
    #[diesel(sql_type = SqlText)]
    secret_hash: String,
    #[diesel(sql_type = SqlText)]
    status: TokenStatus,
    #[diesel(sql_type = Nullable<diesel::sql_types::BigInt>)]
    expires_at: Option<Time>,
    #[diesel(sql_type = Nullable<diesel::sql_types::BigInt>)]
    used_at: Option<Time>,
    #[diesel(sql_type = SqlText)]
    account_id: AccountId,
    #[diesel(sql_type = SqlText)]
    account_name: String,
    #[diesel(sql_type = SqlText)]
    role: Role,
    #[diesel(sql_type = Nullable<SqlText>)]
    module: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    level: Option<Level>,
}

/// The actor behind a token, if the secret is right and the token usable; and when it was used last.
pub fn token_actor(tx: &mut Tx<'_>, id: &TokenId, secret: &Secret) -> Result<Option<(Actor, Option<Time>)>> {
    let at = tx.at();
    let rows: Vec<TokenRow> = diesel::sql_query(
        "select t.name, t.secret_hash, t.status, t.expires_at, t.used_at, a.id as account_id, a.name as account_name, a.role, \
         p.module, p.level from token t join account a on a.id = t.account_id and a.status = 'active' \
         left join token_permission p on p.token_id = t.id where t.id = $1",
    )
    .bind::<SqlText, _>(id.as_str())
    .load(tx.conn())?;
    let Some(first) = rows.first() else { return Ok(None) };
    let right: bool = subtle::ConstantTimeEq::ct_eq(first.secret_hash.as_bytes(), secret.hash().as_bytes()).into();
    if !right || first.status != TokenStatus::Active || first.expires_at.is_some_and(|e| e <= at) {
        return Ok(None);
    }
    let mut permissions = Permissions::default();
    for row in &rows {
        if let (Some(module), Some(level)) = (row.module.as_deref().and_then(Module::parse), row.level) {
            permissions.grant(module, level);
        }
    }
    let seat = Seat { account: first.account_id.clone(), name: first.account_name.clone(), role: first.role, permissions };
    Ok(Some((Actor::Token { id: id.clone(), name: first.name.clone(), seat }, first.used_at)))
}

/// Notes that a token was used.
pub fn token_used(tx: &mut Tx<'_>, id: &TokenId) -> Result<()> {
    let at = tx.at();
    diesel::update(token::table.find(id)).set(token::used_at.eq(Some(at))).execute(tx.conn())?;
    Ok(())
}

// ---- making companies, people, groups, tokens ----

/// Writes a new company under a fresh id.
pub fn insert_account(tx: &mut Tx<'_>, name: &str, role: Role, status: AccountStatus, invited_by: Option<&AccountId>, events: Events) -> Result<AccountId> {
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

/// Name, role and status of companies by their ids. For actions that have made sure that the actor may see them.
pub fn account_names(tx: &mut Tx<'_>, ids: &[&str]) -> Result<Vec<(AccountId, String, Role, AccountStatus)>> {
    Ok(account::table
        .filter(account::id.eq_any(ids))
        .select((account::id, account::name, account::role, account::status))
        .load(tx.conn())?)
}

/// Writes a new person under a fresh id.
pub fn insert_person(tx: &mut Tx<'_>, name: &str, email: &Email, password: Option<&str>, events: Events) -> Result<UserId> {
    let at = tx.at();
    let id = insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            person::id.eq(format!("UR-{digits}")),
            person::name.eq(name),
            person::email.eq(email.as_str()),
            person::email_folded.eq(email.folded()),
            person::password.eq(password),
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
    let row = (
        membership::account_id.eq(account),
        membership::user_id.eq(user),
        membership::status.eq(status),
        membership::created_at.eq(at),
    );
    on_each!(tx, |c| diesel::insert_into(membership::table)
        .values(row)
        .on_conflict((membership::account_id, membership::user_id))
        .do_update()
        .set(membership::status.eq(status))
        .execute(c))?;
    Ok(())
}

/// Writes a new group with its permissions.
pub fn insert_group(tx: &mut Tx<'_>, account: &AccountId, name: &str, description: &str, permissions: &Permissions, events: Events) -> Result<GroupId> {
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
        Ok(diesel::insert_into(user_group::table).values(row).returning(user_group::id).get_result::<GroupId>(tx.conn())?)
    })?;
    for (module, level) in permissions.modules() {
        let row = (group_permission::group_id.eq(&id), group_permission::module.eq(module), group_permission::level.eq(level));
        diesel::insert_into(group_permission::table).values(row).execute(tx.conn())?;
    }
    Ok(id)
}

/// The group Administrators of a company.
pub fn administrators(tx: &mut Tx<'_>, account: &AccountId) -> Result<Option<GroupId>> {
    Ok(user_group::table
        .filter(user_group::account_id.eq(account))
        .filter(user_group::name_folded.eq(fold(super::model::ADMINISTRATORS)))
        .select(user_group::id)
        .first(tx.conn())
        .optional()?)
}

/// Puts a person into a group; nothing happens if they are in it.
pub fn add_to_group(tx: &mut Tx<'_>, group: &GroupId, user: &UserId) -> Result<()> {
    let row = (group_member::group_id.eq(group), group_member::user_id.eq(user));
    on_each!(tx, |c| diesel::insert_into(group_member::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Writes a new token; the secret itself is not kept.
pub fn insert_token(tx: &mut Tx<'_>, account: &AccountId, name: &str, description: &str, secret: &Secret, permissions: &Permissions, expires_at: Option<Time>, events: Events) -> Result<TokenId> {
    let at = tx.at();
    let id: TokenId = insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            token::id.eq(format!("SU-{digits}")),
            token::account_id.eq(account),
            token::name.eq(name),
            token::description.eq(description),
            token::secret_hash.eq(secret.hash()),
            token::status.eq(TokenStatus::Active),
            token::extension.eq("EXT-000"),
            token::expires_at.eq(expires_at),
            token::events.eq(Doc(events.clone())),
            token::revision.eq(1i64),
            token::created_at.eq(at),
        );
        Ok(diesel::insert_into(token::table).values(row).returning(token::id).get_result::<TokenId>(tx.conn())?)
    })?;
    for (module, level) in permissions.modules() {
        let row = (token_permission::token_id.eq(&id), token_permission::module.eq(module), token_permission::level.eq(level));
        diesel::insert_into(token_permission::table).values(row).execute(tx.conn())?;
    }
    Ok(id)
}

// ---- links that are sent once ----

/// Writes a link's hash; earlier links of the same purpose stop working.
pub fn insert_link(tx: &mut Tx<'_>, secret: &Secret, purpose: LinkPurpose, user: &UserId, account: Option<&AccountId>, expires_at: Time) -> Result<()> {
    let at = tx.at();
    diesel::update(
        one_time_link::table
            .filter(one_time_link::user_id.eq(user))
            .filter(one_time_link::purpose.eq(purpose))
            .filter(one_time_link::used_at.is_null()),
    )
    .set(one_time_link::expires_at.eq(at))
    .execute(tx.conn())?;
    let row = (
        one_time_link::secret_hash.eq(secret.hash()),
        one_time_link::purpose.eq(purpose),
        one_time_link::user_id.eq(user),
        one_time_link::account_id.eq(account.map(AccountId::as_str)),
        one_time_link::created_at.eq(at),
        one_time_link::expires_at.eq(expires_at),
    );
    diesel::insert_into(one_time_link::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Whom an unused link is for: the person, their address, the company.
pub fn link(tx: &mut Tx<'_>, secret: &Secret) -> Result<Option<(LinkPurpose, UserId, String, Option<AccountId>)>> {
    let at = tx.at();
    let found: Option<(LinkPurpose, UserId, Option<AccountId>)> = one_time_link::table
        .find(secret.hash())
        .filter(one_time_link::used_at.is_null())
        .filter(one_time_link::expires_at.gt(at))
        .select((one_time_link::purpose, one_time_link::user_id, one_time_link::account_id))
        .first(tx.conn())
        .optional()?;
    let Some((purpose, user, account)) = found else { return Ok(None) };
    let email = person::table.find(&user).select(person::email).first(tx.conn())?;
    Ok(Some((purpose, user, email, account)))
}

/// Marks a link as used; false if somebody was faster.
pub fn use_link(tx: &mut Tx<'_>, secret: &Secret) -> Result<bool> {
    let at = tx.at();
    let changed = diesel::update(one_time_link::table.find(secret.hash()).filter(one_time_link::used_at.is_null()))
        .set(one_time_link::used_at.eq(Some(at)))
        .execute(tx.conn())?;
    Ok(changed == 1)
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
    Err(Refusal::conflict(Text::new("This account has {count} {what} already; more are not allowed. Remove one first.").arg("count", count).arg("what", what)).into())
}
