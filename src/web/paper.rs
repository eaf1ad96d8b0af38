//! Documents that a browser shows in a frame of our pages: PDF files.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::app::Services;
use crate::db;
use crate::kit::Refusal;
use crate::outside::files::{FileKey, FilesError};

/// The browser's own viewer may show it, in our frames alone; whatever the document holds reaches nothing else. A sandbox
/// would keep the viewer out as well.
const POLICY: &str =
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'";

/// Answers a kept PDF file, to be shown or saved under this name. Whoever calls has found that its reader may see it.
///
/// # Errors
/// The file is gone, or cannot be read.
pub async fn answer(services: &Services, key: &str, name: &str) -> db::Result<HttpResponse> {
    let gone = || db::Error::from(Refusal::not_found("document", name));
    let key: FileKey = key.parse().map_err(|_| gone())?;
    let files = services.files.clone();
    let file = web::block(move || files.read(&key)).await.map_err(|e| db::Error::Outside(e.to_string()))?;
    let file = match file {
        Ok(file) => file,
        Err(FilesError::Absent(_)) => return Err(gone()),
        Err(e) => return Err(db::Error::Outside(e.to_string())),
    };
    let length = file.metadata().map_err(|e| db::Error::Outside(e.to_string()))?.len();
    let disposition = header::ContentDisposition {
        disposition: header::DispositionType::Inline,
        parameters: vec![header::DispositionParam::Filename(name.to_owned())],
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/pdf"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .insert_header(disposition)
        .insert_header(header::ContentEncoding::Identity)
        .no_chunking(length)
        .streaming(super::stream::file(file)))
}
