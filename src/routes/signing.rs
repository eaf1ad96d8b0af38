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
        Endpoint::get("/profile/picture", Who::Person, "Your picture", || get().to(pages::picture)),
        Endpoint::post("/profile/picture", Who::Person, "Save your picture", || post().to(pages::do_picture)),
        Endpoint::get("/profile/security", Who::Person, "How you sign in", || get().to(pages::security)),
        Endpoint::post("/profile/password", Who::Person, "Change the password", || post().to(pages::do_password)),
        Endpoint::get("/profile/email", Who::Person, "Change the e-mail address", || get().to(pages::email))
            .confirmed(),
        Endpoint::post("/profile/email", Who::Person, "Change the e-mail address", || post().to(pages::do_email))
            .confirmed(),
        Endpoint::get("/new-email", Who::Guest, "Use a new address", || get().to(pages::new_email)),
        Endpoint::post("/new-email", Who::Guest, "Use a new address", || post().to(pages::do_new_email)),
        Endpoint::get("/old-email", Who::Guest, "Take a change of address back", || get().to(pages::old_email)),
        Endpoint::post("/old-email", Who::Guest, "Take a change of address back", || post().to(pages::do_old_email)),
        Endpoint::get("/profile/sessions", Who::Person, "Where you are signed in", || get().to(pages::sessions)),
        Endpoint::post("/profile/sessions/end", Who::Person, "End sessions", || post().to(pages::end_sessions)),
        Endpoint::get("/profile/notifications", Who::Person, "Your mails", || get().to(pages::notifications)),
        Endpoint::post("/profile/notifications", Who::Person, "Choose your mails", || {
            post().to(pages::do_notifications)
        })
        .confirmed(),
    ]
}
