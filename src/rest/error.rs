//! The error body of the API: `{"error_code": …, "errors": [text, …], "params": {…}}`.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};

use crate::db;
use crate::kit::{Refusal, Text};

/// Why an endpoint did not do what was asked.
#[derive(Debug)]
pub enum Error {
    /// No usable token.
    Unauthorized,
    /// The business says no.
    Refused(Refusal),
    /// The path is there, but not for this verb.
    WrongVerb {
        /// What is wrong.
        text: Text,
        /// The verbs that it is for, as the header `Allow` names them.
        allowed: String,
    },
    /// Something broke; it was logged with this number.
    Broken(String),
}

#[derive(serde::Serialize, utoipa::ToSchema)]
/// What every refused call answers.
pub struct ErrorBody {
    /// Three letters and a number.
    pub error_code: String,
    /// One text per problem, `field: text`.
    pub errors: Vec<String>,
    /// Facts for programs.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    #[schema(value_type = Object)]
    pub params: serde_json::Map<String, serde_json::Value>,
}

impl Error {
    fn body(&self) -> ErrorBody {
        let plain = |code: &str, text: String| ErrorBody {
            error_code: code.to_owned(),
            errors: vec![text],
            params: serde_json::Map::new(),
        };
        match self {
            Self::Unauthorized => plain("AUTH_001", "API request is unauthorized.".to_owned()),
            Self::Refused(r) => ErrorBody {
                error_code: r.wire.to_owned(),
                errors: r
                    .problems
                    .iter()
                    .map(|p| if p.field.is_empty() { p.text.to_string() } else { format!("{}: {}", p.field, p.text) })
                    .collect(),
                params: r.params.iter().map(|(n, v)| ((*n).to_owned(), serde_json::Value::String(v.clone()))).collect(),
            },
            Self::WrongVerb { text, .. } => plain("SYS_405", text.to_string()),
            Self::Broken(number) => plain(
                "SYS_500",
                format!(
                    "This could not be done because something broke here. Nothing was changed. The operator finds the cause under {number}."
                ),
            ),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.body().errors.join(" "))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Refused(refusal) => Self::Refused(refusal),
            other => broken(&other),
        }
    }
}

impl From<actix_web::error::BlockingError> for Error {
    fn from(error: actix_web::error::BlockingError) -> Self {
        broken(&error)
    }
}

fn broken(error: &dyn fmt::Display) -> Error {
    let number = crate::kit::random_digits(&[4, 4]);
    tracing::error!(number = %number, error = %error, "API call failed ({number}): {error}");
    Error::Broken(number)
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Refused(r) => StatusCode::from_u16(r.status()).unwrap_or(StatusCode::BAD_REQUEST),
            Self::WrongVerb { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Self::WrongVerb { allowed, .. } = self {
            response.insert_header((header::ALLOW, allowed.as_str()));
        }
        if let Self::Refused(refusal) = self
            && let Some(wait) = crate::web::shell::retry_after(refusal)
        {
            response.insert_header((header::RETRY_AFTER, wait));
        }
        response.json(self.body())
    }
}
