//! Products, listings and connections.

mod listings;
mod pages;

use actix_web::http::Method;
use actix_web::web::{delete, post, put};

use crate::flows::products;
use crate::kit::{Level, Module};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

/// The portal.
pub(super) fn pages() -> Vec<Endpoint> {
    let mut all = pages::pictures();
    all.extend(pages::products());
    all.extend(pages::parts());
    all.extend(pages::listings());
    all
}

/// The API.
pub(super) fn api() -> Vec<Endpoint> {
    let mut all = product_api();
    all.extend(listings::api());
    all
}

fn product_api() -> Vec<Endpoint> {
    use products::api::{self, wire};
    let read = Who::Member(Module::Products, Level::Read);
    let manage = Who::Member(Module::Products, Level::Manage);
    let any = Who::AnyMember;
    vec![
        Endpoint::api(Method::GET, "/categories", any, "Categories", Shape::list::<wire::Category>(), || {
            get().to(api::categories)
        }),
        Endpoint::api(Method::GET, "/categories/{category}", any, "A category", Shape::one::<wire::Category>(), || {
            get().to(api::category)
        }),
        Endpoint::api(
            Method::GET,
            "/settings/units",
            any,
            "Units of measure",
            Shape::list::<wire::UnitOfMeasure>(),
            || get().to(api::units),
        ),
        Endpoint::api(
            Method::POST,
            "/settings/units",
            manage,
            "Make a unit",
            Shape::created::<wire::UnitOfMeasure>(),
            || post().to(api::create_unit),
        ),
        Endpoint::api(Method::GET, "/products", read, "Products", Shape::list::<wire::Product>(), || {
            get().to(api::products)
        }),
        Endpoint::api(Method::POST, "/products", manage, "Make a product", Shape::created::<wire::Product>(), || {
            post().to(api::create)
        }),
        Endpoint::api(Method::GET, "/products/{product}", read, "A product", Shape::one::<wire::Product>(), || {
            get().to(api::product)
        }),
        Endpoint::api(
            Method::PUT,
            "/products/{product}",
            manage,
            "Change a product",
            Shape::one::<wire::Product>(),
            || put().to(api::edit),
        ),
        Endpoint::api(Method::DELETE, "/products/{product}", manage, "Delete a draft product", Shape::empty(), || {
            delete().to(api::delete)
        }),
        Endpoint::api(
            Method::POST,
            "/products/{product}/endsale",
            manage,
            "End the sale of a product",
            Shape::one::<wire::Product>(),
            || post().to(api::end_sale),
        ),
        Endpoint::api(
            Method::POST,
            "/products/{product}/resumesale",
            manage,
            "Resume the sale of a product",
            Shape::one::<wire::Product>(),
            || post().to(api::resume_sale),
        ),
        Endpoint::api(Method::GET, "/products/{product}/items", read, "Items", Shape::list::<wire::Item>(), || {
            get().to(api::items)
        }),
        Endpoint::api(
            Method::POST,
            "/products/{product}/items",
            manage,
            "Make an item",
            Shape::created::<wire::Item>(),
            || post().to(api::create_item),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/items/{item}",
            read,
            "An item",
            Shape::one::<wire::Item>(),
            || get().to(api::item),
        ),
        Endpoint::api(
            Method::PUT,
            "/products/{product}/items/{item}",
            manage,
            "Change an item",
            Shape::one::<wire::Item>(),
            || put().to(api::edit_item),
        ),
        Endpoint::api(
            Method::DELETE,
            "/products/{product}/items/{item}",
            manage,
            "Delete a draft item",
            Shape::empty(),
            || delete().to(api::delete_item),
        ),
        Endpoint::api(
            Method::POST,
            "/products/{product}/items/{item}/endsale",
            manage,
            "End the sale of an item",
            Shape::one::<wire::Item>(),
            || post().to(api::end_item_sale),
        ),
        Endpoint::api(
            Method::POST,
            "/products/{product}/items/{item}/resumesale",
            manage,
            "Resume the sale of an item",
            Shape::one::<wire::Item>(),
            || post().to(api::resume_item_sale),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/parameters",
            read,
            "Parameters",
            Shape::list::<wire::Parameter>(),
            || get().to(api::parameters),
        ),
        Endpoint::api(
            Method::POST,
            "/products/{product}/parameters",
            manage,
            "Make a parameter",
            Shape::created::<wire::Parameter>(),
            || post().to(api::create_parameter),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/parameters/{parameter}",
            read,
            "A parameter",
            Shape::one::<wire::Parameter>(),
            || get().to(api::parameter),
        ),
        Endpoint::api(
            Method::PUT,
            "/products/{product}/parameters/{parameter}",
            manage,
            "Change a parameter",
            Shape::one::<wire::Parameter>(),
            || put().to(api::edit_parameter),
        ),
        Endpoint::api(
            Method::DELETE,
            "/products/{product}/parameters/{parameter}",
            manage,
            "Delete a parameter",
            Shape::empty(),
            || delete().to(api::delete_parameter),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/templates",
            read,
            "Templates",
            Shape::list::<wire::Template>(),
            || get().to(api::templates),
        ),
        Endpoint::api(
            Method::POST,
            "/products/{product}/templates",
            manage,
            "Make a template",
            Shape::created::<wire::Template>(),
            || post().to(api::create_template),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/templates/{template}",
            read,
            "A template",
            Shape::one::<wire::Template>(),
            || get().to(api::template),
        ),
        Endpoint::api(
            Method::PUT,
            "/products/{product}/templates/{template}",
            manage,
            "Change a template",
            Shape::one::<wire::Template>(),
            || put().to(api::edit_template),
        ),
        Endpoint::api(
            Method::DELETE,
            "/products/{product}/templates/{template}",
            manage,
            "Delete a template",
            Shape::empty(),
            || delete().to(api::delete_template),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/templates/{template}/preview",
            read,
            "A template as HTML",
            Shape::one::<String>(),
            || get().to(api::preview_template),
        ),
        Endpoint::api(Method::GET, "/products/{product}/media", read, "Media", Shape::list::<wire::Medium>(), || {
            get().to(api::media)
        }),
        Endpoint::api(
            Method::POST,
            "/products/{product}/media",
            manage,
            "Add a medium",
            Shape::created::<wire::Medium>(),
            || post().to(api::add_medium),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/media/{medium}",
            read,
            "A medium",
            Shape::one::<wire::Medium>(),
            || get().to(api::medium),
        ),
        Endpoint::api(
            Method::PUT,
            "/products/{product}/media/{medium}",
            manage,
            "Change a medium",
            Shape::one::<wire::Medium>(),
            || put().to(api::change_medium),
        ),
        Endpoint::api(
            Method::DELETE,
            "/products/{product}/media/{medium}",
            manage,
            "Remove a medium",
            Shape::empty(),
            || delete().to(api::remove_medium),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions",
            read,
            "Versions",
            Shape::list::<wire::Product>(),
            || get().to(api::versions),
        ),
        Endpoint::api(
            Method::POST,
            "/products/{product}/versions",
            manage,
            "Save a version",
            Shape::created::<wire::Product>(),
            || post().to(api::save_version),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}",
            read,
            "A version",
            Shape::one::<wire::Product>(),
            || get().to(api::version),
        ),
        Endpoint::api(
            Method::PUT,
            "/products/{product}/versions/{version}",
            manage,
            "Change a version",
            Shape::one::<wire::Product>(),
            || put().to(api::edit_version),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}/items",
            read,
            "Items of a version",
            Shape::list::<wire::Item>(),
            || get().to(api::version_items),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}/items/{item}",
            read,
            "An item of a version",
            Shape::one::<wire::Item>(),
            || get().to(api::version_item),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}/media",
            read,
            "Media of a version",
            Shape::list::<wire::Medium>(),
            || get().to(api::version_media),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}/media/{medium}",
            read,
            "A medium of a version",
            Shape::one::<wire::Medium>(),
            || get().to(api::version_medium),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}/parameters",
            read,
            "Parameters of a version's product",
            Shape::list::<wire::Parameter>(),
            || get().to(api::version_parameters),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}/parameters/{parameter}",
            read,
            "A parameter of a version's product",
            Shape::one::<wire::Parameter>(),
            || get().to(api::version_parameter),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}/templates",
            read,
            "Templates of a version's product",
            Shape::list::<wire::Template>(),
            || get().to(api::version_templates),
        ),
        Endpoint::api(
            Method::GET,
            "/products/{product}/versions/{version}/templates/{template}",
            read,
            "A template of a version's product",
            Shape::one::<wire::Template>(),
            || get().to(api::version_template),
        ),
    ]
}
