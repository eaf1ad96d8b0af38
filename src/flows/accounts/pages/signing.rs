//! Signing in and out, setting a password, the way to the portal.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::second::{self, see};
use crate::flows::accounts::model::sso::Ways;
use crate::flows::accounts::model::{Entrance, Proof};
use crate::flows::accounts::{actions, model, store};
use crate::kit::{Problems, Refusal, Secret, Text, UserId};
use crate::web::button::Button;
use crate::web::form::{Field, Form};
use crate::web::passkey::PasskeyForm;
use crate::web::public::{Card, SignIn};
use crate::web::{Answer, Ctx, Error, Posted, device, explain, signing, theme};

/// Where to go on after signing in.
#[derive(Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// The home page of the company worked in last; otherwise the sign-in page.
pub async fn front(ctx: Ctx) -> Result<HttpResponse, Error> {
    match ctx.person() {
        None => sign_in_page(&ctx, StatusCode::OK, ("/", None), sign_in_form(&ctx, "/")),
        Some(person) => match person.home(&ctx.site().client) {
            Some(member) => Ok(see(&format!("/{}", member.account))),
            None => ctx.render(
                &Card::new(ctx.page("No account"))
                    .text("You are signed in, but there is no account in which you can work. Ask for an invitation, or open the link in the mail that you got. An account that the operator of this portal deactivated is not shown either.")
                    .action(Button::post("Sign out", "/sign-out")),
            ),
        },
    }
}

fn sign_in_form(ctx: &Ctx, next: &str) -> Form {
    ctx.form("/sign-in", "Sign in")
        .hidden("next", next)
        .field(Field::email("email", "E-mail").autocomplete("username"))
        .field(Field::password("password", "Password").autocomplete("current-password"))
}

fn sign_in_page(
    ctx: &Ctx,
    status: StatusCode,
    (next, passkey): (&str, Option<PasskeyForm>),
    form: Form,
) -> Result<HttpResponse, Error> {
    let mut page = ctx.page("Sign in");
    page.art = true;
    page.wrong = form.is_wrong() || passkey.is_some() && status.is_client_error();
    let forgotten = Some("/forgotten-password".to_owned());
    let passkey = match passkey {
        Some(passkey) => Some(passkey),
        None => second::passkey_form(ctx, next, None)?,
    };
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let others = vec![Button::link("Continue with single sign-on", format!("/sign-in/sso?next={next}"))];
    ctx.render_as(status, &SignIn { page, lede: None, form, passkey, forgotten, others, help: None })
}

/// The sign-in page after a passkey was not accepted.
pub(super) fn sign_in_again(
    ctx: &Ctx,
    status: StatusCode,
    next: &str,
    passkey: Option<PasskeyForm>,
) -> Result<HttpResponse, Error> {
    sign_in_page(ctx, status, (next, passkey), sign_in_form(ctx, next))
}

/// The sign-in page.
pub async fn sign_in(ctx: Ctx, query: web::Query<Next>) -> Result<HttpResponse, Error> {
    let next = theme::own_path(query.next.as_deref().unwrap_or("/"));
    if ctx.person().is_some() {
        return Ok(see(next));
    }
    sign_in_page(&ctx, StatusCode::OK, (next, None), sign_in_form(&ctx, next))
}

/// Signs in with address and password.
pub async fn do_sign_in(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let next = theme::own_path(posted.get("next"));
    let (db, email, password, from) =
        (ctx.services().db.clone(), posted.get("email").to_owned(), posted.get("password").to_owned(), ctx.origin());
    let result = web::block(move || actions::sign_in(&db, &email, &password, &from)).await?;
    match result.map_err(Error::from) {
        Ok(who) => enter(&ctx, who, Proof::Password, Answer::go(next)).await,
        Err(error) => {
            let status = actix_web::ResponseError::status_code(&error);
            let mut form = sign_in_form(&ctx, next);
            explain(&mut form, &posted, error)?;
            let status =
                if status == StatusCode::TOO_MANY_REQUESTS { status } else { StatusCode::UNPROCESSABLE_ENTITY };
            sign_in_page(&ctx, status, (next, None), form)
        }
    }
}

/// Lets somebody in who has proved who they are: their session begins, and this browser is known to them from now on. Whoever
/// has a second factor and has not shown it is led to the second step first.
pub async fn enter(ctx: &Ctx, who: Entrance, proof: Proof, answer: Answer) -> Result<HttpResponse, Error> {
    enter_by(ctx, who, (proof, Ways::default()), answer).await
}

/// As [`enter`], into a session that is opened by these ways.
pub async fn enter_by(
    ctx: &Ctx,
    who: Entrance,
    (proof, ways): (Proof, Ways),
    answer: Answer,
) -> Result<HttpResponse, Error> {
    // A session that a provider's word is added to has had its second step.
    let same = ctx.person().is_some_and(|person| person.id == who.user);
    let goes_on = same && ways.last.is_some() && !ways.foreign;
    if !proof.is_two_factors()
        && !goes_on
        && let Some(second_step) = second::ahead(ctx, &who, &ways, answer.location.as_deref().unwrap_or("/")).await?
    {
        return Ok(second_step);
    }
    let (services, from, person) = (ctx.services().clone(), ctx.origin(), who.clone());
    let secret = from.device.clone().unwrap_or_else(Secret::generate);
    let theme = {
        let secret = secret.clone();
        web::block(move || {
            let door = actions::Door { deployment: &services.secret };
            services.db.write(|tx| {
                actions::entered(tx, &person, proof, &from, &secret, &door)?;
                Ok(store::profile(tx, &person.user)?.map(|p| p.theme))
            })
        })
        .await??
    };
    ctx.services().wake_workers();
    match goes_on {
        true => signing::confirm(ctx, proof, &ways)?,
        false => signing::sign_in(ctx, &who, proof, &ways)?,
    }
    let (mut response, https) = (ctx.go(answer)?, ctx.site().https);
    // What a browser has chosen for itself stays, unless the person has chosen for all of theirs.
    let theme = theme.filter(|theme| theme != "auto").map(|theme| theme::cookie(&theme, https));
    for cookie in [Some(device::cookie(&secret, https)), theme].into_iter().flatten() {
        response.add_cookie(&cookie).map_err(|e| crate::web::error::broken(&e))?;
    }
    Ok(response)
}

/// Keeps the choice of light, dark and density.
pub async fn appearance(ctx: Ctx, choice: web::Form<theme::Choice>) -> Result<HttpResponse, Error> {
    Ok(theme::choose(&choice, ctx.site().https))
}

/// A secret in a link.
#[derive(Deserialize)]
pub struct WithSecret {
    secret: Option<String>,
}

impl WithSecret {
    /// The secret; empty if there is none.
    pub(super) fn secret(&self) -> &str {
        self.secret.as_deref().unwrap_or_default()
    }
}

fn password_form(ctx: &Ctx, secret: &str) -> Form {
    ctx.form("/set-password", "Set password")
        .hidden("secret", secret)
        .field(Field::password("password", "New password").hint(model::PASSWORD_HINT).autocomplete("new-password"))
        .field(Field::password("again", "The same once more").autocomplete("new-password"))
}

/// The page on which the link of a mail sets a password.
pub async fn set_password(ctx: Ctx, query: web::Query<WithSecret>) -> Result<HttpResponse, Error> {
    let text = query.secret.clone().unwrap_or_default();
    let secret = Secret::presented(&text);
    let who = ctx.read(move |tx, _| actions::password_link_for(tx, &secret)).await?;
    let about = Text::new("For {email}.").arg("email", who.name);
    ctx.render(&Card::new(ctx.page("Set a password")).text(about).form(password_form(&ctx, &text)))
}

/// Sets the password and signs in.
pub async fn do_set_password(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    match new_password(&ctx, &posted).await {
        Ok(who) => enter(&ctx, who, Proof::Link, Answer::go("/")).await,
        Err(error) => {
            let mut form = password_form(&ctx, posted.get("secret"));
            explain(&mut form, &posted, error)?;
            ctx.render_as(StatusCode::UNPROCESSABLE_ENTITY, &Card::new(ctx.page("Set a password")).form(form))
        }
    }
}

async fn new_password(ctx: &Ctx, posted: &Posted) -> Result<Entrance, Error> {
    let password = posted.get("password").to_owned();
    let secret = Secret::presented(posted.get("secret"));
    let context = ctx.read(move |tx, _| actions::password_context_of_link(tx, &secret)).await?;
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let mut problems = Problems::default();
    model::check_password(&mut problems, "password", &password, &context);
    problems
        .check(password == posted.get("again"), "again", || Text::new("This is not the same password. Type it again."));
    problems.done()?;
    let hash = web::block(move || actions::password::hash(&password)).await??;
    let (services, secret) = (ctx.services().clone(), Secret::presented(posted.get("secret")));
    let answer = ctx
        .answer(posted, move |tx, _| {
            let door = actions::Door { deployment: &services.secret };
            let who = actions::set_password_by_link(tx, &secret, &hash, &door)?;
            Ok(Answer { body: Some(format!("{} {}", who.user, who.epoch)), ..Answer::go("/") })
        })
        .await?;
    // Who sends the same form again, link and password included, is the same person.
    let who = answer.body.as_deref().and_then(|body| {
        let (user, epoch) = body.split_once(' ')?;
        Some(Entrance { user: UserId::parse(user)?, epoch: epoch.parse().ok()? })
    });
    who.ok_or_else(|| Refusal::conflict(Text::new("Sign in with the new password.")).into())
}

fn forgotten_form(ctx: &Ctx) -> Form {
    ctx.form("/forgotten-password", "Send a link")
        .field(Field::email("email", "E-mail").autocomplete("username"))
        .cancel("/sign-in")
}

/// The page on which somebody asks for a link to set a new password.
pub async fn forgotten(ctx: Ctx) -> Result<HttpResponse, Error> {
    let text = "Type your e-mail address. If it is registered here, a link to set a new password is sent to it.";
    ctx.render(&Card::new(ctx.page("Forgotten password")).text(text).form(forgotten_form(&ctx)))
}

/// Sends the link, if the address is known; says the same in any case.
pub async fn do_forgotten(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (email, network) = (posted.get("email").to_owned(), ctx.site().neighbourhood());
    let db = ctx.services().db.clone();
    let asked = web::block(move || db.write(|tx| actions::ask_for_password_link(tx, &email, &network))).await?;
    if let Err(error) = asked.map_err(Error::from) {
        let (mut form, status) = (forgotten_form(&ctx), actix_web::ResponseError::status_code(&error));
        explain(&mut form, &posted, error)?;
        return ctx.render_as(status, &Card::new(ctx.page("Forgotten password")).form(form));
    }
    ctx.services().wake_workers();
    let text = "If this address is registered here, a mail with a link is on its way. The link works for a week, once.";
    ctx.render(
        &Card::new(ctx.page("Look into your mail")).text(text).action(Button::link("Back to sign-in", "/sign-in")),
    )
}
