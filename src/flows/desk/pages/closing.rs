//! The page that closes the own account.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::flows::accounts;
use crate::flows::desk::actions;
use crate::kit::Text;
use crate::web::form::Field;
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::status::Tone;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// What the page is called.
const CLOSE: &str = "Close account";

async fn close_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let (in_the_way, company) =
        ctx.read(|tx, actor| Ok((actions::in_the_way(tx, actor)?, accounts::actions::company(tx, actor)?))).await?;
    let mut form = ctx
        .form(ctx.url("/account/close"), CLOSE)
        .field(Field::area("reason", "Reason").hint("For the operator of the portal. At most 300 characters.").rows(3));
    let mut notices = vec![];
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    } else if !in_the_way.is_empty() {
        form = form.not_now("Something is in the way: see above.");
        let said = Text::new("The account cannot be closed yet.");
        let said = in_the_way.iter().fold(said, |said, why| said.then(why));
        notices.push(Notice::new(said).tone(Tone::Warn));
    }
    form = form.cancel(ctx.url("/account"));
    let page = ctx.page(CLOSE).crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here(CLOSE));
    let mut shown = FormPage::new(page, form);
    shown.notices = notices;
    let closed = Text::new(
        "At once nobody can work in this account any more, and its tokens stop. Nothing is deleted, and your partners go on \
         seeing what you shared with them.",
    );
    let again = match company.parent {
        Some(above) => {
            Text::new("Only {above} and the operator of this portal can open it again.").arg("above", above.name)
        }
        None => Text::new("Only the operator of this portal can open it again."),
    };
    shown.head = shown.head.lede(closed.then(&again));
    ctx.render_as(status, &shown)
}

/// Asks whether the account is to be closed, and says what is in the way.
pub async fn close_account(ctx: Ctx) -> Result<HttpResponse, Error> {
    close_page(&ctx, StatusCode::OK, None).await
}

/// Closes the account.
pub async fn do_close_account(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let reason = posted.get("reason").to_owned();
    let again = async |code, error| close_page(&ctx, code, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::close_account(tx, actor, &reason)?;
        Ok(Answer::go("/accounts").flash(Text::new("The account was closed.")))
    })
    .await
}
