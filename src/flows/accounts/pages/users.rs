//! Pages of the people who work in the company: the list, the invitation, one user.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::company::tabs;
use super::signed_in::{self, View};
use super::user_verbs::{ADDRESS, VERBS, can, may_manage, removal, removal_words, verb_form};
use crate::db::{self, Tx};
use crate::flows::accounts::actions::{self, Invitation};
use crate::flows::accounts::model::people::{ContactTag, MemberVerb};
use crate::flows::accounts::model::{self, MemberStatus};
use crate::flows::accounts::store::{self, MemberRow, SignedIn};
use crate::journal;
use crate::kit::{Actor, GroupId, Level, Module, Refusal, Text, UserId};
use crate::web::button::{Button, Menu};
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Choice, Field};
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::{Crumb, Page};
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice, Tab, Tabs};
use crate::web::state::State;
use crate::web::status::{Status, Tone};
use crate::web::table::{Boxed, Column, Narrow, Room, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// How a membership's status is shown.
pub(super) fn member_status(status: MemberStatus) -> Status {
    match status {
        MemberStatus::Active => Status::good("Joined"),
        MemberStatus::Invited => Status::waiting("Invited"),
        MemberStatus::Inactive => Status::caution("Deactivated"),
        MemberStatus::Expired => Status::ended("Expired"),
    }
}

/// A user in the list.
struct Line {
    row: MemberRow,
    groups: String,
    menu: Vec<(&'static str, &'static str)>,
    signed_in: Option<SignedIn>,
}

/// What the three dots of a user offer: what leads to the pages of these verbs.
fn offered(row: &MemberRow) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![("Change groups", "edit")];
    all.extend(VERBS.iter().filter(|v| can(v.verb, row)).map(|v| (v.label, v.word)));
    all.push(("Remove", "remove"));
    all
}

/// The rows of the list; `sessions` says whether the reader may know who is signed in.
fn lines(tx: &mut Tx<'_>, actor: &Actor, ids: &[String], sessions: bool) -> db::Result<Vec<Linked<Line>>> {
    let groups = store::groups_of_members(tx, actor, ids)?;
    let open = if sessions { store::open_sessions(tx, actor, ids)? } else { vec![] };
    let account = actor.account()?.clone();
    let line = |row: MemberRow| {
        let names: Vec<&str> = groups.iter().filter(|(u, ..)| *u == row.id).map(|(.., n)| n.as_str()).collect();
        Linked {
            href: format!("/{account}/users/{}", row.id),
            row: Line {
                groups: names.join(", "),
                menu: offered(&row),
                signed_in: open.iter().find(|open| open.user_id == row.id).cloned(),
                row,
            },
        }
    };
    Ok(store::members(tx, actor, ids)?.into_iter().map(line).collect())
}

fn email(line: &Linked<Line>) -> Cell {
    let cell = Cell::data(&line.row.row.email);
    match line.row.row.blocked_at {
        Some(_) => cell.sub(Cell::status(Status::caution("No mail goes there"))),
        None => cell,
    }
}

/// The users of the company.
pub async fn users(ctx: Ctx) -> Result<HttpResponse, Error> {
    show_users(&ctx, View::All).await
}

/// Those of them who are signed in to it now.
pub async fn users_signed_in(ctx: Ctx) -> Result<HttpResponse, Error> {
    show_users(&ctx, View::SignedIn).await
}

async fn show_users(ctx: &Ctx, view: View) -> Result<HttpResponse, Error> {
    let manages = may_manage(ctx);
    let load = move |tx: &mut Tx<'_>, actor: &Actor, ids: &[String]| lines(tx, actor, ids, manages);
    let mut list = List::new("Users", ctx.url(view.path()), &store::USERS, load)
        .column(
            Col::new(
                "name",
                "Name",
                |u: &Linked<Line>| Cell::face(&u.row.row.name, u.row.row.icon.as_deref()).to(&u.href),
                |u| u.row.row.name.clone(),
            )
            .at(Narrow::Left1)
            .sorted("name"),
        )
        .column(
            Col::new("email", "E-mail", email, |u| u.row.row.email.clone()).at(Narrow::Whole2).grows().sorted("email"),
        )
        .column(Col::id("id", "Id", |u: &Linked<Line>| &u.row.row.id).needs(Room::Wide).at(Narrow::Hidden).sorted("id"))
        .column(
            Col::new("groups", "Groups", |u: &Linked<Line>| Cell::data(&u.row.groups).wrap(), |u| u.row.groups.clone())
                .at(Narrow::Left3),
        )
        .column(
            Col::new(
                "status",
                "Status",
                |u: &Linked<Line>| Cell::status(member_status(u.row.row.status)),
                |u| u.row.row.status.to_string(),
            )
            .at(Narrow::Right1),
        )
        .column(
            Col::moment("signed", "Last sign-in", |u: &Linked<Line>| u.row.row.signed_in_at)
                .at(Narrow::Right3)
                .sorted("events.signed.at"),
        )
        .filter(
            "status",
            "Status",
            &[("active", "Joined"), ("invited", "Invited"), ("inactive", "Deactivated"), ("expired", "Expired")],
        )
        .filter_text("groups.name", "Group")
        .filter(
            "tags.id",
            "Contact for",
            &[
                ("technical", "Technical"),
                ("business", "Business"),
                ("billing", "Billing"),
                ("legal", "Legal"),
                ("security", "Security"),
            ],
        )
        .filter("blocklisted", "Mail", &[("true", "No mail goes there"), ("false", "Mail goes there")])
        .filter_days("events.invited.at", "Invited")
        .filter_days("events.signed.at", "Last sign-in")
        .search("Name, e-mail, id")
        .empty(State::nothing_yet("users", "No users yet", "Users are the people who work in this account."));
    let mut head = Head::new("Users");
    if manages {
        head = head.action(Button::link("Invite user", ctx.url("/users/new")).primary().icon("user-plus"));
        list = signed_in::narrowed(list, ctx, view).views(signed_in::views(ctx, view)).column(
            Col::new(
                "sessions",
                "Signed in now",
                |u: &Linked<Line>| Cell::maybe(u.row.signed_in.as_ref(), signed_in::cell),
                |u| u.row.signed_in.as_ref().map_or(0, |open| open.sessions).to_string(),
            )
            .at(Narrow::Hidden),
        );
        list = list.menu(|u| {
            let entry = |menu: Menu, (label, word): &(&'static str, &'static str)| {
                menu.item(Button::link(*label, format!("{}/{word}", u.href)))
            };
            let about = Text::new("Actions for {id}").arg("id", &u.row.row.name);
            u.row.menu.iter().fold(Menu { label: about, ..Menu::more() }.quiet(), entry)
        });
    }
    let page = ctx.page("Users").crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here("Users"));
    ctx.list_page(list, page, head, Some(tabs(ctx, "/users"))).await
}

/// What is said about a group: by the program about the one it makes, otherwise by people.
pub(super) fn about_group(description: &str) -> Text {
    match description {
        model::ADMINISTRATORS_MAY => Text::new(model::ADMINISTRATORS_MAY),
        words => Text::data(words),
    }
}

/// The boxes of the groups that a user can be in. Those that may do more than the actor cannot be chosen anew.
pub(super) fn group_choices(tx: &mut Tx<'_>, actor: &Actor, chosen: &[GroupId]) -> db::Result<Vec<Choice>> {
    let (groups, powers, own) =
        (store::groups(tx, actor)?, store::powers(tx, actor)?, actor.company()?.permissions.clone());
    let choice = |group: store::GroupRow| {
        let within = powers.get(&group.id).is_none_or(|theirs| own.include(theirs));
        let selected = chosen.contains(&group.id);
        let mut choice = Choice::new(group.id.to_string(), Text::data(group.name)).selected(selected);
        if !group.description.is_empty() {
            choice = choice.hint(about_group(&group.description));
        }
        if within || selected { choice } else { choice.not_now("It may do more than you may.") }
    };
    Ok(groups.into_iter().map(choice).collect())
}

/// The boxes of what partners may turn to a user for.
pub(super) fn tag_field(chosen: &[ContactTag]) -> Field {
    let choice = |tag: &ContactTag| Choice::new(tag.as_str(), tag.title()).selected(chosen.contains(tag));
    Field::checks("tags", "Contact for", ContactTag::ALL.iter().map(choice).collect())
        .hint("For what others turn to this user.")
}

/// The tags of a sent form.
pub(super) fn tags_of(posted: &Posted) -> Vec<ContactTag> {
    posted.all("tags").iter().filter_map(|tag| ContactTag::parse(tag)).collect()
}

/// The groups of a sent form.
pub(super) fn groups_of(posted: &Posted) -> Vec<GroupId> {
    posted.all("groups").iter().filter_map(|group| GroupId::parse(group)).collect()
}

async fn new_user_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let choices = ctx.read(|tx, actor| group_choices(tx, actor, &[])).await?;
    let mut form = ctx
        .form(ctx.url("/users/new"), "Send invitation")
        .field(
            Field::email("email", "E-mail")
                .hint("An invitation is sent to this address; it works for a week. Somebody who has an account here joins at once."),
        )
        .field(Field::text("name", "Full name"))
        .field(Field::checks("groups", "Groups", choices).hint("They say what the user may do.").needed())
        .field(tag_field(&[]))
        .cancel(ctx.url("/users"));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = crumbs(ctx, "Invite user").crumb(Crumb::here("Invite user"));
    ctx.render_as(status, &FormPage::new(page, form))
}

/// A page below the list of users.
pub(super) fn crumbs(ctx: &Ctx, title: impl Into<Text>) -> Page {
    ctx.page(title).crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::link("Users", ctx.url("/users")))
}

/// The form that invites a user.
pub async fn new_user(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_user_page(&ctx, StatusCode::OK, None).await
}

/// Invites a user.
pub async fn do_new_user(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let new = Invitation {
        email: posted.get("email").to_owned(),
        name: posted.get("name").to_owned(),
        groups: groups_of(&posted),
        tags: tags_of(&posted),
    };
    let (services, back) = (ctx.services().clone(), ctx.url("/users"));
    let again = async |code, error| new_user_page(&ctx, code, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let door = actions::Door { deployment: &services.secret };
        actions::invite(tx, actor, &new, &door)?;
        Ok(Answer::go(&back).flash(Text::new("{email} was invited.").arg("email", new.email.trim())))
    })
    .await
}

/// The id of a user in a path.
pub(super) fn parsed(id: &str) -> Result<UserId, Error> {
    UserId::parse(id).ok_or_else(|| Refusal::not_found("user", id).into())
}

/// A user of the company, or that there is none.
pub(super) fn member(tx: &mut Tx<'_>, actor: &Actor, user: &UserId) -> db::Result<MemberRow> {
    let found = store::members(tx, actor, &[user.to_string()])?.pop();
    found.ok_or_else(|| Refusal::not_found("user", user).into())
}

/// The pages of one user.
pub(super) fn user_tabs(here: &str, current: &str) -> Tabs {
    let tab = |label: &'static str, end: &str| Tab::new(label, format!("{here}{end}")).current(end == current);
    Tabs::new("User", vec![tab("General", ""), tab("Permissions", "/permissions")])
}

/// What is to be known about a user first.
pub(super) fn notices(ctx: &Ctx, user: &MemberRow) -> Vec<Notice> {
    let mut all = vec![];
    if let (Some(at), Some(reason)) = (user.blocked_at, &user.blocked_for) {
        let text = Text::new(
            "The mail server refused {email} for good ({when:time}): {reason}. No mail goes there any more. \
             Check the address; once it works again, let mail go there.",
        );
        let text = text.moment("when", at).arg("email", &user.email).arg("reason", reason.trim_end_matches('.'));
        let mut notice = Notice::new(text).title("No mail goes to this address").tone(Tone::Warn);
        if may_manage(ctx) {
            let page = ctx.url(&format!("/users/{}/{ADDRESS}", user.id));
            notice = notice.action(Button::dialog("Send mail again", ADDRESS, page));
        }
        all.push(notice);
    }
    match (user.status, user.expires_at) {
        (MemberStatus::Invited, Some(until)) => {
            let text = Text::new("Invited: {sent:time}. The link in the mail works until {until:time}.");
            all.push(Notice::new(text.moment("sent", user.since).moment("until", until)));
        }
        (MemberStatus::Inactive, _) => {
            let text = "This user cannot work in this account until somebody activates them again.";
            all.push(Notice::new(text).title("Deactivated").tone(Tone::Warn));
        }
        (MemberStatus::Expired, _) => {
            let text = "The invitation was revoked, or nobody took it up in time. Its link works no longer.";
            all.push(Notice::new(text).title("The invitation expired"));
        }
        _ => {}
    }
    all
}

/// The head of a user's pages, and the dialogs of its buttons.
fn head(ctx: &Ctx, user: &MemberRow, here: &str) -> (Head, Vec<Dialog>) {
    let mut head = Head::new(Text::data(&user.name)).meta(Cell::copy(&user.id)).meta(member_status(user.status));
    let mut dialogs = vec![];
    if !may_manage(ctx) {
        return (head, dialogs);
    }
    head = head.action(Button::link("Change groups", format!("{here}/edit")).icon("edit"));
    for known in VERBS.iter().filter(|known| can(known.verb, user)) {
        let title = Text::new("{verb:word}: {user}").arg("verb", known.label).arg("user", &user.name);
        let form = verb_form(ctx, &user.id, known);
        dialogs.push(Dialog::new(known.word, title, form).text(known.says));
        // The way to let mail go out again stands in the notice.
        if known.verb.is_some() {
            let button = Button::dialog(known.label, known.word, format!("{here}/{}", known.word));
            let takes_away = matches!(known.verb, Some(MemberVerb::Revoke | MemberVerb::Deactivate));
            head = head.action(if takes_away { button.danger() } else { button });
        }
    }
    head = head.action(Button::dialog("Remove user", "remove", format!("{here}/remove")).danger());
    let title = Text::new("Remove {name}").arg("name", &user.name);
    dialogs.push(Dialog::new("remove", title, removal(ctx, user)).text(removal_words(user)));
    (head, dialogs)
}

/// One user.
pub async fn user(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = parsed(&path.1)?;
    let manages = may_manage(&ctx);
    let (user, groups, tags, moments, open) = ctx
        .read(move |tx, actor| {
            let user = member(tx, actor, &id)?;
            let ids = [id.to_string()];
            let groups = store::groups_of_members(tx, actor, &ids)?;
            let tags = store::tags_of_members(tx, actor, &ids)?;
            let seat = actor.need(Module::Account, Level::Read)?;
            let moments = journal::of_object(tx, "person", id.as_str(), &seat.account, seat.role.side(), 50)?;
            let open = if manages { store::open_sessions(tx, actor, &ids)?.pop() } else { None };
            Ok((user, groups, tags, moments, open))
        })
        .await?;
    let here = ctx.url(&format!("/users/{}", user.id));
    let (head, dialogs) = head(&ctx, &user, &here);
    let section = Section::new("Groups").note("They say what the user may do.");
    let section = if groups.is_empty() {
        section.words("In no group: the user may sign in and see nothing.")
    } else {
        let rows = groups.iter().map(|(_, id, name)| {
            let page = ctx.url(&format!("/groups/{id}"));
            Row::new(id, vec![Cell::link(name, page).strong(), Cell::copy(id)])
        });
        let columns = vec![Column::new("name", "Group").grows(), Column::new("id", "Id")];
        section.part(Boxed::new("Groups", columns, rows.collect()))
    };
    let contact = Text::listed(tags.iter().map(|(_, tag)| Text::new(tag.title())));
    let contact = if contact.is_empty() { Cell::nothing() } else { Cell::text(contact).wrap() };
    let mut facts = Facts::new()
        .fact("Picture", Cell::maybe(user.icon.as_ref(), |icon| Cell::face(&user.name, Some(icon))))
        .fact("E-mail", Cell::data(&user.email).wrap())
        .fact("Contact for", contact)
        .fact("Invited", Cell::time_long(user.since))
        .fact("Invited by", Cell::data(user.invited_by.as_ref().map_or("", |by| &by.0.name)))
        .fact("Joined", Cell::maybe(user.activated_at, Cell::time_long))
        .fact("Last sign-in", user.signed_in_at.map_or_else(|| Cell::text("Never").muted(), Cell::time_long))
        .fact("Time zone", Cell::data(user.timezone.as_deref().unwrap_or("UTC")));
    if manages {
        let no = || Cell::text("No").muted();
        facts = facts.fact("Signed in now", open.as_ref().map_or_else(no, signed_in::cell));
    }
    let page = crumbs(&ctx, Text::data(&user.name)).crumb(Crumb::here(Text::data(&user.name)));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: notices(&ctx, &user),
        tabs: Some(user_tabs(&here, "")),
        sections: vec![section, moments::story(&ctx, &user.id, moments)],
        about: Text::new("About this user"),
        facts,
        dialogs,
    })
}
