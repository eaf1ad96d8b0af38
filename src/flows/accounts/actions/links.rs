//! Links in mails, by which people set a password.

use crate::db::{Result, Tx};
use crate::flows::accounts::model::{self, Entrance, LinkPurpose};
use crate::flows::accounts::store;
use crate::jobs::{
    self,
    mail::{self, Link, Mail},
};
use crate::journal::{self, Entry};
use crate::kit::{Actor, Email, NamedRef, Refusal, Secret, Text, UserId};

/// What the links of mails are made of. Their host is the one that the operator named, never the one a request came to:
/// whoever sends the request chooses that.
#[derive(Debug, Clone, Copy)]
pub struct Door<'a> {
    /// The deployment's secret. The link's own is derived from it, so that the queue of mails does not hold it.
    pub deployment: &'a str,
}

impl Door<'_> {
    /// A new one-time secret for a person, and the link that will hold it.
    pub(super) fn open(&self, user: &UserId) -> (Secret, Link) {
        let (object, nonce) = (user.to_string(), Secret::nonce());
        let secret = Secret::derived(self.deployment, LINK_PURPOSE, &object, &nonce);
        let path = "/set-password?secret=".to_owned();
        (secret, Link::Derived { path, purpose: LINK_PURPOSE.to_owned(), object, nonce })
    }
}

/// What the secrets of links in mails are derived for.
const LINK_PURPOSE: &str = "one-time link";

/// Makes a link by which a person sets a password.
pub fn password_link(tx: &mut Tx<'_>, user: &UserId) -> Result<Secret> {
    let secret = Secret::generate();
    keep_password_link(tx, &secret, user)?;
    Ok(secret)
}

fn keep_password_link(tx: &mut Tx<'_>, secret: &Secret, user: &UserId) -> Result<()> {
    let until = tx.at().plus_seconds(model::LINK_SECONDS);
    store::insert_link(tx, secret, LinkPurpose::SetPassword, user, None, until)
}

/// What an attacker would try first in place of the password that an unused link sets.
pub fn password_context_of_link(tx: &mut Tx<'_>, secret: &Secret) -> Result<Vec<String>> {
    match store::link(tx, secret)? {
        Some(link) => super::password_context(tx, &link.user),
        None => Ok(vec![]),
    }
}

/// Whose password an unused link sets: their address.
pub fn password_link_for(tx: &mut Tx<'_>, secret: &Secret) -> Result<NamedRef> {
    match store::link(tx, secret)? {
        Some(link) => Ok(NamedRef { id: link.user.to_string(), name: link.email }),
        None => Err(dead_link()),
    }
}

/// Sets the password that a link is for, once. Ends all sessions of the person.
pub fn set_password_by_link(tx: &mut Tx<'_>, secret: &Secret, hash: &str, door: &Door<'_>) -> Result<Entrance> {
    let Some(store::Link { user, email, account }) = store::link(tx, secret)? else { return Err(dead_link()) };
    if !store::use_link(tx, secret)? {
        return Err(dead_link());
    }
    // Somebody who had none has nothing to be warned of.
    let changed = store::credentials_of(tx, &user)?.is_some_and(|c| c.password.is_some());
    store::set_password(tx, &user, hash)?;
    store::forget_devices_of(tx, &user)?;
    if changed {
        super::notices::password_changed(tx, &user, door)?;
    }
    let actor = Actor::Guest { object: user.to_string() };
    if let Some(account) = account
        && store::join_invited(tx, &account, &user)?
    {
        super::members::joined(tx, &actor, &account, &user, &email)?;
    }
    journal::record(tx, &actor, Entry::new("person", &user, "person.password_set", Text::new("The password was set")))?;
    crate::crash::point("accounts.set_password.before-commit");
    let epoch = store::credentials_of(tx, &user)?.map_or(0, |c| c.epoch);
    Ok(Entrance { user, epoch })
}

fn dead_link() -> crate::db::Error {
    Refusal::conflict(Text::new("This link was used already or is too old. Ask for a new one on the sign-in page."))
        .into()
}

/// How long nobody gets a second mail with a link to set a password, in seconds.
const MAIL_PAUSE_SECONDS: i64 = 600;

/// Sends a link to set a new password, if the address is registered. At most one mail in ten minutes.
pub fn send_password_link(tx: &mut Tx<'_>, email: &str, door: &Door<'_>) -> Result<()> {
    let Some(address) = Email::parse(email) else { return Ok(()) };
    let Some(who) = store::credentials(tx, &address.folded())? else { return Ok(()) };
    let since = tx.at().plus_seconds(-MAIL_PAUSE_SECONDS);
    // A second link would make the first one, which is in a mail already, useless.
    if store::has_fresh_link(tx, &who.id, LinkPurpose::SetPassword, since)? {
        return Ok(());
    }
    let (secret, link) = door.open(&who.id);
    keep_password_link(tx, &secret, &who.id)?;
    let mail = Mail {
        to_name: String::new(),
        to: String::new(),
        subject: Text::new("Set a new password"),
        paragraphs: vec![
            Text::new("Somebody, probably you, asked for a link to set a new password."),
            Text::new(
                "The link works once, within a week. If it was not you, do nothing: your password stays as it is.",
            ),
        ],
        link: Some((Text::new("Set a new password:"), link)),
        locale: None,
    };
    // To the registered address: what was typed may only look like it.
    let Some(registered) = Email::parse(&who.email) else { return Ok(()) };
    mail::send(tx, &format!("password:{}", secret.hash()), None, &registered, mail)
}

/// Puts a wish for a link to set a new password into the queue: whether the address is registered is found out there, so
/// that the same work is done for every address. One network may ask for so many.
pub fn ask_for_password_link(tx: &mut Tx<'_>, email: &str, network: &str) -> Result<()> {
    let subject = format!("forgotten:{network}");
    super::must_not_wait_after(
        tx,
        &subject,
        "Too many links were asked for from here. Try again in {seconds} seconds.",
    )?;
    super::tried(tx, &subject, MANY_LINKS)?;
    // Nobody has a longer address; anything may have been typed.
    let email: String = email.trim().chars().take(254).collect();
    jobs::enqueue(tx, jobs::NewJob::new(FORGOTTEN, serde_json::json!({ "email": email })))?;
    tracing::info!(network, "a link to set a new password was asked for");
    Ok(())
}

/// The kind of job that sends such a link.
pub const FORGOTTEN: &str = "accounts.forgotten";
/// So many more than passwords may be wrong.
const MANY_LINKS: i32 = 20;
