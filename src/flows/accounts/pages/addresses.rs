//! Changing the own address: the form, and the pages to which the links of the two mails lead.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::signing::WithSecret;
use crate::db::Result as DbResult;
use crate::flows::accounts::actions::{self, Door};
use crate::kit::{NamedRef, Secret, Text};
use crate::web::form::{Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::{Crumb, PROFILE};
use crate::web::public::Card;
use crate::web::{Answer, Ctx, Error, Posted, explain, signing};

const EMAIL: &str = "/profile/email";

fn email_form(ctx: &Ctx) -> Form {
    ctx.form(EMAIL, "Send a link")
        .field(
            Field::email("email", "New e-mail address")
                .hint("A mail with a link is sent to it. Until you use the link, nothing changes."),
        )
        .cancel(PROFILE)
}

fn email_page(ctx: &Ctx, status: StatusCode, form: Form) -> Result<HttpResponse, Error> {
    let now = Text::new("Your address is {email}. You sign in with it, and mails go to it.");
    let page = ctx
        .page("Change the e-mail address")
        .crumb(Crumb::link("Profile", PROFILE))
        .crumb(Crumb::here("E-mail address"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(now.arg("email", &ctx.signed_in()?.email));
    ctx.render_as(status, &shown)
}

/// The form for another address.
pub async fn email(ctx: Ctx) -> Result<HttpResponse, Error> {
    email_page(&ctx, StatusCode::OK, email_form(&ctx))
}

/// Sends a link to the new address, if nobody else has it; says the same in any case.
pub async fn do_email(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (user, email, services) =
        (ctx.signed_in()?.id.clone(), posted.get("email").trim().to_owned(), ctx.services().clone());
    let done = ctx
        .act(&posted, move |tx, _| {
            actions::ask_for_email(tx, &user, &email, &Door { deployment: &services.secret })?;
            let text = Text::new(
                "If {email} can be used here, a mail with a link is on its way to it. The link works for a day.",
            );
            Ok(Answer::go(PROFILE).flash(text.arg("email", &email)))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut form = email_form(&ctx);
            explain(&mut form, &posted, error)?;
            email_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

/// A page to which the link of a mail leads: what it is for, and one button.
struct Arrival {
    path: &'static str,
    title: &'static str,
    text: &'static str,
    button: &'static str,
}

const NEW: Arrival = Arrival {
    path: "/new-email",
    title: "Your new e-mail address",
    text: "From now on you sign in with {email}. All your sessions end, and you sign in again.",
    button: "Use this address",
};

const OLD: Arrival = Arrival {
    path: "/old-email",
    title: "Take the change back",
    text: "Your address will be {email} again. All sessions end, and you set a new password.",
    button: "Take the change back",
};

async fn asked(
    ctx: &Ctx,
    door: &Arrival,
    secret: &str,
    about: fn(&mut crate::db::Tx<'_>, &Secret) -> DbResult<NamedRef>,
) -> Result<HttpResponse, Error> {
    let presented = Secret::presented(secret);
    let address = ctx.read(move |tx, _| about(tx, &presented)).await?;
    let form = Form::post(door.path, door.button).hidden("secret", secret);
    let text = Text::new(door.text).arg("email", address.name);
    ctx.render(&Card::new(ctx.page(door.title)).text(text).form(form))
}

/// Asks whether the address that a link proves is to be used.
pub async fn new_email(ctx: Ctx, query: web::Query<WithSecret>) -> Result<HttpResponse, Error> {
    asked(&ctx, &NEW, query.secret(), actions::email_asked).await
}

/// Uses the address that a link proves.
pub async fn do_new_email(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (services, secret) = (ctx.services().clone(), Secret::presented(posted.get("secret")));
    let answer = ctx
        .act(&posted, move |tx, _| {
            actions::prove_email(tx, &secret, &Door { deployment: &services.secret })?;
            Ok(Answer::go("/sign-in").flash(Text::new("Your address was changed. Sign in with it.")))
        })
        .await?;
    signing::sign_out(&ctx);
    Ok(answer)
}

/// Asks whether a change of address is to be taken back.
pub async fn old_email(ctx: Ctx, query: web::Query<WithSecret>) -> Result<HttpResponse, Error> {
    asked(&ctx, &OLD, query.secret(), actions::email_before).await
}

/// Takes a change of address back, and leads to a new password.
pub async fn do_old_email(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (db, secret) = (ctx.services().db.clone(), Secret::presented(posted.get("secret")));
    // The link that follows is a secret: the answer is not kept under an idempotency key.
    let link = web::block(move || db.write(|tx| actions::undo_email(tx, &secret))).await??;
    signing::sign_out(&ctx);
    ctx.go(Answer::go(format!("/set-password?secret={}", link.reveal())))
}
