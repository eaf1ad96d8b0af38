//! What a page answers when it cannot do what was asked.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};

use crate::db;
use crate::kit::Refusal;

/// Why there is no page.
#[derive(Debug)]
pub enum Cause {
    /// Nobody is signed in; after signing in, go on here.
    SignIn(String),
    /// A second factor is needed for this; it is set up at this address.
    SetUp(String),
    /// The company wants its single sign-on, which begins at this address.
    SingleSignOn(String),
    /// The person has to prove again who they are, at this address, before this is done.
    Confirm {
        /// Where to.
        to: String,
        /// Whether a form was sent, which goes there with what was typed.
        form: bool,
    },
    /// The business says no.
    Refused(Refusal),
    /// Something broke; it was logged with this number.
    Broken(String),
}

/// A cause and, where it is known, the shell to show it in.
#[derive(Debug)]
pub struct Error {
    /// Why.
    pub cause: Cause,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::SignIn(_) => f.write_str("not signed in"),
            Cause::SetUp(_) => f.write_str("no second factor"),
            Cause::SingleSignOn(_) => f.write_str("no single sign-on"),
            Cause::Confirm { .. } => f.write_str("not confirmed of late"),
            Cause::Refused(r) => r.fmt(f),
            Cause::Broken(number) => write!(f, "broken: {number}"),
        }
    }
}

impl From<Cause> for Error {
    fn from(cause: Cause) -> Self {
        Self { cause }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Cause::Refused(refusal).into()
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Refused(refusal) => refusal.into(),
            other => broken(&other),
        }
    }
}

impl From<actix_web::error::BlockingError> for Error {
    fn from(error: actix_web::error::BlockingError) -> Self {
        broken(&error)
    }
}

/// Logs a failure once and gives the number by which the operator finds it.
pub fn broken(error: &dyn fmt::Display) -> Error {
    let number = crate::kit::random_digits(&[4, 4]);
    tracing::error!(number = %number, error = %error, "request failed ({number}): {error}");
    Cause::Broken(number).into()
}

impl Error {
    /// The page that says it.
    pub fn page(&self) -> HttpResponse {
        match &self.cause {
            Cause::SignIn(next) => {
                HttpResponse::SeeOther().insert_header((header::LOCATION, sign_in_path(next))).finish()
            }
            Cause::SetUp(path) | Cause::SingleSignOn(path) => {
                HttpResponse::SeeOther().insert_header((header::LOCATION, path.as_str())).finish()
            }
            Cause::Confirm { to, .. } => {
                HttpResponse::build(self.status_code()).insert_header((header::LOCATION, to.as_str())).finish()
            }
            Cause::Refused(r) => HttpResponse::build(self.status_code()).body(r.to_string()),
            Cause::Broken(_) => HttpResponse::InternalServerError().finish(),
        }
    }
}

fn sign_in_path(next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/sign-in?next={next}")
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match &self.cause {
            Cause::SignIn(_) | Cause::SetUp(_) | Cause::SingleSignOn(_) | Cause::Confirm { form: false, .. } => {
                StatusCode::SEE_OTHER
            }
            // The browser sends the form there once more, as it is.
            Cause::Confirm { form: true, .. } => StatusCode::TEMPORARY_REDIRECT,
            Cause::Refused(r) => StatusCode::from_u16(r.status()).unwrap_or(StatusCode::BAD_REQUEST),
            Cause::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.page()
    }
}
