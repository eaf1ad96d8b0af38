//! What a page shows of second factors: a form that a passkey fills in, and a picture that an authenticator app reads.

use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::QrCode;
use qrcode::render::svg;

use super::form::Form;
use super::part::parts;
use crate::web::filters;

/// Name of the field with the state of the question.
pub const STATE: &str = "state";
/// Name of the field with the browser's answer.
pub const ANSWER: &str = "answer";

/// A form that the browser sends when a passkey has answered. Without script it is not shown, and the page says why.
#[derive(Debug, Template)]
#[template(path = "web/passkey.html")]
pub struct PasskeyForm {
    ceremony: &'static str,
    options: String,
    form: Form,
}

impl PasskeyForm {
    /// A form that signs in or confirms. `options` and `state` are those of the question.
    pub fn get(options: &str, state: &str, form: Form) -> Self {
        Self::new("get", options, state, form)
    }

    /// A form that adds a passkey.
    pub fn create(options: &str, state: &str, form: Form) -> Self {
        Self::new("create", options, state, form)
    }

    fn new(ceremony: &'static str, options: &str, state: &str, form: Form) -> Self {
        let form = form.hidden(STATE, state).hidden(ANSWER, "");
        Self { ceremony, options: options.to_owned(), form }
    }
}

/// A picture that a camera reads, with the words beside it that say the same.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<p><img class="qr" src="{{ picture }}" width="200" height="200" alt="{{ "A picture with the key below, for the camera of your authenticator app"|t }}"></p>"#
)]
pub struct QrPicture {
    picture: String,
}

impl QrPicture {
    /// The picture of a text; nothing if the text is too long for one.
    pub fn new(text: &str) -> Option<Self> {
        let code = QrCode::new(text).ok()?;
        let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        Some(Self { picture: format!("data:image/svg+xml,{}", utf8_percent_encode(&drawn, NON_ALPHANUMERIC)) })
    }
}

parts!(PasskeyForm, QrPicture);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_part_of_the_page_and_a_text_that_is_too_long_has_none() {
        let picture = QrPicture::new("otpauth://totp/Causeway:ann?secret=ABC").unwrap().picture;
        assert!(picture.starts_with("data:image/svg+xml,%3C") && picture.len() < 30_000, "{}", picture.len());
        assert!(QrPicture::new(&"x".repeat(5_000)).is_none());
    }
}
