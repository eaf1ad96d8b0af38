//! Paths of single sign-on: signing in by it, and setting it up.

use actix_web::web::post;

use crate::flows::accounts::pages;
use crate::kit::{Level, Module};
use crate::web::endpoint::{Endpoint, Who, get};

/// The portal.
pub fn pages() -> Vec<Endpoint> {
    let manage = Who::Member(Module::Account, Level::Manage);
    // A domain and its provider let people in, or keep them out.
    let dangerous = domains(manage).into_iter().chain(providers(manage));
    let mut all: Vec<Endpoint> = dangerous.map(Endpoint::confirmed).collect();
    all.extend([
        Endpoint::get("/sign-in/sso", Who::Anyone, "Single sign-on", || get().to(pages::sso)),
        Endpoint::post("/sign-in/sso", Who::Anyone, "Providers for an address", || post().to(pages::do_sso)),
        Endpoint::get("/sign-in/sso/go", Who::Anyone, "To a provider", || get().to(pages::sso_go)),
        Endpoint::get("/sign-in/oidc/callback/{idp}", Who::Anyone, "Back from a provider", || {
            get().to(pages::sso_back)
        }),
        Endpoint::get("/{account}/account/sso", manage, "Single sign-on of the account", || get().to(pages::sso_home)),
        Endpoint::get("/{account}/account/sso/domains/{sso_domain}", manage, "A domain", || {
            get().to(pages::sso_domain)
        }),
        Endpoint::get("/{account}/account/sso/providers/{idp}", manage, "A provider", || get().to(pages::sso_idp)),
    ]);
    all
}

fn domains(manage: Who) -> Vec<Endpoint> {
    vec![
        Endpoint::get("/{account}/account/sso/domains/new", manage, "Add a domain", || get().to(pages::new_sso_domain)),
        Endpoint::post("/{account}/account/sso/domains/new", manage, "Add a domain", || {
            post().to(pages::do_new_sso_domain)
        }),
        Endpoint::post("/{account}/account/sso/domains/{sso_domain}", manage, "Say how people come in", || {
            post().to(pages::do_sso_domain)
        }),
        Endpoint::post("/{account}/account/sso/domains/{sso_domain}/verify", manage, "Verify a domain", || {
            post().to(pages::do_verify_domain)
        }),
        Endpoint::post("/{account}/account/sso/domains/{sso_domain}/unlink", manage, "Remove a user's link", || {
            post().to(pages::do_unlink)
        }),
        Endpoint::get("/{account}/account/sso/domains/{sso_domain}/delete", manage, "Remove a domain", || {
            get().to(pages::delete_sso_domain)
        }),
        Endpoint::post("/{account}/account/sso/domains/{sso_domain}/delete", manage, "Remove a domain", || {
            post().to(pages::do_delete_sso_domain)
        }),
    ]
}

fn providers(manage: Who) -> Vec<Endpoint> {
    vec![
        Endpoint::get("/{account}/account/sso/providers/new", manage, "Add a provider", || get().to(pages::new_idp)),
        Endpoint::post("/{account}/account/sso/providers/new", manage, "Add a provider", || {
            post().to(pages::do_new_idp)
        }),
        Endpoint::post("/{account}/account/sso/providers/{idp}", manage, "Change a provider", || {
            post().to(pages::do_sso_idp)
        }),
        Endpoint::post("/{account}/account/sso/providers/{idp}/test", manage, "Test a provider", || {
            post().to(pages::do_test_idp)
        }),
        Endpoint::get("/{account}/account/sso/providers/{idp}/delete", manage, "Remove a provider", || {
            get().to(pages::delete_idp)
        }),
        Endpoint::post("/{account}/account/sso/providers/{idp}/delete", manage, "Remove a provider", || {
            post().to(pages::do_delete_idp)
        }),
    ]
}
