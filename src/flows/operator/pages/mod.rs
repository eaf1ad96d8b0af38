//! Pages of the operator's area.

mod accounts;
mod jobs;
mod mail;
mod overview;

pub use accounts::*;
pub use jobs::*;
pub use mail::*;
pub use overview::*;

use crate::kit::{Level, Module, Text};
use crate::web::Ctx;
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Tab, Tabs};

/// The parts of the area.
fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let tab = |label: &'static str, path: &str| {
        Tab::new(label, ctx.url(&format!("/operator{path}"))).current(path == current)
    };
    let all = vec![
        tab("Overview", ""),
        tab("Accounts", "/accounts"),
        tab("Jobs", "/jobs"),
        tab("Mail", "/mail"),
        tab("Storage", "/storage"),
        tab("Audit", "/audit"),
    ];
    Tabs::new("Operator", all)
}

/// The frame of a page of the area.
fn frame(ctx: &Ctx, title: impl Into<Text>) -> Page {
    let title = title.into();
    ctx.page(title.clone()).crumb(Crumb::link("Operator", ctx.url("/operator"))).crumb(Crumb::here(title))
}

fn may(ctx: &Ctx, level: Level) -> bool {
    ctx.actor().seat().is_some_and(|seat| seat.permissions.holds(Module::Devops, level))
}

/// A number of bytes for the reader.
fn size(ctx: &Ctx, bytes: i64) -> Text {
    Text::data(ctx.reader().size(u64::try_from(bytes).unwrap_or_default()))
}
