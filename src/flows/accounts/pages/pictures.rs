//! Forms with a picture.

use actix_web::{HttpRequest, web};

use crate::flows::accounts::actions::{self, MAX_PICTURE, Picture};
use crate::kit::Refusal;
use crate::rest::multipart;
use crate::web::form::{Field, Form};
use crate::web::{Ctx, Error, Posted};

/// The fields of a form for the picture that stands for somebody; `remove` is what taking the present one away is called.
pub fn icon_fields(form: Form, hint: &'static str, remove: Option<&'static str>) -> Form {
    let picture = Field::file("icon", "Picture", ".png,.jpg,.jpeg,.gif,.webp", MAX_PICTURE).hint(hint);
    match remove {
        Some(remove) => form.field(picture.optional()).field(Field::check("remove", "Remove", remove)),
        None => form.field(picture),
    }
}

/// Reads a form with a picture: its fields, and the picture, kept.
pub async fn posted_with_picture(
    ctx: &Ctx,
    req: &HttpRequest,
    payload: web::Payload,
    field: &'static str,
) -> Result<(Posted, Result<Option<Picture>, Refusal>), Error> {
    let files = ctx.services().files.clone();
    let parts = multipart::read(req.headers(), payload, &files, &[field], MAX_PICTURE).await?;
    let posted = Posted::of_parts(&ctx.services().secret, ctx.path(), &parts);
    let Some(staged) = parts.file(&[field]).map(|f| f.staged.clone()) else { return Ok((posted, Ok(None))) };
    let picture = web::block(move || actions::keep_picture(&files, field, &staged)).await?;
    Ok((posted, picture.map(Some)))
}

/// Throws a picture away if the action that wanted it did not happen.
pub async fn settle(ctx: &Ctx, picture: Option<Picture>) {
    if let Some(picture) = picture {
        let services = ctx.services().clone();
        // Only a server that stops gives an error here; its next start sweeps.
        drop(web::block(move || actions::settle_picture(&services.db, &services.files, &picture)).await);
    }
}
