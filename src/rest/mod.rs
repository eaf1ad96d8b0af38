//! What all endpoints of the API share: the token, bodies, lists, errors, the description.

mod body;
mod caller;
mod error;
mod exact;
mod list;
pub mod multipart;
pub mod openapi;

pub use body::Fields;
pub(crate) use caller::may;
pub use caller::{Caller, count_calls};
pub use error::Error;
pub use exact::Exact;

/// Where the API is mounted.
pub const PREFIX: &str = "/public/v1";
/// What clients compare their own version with.
pub const CONNECT_VERSION: &str = "41.0.0-causeway";

pub use caller::MAX_BODY;
pub use transport::{answer_headers, nothing_here, version_number, wrong_verb};

mod transport;
