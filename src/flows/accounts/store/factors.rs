//! Second factors of people. Whoever signs in is nobody yet, and whoever changes a factor does it for themselves, in no
//! company: these queries take the person.

use diesel::prelude::*;

use crate::db::schema::{account, passkey, person, recovery_code, totp, used_challenge};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::factors::Policy;
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Secret, Time, UserId};
use crate::on_each;

/// The authenticator app of a person.
#[derive(Debug, Clone, Queryable)]
pub struct AppRow {
    /// Its secret, sealed.
    pub sealed: String,
    /// Since when.
    pub created_at: Time,
    /// When it was used last.
    pub used_at: Option<Time>,
}

/// A passkey of a person.
#[derive(Debug, Clone, Queryable)]
pub struct PasskeyRow {
    /// Which.
    pub id: String,
    /// Whose.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The name that it works for.
    pub host: String,
    /// The public key and what else is needed to check its answers, as JSON.
    pub credential: Doc<serde_json::Value>,
    /// Since when.
    pub created_at: Time,
    /// When it was used last.
    pub used_at: Option<Time>,
}

/// Everything by which a person confirms who they are beside the password.
#[derive(Debug, Clone, Default)]
pub struct Factors {
    /// The authenticator app.
    pub app: Option<AppRow>,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Recovery codes that were not used.
    pub codes_left: i64,
}

impl Factors {
    /// Whether there is an authenticator app or a passkey: recovery codes alone are none.
    pub fn any(&self) -> bool {
        self.app.is_some() || !self.passkeys.is_empty()
    }
}

/// The factors of a person.
pub fn factors(tx: &mut Tx<'_>, user: &UserId) -> Result<Factors> {
    let app = app(tx, user)?;
    let passkeys = passkey::table
        .filter(passkey::user_id.eq(user))
        .order((passkey::created_at, passkey::id))
        .select((
            passkey::id,
            passkey::user_id,
            passkey::name,
            passkey::host,
            passkey::credential,
            passkey::created_at,
            passkey::used_at,
        ))
        .load(tx.conn())?;
    let codes_left = recovery_code::table
        .filter(recovery_code::user_id.eq(user))
        .filter(recovery_code::used_at.is_null())
        .count()
        .get_result(tx.conn())?;
    Ok(Factors { app, passkeys, codes_left })
}

/// The authenticator app of a person.
pub fn app(tx: &mut Tx<'_>, user: &UserId) -> Result<Option<AppRow>> {
    Ok(totp::table.find(user).select((totp::sealed, totp::created_at, totp::used_at)).first(tx.conn()).optional()?)
}

/// Writes the authenticator app of a person, in place of the one there was. `step` is that of the code by which it was
/// confirmed.
pub fn put_app(tx: &mut Tx<'_>, user: &UserId, sealed: &str, step: i64) -> Result<()> {
    let at = tx.at();
    delete_app(tx, user)?;
    let row = (totp::user_id.eq(user), totp::sealed.eq(sealed), totp::last_step.eq(step), totp::created_at.eq(at));
    diesel::insert_into(totp::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Notes that the code of a time step was used; false if that one or a later one was used already.
pub fn use_step(tx: &mut Tx<'_>, user: &UserId, step: i64) -> Result<bool> {
    let at = tx.at();
    let changed = diesel::update(totp::table.find(user).filter(totp::last_step.lt(step)))
        .set((totp::last_step.eq(step), totp::used_at.eq(Some(at))))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Takes the authenticator app of a person away; false if there was none.
pub fn delete_app(tx: &mut Tx<'_>, user: &UserId) -> Result<bool> {
    Ok(diesel::delete(totp::table.find(user)).execute(tx.conn())? > 0)
}

/// The passkey behind a credential, whoever it belongs to.
pub fn passkey_by_credential(tx: &mut Tx<'_>, credential: &str) -> Result<Option<PasskeyRow>> {
    Ok(passkey::table
        .filter(passkey::credential_id.eq(credential))
        .select((
            passkey::id,
            passkey::user_id,
            passkey::name,
            passkey::host,
            passkey::credential,
            passkey::created_at,
            passkey::used_at,
        ))
        .first(tx.conn())
        .optional()?)
}

/// A passkey to be written.
pub struct NewPasskey<'a> {
    /// Under which id.
    pub id: &'a str,
    /// The id that the passkey goes by.
    pub credential_id: &'a str,
    /// What its owner calls it.
    pub name: &'a str,
    /// The name that it works for.
    pub host: &'a str,
    /// What is needed to check its answers.
    pub credential: serde_json::Value,
}

/// Writes a passkey; false if it is somebody's already.
pub fn insert_passkey(tx: &mut Tx<'_>, user: &UserId, new: &NewPasskey<'_>) -> Result<bool> {
    let at = tx.at();
    let row = (
        passkey::id.eq(new.id),
        passkey::user_id.eq(user),
        passkey::credential_id.eq(new.credential_id),
        passkey::name.eq(new.name),
        passkey::host.eq(new.host),
        passkey::credential.eq(Doc(new.credential.clone())),
        passkey::created_at.eq(at),
    );
    let written =
        on_each!(tx, |c| diesel::insert_into(passkey::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(written == 1)
}

/// Notes that a passkey was used, with its counter.
pub fn passkey_used(tx: &mut Tx<'_>, id: &str, credential: serde_json::Value) -> Result<()> {
    let at = tx.at();
    diesel::update(passkey::table.find(id))
        .set((passkey::credential.eq(Doc(credential)), passkey::used_at.eq(Some(at))))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a passkey of a person away; false if they have no such one.
pub fn delete_passkey(tx: &mut Tx<'_>, user: &UserId, id: &str) -> Result<bool> {
    let own = passkey::table.find(id).filter(passkey::user_id.eq(user));
    Ok(diesel::delete(own).execute(tx.conn())? > 0)
}

/// Writes recovery codes in place of those there were.
pub fn put_codes(tx: &mut Tx<'_>, user: &UserId, codes: &[Secret]) -> Result<()> {
    let at = tx.at();
    delete_codes(tx, user)?;
    for code in codes {
        let row =
            (recovery_code::hash.eq(code.hash()), recovery_code::user_id.eq(user), recovery_code::created_at.eq(at));
        diesel::insert_into(recovery_code::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// Takes the recovery codes of a person away.
pub fn delete_codes(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    diesel::delete(recovery_code::table.filter(recovery_code::user_id.eq(user))).execute(tx.conn())?;
    Ok(())
}

/// Uses a recovery code of a person; false if it is none of theirs, or was used.
pub fn use_code(tx: &mut Tx<'_>, user: &UserId, code: &Secret) -> Result<bool> {
    let at = tx.at();
    let left = recovery_code::table
        .find(code.hash())
        .filter(recovery_code::user_id.eq(user))
        .filter(recovery_code::used_at.is_null());
    Ok(diesel::update(left).set(recovery_code::used_at.eq(Some(at))).execute(tx.conn())? == 1)
}

/// Notes that a question to a passkey was answered; false if it was answered before.
pub fn use_challenge(tx: &mut Tx<'_>, id: &str, until: Time) -> Result<bool> {
    let row = (used_challenge::id.eq(id), used_challenge::expires_at.eq(until));
    let written =
        on_each!(tx, |c| diesel::insert_into(used_challenge::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(written == 1)
}

/// Forgets answered questions that are too old to be answered again, at most `limit`; gives how many.
pub fn forget_challenges(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let at = tx.at();
    let old: Vec<String> = used_challenge::table
        .filter(used_challenge::expires_at.le(at))
        .select(used_challenge::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(diesel::delete(used_challenge::table.filter(used_challenge::id.eq_any(&old))).execute(tx.conn())?)
}

/// A person's name and address.
pub fn contact(tx: &mut Tx<'_>, user: &UserId) -> Result<Option<(String, String)>> {
    Ok(person::table.find(user).select((person::name, person::email)).first(tx.conn()).optional()?)
}

/// Remembers that a person put away the hint to set a factor up.
pub fn factors_later(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    let at = tx.at();
    diesel::update(person::table.find(user)).set(person::factors_later_at.eq(Some(at))).execute(tx.conn())?;
    Ok(())
}

// ---- what an account asks of its members ----

/// Whether the acting company asks its members for a second factor.
pub fn factor_policy(tx: &mut Tx<'_>, actor: &Actor) -> Result<Policy> {
    let policy: String = account::table.find(actor.account()?).select(account::factor_policy).first(tx.conn())?;
    Ok(Policy::parse(&policy).unwrap_or(Policy::Required))
}

/// Says whether the acting company asks its members for a second factor.
pub fn set_factor_policy(tx: &mut Tx<'_>, actor: &Actor, policy: Policy) -> Result<()> {
    let at = tx.at();
    diesel::update(account::table.find(actor.account()?))
        .set((
            account::factor_policy.eq(policy.as_str()),
            account::updated_at.eq(at),
            account::revision.eq(account::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Whether two people of a company decide about its contracts.
pub fn two_people(tx: &mut Tx<'_>, account: &AccountId) -> Result<bool> {
    Ok(account::table.find(account).select(account::two_people).first(tx.conn())?)
}

/// Says whether two people of a company decide about its contracts.
pub fn set_two_people(tx: &mut Tx<'_>, account: &AccountId, wanted: bool) -> Result<()> {
    let at = tx.at();
    diesel::update(account::table.find(account))
        .set((account::two_people.eq(wanted), account::updated_at.eq(at), account::revision.eq(account::revision + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// How many active members the acting company has, and how many of them have a second factor.
pub fn members_with_factors(tx: &mut Tx<'_>, actor: &Actor) -> Result<(i64, i64)> {
    use diesel::sql_types::{BigInt, Text as SqlText};
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        members: i64,
        #[diesel(sql_type = BigInt)]
        safe: i64,
    }
    let row: Row = diesel::sql_query(
        "select count(*) as members, cast(coalesce(sum(case when exists (select 1 from totp t where t.user_id = m.user_id) \
         or exists (select 1 from passkey k where k.user_id = m.user_id) then 1 else 0 end), 0) as bigint) as safe \
         from membership m where m.account_id = $1 and m.status = 'active'",
    )
    .bind::<SqlText, _>(actor.account()?.as_str())
    .get_result(tx.conn())?;
    Ok((row.members, row.safe))
}
