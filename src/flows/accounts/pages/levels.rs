//! What a group may do, module by module.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::groups::{below, group_head, group_tabs, parsed, sized};
use super::user_verbs::may_manage;
use crate::flows::accounts::actions;
use crate::flows::accounts::model::people::{allows, level_word};
use crate::flows::accounts::store;
use crate::kit::{Level, Module, Permissions, Text};
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::form::Form;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Page;
use crate::web::parts::{Facts, Head, Tabs};
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The name of the field that says the same for all modules.
const ALL: &str = "all";
/// What is sent for no level.
const NONE: &str = "none";

/// One level that can be chosen.
#[derive(Debug)]
struct Segment {
    value: &'static str,
    label: &'static str,
    /// What it lets one do.
    says: Option<&'static str>,
    chosen: bool,
    /// Whether who looks may give it.
    open: bool,
}

/// The levels of one module.
#[derive(Debug)]
struct Line {
    name: &'static str,
    label: &'static str,
    segments: Vec<Segment>,
    /// Whether some level is beyond who looks.
    beyond: bool,
}

/// The page on which they are chosen.
#[derive(Template)]
#[template(path = "accounts/levels.html")]
struct LevelsPage {
    page: Page,
    head: Head,
    tabs: Tabs,
    form: Form,
    /// The first one is for all modules.
    lines: Vec<Line>,
}

/// What was sent for a field: a level, none, or nothing of the kind.
fn sent(posted: &Posted, name: &str) -> Option<Option<Level>> {
    match posted.get(name) {
        NONE => Some(None),
        word => Level::parse(word).map(Some),
    }
}

/// What a group may do after a form was sent: a module that the form does not have stays as it is.
fn wanted(posted: &Posted, before: &Permissions) -> Permissions {
    let (all, mut after) = (sent(posted, ALL), before.clone());
    for module in Module::ALL {
        if let Some(level) = all.or_else(|| sent(posted, module.as_str())) {
            after.set(*module, level);
        }
    }
    after
}

const STEPS: [Option<Level>; 4] = [None, Some(Level::Read), Some(Level::Act), Some(Level::Manage)];

fn word(level: Option<Level>) -> (&'static str, &'static str) {
    match level {
        None => (NONE, "None"),
        Some(level) => (level.as_str(), level_word(level)),
    }
}

fn line(module: Module, held: &Permissions, kept: &Permissions, own: &Permissions) -> Line {
    let segment = |level: Option<Level>| {
        let (value, label) = word(level);
        // What is there already may stay, and less is always possible.
        let open = level.is_none_or(|l| own.holds(module, l) || kept.holds(module, l));
        let says = level.map(|l| allows(module, l));
        Segment { value, label, says, chosen: held.level(module) == level, open }
    };
    let segments: Vec<Segment> = STEPS.into_iter().map(segment).collect();
    Line { name: module.as_str(), label: module.title(), beyond: segments.iter().any(|s| !s.open), segments }
}

/// The line that says the same for all modules. Nothing is chosen at first: each module then has its own level.
fn all(own: &Permissions, kept: &Permissions) -> Line {
    let segment = |level: Option<Level>| {
        let (value, label) = word(level);
        let may = |m: &Module| level.is_none_or(|l| own.holds(*m, l) || kept.holds(*m, l));
        Segment { value, label, says: None, chosen: false, open: Module::ALL.iter().all(may) }
    };
    let mut segments = vec![Segment { value: "", label: "As below", says: None, chosen: true, open: true }];
    segments.extend(STEPS.into_iter().map(segment));
    Line { name: ALL, label: "All modules", beyond: segments.iter().any(|s| !s.open), segments }
}

async fn levels_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = parsed(id)?;
    let (group, users, kept, own) = ctx
        .read(move |tx, actor| {
            let (group, users) = sized(tx, actor, &id)?;
            let kept = store::powers(tx, actor)?.remove(&id).unwrap_or_default();
            Ok((group, users, kept, actor.company()?.permissions.clone()))
        })
        .await?;
    let here = ctx.url(&format!("/groups/{}", group.id));
    let title = Text::new("What {group} may do").arg("group", &group.name);
    let mut page = below(ctx, &group, title, "Permissions");
    let tabs = group_tabs(&here, "/permissions", users);
    let head = group_head(&group);
    if !may_manage(ctx) {
        return ctx.render(&ObjectPage {
            page,
            head,
            turn: None,
            notices: vec![],
            tabs: Some(tabs),
            sections: vec![read_only(&kept)],
            about: Text::new("About this group"),
            facts: Facts::new().fact("Users", Cell::number(users).to(format!("{here}/users"))),
            dialogs: vec![],
        });
    }
    let mut form = ctx.form(format!("{here}/permissions"), "Save").revision(group.revision);
    let mut held = kept.clone();
    if let Some((error, posted)) = wrong {
        held = wanted(posted, &kept);
        explain(&mut form, posted, error)?;
    }
    page.wrong = form.is_wrong();
    let mut lines = vec![all(&own, &kept)];
    lines.extend(Module::ALL.iter().map(|module| line(*module, &held, &kept, &own)));
    ctx.render_as(status, &LevelsPage { page, head, tabs, form, lines })
}

fn read_only(held: &Permissions) -> Section {
    let section = Section::new("Permissions");
    if held.modules().next().is_none() {
        return section.words("Users of this group may do nothing.");
    }
    let rows = held.modules().map(|(module, level)| {
        let cells = vec![
            Cell::text(module.title()).strong(),
            Cell::text(level_word(level)),
            Cell::text(allows(module, level)).wrap(),
        ];
        Row::new(module.as_str(), cells)
    });
    let columns =
        vec![Column::new("module", "Module"), Column::new("level", "Level"), Column::new("allows", "Allows").grows()];
    section.part(Boxed::new("Permissions", columns, rows.collect()))
}

/// What a group may do.
pub async fn group_permissions(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    levels_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Says anew what a group may do.
pub async fn do_group_permissions(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (id, revision, typed) = (parsed(&path.1)?, posted.revision(), posted.clone());
    let back = ctx.url(&format!("/groups/{id}/permissions"));
    let again = async |code, error| levels_page(&ctx, code, &path.1, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::set_permissions(tx, actor, &id, revision, |before| wanted(&typed, before))?;
        Ok(Answer::go(&back).flash(Text::new("The permissions were saved. They count at once.")))
    })
    .await
}
