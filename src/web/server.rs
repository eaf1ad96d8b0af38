//! The HTTP server: routes, middleware, limits.

use std::net::TcpListener;
use std::sync::Arc;

use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_web::cookie::{Key, SameSite, time::Duration};
use actix_web::dev::Server;
use actix_web::guard::{Any, Get, Head};
use actix_web::http::{Method, header};
use actix_web::middleware::{Compress, NormalizePath, TrailingSlash, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, Route, web};
use sha2::{Digest, Sha512};

use super::endpoint::{Endpoint, get};
use super::limiter::{self, Limiter};
use super::session::Store;
use super::{assets, guard, metrics, shell};
use crate::app::Services;
use crate::kit::{Refusal, Text};
use crate::rest::{self, openapi::Description};
use crate::routes;

/// Starts to serve on a bound address.
pub fn server(services: Services, listener: TcpListener) -> std::io::Result<Server> {
    assets::warm();
    let pages = Arc::new(routes::pages());
    let endpoints = Arc::new(routes::api());
    let description = web::Data::new(Description(rest::openapi::document(&endpoints)));
    let https = services.public_url.scheme() == "https";
    let limiter = web::Data::new(Limiter::new(&services.config.limits, &services.clock));
    let key = Key::from(&Sha512::digest(format!("session cookie\n{}", services.secret).as_bytes()));
    // How long the cookie lives; that a session ends when it is not used is the store's matter.
    let longest = i64::from(services.config.session_days) * 24 * 3600;
    let server = HttpServer::new(move || {
        let session = SessionMiddleware::builder(Store { db: services.db.clone(), longest }, key.clone())
            .cookie_name(if https { "__Host-causeway" } else { "causeway" }.to_owned())
            .cookie_secure(https)
            .cookie_http_only(true)
            .cookie_same_site(SameSite::Lax)
            .cookie_content_security(CookieContentSecurity::Signed)
            .session_lifecycle(PersistentSession::default().session_ttl(Duration::seconds(longest)))
            .build();
        let api = web::scope(rest::PREFIX)
            .app_data(web::Data::new(endpoints.clone()))
            .wrap(from_fn(limiter::calls))
            .wrap(from_fn(rest::answer_headers))
            .wrap(from_fn(rest::count_calls))
            .configure(|config| mount(config, &endpoints, Some(refuse_verb)))
            .default_service(web::to(rest::nothing_here));
        let portal = web::scope("")
            .app_data(web::Data::new(pages.clone()))
            .wrap(from_fn(shell::error_pages))
            .wrap(session)
            .wrap(from_fn(guard::same_origin))
            .wrap(from_fn(limiter::forms))
            .configure(|config| mount(config, &pages, None))
            .default_service(web::to(nothing_here));
        App::new()
            .app_data(web::Data::new(services.clone()))
            .app_data(description.clone())
            .app_data(limiter.clone())
            .app_data(web::PayloadConfig::new(rest::MAX_BODY))
            .wrap(from_fn(guard::headers))
            .wrap(from_fn(guard::resolve_site))
            .wrap(Compress::default())
            .wrap(NormalizePath::new(TrailingSlash::Trim))
            .wrap(tracing_actix_web::TracingLogger::<super::span::RequestSpan>::new())
            .wrap(from_fn(metrics::count))
            .route("/healthz", get().to(|| async { HttpResponse::Ok().body("ok") }))
            .route("/readyz", get().to(ready))
            .configure(assets::configure)
            .service(api)
            .service(portal)
    })
    .listen(listener)?
    .shutdown_timeout(20)
    .worker_max_blocking_threads(64)
    .run();
    Ok(server)
}

/// Puts the routes of a table into the configuration, one resource per path. `otherwise` answers verbs that a path does not
/// have, given those that it has.
fn mount(config: &mut web::ServiceConfig, table: &[Endpoint], otherwise: Option<fn(String) -> Route>) {
    let mut paths: Vec<&str> = vec![];
    for endpoint in table {
        if !paths.contains(&endpoint.path) {
            paths.push(endpoint.path);
        }
    }
    // A fixed word must win over a parameter in the same place, whatever the order of the table.
    paths.sort_by_key(|path| path.split('/').map(|part| part.starts_with('{')).collect::<Vec<_>>());
    for path in paths {
        let mut resource = web::resource(path);
        for endpoint in table.iter().filter(|e| e.path == path) {
            let route = (endpoint.route)();
            resource = resource.route(match endpoint.method {
                Method::GET => route.guard(Any(Get()).or(Head())),
                _ => route.method(endpoint.method.clone()),
            });
        }
        if let Some(otherwise) = otherwise {
            let verbs = table.iter().filter(|e| e.path == path).map(|e| match e.method {
                Method::GET => "GET, HEAD",
                _ => e.method.as_str(),
            });
            resource = resource.default_service(otherwise(verbs.collect::<Vec<_>>().join(", ")));
        }
        config.service(resource);
    }
}

fn refuse_verb(allowed: String) -> Route {
    web::to(move |req: HttpRequest| {
        let refused = rest::wrong_verb(&req, &allowed);
        async move { Err::<HttpResponse, rest::Error>(refused) }
    })
}

/// Kind and id of the object that a path without a company names, from the routes of the objects' pages.
fn named_object<'p>(table: &[Endpoint], path: &'p str) -> Option<(&'static str, &'p str)> {
    let mut parts = path.strip_prefix('/')?.splitn(3, '/');
    let (word, id) = (parts.next()?, parts.next()?);
    let kind = table.iter().find_map(|e| {
        let (listed, kind) = e.path.strip_prefix("/{account}/")?.split_once("/{")?;
        kind.strip_suffix('}').filter(|_| listed == word)
    })?;
    Some((kind, id))
}

async fn ready(services: web::Data<Services>) -> HttpResponse {
    let db = services.db.clone();
    // Whether the database is up to date was made sure of when the program started.
    match web::block(move || db.read(crate::db::answers)).await {
        Ok(Ok(())) => HttpResponse::Ok().body("ready"),
        _ => HttpResponse::ServiceUnavailable().body("not ready"),
    }
}

/// An address without a company, as `/requests/PR-…`, leads to the company of the reader that may see the object.
async fn nothing_here(
    ctx: super::Ctx,
    table: web::Data<Arc<Vec<Endpoint>>>,
    request: HttpRequest,
) -> Result<HttpResponse, super::Error> {
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    if let Some((kind, id)) = named_object(&table, ctx.path()).filter(|_| read)
        && let Some(path) = ctx.where_seen(kind, id).await?
    {
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish());
    }
    let mut refusal = Refusal::not_found("page", "");
    refusal.problems[0].text = Text::new("There is no page at this address. Check it, or start from the home page.");
    Err(refusal.into())
}
