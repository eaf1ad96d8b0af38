//! The users of a group: the list, adding one, taking one out.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::groups::{below, group_head, group_tabs, parsed, sized};
use super::user_verbs::may_manage;
use super::users::{self, member, member_status};
use crate::db::{self, Tx};
use crate::flows::accounts::actions;
use crate::flows::accounts::store::{self, GroupRow, MemberRow};
use crate::kit::{Actor, GroupId, Refusal, Text, Time, UserId};
use crate::web::button::{Button, Menu};
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::FormPage;
use crate::web::list::{Col, List};
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// A user in the list of a group.
struct Line {
    row: MemberRow,
    added: Option<Time>,
    href: String,
    remove: String,
}

fn lines(tx: &mut Tx<'_>, actor: &Actor, group: &GroupId, ids: &[String]) -> db::Result<Vec<Line>> {
    let (account, added) = (actor.account()?.clone(), store::added(tx, actor, group, ids)?);
    let line = |row: MemberRow| Line {
        added: added.iter().find(|how| how.user == row.id).and_then(|how| how.at),
        href: format!("/{account}/users/{}", row.id),
        remove: format!("/{account}/groups/{group}/users/{}/remove", row.id),
        row,
    };
    Ok(store::members(tx, actor, ids)?.into_iter().map(line).collect())
}

/// The users of a group.
pub async fn group_users(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = parsed(&path.1)?;
    let asked = id.clone();
    let (group, users) = ctx.read(move |tx, actor| sized(tx, actor, &asked)).await?;
    let here = ctx.url(&format!("/groups/{}", group.id));
    let add = Button::link("Add user", format!("{here}/users/add")).primary().icon("user-plus");
    let mut empty = State::nothing_yet("users", "No users yet", "Nobody is in this group.");
    let mut head = group_head(&group);
    let mut list =
        List::new("Users of the group", format!("{here}/users"), &store::GROUP_USERS, move |tx, actor, ids| {
            lines(tx, actor, &id, ids)
        })
        .within("group", &group.id)
        .column(
            Col::new(
                "name",
                "Name",
                |u: &Line| Cell::face(&u.row.name, u.row.icon.as_deref()).to(&u.href),
                |u| u.row.name.clone(),
            )
            .at(Narrow::Left1)
            .sorted("name"),
        )
        .column(
            Col::new("email", "E-mail", |u: &Line| Cell::data(&u.row.email), |u| u.row.email.clone())
                .at(Narrow::Whole2)
                .grows()
                .sorted("email"),
        )
        .column(
            Col::new(
                "status",
                "Status",
                |u: &Line| Cell::status(member_status(u.row.status)),
                |u| u.row.status.to_string(),
            )
            .at(Narrow::Right1),
        )
        .column(Col::moment("added", "Added", |u: &Line| u.added).at(Narrow::Left3).sorted("events.added.at"))
        .filter(
            "status",
            "Status",
            &[("active", "Joined"), ("invited", "Invited"), ("inactive", "Deactivated"), ("expired", "Expired")],
        )
        .search("Name, e-mail, id");
    if may_manage(&ctx) {
        if users > 0 {
            head = head.action(add);
        } else {
            empty = empty.action(add);
        }
        list = list.menu(|u| {
            let about = Text::new("Actions for {id}").arg("id", &u.row.name);
            Menu { label: about, ..Menu::more() }.quiet().item(Button::link("Take out of the group", &u.remove))
        });
    }
    let page = below(&ctx, &group, Text::new("Users of {group}").arg("group", &group.name), "Users");
    ctx.list_page(list.empty(empty), page, head, Some(group_tabs(&here, "/users", users))).await
}

/// Most users to choose from in one list: the page stays small.
const MOST: i64 = 300;

async fn add_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = parsed(id)?;
    let (group, others) = ctx
        .read(move |tx, actor| {
            let (group, _) = sized(tx, actor, &id)?;
            Ok((group, store::not_in_group(tx, actor, &id, MOST)?))
        })
        .await?;
    let here = ctx.url(&format!("/groups/{}/users", group.id));
    let hint = if i64::try_from(others.len()).is_ok_and(|count| count < MOST) {
        "Who is not here yet is invited first."
    } else {
        "These are the first by name. The others are added on their own page, under Change groups."
    };
    let mut choices = vec![Choice::new("", "Choose a user")];
    choices.extend(others.into_iter().map(|(id, name, email)| {
        Choice::new(id.to_string(), Text::new("{name}, {email}").arg("name", name).arg("email", email))
    }));
    let mut form = ctx
        .form(format!("{here}/add"), "Add user")
        .field(Field::select("user", "User", choices).hint(hint))
        .cancel(here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let title = Text::new("Add a user to {group}").arg("group", &group.name);
    let mut shown = FormPage::new(below(ctx, &group, title, "Add user"), form);
    shown.head = shown.head.lede("The user can do at once what the group may.");
    ctx.render_as(status, &shown)
}

/// The form that adds a user to a group.
pub async fn add_group_user(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    add_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Adds a user to a group.
pub async fn do_add_group_user(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (group, user) = (parsed(&path.1)?, posted.get("user").to_owned());
    let back = ctx.url(&format!("/groups/{group}/users"));
    let again = async |code, error| add_page(&ctx, code, &path.1, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let Some(user) = UserId::parse(&user) else {
            return Err(Refusal::field("user", Text::new("Choose the user to be added.")).into());
        };
        actions::add_to_group(tx, actor, &group, &user)?;
        Ok(Answer::go(&back).flash(Text::new("The user was added.")))
    })
    .await
}

fn removal(ctx: &Ctx, group: &GroupRow, user: &MemberRow) -> Form {
    let users = ctx.url(&format!("/groups/{}/users", group.id));
    ctx.form(format!("{users}/{}/remove", user.id), "Take out").hidden("confirmed", "yes").cancel(users)
}

async fn remove_page(
    ctx: &Ctx,
    status: StatusCode,
    (group, user): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (group, user) = (parsed(group)?, users::parsed(user)?);
    let (group, user) = ctx
        .read(move |tx, actor| {
            let found = (actions::group(tx, actor, &group)?, member(tx, actor, &user)?);
            let theirs = store::groups_of_members(tx, actor, &[user.to_string()])?;
            if theirs.iter().any(|(_, id, _)| *id == group) {
                Ok(found)
            } else {
                Err(Refusal::not_found("user", user).into())
            }
        })
        .await?;
    let mut form = removal(ctx, &group, &user);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let title = Text::new("Take {user} out of {group}").arg("user", &user.name).arg("group", &group.name);
    let mut shown = FormPage::new(below(ctx, &group, title, "Take out"), form);
    shown.head = shown.head.lede("The user can do at once only what their other groups allow.");
    ctx.render_as(status, &shown)
}

/// Asks whether a user is to be taken out of a group.
pub async fn remove_group_user(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    remove_page(&ctx, StatusCode::OK, (&path.1, &path.2), None).await
}

/// Takes a user out of a group.
pub async fn do_remove_group_user(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (group, user) = (parsed(&path.1)?, users::parsed(&path.2)?);
    let back = ctx.url(&format!("/groups/{group}/users"));
    let again = async |code, error| remove_page(&ctx, code, (&path.1, &path.2), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::remove_from_group(tx, actor, &group, &user)?;
        Ok(Answer::go(&back).flash(Text::new("The user was taken out of the group.")))
    })
    .await
}
