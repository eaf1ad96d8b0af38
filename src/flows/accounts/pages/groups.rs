//! Pages of groups: the list, a new one, what is said about one, deleting it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::company::tabs;
use super::user_verbs::may_manage;
use super::users::about_group;
use crate::db::{self, Tx};
use crate::flows::accounts::actions;
use crate::flows::accounts::model::people::GroupWords;
use crate::flows::accounts::store::{self, GroupRow};
use crate::journal;
use crate::kit::{Actor, GroupId, Level, Module, Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::{Crumb, Page};
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head, Tab, Tabs};
use crate::web::state::State;
use crate::web::table::{Narrow, Room};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The colours that a group can be given here; by the API any other too.
const COLOURS: [(&str, &str); 8] = [
    ("#2f5bd0", "Blue"),
    ("#0f9488", "Teal"),
    ("#2e8b3d", "Green"),
    ("#b7791f", "Amber"),
    ("#c8372d", "Red"),
    ("#b83280", "Pink"),
    ("#7048c6", "Violet"),
    ("#5f6b7a", "Grey"),
];

/// The name of a group with its colour before it.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<svg class="group-dot" viewBox="0 0 10 10" aria-hidden="true">{% if let Some(color) = color %}<circle cx="5" cy="5" r="5" fill="{{ color }}"/>{% else %}<circle cx="5" cy="5" r="4.25" class="group-dot-none"/>{% endif %}</svg> {{ name }}"#
)]
struct Named {
    name: String,
    color: Option<String>,
}

/// A group's name with its colour.
fn named(group: &GroupRow) -> Cell {
    Cell::part(Named { name: group.name.clone(), color: group.color.clone() })
}

/// A group in the list.
struct Line {
    row: GroupRow,
    users: i64,
    modules: usize,
}

fn lines(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> db::Result<Vec<Linked<Line>>> {
    let account = actor.account()?.clone();
    let (sizes, powers) = (store::group_sizes(tx, actor)?, store::powers(tx, actor)?);
    let rows = db::in_order(ids, store::groups(tx, actor)?, |g| g.id.as_str());
    let line = |row: GroupRow| Linked {
        href: format!("/{account}/groups/{}", row.id),
        row: Line {
            users: sizes.get(&row.id).copied().unwrap_or(0),
            modules: powers.get(&row.id).map_or(0, |held| held.modules().count()),
            row,
        },
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The groups of the company.
pub async fn groups(ctx: Ctx) -> Result<HttpResponse, Error> {
    let mut head = Head::new("Groups");
    if may_manage(&ctx) {
        head = head.action(Button::link("Create group", ctx.url("/groups/new")).primary().icon("plus"));
    }
    let about = |l: &Linked<Line>| Cell::text(about_group(&l.row.row.description)).wrap();
    let list = List::new("Groups", ctx.url("/groups"), &store::GROUPS, lines)
        .column(
            Col::new(
                "name",
                "Group",
                |l: &Linked<Line>| named(&l.row.row).to(&l.href).strong(),
                |l| l.row.row.name.clone(),
            )
            .at(Narrow::Left1)
            .sorted("name"),
        )
        .column(
            Col::new("description", "Description", about, |l| l.row.row.description.clone()).at(Narrow::Whole2).grows(),
        )
        .column(Col::id("id", "Id", |l: &Linked<Line>| &l.row.row.id).needs(Room::Wide).at(Narrow::Hidden).sorted("id"))
        .column(Col::count("modules", "Modules", |l: &Linked<Line>| l.row.modules as u64))
        .column(Col::count("users", "Users", |l: &Linked<Line>| l.row.users).at(Narrow::Right1).sorted("stats.users"))
        .column(
            Col::moment("created", "Created", |l: &Linked<Line>| l.row.row.events.0.at("created"))
                .sorted("events.created.at"),
        )
        .filter_text("external_id", "External id")
        .filter_days("events.created.at", "Created")
        .search("Name, description, id")
        .empty(State::nothing_yet("users-group", "No groups yet", "Groups say what their users may do."));
    let page = ctx.page("Groups").crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here("Groups"));
    ctx.list_page(list, page, head, Some(tabs(&ctx, "/groups"))).await
}

/// The id of a group in a path.
pub(super) fn parsed(id: &str) -> Result<GroupId, Error> {
    GroupId::parse(id).ok_or_else(|| Refusal::not_found("group", id).into())
}

/// A page below the list of groups.
pub(super) fn crumbs(ctx: &Ctx, title: impl Into<Text>) -> Page {
    ctx.page(title).crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::link("Groups", ctx.url("/groups")))
}

/// A page below a group.
pub(super) fn below(ctx: &Ctx, group: &GroupRow, title: impl Into<Text>, here: &'static str) -> Page {
    crumbs(ctx, title)
        .crumb(Crumb::link(Text::data(&group.name), ctx.url(&format!("/groups/{}", group.id))))
        .crumb(Crumb::here(here))
}

/// The pages of one group.
pub(super) fn group_tabs(here: &str, current: &str, users: i64) -> Tabs {
    let tab = |label: &'static str, end: &str| Tab::new(label, format!("{here}{end}")).current(end == current);
    let count = u64::try_from(users).unwrap_or(0);
    Tabs::new(
        "Group",
        vec![tab("General", ""), tab("Permissions", "/permissions"), tab("Users", "/users").count(count)],
    )
}

/// A group with the number of its users.
pub(super) fn sized(tx: &mut Tx<'_>, actor: &Actor, id: &GroupId) -> db::Result<(GroupRow, i64)> {
    let group = actions::group(tx, actor, id)?;
    Ok((group, store::group_sizes(tx, actor)?.get(id).copied().unwrap_or(0)))
}

/// The head of a group's pages.
pub(super) fn group_head(group: &GroupRow) -> Head {
    Head::new(Text::data(&group.name)).meta(Cell::copy(&group.id))
}

fn fields(form: Form, words: &GroupWords) -> Form {
    let now = words.color.as_deref().unwrap_or_default();
    let mut colours = vec![Choice::new("", "None")];
    colours.extend(COLOURS.iter().map(|(value, name)| Choice::new(*value, *name)));
    if !now.is_empty() && COLOURS.iter().all(|(value, _)| *value != now) {
        colours.push(Choice::new(now, Text::data(now)));
    }
    form.field(Field::text("name", "Name").value(&words.name))
        .field(Field::area("description", "Description").value(&words.description).rows(3).optional())
        .field(Field::select("color", "Colour", colours).value(now).optional())
        .field(
            Field::text("external_id", "External id")
                .value(words.external_id.as_deref().unwrap_or_default())
                .hint("By what name another system knows the group; single sign-on may put people into it by that.")
                .optional(),
        )
}

fn typed(posted: &Posted) -> GroupWords {
    let filled = |name: &str| Some(posted.get(name).to_owned()).filter(|text| !text.is_empty());
    GroupWords {
        name: posted.get("name").to_owned(),
        description: posted.get("description").to_owned(),
        color: filled("color"),
        external_id: filled("external_id"),
    }
}

async fn new_group_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let groups = ctx.read(store::groups).await?;
    let mut like = vec![Choice::new("", "Nothing yet")];
    like.extend(groups.into_iter().map(|g| Choice::new(g.id.to_string(), Text::data(g.name))));
    let form = ctx.form(ctx.url("/groups/new"), "Create group");
    let mut form = fields(form, &GroupWords::default())
        .field(
            Field::select("like", "May do the same as", like)
                .hint("A beginning. On the next page you say for each module what the group may do.")
                .optional(),
        )
        .cancel(ctx.url("/groups"));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = crumbs(ctx, "Create group").crumb(Crumb::here("Create group"));
    ctx.render_as(status, &FormPage::new(page, form))
}

/// The form that makes a group.
pub async fn new_group(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_group_page(&ctx, StatusCode::OK, None).await
}

/// Makes a group.
pub async fn do_new_group(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (words, like, groups) = (typed(&posted), posted.get("like").to_owned(), ctx.url("/groups"));
    let again = async |code, error| new_group_page(&ctx, code, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let like = match like.as_str() {
            "" => None,
            id => Some(GroupId::parse(id).ok_or_else(|| Refusal::not_found("group", id))?),
        };
        let id = actions::create_group(tx, actor, words.clone(), like.as_ref())?;
        let next = format!("{groups}/{id}/permissions");
        Ok(Answer::go(&next).flash(Text::new("The group was created. Say now what it may do, then add its users.")))
    })
    .await
}

fn delete_form(ctx: &Ctx, group: &GroupRow) -> Form {
    ctx.form(ctx.url(&format!("/groups/{}/delete", group.id)), "Delete group").hidden("confirmed", "yes")
}

fn delete_words(group: &GroupRow) -> Text {
    Text::new("{name} is taken away for good. Its users can do at once only what their other groups allow.")
        .arg("name", &group.name)
}

async fn group_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = parsed(id)?;
    let (group, users, moments) = ctx
        .read(move |tx, actor| {
            let (group, users) = sized(tx, actor, &id)?;
            let seat = actor.need(Module::Account, Level::Read)?;
            let moments = journal::of_object(tx, "group", id.as_str(), &seat.account, seat.role.side(), 50)?;
            Ok((group, users, moments))
        })
        .await?;
    let here = ctx.url(&format!("/groups/{}", group.id));
    let (mut head, mut dialogs, mut sections) = (group_head(&group), vec![], vec![]);
    let mut page = crumbs(ctx, Text::data(&group.name)).crumb(Crumb::here(Text::data(&group.name)));
    if may_manage(ctx) {
        let mut form = fields(ctx.form(&here, "Save").revision(group.revision), &actions::words_of(&group));
        if let Some((error, posted)) = wrong {
            explain(&mut form, posted, error)?;
        }
        page.wrong = form.is_wrong();
        sections.push(Section::new("General").part(form));
        head = head.action(Button::dialog("Delete group", "delete", format!("{here}/delete")).danger());
        let dialog = Dialog::new("delete", "Delete this group?", delete_form(ctx, &group));
        dialogs.push(dialog.text(delete_words(&group)));
    }
    sections.push(moments::section(moments));
    let facts = Facts::new()
        .fact("Description", Cell::text(about_group(&group.description)).wrap())
        .fact("External id", Cell::data(group.external_id.as_deref().unwrap_or_default()))
        .fact("Users", Cell::number(users).to(format!("{here}/users")))
        .fact("Created", Cell::maybe(group.events.0.at("created"), Cell::time_long))
        .fact("Changed", Cell::maybe(group.events.0.at("updated"), Cell::time_long));
    ctx.render_as(
        status,
        &ObjectPage {
            page,
            head,
            turn: None,
            notices: vec![],
            tabs: Some(group_tabs(&here, "", users)),
            sections,
            about: Text::new("About this group"),
            facts,
            dialogs,
        },
    )
}

/// One group: what is said about it, what happened to it.
pub async fn group(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    group_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Saves what is said about a group.
pub async fn do_group(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, words, revision) = (parsed(&path.1)?, typed(&posted), posted.revision());
    let back = ctx.url(&format!("/groups/{id}"));
    let again = async |code, error| group_page(&ctx, code, &path.1, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::edit_group(tx, actor, &id, revision, |_| Ok(words.clone()))?;
        Ok(Answer::go(&back).flash(Text::new("The group was saved.")))
    })
    .await
}

async fn delete_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = parsed(id)?;
    let group = ctx.read(move |tx, actor| actions::group(tx, actor, &id)).await?;
    let mut form = delete_form(ctx, &group).cancel(ctx.url(&format!("/groups/{}", group.id)));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(below(ctx, &group, "Delete this group?", "Delete"), form);
    shown.head = shown.head.lede(delete_words(&group));
    ctx.render_as(status, &shown)
}

/// Asks whether a group is to be deleted, where the dialog cannot.
pub async fn delete_group(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    delete_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Deletes a group.
pub async fn do_delete_group(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (id, back) = (parsed(&path.1)?, ctx.url("/groups"));
    let again = async |code, error| delete_page(&ctx, code, &path.1, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::delete_group(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("The group was deleted.")))
    })
    .await
}
