//! Proving again, within a session, who one is.

use super::factors::{Place, Shown, check_factor};
use super::{Door, password};
use crate::db::{Db, Result, Tx};
use crate::flows::accounts::model::Proof;
use crate::flows::accounts::store;
use crate::journal::{self, Audience, Entry};
use crate::kit::{Actor, Refusal, Text, UserId};

const TOO_OFTEN: &str = "Too many wrong passwords. Try again in {seconds} seconds.";

/// Checks who is signed in: by the password, and of somebody with a second factor by that too; or by a passkey alone, which
/// checks its owner by itself. `session` is the session's handle: wrong passwords are counted for each session by itself,
/// so that nobody with a stolen one keeps the person from working in theirs.
pub fn confirm(
    db: &Db,
    place: &Place<'_>,
    (user, session): (&UserId, &str),
    password: &str,
    shown: &Shown,
) -> Result<Proof> {
    let (proof, text) = if let Shown::Passkey(_) = shown {
        check_factor(db, place, user, shown)?;
        (Proof::Passkey, Text::new("Confirmed by a passkey who it is"))
    } else {
        prove(db, user, session, ("password", password))?;
        if db.read(|tx| store::factors(tx, user))?.any() {
            check_factor(db, place, user, shown)?;
            (shown.factor().proof(), Text::new("Confirmed by password and second factor who it is"))
        } else {
            (Proof::Password, Text::new("Confirmed by password who it is"))
        }
    };
    db.write(|tx| note(tx, user, "person.confirmed", text.clone()))?;
    Ok(proof)
}

/// Changes the password of somebody who knows the present one. All sessions end but the one it is changed in.
pub fn change_password(db: &Db, user: &UserId, session: &str, old: &str, new: &str, door: &Door<'_>) -> Result<()> {
    let before = prove(db, user, session, ("old", old))?;
    let hash = password::hash(new)?;
    db.write(|tx| {
        if !store::change_password(tx, user, &before, &hash)? {
            let text = Text::new("Your password was changed elsewhere at this moment. Sign in with the new one.");
            return Err(Refusal::conflict(text).into());
        }
        store::end_sessions(tx, user, Some(session))?;
        super::notices::password_changed(tx, user, door)?;
        note(tx, user, "person.password_changed", Text::new("The password was changed"))
    })
}

/// Checks the present password, which stands in a field; gives its hash.
fn prove(db: &Db, user: &UserId, session: &str, (field, password): (&str, &str)) -> Result<String> {
    let turn = password::turn()?;
    let subject = format!("confirm:{session}");
    let who = db.read(|tx| {
        super::must_not_wait_after(tx, &subject, TOO_OFTEN)?;
        store::credentials_of(tx, user)
    })?;
    let kept = who.and_then(|c| c.password);
    if kept.is_none() {
        let text = "You have no password yet: you come in by single sign-on. \"Forgot your password?\" on the sign-in page sends you a link that sets one.";
        return Err(Refusal::field(field, Text::new(text)).into());
    }
    match kept.filter(|kept| turn.verify(Some(kept), password)) {
        Some(kept) => {
            db.write(|tx| store::forgiven(tx, &subject))?;
            Ok(kept)
        }
        None => {
            db.write(|tx| super::tried(tx, &subject, 0))?;
            tracing::warn!(user = %user, "somebody who is signed in typed a wrong password");
            Err(Refusal::field(field, Text::new("This is not your password. Type it again.")).into())
        }
    }
}

/// Notes what somebody did to themselves, for their own eyes.
fn note(tx: &mut Tx<'_>, user: &UserId, verb: &'static str, text: Text) -> Result<()> {
    tracing::info!(user = %user, verb, "{text}");
    let actor = Actor::Guest { object: user.to_string() };
    let entry = Entry::new("person", user, verb, text).audience(Audience::Person(user.clone()));
    journal::record(tx, &actor, entry).map(drop)
}
