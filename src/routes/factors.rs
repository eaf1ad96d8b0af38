//! Paths of second factors: signing in with them, the own ones, what an account asks.

use actix_web::http::Method;
use actix_web::web::post;

use crate::flows::accounts::{self, pages};
use crate::kit::{Level, Module};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

/// The portal.
pub fn pages() -> Vec<Endpoint> {
    let manage = Who::Member(Module::Account, Level::Manage);
    let read = Who::Member(Module::Account, Level::Read);
    let me = Who::Person;
    let mut all = vec![
        Endpoint::get("/sign-in/second", Who::Anyone, "Second step of signing in", || get().to(pages::second)),
        Endpoint::post("/sign-in/second", Who::Anyone, "Second step of signing in", || post().to(pages::do_second)),
        Endpoint::post("/sign-in/passkey", Who::Anyone, "Sign in with a passkey", || post().to(pages::do_passkey)),
        Endpoint::post("/profile/security/later", me, "Put the hint about second factors away", || {
            post().to(pages::do_later)
        }),
        Endpoint::get("/{account}/account/security", read, "Security", || get().to(pages::policy)),
    ];
    // Who adds a factor can stay for good, who removes one can lock its owner out.
    let dangerous = [
        Endpoint::get("/profile/security/app", me, "Set up an authenticator app", || get().to(pages::app)),
        Endpoint::post("/profile/security/app", me, "Set up an authenticator app", || post().to(pages::do_app)),
        Endpoint::get("/profile/security/app/remove", me, "Remove the authenticator app", || {
            get().to(pages::remove_app)
        }),
        Endpoint::post("/profile/security/app/remove", me, "Remove the authenticator app", || {
            post().to(pages::do_remove_app)
        }),
        Endpoint::get("/profile/security/passkeys/new", me, "Add a passkey", || get().to(pages::new_passkey)),
        Endpoint::post("/profile/security/passkeys/new", me, "Add a passkey", || post().to(pages::do_new_passkey)),
        Endpoint::get("/profile/security/passkeys/remove", me, "Remove a passkey", || get().to(pages::remove_passkey)),
        Endpoint::post("/profile/security/passkeys/remove", me, "Remove a passkey", || {
            post().to(pages::do_remove_passkey)
        }),
        Endpoint::get("/profile/security/codes", me, "Make new recovery codes", || get().to(pages::codes)),
        Endpoint::post("/profile/security/codes", me, "Make new recovery codes", || post().to(pages::do_codes)),
        Endpoint::post("/{account}/account/security", manage, "Say who needs a second factor", || {
            post().to(pages::do_policy)
        }),
        Endpoint::post(
            "/{account}/account/security/contracts",
            manage,
            "Say how many people decide on contracts",
            || post().to(pages::do_two_people),
        ),
    ];
    all.extend(dangerous.into_iter().map(Endpoint::confirmed));
    all
}

/// The API.
pub fn api() -> Vec<Endpoint> {
    vec![Endpoint::api(
        Method::GET,
        "/modules/account/settings",
        Who::Member(Module::Account, Level::Read),
        "Settings of the account",
        Shape::one::<accounts::api::AccountSettings>(),
        || get().to(accounts::api::account_settings),
    )]
}
