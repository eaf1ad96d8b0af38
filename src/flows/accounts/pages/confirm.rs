//! The pages on which somebody proves again who they are; when and why says `web::confirm`.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::factors::own_factors;
use super::second::{FactorPage, at_place, place, shown, wrong_status};
use crate::flows::accounts::actions::{self, passkeys};
use crate::flows::accounts::model::factors::Factor;
use crate::flows::accounts::store::Factors;
use crate::kit::Text;
use crate::web::button::Look;
use crate::web::confirm::PATH;
use crate::web::form::{Field, Form};
use crate::web::passkey::PasskeyForm;
use crate::web::public::Card;
use crate::web::{Answer, Ctx, Error, Posted, explain, signing, theme};

/// Where to go on.
#[derive(Deserialize)]
pub struct Onward {
    next: Option<String>,
    then: Option<String>,
}

/// What a form sent too late, to be sent on; empty if nothing was kept.
const KEPT: &str = "kept";
/// Most bytes that are kept of a form that was sent too late.
const MOST_KEPT: usize = 64 * 1024;
/// Fields whose names contain one of these are not kept.
const SECRET: [&str; 4] = ["password", "again", "secret", "code"];

fn form(ctx: &Ctx, next: &str, factors: &Factors) -> Form {
    let mut form = ctx
        .form(PATH, "Confirm")
        .hidden("next", next)
        .field(Field::password("password", "Password").autocomplete("current-password"));
    if factors.app.is_some() {
        let code = Field::text("code", "Code").hint("Six digits, from your authenticator app.");
        form = form.hidden("with", Factor::App).field(code.autocomplete("one-time-code"));
    } else if factors.any() {
        let code =
            Field::text("code", "Recovery code").hint("Only if you cannot use a passkey here.").autocomplete("off");
        form = form.hidden("with", Factor::Recovery).field(code);
    }
    form.cancel("/")
}

/// The form that a passkey fills in alone; none for who has none that works here.
fn passkey(ctx: &Ctx, form: &Form, factors: &Factors) -> Result<Option<PasskeyForm>, Error> {
    let now = ctx.services().clock.now();
    let question = passkeys::ask_to_confirm(&place(ctx), Some((&ctx.signed_in()?.id, factors)), now)?;
    Ok(question.map(|question| {
        let mut asks = Form::post(PATH, "Use a passkey").hidden("with", Factor::Passkey);
        asks.buttons.iter_mut().for_each(|button| button.look = Look::Plain);
        asks.hidden
            .extend(form.hidden.iter().filter(|(name, _)| ["next", "then", KEPT].contains(&name.as_str())).cloned());
        PasskeyForm::get(&question.options, &question.state, asks)
    }))
}

fn page(ctx: &Ctx, status: StatusCode, text: Text, form: Form, factors: &Factors) -> Result<HttpResponse, Error> {
    let mut page = ctx.page("Confirm that it is you");
    // The address of a form that was sent too late opens no page.
    page.path = PATH.to_owned();
    page.wrong = form.is_wrong();
    let passkey = passkey(ctx, &form, factors)?;
    // Whoever has no password, or does not want to type it, confirms where they signed in.
    let next = form.hidden.iter().find(|(name, _)| name == "next").map_or("/", |(_, next)| next);
    let again = super::sign_on::again_for(ctx, next);
    let links = again.map(|href| (Text::new("Use single sign-on"), href)).into_iter().collect();
    ctx.render_as(status, &FactorPage { page, text, form: Some(form), passkey, links })
}

fn why(ctx: &Ctx) -> Result<Text, Error> {
    let text =
        Text::new("This change matters, and it is a while since you signed in. Type the password of {email} to go on.");
    Ok(text.arg("email", &ctx.signed_in()?.email))
}

/// Asks for a proof.
pub async fn confirm(ctx: Ctx, query: web::Query<Onward>) -> Result<HttpResponse, Error> {
    let factors = own_factors(&ctx).await?;
    let form = form(&ctx, theme::own_path(query.next.as_deref().unwrap_or("/")), &factors);
    page(&ctx, StatusCode::OK, why(&ctx)?, form, &factors)
}

/// Takes a form that was sent too late, keeps it in the page and asks for a proof.
pub async fn late(
    ctx: Ctx,
    query: web::Query<Onward>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let next = theme::own_path(query.next.as_deref().unwrap_or("/"));
    let factors = own_factors(&ctx).await?;
    let mut form = form(&ctx, next, &factors);
    let pairs: Vec<(&str, &str)> = posted.pairs().collect();
    let plain =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"application/x-www"));
    let secret = pairs.iter().any(|(name, _)| SECRET.iter().any(|word| name.contains(word)));
    let kept = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
    if plain && !secret && kept.len() <= MOST_KEPT {
        form = form.hidden("then", theme::own_path(query.then.as_deref().unwrap_or("/"))).hidden(KEPT, kept);
    }
    let text = Text::new(
        "Nothing was changed yet: this change matters, and it is a while since you signed in. Type the password of {email} \
         to go on.",
    );
    page(&ctx, StatusCode::FORBIDDEN, text.arg("email", &ctx.signed_in()?.email), form, &factors)
}

/// Checks the proof and goes on: to the page that was asked for, or to the form that was sent too late.
pub async fn do_confirm(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let next = theme::own_path(posted.get("next"));
    let (user, password, shown) = (ctx.signed_in()?.id.clone(), posted.get("password").to_owned(), shown(&posted));
    let handle = signing::handle(&ctx);
    let checked =
        at_place(&ctx, move |db, place| actions::confirm(db, place, (&user, &handle), &password, &shown)).await;
    ctx.services().wake_workers();
    let then = Some(posted.get("then")).filter(|then| !then.is_empty()).map(theme::own_path);
    let proof = match checked {
        Ok(proof) => proof,
        Err(error) => {
            let factors = own_factors(&ctx).await?;
            let mut form = form(&ctx, next, &factors);
            if let Some(then) = then {
                form = form.hidden("then", then).hidden(KEPT, posted.get(KEPT));
            }
            let status = wrong_status(&error);
            explain(&mut form, &posted.without("code"), error)?;
            return page(&ctx, status, why(&ctx)?, form, &factors);
        }
    };
    signing::confirm(&ctx, proof, &ctx.ways().clone().own())?;
    match then {
        Some(then) => {
            let kept = Posted::of_query(posted.get(KEPT));
            let on = kept.pairs().fold(Form::post(then, "Send it now"), |form, (name, value)| form.hidden(name, value));
            let text = "What you sent before was not done yet. Send it now, or leave it.";
            ctx.render(&Card::new(ctx.page("It is you")).text(text).form(on.cancel(next)))
        }
        None => ctx.go(Answer::go(next)),
    }
}
