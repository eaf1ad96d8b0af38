//! Forms with a picture, or another file.

use actix_web::{HttpRequest, web};

use crate::flows::accounts::actions::{self, MAX_PICTURE, Upload};
use crate::kit::Refusal;
use crate::outside::files::{Files, Staged};
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
) -> Result<(Posted, Result<Option<Upload>, Refusal>), Error> {
    posted_with_upload(ctx, req, payload, (field, MAX_PICTURE), |files, field, staged, _| {
        actions::keep_picture(files, field, staged)
    })
    .await
}

/// Reads a form with a file of so many bytes at most: its fields; and the file, kept by `keep`, with the name that its sender
/// gave it.
pub async fn posted_with_upload<T: Send + 'static>(
    ctx: &Ctx,
    req: &HttpRequest,
    payload: web::Payload,
    (field, limit): (&'static str, u64),
    keep: impl FnOnce(&Files, &str, &Staged, &str) -> Result<T, Refusal> + Send + 'static,
) -> Result<(Posted, Result<Option<T>, Refusal>), Error> {
    let files = ctx.services().files.clone();
    let parts = multipart::read(req.headers(), payload, &files, &[field], limit).await?;
    let posted = Posted::of_parts(&ctx.services().secret, ctx.path(), &parts);
    let Some(part) = parts.file(&[field]) else { return Ok((posted, Ok(None))) };
    let (staged, name) = (part.staged.clone(), part.file_name.clone());
    let kept = web::block(move || keep(&files, field, &staged, &name)).await?;
    Ok((posted, kept.map(Some)))
}

/// Throws an upload away if the action that wanted it did not happen.
pub async fn settle(ctx: &Ctx, upload: Option<Upload>) {
    if let Some(upload) = upload {
        let services = ctx.services().clone();
        // Only a server that stops gives an error here; its next start sweeps.
        drop(web::block(move || actions::settle_upload(&services.db, &services.files, &upload)).await);
    }
}
