//! Changing the own address. The new one is proved by a link in a mail to it; the old one is told, and can take the change
//! back for some days: whoever has taken over a session must not keep the person out for good.
//!
//! Nobody learns from the form whether an address is registered: an address of somebody else gets no mail, and the answer
//! is the same.

use super::{Door, notices};
use crate::db::{Result, Tx};
use crate::flows::accounts::model;
use crate::flows::accounts::store::{self, EmailChange};
use crate::jobs::mail::Link;
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{Actor, Email, NamedRef, Refusal, Secret, Text, UserId};

/// What the secrets of links to a new address are derived for.
const PROVE: &str = "new address";
/// What the secrets of links are derived for by which a change is taken back.
const UNDO: &str = "address before";

fn dead_link() -> crate::db::Error {
    Refusal::conflict(Text::new("This link was used already or is too old. Sign in and ask for the change again."))
        .into()
}

fn taken() -> crate::db::Error {
    Refusal::conflict(Text::new("This address belongs to somebody else by now, so nothing was changed.")).into()
}

/// Sends a link to a new address, by which it becomes the person's.
pub fn ask_for_email(tx: &mut Tx<'_>, user: &UserId, typed: &str, door: &Door<'_>) -> Result<()> {
    let wrong = || Text::new("{email} is not an e-mail address. Write one like ann@example.com.").arg("email", typed);
    let Some(address) = Email::parse(typed) else { return Err(Refusal::field("email", wrong()).into()) };
    let Some(who) = store::whereabouts(tx, user)? else { return Err(Refusal::not_found("user", user).into()) };
    if who.email == address.as_str() {
        return Err(Refusal::field("email", Text::new("This is your address already.")).into());
    }
    let day = tx.at().plus_seconds(-24 * 3600);
    if store::email_changes_since(tx, user, day)? >= model::EMAIL_CHANGES_A_DAY {
        let text = Text::new("You asked for several changes today. Wait until tomorrow, or use the link that you got.");
        return Err(Refusal::too_many(text).into());
    }
    let (nonce, object) = (Secret::nonce(), user.to_string());
    let secret = Secret::derived(door.deployment, PROVE, &object, &nonce);
    let change = EmailChange { user: user.clone(), before: who.email.clone(), after: address.as_str().to_owned() };
    let expires = tx.at().plus_seconds(model::EMAIL_CHANGE_SECONDS);
    store::insert_email_change(tx, &secret, &change, expires, expires)?;
    note(tx, user, "person.email_asked", Text::new("Another e-mail address was asked for"), None)?;
    if store::credentials(tx, &address.folded())?.is_some_and(|other| other.id != *user) {
        return Ok(());
    }
    let told = vec![
        Text::new("You asked to use this address in the portal from now on, in place of {email}.")
            .arg("email", &who.email),
        Text::new("The link works once, within a day. If you did not ask for this, do nothing."),
    ];
    let link = Link::Derived { path: "/new-email?secret=".to_owned(), purpose: PROVE.to_owned(), object, nonce };
    let key = format!("email:{}", secret.hash());
    let label = Text::new("Use this address:");
    notices::send(
        tx,
        &key,
        (&who.name, address.as_str()),
        Text::new("Your new e-mail address"),
        told,
        Some((label, link)),
    )
}

/// The new address that an unused link proves.
pub fn email_asked(tx: &mut Tx<'_>, secret: &Secret) -> Result<NamedRef> {
    let change = store::email_change(tx, secret)?.ok_or_else(dead_link)?;
    Ok(NamedRef { id: change.user.to_string(), name: change.after })
}

/// Gives a person the address that a link proves. All their sessions end, and the old address is told.
pub fn prove_email(tx: &mut Tx<'_>, secret: &Secret, door: &Door<'_>) -> Result<()> {
    let change = store::email_change(tx, secret)?.ok_or_else(dead_link)?;
    let EmailChange { user, before, after } = &change;
    let address = Email::parse(after).ok_or_else(dead_link)?;
    if store::credentials(tx, &address.folded())?.is_some_and(|other| other.id != *user) {
        return Err(taken());
    }
    let (nonce, object) = (Secret::nonce(), user.to_string());
    let undo = Secret::derived(door.deployment, UNDO, &object, &nonce);
    let until = tx.at().plus_seconds(model::EMAIL_UNDO_SECONDS);
    if !store::email_change_done(tx, secret, &undo, until)? {
        return Err(dead_link());
    }
    take_over(tx, user, &address)?;
    store::end_sessions(tx, user, None)?;
    note(
        tx,
        user,
        "person.email_changed",
        Text::new("The e-mail address was changed"),
        Change::of("E-mail", before, after),
    )?;
    let name = store::whereabouts(tx, user)?.map(|w| w.name).unwrap_or_default();
    let told = vec![
        Text::new(
            "{when:time} (your time): your e-mail address in the portal became {email}. Sign in with it from now on.",
        )
        .moment("when", tx.at())
        .arg("email", after),
        Text::new("If it was you, there is nothing to do. Within a week you can take it back."),
    ];
    let link = Link::Derived { path: "/old-email?secret=".to_owned(), purpose: UNDO.to_owned(), object, nonce };
    let label = Text::new("If it was not you, take the change back. That ends all sessions:");
    let subject = Text::new("Your e-mail address was changed");
    notices::send(tx, &format!("email:{}", undo.hash()), (&name, before), subject, told, Some((label, link)))
}

/// The old address that a link brings back.
pub fn email_before(tx: &mut Tx<'_>, secret: &Secret) -> Result<NamedRef> {
    let change = store::undoable(tx, secret)?.ok_or_else(dead_link)?;
    Ok(NamedRef { id: change.user.to_string(), name: change.before })
}

/// Takes a change of address back, with all that came after it. All sessions end. Gives the secret of a link by which the
/// person sets another password: whoever changed the address may know the present one.
pub fn undo_email(tx: &mut Tx<'_>, secret: &Secret) -> Result<Secret> {
    let change = store::undoable(tx, secret)?.ok_or_else(dead_link)?;
    let EmailChange { user, before, .. } = &change;
    let address = Email::parse(before).ok_or_else(dead_link)?;
    if store::credentials(tx, &address.folded())?.is_some_and(|other| other.id != *user) {
        return Err(taken());
    }
    let now = store::whereabouts(tx, user)?.map(|w| w.email).unwrap_or_default();
    if !store::undone(tx, secret, user)? {
        return Err(dead_link());
    }
    take_over(tx, user, &address)?;
    store::end_sessions(tx, user, None)?;
    store::forget_devices_of(tx, user)?;
    let text = Text::new("The change of the e-mail address was taken back");
    note(tx, user, "person.email_changed", text, Change::of("E-mail", now, before))?;
    super::password_link(tx, user)
}

/// Gives the address to the person, unless somebody registers it at this moment.
fn take_over(tx: &mut Tx<'_>, user: &UserId, address: &Email) -> Result<()> {
    store::set_email(tx, user, address).map_err(|e| if e.is_unique_violation() { taken() } else { e })
}

fn note(tx: &mut Tx<'_>, user: &UserId, verb: &'static str, text: Text, change: Option<Change>) -> Result<()> {
    tracing::info!(user = %user, verb, "{text}");
    let entry = Entry::new("person", user, verb, text).audience(Audience::Person(user.clone())).changes(change);
    journal::record(tx, &Actor::Guest { object: user.to_string() }, entry).map(drop)
}
