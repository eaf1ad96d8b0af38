//! The cookie that binds a sign-in at a provider to the browser that began it. It lets nobody in.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

use crate::flows::accounts::model::sso::ATTEMPT_SECONDS;
use crate::kit::Secret;

fn name(https: bool) -> &'static str {
    if https { "__Host-causeway-sign-on" } else { "causeway-sign-on" }
}

/// The cookie of a sign-in that begins. It comes along when the provider sends the browser back (`Lax`).
pub fn cookie(secret: &Secret, https: bool) -> Cookie<'static> {
    Cookie::build(name(https), secret.reveal().to_owned())
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(ATTEMPT_SECONDS))
        .finish()
}

/// Takes the cookie away: each sign-in has one of its own.
pub fn gone(https: bool) -> Cookie<'static> {
    let mut cookie = cookie(&Secret::presented(""), https);
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// What this browser was given.
pub fn of(req: &HttpRequest, https: bool) -> Option<Secret> {
    req.cookie(name(https)).map(|cookie| Secret::presented(cookie.value()))
}
