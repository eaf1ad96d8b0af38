//! How an entry's parts are shown.

use super::super::store::Record;
use crate::kit::{Actor, Level, Module, Text};
use crate::web::cell::Cell;
use crate::web::{Ctx, places};

/// Kinds of objects, and what people call them.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("account", "Account"),
    ("account_export", "Data export"),
    ("agreement", "Agreement"),
    ("asset", "Subscription"),
    ("connection", "Connection"),
    ("contract", "Contract"),
    ("form", "Form"),
    ("group", "Group"),
    ("hub", "Hub"),
    ("invitation", "Invitations"),
    ("job", "Job"),
    ("listing", "Listing"),
    ("listing_request", "Listing request"),
    ("mail", "Mail"),
    ("marketplace", "Marketplace"),
    ("person", "User"),
    ("product", "Product"),
    ("request", "Request"),
    ("session", "Session"),
    ("sub_account", "Sub-account"),
    ("tier_account", "Customer"),
    ("token", "Token"),
    ("usage_file", "Usage file"),
    ("usage_record", "Usage record"),
];

/// What people call a kind of actor.
pub(super) fn actor_kind(kind: &str) -> Text {
    match kind {
        "person" => Text::new("Person"),
        "token" => Text::new("API token"),
        "guest" => Text::new("Somebody with a link"),
        "operator" => Text::new("Command line of the server"),
        _ => Text::new("System"),
    }
}

/// Who acted, with their company if it is another one.
pub(super) fn who(record: &Record) -> Cell {
    match &record.actor {
        Some((_, name)) => Cell::person(name),
        None => Cell::text(actor_kind(&record.actor_kind)),
    }
}

/// What kind of object, in a word.
pub(super) fn object_kind(kind: &str) -> Text {
    KINDS.iter().find(|(known, _)| *known == kind).map_or_else(|| Text::data(kind), |(_, label)| Text::new(label))
}

/// What of the portal a reader may open, for links to objects.
pub(super) struct Places {
    actor: Actor,
}

impl Places {
    pub(super) fn of(ctx: &Ctx) -> Self {
        Self { actor: ctx.actor().clone() }
    }

    /// The object, leading to its page if the reader may open it.
    pub(super) fn object(&self, record: &Record) -> Cell {
        let cell = Cell::id(&record.object).label(object_kind(&record.kind));
        match self.path_of(record) {
            Some(path) => cell.to(path),
            None => cell,
        }
    }

    fn path_of(&self, record: &Record) -> Option<String> {
        let seat = self.actor.seat()?;
        let gone = record.verb.rsplit('.').next().is_some_and(|word| matches!(word, "deleted" | "discarded"));
        let path = match record.kind.as_str() {
            _ if gone => None,
            "account" => (seat.account == *record.object).then(|| "/account".to_owned()),
            "sub_account" => Some(format!("/sub-accounts/{}", record.object)),
            "person" => Some(format!("/users/{}", record.object)),
            "token" => seat
                .permissions
                .holds(Module::Integrations, Level::Manage)
                .then(|| format!("/tokens/{}", record.object)),
            kind => places::open_to(&self.actor, kind).map(|place| format!("{}/{}", place.path, record.object)),
        };
        path.map(|path| format!("/{}{path}", seat.account))
    }
}
