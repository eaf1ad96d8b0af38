//! The second step of signing in: after the password, an authenticator app, a passkey or a recovery code; and signing in
//! with a passkey alone.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError, web};
use serde::Deserialize;

use super::signing::{enter, enter_by};
use crate::flows::accounts::actions::{self, Place, Shown, passkeys};
use crate::flows::accounts::model::factors::{Factor, SECOND_STEP_SECONDS};
use crate::flows::accounts::model::sso::Ways;
use crate::flows::accounts::model::{Entrance, Proof};
use crate::flows::accounts::store::{self, Factors};
use crate::kit::{Text, UserId};
use crate::web::filters;
use crate::web::form::{Field, Form};
use crate::web::layout::Page;
use crate::web::passkey::{ANSWER, PasskeyForm, STATE};
use crate::web::signing::{self, Halfway};
use crate::web::{Answer, Ctx, Error, Posted, explain, theme};

/// Where the second step is done.
const SECOND_STEP: &str = "/sign-in/second";

/// Where a page belongs, for secrets and passkeys.
pub(super) fn place(ctx: &Ctx) -> Place<'_> {
    let site = ctx.site();
    Place { deployment: &ctx.services().secret, host: &site.host, https: site.https, portal: &site.name }
}

/// An answer of a passkey that a form brings.
pub(super) fn told(posted: &Posted) -> passkeys::Answer {
    passkeys::Answer { state: posted.get(STATE).to_owned(), answer: posted.get(ANSWER).to_owned() }
}

/// Something checked outside of the threads that serve, for the place of the page.
pub(super) async fn at_place<T: Send + 'static>(
    ctx: &Ctx,
    work: impl FnOnce(&crate::db::Db, &Place<'_>) -> crate::db::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let (services, site) = (ctx.services().clone(), ctx.site().clone());
    Ok(web::block(move || {
        let place = Place { deployment: &services.secret, host: &site.host, https: site.https, portal: &site.name };
        work(&services.db, &place)
    })
    .await??)
}

pub(super) fn see(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}

/// The way to the second step for somebody who gave the right password, or came by a mail, and has one to take.
pub(super) async fn ahead(ctx: &Ctx, who: &Entrance, ways: &Ways, next: &str) -> Result<Option<HttpResponse>, Error> {
    let id = who.user.clone();
    if !ctx.read(move |tx, _| Ok(store::factors(tx, &id)?.any())).await? {
        return Ok(None);
    }
    let until = ctx.services().clock.now().plus_seconds(SECOND_STEP_SECONDS);
    let half = Halfway { user: who.user.clone(), epoch: who.epoch, until, ways: ways.clone() };
    signing::halfway(ctx, &half)?;
    Ok(Some(see(&here(next, None))))
}

fn here(next: &str, with: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", next);
    if let Some(with) = with {
        query.append_pair("with", with);
    }
    format!("{SECOND_STEP}?{}", query.finish())
}

/// Where to go on, and which factor to show.
#[derive(Deserialize)]
pub struct Step {
    next: Option<String>,
    with: Option<String>,
}

/// A page on which somebody shows a factor.
#[derive(askama::Template)]
#[template(path = "accounts/second.html")]
pub(super) struct FactorPage {
    pub page: Page,
    pub text: Text,
    pub form: Option<Form>,
    pub passkey: Option<PasskeyForm>,
    /// Other ways, and the way back.
    pub links: Vec<(Text, String)>,
}

/// Somebody who gave the right password, with their factors; nobody if that took too long or their sessions ended.
async fn halfway(ctx: &Ctx) -> Result<Option<(Entrance, Factors)>, Error> {
    let Some(half) = signing::halfway_of(ctx) else { return Ok(None) };
    ctx.read(move |tx, _| {
        let epoch = store::credentials_of(tx, &half.user)?.map(|who| who.epoch);
        if half.until <= tx.at() || epoch != Some(half.epoch) {
            return Ok(None);
        }
        let factors = store::factors(tx, &half.user)?;
        Ok(Some((Entrance { user: half.user.clone(), epoch: half.epoch }, factors)))
    })
    .await
}

fn again(next: &str) -> HttpResponse {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    see(&format!("/sign-in?next={next}"))
}

/// Asks for the second step.
pub async fn second(ctx: Ctx, query: web::Query<Step>) -> Result<HttpResponse, Error> {
    let next = theme::own_path(query.next.as_deref().unwrap_or("/"));
    if ctx.person().is_some() {
        return Ok(see(next));
    }
    let Some((who, factors)) = halfway(&ctx).await? else { return Ok(again(next)) };
    let wanted = query.with.as_deref().and_then(Factor::parse);
    second_page(&ctx, StatusCode::OK, (&who.user, &factors), (next, wanted), None)
}

fn second_page(
    ctx: &Ctx,
    status: StatusCode,
    (user, factors): (&UserId, &Factors),
    (next, wanted): (&str, Option<Factor>),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let by_recovery = wanted == Some(Factor::Recovery);
    let question = passkeys::ask_to_confirm(&place(ctx), Some((user, factors)), ctx.services().clock.now())?;
    let mut passkey = question.filter(|_| !by_recovery).map(|q| {
        let form = Form::post(SECOND_STEP, "Use a passkey").hidden("next", next).hidden("with", Factor::Passkey);
        (q, form)
    });
    let with = |factor: Factor| Form::post(SECOND_STEP, "Go on").hidden("next", next).hidden("with", factor);
    let code = || Field::text("code", "Code").autocomplete("one-time-code");
    let (text, mut form) = if by_recovery {
        let hint = "One of the codes that you wrote down when you set up your second factor. Each works once.";
        (
            "Type a recovery code.",
            Some(with(Factor::Recovery).field(Field::text("code", "Recovery code").hint(hint).autocomplete("off"))),
        )
    } else if factors.app.is_some() {
        let form = with(Factor::App).field(code().hint("Six digits, from your authenticator app."));
        ("Now show that it is you, with a second factor.", Some(form))
    } else if passkey.is_some() {
        ("Now show that it is you, with one of your passkeys.", None)
    } else {
        (
            "The first step is done, but your passkeys do not work at this address. Open the portal at the address where you added them, or use a recovery code.",
            None,
        )
    };
    if let Some((error, posted)) = wrong {
        match (posted.get("with") == Factor::Passkey.as_str(), &mut form, &mut passkey) {
            (true, _, Some((_, asks))) => explain(asks, posted, error)?,
            (_, Some(form), _) => explain(form, &posted.without("code"), error)?,
            (_, None, Some((_, asks))) => explain(asks, posted, error)?,
            (_, None, None) => return Err(error),
        }
    }
    if form.is_some() {
        // One primary button on the page.
        if let Some((_, asks)) = &mut passkey {
            asks.buttons.iter_mut().for_each(|button| button.look = crate::web::button::Look::Plain);
        }
    }
    let mut links = vec![];
    if by_recovery {
        links.push((Text::new("Use another way"), here(next, None)));
    } else if factors.codes_left > 0 {
        links.push((Text::new("Use a recovery code"), here(next, Some("recovery"))));
    }
    links.push((Text::new("Back to sign-in"), "/sign-in".to_owned()));
    let mut page = ctx.page("Second step");
    page.wrong = form.as_ref().is_some_and(Form::is_wrong) || passkey.as_ref().is_some_and(|(_, f)| f.is_wrong());
    let passkey = passkey.map(|(q, form)| PasskeyForm::get(&q.options, &q.state, form));
    ctx.render_as(status, &FactorPage { page, text: Text::new(text), form, passkey, links })
}

/// Takes the second step and signs in.
pub async fn do_second(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let next = theme::own_path(posted.get("next")).to_owned();
    if ctx.person().is_some() {
        return Ok(see(&next));
    }
    let Some((who, factors)) = halfway(&ctx).await? else { return Ok(again(&next)) };
    let shown = shown(&posted);
    let (factor, whose) = (shown.factor(), who.user.clone());
    match at_place(&ctx, move |db, place| actions::check_factor(db, place, &whose, &shown)).await {
        Ok(()) => {
            let mut answer = Answer::go(next);
            if factor == Factor::Recovery {
                let text = Text::new(
                    "You used a recovery code. {left|One is|{left} are} left: make new ones in your profile before they run out.",
                );
                answer = answer.flash(text.arg("left", factors.codes_left - 1));
            }
            // Their session is opened by what they came with; the factor alone opens nothing.
            let ways = signing::halfway_of(&ctx).map(|half| half.ways).unwrap_or_default();
            enter_by(&ctx, who, (factor.proof(), ways), answer).await
        }
        Err(error) => {
            ctx.services().wake_workers();
            let status = wrong_status(&error);
            second_page(&ctx, status, (&who.user, &factors), (&next, Some(factor)), Some((error, &posted)))
        }
    }
}

/// What a form shows beside the password.
pub(super) fn shown(posted: &Posted) -> Shown {
    match Factor::parse(posted.get("with")) {
        Some(Factor::Passkey) => Shown::Passkey(told(posted)),
        Some(Factor::Recovery) => Shown::Recovery(posted.get("code").to_owned()),
        Some(Factor::App) | None => Shown::Code(posted.get("code").to_owned()),
    }
}

/// The status of a form that is shown again.
pub(super) fn wrong_status(error: &Error) -> StatusCode {
    match error.status_code() {
        StatusCode::TOO_MANY_REQUESTS => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The form of the sign-in page that needs no password; none where passkeys cannot be used.
pub(super) fn passkey_form(
    ctx: &Ctx,
    next: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<Option<PasskeyForm>, Error> {
    let Some(question) = passkeys::ask_to_confirm(&place(ctx), None, ctx.services().clock.now())? else {
        return wrong.map_or(Ok(None), |(error, _)| Err(error));
    };
    let mut form = Form::post("/sign-in/passkey", "Sign in with a passkey").hidden("next", next);
    form.buttons.iter_mut().for_each(|button| button.look = crate::web::button::Look::Plain);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    Ok(Some(PasskeyForm::get(&question.options, &question.state, form)))
}

/// Signs in with a passkey alone.
pub async fn do_passkey(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let next = theme::own_path(posted.get("next")).to_owned();
    let (answer, client) = (told(&posted), ctx.site().neighbourhood());
    let signed = at_place(&ctx, move |db, place| actions::sign_in_by_passkey(db, place, &answer, &client)).await;
    match signed {
        Ok(who) => enter(&ctx, who, Proof::Passkey, Answer::go(next)).await,
        Err(error) => {
            let status = wrong_status(&error);
            let passkey = passkey_form(&ctx, &next, Some((error, &posted)))?;
            super::signing::sign_in_again(&ctx, status, &next, passkey)
        }
    }
}
