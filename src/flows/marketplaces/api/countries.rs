//! `/countries` of the API.

use actix_web::{HttpResponse, web};

use crate::kit::{NamedRef, Refusal, country};
use crate::rest::{Caller, Error};

/// `GET /countries`
pub async fn countries(caller: Caller) -> Result<HttpResponse, Error> {
    let named = |(code, name): &(&str, &str)| NamedRef { id: (*code).to_owned(), name: (*name).to_owned() };
    caller.whole(&country::COUNTRIES.iter().map(named).collect::<Vec<_>>())
}

/// `GET /countries/{country}`
pub async fn one_country(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let asked = path.into_inner();
    caller
        .one(move |_, _| {
            let named = country::code(&asked).zip(country::name(&asked));
            let (id, name) = named.ok_or_else(|| Refusal::not_found("country", &asked))?;
            Ok(NamedRef { id: id.to_owned(), name: name.to_owned() })
        })
        .await
}
