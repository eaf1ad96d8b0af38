//! Account, Data export: the exports there were, starting one, how far it is, and its archive.

mod list;
mod one;
mod verbs;

pub use list::{do_new, list, new};
pub use one::{archive, export, progress};
pub use verbs::{do_verb, verb};

use super::actions::{self, Shown};
use super::model::ExportState;
use crate::kit::Text;
use crate::web::Ctx;
use crate::web::layout::{Crumb, Page};
use crate::web::parts::Notice;
use crate::web::status::{Status, Tone};

/// Where the exports are.
const HOME: &str = "/account/exports";

fn status(state: ExportState) -> Status {
    match state {
        ExportState::Making => Status::working("Being made"),
        ExportState::Ready => Status::good("Ready"),
        ExportState::Failed => Status::bad("Failed"),
        ExportState::Cancelled => Status::ended("Cancelled"),
        ExportState::Expired => Status::ended("Expired"),
        ExportState::Deleted => Status::ended("Deleted"),
    }
}

fn page(ctx: &Ctx, title: impl Into<Text>) -> Page {
    ctx.page(title).crumb(Crumb::link("Account", ctx.url("/account")))
}

/// Where the page of an export is.
fn at(ctx: &Ctx, shown: &Shown) -> String {
    ctx.url(&format!("{HOME}/{}", shown.export.id))
}

/// Told to whoever may read less than there is in an archive.
fn not_all(ctx: &Ctx) -> Option<Notice> {
    if actions::may_have(ctx.actor()) {
        return None;
    }
    let text = "An archive has all data of the account in it. Only who may read all of it can start, cancel, download or delete one: it \
                takes manage in Account and Integrations, and read in every other module.";
    Some(Notice::new(text).tone(Tone::Warn))
}
