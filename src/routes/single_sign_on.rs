//! Paths of single sign-on: signing in by it, and setting it up.

use actix_web::http::Method;
use actix_web::web::{delete, post, put};

use crate::flows::accounts::{api, pages};
use crate::kit::{Level, Module};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

/// Who sets single sign-on up.
const MANAGE: Who = Who::Member(Module::Account, Level::Manage);

/// The portal.
pub fn pages() -> Vec<Endpoint> {
    let manage = MANAGE;
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

/// The API's, under `/public/v1`. Bare `/domains` is left to the host names of brands.
pub fn api() -> Vec<Endpoint> {
    let on = |method, path, summary, shape, route| Endpoint::api(method, path, MANAGE, summary, shape, route);
    let (domain, one) = ("/auth/domains/{sso_domain}", Shape::one::<api::SsoDomain>);
    let mut all = vec![
        on(Method::GET, "/auth/domains", "Domains of e-mail addresses", Shape::list::<api::SsoDomain>(), || {
            get().to(api::sso_domains)
        }),
        on(Method::POST, "/auth/domains", "Add a domain", Shape::created::<api::SsoDomain>(), || {
            post().to(api::add_sso_domain)
        }),
        on(Method::GET, domain, "A domain", one(), || get().to(api::one_sso_domain)),
        on(Method::PUT, domain, "Say how the people of a domain come in", one(), || put().to(api::edit_sso_domain)),
        on(Method::DELETE, domain, "Remove a domain", Shape::empty(), || delete().to(api::delete_sso_domain)),
        on(Method::POST, "/auth/domains/{sso_domain}/verify", "Look the record of a domain up", one(), || {
            post().to(api::verify_sso_domain)
        }),
        on(
            Method::GET,
            "/auth/domains/{sso_domain}/users",
            "Users with an address of a domain",
            Shape::list::<api::DomainUser>(),
            || get().to(api::sso_domain_users),
        ),
    ];
    for [list, provider] in [["/auth/idps", "/auth/idps/{idp}"], ["/idps", "/idps/{bare_idp}"]] {
        let (many, one) = (Shape::list::<api::IdentityProvider>(), Shape::one::<api::IdentityProvider>);
        let new = Shape::created::<api::IdentityProvider>();
        all.extend([
            on(Method::GET, list, "Providers of single sign-on", many, || get().to(api::idps)),
            on(Method::POST, list, "Add a provider", new, || post().to(api::add_idp)),
            on(Method::GET, provider, "A provider", one(), || get().to(api::one_idp)),
            on(Method::PUT, provider, "Change a provider", one(), || put().to(api::edit_idp)),
            on(Method::DELETE, provider, "Remove a provider", Shape::empty(), || delete().to(api::delete_idp)),
        ]);
    }
    all
}
