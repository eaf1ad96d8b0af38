//! The page on which people say by which picture others know them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::pictures::{icon_fields, posted_with_picture, settle};
use crate::flows::accounts::actions::{self, Icon};
use crate::kit::Text;
use crate::web::cell::Cell;
use crate::web::frames::{FormPage, Panel};
use crate::web::layout::{Crumb, PROFILE};
use crate::web::parts::Facts;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// Where it is.
pub const PICTURE: &str = "/profile/picture";

async fn page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let person = ctx.signed_in()?;
    let hint = "Shown beside your name to those you work with, cut to a circle. PNG, JPEG, GIF or WebP, at most 5 MB.";
    let remove = person.icon.is_some().then_some("Remove the present picture");
    let mut form = icon_fields(ctx.form(PICTURE, "Save"), hint, remove).cancel(PROFILE);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let title = "Your picture";
    let mut page = ctx.page(title).crumb(Crumb::link("Profile", PROFILE)).crumb(Crumb::here(title));
    page.wrong = form.is_wrong();
    let mut shown = FormPage::new(page, form);
    if let Some(icon) = &person.icon {
        let facts = Facts::new().fact("Picture", Cell::face(&person.name, Some(icon)));
        shown = shown.beside(Panel::about("At present", facts));
    }
    ctx.render_as(status, &shown)
}

/// The form of the own picture.
pub async fn picture(ctx: Ctx) -> Result<HttpResponse, Error> {
    page(&ctx, StatusCode::OK, None).await
}

/// Saves the own picture, or takes it away.
pub async fn do_picture(ctx: Ctx, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Error> {
    let user = ctx.signed_in()?.id.clone();
    let (posted, picture) = posted_with_picture(&ctx, &req, payload, "icon").await?;
    let picture = match picture {
        Ok(picture) => picture,
        Err(refusal) => return page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((refusal.into(), &posted))).await,
    };
    let (kept, remove) = (picture.clone(), posted.checked("remove"));
    let done = ctx
        .act(&posted, move |tx, _| {
            actions::change_picture(tx, &user, Icon::chosen(kept.as_ref(), remove)?)?;
            Ok(Answer::go(PROFILE).flash(Text::new("Your picture was saved.")))
        })
        .await;
    settle(&ctx, picture).await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}
