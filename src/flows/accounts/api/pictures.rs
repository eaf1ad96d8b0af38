//! Bodies in parts, with a picture.

use actix_web::{HttpRequest, web};

use crate::flows::accounts::actions::{self, MAX_PICTURE, Picture};
use crate::rest::{Caller, Error, multipart};

/// Reads a body in parts if it is one: the caller with its part `body`, and the picture of the part `field`, kept.
pub async fn with_picture(
    caller: Caller,
    req: &HttpRequest,
    payload: web::Payload,
    field: &'static str,
) -> Result<(Caller, Option<Picture>), Error> {
    if !multipart::is_multipart(req.headers()) {
        return Ok((caller, None));
    }
    let files = caller.services().files.clone();
    let parts = multipart::read(req.headers(), payload, &files, &[field], MAX_PICTURE).await?;
    let caller = caller.sent(&parts);
    let Some(staged) = parts.file(&[field]).map(|f| f.staged.clone()) else { return Ok((caller, None)) };
    let picture = web::block(move || actions::keep_picture(&files, field, &staged)).await??;
    Ok((caller, Some(picture)))
}

/// Throws the picture of a call away if nothing names it now.
pub async fn settle(caller: &Caller, picture: Option<Picture>) {
    if let Some(picture) = picture {
        let services = caller.services().clone();
        // Only a server that stops gives an error here; its next start sweeps.
        drop(web::block(move || actions::settle_picture(&services.db, &services.files, &picture)).await);
    }
}
