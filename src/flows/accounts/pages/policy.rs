//! What an account asks of its members' second factors.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::company::tabs;
use crate::flows::accounts::actions;
use crate::flows::accounts::model::factors::Policy;
use crate::flows::accounts::{policy_word, store};
use crate::kit::{Level, Module, Role, Text};
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::form::{Choice, Field, Form};
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Facts, Head, Tabs};
use crate::web::{Answer, Ctx, Error, Posted, explain};

#[derive(askama::Template)]
#[template(path = "accounts/policy.html")]
struct PolicyPage {
    page: Page,
    head: Head,
    tabs: Tabs,
    facts: Facts,
    form: Option<Form>,
    contracts: Option<Form>,
}

/// The rule, and how many members keep it.
pub async fn policy(ctx: Ctx) -> Result<HttpResponse, Error> {
    policy_page(&ctx, StatusCode::OK, None).await
}

async fn policy_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let (policy, (members, safe), two) = ctx
        .read(|tx, actor| {
            let two = actions::needs_two(tx, actor.account()?)?;
            Ok((store::factor_policy(tx, actor)?, store::members_with_factors(tx, actor)?, two))
        })
        .await?;
    let manages = ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Account, Level::Manage));
    let mut form = manages.then(|| policy_form(ctx, policy));
    let distributor = ctx.actor().seat().is_some_and(|s| s.role == Role::Distributor);
    let mut contracts = (manages && distributor).then(|| contracts_form(ctx, two));
    if let Some((error, posted)) = wrong {
        let of_contracts = posted.checked(TWO_PEOPLE);
        if let Some(form) = if of_contracts { contracts.as_mut() } else { form.as_mut() } {
            explain(form, posted, error)?;
        }
    }
    let mut page =
        ctx.page("Security").crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here("Security"));
    page.wrong = [&form, &contracts].into_iter().flatten().any(Form::is_wrong);
    let kept = Text::new("{safe} of {members}").arg("safe", safe).arg("members", members);
    let facts = Facts::new()
        .fact("Second factor", Cell::text(policy_word(policy)))
        .fact("Members who have one", Cell::text(kept));
    let lede = "Besides the password: an authenticator app or a passkey. Members set it up in their profile.";
    let head = Head::new("Second factors").lede(lede);
    ctx.render_as(status, &PolicyPage { page, head, tabs: tabs(ctx, "/account/security"), facts, form, contracts })
}

fn policy_form(ctx: &Ctx, now: Policy) -> Form {
    let hint = |policy| match policy {
        Policy::Optional => "Everybody decides for themselves.",
        Policy::Suggested => "Members without one get a hint on their home page, which they can put away.",
        Policy::Required => {
            "Members without one are led to set one up before they can do anything here, at once, also you. Other accounts of \
             theirs are not concerned. API tokens go on working."
        }
    };
    let choices = Policy::ALL
        .iter()
        .map(|policy| Choice::new(policy.as_str(), policy_word(*policy)).hint(hint(*policy)).selected(*policy == now));
    ctx.form(ctx.url("/account/security"), "Save").field(Field::radios("policy", "Second factor", choices.collect()))
}

/// The field that says how many people decide on contracts.
const TWO_PEOPLE: &str = "two_people";

fn contracts_form(ctx: &Ctx, now: bool) -> Form {
    let choices = vec![
        Choice::new("one", "One person").hint("Whoever may manage contracts decides alone.").selected(!now),
        Choice::new("two", "Two people")
            .hint(
                "One asks to approve or terminate a contract, somebody else confirms. API tokens can ask, and are neither of the two. \
                 Every administrator is told when this is changed.",
            )
            .selected(now),
    ];
    ctx.form(ctx.url("/account/security/contracts"), "Save the rule for contracts").field(Field::radios(
        TWO_PEOPLE,
        "Contracts are approved and terminated by",
        choices,
    ))
}

/// Changes how many people decide on contracts.
pub async fn do_two_people(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let back = ctx.url("/account/security");
    let wanted = posted.get(TWO_PEOPLE) == "two";
    let again = async |code, error| policy_page(&ctx, code, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::set_two_people(tx, actor, wanted)?;
        Ok(Answer::go(&back).flash(Text::new("The rule for contracts was saved.")))
    })
    .await
}

/// Changes the rule.
pub async fn do_policy(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let back = ctx.url("/account/security");
    let word = posted.get("policy").to_owned();
    let again = async |code, error| policy_page(&ctx, code, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let policy = Policy::parse(&word).ok_or_else(|| {
            let text = Text::new("There is no rule {word}. Choose one of the list.");
            crate::kit::Refusal::field("policy", text.arg("word", &word))
        })?;
        actions::set_policy(tx, actor, policy)?;
        Ok(Answer::go(&back).flash(Text::new("The rule for second factors was saved.")))
    })
    .await
}
