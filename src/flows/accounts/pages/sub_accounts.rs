//! Pages of sub-accounts: the list, one of them, opening, closing, and opening again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::about::{about_section, account_status, facts_of, mark};
use super::account::may_manage;
use super::company::tabs;
use crate::flows::accounts::actions::{self, NewSubAccount};
use crate::flows::accounts::model::{AccountStatus, Company};
use crate::flows::accounts::{role_word, store};
use crate::journal;
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Panel};
use crate::web::layout::{Crumb, Page};
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain};

type Line = Linked<Company>;

/// The sub-accounts of the company.
pub async fn sub_accounts(ctx: Ctx) -> Result<HttpResponse, Error> {
    let here = ctx.url("/sub-accounts");
    let open = || Button::link("Open sub-account", ctx.url("/sub-accounts/new")).primary().icon("plus");
    let mut head = Head::new("Sub-accounts");
    let mut empty = State::nothing_yet(
        "building",
        "No sub-accounts yet",
        "A sub-account is a company of its own below this one: a branch office, or a place to try things out. You open and \
         close it; what happens inside it is seen by its own users only.",
    );
    if may_manage(&ctx) {
        head = head.action(open());
        empty = empty.action(open());
    }
    let path = here.clone();
    let list = List::new("Sub-accounts", here, &store::SUB_ACCOUNTS, move |tx, actor, ids| {
        Ok(Linked::all(&path, actions::sub_accounts(tx, actor, ids)?, |c| c.id.as_str()))
    })
    .column(
        Col::new(
            "name",
            "Sub-account",
            |l: &Line| mark(l.row.icon.as_deref(), &l.row.name, Some(l.href.clone())),
            |l| l.row.name.clone(),
        )
        .at(Narrow::Left1)
        .grows()
        .sorted("name"),
    )
    .column(Col::id("id", "Id", |l: &Line| &l.row.id).at(Narrow::Left2).sorted("id"))
    .column(Col::new(
        "external_id",
        "External id",
        |l: &Line| Cell::data(l.row.external_id.clone().unwrap_or_default()),
        |l| l.row.external_id.clone().unwrap_or_default(),
    ))
    .column(
        Col::new(
            "status",
            "Status",
            |l: &Line| Cell::status(account_status(l.row.status)),
            |l| l.row.status.to_string(),
        )
        .at(Narrow::Right1)
        .sorted("status"),
    )
    .column(
        Col::moment("created", "Opened", |l: &Line| l.row.events.at("created"))
            .at(Narrow::Right2)
            .sorted("events.created.at"),
    )
    .filter("status", "Status", &[("active", "Active"), ("inactive", "Closed")])
    .filter_days("events.created.at", "Opened")
    .search("Name, id, external id")
    .empty(empty);
    let page =
        ctx.page("Sub-accounts").crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here("Sub-accounts"));
    ctx.list_page(list, page, head, Some(tabs(&ctx, "/sub-accounts"))).await
}

fn below(ctx: &Ctx, title: impl Into<Text>, last: impl Into<Text>) -> Page {
    ctx.page(title)
        .crumb(Crumb::link("Account", ctx.url("/account")))
        .crumb(Crumb::link("Sub-accounts", ctx.url("/sub-accounts")))
        .crumb(Crumb::here(last))
}

fn new_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let mut form = ctx
        .form(ctx.url("/sub-accounts/new"), "Open sub-account")
        .field(Field::text("name", "Name").hint("As partners will read it. At most 64 characters."))
        .field(Field::check("myself", "Administrator", "I administer it myself").value("yes"))
        .field(
            Field::email("email", "E-mail of another administrator")
                .hint("Whoever reads this mail gets a link and can do everything in the new account.")
                .autocomplete("off")
                .optional(),
        )
        .field(Field::text("person", "Full name").hint("Of that other administrator.").optional())
        .cancel(ctx.url("/sub-accounts"));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(below(ctx, "Open sub-account", "Open sub-account"), form);
    shown.head = shown.head.lede(
        "It is a company of its own, of the same kind as this one: with its own users, products, contracts and tokens.",
    );
    ctx.render_as(status, &shown)
}

/// The form that opens a sub-account.
pub async fn new_sub_account(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_page(&ctx, StatusCode::OK, None)
}

/// Opens a sub-account.
pub async fn do_new_sub_account(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let new = NewSubAccount {
        name: posted.get("name").to_owned(),
        myself: posted.checked("myself"),
        email: posted.get("email").to_owned(),
        person: posted.get("person").to_owned(),
    };
    let (services, base) = (ctx.services().clone(), ctx.url("/sub-accounts"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::create_sub_account(tx, actor, &new, &actions::Door { deployment: &services.secret })?;
            let text = Text::new("The sub-account {name} was opened.").arg("name", new.name.trim());
            Ok(Answer::go(format!("{base}/{id}")).flash(text))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))),
    }
}

/// What is known of a sub-account from above.
fn facts(company: &Company) -> Facts {
    let facts = match company.closed_by {
        Some(closer) => facts_of(company).fact("Closed by", Cell::text(closer.words())),
        None => facts_of(company),
    };
    facts
        .fact("External id", Cell::data(company.external_id.clone().unwrap_or_default()))
        .fact("Opened", Cell::maybe(company.events.at("created"), Cell::time_long))
}

/// One sub-account: its master data.
pub async fn sub_account(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let member = ctx.person().is_some_and(|p| p.member_of(&id).is_some());
    let (company, moments, kept_closed) = ctx
        .read(move |tx, actor| {
            let company = actions::sub_account(tx, actor, &id)?;
            let seat = actor.company()?;
            let side = seat.role.side();
            let moments = journal::of_object(tx, "sub_account", company.id.as_str(), &seat.account, side, 50)?;
            let kept_closed = actions::kept_closed(tx, &company)?;
            Ok((company, moments, kept_closed))
        })
        .await?;
    let here = ctx.url(&format!("/sub-accounts/{}", company.id));
    let mut head = Head::new(Text::data(&company.name))
        .meta(Cell::copy(&company.id))
        .meta(Cell::text(role_word(company.role)))
        .meta(account_status(company.status));
    let closed = company.status == AccountStatus::Inactive;
    if member && !closed {
        head = head.action(Button::link("Go there", format!("/{}", company.id)).icon("arrow-right"));
    }
    if may_manage(&ctx) {
        head = head.action(match &kept_closed {
            Some(_) => Button::not_now("Open again", "The operator of this portal has closed it."),
            None if closed => Button::link("Open again", format!("{here}/open")).primary(),
            None => Button::link("Close", format!("{here}/close")).danger(),
        });
    }
    let mut notices = vec![];
    if closed {
        let text =
            Text::new("This account is closed: nobody can work in it. Its partners see what they shared with it.");
        notices.push(Notice::new(kept_closed.into_iter().fold(text, |said, why| said.then(&why))));
    }
    let page = below(&ctx, Text::data(&company.name), Text::data(&company.name));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices,
        tabs: None,
        sections: vec![
            about_section(&company, "The account tells nothing about itself yet."),
            moments::story(&ctx, &company.id, moments),
        ],
        about: Text::new("About this sub-account"),
        facts: facts(&company),
        dialogs: vec![],
    })
}

/// What is done to a sub-account.
#[derive(Clone, Copy)]
enum Verb {
    Close,
    Open,
}

impl Verb {
    fn title(self) -> &'static str {
        match self {
            Self::Close => "Close sub-account",
            Self::Open => "Open sub-account again",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Open => "open",
        }
    }
}

async fn verb_page(
    ctx: &Ctx,
    verb: Verb,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = id.to_owned();
    let (company, (people, tokens), kept_closed) = ctx
        .read(move |tx, actor| {
            let company = actions::sub_account(tx, actor, &id)?;
            let acting = actions::who_acts(tx, actor, &company.id)?;
            let kept_closed = actions::kept_closed(tx, &company)?;
            Ok((company, acting, kept_closed))
        })
        .await?;
    let here = ctx.url(&format!("/sub-accounts/{}", company.id));
    let mut form: Form = ctx
        .form(format!("{here}/{}", verb.path()), verb.title())
        .field(Field::area("reason", "Reason").hint("It stands in the timelines. At most 300 characters.").rows(3));
    form = form.cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    } else if let Some(why) = kept_closed {
        form = form.not_now(why);
    }
    let mut shown = FormPage::new(below(ctx, verb.title(), Text::data(&company.name)), form)
        .beside(Panel::about("The sub-account", facts(&company)));
    let words = match verb {
        Verb::Close => Text::new(
            "At once {people|one user|{people} users} and {tokens|one token|{tokens} tokens} can do nothing any more in \
             {name}. Nothing is deleted, its partners go on seeing what they shared with it, and you can open it again.",
        ),
        Verb::Open => Text::new(
            "At once {people|one user|{people} users} and {tokens|one token|{tokens} tokens} can work in {name} again.",
        ),
    };
    shown.head = shown.head.lede(words.arg("people", people).arg("tokens", tokens).arg("name", &company.name));
    ctx.render_as(status, &shown)
}

async fn do_verb(ctx: Ctx, verb: Verb, id: String, posted: Posted) -> Result<HttpResponse, Error> {
    let (asked, reason, back) = (id.clone(), posted.get("reason").to_owned(), ctx.url(&format!("/sub-accounts/{id}")));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let text = match verb {
                Verb::Close => {
                    actions::close_sub_account(tx, actor, &asked, &reason)?;
                    Text::new("The sub-account was closed.")
                }
                Verb::Open => {
                    actions::open_sub_account(tx, actor, &asked, &reason)?;
                    Text::new("The sub-account was opened again.")
                }
            };
            Ok(Answer::go(&back).flash(text))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => verb_page(&ctx, verb, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}

/// Asks whether a sub-account is to be closed.
pub async fn close_sub_account(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, Verb::Close, StatusCode::OK, &path.1, None).await
}

/// Closes a sub-account.
pub async fn do_close_sub_account(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    do_verb(ctx, Verb::Close, path.into_inner().1, posted).await
}

/// Asks whether a closed sub-account is to be opened again.
pub async fn open_sub_account(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, Verb::Open, StatusCode::OK, &path.1, None).await
}

/// Opens a closed sub-account again.
pub async fn do_open_sub_account(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    do_verb(ctx, Verb::Open, path.into_inner().1, posted).await
}
