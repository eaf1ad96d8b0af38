//! The sections of the own account, and its groups.

use actix_web::HttpResponse;

use crate::flows::accounts::store;
use crate::kit::{Level, Module};
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Head, Tab, Tabs};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error};

/// The sections of the account: label, path, and what one must hold in the module Account to see it.
const SECTIONS: &[(&str, &str, Level)] = &[
    ("General", "/account", Level::Read),
    ("Users", "/users", Level::Read),
    ("Groups", "/groups", Level::Read),
    ("Sub-accounts", "/sub-accounts", Level::Read),
    ("Security", "/account/security", Level::Read),
    ("IP rules", "/users/ip-rules", Level::Manage),
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

/// A page with tabs and a small table.
#[derive(askama::Template)]
#[template(path = "accounts/groups.html")]
struct GroupsPage {
    page: Page,
    head: Head,
    tabs: Tabs,
    groups: Boxed,
}

/// The groups of the company.
pub async fn groups(ctx: Ctx) -> Result<HttpResponse, Error> {
    let (groups, sizes) = ctx.read(|tx, actor| Ok((store::groups(tx, actor)?, store::group_sizes(tx, actor)?))).await?;
    let rows = groups
        .into_iter()
        .map(|g| {
            let size = sizes.get(&g.id).copied().unwrap_or(0);
            Row::new(
                &g.id,
                vec![
                    Cell::data(&g.name).strong(),
                    Cell::copy(&g.id),
                    Cell::text(super::users::about_group(&g.description)).wrap(),
                    Cell::number(size),
                ],
            )
        })
        .collect();
    let columns = vec![
        Column::new("name", "Group"),
        Column::new("id", "Id").at(Narrow::Hidden),
        Column::new("description", "Description").grows(),
        Column::number("members", "Members"),
    ];
    let page = ctx.page("Groups").crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here("Groups"));
    ctx.render(&GroupsPage {
        page,
        head: Head::new("Groups"),
        tabs: tabs(&ctx, "/groups"),
        groups: Boxed::new("Groups", columns, rows),
    })
}
