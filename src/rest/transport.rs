//! What every answer of the API carries.

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;

use super::{CONNECT_VERSION, Error};
use crate::kit::{Refusal, Text};

/// Adds the version that clients look for.
pub async fn answer_headers(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut res = next.call(req).await?;
    let headers = res.headers_mut();
    headers.insert(HeaderName::from_static("connect-version"), HeaderValue::from_static(CONNECT_VERSION));
    Ok(res)
}

/// The number of a version in a path.
pub fn version_number(text: &str) -> Result<i32, Refusal> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| Refusal::not_found("version", text))
}

/// The answer to a path that the API has, but not with this verb.
pub fn wrong_verb(req: &actix_web::HttpRequest, allowed: &str) -> Error {
    let text = Text::new("{verb} is not for {path}. Use {allowed}.")
        .arg("verb", req.method())
        .arg("path", req.path())
        .arg("allowed", allowed);
    Error::WrongVerb { text, allowed: allowed.to_owned() }
}

/// The answer to a path that the API does not have.
pub async fn nothing_here(req: actix_web::HttpRequest) -> Result<HttpResponse, Error> {
    let mut refusal = Refusal::not_found("endpoint", req.path());
    refusal.problems[0].text =
        Text::new("The API has nothing at {path}. Its description is at /public/v1/openapi.json.")
            .arg("path", req.path());
    Err(refusal.into())
}
