//! The sections of the own account.

use crate::kit::{Level, Module};
use crate::web::Ctx;
use crate::web::parts::{Tab, Tabs};

/// The sections of the account: label, path, and what one must hold in the module Account to see it.
const SECTIONS: &[(&str, &str, Level)] = &[
    ("General", "/account", Level::Read),
    ("Users", "/users", Level::Read),
    ("Groups", "/groups", Level::Read),
    ("Sub-accounts", "/sub-accounts", Level::Read),
    ("Security", "/account/security", Level::Read),
    ("IP rules", "/users/ip-rules", Level::Manage),
    ("Single sign-on", super::sso::HOME, Level::Manage),
    ("Data export", "/account/exports", Level::Manage),
    ("Audit", "/audit", Level::Read),
];

/// The sections as tabs; `current` is the path of the one that is shown.
pub fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let held = |level: Level| ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Account, level));
    let tabs = SECTIONS.iter().filter(|(_, _, level)| held(*level));
    let tab =
        |(label, path, _): &(&'static str, &str, Level)| Tab::new(*label, ctx.url(path)).current(*path == current);
    Tabs::new("Account", tabs.map(tab).collect())
}
