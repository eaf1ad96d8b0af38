//! `/conversations` of the API: none is held here yet. Old clients ask for those about each request before they go on.

use actix_web::HttpResponse;

use super::wire::Conversation;
use crate::rest::{Caller, Error};

/// `GET /conversations`
pub async fn conversations(caller: Caller) -> Result<HttpResponse, Error> {
    caller.whole::<Conversation>(&[])
}
