//! Pages of the own company: its name, users, groups, API tokens.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::flows::accounts::actions::{self, TokenVerb};
use crate::flows::accounts::model::{MemberStatus, TokenStatus};
use crate::flows::accounts::role_word;
use crate::flows::accounts::store::{self, MemberRow, TokenRow};
use crate::kit::{GroupId, Level, Module, Permissions, Refusal, Text, TokenId, UserId};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::form::{Choice, Field, Form};
use crate::web::layout::{Crumb, Page};
use crate::web::list::{Col, List, ListPage, Shown};
use crate::web::parts::{Facts, Head, Notice, Tab, Tabs};
use crate::web::state::State;
use crate::web::status::Status;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let tab = |label: &'static str, path: &str| Tab::new(label, ctx.url(path)).current(path == current);
    Tabs::new("Account", vec![tab("General", "/account"), tab("Users", "/users"), tab("Groups", "/groups")])
}

/// A page with tabs, facts and a form.
#[derive(askama::Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    page: Page,
    head: Head,
    tabs: Tabs,
    facts: Facts,
    form: Form,
}

/// The company's own page.
pub async fn account(ctx: Ctx) -> Result<HttpResponse, Error> {
    account_page(&ctx, StatusCode::OK, None).await
}

async fn account_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let row = ctx.read(store::own_account).await?;
    let mut form = ctx
        .form(ctx.url("/account"), "Save")
        .revision(row.revision)
        .field(Field::text("name", "Name").value(&row.name));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut page = ctx.page("Account").crumb(Crumb::here("Account"));
    page.wrong = form.is_wrong();
    let facts = Facts::new()
        .fact("Id", Cell::copy(&row.id))
        .fact("Role", Cell::text(role_word(row.role)))
        .fact("Since", Cell::maybe(row.events.0.at("created"), Cell::time_long));
    ctx.render_as(status, &AccountPage { page, head: Head::new("Account"), tabs: tabs(ctx, "/account"), facts, form })
}

/// Saves the company's name.
pub async fn do_account(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (name, revision, back) = (posted.get("name").to_owned(), posted.revision(), ctx.url("/account"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::rename_company(tx, actor, &name, revision)?;
            Ok(Answer::go(&back).flash(Text::new("The account was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => account_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}

/// How a membership's status is shown.
fn member_status(status: MemberStatus) -> Status {
    match status {
        MemberStatus::Active => Status::good("Joined"),
        MemberStatus::Invited => Status::waiting("Invited"),
        MemberStatus::Expired => Status::ended("Expired"),
    }
}

/// The users of the company.
pub async fn users(ctx: Ctx) -> Result<HttpResponse, Error> {
    let list = List::new("Users", ctx.url("/users"), &store::USERS, store::members)
        .column(
            Col::new("name", "Name", |u: &MemberRow| Cell::person(&u.name), |u| u.name.clone())
                .at(Narrow::Left1)
                .sorted("name"),
        )
        .column(
            Col::new("email", "E-mail", |u: &MemberRow| Cell::data(&u.email), |u| u.email.clone())
                .at(Narrow::Whole2)
                .grows()
                .sorted("email"),
        )
        .column(
            Col::new("id", "Id", |u: &MemberRow| Cell::copy(&u.id), |u| u.id.to_string())
                .at(Narrow::Hidden)
                .sorted("id"),
        )
        .column(
            Col::new(
                "status",
                "Status",
                |u: &MemberRow| Cell::status(member_status(u.status)),
                |u| u.status.to_string(),
            )
            .at(Narrow::Right1),
        )
        .column(
            Col::new(
                "signed",
                "Last sign-in",
                |u: &MemberRow| Cell::maybe(u.signed_in_at, Cell::time),
                |u| u.signed_in_at.map(|t| t.wire()).unwrap_or_default(),
            )
            .at(Narrow::Left3)
            .sorted("events.signed.at"),
        )
        .filter("status", "Status", &[("active", "Joined"), ("invited", "Invited")])
        .search("Name, e-mail, id")
        .empty(State::nothing_yet("users", "No users yet", "Users are the people who work in this account."));
    let table = match ctx.list(list).await? {
        Shown::Table(table) => table,
        Shown::Answer(answer) => return Ok(answer),
    };
    let head =
        Head::new("Users").action(Button::link("Invite user", ctx.url("/users/new")).primary().icon("user-plus"));
    let page = ctx.page("Users").crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here("Users"));
    ctx.render(&ListPage { page, head, tabs: Some(tabs(&ctx, "/users")), table })
}

/// A page with one form in the portal's frame.
#[derive(askama::Template)]
#[template(path = "accounts/form.html")]
struct FormPage {
    page: Page,
    head: Head,
    notice: Option<Notice>,
    form: Form,
}

async fn new_user_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let groups = ctx.read(store::groups).await?;
    let choices = groups
        .into_iter()
        .map(|g| Choice::new(g.id.to_string(), Text::data(g.name)).hint(Text::data(g.description)))
        .collect();
    let mut form = ctx
        .form(ctx.url("/users/new"), "Send invitation")
        .field(
            Field::email("email", "E-mail")
                .hint("An invitation is sent to this address; somebody who has an account here joins at once."),
        )
        .field(Field::text("name", "Full name"))
        .field(Field::checks("groups", "Groups", choices).hint("They say what the user may do."))
        .cancel(ctx.url("/users"));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut page =
        ctx.page("Invite user").crumb(Crumb::link("Users", ctx.url("/users"))).crumb(Crumb::here("Invite user"));
    page.wrong = form.is_wrong();
    ctx.render_as(status, &FormPage { page, head: Head::new("Invite user"), notice: None, form })
}

/// The form that invites a user.
pub async fn new_user(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_user_page(&ctx, StatusCode::OK, None).await
}

/// Invites a user.
pub async fn do_new_user(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (email, name, back, origin) =
        (posted.get("email").to_owned(), posted.get("name").to_owned(), ctx.url("/users"), ctx.site().origin());
    let services = ctx.services().clone();
    let groups: Vec<GroupId> = posted.all("groups").iter().filter_map(|g| GroupId::parse(g)).collect();
    let done = ctx
        .act(&posted, move |tx, actor| {
            let door = actions::Door { origin: &origin, deployment: &services.secret };
            actions::invite(tx, actor, &email, &name, &groups, &door)?;
            Ok(Answer::go(&back).flash(Text::new("{email} was invited.").arg("email", &email)))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_user_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}

/// Takes a user out of the company.
pub async fn do_remove_user(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let user = UserId::parse(&id).ok_or_else(|| Refusal::not_found("user", &id))?;
    let back = ctx.url("/users");
    ctx.act(&posted, move |tx, actor| {
        actions::remove_member(tx, actor, &user)?;
        Ok(Answer::go(&back).flash(Text::new("The user was removed.")))
    })
    .await
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
                    Cell::data(&g.description).wrap(),
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

/// How a token's status is shown.
fn token_status(status: TokenStatus) -> Status {
    match status {
        TokenStatus::Active => Status::good("Active"),
        TokenStatus::Inactive => Status::ended("Inactive"),
        TokenStatus::Expired => Status::ended("Expired"),
        TokenStatus::Deleted => Status::ended("Deleted"),
    }
}

/// The API tokens of the company.
pub async fn tokens(ctx: Ctx) -> Result<HttpResponse, Error> {
    let list = List::new("Tokens", ctx.url("/tokens"), &store::TOKENS, store::tokens)
        .column(
            Col::new("name", "Token", |t: &TokenRow| Cell::data(&t.name).strong(), |t| t.name.clone())
                .at(Narrow::Left1)
                .grows()
                .sorted("name"),
        )
        .column(
            Col::new("id", "Id", |t: &TokenRow| Cell::copy(&t.id), |t| t.id.to_string()).at(Narrow::Left2).sorted("id"),
        )
        .column(
            Col::new("status", "Status", |t: &TokenRow| Cell::status(token_status(t.status)), |t| t.status.to_string())
                .at(Narrow::Right1)
                .sorted("status"),
        )
        .column(
            Col::new(
                "created",
                "Created",
                |t: &TokenRow| Cell::maybe(t.events.0.at("created"), Cell::time),
                |t| t.events.0.at("created").map(|at| at.wire()).unwrap_or_default(),
            )
            .at(Narrow::Right2)
            .sorted("events.created.at"),
        )
        .column(
            Col::new(
                "used",
                "Last used",
                |t: &TokenRow| Cell::maybe(t.used_at, Cell::time),
                |t| t.used_at.map(|at| at.wire()).unwrap_or_default(),
            )
            .at(Narrow::Hidden),
        )
        .filter("status", "Status", &[("active", "Active"), ("inactive", "Inactive"), ("deleted", "Deleted")])
        .search("Name")
        .empty(
            State::nothing_yet(
                "plug-connected",
                "No tokens yet",
                "A token lets a program work with this account through the API.",
            )
            .action(Button::link("Create token", ctx.url("/tokens/new")).primary()),
        );
    let table = match ctx.list(list).await? {
        Shown::Table(table) => table,
        Shown::Answer(answer) => return Ok(answer),
    };
    let head =
        Head::new("API tokens").action(Button::link("Create token", ctx.url("/tokens/new")).primary().icon("plus"));
    let page = ctx.page("API tokens").crumb(Crumb::here("Integrations"));
    ctx.render(&ListPage { page, head, tabs: None, table })
}

fn token_form(ctx: &Ctx) -> Form {
    let modules = Module::ALL.iter().map(|m| Choice::new(m.as_str(), m.title()).selected(true)).collect();
    ctx.form(ctx.url("/tokens/new"), "Create token")
        .field(Field::text("name", "Name").hint("For what program it is."))
        .field(Field::area("description", "Description").rows(2).optional())
        .field(Field::checks("modules", "Permissions", modules).hint("The modules that the program may use."))
        .cancel(ctx.url("/tokens"))
}

fn token_page(ctx: &Ctx, status: StatusCode, form: Form) -> Result<HttpResponse, Error> {
    let mut page = ctx
        .page("Create token")
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::here("Create token"));
    page.wrong = form.is_wrong();
    ctx.render_as(status, &FormPage { page, head: Head::new("Create token"), notice: None, form })
}

/// The form that makes a token.
pub async fn new_token(ctx: Ctx) -> Result<HttpResponse, Error> {
    token_page(&ctx, StatusCode::OK, token_form(&ctx))
}

/// Makes a token and shows its key, once.
pub async fn do_new_token(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (name, description) = (posted.get("name").to_owned(), posted.get("description").to_owned());
    let mut wanted = Permissions::default();
    for module in posted.all("modules").iter().filter_map(|m| Module::parse(m)) {
        wanted.grant(module, Level::Manage);
    }
    // The key is shown in this answer and nowhere else, so it is not kept under the idempotency key either.
    let (db, actor) = (ctx.services().db.clone(), ctx.actor().clone());
    let made =
        web::block(move || db.write(|tx| actions::create_token(tx, &actor, &name, &description, &wanted))).await?;
    match made.map_err(Error::from) {
        Ok(token) => {
            let notice = Notice::new("Copy the key now: it is not shown again.").title("The token was created");
            let form = Form::get(ctx.url("/tokens"), "Done").field(
                Field::text("key", "Key").value(token.key()).locked("A program sends it in the header Authorization."),
            );
            let page = ctx
                .page("New token")
                .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
                .crumb(Crumb::here("New token"));
            ctx.render(&FormPage { page, head: Head::new("New token"), notice: Some(notice), form })
        }
        Err(error) => {
            let mut form = token_form(&ctx);
            explain(&mut form, &posted, error)?;
            token_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

/// Activates, deactivates or deletes a token.
pub async fn do_token(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, word) = path.into_inner();
    let token = TokenId::parse(&id).ok_or_else(|| Refusal::not_found("token", &id))?;
    let verb = match word.as_str() {
        "activate" => TokenVerb::Activate,
        "deactivate" => TokenVerb::Deactivate,
        "delete" => TokenVerb::Delete,
        _ => return Err(Refusal::not_found("action", word).into()),
    };
    let back = ctx.url("/tokens");
    ctx.act(&posted, move |tx, actor| {
        actions::change_token(tx, actor, &token, verb)?;
        Ok(Answer::go(&back).flash(Text::new("The token was changed.")))
    })
    .await
}
