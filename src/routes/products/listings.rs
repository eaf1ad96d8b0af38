//! The API of listings and connections.

use actix_web::http::Method;
use actix_web::web::post;

use crate::kit::{Level, Module};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

pub(super) fn api() -> Vec<Endpoint> {
    use crate::flows::listings::api::{self, wire};
    let read = Who::Member(Module::Listings, Level::Read);
    let act = Who::Member(Module::Listings, Level::Act);
    let products = Who::Member(Module::Products, Level::Read);
    let connect = Who::Member(Module::Products, Level::Manage);
    vec![
        Endpoint::api(
            Method::GET,
            "/products/{product}/connections",
            products,
            "Connections",
            Shape::list::<wire::Connection>(),
            || get().to(api::connections),
        ),
        Endpoint::api(
            Method::POST,
            "/products/{product}/connections",
            connect,
            "Connect a product with a hub",
            Shape::created::<wire::Connection>(),
            || post().to(api::connect),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/connections/{connection}",
            products,
            "A connection",
            Shape::one::<wire::Connection>(),
            || get().to(api::connection),
        ),
        Endpoint::api(
            Method::GET,
            "/hubs/{hub}/connections",
            products,
            "A hub's connections",
            Shape::list::<wire::HubConnection>(),
            || get().to(api::hub_connections),
        ),
        Endpoint::api(Method::GET, "/listings", read, "Listings", Shape::list::<wire::Listing>(), || {
            get().to(api::listings)
        }),
        Endpoint::api(Method::GET, "/listings/{listing}", read, "A listing", Shape::one::<wire::Listing>(), || {
            get().to(api::listing)
        }),
        Endpoint::api(
            Method::GET,
            "/listing-requests",
            read,
            "Listing requests",
            Shape::list::<wire::ListingRequest>(),
            || get().to(api::requests),
        ),
        Endpoint::api(
            Method::POST,
            "/listing-requests",
            act,
            "Ask for a listing",
            Shape::created::<wire::ListingRequest>(),
            || post().to(api::ask),
        ),
        Endpoint::api(
            Method::GET,
            "/listing-requests/{listing_request}",
            read,
            "A listing request",
            Shape::one::<wire::ListingRequest>(),
            || get().to(api::request),
        ),
        Endpoint::api(
            Method::POST,
            "/listing-requests/{listing_request}/submit",
            act,
            "Send a listing request for review",
            Shape::one::<wire::ListingRequest>(),
            || post().to(api::submit),
        ),
        Endpoint::api(
            Method::POST,
            "/listing-requests/{listing_request}/refine",
            act,
            "Send a listing request back to the vendor",
            Shape::one::<wire::ListingRequest>(),
            || post().to(api::refine),
        ),
        Endpoint::api(
            Method::POST,
            "/listing-requests/{listing_request}/deploy",
            act,
            "Mark a listing request as deploying",
            Shape::one::<wire::ListingRequest>(),
            || post().to(api::deploy),
        ),
        Endpoint::api(
            Method::POST,
            "/listing-requests/{listing_request}/complete",
            act,
            "Complete a listing request",
            Shape::one::<wire::ListingRequest>(),
            || post().to(api::complete),
        ),
        Endpoint::api(
            Method::POST,
            "/listing-requests/{listing_request}/cancel",
            act,
            "Cancel a listing request",
            Shape::one::<wire::ListingRequest>(),
            || post().to(api::cancel),
        ),
        Endpoint::api(
            Method::POST,
            "/listing-requests/{listing_request}/assign",
            act,
            "Take a listing request over",
            Shape::one::<wire::ListingRequest>(),
            || post().to(api::assign),
        ),
        Endpoint::api(
            Method::POST,
            "/listing-requests/{listing_request}/unassign",
            act,
            "Give a listing request back",
            Shape::one::<wire::ListingRequest>(),
            || post().to(api::unassign),
        ),
    ]
}
