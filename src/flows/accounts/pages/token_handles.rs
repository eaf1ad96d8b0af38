//! Handles of tokens: what a pending token says about its own, and the page that makes a new one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::token_keys::{Made, make};
use super::tokens::{one, parsed};
use crate::flows::accounts::actions;
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::store::TokenRow;
use crate::kit::{Text, Time};
use crate::web::button::Button;
use crate::web::form::{Choice, Field};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::status::Tone;
use crate::web::{Ctx, Error, Posted, explain};

const TITLE: &str = "New handle";

/// The field that asks how the program gets its key.
pub(super) fn way_field() -> Field {
    let now = Choice::new("key", "Show me the key").hint("You put it into the program yourself.").selected(true);
    let later = Choice::new("handle", "Give me a handle to hand over")
        .hint("An integration fetches the key itself, once, within 7 days. Nobody else sees it.");
    Field::radios("way", "How does the program get its key?", vec![now, later])
}

/// Whether a handle was chosen.
pub(super) fn wants_handle(posted: &Posted) -> bool {
    posted.get("way") == "handle"
}

/// What a pending token says about its handle.
pub(super) fn about_handle(ctx: &Ctx, token: &TokenRow, now: Time) -> Option<Notice> {
    if token.status != TokenStatus::Pending {
        return None;
    }
    let again = Button::link("New handle", ctx.url(&format!("/tokens/{}/handle", token.id)));
    let notice = match token.handle_until.filter(|until| *until > now) {
        Some(until) => Notice::new(
            Text::new(
                "An integration can fetch its key with the handle until {until:time}. Until then it lets nobody in.",
            )
            .moment("until", until),
        )
        .title("This token waits for its integration"),
        None => Notice::new("Nobody fetched its key in time. Make a new handle and hand that one over.")
            .title("The handle has ended")
            .tone(Tone::Warn),
    };
    Some(notice.action(again))
}

async fn handle_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let token = one(ctx, &parsed(id)?).await?;
    let here = ctx.url(&format!("/tokens/{}", token.id));
    let mut form = ctx.form(format!("{here}/handle"), "Make a new handle").revision(token.revision);
    if token.status != TokenStatus::Pending {
        form = form.not_now("Its key was fetched or shown already. Rotate it to get a new key.");
        form = form.button(Button::link("Rotate…", format!("{here}/rotate")));
    }
    let mut form = form.cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page(Text::new("{verb:word}: {token}").arg("verb", TITLE).arg("token", &token.name))
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::link(Text::data(&token.name), here))
        .crumb(Crumb::here(TITLE));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede("You get another handle, which works for 7 days. Older ones fetch nothing any more.");
    ctx.render_as(status, &shown)
}

/// Asks whether a pending token is to get another handle.
pub async fn renew_handle(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    handle_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Makes another handle and shows it.
pub async fn do_renew_handle(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (token, revision) = (parsed(&path.1)?, posted.revision());
    let work = move |tx: &mut crate::flows::Tx<'_>, actor: &crate::kit::Actor| {
        actions::renew_handle(tx, actor, &token, revision).map(Made::Handle)
    };
    match make(&ctx, &posted, "The new handle", work).await {
        Ok(response) => Ok(response),
        Err(error) => handle_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &path.1, Some((error, &posted))).await,
    }
}
