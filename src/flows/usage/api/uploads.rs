//! Taking in a workbook.

use actix_web::web::{self, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::files::answer;
use crate::app::Services;
use crate::flows::usage::actions::{self, Incoming};
use crate::kit::{Refusal, Text};
use crate::rest::multipart::{self, FilePart};
use crate::rest::{Caller, Error};

/// The parts that may hold the workbook.
const PARTS: &[&str] = &["usage_file"];

/// `POST /usage/files/{usage_file}/upload`
pub async fn upload(
    req: HttpRequest,
    caller: Caller,
    id: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    // A file that cannot be uploaded to is refused before its bytes are read.
    if !caller.was_answered().await? {
        let asked = id.clone();
        caller.read(move |tx, actor| actions::may_upload(tx, actor, &asked)).await?;
    }
    let (files, most) = (&caller.services().files, caller.services().config.limits.workbook());
    let parts = multipart::read(req.headers(), payload, files, PARTS, most).await?;
    let caller = caller.sent(&parts);
    let incoming = take(caller.services(), parts.file(PARTS)).await?;
    let (services, new) = (caller.services().clone(), incoming.clone());
    let answered = answer(caller, 201, move |tx, actor| {
        actions::upload(tx, actor, &id, &new)?;
        Ok(id.to_string())
    })
    .await;
    // Only a server that stops gives an error here; its next start sweeps.
    drop(web::block(move || actions::settle_upload(&services.db, &services.files, &incoming)).await);
    answered
}

/// Looks at the workbook of a body, and keeps it.
async fn take(services: &Services, part: Option<&FilePart>) -> Result<Incoming, Refusal> {
    let part = part.filter(|p| p.staged.size > 0).ok_or_else(|| {
        Refusal::field(
            "usage_file",
            Text::new("There is no workbook in the part usage_file. Choose an Excel file (.xlsx)."),
        )
    })?;
    let (files, limits) = (services.files.clone(), services.config.limits);
    let (staged, name) = (part.staged.clone(), part.file_name.clone());
    let kept = web::block(move || actions::take_in(&files, &limits, &staged, &name));
    kept.await.map_err(|_| Refusal::field("usage_file", Text::new("The server is stopping. Send the file again.")))?
}
