//! `/countries` of the API.

use actix_web::HttpResponse;

use crate::kit::{NamedRef, country};
use crate::rest::{Caller, Error};

/// `GET /countries`
pub async fn countries(caller: Caller) -> Result<HttpResponse, Error> {
    let named = |(code, name): &(&str, &str)| NamedRef { id: (*code).to_owned(), name: (*name).to_owned() };
    caller.whole(&country::COUNTRIES.iter().map(named).collect::<Vec<_>>())
}
