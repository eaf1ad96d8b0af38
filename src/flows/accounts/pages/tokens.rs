//! Pages of the API tokens.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::flows::accounts::actions::{self, TokenVerb};
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::store::{self, TokenRow};
use crate::journal;
use crate::kit::{Level, Module, Permissions, Refusal, Text, TokenId};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::state::State;
use crate::web::status::Status;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// How a token's status is shown.
fn token_status(status: TokenStatus) -> Status {
    match status {
        TokenStatus::Active => Status::good("Active"),
        TokenStatus::Inactive => Status::ended("Inactive"),
        TokenStatus::Expired => Status::ended("Expired"),
        TokenStatus::Deleted => Status::ended("Deleted"),
    }
}

type Line = Linked<TokenRow>;

/// The API tokens of the company.
pub async fn tokens(ctx: Ctx) -> Result<HttpResponse, Error> {
    let here = ctx.url("/tokens");
    let list = List::new("Tokens", here.clone(), &store::TOKENS, move |tx, actor, ids| {
        Ok(Linked::all(&here, store::tokens(tx, actor, ids)?, |token| token.id.as_str()))
    })
    .column(Col::link("name", "Token", |t: &Line| (&t.row.name, &t.href)).at(Narrow::Left1).grows().sorted("name"))
    .column(Col::id("id", "Id", |t: &Line| &t.row.id).at(Narrow::Left2).sorted("id"))
    .column(
        Col::new("status", "Status", |t: &Line| Cell::status(token_status(t.row.status)), |t| t.row.status.to_string())
            .at(Narrow::Right1)
            .sorted("status"),
    )
    .column(
        Col::moment("created", "Created", |t: &Line| t.row.events.0.at("created"))
            .at(Narrow::Right2)
            .sorted("events.created.at"),
    )
    .column(Col::moment("used", "Last used", |t: &Line| t.row.used_at).at(Narrow::Hidden))
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
    let head =
        Head::new("API tokens").action(Button::link("Create token", ctx.url("/tokens/new")).primary().icon("plus"));
    let page = ctx.page("API tokens").crumb(Crumb::here("Integrations"));
    ctx.list_page(list, page, head, None).await
}

fn token_form(ctx: &Ctx) -> Form {
    let modules = Module::ALL.iter().map(|m| Choice::new(m.as_str(), m.title()).selected(true)).collect();
    ctx.form(ctx.url("/tokens/new"), "Create token")
        .field(Field::text("name", "Name").hint("For what program it is."))
        .field(Field::area("description", "Description").rows(2).optional())
        .field(Field::checks("modules", "Permissions", modules).hint("The modules that the program may use."))
        .cancel(ctx.url("/tokens"))
}

fn new_token_page(ctx: &Ctx, status: StatusCode, form: Form) -> Result<HttpResponse, Error> {
    let page = ctx
        .page("Create token")
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::here("Create token"));
    ctx.render_as(status, &FormPage::new(page, form))
}

/// The form that makes a token.
pub async fn new_token(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_token_page(&ctx, StatusCode::OK, token_form(&ctx))
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
            let mut shown = FormPage::new(page, form);
            shown.notices.push(notice);
            ctx.render(&shown)
        }
        Err(error) => {
            let mut form = token_form(&ctx);
            explain(&mut form, &posted, error)?;
            new_token_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

/// The verbs as the page's addresses name them, in the order of the page.
const VERBS: [(&str, &str, TokenVerb); 3] = [
    ("activate", "Activate", TokenVerb::Activate),
    ("deactivate", "Deactivate", TokenVerb::Deactivate),
    ("delete", "Delete", TokenVerb::Delete),
];

fn known(word: &str) -> Result<(&'static str, &'static str, TokenVerb), Error> {
    VERBS.into_iter().find(|(w, ..)| *w == word).ok_or_else(|| Refusal::not_found("action", word).into())
}

/// What will happen.
fn consequence(verb: TokenVerb) -> Text {
    Text::new(match verb {
        TokenVerb::Activate => "Programs that have its key can work with this account again.",
        TokenVerb::Deactivate => "Programs that use it are refused until it is activated again.",
        TokenVerb::Delete => "Programs that use it are refused for good. To let one in again, create a new token.",
    })
}

fn parsed(id: &str) -> Result<TokenId, Error> {
    TokenId::parse(id).ok_or_else(|| Refusal::not_found("token", id).into())
}

fn verb_form(ctx: &Ctx, token: &TokenId, word: &str, label: &'static str) -> Form {
    ctx.form(ctx.url(&format!("/tokens/{token}/{word}")), label).hidden("confirmed", "yes")
}

/// What a level lets one do.
fn may_word(level: Level) -> &'static str {
    match level {
        Level::Read => "Read",
        Level::Act => "Do the daily work",
        Level::Manage => "Manage",
    }
}

/// One token: what it may do, what happened to it.
pub async fn token(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = parsed(&path.1)?;
    let (token, permissions, moments) = ctx
        .read(move |tx, actor| {
            let ids = [id.to_string()];
            let token = store::tokens(tx, actor, &ids)?.pop().ok_or_else(|| Refusal::not_found("token", &id))?;
            let seat = actor.need(Module::Integrations, Level::Manage)?;
            let moments = journal::of_object(tx, "token", id.as_str(), &seat.account, seat.role.side(), 50)?;
            Ok((token, store::token_permissions(tx, actor, &ids)?, moments))
        })
        .await?;
    let here = ctx.url(&format!("/tokens/{}", token.id));
    let mut head = Head::new(Text::data(&token.name)).meta(Cell::copy(&token.id)).meta(token_status(token.status));
    let mut dialogs = vec![];
    for (word, label, verb) in VERBS.into_iter().filter(|(.., verb)| verb.next(token.status).is_some()) {
        let title = Text::new("{verb:word}: {token}").arg("verb", label).arg("token", &token.name);
        dialogs.push(Dialog::new(word, title, verb_form(&ctx, &token.id, word, label)).text(consequence(verb)));
        let button = Button::dialog(label, word, format!("{here}/{word}"));
        head = head.action(if verb == TokenVerb::Delete { button.danger() } else { button });
    }
    let rows = permissions.iter().map(|(_, module, level)| {
        Row::new(module.as_str(), vec![Cell::text(module.title()).strong(), Cell::text(may_word(*level))])
    });
    let columns = vec![Column::new("module", "Module").grows(), Column::new("level", "May")];
    let sections = vec![
        Section::new("Permissions").part(Boxed::new("Permissions", columns, rows.collect())),
        moments::story(&ctx, &token.id, moments),
    ];
    let facts = Facts::new()
        .fact("Description", Cell::data(&token.description).wrap())
        .fact("Created", Cell::maybe(token.events.0.at("created"), Cell::time_long))
        .fact("Last used", Cell::maybe(token.used_at, Cell::time_long))
        .fact("Expires", Cell::maybe(token.expires_at, Cell::time_long));
    let page = ctx
        .page(Text::data(&token.name))
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::here(Text::data(&token.name)));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections,
        about: Text::new("About this token"),
        facts,
        dialogs,
    })
}

fn verb_page(
    ctx: &Ctx,
    status: StatusCode,
    (id, word): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (id, (word, label, verb)) = (parsed(id)?, known(word)?);
    let mut form = verb_form(ctx, &id, word, label).cancel(ctx.url(&format!("/tokens/{id}")));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page(Text::new("{verb:word}: {token}").arg("verb", label).arg("token", &id))
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::here(Text::data(id.as_str())));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(consequence(verb));
    ctx.render_as(status, &shown)
}

/// Asks whether something is to be done with a token, where the dialog cannot.
pub async fn token_verb(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    let id = parsed(&path.1)?;
    // A token of somebody else is not even asked about.
    ctx.read(move |tx, actor| {
        let found = store::tokens(tx, actor, &[id.to_string()])?;
        if found.is_empty() { Err(Refusal::not_found("token", &id).into()) } else { Ok(()) }
    })
    .await?;
    verb_page(&ctx, StatusCode::OK, (&path.1, &path.2), None)
}

/// Activates, deactivates or deletes a token.
pub async fn do_token(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (token, (.., verb)) = (parsed(&path.1)?, known(&path.2)?);
    let back = ctx.url(&format!("/tokens/{token}"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::change_token(tx, actor, &token, verb)?;
            Ok(Answer::go(&back).flash(Text::new("The token was changed.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => verb_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, (&path.1, &path.2), Some((error, &posted))),
    }
}
