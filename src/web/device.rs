//! The cookie by which a browser is known in which somebody has signed in before. It lets nobody in: whoever has it is not
//! kept waiting for what others type wrong, and gets no mail about a new browser.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

use crate::kit::Secret;

/// As long as browsers keep a cookie at most.
const AGE: Duration = Duration::days(400);

fn name(https: bool) -> &'static str {
    if https { "__Host-causeway-device" } else { "causeway-device" }
}

/// The cookie that makes a browser known.
pub fn cookie(secret: &Secret, https: bool) -> Cookie<'static> {
    Cookie::build(name(https), secret.reveal().to_owned())
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(AGE)
        .finish()
}

/// What this browser was given, if it looks like something we give.
pub fn of(req: &HttpRequest, https: bool) -> Option<Secret> {
    let cookie = req.cookie(name(https))?;
    let value = cookie.value();
    let ours = value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit());
    ours.then(|| Secret::presented(value))
}
