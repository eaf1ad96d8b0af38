//! Every path of the portal and of the API, readable as one page.

use crate::web::endpoint::Endpoint;

/// The portal.
pub fn pages() -> Vec<Endpoint> {
    vec![]
}

/// The API, under `/public/v1`.
pub fn api() -> Vec<Endpoint> {
    vec![]
}
