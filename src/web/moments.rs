//! Entries of the journal as events of a timeline.

use super::cell::Cell;
use super::ctx::Ctx;
use super::frames::Section;
use super::timeline::{Event, Timeline};
use crate::journal::Moment;
use crate::kit::{Level, Module, Text};

/// One entry; `link` gives the name and address of an object by kind and id, if the reader has a page for it.
pub fn event(moment: Moment, link: impl Fn(&str, &str) -> Option<(Text, String)>) -> Event {
    let who = match (moment.actor_kind.as_str(), moment.actor_name) {
        (_, Some(name)) => Text::data(name),
        ("guest", None) => Text::new("By link"),
        _ => Text::new("System"),
    };
    let mut event = Event::new(icon(&moment.verb), moment.text.0, moment.at).note(who);
    for change in moment.changes.0 {
        let cell = |value: &Option<String>| match value {
            Some(word) if change.words => Cell::text(Text::kept(word)),
            Some(value) => Cell::data(value),
            None => Cell::nothing(),
        };
        event = event.change(change.name(), cell(&change.before), cell(&change.after));
    }
    match link(&moment.kind, &moment.object_id) {
        Some((name, href)) => event.link(name, href),
        None => event,
    }
}

/// An object's timeline, as the last part of its page.
pub fn section(moments: Vec<Moment>) -> Section {
    section_with("Timeline", moments, |_, _| None)
}

/// A timeline of several objects; `link` as for [`event`].
pub fn section_with(
    title: &'static str,
    moments: Vec<Moment>,
    link: impl Fn(&str, &str) -> Option<(Text, String)>,
) -> Section {
    let section = Section::new(title);
    if moments.is_empty() {
        return section.words("Nothing was noted yet.");
    }
    section.part(Timeline::new(moments.into_iter().map(|m| event(m, &link)).collect()))
}

/// The same for an object with an audit of its own: its whole history stands there, for those who may read it.
pub fn story(ctx: &Ctx, object: impl std::fmt::Display, moments: Vec<Moment>) -> Section {
    match history(ctx, object) {
        Some(href) => section(moments).link("Whole history", href),
        None => section(moments),
    }
}

/// Where the audit of one object is; none for who may not read audits.
pub fn history(ctx: &Ctx, object: impl std::fmt::Display) -> Option<String> {
    let reads = ctx.actor().seat().is_some_and(|seat| seat.permissions.holds(Module::Account, Level::Read));
    reads.then(|| ctx.url(&format!("/audit?eq(object.id,{object})")))
}

fn icon(verb: &str) -> &'static str {
    match verb.rsplit('.').next().unwrap_or_default() {
        "created" | "registered" | "unit_added" | "version_added" => "plus",
        "invited" | "submitted" | "requested" => "send",
        "approved" | "activated" | "version_activated" | "accepted" | "completed" | "signed" => "circle-check",
        "rejected" | "failed" | "terminated" | "canceled" | "cancelled" | "deleted" | "version_deleted" => "circle-x",
        "decommissioned" | "discarded" | "revoking" | "sale_ended" | "unlisted" => "circle-minus",
        "inquired" => "help-circle",
        "pended" | "sale_resumed" | "reprocessed" | "renewed" => "repeat",
        "assigned" | "joined" | "member_joined" | "enrolled" => "user-check",
        "member_invited" => "user-plus",
        "unassigned" | "removed" | "member_removed" => "user-minus",
        "password_set" | "password_changed" => "key",
        "signed_in" => "login",
        "sign_in_failed" => "alert-circle",
        "session_ended" => "logout",
        "confirmed" => "shield-check",
        "scheduled" | "submission_wished" => "calendar-clock",
        "param_marked" => "flag",
        "uploaded" => "upload",
        "closed" | "records_closed" => "lock",
        "version_saved" => "versions",
        _ => "edit",
    }
}
