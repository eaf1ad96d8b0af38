//! Why a user can do something, or cannot: module by module, with the groups it comes from.

use actix_web::{HttpResponse, web};

use super::users::{crumbs, member, member_status, notices, parsed, user_tabs};
use crate::flows::accounts::actions;
use crate::flows::accounts::model::MemberStatus;
use crate::flows::accounts::model::people::{Ground, allows, grounds, level_word};
use crate::kit::{GroupId, Level, Text};
use crate::web::cell::Cell;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::parts::{Facts, Head};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error};

/// Groups, each with the level that it gives, under each other.
fn groups(ctx: &Ctx, all: &[(GroupId, String, Level)]) -> Cell {
    let mut cells = all.iter().map(|(id, name, level)| {
        let label = Text::new("{level:word} by").arg("level", level_word(*level));
        Cell::link(name, ctx.url(&format!("/groups/{id}/permissions"))).label(label)
    });
    let Some(first) = cells.next() else { return Cell::nothing() };
    cells.fold(first, |all, next| all.sub(next))
}

fn section(title: &'static str, note: &'static str, rows: Vec<Row>) -> Section {
    let columns = vec![
        Column::new("module", "Module").at(Narrow::Left1),
        Column::new("level", "Level").at(Narrow::Right1),
        Column::new("allows", "Allows").at(Narrow::Whole2).grows(),
        Column::new("groups", "From").at(Narrow::Left3),
    ];
    Section::new(title).note(note).part(Boxed::new(title, columns, rows).cards())
}

/// What a user may do in the company, and why.
pub async fn effective(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = parsed(&path.1)?;
    let (user, all) =
        ctx.read(move |tx, actor| Ok((member(tx, actor, &id)?, grounds(&actions::sources(tx, actor, &id)?)))).await?;
    let here = ctx.url(&format!("/users/{}", user.id));
    let active = user.status == MemberStatus::Active;
    let held = |g: &&Ground| g.level.is_some();
    let rows: Vec<Row> = all
        .iter()
        .filter(held)
        .filter_map(|g| {
            let level = g.level?;
            let cells = vec![
                Cell::text(g.module.title()).strong(),
                Cell::text(level_word(level)),
                Cell::text(allows(g.module, level)).wrap(),
                groups(&ctx, &g.from),
            ];
            Some(Row::new(g.module.as_str(), cells))
        })
        .collect();
    let title = if active { "May do" } else { "Could do" };
    let note = if active { "the sum of the user's groups" } else { "once the user has joined or is activated again" };
    let first = if rows.is_empty() {
        Section::new(title).words("Nothing: the user is in no group that may do anything.")
    } else {
        section(title, note, rows)
    };
    let missing: Vec<Row> = all
        .iter()
        .filter(|g| g.level != Some(Level::Manage))
        .map(|g| {
            let now = g.level.map_or_else(|| Cell::text("None").muted(), |level| Cell::text(level_word(level)));
            let more =
                if g.more.is_empty() { Cell::text("No group gives more").muted() } else { groups(&ctx, &g.more) };
            Row::new(g.module.as_str(), vec![Cell::text(g.module.title()).strong(), now, more.wrap()])
        })
        .collect();
    let second = Section::new("What is missing").note("and which groups would give it");
    let second = if missing.is_empty() {
        second.words("Nothing: the user may do everything.")
    } else {
        let columns = vec![
            Column::new("module", "Module").at(Narrow::Left1),
            Column::new("level", "Level now").at(Narrow::Right1),
            Column::new("groups", "More").at(Narrow::Whole2).grows(),
        ];
        second.part(Boxed::new("What is missing", columns, missing).cards())
    };
    let facts = Facts::new()
        .fact("User", Cell::data(&user.name).sub(Cell::data(&user.email)))
        .fact("Status", Cell::status(member_status(user.status)));
    let page = crumbs(&ctx, Text::new("What {name} may do").arg("name", &user.name))
        .crumb(Crumb::link(Text::data(&user.name), &here))
        .crumb(Crumb::here("Permissions"));
    let head = Head::new(Text::data(&user.name)).meta(Cell::copy(&user.id)).meta(member_status(user.status));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: notices(&ctx, &user),
        tabs: Some(user_tabs(&here, "/permissions")),
        sections: vec![first, second],
        about: Text::new("About this user"),
        facts,
        dialogs: vec![],
    })
}
