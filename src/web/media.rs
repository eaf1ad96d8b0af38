//! Pictures that anybody may see: icons and media of products, logos. No credentials, no session.
//!
//! The address names the company, the object and the key of the file, `/media/VA-…/PRD-…/media/KEY.png`; a logo has no
//! object but the company. A file's bytes never change under a key, so that browsers may keep it for ever.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::{Error, broken};
use crate::app::Services;
use crate::db;
use crate::kit::{Refusal, Text};
use crate::outside::files::{Content, FileKey, FilesError};

/// Stands for products without a picture of their own.
const PRODUCT: &[u8] = include_bytes!("../../static/img/product.png");

/// Answers a picture of an object.
pub async fn file(
    req: HttpRequest,
    services: web::Data<Services>,
    parts: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Error> {
    answer(&req, &services, parts.into_inner()).await
}

/// Answers a company's logo: its object is the company itself.
pub async fn logo(
    req: HttpRequest,
    services: web::Data<Services>,
    parts: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (account, name) = parts.into_inner();
    answer(&req, &services, (account.clone(), account, name)).await
}

async fn answer(
    req: &HttpRequest,
    services: &web::Data<Services>,
    (account, object, name): (String, String, String),
) -> Result<HttpResponse, Error> {
    let none = || nothing(&name);
    let (key, extension) = name.split_once('.').ok_or_else(none)?;
    let key: FileKey = key.parse().map_err(|_| none())?;
    let extension = extension.to_owned();
    let found = web::block({
        let (services, key) = (services.get_ref().clone(), key.clone());
        move || {
            let Some(content_type) = services.db.read(|tx| db::file::public(tx, key.as_str(), &account, &object))?
            else {
                return Ok(None);
            };
            match services.files.read(&key) {
                Ok(file) => Ok(Some((content_type, file))),
                Err(FilesError::Absent(_)) => Ok(None),
                Err(e) => Err(db::Error::Outside(e.to_string())),
            }
        }
    })
    .await??;
    let (content_type, file) = found.ok_or_else(none)?;
    let content = PICTURES.iter().find(|c| c.serving().content_type == content_type).ok_or_else(none)?;
    if content.extension().trim_start_matches('.') != extension {
        return Err(none());
    }
    let serving = content.serving();
    let length = file.metadata().map_err(|e| broken(&e))?.len();
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, serving.content_type))
        .insert_header((header::CONTENT_SECURITY_POLICY, serving.policy))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .insert_header(header::ContentEncoding::Identity);
    if req.method() == actix_web::http::Method::HEAD {
        return Ok(answer.no_chunking(length).finish());
    }
    Ok(answer.no_chunking(length).streaming(super::stream::file(file)))
}

/// What is served here; nothing that can run anything.
const PICTURES: [Content; 4] = [Content::Png, Content::Jpeg, Content::Webp, Content::Gif];

fn nothing(name: &str) -> Error {
    let mut refusal = Refusal::not_found("picture", name);
    refusal.problems[0].text = Text::new("There is no picture {name}.").arg("name", name);
    refusal.into()
}

/// The picture that stands for products without one.
pub async fn product() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "image/png"))
        .insert_header((header::CONTENT_SECURITY_POLICY, Content::Png.serving().policy))
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .insert_header((header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .body(PRODUCT)
}
