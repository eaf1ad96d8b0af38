//! Every path of the portal and of the API, readable as one page.

mod companies;
mod directory;
mod ordering;
mod orders;
mod partners;
mod products;
mod usage;

use actix_web::http::Method;
use actix_web::web::{delete, post, put};

use crate::flows::{accounts, desk};
use crate::kit::{Level, Module};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

/// The portal.
pub fn pages() -> Vec<Endpoint> {
    let mut all = companies::pages();
    all.extend(account_pages());
    all.extend(directory::pages());
    all.extend(partners::pages());
    all.extend(products::pages());
    all.extend(orders::pages());
    all.extend(ordering::pages());
    all.extend(usage::pages());
    all
}

/// The API, under `/public/v1`.
pub fn api() -> Vec<Endpoint> {
    let mut all = companies::api();
    all.extend(account_api());
    all.extend(directory::api());
    all.extend(partners::api());
    all.extend(products::api());
    all.extend(orders::api());
    all.extend(usage::api());
    all.push(Endpoint::get("/openapi.json", Who::Anyone, "The description of the API", || {
        get().to(crate::rest::openapi::describe)
    }));
    all
}

fn account_pages() -> Vec<Endpoint> {
    use accounts::pages;
    let manage = Who::Member(Module::Account, Level::Manage);
    let read = Who::Member(Module::Account, Level::Read);
    let tokens = Who::Member(Module::Integrations, Level::Manage);
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
        Endpoint::get("/profile", Who::Person, "Profile", || get().to(pages::profile)),
        Endpoint::post("/profile", Who::Person, "Save the profile", || post().to(pages::do_profile)),
        Endpoint::get("/{account}", Who::AnyMember, "Home", || get().to(desk::pages::home)),
        Endpoint::get("/{account}/users", read, "Users", || get().to(pages::users)),
        Endpoint::get("/{account}/users/new", manage, "Invite a user", || get().to(pages::new_user)),
        Endpoint::post("/{account}/users/new", manage, "Invite a user", || post().to(pages::do_new_user)),
        Endpoint::get("/{account}/users/{user}", read, "User", || get().to(pages::user)),
        Endpoint::get("/{account}/users/{user}/remove", manage, "Remove a user", || get().to(pages::remove_user)),
        Endpoint::post("/{account}/users/{user}/remove", manage, "Remove a user", || post().to(pages::do_remove_user)),
        Endpoint::get("/{account}/groups", read, "Groups", || get().to(pages::groups)),
        Endpoint::get("/{account}/tokens", tokens, "Tokens", || get().to(pages::tokens)),
        Endpoint::get("/{account}/tokens/new", tokens, "Create a token", || get().to(pages::new_token)),
        Endpoint::post("/{account}/tokens/new", tokens, "Create a token", || post().to(pages::do_new_token)),
        Endpoint::get("/{account}/tokens/{token}", tokens, "Token", || get().to(pages::token)),
        Endpoint::get("/{account}/tokens/{token}/{verb}", tokens, "Activate, deactivate or delete a token", || {
            get().to(pages::token_verb)
        }),
        Endpoint::post("/{account}/tokens/{token}/{verb}", tokens, "Activate, deactivate or delete a token", || {
            post().to(pages::do_token)
        }),
    ]
}

fn account_api() -> Vec<Endpoint> {
    use accounts::api;
    let any = Who::AnyMember;
    let manage = Who::Member(Module::Account, Level::Manage);
    let tokens = Who::Member(Module::Integrations, Level::Manage);
    vec![
        Endpoint::api(Method::GET, "/accounts/{account}/users", any, "Users", Shape::list::<api::User>(), || {
            get().to(api::users)
        }),
        Endpoint::api(
            Method::POST,
            "/accounts/{account}/users",
            manage,
            "Invite a user",
            Shape::created::<api::User>(),
            || post().to(api::invite),
        ),
        Endpoint::api(
            Method::GET,
            "/accounts/{account}/users/{user}",
            any,
            "A user",
            Shape::one::<api::User>(),
            || get().to(api::one_user),
        ),
        Endpoint::api(
            Method::DELETE,
            "/accounts/{account}/users/{user}",
            manage,
            "Remove a user",
            Shape::empty(),
            || delete().to(api::remove_user),
        ),
        Endpoint::api(Method::GET, "/accounts/{account}/groups", any, "Groups", Shape::list::<api::Group>(), || {
            get().to(api::groups)
        }),
        Endpoint::api(Method::GET, "/auth/context", any, "Who calls", Shape::one::<api::Context>(), || {
            get().to(api::context)
        }),
        Endpoint::api(Method::GET, "/auth/tokens", tokens, "Tokens", Shape::list::<api::Token>(), || {
            get().to(api::tokens)
        }),
        Endpoint::api(Method::POST, "/auth/tokens", tokens, "Create a token", Shape::created::<api::Token>(), || {
            post().to(api::create_token)
        }),
        Endpoint::api(Method::GET, "/auth/tokens/{token}", tokens, "A token", Shape::one::<api::Token>(), || {
            get().to(api::one_token)
        }),
        Endpoint::api(
            Method::PUT,
            "/auth/tokens/{token}",
            tokens,
            "Change a token",
            Shape::one::<api::Token>(),
            || put().to(api::edit_token),
        ),
        Endpoint::api(Method::DELETE, "/auth/tokens/{token}", tokens, "Delete a token", Shape::empty(), || {
            delete().to(api::delete_token)
        }),
        Endpoint::api(
            Method::POST,
            "/auth/tokens/{token}/activate",
            tokens,
            "Activate a token",
            Shape::one::<api::Token>(),
            || post().to(api::activate_token),
        ),
        Endpoint::api(
            Method::POST,
            "/auth/tokens/{token}/deactivate",
            tokens,
            "Deactivate a token",
            Shape::one::<api::Token>(),
            || post().to(api::deactivate_token),
        ),
        Endpoint::api(Method::GET, "/countries", any, "Countries", Shape::list::<crate::kit::NamedRef>(), || {
            get().to(crate::flows::marketplaces::api::countries)
        }),
        Endpoint::api(Method::GET, "/modules", any, "Modules", Shape::list::<crate::kit::NamedRef>(), || {
            get().to(api::modules)
        }),
    ]
}
