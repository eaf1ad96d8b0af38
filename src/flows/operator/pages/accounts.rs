//! The accounts of the deployment.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{frame, may, size, tabs};
use crate::flows::accounts::actions::{self, Switch};
use crate::flows::accounts::model::{AccountStatus, Closer};
use crate::flows::accounts::pages::account_status;
use crate::flows::accounts::role_word;
use crate::flows::operator::store::{self, AccountLine};
use crate::kit::{Level, Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::table::{Boxed, Column, Narrow, Room, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

type Line = Linked<AccountLine>;

/// Every account.
pub async fn accounts(ctx: Ctx) -> Result<HttpResponse, Error> {
    let here = ctx.url("/operator/accounts");
    let list = List::new("Accounts", here.clone(), &store::ACCOUNTS, move |tx, actor, ids| {
        Ok(Linked::all(&here, store::account_lines(tx, actor, ids)?, |line| line.id.as_str()))
    })
    .column(Col::link("name", "Account", |l: &Line| (&l.row.name, &l.href)).at(Narrow::Left1).grows().sorted("name"))
    .column(Col::id("id", "Id", |l: &Line| &l.row.id).at(Narrow::Left2).sorted("id"))
    .column(
        Col::new("role", "Role", |l: &Line| Cell::text(role_word(l.row.role)), |l| l.row.role.to_string())
            .at(Narrow::Right2),
    )
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
    .column(Col::count("users", "Users", |l: &Line| l.row.users))
    .column(Col::count("contracts", "Contracts", |l: &Line| l.row.contracts))
    .column(Col::moment("active", "Last activity", |l: &Line| l.row.active_at))
    .column(Col::moment("created", "Created", |l: &Line| Some(l.row.created_at)).sorted("created").needs(Room::Wide))
    .column(Col::exported("files", "Files", |l: &Line| l.row.files.to_string()))
    .column(Col::exported("bytes", "Bytes", |l: &Line| l.row.bytes.to_string()))
    .filter("role", "Role", &[("vendor", "Vendor"), ("distributor", "Distributor"), ("reseller", "Reseller")])
    .filter("status", "Status", &[("active", "Active"), ("invited", "Invited"), ("inactive", "Closed")])
    .filter_days("created", "Created")
    .search("Name or id")
    .empty(State::nothing_yet(
        "building",
        "No accounts yet",
        "Distributors invite vendors and resellers by contracts.",
    ));
    let head = Head::new("Accounts").lede("Every account of this deployment.");
    ctx.list_page(list, frame(&ctx, "Accounts"), head, Some(tabs(&ctx, "/accounts"))).await
}

fn switch_of(word: &str) -> Result<(&'static str, &'static str, Switch), Error> {
    match word {
        "deactivate" => Ok(("deactivate", "Deactivate account", Switch::Off)),
        "activate" => Ok(("activate", "Activate account", Switch::On)),
        _ => Err(Refusal::not_found("action", word).into()),
    }
}

fn consequence(switch: Switch) -> Text {
    Text::new(match switch {
        Switch::Off => {
            "Its people and tokens cannot act in it from now on, and only you can change that. What it shares with partners stays. It will see in its audit that you did this, and why."
        }
        Switch::On => "Its people and tokens can act in it again. It will see in its audit that you did this, and why.",
    })
}

fn switch_form(ctx: &Ctx, id: &str, word: &str, label: &'static str) -> Form {
    ctx.form(ctx.url(&format!("/operator/accounts/{id}/{word}")), label)
        .field(Field::text("reason", "Reason").hint("The account reads it in its audit."))
}

/// One account.
pub async fn account(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (line, people) = ctx
        .read(move |tx, actor| {
            let found = store::account_lines(tx, actor, std::slice::from_ref(&id))?.pop();
            let line = found.ok_or_else(|| Refusal::not_found("account", &id))?;
            Ok((line, store::administrators_of(tx, actor, &id, 20)?))
        })
        .await?;
    let here = ctx.url(&format!("/operator/accounts/{}", line.id));
    let mut head = Head::new(Text::data(&line.name))
        .meta(Cell::copy(&line.id))
        .meta(Cell::text(role_word(line.role)))
        .meta(account_status(line.status));
    let mut dialogs = vec![];
    let own = ctx.actor().seat().is_some_and(|seat| seat.account == line.id);
    // An account that others have closed can be kept closed: then they cannot open it again.
    let words: &[&str] = match (line.status, line.closed_by) {
        _ if !may(&ctx, Level::Manage) => &[],
        (AccountStatus::Active, _) => &["deactivate"],
        (AccountStatus::Inactive, Some(Closer::Own | Closer::Above)) => &["activate", "deactivate"],
        (AccountStatus::Inactive, _) => &["activate"],
        (AccountStatus::Invited, _) => &[],
    };
    for word in words {
        let (word, label, switch) = switch_of(word)?;
        head = head.action(if own {
            Button::not_now(label, "This account runs the deployment and stays active.")
        } else {
            let title = Text::new("{verb:word}: {account}").arg("verb", label).arg("account", &line.name);
            let form = switch_form(&ctx, line.id.as_str(), word, label);
            dialogs.push(Dialog::new(word, title, form).text(consequence(switch)));
            let button = Button::dialog(label, word, format!("{here}/{word}"));
            if switch == Switch::Off { button.danger() } else { button.primary() }
        });
    }
    let section = Section::new("Administrators").note("to write to");
    let section = if people.is_empty() {
        section.words("Nobody can manage this account yet.")
    } else {
        let rows = people.iter().map(|p| {
            let signed = p.signed_in_at.map_or_else(|| Cell::text("Never").muted(), Cell::time);
            Row::new(&p.email, vec![Cell::person(&p.name), Cell::data(&p.email).wrap(), signed])
        });
        let columns = vec![
            Column::new("name", "Name"),
            Column::new("email", "E-mail").grows(),
            Column::new("signed", "Last sign-in").at(Narrow::Hidden),
        ];
        section.part(Boxed::new("Administrators", columns, rows.collect()))
    };
    let there = |label: &'static str, path: String| Cell::text(label).to(ctx.url(&path));
    let mut facts = Facts::new();
    if let Some(closer) = line.closed_by {
        facts = facts.fact("Closed by", Cell::text(closer.words()));
    }
    let facts = facts
        .fact("Created", Cell::time_long(line.created_at))
        .fact("Last activity", Cell::maybe(line.active_at, Cell::time_long))
        .fact("Users", Cell::number(line.users))
        .fact("Tokens", Cell::number(line.tokens))
        .fact("Contracts", Cell::number(line.contracts))
        .fact("Files", Cell::number(line.files))
        .fact("Size of the files", Cell::text(size(&ctx, line.bytes)))
        .facts(
            "Of this account",
            vec![
                there("Jobs", format!("/operator/jobs?eq(account.id,{})", line.id)),
                there("Mail", format!("/operator/mail?eq(account.id,{})", line.id)),
                there("What the operator did", format!("/operator/audit?eq(object.id,{})", line.id)),
            ],
        );
    let page = ctx
        .page(Text::data(&line.name))
        .crumb(Crumb::link("Operator", ctx.url("/operator")))
        .crumb(Crumb::link("Accounts", ctx.url("/operator/accounts")))
        .crumb(Crumb::here(Text::data(&line.name)));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![section],
        about: Text::new("About this account"),
        facts,
        dialogs,
    })
}

async fn switch_page(
    ctx: &Ctx,
    status: StatusCode,
    (id, word): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (word, label, switch) = switch_of(word)?;
    let wanted = id.to_owned();
    let line = ctx
        .read(move |tx, actor| {
            let found = store::account_lines(tx, actor, std::slice::from_ref(&wanted))?.pop();
            found.ok_or_else(|| Refusal::not_found("account", &wanted).into())
        })
        .await?;
    let mut form = switch_form(ctx, id, word, label).cancel(ctx.url(&format!("/operator/accounts/{id}")));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page(Text::new("{verb:word}: {account}").arg("verb", label).arg("account", &line.name))
        .crumb(Crumb::link("Accounts", ctx.url("/operator/accounts")))
        .crumb(Crumb::here(Text::data(&line.name)));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(consequence(switch));
    ctx.render_as(status, &shown)
}

/// Asks for the reason, where the dialog cannot.
pub async fn switch(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    switch_page(&ctx, StatusCode::OK, (&path.1, &path.2), None).await
}

/// Deactivates an account or activates it again.
pub async fn do_switch(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, word) = path.into_inner();
    let (.., switch) = switch_of(&word)?;
    let (back, reason, account) =
        (ctx.url(&format!("/operator/accounts/{id}")), posted.get("reason").to_owned(), id.clone());
    let again = async |code, error| switch_page(&ctx, code, (&id, &word), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::switch_account(tx, actor, &account, switch, &reason)?;
        Ok(Answer::go(&back).flash(Text::new(match switch {
            Switch::Off => "The account was deactivated.",
            Switch::On => "The account was activated.",
        })))
    })
    .await
}
