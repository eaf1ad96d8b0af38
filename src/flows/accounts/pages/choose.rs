//! The page of all companies that a person works in.

use actix_web::HttpResponse;

use super::about::mark;
use crate::flows::accounts::role_word;
use crate::kit::{Text, fold};
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::form::{Field, Form};
use crate::web::layout::{ACCOUNTS, Crumb, Page, SHOWN_ACCOUNTS};
use crate::web::parts::Head;
use crate::web::state::State;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error, Posted};

/// The person's companies, and a search among them.
#[derive(askama::Template)]
#[template(path = "accounts/choose.html")]
struct ChoosePage {
    page: Page,
    head: Head,
    form: Option<Form>,
    accounts: Boxed,
    state: Option<State>,
}

/// The companies of the person, or those that a search finds.
pub async fn choose_account(ctx: Ctx) -> Result<HttpResponse, Error> {
    let asked = Posted::of_query(ctx.query()).get("search").trim().to_owned();
    let wanted = fold(&asked);
    let person = ctx.signed_in()?;
    let found = |name: &str, id: &str| wanted.is_empty() || fold(name).contains(&wanted) || fold(id).contains(&wanted);
    let rows: Vec<Row> = person
        .memberships
        .iter()
        .filter(|m| found(&m.name, m.account.as_str()))
        .map(|m| {
            Row::new(
                &m.account,
                vec![
                    mark(m.icon.as_deref(), &m.name, Some(format!("/{}", m.account))),
                    Cell::id(&m.account),
                    Cell::text(role_word(m.role)),
                ],
            )
        })
        .collect();
    let columns = vec![
        Column::new("name", "Account").grows().at(Narrow::Left1),
        Column::new("id", "Id").at(Narrow::Left2),
        Column::new("role", "Role").at(Narrow::Right1),
    ];
    let nowhere = || {
        let text = "Somebody who administers an account has to invite you. Until then there is only your profile.";
        State::nothing_yet("building", "You work in no account", text)
    };
    let state = rows.is_empty().then(|| {
        if person.memberships.is_empty() {
            return nowhere();
        }
        let none = Text::new("None of your {count} accounts has this in its name or id.");
        State::no_match("No account matches", none.arg("count", person.memberships.len()), ACCOUNTS)
    });
    let count = Text::new("{count|You work in one account.|You work in {count} accounts.}");
    let form = Form::get(ACCOUNTS, "Search")
        .field(Field::text("search", "Name or id").value(&asked).autocomplete("off").optional());
    let many = person.memberships.len() > SHOWN_ACCOUNTS || !asked.is_empty();
    ctx.render(&ChoosePage {
        page: ctx.page("Your accounts").crumb(Crumb::here("Your accounts")),
        head: Head::new("Your accounts").lede(count.arg("count", person.memberships.len())),
        form: many.then_some(form),
        accounts: Boxed::new("Your accounts", columns, rows),
        state,
    })
}
