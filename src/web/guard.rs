//! What every request passes: security headers, and the check that a change comes from our own pages.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::error::Error;
use super::site::Site;
use super::stats::Statements;
use crate::app::Services;
use crate::kit::{Refusal, Text};

/// Nothing from other hosts, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'";

/// Adds the security headers to every answer; and, if the settings want it, how many statements the answer took.
pub async fn headers(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let https = req.extensions().get::<Site>().is_some_and(|s| s.https);
    let count = req.app_data::<web::Data<Services>>().is_some_and(|s| s.config.count_statements);
    let statements = Statements::of(req.request());
    let mut res = statements.around(next.call(req)).await?;
    let headers = res.headers_mut();
    if count && let Ok(value) = HeaderValue::from_str(&format!("db;desc=\"{} statements\"", statements.sum())) {
        headers.insert(header::HeaderName::from_static("server-timing"), value);
    }
    let mut set = |name: header::HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    Ok(res)
}

/// Refuses an address with the character U+0000: PostgreSQL keeps it in no text, so nothing has that id.
pub fn names_nothing(path: &str) -> Result<(), Refusal> {
    if path.contains("%00") { Err(Refusal::not_found("page", path)) } else { Ok(()) }
}

/// Finds out which site the request's host belongs to, before anything else.
pub async fn resolve_site(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let site = {
        let Some(services) = req.app_data::<web::Data<Services>>() else {
            return Err(actix_web::error::ErrorInternalServerError("not set up"));
        };
        Site::of(&req, services)
    };
    req.extensions_mut().insert(site);
    next.call(req).await
}

/// Refuses a change that another site's page sent with our cookie. `Sec-Fetch-Site` decides where a browser sends it,
/// `Origin` where it does not. `same-site` is refused as well: a neighbour's brand may live there.
pub async fn same_origin(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if comes_from_here(&req) {
        return next.call(req).await.map(ServiceResponse::map_into_left_body);
    }
    let refusal = Refusal::forbidden(Text::new(
        "This form was sent from another site, so nothing was changed. Open the page here and send it again.",
    ));
    let response = Error::from(refusal).page();
    Ok(req.into_response(response).map_into_right_body())
}

fn comes_from_here(req: &ServiceRequest) -> bool {
    if matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match text("origin") {
        Some(origin) => req.extensions().get::<Site>().is_some_and(|s| s.origin() == origin),
        // No browser of the last years leaves out both; without a session there is nothing to misuse.
        None => req.headers().get(header::COOKIE).is_none(),
    }
}
