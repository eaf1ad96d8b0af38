//! The sections of the own account, and its groups.

use actix_web::HttpResponse;

use crate::flows::accounts::store;
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Head, Tab, Tabs};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error};

/// The sections of the account: label and path.
const SECTIONS: &[(&str, &str)] =
    &[("General", "/account"), ("Users", "/users"), ("Groups", "/groups"), ("Sub-accounts", "/sub-accounts")];

/// The sections as tabs; `current` is the path of the one that is shown.
pub(super) fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let tab = |(label, path): &(&'static str, &str)| Tab::new(*label, ctx.url(path)).current(*path == current);
    Tabs::new("Account", SECTIONS.iter().map(tab).collect())
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
