//! Changes of people's addresses. Whoever presents a secret has the permission to do what it was made for.

use diesel::prelude::*;

use crate::db::schema::{email_change, one_time_link, person};
use crate::db::{Result, Tx};
use crate::kit::{Email, Secret, Time, UserId};

/// A change that was asked for, or done.
#[derive(Debug, Clone, Queryable)]
pub struct EmailChange {
    /// Whose address.
    pub user: UserId,
    /// The address before.
    pub before: String,
    /// The address after.
    pub after: String,
}

/// Notes a change that its person asks for; earlier ones that are not done stop working.
pub fn insert_email_change(
    tx: &mut Tx<'_>,
    secret: &Secret,
    change: &EmailChange,
    expires_at: Time,
    kept_until: Time,
) -> Result<()> {
    let at = tx.at();
    end_email_changes(tx, &change.user)?;
    let row = (
        email_change::secret_hash.eq(secret.hash()),
        email_change::user_id.eq(&change.user),
        email_change::address_before.eq(&change.before),
        email_change::address_after.eq(&change.after),
        email_change::created_at.eq(at),
        email_change::expires_at.eq(expires_at),
        email_change::kept_until.eq(kept_until),
    );
    diesel::insert_into(email_change::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Ends changes of a person that were asked for and are not done.
pub fn end_email_changes(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    let at = tx.at();
    let open = email_change::table
        .filter(email_change::user_id.eq(user))
        .filter(email_change::done_at.is_null())
        .filter(email_change::expires_at.gt(at));
    diesel::update(open).set(email_change::expires_at.eq(at)).execute(tx.conn())?;
    Ok(())
}

/// How many changes a person has asked for since a moment.
pub fn email_changes_since(tx: &mut Tx<'_>, user: &UserId, since: Time) -> Result<i64> {
    let asked = email_change::table.filter(email_change::user_id.eq(user)).filter(email_change::created_at.gt(since));
    Ok(asked.count().get_result(tx.conn())?)
}

/// The change that a secret proves, if it is open.
pub fn email_change(tx: &mut Tx<'_>, secret: &Secret) -> Result<Option<EmailChange>> {
    let at = tx.at();
    Ok(email_change::table
        .find(secret.hash())
        .filter(email_change::done_at.is_null())
        .filter(email_change::expires_at.gt(at))
        .select((email_change::user_id, email_change::address_before, email_change::address_after))
        .first(tx.conn())
        .optional()?)
}

/// Marks a change as done, to be undone by another secret until a moment; false if somebody was faster.
pub fn email_change_done(tx: &mut Tx<'_>, secret: &Secret, undo: &Secret, until: Time) -> Result<bool> {
    let at = tx.at();
    let open = email_change::table.find(secret.hash()).filter(email_change::done_at.is_null());
    let changed = diesel::update(open)
        .set((
            email_change::done_at.eq(Some(at)),
            email_change::undo_hash.eq(Some(undo.hash())),
            email_change::undo_until.eq(Some(until)),
            email_change::kept_until.eq(until),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// The change that a secret undoes, if it still can be undone.
pub fn undoable(tx: &mut Tx<'_>, secret: &Secret) -> Result<Option<EmailChange>> {
    let at = tx.at();
    Ok(email_change::table
        .filter(email_change::undo_hash.eq(secret.hash()))
        .filter(email_change::undo_until.gt(at))
        .select((email_change::user_id, email_change::address_before, email_change::address_after))
        .first(tx.conn())
        .optional()?)
}

/// Takes a change back: it, and whatever was changed after it, can be neither proved nor undone any more. False if somebody
/// was faster.
pub fn undone(tx: &mut Tx<'_>, secret: &Secret, user: &UserId) -> Result<bool> {
    let at = tx.at();
    let open = email_change::undo_hash.eq(secret.hash()).and(email_change::undo_until.gt(at));
    let began: Option<Time> = email_change::table
        .filter(open)
        .select(email_change::done_at)
        .first::<Option<Time>>(tx.conn())
        .optional()?
        .flatten();
    let Some(began) = began else { return Ok(false) };
    let changed = diesel::update(email_change::table.filter(email_change::undo_hash.eq(secret.hash())))
        .set(email_change::undo_until.eq(Some(at)))
        .execute(tx.conn())?;
    let later = email_change::table.filter(email_change::user_id.eq(user)).filter(email_change::done_at.ge(began));
    diesel::update(later).set(email_change::undo_until.eq(Some(at))).execute(tx.conn())?;
    end_email_changes(tx, user)?;
    Ok(changed == 1)
}

/// Gives a person another address, which they have proved to read, and ends every link that was sent to the one before.
pub fn set_email(tx: &mut Tx<'_>, user: &UserId, email: &Email) -> Result<()> {
    let at = tx.at();
    diesel::update(person::table.find(user))
        .set((
            person::email.eq(email.as_str()),
            person::email_folded.eq(email.folded()),
            person::proven_at.eq(Some(at)),
            person::revision.eq(person::revision + 1),
        ))
        .execute(tx.conn())?;
    let open = one_time_link::table
        .filter(one_time_link::user_id.eq(user))
        .filter(one_time_link::used_at.is_null())
        .filter(one_time_link::expires_at.gt(at));
    diesel::update(open).set(one_time_link::expires_at.eq(at)).execute(tx.conn())?;
    Ok(())
}

/// Forgets changes that can be neither proved nor undone, at most `limit`; gives how many.
pub fn forget_email_changes(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let at = tx.at();
    let old: Vec<String> = email_change::table
        .filter(email_change::kept_until.le(at))
        .select(email_change::secret_hash)
        .limit(limit)
        .load(tx.conn())?;
    Ok(diesel::delete(email_change::table.filter(email_change::secret_hash.eq_any(&old))).execute(tx.conn())?)
}
