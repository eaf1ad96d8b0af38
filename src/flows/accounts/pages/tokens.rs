//! Pages of the API tokens: the list, one token, and what is done with one in a word.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::token_calls::{self, Used, write_calls};
use super::token_handles::about_handle;
use crate::flows::accounts::actions::{self, TokenVerb};
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::store::{self, TokenRow};
use crate::journal;
use crate::kit::{Level, Module, Refusal, Text, TokenId, UserId};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::Form;
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice, Tab, Tabs};
use crate::web::state::State;
use crate::web::status::{Status, Tone};
use crate::web::table::{Boxed, Column, Narrow, Room, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The pages of what works with programs.
pub(super) fn tabs(ctx: &Ctx, current: &str) -> Tabs {
    let tab = |label: &'static str, path: &str| Tab::new(label, ctx.url(path)).current(path == current);
    Tabs::new("Integrations", vec![tab("Tokens", "/tokens"), tab("IP rules", "/tokens/ip-rules")])
}

/// How a token's status is shown.
fn token_status(status: TokenStatus) -> Status {
    match status {
        TokenStatus::Pending => Status::waiting("Pending"),
        TokenStatus::Active => Status::good("Active"),
        TokenStatus::Inactive => Status::ended("Inactive"),
        TokenStatus::Expiring => Status::caution("Expiring"),
        TokenStatus::Expired => Status::ended("Expired"),
        TokenStatus::Revitalised => Status::good("Renewed"),
        TokenStatus::Deleted => Status::ended("Deleted"),
    }
}

/// The statuses that tokens have here, for the filter of the list.
const STATUSES: &[(&str, &str)] = &[
    ("pending", "Pending"),
    ("active", "Active"),
    ("expiring", "Expiring"),
    ("revitalised", "Renewed"),
    ("expired", "Expired"),
    ("inactive", "Inactive"),
    ("deleted", "Deleted"),
];

type Line = Linked<TokenRow>;

fn end_cell(token: &TokenRow) -> Cell {
    token.keys.end().map_or_else(|| Cell::text("Never").muted(), Cell::day)
}

/// The API tokens of the company.
pub async fn tokens(ctx: Ctx) -> Result<HttpResponse, Error> {
    if ctx.read(actions::any_turned).await? {
        let (db, actor) = (ctx.services().db.clone(), ctx.actor().clone());
        web::block(move || actions::settle_tokens(&db, &actor)).await??;
    }
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
        Col::new(
            "end",
            "Key ends",
            |t: &Line| end_cell(&t.row),
            |t| t.row.keys.end().map(crate::kit::Time::wire).unwrap_or_default(),
        )
        .at(Narrow::Right2)
        .sorted("expiration_date"),
    )
    .column(Col::moment("used", "Last used", |t: &Line| t.row.used_at).at(Narrow::Hidden).sorted("used"))
    .column(
        Col::moment("created", "Created", |t: &Line| t.row.events.0.at("created"))
            .at(Narrow::Hidden)
            .needs(Room::Wide)
            .sorted("events.created.at"),
    )
    .filter("status", "Status", STATUSES)
    .search("Name, id, external id")
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
    ctx.list_page(list, page, head, Some(tabs(&ctx, "/tokens"))).await
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

pub(super) fn parsed(id: &str) -> Result<TokenId, Error> {
    TokenId::parse(id).ok_or_else(|| Refusal::not_found("token", id).into())
}

/// A token of the company.
pub(super) async fn one(ctx: &Ctx, id: &TokenId) -> Result<TokenRow, Error> {
    let id = id.clone();
    let read = move |tx: &mut crate::flows::Tx<'_>, actor: &crate::kit::Actor| {
        store::tokens(tx, actor, &[id.to_string()])?.pop().ok_or_else(|| Refusal::not_found("token", &id).into())
    };
    ctx.read(read).await
}

fn verb_form(ctx: &Ctx, token: &TokenId, word: &str, label: &'static str) -> Form {
    ctx.form(ctx.url(&format!("/tokens/{token}/{word}")), label).hidden("confirmed", "yes")
}

/// What a level lets one do.
pub(super) fn may_word(level: Level) -> &'static str {
    match level {
        Level::Read => "Read",
        Level::Act => "Do the daily work",
        Level::Manage => "Manage",
    }
}

/// What is to be known first about a token's keys.
fn about_keys(ctx: &Ctx, token: &TokenRow) -> Option<Notice> {
    let here = ctx.url(&format!("/tokens/{}", token.id));
    let end = token.keys.end();
    let day = |text: Text| end.map_or_else(|| text.clone(), |end| text.clone().moment("end", end));
    match token.status {
        TokenStatus::Expiring => Some(
            Notice::new(day(Text::new(
                "Its key works until {end:time}. Renew it: the new key works beside the old one until then.",
            )))
            .title("This token ends soon")
            .tone(Tone::Warn)
            .action(Button::link("Renew", format!("{here}/renew"))),
        ),
        TokenStatus::Expired => Some(
            Notice::new(day(Text::new("Its key stopped working on {end:time}. Rotate it to get a new one.")))
                .title("This token has expired")
                .tone(Tone::Warn)
                .action(Button::link("Rotate", format!("{here}/rotate"))),
        ),
        TokenStatus::Revitalised => {
            let first =
                Text::new("The old key works until {first:time}. Put the new one into every program before that.");
            let first = token.keys.expires_at.map_or_else(|| first.clone(), |at| first.clone().moment("first", at));
            Some(Notice::new(first).title("Two keys work now"))
        }
        _ => None,
    }
}

/// Who answers for a token whose maker is gone: its own word, if there is something to say.
fn about_maker(maker: Option<&str>, left: bool, managers: &[String]) -> Option<Notice> {
    let maker = maker.filter(|_| left)?;
    let text = Text::new(
        "Whoever made it has left, and the token keeps working. These people manage the account and answer for it now: {names}.",
    );
    let title = Text::new("{name} no longer works here").arg("name", maker);
    Some(Notice::new(text.arg("names", managers.join(", "))).title(title))
}

/// Who has fetched its key with a handle, and when.
fn fetched(token: &TokenRow) -> Vec<Cell> {
    let events = &token.events.0;
    let by = events.by("redeemed").map(|by| Cell::data(&by.name).sub(Cell::data(&by.id).muted()));
    by.into_iter().chain(events.at("redeemed").map(Cell::time_long)).collect()
}

/// One token: what it may do, what happened to it.
pub async fn token(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let id = parsed(&path.1)?;
    write_calls(&ctx).await?;
    let (token, permissions, moments, left, managers, used) = ctx
        .read(move |tx, actor| {
            let ids = [id.to_string()];
            let token = store::tokens(tx, actor, &ids)?.pop().ok_or_else(|| Refusal::not_found("token", &id))?;
            let seat = actor.need(Module::Integrations, Level::Manage)?;
            let moments = journal::of_object(tx, "token", id.as_str(), &seat.account, seat.role.side(), 50)?;
            let maker = token.events.0.by("created").and_then(|by| UserId::parse(&by.id));
            let left = match &maker {
                Some(user) => store::at_work(tx, actor, std::slice::from_ref(user))?.is_empty(),
                None => false,
            };
            let managers = if left { store::managers(tx, actor)? } else { vec![] };
            let managers = if left { store::at_work(tx, actor, &managers)? } else { vec![] };
            let managers: Vec<String> = managers.into_iter().map(|(_, name, _)| name).collect();
            let mut permissions = store::token_permissions(tx, actor, &ids)?;
            permissions.sort_by_key(|(_, module, _)| *module);
            let used = Used::read(tx, actor, &id)?;
            Ok((token, permissions, moments, left, managers, used))
        })
        .await?;
    let here = ctx.url(&format!("/tokens/{}", token.id));
    let mut head = Head::new(Text::data(&token.name)).meta(Cell::copy(&token.id)).meta(token_status(token.status));
    let mut dialogs = vec![];
    let live = token.status != TokenStatus::Deleted;
    if live {
        head = head.action(Button::link("Edit", format!("{here}/edit")));
    }
    if token.status == TokenStatus::Pending {
        head = head.action(Button::link("New handle…", format!("{here}/handle")));
    } else if live {
        head = head.action(Button::link("Renew…", format!("{here}/renew")));
        head = head.action(Button::link("Rotate…", format!("{here}/rotate")));
    }
    for (word, label, verb) in VERBS.into_iter().filter(|(.., verb)| verb.next(token.keys.kept).is_some()) {
        let title = Text::new("{verb:word}: {token}").arg("verb", label).arg("token", &token.name);
        dialogs.push(Dialog::new(word, title, verb_form(&ctx, &token.id, word, label)).text(consequence(verb)));
        let button = Button::dialog(label, word, format!("{here}/{word}"));
        head = head.more(if verb == TokenVerb::Delete { button.danger() } else { button });
    }
    let rows = permissions.iter().map(|(_, module, level)| {
        Row::new(module.as_str(), vec![Cell::text(module.title()).strong(), Cell::text(may_word(*level))])
    });
    let columns = vec![Column::new("module", "Module").grows(), Column::new("level", "May")];
    let mut section = Section::new("Permissions");
    if live {
        section = section.link("Change", format!("{here}/permissions"));
    }
    let section = match permissions.is_empty() {
        true => section.words("None: a program with this token can do nothing."),
        false => section.part(Boxed::new("Permissions", columns, rows.collect())),
    };
    let maker = token.events.0.by("created").map(|by| by.name.clone());
    let handle = about_handle(&ctx, &token, ctx.services().clock.now());
    let maker_gone = about_maker(maker.as_deref(), left, &managers);
    let notices = about_keys(&ctx, &token).into_iter().chain(handle).chain(maker_gone).collect();
    let used_from = token.used_from.as_deref();
    let mut facts = Facts::new()
        .fact("Description", Cell::data(&token.description).wrap())
        .fact("External id", Cell::maybe(token.external_id.as_deref(), Cell::data))
        .fact("Created", Cell::maybe(token.events.0.at("created"), Cell::time_long))
        .fact("Created by", Cell::maybe(maker.as_deref(), Cell::data))
        .facts("Key fetched", fetched(&token))
        .fact("Last used", token.used_at.map_or_else(|| Cell::text("Never").muted(), Cell::time_long))
        .fact("Last used from", Cell::maybe(used_from, Cell::data));
    let end = |at: Option<crate::kit::Time>| at.map_or_else(|| Cell::text("Never").muted(), Cell::time_long);
    facts = match token.keys.renewed {
        None => facts.fact("Key ends", end(token.keys.expires_at)),
        Some(renewed) => facts.fact("Old key ends", end(token.keys.expires_at)).fact("New key ends", end(renewed)),
    };
    let page = ctx
        .page(Text::data(&token.name))
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::here(Text::data(&token.name)));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices,
        tabs: None,
        sections: vec![section, token_calls::section(&ctx, &token, &used), moments::story(&ctx, &token.id, moments)],
        about: Text::new("About this token"),
        facts,
        dialogs,
    })
}

async fn verb_page(
    ctx: &Ctx,
    status: StatusCode,
    (id, word): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (id, (word, label, verb)) = (parsed(id)?, known(word)?);
    // A token of somebody else is not even asked about.
    let token = one(ctx, &id).await?;
    let back = ctx.url(&format!("/tokens/{id}"));
    let mut form = verb_form(ctx, &id, word, label).cancel(&back);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page(Text::new("{verb:word}: {token}").arg("verb", label).arg("token", &token.name))
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::link(Text::data(&token.name), back))
        .crumb(Crumb::here(label));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(consequence(verb));
    ctx.render_as(status, &shown)
}

/// Asks whether something is to be done with a token, where the dialog cannot.
pub async fn token_verb(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, StatusCode::OK, (&path.1, &path.2), None).await
}

/// Activates, deactivates or deletes a token.
pub async fn do_token(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (token, (.., verb)) = (parsed(&path.1)?, known(&path.2)?);
    let back = ctx.url(&format!("/tokens/{token}"));
    let again = async |code, error| verb_page(&ctx, code, (&path.1, &path.2), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::change_token(tx, actor, &token, verb)?;
        Ok(Answer::go(&back).flash(Text::new("The token was changed.")))
    })
    .await
}
