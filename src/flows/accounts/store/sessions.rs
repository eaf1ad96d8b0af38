//! Sessions and known browsers of people. Everything here is the person's own: it takes them in place of an actor.

use diesel::prelude::*;

use crate::db::schema::{device, person, session};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::{OptionalMail, Profile};
use crate::kit::{Secret, Time, UserId};
use crate::on_each;

/// For how long a browser is known that nobody signs in with, in seconds.
pub const DEVICE_SECONDS: i64 = 400 * 24 * 3600;

/// A browser in which a person is signed in.
#[derive(Debug, Clone, Queryable)]
pub struct SessionRow {
    /// Its name in lists; nobody gets in by it.
    pub handle: String,
    /// What the browser calls itself.
    pub agent: String,
    /// Where the person signed in from.
    pub address: String,
    /// When.
    pub created_at: Time,
    /// When it was used last, to a few minutes.
    pub seen_at: Time,
}

/// The sessions of a person, the one used last first, at most `limit`; `longest` is how long any of them lives, in seconds.
pub fn sessions_of(tx: &mut Tx<'_>, user: &UserId, longest: i64, limit: i64) -> Result<Vec<SessionRow>> {
    let at = tx.at();
    Ok(session::table
        .inner_join(person::table.on(person::id.nullable().eq(session::user_id)))
        .filter(person::id.eq(user))
        .filter(person::session_epoch.eq(session::epoch))
        .filter(session::expires_at.gt(at))
        .filter(session::created_at.gt(at.plus_seconds(-longest)))
        .order((session::seen_at.desc(), session::handle))
        .limit(limit)
        .select((session::handle, session::agent, session::address, session::created_at, session::seen_at))
        .load(tx.conn())?)
}

/// Ends one session of a person; tells whether there was one.
pub fn end_session(tx: &mut Tx<'_>, user: &UserId, handle: &str) -> Result<bool> {
    let own = session::table.filter(session::user_id.eq(user.as_str())).filter(session::handle.eq(handle));
    Ok(diesel::delete(own).execute(tx.conn())? > 0)
}

/// Ends the sessions of a person, also one that is made at this moment; all but the one with this handle.
pub fn end_sessions(tx: &mut Tx<'_>, id: &UserId, but: Option<&str>) -> Result<()> {
    let epoch: i64 = diesel::update(person::table.find(id))
        .set(person::session_epoch.eq(person::session_epoch + 1))
        .returning(person::session_epoch)
        .get_result(tx.conn())?;
    let own = session::table.filter(session::user_id.eq(id.as_str()));
    if let Some(handle) = but {
        diesel::update(own.filter(session::handle.eq(handle))).set(session::epoch.eq(epoch)).execute(tx.conn())?;
    }
    diesel::delete(own.filter(session::epoch.ne(epoch))).execute(tx.conn())?;
    Ok(())
}

/// Forgets sessions that ended, at most `limit`; gives how many.
pub fn forget_sessions(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let at = tx.at();
    let old: Vec<String> =
        session::table.filter(session::expires_at.le(at)).select(session::id).limit(limit).load(tx.conn())?;
    Ok(diesel::delete(session::table.filter(session::id.eq_any(&old))).execute(tx.conn())?)
}

/// Notes that somebody signed in; gives when they did so before.
pub fn signed_in(tx: &mut Tx<'_>, id: &UserId) -> Result<Option<Time>> {
    let at = tx.at();
    let before = person::table.find(id).select(person::signed_in_at).first(tx.conn())?;
    diesel::update(person::table.find(id)).set(person::signed_in_at.eq(Some(at))).execute(tx.conn())?;
    Ok(before)
}

/// Whether the person of an address has signed in before with the browser that has this secret.
pub fn is_device_of(tx: &mut Tx<'_>, secret: &Secret, email_folded: &str) -> Result<bool> {
    let since = tx.at().plus_seconds(-DEVICE_SECONDS);
    let known = device::table
        .inner_join(person::table.on(person::id.eq(device::user_id)))
        .filter(device::secret_hash.eq(secret.hash()))
        .filter(person::email_folded.eq(email_folded))
        .filter(device::seen_at.gt(since));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(tx.conn())?)
}

/// Notes that a person has signed in with a browser; tells whether they had done so before.
pub fn put_device(tx: &mut Tx<'_>, secret: &Secret, user: &UserId) -> Result<bool> {
    let (at, hash) = (tx.at(), secret.hash());
    let known =
        diesel::update(device::table.find((&hash, user.as_str()))).set(device::seen_at.eq(at)).execute(tx.conn())?;
    if known > 0 {
        return Ok(true);
    }
    let row =
        (device::secret_hash.eq(&hash), device::user_id.eq(user), device::created_at.eq(at), device::seen_at.eq(at));
    on_each!(tx, |c| diesel::insert_into(device::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(false)
}

/// No browser is known to a person any more: each has to prove anew that it is theirs.
pub fn forget_devices_of(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    diesel::delete(device::table.filter(device::user_id.eq(user))).execute(tx.conn())?;
    Ok(())
}

/// Forgets browsers that nobody has signed in with for long, at most `limit`; gives how many.
pub fn forget_devices(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let since = tx.at().plus_seconds(-DEVICE_SECONDS);
    let old: Vec<(String, String)> = device::table
        .filter(device::seen_at.le(since))
        .select((device::secret_hash, device::user_id))
        .limit(limit)
        .load(tx.conn())?;
    for (hash, user) in &old {
        diesel::delete(device::table.find((hash, user))).execute(tx.conn())?;
    }
    Ok(old.len())
}

/// Where a person is reached: their name and address.
#[derive(Debug, Clone, Queryable)]
pub struct Whereabouts {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Name and address of a person.
pub fn whereabouts(tx: &mut Tx<'_>, user: &UserId) -> Result<Option<Whereabouts>> {
    Ok(person::table.find(user).select((person::name, person::email)).first(tx.conn()).optional()?)
}

/// The optional mails that a person does not want.
pub fn muted(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<OptionalMail>> {
    let words: String = person::table.find(user).select(person::muted).first(tx.conn())?;
    Ok(words.split(' ').filter_map(OptionalMail::parse).collect())
}

/// Keeps which optional mails a person does not want.
pub fn mute(tx: &mut Tx<'_>, user: &UserId, mails: &[OptionalMail]) -> Result<()> {
    let words: Vec<&str> = mails.iter().map(OptionalMail::as_str).collect();
    diesel::update(person::table.find(user))
        .set((person::muted.eq(words.join(" ")), person::revision.eq(person::revision + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// What a person says about themselves.
pub fn profile(tx: &mut Tx<'_>, user: &UserId) -> Result<Option<Profile>> {
    type Row = (String, String, Option<String>, Option<String>, Option<String>, Option<String>);
    let row: Option<Row> = person::table
        .find(user)
        .select((person::name, person::title, person::locale, person::timezone, person::date_format, person::theme))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(name, title, locale, timezone, date_format, theme)| Profile {
        name,
        title,
        locale: locale.unwrap_or_else(|| "en".to_owned()),
        timezone: timezone.unwrap_or_default(),
        date_format: date_format.unwrap_or_else(|| "words".to_owned()),
        theme: theme.unwrap_or_else(|| "auto".to_owned()),
    }))
}

/// The address of a person's picture.
pub fn picture(tx: &mut Tx<'_>, user: &UserId) -> Result<Option<String>> {
    Ok(person::table.find(user).select(person::icon).first(tx.conn())?)
}

/// Keeps the address of a person's picture, or that they have none.
pub fn set_picture(tx: &mut Tx<'_>, user: &UserId, path: Option<&str>) -> Result<()> {
    diesel::update(person::table.find(user))
        .set((person::icon.eq(path), person::revision.eq(person::revision + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// Saves what a person says about themselves.
pub fn save_profile(tx: &mut Tx<'_>, user: &UserId, new: &Profile) -> Result<()> {
    diesel::update(person::table.find(user))
        .set((
            person::name.eq(&new.name),
            person::title.eq(&new.title),
            person::locale.eq(Some(&new.locale)),
            person::timezone.eq((!new.timezone.is_empty()).then_some(&new.timezone)),
            person::date_format.eq(Some(&new.date_format)),
            person::theme.eq(Some(&new.theme)),
            person::revision.eq(person::revision + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}
