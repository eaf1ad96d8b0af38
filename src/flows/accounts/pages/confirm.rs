//! The pages on which somebody proves again who they are; when and why says `web::confirm`.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::flows::accounts::actions;
use crate::flows::accounts::model::Proof;
use crate::kit::Text;
use crate::web::confirm::PATH;
use crate::web::form::{Field, Form};
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

fn form(ctx: &Ctx, next: &str) -> Form {
    ctx.form(PATH, "Confirm")
        .hidden("next", next)
        .field(Field::password("password", "Password").autocomplete("current-password"))
        .cancel("/")
}

fn page(ctx: &Ctx, status: StatusCode, text: Text, form: Form) -> Result<HttpResponse, Error> {
    let mut page = ctx.page("Confirm that it is you");
    // The address of a form that was sent too late opens no page.
    page.path = PATH.to_owned();
    ctx.render_as(status, &Card::new(page).text(text).form(form))
}

fn why(ctx: &Ctx) -> Result<Text, Error> {
    let text =
        Text::new("This change matters, and it is a while since you signed in. Type the password of {email} to go on.");
    Ok(text.arg("email", &ctx.signed_in()?.email))
}

/// Asks for a proof.
pub async fn confirm(ctx: Ctx, query: web::Query<Onward>) -> Result<HttpResponse, Error> {
    let form = form(&ctx, theme::own_path(query.next.as_deref().unwrap_or("/")));
    page(&ctx, StatusCode::OK, why(&ctx)?, form)
}

/// Takes a form that was sent too late, keeps it in the page and asks for a proof.
pub async fn late(
    ctx: Ctx,
    query: web::Query<Onward>,
    posted: Posted,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let next = theme::own_path(query.next.as_deref().unwrap_or("/"));
    let mut form = form(&ctx, next);
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
    page(&ctx, StatusCode::FORBIDDEN, text.arg("email", &ctx.signed_in()?.email), form)
}

/// Checks the proof and goes on: to the page that was asked for, or to the form that was sent too late.
pub async fn do_confirm(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let next = theme::own_path(posted.get("next"));
    let (db, user, password) =
        (ctx.services().db.clone(), ctx.signed_in()?.id.clone(), posted.get("password").to_owned());
    let handle = signing::handle(&ctx);
    let checked = web::block(move || actions::confirm(&db, &user, &handle, &password)).await?;
    let then = Some(posted.get("then")).filter(|then| !then.is_empty()).map(theme::own_path);
    if let Err(error) = checked {
        let mut form = form(&ctx, next);
        if let Some(then) = then {
            form = form.hidden("then", then).hidden(KEPT, posted.get(KEPT));
        }
        let error = Error::from(error);
        let status = match actix_web::ResponseError::status_code(&error) {
            StatusCode::TOO_MANY_REQUESTS => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        explain(&mut form, &posted, error)?;
        return page(&ctx, status, why(&ctx)?, form);
    }
    signing::confirm(&ctx, Proof::Password)?;
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
