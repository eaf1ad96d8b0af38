//! Mails that tell people what happened to their sign-in. Each has a link for whoever did not do it themselves.

use super::{Door, Origin};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::{self, LinkPurpose, OptionalMail, Proof};
use crate::flows::accounts::store;
use crate::jobs::mail::{self, Link, Mail};
use crate::kit::{Email, Text, UserId};

/// A mail to a person at an address.
pub(super) fn send(
    tx: &mut Tx<'_>,
    key: &str,
    to: (&str, &str),
    subject: Text,
    paragraphs: Vec<Text>,
    link: Option<(Text, Link)>,
) -> Result<()> {
    let (name, address) = to;
    let Some(address) = Email::parse(address) else { return Ok(()) };
    let mail = Mail { to_name: name.to_owned(), to: String::new(), subject, paragraphs, link, locale: None };
    mail::send(tx, key, None, &address, mail)
}

/// Tells of something that only the person should have done. The link lets them set another password, which ends all
/// sessions.
fn warn(tx: &mut Tx<'_>, user: &UserId, door: &Door<'_>, subject: Text, told: Text) -> Result<()> {
    let Some(who) = store::whereabouts(tx, user)? else { return Ok(()) };
    let (secret, link) = door.open(user);
    let until = tx.at().plus_seconds(model::LINK_SECONDS);
    store::insert_link(tx, &secret, LinkPurpose::NotMe, user, None, until)?;
    let not_me = Text::new("If it was you, there is nothing to do.");
    let label = Text::new("If it was not you, set a new password at once. That ends all sessions:");
    let key = format!("warning:{}", secret.hash());
    send(tx, &key, (&who.name, &who.email), subject, vec![told, not_me], Some((label, link)))
}

/// Tells of a sign-in in a browser that the person has not used before, unless they do not want to know.
pub(super) fn new_browser(tx: &mut Tx<'_>, user: &UserId, proof: Proof, from: &Origin, door: &Door<'_>) -> Result<()> {
    if store::muted(tx, user)?.contains(&OptionalMail::NewBrowser) {
        return Ok(());
    }
    let told = Text::new(match proof {
        Proof::Passkey => {
            "{when:time} (your time): somebody signed in with a passkey of yours, from {address}, {browser:text}."
        }
        Proof::SingleSignOn | Proof::SafeSignOn => {
            "{when:time} (your time): somebody signed in as you by single sign-on, from {address}, {browser:text}."
        }
        Proof::App | Proof::Recovery => {
            "{when:time} (your time): somebody signed in as you with a second factor, from {address}, {browser:text}."
        }
        Proof::Password | Proof::Link => {
            "{when:time} (your time): somebody signed in with your password, from {address}, {browser:text}."
        }
    });
    let told =
        told.moment("when", tx.at()).arg("address", &from.address).part("browser", &model::browser_words(&from.agent));
    warn(tx, user, door, Text::new("A sign-in in a new browser"), told)
}

/// Tells that the password was changed.
pub(super) fn password_changed(tx: &mut Tx<'_>, user: &UserId, door: &Door<'_>) -> Result<()> {
    let told = Text::new("{when:time} (your time): your password was changed.").moment("when", tx.at());
    warn(tx, user, door, Text::new("Your password was changed"), told)
}
