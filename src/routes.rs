//! Every path of the portal and of the API, readable as one page.

mod companies;
mod directory;
mod export;
mod factors;
mod forms;
mod inviting;
mod operator;
mod ordering;
mod orders;
mod partners;
mod people;
mod products;
mod signing;
mod single_sign_on;
mod tokens;
mod usage;

use actix_web::http::Method;
use actix_web::web::post;

use crate::flows::{accounts, desk};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

/// The portal.
pub fn pages() -> Vec<Endpoint> {
    let mut all = companies::pages();
    all.extend(account_pages());
    all.extend(directory::pages());
    all.extend(signing::pages());
    all.extend(tokens::pages());
    all.extend(people::pages());
    // Before the verbs of contracts, which would take its path.
    all.extend(forms::pages());
    all.extend(inviting::pages());
    all.extend(partners::pages());
    all.extend(products::pages());
    all.extend(orders::pages());
    all.extend(ordering::pages());
    all.extend(usage::pages());
    all.extend(operator::pages());
    all.extend(factors::pages());
    all.extend(export::pages());
    all.extend(single_sign_on::pages());
    all
}

/// The API, under `/public/v1`.
pub fn api() -> Vec<Endpoint> {
    let mut all = companies::api();
    all.extend(account_api());
    all.extend(directory::api());
    all.extend(tokens::api());
    all.extend(people::api());
    all.extend(single_sign_on::api());
    all.extend(forms::api());
    all.extend(partners::api());
    all.extend(inviting::api());
    all.extend(products::api());
    all.extend(orders::api());
    all.extend(usage::api());
    all.extend(operator::api());
    all.extend(factors::api());
    all.push(Endpoint::get("/openapi.json", Who::Anyone, "The description of the API", || {
        get().to(crate::rest::openapi::describe)
    }));
    all
}

fn account_pages() -> Vec<Endpoint> {
    use accounts::pages;
    vec![
        Endpoint::get("/", Who::Anyone, "Front door", || get().to(pages::front)),
        Endpoint::get("/sign-in", Who::Anyone, "Sign in", || get().to(pages::sign_in)),
        Endpoint::post("/sign-in", Who::Anyone, "Sign in", || post().to(pages::do_sign_in)),
        Endpoint::post("/sign-out", Who::Anyone, "Sign out", || post().to(pages::do_sign_out)),
        Endpoint::post("/appearance", Who::Anyone, "Light or dark", || post().to(pages::appearance)),
        Endpoint::get("/set-password", Who::Guest, "Set a password", || get().to(pages::set_password)),
        Endpoint::post("/set-password", Who::Guest, "Set a password", || post().to(pages::do_set_password)),
        Endpoint::get("/forgotten-password", Who::Anyone, "Forgotten password", || get().to(pages::forgotten)),
        Endpoint::post("/forgotten-password", Who::Anyone, "Forgotten password", || post().to(pages::do_forgotten)),
        Endpoint::get("/api-docs", Who::Anyone, "What the API can do", || get().to(crate::web::api_docs::page)),
        Endpoint::get("/{account}", Who::AnyMember, "Home", || get().to(desk::pages::home)),
    ]
}

fn account_api() -> Vec<Endpoint> {
    use accounts::api;
    let any = Who::AnyMember;
    vec![
        Endpoint::api(Method::GET, "/auth/context", any, "Who calls", Shape::one::<api::Context>(), || {
            get().to(api::context)
        }),
        Endpoint::api(Method::GET, "/countries", any, "Countries", Shape::list::<crate::kit::NamedRef>(), || {
            get().to(crate::flows::marketplaces::api::countries)
        }),
    ]
}
