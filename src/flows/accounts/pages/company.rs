//! The page of the own company.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::flows::accounts::actions;
use crate::flows::accounts::role_word;
use crate::flows::accounts::store;
use crate::journal;
use crate::kit::{Level, Module, Text};
use crate::web::cell::Cell;
use crate::web::form::Field;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::moments;
use crate::web::parts::{Facts, Head, Tab, Tabs};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The parts of the account.
pub fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let tab = |label: &'static str, path: &str| Tab::new(label, ctx.url(path)).current(path == current);
    let mut tabs = vec![
        tab("General", "/account"),
        tab("Users", "/users"),
        tab("Groups", "/groups"),
        tab("Security", "/account/security"),
    ];
    if ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Account, Level::Manage)) {
        tabs.push(tab("IP rules", "/users/ip-rules"));
        tabs.push(tab("Data export", "/account/exports"));
    }
    tabs.push(tab("Audit", "/audit"));
    Tabs::new("Account", tabs)
}

/// The company's own page.
pub async fn account(ctx: Ctx) -> Result<HttpResponse, Error> {
    account_page(&ctx, StatusCode::OK, None).await
}

async fn account_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let (row, moments) = ctx
        .read(|tx, actor| {
            let row = store::own_account(tx, actor)?;
            let moments = journal::seen_by(tx, actor, "account", row.id.as_str(), 50)?;
            Ok((row, moments))
        })
        .await?;
    let mut form = ctx
        .form(ctx.url("/account"), "Save")
        .revision(row.revision)
        .field(Field::text("name", "Name").value(&row.name));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut page = ctx.page("Account").crumb(Crumb::here("Account"));
    page.wrong = form.is_wrong();
    let facts = Facts::new().fact("Since", Cell::maybe(row.events.0.at("created"), Cell::time_long));
    let head = Head::new(Text::data(&row.name)).meta(Cell::copy(&row.id)).meta(Cell::text(role_word(row.role)));
    let sections = vec![Section::new("General").part(form), moments::story(ctx, &row.id, moments)];
    ctx.render_as(
        status,
        &ObjectPage {
            page,
            head,
            turn: None,
            notices: vec![],
            tabs: Some(tabs(ctx, "/account")),
            sections,
            about: Text::new("About this account"),
            facts,
            dialogs: vec![],
        },
    )
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
