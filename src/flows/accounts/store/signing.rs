//! What signing in needs. There is no actor yet: these are the queries that make one.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text as SqlText};

use crate::db::party::{self, Waiting};
use crate::db::schema::{account, attempt, membership, one_time_link, person};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::factors::Policy;
use crate::flows::accounts::model::ip::IpRules;
use crate::flows::accounts::model::sso::Covering;
use crate::flows::accounts::model::{self, AccountStatus, LinkPurpose, MemberStatus, Membership, Person};
use crate::kit::locale::Dates;
use crate::kit::{AccountId, IdpId, Level, Module, Permissions, Role, Secret, Time, UserId};
use crate::on_each;

#[derive(QueryableByName)]
struct PersonRow {
    #[diesel(sql_type = SqlText)]
    user_name: String,
    #[diesel(sql_type = SqlText)]
    email: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    locale: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    picture: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    timezone: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    date_format: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    last_account: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    has_factor: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    later_at: Option<i64>,
    #[diesel(sql_type = Nullable<SqlText>)]
    account_id: Option<AccountId>,
    #[diesel(sql_type = Nullable<SqlText>)]
    account_name: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    role: Option<Role>,
    #[diesel(sql_type = Nullable<SqlText>)]
    icon: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    factor_policy: Option<Policy>,
    #[diesel(sql_type = Nullable<SqlText>)]
    module: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    level: Option<Level>,
    #[diesel(sql_type = Bool)]
    operates: bool,
    #[diesel(sql_type = Nullable<SqlText>)]
    kind: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    status: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    since: Option<Time>,
    #[diesel(sql_type = Nullable<SqlText>)]
    oldest: Option<String>,
}

impl PersonRow {
    fn waiting(&self) -> Option<Waiting> {
        Some(Waiting {
            kind: self.kind.clone()?,
            status: self.status.clone()?,
            number: self.number?,
            since: self.since?,
            oldest: self.oldest.clone()?,
        })
    }

    /// What a company asks of the person's address.
    fn covering(&self) -> Option<(AccountId, Covering)> {
        let provider = self.status.as_deref().filter(|_| self.kind.as_deref() == Some("idp")).and_then(IdpId::parse)?;
        let flags = self.number.unwrap_or_default();
        let covering = Covering { provider, enforced: flags & 1 > 0, trusts_factors: flags & 2 > 0 };
        Some((self.account_id.clone()?, covering))
    }
}

/// A person with every company they are an active member of, what they may do there and from where; and what waits in the company
/// that they look at, longest first, if they are a member: one statement, as every page begins with it.
pub fn person_with_memberships(
    tx: &mut Tx<'_>,
    id: &UserId,
    looks_at: Option<&str>,
) -> Result<Option<(Person, Vec<Waiting>)>> {
    let text = format!(
        "select u.name as user_name, u.email, u.icon as picture, u.locale, u.timezone, u.date_format, u.last_account, \
         cast(case when exists (select 1 from totp where user_id = u.id) or exists (select 1 from passkey where user_id = u.id) \
           then 1 else 0 end as bigint) as has_factor, u.factors_later_at as later_at, \
         a.id as account_id, a.name as account_name, a.role, a.icon, a.factor_policy, gp.module, gp.level, \
         coalesce(a.id = (select value from setting where name = 'operator'), false) as operates, \
         null as kind, null as status, null as number, null as since, null as oldest from person u \
         left join membership m on m.user_id = u.id and m.status = 'active' \
         left join account a on a.id = m.account_id and a.status = 'active' \
         left join user_group g on g.account_id = a.id \
           and exists (select 1 from group_member gm where gm.group_id = g.id and gm.user_id = u.id) \
         left join group_permission gp on gp.group_id = g.id \
         where u.id = $1 \
         union all select '', '', null, null, null, null, null, null, null, null, null, null, null, null, null, null, false, w.* from ({}) w \
         where exists (select 1 from membership where user_id = $1 and account_id = $2 and status = 'active') \
         union all select '', '', null, null, null, null, null, null, null, r.account_id, null, null, null, null, null, null, false, 'ip_rule', r.value, null, null, null \
         from membership m join ip_rule r on r.account_id = m.account_id and r.acl = 'users' \
         where m.user_id = $1 and m.status = 'active' \
         union all select '', '', null, null, null, null, null, null, null, d.account_id, null, null, null, null, null, null, false, 'idp', d.idp_id, \
         cast(case when d.enforce then 1 else 0 end + case when i.trusts_factors then 2 else 0 end as bigint), null, null \
         from person u join membership m on m.user_id = u.id and m.status = 'active' \
         join sso_domain d on d.account_id = m.account_id and d.status = 'verified' and u.email_folded like '%@' || d.domain \
         join idp i on i.id = d.idp_id where u.id = $1 \
         order by account_name, account_id, since",
        party::WAITING
    );
    let rows: Vec<PersonRow> = diesel::sql_query(text)
        .bind::<SqlText, _>(id.as_str())
        .bind::<SqlText, _>(looks_at.unwrap_or_default())
        .load(tx.conn())?;
    let waiting = rows.iter().filter_map(PersonRow::waiting).collect();
    let ruled = |row: &PersonRow| {
        Some((row.account_id.clone()?, row.status.clone()?)).filter(|_| row.kind.as_deref() == Some("ip_rule"))
    };
    let rules: Vec<(AccountId, String)> = rows.iter().filter_map(ruled).collect();
    let covered: Vec<(AccountId, Covering)> = rows.iter().filter_map(PersonRow::covering).collect();
    let Some(first) = rows.iter().find(|row| row.kind.is_none()) else { return Ok(None) };
    let mut person = Person {
        id: id.clone(),
        name: first.user_name.clone(),
        email: first.email.clone(),
        icon: first.picture.clone(),
        locale: first.locale.clone(),
        timezone: first.timezone.clone(),
        dates: first.date_format.as_deref().and_then(Dates::parse).unwrap_or(Dates::Words),
        last_account: first.last_account.clone(),
        has_factor: first.has_factor.is_some_and(|n| n > 0),
        factor_later: first.later_at.is_some(),
        memberships: vec![],
    };
    for row in rows {
        let (Some(account), Some(name), Some(role)) = (row.account_id, row.account_name, row.role) else { continue };
        let icon = row.icon;
        if person.memberships.last().is_none_or(|m| m.account != account) {
            let own = rules.iter().filter(|(of, _)| *of == account).map(|(_, value)| value.as_str());
            let addresses = IpRules::kept(own);
            let covering = covered.iter().find(|(of, _)| *of == account).map(|(_, covering)| covering.clone());
            person.memberships.push(Membership {
                account,
                name,
                role,
                icon,
                permissions: Permissions::default(),
                addresses,
                operates: row.operates,
                factor_policy: row.factor_policy.unwrap_or(Policy::Required),
                single_sign_on: covering,
            });
        }
        if let (Some(module), Some(level), Some(m)) =
            (row.module.as_deref().and_then(Module::parse), row.level, person.memberships.last_mut())
        {
            m.permissions.grant(module, level);
        }
    }
    Ok(Some((person, waiting)))
}

/// The name of a closed company of which a person is an active member.
pub fn closed_company_of(tx: &mut Tx<'_>, user: &UserId, id: &str) -> Result<Option<String>> {
    Ok(membership::table
        .inner_join(account::table)
        .filter(membership::user_id.eq(user))
        .filter(membership::status.eq(MemberStatus::Active))
        .filter(account::id.eq(id))
        .filter(account::status.eq(AccountStatus::Inactive))
        .select(account::name)
        .first(tx.conn())
        .optional()?)
}

/// What is needed to check a password.
#[derive(Debug, Clone, Queryable)]
pub struct Credentials {
    /// Who.
    pub id: UserId,
    /// Their address, as they registered it.
    pub email: String,
    /// The argon2id hash; none while the person has not set a password.
    pub password: Option<String>,
    /// When they showed that they read the mail of this address.
    pub proven_at: Option<Time>,
    /// The epoch of their sessions.
    pub epoch: i64,
}

/// The credentials behind an address.
pub fn credentials(tx: &mut Tx<'_>, email_folded: &str) -> Result<Option<Credentials>> {
    Ok(person::table
        .filter(person::email_folded.eq(email_folded))
        .select((person::id, person::email, person::password, person::proven_at, person::session_epoch))
        .first(tx.conn())
        .optional()?)
}

/// The credentials of a person.
pub fn credentials_of(tx: &mut Tx<'_>, id: &UserId) -> Result<Option<Credentials>> {
    Ok(person::table
        .find(id)
        .select((person::id, person::email, person::password, person::proven_at, person::session_epoch))
        .first(tx.conn())
        .optional()?)
}

/// Remembers the company a person works in, if it changed.
pub fn works_in(tx: &mut Tx<'_>, id: &UserId, account: &AccountId) -> Result<()> {
    diesel::update(person::table.find(id)).set(person::last_account.eq(Some(account.as_str()))).execute(tx.conn())?;
    Ok(())
}

/// Sets a password's hash for somebody who came by a mailed link, and ends every session of the person.
pub fn set_password(tx: &mut Tx<'_>, id: &UserId, hash: &str) -> Result<()> {
    let at = tx.at();
    diesel::update(person::table.find(id))
        .set((person::password.eq(Some(hash)), person::proven_at.eq(Some(at))))
        .execute(tx.conn())?;
    super::end_sessions(tx, id, None)
}

/// Changes a password, unless it is another one by now; tells whether it was changed.
pub fn change_password(tx: &mut Tx<'_>, id: &UserId, before: &str, hash: &str) -> Result<bool> {
    let kept = person::table.find(id).filter(person::password.eq(before));
    Ok(diesel::update(kept).set(person::password.eq(Some(hash))).execute(tx.conn())? == 1)
}

/// Failures noted for a subject of late, and until when it is blocked.
pub fn attempts(tx: &mut Tx<'_>, subject: &str) -> Result<(i32, Option<Time>)> {
    let since = tx.at().plus_seconds(-model::FAILURES_COUNT_SECONDS);
    let row: Option<(i32, Option<Time>)> = attempt::table
        .find(subject)
        .filter(attempt::first_at.gt(since))
        .select((attempt::failures, attempt::blocked_until))
        .first(tx.conn())
        .optional()?;
    Ok(row.unwrap_or((0, None)))
}

/// Forgets failures that count no longer, at most `limit`; gives how many.
pub fn forget_attempts(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let since = tx.at().plus_seconds(-model::FAILURES_COUNT_SECONDS);
    let old: Vec<String> =
        attempt::table.filter(attempt::first_at.le(since)).select(attempt::subject).limit(limit).load(tx.conn())?;
    Ok(diesel::delete(attempt::table.filter(attempt::subject.eq_any(&old))).execute(tx.conn())?)
}

/// Forgets links that work no longer, used or not, at most `limit`; gives how many.
pub fn forget_links(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let at = tx.at();
    let old: Vec<String> = one_time_link::table
        .filter(one_time_link::expires_at.le(at))
        .select(one_time_link::secret_hash)
        .limit(limit)
        .load(tx.conn())?;
    Ok(diesel::delete(one_time_link::table.filter(one_time_link::secret_hash.eq_any(&old))).execute(tx.conn())?)
}

/// Notes one more failure; the first one begins the time for which failures count.
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
    if failures == 1 {
        diesel::update(attempt::table.find(subject)).set(attempt::first_at.eq(at)).execute(tx.conn())?;
    }
    Ok(())
}

/// Forgets the failures of a subject.
pub fn forgiven(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    diesel::delete(attempt::table.find(subject)).execute(tx.conn())?;
    Ok(())
}

// ---- links that are sent once ----

/// Writes a link's hash; earlier links of the same purpose, and into the same company, stop working.
pub fn insert_link(
    tx: &mut Tx<'_>,
    secret: &Secret,
    purpose: LinkPurpose,
    user: &UserId,
    account: Option<&AccountId>,
    expires_at: Time,
) -> Result<()> {
    let at = tx.at();
    end_links(tx, purpose, user, account)?;
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

/// Ends a person's unused links of a purpose: into one company, or those that lead into none.
pub fn end_links(tx: &mut Tx<'_>, purpose: LinkPurpose, user: &UserId, account: Option<&AccountId>) -> Result<()> {
    let at = tx.at();
    let open = one_time_link::table
        .filter(one_time_link::user_id.eq(user))
        .filter(one_time_link::purpose.eq(purpose))
        .filter(one_time_link::used_at.is_null());
    let end = one_time_link::expires_at.eq(at);
    match account {
        Some(account) => {
            diesel::update(open.filter(one_time_link::account_id.eq(account.as_str()))).set(end).execute(tx.conn())?
        }
        None => diesel::update(open.filter(one_time_link::account_id.is_null())).set(end).execute(tx.conn())?,
    };
    Ok(())
}

/// Whether a person has an unused link of a purpose that was made after a moment.
pub fn has_fresh_link(tx: &mut Tx<'_>, user: &UserId, purpose: LinkPurpose, since: Time) -> Result<bool> {
    let at = tx.at();
    let fresh = one_time_link::table
        .filter(one_time_link::user_id.eq(user))
        .filter(one_time_link::purpose.eq(purpose))
        .filter(one_time_link::used_at.is_null())
        .filter(one_time_link::expires_at.gt(at))
        .filter(one_time_link::created_at.gt(since));
    Ok(diesel::select(diesel::dsl::exists(fresh)).get_result(tx.conn())?)
}

/// An unused link.
#[derive(Debug, Clone)]
pub struct Link {
    /// Whom it is for.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// The company they join by it.
    pub account: Option<AccountId>,
}

/// The unused link behind a secret.
pub fn link(tx: &mut Tx<'_>, secret: &Secret) -> Result<Option<Link>> {
    let at = tx.at();
    let found: Option<(UserId, Option<AccountId>)> = one_time_link::table
        .find(secret.hash())
        .filter(one_time_link::used_at.is_null())
        .filter(one_time_link::expires_at.gt(at))
        .select((one_time_link::user_id, one_time_link::account_id))
        .first(tx.conn())
        .optional()?;
    let Some((user, account)) = found else { return Ok(None) };
    let email = person::table.find(&user).select(person::email).first(tx.conn())?;
    Ok(Some(Link { user, email, account }))
}

/// Marks a link as used; false if somebody was faster.
pub fn use_link(tx: &mut Tx<'_>, secret: &Secret) -> Result<bool> {
    let at = tx.at();
    let changed = diesel::update(one_time_link::table.find(secret.hash()).filter(one_time_link::used_at.is_null()))
        .set(one_time_link::used_at.eq(Some(at)))
        .execute(tx.conn())?;
    Ok(changed == 1)
}
