//! What people say about themselves, where they are signed in, which mails they want. Whoever is signed in does this to
//! nobody but themselves.

use super::pictures::Icon;
use crate::db::{self, Result, Tx};
use crate::flows::accounts::model::{Look, OptionalMail, Profile};
use crate::flows::accounts::store;
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::locale::{Dates, Locale};
use crate::kit::{Actor, Problems, Refusal, Text, UserId};

/// Saves what a person says about themselves.
pub fn edit_profile(tx: &mut Tx<'_>, user: &UserId, typed: &Profile) -> Result<()> {
    let mut problems = Problems::default();
    let Profile { name, title, locale, timezone, date_format, theme } = typed.clone();
    let zone = timezone.trim();
    problems.check(zone.is_empty() || jiff::tz::TimeZone::get(zone).is_ok(), "timezone", || {
        Text::new("There is no time zone {zone}. Write it as in Europe/Berlin.").arg("zone", zone)
    });
    problems.check(Locale::choices().any(|l| l.tag() == locale), "locale", || {
        Text::new("There is no language {locale} here. Choose one of the list.").arg("locale", &locale)
    });
    problems.check(Dates::parse(&date_format).is_some(), "date_format", || {
        Text::new("There is no date format {format} here. Choose one of the list.").arg("format", &date_format)
    });
    problems.check(Look::parse(&theme).is_some(), "theme", || {
        Text::new("There is no appearance {theme} here. Choose one of the list.").arg("theme", &theme)
    });
    let name = problems.text("name", &name, 128);
    let title = problems.optional("title", &title, 128).unwrap_or_default();
    problems.done()?;
    let before = store::profile(tx, user)?.ok_or_else(|| Refusal::not_found("user", user))?;
    let after = Profile { name, title, locale, timezone: zone.to_owned(), date_format, theme };
    let dates = |of: &Profile| Dates::parse(&of.date_format).unwrap_or(Dates::Words).label();
    let look = |of: &Profile| Look::parse(&of.theme).unwrap_or(Look::Auto).label();
    let changes = [
        Change::of("Name", &before.name, &after.name),
        Change::of("Title", &before.title, &after.title),
        Change::of("Language", &before.locale, &after.locale),
        Change::of("Time zone", &before.timezone, &after.timezone),
        Change::word("Dates", dates(&before), dates(&after)),
        Change::word("Appearance", look(&before), look(&after)),
    ];
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    if changes.is_empty() {
        return Ok(());
    }
    store::save_profile(tx, user, &after)?;
    note(tx, user, "person.profile_changed", Text::new("The profile was changed"), changes)
}

/// Changes the picture by which others know a person.
pub fn change_picture(tx: &mut Tx<'_>, user: &UserId, icon: Icon<'_>) -> Result<()> {
    db::lock(tx, "person", user.as_str())?;
    let old = store::picture(tx, user)?;
    let Some(change) = icon.change("Picture", old.as_deref()) else { return Ok(()) };
    if let Some(path) = icon.put(tx, user.as_str(), old.as_deref())? {
        store::set_picture(tx, user, path.as_deref())?;
    }
    note(tx, user, "person.profile_changed", Text::new("The profile was changed"), vec![change])
}

/// Keeps which optional mails a person does not want.
pub fn mute(tx: &mut Tx<'_>, user: &UserId, mails: &[OptionalMail]) -> Result<()> {
    let before = store::muted(tx, user)?;
    let word = |off: &[OptionalMail], mail| if off.contains(mail) { "no" } else { "yes" };
    let changes: Vec<Change> = OptionalMail::ALL
        .iter()
        .filter_map(|mail| Change::word(mail.label(), word(&before, mail), word(mails, mail)))
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    store::mute(tx, user, mails)?;
    note(tx, user, "person.mails_chosen", Text::new("Other mails were chosen"), changes)
}

/// Ends one of a person's own sessions.
pub fn end_session(tx: &mut Tx<'_>, user: &UserId, handle: &str) -> Result<()> {
    if !store::end_session(tx, user, handle)? {
        let text = "This session has ended already, or is not yours.";
        return Err(Refusal::state(Text::new(text)).into());
    }
    note(tx, user, "person.session_ended", Text::new("A session was ended"), vec![])
}

/// Ends a person's sessions but the one they are at work in.
pub fn end_other_sessions(tx: &mut Tx<'_>, user: &UserId, own: &str) -> Result<()> {
    store::end_sessions(tx, user, Some(own))?;
    note(tx, user, "person.session_ended", Text::new("All other sessions were ended"), vec![])
}

/// What an attacker would try first as a person's password: their name and address, their companies.
pub fn password_context(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<String>> {
    let Some(person) = super::person(tx, user)? else { return Ok(vec![]) };
    let mut words = vec![person.name, person.email];
    words.extend(person.memberships.into_iter().map(|m| m.name));
    Ok(words)
}

fn note(tx: &mut Tx<'_>, user: &UserId, verb: &'static str, text: Text, changes: Vec<Change>) -> Result<()> {
    let entry = Entry::new("person", user, verb, text).audience(Audience::Person(user.clone())).changes(changes);
    journal::record(tx, &Actor::Guest { object: user.to_string() }, entry).map(drop)
}
