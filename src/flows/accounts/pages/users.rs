//! Pages of the people who work in the company.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::company::tabs;
use crate::db::{self, Tx};
use crate::flows::accounts::actions;
use crate::flows::accounts::model::{self, MemberStatus};
use crate::flows::accounts::store::{self, MemberRow};
use crate::journal;
use crate::kit::{Actor, GroupId, Level, Module, Refusal, Text, UserId};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::status::Status;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// How a membership's status is shown.
fn member_status(status: MemberStatus) -> Status {
    match status {
        MemberStatus::Active => Status::good("Joined"),
        MemberStatus::Invited => Status::waiting("Invited"),
        MemberStatus::Expired => Status::ended("Expired"),
    }
}

type Line = Linked<MemberRow>;

/// The users of the company.
pub async fn users(ctx: Ctx) -> Result<HttpResponse, Error> {
    let here = ctx.url("/users");
    let list = List::new("Users", here.clone(), &store::USERS, move |tx, actor, ids| {
        Ok(Linked::all(&here, store::members(tx, actor, ids)?, |member| member.id.as_str()))
    })
    .column(
        Col::new("name", "Name", |u: &Line| Cell::person(&u.row.name).to(&u.href), |u| u.row.name.clone())
            .at(Narrow::Left1)
            .sorted("name"),
    )
    .column(
        Col::new("email", "E-mail", |u: &Line| Cell::data(&u.row.email), |u| u.row.email.clone())
            .at(Narrow::Whole2)
            .grows()
            .sorted("email"),
    )
    .column(Col::id("id", "Id", |u: &Line| &u.row.id).at(Narrow::Hidden).sorted("id"))
    .column(
        Col::new(
            "status",
            "Status",
            |u: &Line| Cell::status(member_status(u.row.status)),
            |u| u.row.status.to_string(),
        )
        .at(Narrow::Right1),
    )
    .column(
        Col::moment("signed", "Last sign-in", |u: &Line| u.row.signed_in_at)
            .at(Narrow::Left3)
            .sorted("events.signed.at"),
    )
    .filter("status", "Status", &[("active", "Joined"), ("invited", "Invited")])
    .search("Name, e-mail, id")
    .empty(State::nothing_yet("users", "No users yet", "Users are the people who work in this account."));
    let head =
        Head::new("Users").action(Button::link("Invite user", ctx.url("/users/new")).primary().icon("user-plus"));
    let page = ctx.page("Users").crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here("Users"));
    ctx.list_page(list, page, head, Some(tabs(&ctx, "/users"))).await
}

/// What is said about a group: by the program about the one it makes, otherwise by people.
pub(super) fn about_group(description: &str) -> Text {
    match description {
        model::ADMINISTRATORS_MAY => Text::new(model::ADMINISTRATORS_MAY),
        words => Text::data(words),
    }
}

async fn new_user_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let groups = ctx.read(store::groups).await?;
    let choices = groups
        .into_iter()
        .map(|g| Choice::new(g.id.to_string(), Text::data(g.name)).hint(about_group(&g.description)))
        .collect();
    let mut form = ctx
        .form(ctx.url("/users/new"), "Send invitation")
        .field(
            Field::email("email", "E-mail")
                .hint("An invitation is sent to this address; somebody who has an account here joins at once."),
        )
        .field(Field::text("name", "Full name"))
        .field(Field::checks("groups", "Groups", choices).hint("They say what the user may do.").needed())
        .cancel(ctx.url("/users"));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Invite user")
        .crumb(Crumb::link("Account", ctx.url("/account")))
        .crumb(Crumb::link("Users", ctx.url("/users")))
        .crumb(Crumb::here("Invite user"));
    ctx.render_as(status, &FormPage::new(page, form))
}

/// The form that invites a user.
pub async fn new_user(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_user_page(&ctx, StatusCode::OK, None).await
}

/// Invites a user.
pub async fn do_new_user(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (email, name, back) = (posted.get("email").to_owned(), posted.get("name").to_owned(), ctx.url("/users"));
    let services = ctx.services().clone();
    let groups: Vec<GroupId> = posted.all("groups").iter().filter_map(|g| GroupId::parse(g)).collect();
    let done = ctx
        .act(&posted, move |tx, actor| {
            let door = actions::Door { deployment: &services.secret };
            actions::invite(tx, actor, &email, &name, &groups, &door)?;
            Ok(Answer::go(&back).flash(Text::new("{email} was invited.").arg("email", &email)))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_user_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}

fn parsed(id: &str) -> Result<UserId, Error> {
    UserId::parse(id).ok_or_else(|| Refusal::not_found("user", id).into())
}

fn member(tx: &mut Tx<'_>, actor: &Actor, user: &UserId) -> db::Result<MemberRow> {
    let found = store::members(tx, actor, &[user.to_string()])?.pop();
    found.ok_or_else(|| Refusal::not_found("user", user).into())
}

fn removal(ctx: &Ctx, user: &MemberRow) -> Form {
    ctx.form(ctx.url(&format!("/users/{}/remove", user.id)), "Remove")
}

fn removal_words(user: &MemberRow) -> Text {
    Text::new("{name} can no longer work in this account. What they did stays in every timeline.")
        .arg("name", &user.name)
}

/// One user.
pub async fn user(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = parsed(&path.1)?;
    let (user, groups, moments) = ctx
        .read(move |tx, actor| {
            let user = member(tx, actor, &id)?;
            let groups = store::groups_of_members(tx, actor, &[id.to_string()])?;
            let seat = actor.need(Module::Account, Level::Read)?;
            let moments = journal::of_object(tx, "person", id.as_str(), &seat.account, seat.role.side(), 50)?;
            Ok((user, groups, moments))
        })
        .await?;
    let here = ctx.url(&format!("/users/{}", user.id));
    let mut head = Head::new(Text::data(&user.name)).meta(Cell::copy(&user.id)).meta(member_status(user.status));
    let mut dialogs = vec![];
    if ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Account, Level::Manage)) {
        head = head.action(Button::dialog("Remove user", "remove", format!("{here}/remove")).danger());
        let title = Text::new("Remove {name}").arg("name", &user.name);
        dialogs.push(Dialog::new("remove", title, removal(&ctx, &user)).text(removal_words(&user)));
    }
    let section = Section::new("Groups").note("They say what the user may do.");
    let section = if groups.is_empty() {
        section.words("In no group: the user may sign in and see nothing.")
    } else {
        let rows = groups.iter().map(|(_, id, name)| Row::new(id, vec![Cell::data(name).strong(), Cell::copy(id)]));
        let columns = vec![Column::new("name", "Group").grows(), Column::new("id", "Id")];
        section.part(Boxed::new("Groups", columns, rows.collect()))
    };
    let facts = Facts::new()
        .fact("E-mail", Cell::data(&user.email).wrap())
        .fact("Since", Cell::time_long(user.since))
        .fact("Last sign-in", user.signed_in_at.map_or_else(|| Cell::text("Never").muted(), Cell::time_long))
        .fact("Time zone", Cell::data(user.timezone.as_deref().unwrap_or("UTC")));
    let page = ctx
        .page(Text::data(&user.name))
        .crumb(Crumb::link("Account", ctx.url("/account")))
        .crumb(Crumb::link("Users", ctx.url("/users")))
        .crumb(Crumb::here(Text::data(&user.name)));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![section, moments::story(&ctx, &user.id, moments)],
        about: Text::new("About this user"),
        facts,
        dialogs,
    })
}

async fn removal_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = parsed(id)?;
    let user = ctx.read(move |tx, actor| member(tx, actor, &id)).await?;
    let mut form = removal(ctx, &user).cancel(ctx.url(&format!("/users/{}", user.id)));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page(Text::new("Remove {name}").arg("name", &user.name))
        .crumb(Crumb::link("Account", ctx.url("/account")))
        .crumb(Crumb::link("Users", ctx.url("/users")))
        .crumb(Crumb::here("Remove user"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(removal_words(&user));
    ctx.render_as(status, &shown)
}

/// Asks whether a user is to be removed, where the dialog cannot.
pub async fn remove_user(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    removal_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Takes a user out of the company.
pub async fn do_remove_user(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (user, back) = (parsed(&path.1)?, ctx.url("/users"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::remove_member(tx, actor, &user)?;
            Ok(Answer::go(&back).flash(Text::new("The user was removed.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => removal_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &path.1, Some((error, &posted))).await,
    }
}
