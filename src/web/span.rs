//! What the log says about a request: its method, its path, how it ended. Never its query, in which a mail's link carries a
//! secret, and no part of the path that opens something by itself.

use actix_web::HttpMessage as _;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::field::{Empty, display};
use tracing_actix_web::{RequestId, RootSpanBuilder};

/// Makes the span that everything logged during a request stands in.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> tracing::Span {
        let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let path = without_secrets(request.path());
        tracing::info_span!("request", id, method = %request.method(), path, status = Empty, error = Empty)
    }

    fn on_request_end<B: MessageBody>(span: tracing::Span, outcome: &Result<ServiceResponse<B>, actix_web::Error>) {
        match outcome {
            Ok(response) => {
                span.record("status", response.status().as_u16());
            }
            Err(error) => {
                span.record("status", error.as_response_error().status_code().as_u16());
                span.record("error", display(error));
            }
        }
    }
}

/// A path in which secrets, 64 hexadecimal digits each, are left out.
fn without_secrets(path: &str) -> String {
    let secret = |part: &&str| part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
    path.split('/').map(|part| if secret(&part) { "…" } else { part }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::without_secrets;
    use crate::kit::Secret;

    #[test]
    fn a_path_is_logged_without_what_opens_something() {
        let signed = format!("/downloads/usage/processed/UF-1/123/{}", Secret::generate().reveal());
        assert_eq!(without_secrets(&signed), "/downloads/usage/processed/UF-1/123/…");
        assert_eq!(without_secrets("/VA-123-456/requests/PR-1"), "/VA-123-456/requests/PR-1");
    }
}
