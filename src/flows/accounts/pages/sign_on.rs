//! Signing in by a provider of single sign-on: which one, there, and back. What its word is worth says
//! `actions::sso_sign_in`.
//!
//! A form may lead to this site alone (the content security policy), so the way to the provider is a link.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::second::{see, wrong_status};
use super::signing::enter_by;
use crate::flows::accounts::actions::{self, Gate};
use crate::flows::accounts::model::Proof;
use crate::flows::accounts::model::sso::{Offered, Vouched, Ways};
use crate::flows::accounts::store::{self, Attempt};
use crate::kit::{AccountId, IdpId, Refusal, Secret, Text};
use crate::outside::openid::Returned;
use crate::web::button::Button;
use crate::web::error::{Cause, broken};
use crate::web::form::{Field, Form};
use crate::web::public::Card;
use crate::web::{Answer, Ctx, Error, Posted, explain, sign_on, theme};

/// What of the sign-in page's address leads on.
#[derive(Deserialize)]
pub struct Where {
    account: Option<String>,
    next: Option<String>,
}

/// What signing in by a provider needs, at this page.
pub(super) fn gate(ctx: &Ctx) -> Gate {
    let services = ctx.services();
    Gate {
        db: services.db.clone(),
        http: services.http.clone(),
        deployment: services.secret.to_string(),
        portal: ctx.site().origin(),
    }
}

/// The way to a provider.
pub(super) fn way_to(provider: &IdpId, next: &str, again: bool) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("provider", provider.as_str()).append_pair("next", next);
    if again {
        query.append_pair("again", "yes");
    }
    format!("/sign-in/sso/go?{}", query.finish())
}

fn form(ctx: &Ctx, next: &str) -> Form {
    ctx.form("/sign-in/sso", "Next")
        .hidden("next", next)
        .field(
            Field::email("email", "E-mail").hint("The address that you have at your company.").autocomplete("username"),
        )
        .cancel("/sign-in")
}

/// Asks for the address; or leads on, for a company that wants its single sign-on of whoever is signed in.
pub async fn sso(ctx: Ctx, query: web::Query<Where>) -> Result<HttpResponse, Error> {
    let next = theme::own_path(query.next.as_deref().unwrap_or("/"));
    let member = ctx.person().zip(query.account.as_deref()).and_then(|(person, account)| person.member_of(account));
    if let Some(member) = member
        && let Some(covering) = &member.single_sign_on
    {
        let text = Text::new("{account} wants you to come in by its single sign-on.").arg("account", &member.name);
        let go = Button::link("Continue with single sign-on", way_to(&covering.provider, next, false)).primary();
        let card = Card::new(ctx.page("Single sign-on")).text(text).action(go);
        return ctx.render(&card.action(Button::post("Sign out", "/sign-out")));
    }
    ctx.render(&Card::new(ctx.page("Single sign-on")).form(form(&ctx, next)))
}

/// Shows the providers of an address, which depend on its domain alone.
pub async fn do_sso(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (next, email) = (theme::own_path(posted.get("next")), posted.get("email").to_owned());
    match ctx.read(move |tx, _| actions::offered(tx, &email)).await {
        Ok(offered) => offer(&ctx, &offered, next),
        Err(error) => {
            let mut form = form(&ctx, next);
            let status = wrong_status(&error);
            explain(&mut form, &posted, error)?;
            ctx.render_as(status, &Card::new(ctx.page("Single sign-on")).form(form))
        }
    }
}

fn offer(ctx: &Ctx, offered: &[Offered], next: &str) -> Result<HttpResponse, Error> {
    let text = "You go on at the server of your company, and come back when you have signed in there.";
    let noticed: Vec<&str> =
        offered.iter().map(|one| one.notice.as_str()).filter(|notice| !notice.is_empty()).collect();
    let text = match noticed.is_empty() {
        true => Text::new(text),
        false => Text::new("{usual:text} {notice}").part("usual", &Text::new(text)).arg("notice", noticed.join(" ")),
    };
    let card = Card::new(ctx.page("Single sign-on")).text(text);
    let card = offered.iter().enumerate().fold(card, |card, (at, one)| {
        let label = Text::new("Continue with {provider}").arg("provider", &one.name);
        let button = Button::link(label, way_to(&one.provider, next, false));
        card.action(if at == 0 { button.primary() } else { button })
    });
    ctx.render(&card.action(Button::link("Back to sign-in", "/sign-in").quiet()))
}

/// To which provider, and where to go on after it.
#[derive(Deserialize)]
pub struct Going {
    provider: String,
    next: Option<String>,
    again: Option<String>,
}

/// Leads to the provider.
pub async fn sso_go(ctx: Ctx, query: web::Query<Going>) -> Result<HttpResponse, Error> {
    let provider = IdpId::parse(&query.provider).ok_or_else(|| Refusal::not_found("provider", &query.provider))?;
    let next = theme::own_path(query.next.as_deref().unwrap_or("/")).to_owned();
    // Only who is signed in has something to confirm.
    let again = query.again.is_some() && ctx.person().is_some();
    let (gate, browser) = (gate(&ctx), Secret::generate());
    let attempt = Attempt { provider, again, next };
    let kept = browser.clone();
    match web::block(move || gate.begin(&attempt, &kept)).await?.map_err(Error::from) {
        Ok(address) => {
            let mut response = HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish();
            let cookie = sign_on::cookie(&browser, ctx.site().https);
            response.add_cookie(&cookie).map_err(|e| broken(&e))?;
            Ok(response)
        }
        Err(error) => did_not_work(&ctx, error),
    }
}

/// What a provider sends people back with.
#[derive(Deserialize)]
pub struct Back {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Takes somebody who comes back from a provider.
pub async fn sso_back(
    ctx: Ctx,
    path: web::Path<String>,
    query: web::Query<Back>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let https = ctx.site().https;
    let browser = sign_on::of(&request, https);
    let answered = match come_back(&ctx, &path, query.into_inner(), browser).await {
        Ok(response) => Ok(response),
        Err(error) => did_not_work(&ctx, error),
    };
    let mut response = answered?;
    response.add_cookie(&sign_on::gone(https)).map_err(|e| broken(&e))?;
    Ok(response)
}

async fn come_back(ctx: &Ctx, provider: &str, back: Back, browser: Option<Secret>) -> Result<HttpResponse, Error> {
    let provider = IdpId::parse(provider).ok_or_else(|| Refusal::not_found("provider", provider))?;
    let state = Secret::presented(back.state.as_deref().unwrap_or_default());
    let browser = browser.unwrap_or_else(Secret::generate);
    let gate = gate(ctx);
    let done = web::block(move || {
        let attempt = gate.take(&provider, &state, &browser)?;
        let Some(code) = back.code.as_deref().filter(|_| back.error.is_none()) else {
            // What the provider says of it is not repeated here: anybody can write it into the address.
            tracing::warn!(provider = %provider, "a provider sent somebody back without a code");
            let text = Text::new("The provider did not sign you in. Try again, or sign in with your password.");
            return Err(Refusal::field("provider", text).into());
        };
        let returned = Returned { code, issuer: back.iss.as_deref() };
        let (who, vouched) = gate.finish(&attempt, &state, &returned)?;
        crate::db::Result::Ok((attempt, who, vouched))
    });
    let (attempt, who, vouched) = done.await??;
    let same = ctx.person().is_some_and(|person| person.id == who.user);
    if attempt.again && !same {
        let text = "The provider signed somebody else in than is signed in here. Nothing was confirmed.";
        return Err(Refusal::field("provider", Text::new(text)).into());
    }
    let proof = if trusted(ctx, &vouched).await? { Proof::SafeSignOn } else { Proof::SingleSignOn };
    let ways = if same { ctx.ways().clone().and(vouched) } else { Ways::by(vouched) };
    enter_by(ctx, who, (proof, ways), Answer::go(attempt.next)).await
}

/// Whether the provider says that a second factor was shown, and its account counts that.
async fn trusted(ctx: &Ctx, vouched: &Vouched) -> Result<bool, Error> {
    let provider = vouched.provider.clone();
    let row = ctx.read(move |tx, _| store::any_idp(tx, &provider)).await?;
    Ok(vouched.two_factors && row.is_some_and(|row| row.trusts_factors))
}

/// Says why nobody was signed in; the way back is to begin anew.
fn did_not_work(ctx: &Ctx, error: Error) -> Result<HttpResponse, Error> {
    let status = wrong_status(&error);
    let Cause::Refused(refusal) = error.cause else { return Err(error) };
    let text = refusal.first();
    let mut page = ctx.page("Single sign-on did not work");
    page.wrong = true;
    let card = Card::new(page).text(text);
    ctx.render_as(status, &card.action(Button::link("Back to sign-in", "/sign-in").primary()))
}

/// The way to confirm by the provider who is signed in, for a page of a company that it opens.
pub(super) fn again_for(ctx: &Ctx, next: &str) -> Option<String> {
    let account = next.split(['/', '?']).nth(1).and_then(AccountId::parse)?;
    let covering = ctx.person()?.member_of(account.as_str())?.single_sign_on.as_ref()?;
    let by_it = ctx.ways().vouched.iter().any(|vouched| vouched.provider == covering.provider);
    by_it.then(|| way_to(&covering.provider, next, true))
}

/// Ends the session. Whoever came in by a provider may be signed in there still.
pub async fn do_sign_out(ctx: Ctx) -> Result<HttpResponse, Error> {
    let last = ctx.ways().vouched.last().map(|vouched| vouched.provider.clone());
    let row = match last {
        Some(provider) => ctx.read(move |tx, _| store::any_idp(tx, &provider)).await?,
        None => None,
    };
    crate::web::signing::sign_out(&ctx);
    let ended = row.and_then(|row| Some((end_session(&ctx, row.end_session.as_deref()?, &row.client_id)?, row.name)));
    let Some((address, name)) = ended else { return Ok(see("/sign-in")) };
    let text = Text::new("You are signed out here. At {provider} you may be signed in still.").arg("provider", &name);
    let there = Text::new("Sign out of {provider} too").arg("provider", name);
    let mut page = ctx.page("Signed out");
    // The session is gone, and with it the menu.
    page.who = None;
    page.account = None;
    page.menu.clear();
    page.others.clear();
    let card = Card::new(page).text(text).action(Button::link(there, address).primary());
    ctx.render_as(StatusCode::OK, &card.action(Button::link("Back to sign-in", "/sign-in")))
}

/// Where a provider ends its session and leads back here.
fn end_session(ctx: &Ctx, endpoint: &str, client_id: &str) -> Option<String> {
    let mut address = url::Url::parse(endpoint).ok()?;
    let back = ctx.site().link("/sign-in");
    address.query_pairs_mut().append_pair("client_id", client_id).append_pair("post_logout_redirect_uri", &back);
    Some(address.into())
}
