//! Bodies in parts, with a picture or another file.

use actix_web::{HttpRequest, web};

use crate::flows::accounts::actions::{self, MAX_PICTURE, Upload};
use crate::kit::Refusal;
use crate::outside::files::{Files, Staged};
use crate::rest::{Caller, Error, multipart};

/// Reads a body in parts if it is one: the caller with its part `body`, and the picture of the part `field`, kept.
pub async fn with_picture(
    caller: Caller,
    req: &HttpRequest,
    payload: web::Payload,
    field: &'static str,
) -> Result<(Caller, Option<Upload>), Error> {
    let keep = |files: &Files, field: &str, staged: &Staged, _: &str| actions::keep_picture(files, field, staged);
    with_upload(caller, req, payload, (field, MAX_PICTURE), keep).await
}

/// Reads a body in parts if it is one: the caller with its other parts; and the file of the part `field`, of so many bytes at
/// most, kept by `keep`, with the name that its sender gave it.
pub async fn with_upload<T: Send + 'static>(
    caller: Caller,
    req: &HttpRequest,
    payload: web::Payload,
    (field, limit): (&'static str, u64),
    keep: impl FnOnce(&Files, &str, &Staged, &str) -> Result<T, Refusal> + Send + 'static,
) -> Result<(Caller, Option<T>), Error> {
    if !multipart::is_multipart(req.headers()) {
        return Ok((caller, None));
    }
    let files = caller.services().files.clone();
    let parts = multipart::read(req.headers(), payload, &files, &[field], limit).await?;
    let caller = caller.sent(&parts);
    let Some(part) = parts.file(&[field]) else { return Ok((caller, None)) };
    let (staged, name) = (part.staged.clone(), part.file_name.clone());
    let kept = web::block(move || keep(&files, field, &staged, &name)).await??;
    Ok((caller, Some(kept)))
}

/// Throws the upload of a call away if nothing names it now.
pub async fn settle(caller: &Caller, upload: Option<Upload>) {
    if let Some(upload) = upload {
        let services = caller.services().clone();
        // Only a server that stops gives an error here; its next start sweeps.
        drop(web::block(move || actions::settle_upload(&services.db, &services.files, &upload)).await);
    }
}
