//! An account's data as one archive.

use actix_web::web::post;

use crate::flows::export::pages;
use crate::kit::{Level, Module};
use crate::web::endpoint::{Endpoint, Who, get};

/// Who reads of exports. Whoever starts or fetches one may also read all that is in it: the action asks.
const MANAGE: Who = Who::Member(Module::Account, Level::Manage);

/// The portal's.
pub(super) fn pages() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/{account}/account/exports", MANAGE, "Data exports", || get().to(pages::list)),
        Endpoint::get("/{account}/account/exports/new", MANAGE, "Start a data export", || get().to(pages::new))
            .confirmed(),
        Endpoint::post("/{account}/account/exports/new", MANAGE, "Start a data export", || post().to(pages::do_new))
            .confirmed(),
        Endpoint::get("/{account}/account/exports/{export}", MANAGE, "A data export", || get().to(pages::export)),
        Endpoint::get("/{account}/account/exports/{export}/progress", MANAGE, "How far it is", || {
            get().to(pages::progress)
        }),
        // Whoever has the archive has all the account's data.
        Endpoint::get("/{account}/account/exports/{export}/archive", MANAGE, "Its archive", || {
            get().to(pages::archive)
        })
        .confirmed(),
        Endpoint::get("/{account}/account/exports/{export}/{verb}", MANAGE, "Cancel or delete it", || {
            get().to(pages::verb)
        }),
        Endpoint::post("/{account}/account/exports/{export}/{verb}", MANAGE, "Cancel or delete it", || {
            post().to(pages::do_verb)
        }),
    ]
}
