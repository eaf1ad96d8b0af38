//! Taking in a workbook.

use actix_web::web::{self, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::wire::{Links, UsageFileDetail};
use crate::app::Services;
use crate::flows::usage::actions::{self, Incoming, MAX_UPLOAD};
use crate::kit::{Refusal, Text};
use crate::outside::files::Staged;
use crate::outside::sheets::{Limits, SheetError, Workbook};
use crate::rest::multipart::{self, FilePart};
use crate::rest::{Caller, Error};

/// The parts that may hold the workbook.
pub const PARTS: &[&str] = &["usage_file"];

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
    let parts = multipart::read(req.headers(), payload, &caller.services().files, PARTS, MAX_UPLOAD).await?;
    let caller = caller.sent(&parts);
    let incoming = take(caller.services(), parts.file(PARTS)).await?;
    let (links, new) = (Links::of(&caller), incoming.clone());
    let answer = caller
        .act(201, move |tx, actor| {
            actions::upload(tx, actor, &id, &new)?;
            Ok(UsageFileDetail::of(&actions::detail(tx, actor, &id)?, &links))
        })
        .await;
    let services = caller.services().clone();
    web::block(move || actions::settle_upload(&services.db, &services.files, &incoming)).await??;
    answer
}

/// Looks at a workbook that came in, and keeps it.
pub async fn take(services: &Services, part: Option<&FilePart>) -> Result<Incoming, Refusal> {
    let part = part.filter(|p| p.staged.size > 0).ok_or_else(|| {
        Refusal::field(
            "usage_file",
            Text::new("There is no workbook in the part usage_file. Choose an Excel file (.xlsx)."),
        )
    })?;
    let (files, staged, name) = (services.files.clone(), part.staged.clone(), part.file_name.clone());
    let kept = web::block(move || {
        let local = files.local(&staged.key).map_err(|e| Refusal::field("usage_file", e.text()))?;
        let limits = Limits { file_bytes: MAX_UPLOAD, ..Limits::default() };
        match Workbook::open(local.path(), limits) {
            Err(error @ SheetError::NotAWorkbook(_)) => return Err(Refusal::field("usage_file", error.text())),
            Err(error @ SheetError::FileTooLarge(_)) => return Err(Refusal::too_large(error.text())),
            // Everything else is told with the file, where its vendor looks for it.
            _ => {}
        }
        files.keep(&staged.key).map_err(|e| Refusal::field("usage_file", e.text()))?;
        let Staged { key, size, sha256, .. } = staged;
        Ok(Incoming { key: key.to_string(), name, size: i64::try_from(size).unwrap_or(i64::MAX), sha256 })
    });
    kept.await.map_err(|_| Refusal::field("usage_file", Text::new("The server is stopping. Send the file again.")))?
}
