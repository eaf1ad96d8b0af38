//! Rows of single sign-on that signing in needs. There is no actor yet.

use diesel::prelude::*;

use crate::db::schema::{idp, membership, person, sso_attempt, sso_domain, sso_link};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::MemberStatus;
use crate::flows::accounts::model::sso::{DomainStatus, Offered};
use crate::kit::{AccountId, IdpId, Secret, Time, UserId};
use crate::on_each;

/// Providers that know the people of a domain, of every account that has shown that the domain is its own.
pub fn offered_for(tx: &mut Tx<'_>, domain: &str) -> Result<Vec<Offered>> {
    let rows: Vec<(IdpId, String, AccountId, String)> = sso_domain::table
        .inner_join(idp::table)
        .filter(sso_domain::domain.eq(domain))
        .filter(sso_domain::status.eq(DomainStatus::Verified))
        .filter(idp::sealed.is_not_null())
        .filter(idp::client_id.ne(""))
        .order((idp::name, idp::id))
        .select((idp::id, idp::name, idp::account_id, idp::notice))
        .load(tx.conn())?;
    let offered = |(provider, name, account, notice)| Offered { provider, name, account, notice };
    Ok(rows.into_iter().map(offered).collect())
}

/// Whether an account has shown that a domain is its own, and a provider of it knows its people.
pub fn covers(tx: &mut Tx<'_>, account: &AccountId, provider: &IdpId, domain: &str) -> Result<bool> {
    let covering = sso_domain::table
        .filter(sso_domain::account_id.eq(account))
        .filter(sso_domain::domain.eq(domain))
        .filter(sso_domain::status.eq(DomainStatus::Verified))
        .filter(sso_domain::idp_id.eq(provider.as_str()));
    Ok(diesel::select(diesel::dsl::exists(covering)).get_result(tx.conn())?)
}

/// The active member of an account with an address, as it is compared.
pub fn member_with(tx: &mut Tx<'_>, account: &AccountId, email_folded: &str) -> Result<Option<UserId>> {
    Ok(membership::table
        .inner_join(person::table)
        .filter(membership::account_id.eq(account))
        .filter(membership::status.eq(MemberStatus::Active))
        .filter(person::email_folded.eq(email_folded))
        .select(person::id)
        .first(tx.conn())
        .optional()?)
}

/// Whom a provider means by a subject, with their address; as long as they are an active member of the account.
pub fn meant_by(
    tx: &mut Tx<'_>,
    account: &AccountId,
    provider: &IdpId,
    subject: &str,
) -> Result<Option<(UserId, String)>> {
    Ok(sso_link::table
        .inner_join(person::table.on(person::id.eq(sso_link::user_id)))
        .inner_join(membership::table.on(membership::user_id.eq(sso_link::user_id)))
        .filter(sso_link::idp_id.eq(provider))
        .filter(sso_link::subject.eq(subject))
        .filter(membership::account_id.eq(account))
        .filter(membership::status.eq(MemberStatus::Active))
        .select((person::id, person::email))
        .first(tx.conn())
        .optional()?)
}

/// Whom a provider means by a subject, whatever has become of them.
pub fn subject_of(tx: &mut Tx<'_>, provider: &IdpId, subject: &str) -> Result<Option<UserId>> {
    Ok(sso_link::table.find((provider, subject)).select(sso_link::user_id).first(tx.conn()).optional()?)
}

/// Whether a person has joined any company.
pub fn works_somewhere(tx: &mut Tx<'_>, user: &UserId) -> Result<bool> {
    let active = membership::table
        .filter(membership::user_id.eq(user))
        .filter(membership::status.ne_all([MemberStatus::Invited, MemberStatus::Expired]));
    Ok(diesel::select(diesel::dsl::exists(active)).get_result(tx.conn())?)
}

/// Notes whom a provider means by a subject; false if the subject, or the person, is linked otherwise.
pub fn put_subject(tx: &mut Tx<'_>, provider: &IdpId, subject: &str, user: &UserId) -> Result<bool> {
    let at = tx.at();
    let row = (
        sso_link::idp_id.eq(provider),
        sso_link::subject.eq(subject),
        sso_link::user_id.eq(user),
        sso_link::created_at.eq(at),
        sso_link::used_at.eq(at),
    );
    let written =
        on_each!(tx, |c| diesel::insert_into(sso_link::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(written == 1)
}

/// Notes that somebody came in by a link.
pub fn subject_used(tx: &mut Tx<'_>, provider: &IdpId, subject: &str) -> Result<()> {
    let at = tx.at();
    diesel::update(sso_link::table.find((provider, subject))).set(sso_link::used_at.eq(at)).execute(tx.conn())?;
    Ok(())
}

/// Whether a person has come in by a provider.
pub fn has_used(tx: &mut Tx<'_>, provider: &IdpId, user: &UserId) -> Result<bool> {
    let links = sso_link::table.filter(sso_link::idp_id.eq(provider)).filter(sso_link::user_id.eq(user));
    Ok(diesel::select(diesel::dsl::exists(links)).get_result(tx.conn())?)
}

/// Forgets whom a provider means by a person; false if it meant nobody.
pub fn unlink(tx: &mut Tx<'_>, provider: &IdpId, user: &UserId) -> Result<bool> {
    let links = sso_link::table.filter(sso_link::idp_id.eq(provider)).filter(sso_link::user_id.eq(user));
    Ok(diesel::delete(links).execute(tx.conn())? > 0)
}

/// A sign-in that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Attempt {
    /// At which provider.
    pub provider: IdpId,
    /// Whether it is to confirm who is signed in.
    pub again: bool,
    /// Where to go on.
    pub next: String,
}

/// Notes that a sign-in is under way in a browser.
pub fn insert_attempt(
    tx: &mut Tx<'_>,
    (state, browser): (&Secret, &Secret),
    attempt: &Attempt,
    until: Time,
) -> Result<()> {
    let row = (
        sso_attempt::state_hash.eq(state.hash()),
        sso_attempt::browser_hash.eq(browser.hash()),
        sso_attempt::idp_id.eq(&attempt.provider),
        sso_attempt::again.eq(attempt.again),
        sso_attempt::next.eq(&attempt.next),
        sso_attempt::expires_at.eq(until),
    );
    diesel::insert_into(sso_attempt::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Takes a sign-in that comes back: once, and to the browser that began it.
pub fn take_attempt(tx: &mut Tx<'_>, state: &Secret, browser: &Secret) -> Result<Option<Attempt>> {
    let at = tx.at();
    let own = sso_attempt::table
        .find(state.hash())
        .filter(sso_attempt::browser_hash.eq(browser.hash()))
        .filter(sso_attempt::expires_at.gt(at));
    let columns = (sso_attempt::idp_id, sso_attempt::again, sso_attempt::next);
    let Some(found) = own.select(columns).first::<Attempt>(tx.conn()).optional()? else { return Ok(None) };
    // Of two that come back at once, one finds it still.
    let taken = diesel::delete(sso_attempt::table.find(state.hash())).execute(tx.conn())?;
    Ok((taken == 1).then_some(found))
}

/// Forgets sign-ins that nobody came back from, at most `limit`; gives how many.
pub fn forget_sso_attempts(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let at = tx.at();
    let old: Vec<String> = sso_attempt::table
        .filter(sso_attempt::expires_at.le(at))
        .select(sso_attempt::state_hash)
        .limit(limit)
        .load(tx.conn())?;
    Ok(diesel::delete(sso_attempt::table.filter(sso_attempt::state_hash.eq_any(&old))).execute(tx.conn())?)
}
