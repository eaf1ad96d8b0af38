//! The own account and its sub-accounts.

use actix_web::http::Method;
use actix_web::web::{post, put};

use crate::flows::accounts::{api, pages as p};
use crate::flows::desk::pages::{close_account, do_close_account};
use crate::kit::{Level, Module, NamedRef};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

const READ: Who = Who::Member(Module::Account, Level::Read);
const MANAGE: Who = Who::Member(Module::Account, Level::Manage);

/// What lets people in or keeps them out, and so asks for a proof.
const DOORS: [&str; 4] = [
    "/{account}/account/close",
    "/{account}/sub-accounts/new",
    "/{account}/sub-accounts/{sub_account}/close",
    "/{account}/sub-accounts/{sub_account}/open",
];

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    let all = vec![
        Endpoint::get("/accounts", Who::Person, "Your accounts", || get().to(p::choose_account)),
        Endpoint::get("/media/{account}/media/{file}", Who::Anyone, "A company's logo", || {
            get().to(crate::web::media::logo)
        }),
        Endpoint::get("/{account}/account", READ, "Account", || get().to(p::account)),
        Endpoint::get("/{account}/account/edit", MANAGE, "Edit the account", || get().to(p::edit_account)),
        Endpoint::post("/{account}/account/edit", MANAGE, "Edit the account", || post().to(p::do_edit_account)),
        Endpoint::get("/{account}/account/logo", MANAGE, "Change the logo", || get().to(p::edit_logo)),
        Endpoint::post("/{account}/account/logo", MANAGE, "Change the logo", || post().to(p::do_edit_logo)),
        Endpoint::get("/{account}/account/close", MANAGE, "Close the account", || get().to(close_account)),
        Endpoint::post("/{account}/account/close", MANAGE, "Close the account", || post().to(do_close_account)),
        Endpoint::get("/{account}/sub-accounts", READ, "Sub-accounts", || get().to(p::sub_accounts)),
        Endpoint::get("/{account}/sub-accounts/new", MANAGE, "Open a sub-account", || get().to(p::new_sub_account)),
        Endpoint::post("/{account}/sub-accounts/new", MANAGE, "Open a sub-account", || {
            post().to(p::do_new_sub_account)
        }),
        Endpoint::get("/{account}/sub-accounts/{sub_account}", READ, "A sub-account", || get().to(p::sub_account)),
        Endpoint::get("/{account}/sub-accounts/{sub_account}/close", MANAGE, "Close a sub-account", || {
            get().to(p::close_sub_account)
        }),
        Endpoint::post("/{account}/sub-accounts/{sub_account}/close", MANAGE, "Close a sub-account", || {
            post().to(p::do_close_sub_account)
        }),
        Endpoint::get("/{account}/sub-accounts/{sub_account}/open", MANAGE, "Open a sub-account again", || {
            get().to(p::open_sub_account)
        }),
        Endpoint::post("/{account}/sub-accounts/{sub_account}/open", MANAGE, "Open a sub-account again", || {
            post().to(p::do_open_sub_account)
        }),
    ];
    all.into_iter().map(|e| if DOORS.contains(&e.path) { e.confirmed() } else { e }).collect()
}

/// The API's.
pub fn api() -> Vec<Endpoint> {
    vec![
        Endpoint::api(Method::GET, "/accounts", Who::AnyMember, "Accounts", Shape::list::<api::Account>(), || {
            get().to(api::accounts)
        }),
        Endpoint::api(
            Method::GET,
            "/accounts/{account}",
            Who::AnyMember,
            "An account",
            Shape::one::<api::Account>(),
            || get().to(api::account),
        ),
        Endpoint::api(
            Method::PUT,
            "/accounts/{account}",
            MANAGE,
            "Change the account",
            Shape::one::<api::Account>(),
            || put().to(api::edit_account),
        ),
        Endpoint::api(Method::GET, "/industries", Who::AnyMember, "Industries", Shape::list::<NamedRef>(), || {
            get().to(api::industries)
        }),
        Endpoint::api(
            Method::GET,
            "/countries/{country}",
            Who::AnyMember,
            "A country",
            Shape::one::<NamedRef>(),
            || get().to(crate::flows::marketplaces::api::one_country),
        ),
        Endpoint::api(
            Method::GET,
            "/industries/{industry}",
            Who::AnyMember,
            "An industry",
            Shape::one::<NamedRef>(),
            || get().to(api::industry),
        ),
    ]
}
