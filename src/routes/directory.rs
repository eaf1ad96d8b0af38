//! Partners.

use actix_web::http::Method;

use crate::flows::partners::{api, pages as p};
use crate::flows::products::api::wire::Product;
use crate::kit::{Level, Module};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

const READ: Who = Who::Member(Module::Partners, Level::Read);
const READ_LISTINGS: Who = Who::Member(Module::Listings, Level::Read);

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/{account}/partners", READ, "Partners", || get().to(p::partners)),
        Endpoint::get("/{account}/partners/{partner}", READ, "A partner", || get().to(p::partner)),
        Endpoint::get("/{account}/partners/{partner}/contracts", READ, "Contracts with a partner", || {
            get().to(p::partner_contracts)
        }),
        Endpoint::get("/{account}/partners/{partner}/listings", READ_LISTINGS, "Listings with a partner", || {
            get().to(p::partner_listings)
        }),
    ]
}

/// The API's.
pub fn api() -> Vec<Endpoint> {
    vec![
        Endpoint::api(Method::GET, "/partners", READ, "Partners", Shape::list::<api::Partner>(), || {
            get().to(api::partners)
        }),
        Endpoint::api(Method::GET, "/partners/{partner}", READ, "A partner", Shape::one::<api::Partner>(), || {
            get().to(api::partner)
        }),
        Endpoint::api(
            Method::GET,
            "/partners/{partner}/products",
            READ,
            "Products of a partner",
            Shape::list::<Product>(),
            || get().to(api::partner_products),
        ),
        Endpoint::api(
            Method::GET,
            "/partners/{partner}/products/{product}",
            READ,
            "A product of a partner",
            Shape::one::<Product>(),
            || get().to(api::partner_product),
        ),
    ]
}
