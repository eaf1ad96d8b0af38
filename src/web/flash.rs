//! A message for the next page, carried in a cookie that lives for one page.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::kit::Text;

const NAME: &str = "flash";
/// A longer message is not carried: cookies have a limit.
const MAX_BYTES: usize = 3000;

/// The cookie that carries a message.
pub fn cookie(text: &Text, https: bool) -> Cookie<'static> {
    let json = serde_json::to_string(text).unwrap_or_default();
    let value = utf8_percent_encode(&json, NON_ALPHANUMERIC).to_string();
    let value = if value.len() > MAX_BYTES { String::new() } else { value };
    Cookie::build(NAME, value)
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(60))
        .finish()
}

/// The message that the last page left.
pub fn message(req: &HttpRequest) -> Option<Text> {
    let value = req.cookie(NAME)?;
    let json = percent_decode_str(value.value()).decode_utf8().ok()?;
    serde_json::from_str(&json).ok()
}

/// The cookie that takes the message away.
pub fn gone() -> Cookie<'static> {
    let mut cookie = Cookie::build(NAME, "").path("/").finish();
    cookie.make_removal();
    cookie
}
