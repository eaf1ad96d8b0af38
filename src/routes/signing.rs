//! Paths of signing in and of the own profile.

use actix_web::web::post;

use crate::flows::accounts::pages;
use crate::web::confirm;
use crate::web::endpoint::{Endpoint, Who, get};

/// The portal.
pub fn pages() -> Vec<Endpoint> {
    vec![
        Endpoint::get(confirm::PATH, Who::Person, "Confirm that it is you", || get().to(pages::confirm)),
        Endpoint::post(confirm::PATH, Who::Person, "Confirm that it is you", || post().to(pages::do_confirm)),
        Endpoint::post(confirm::LATE, Who::Person, "Keep a form that was sent too late", || post().to(pages::late)),
        Endpoint::get("/profile", Who::Person, "Profile", || get().to(pages::profile)),
        Endpoint::post("/profile", Who::Person, "Save the profile", || post().to(pages::do_profile)),
        Endpoint::get("/profile/security", Who::Person, "How you sign in", || get().to(pages::security)),
        Endpoint::post("/profile/password", Who::Person, "Change the password", || post().to(pages::do_password)),
    ]
}
