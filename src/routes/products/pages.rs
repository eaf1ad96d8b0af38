//! The pages of products, listings and connections.

use actix_web::web::post;

use crate::flows::{listings, products};
use crate::kit::{Level, Module};
use crate::web::endpoint::{Endpoint, Who, get};
use crate::web::media;

const READ: Who = Who::Member(Module::Products, Level::Read);
const MANAGE: Who = Who::Member(Module::Products, Level::Manage);
const READ_LISTINGS: Who = Who::Member(Module::Listings, Level::Read);
const ACT: Who = Who::Member(Module::Listings, Level::Act);

pub(super) fn pictures() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/media/product.png", Who::Anyone, "Picture of products without one", || {
            get().to(media::product)
        }),
        Endpoint::get("/media/{account}/{product}/media/{file}", Who::Anyone, "A public picture", || {
            get().to(media::file)
        }),
    ]
}

pub(super) fn products() -> Vec<Endpoint> {
    use products::pages as p;
    vec![
        Endpoint::get("/{account}/products", READ, "Products", || get().to(p::products)),
        Endpoint::get("/{account}/products/new", MANAGE, "Create a product", || get().to(p::new_product)),
        Endpoint::post("/{account}/products/new", MANAGE, "Create a product", || post().to(p::do_new_product)),
        Endpoint::get("/{account}/products/{product}", READ, "A product", || get().to(p::product)),
        Endpoint::get("/{account}/products/{product}/edit", MANAGE, "Edit general data", || get().to(p::edit_product)),
        Endpoint::post("/{account}/products/{product}/edit", MANAGE, "Edit general data", || {
            post().to(p::do_edit_product)
        }),
        Endpoint::get("/{account}/products/{product}/delete", MANAGE, "Delete a draft", || get().to(p::delete_product)),
        Endpoint::post("/{account}/products/{product}/delete", MANAGE, "Delete a draft", || {
            post().to(p::do_delete_product)
        }),
        Endpoint::get("/{account}/products/{product}/end-sale", MANAGE, "End the sale", || {
            get().to(p::end_product_sale)
        }),
        Endpoint::post("/{account}/products/{product}/end-sale", MANAGE, "End the sale", || {
            post().to(p::do_end_product_sale)
        }),
        Endpoint::post("/{account}/products/{product}/resume-sale", MANAGE, "Resume the sale", || {
            post().to(p::do_resume_product_sale)
        }),
        Endpoint::get("/{account}/products/{product}/settings", MANAGE, "Settings", || get().to(p::settings)),
        Endpoint::post("/{account}/products/{product}/settings", MANAGE, "Save the settings", || {
            post().to(p::do_settings)
        }),
        Endpoint::get("/{account}/products/{product}/media", MANAGE, "Pictures and videos", || get().to(p::media)),
        Endpoint::post("/{account}/products/{product}/media", MANAGE, "Add a picture or video", || {
            post().to(p::do_add_medium)
        }),
        Endpoint::post("/{account}/products/{product}/media/{medium}/remove", MANAGE, "Remove a picture", || {
            post().to(p::do_remove_medium)
        }),
    ]
}

pub(super) fn parts() -> Vec<Endpoint> {
    use products::pages as p;
    vec![
        Endpoint::get("/{account}/products/{product}/items", READ, "Items", || get().to(p::items)),
        Endpoint::get("/{account}/products/{product}/items/new", MANAGE, "Create an item", || get().to(p::new_item)),
        Endpoint::post("/{account}/products/{product}/items/new", MANAGE, "Create an item", || {
            post().to(p::do_new_item)
        }),
        Endpoint::get("/{account}/products/{product}/items/{item}", READ, "An item", || get().to(p::item)),
        Endpoint::get("/{account}/products/{product}/items/{item}/edit", MANAGE, "Edit an item", || {
            get().to(p::edit_item)
        }),
        Endpoint::post("/{account}/products/{product}/items/{item}/edit", MANAGE, "Edit an item", || {
            post().to(p::do_edit_item)
        }),
        Endpoint::get("/{account}/products/{product}/items/{item}/{verb}", MANAGE, "End an item's sale", || {
            get().to(p::item_verb)
        }),
        Endpoint::post(
            "/{account}/products/{product}/items/{item}/{verb}",
            MANAGE,
            "End or resume an item's sale",
            || post().to(p::do_item_verb),
        ),
        Endpoint::get("/{account}/products/{product}/parameters", READ, "Parameters", || get().to(p::parameters)),
        Endpoint::get("/{account}/products/{product}/parameters/new", MANAGE, "Create a parameter", || {
            get().to(p::new_parameter)
        }),
        Endpoint::post("/{account}/products/{product}/parameters/new", MANAGE, "Create a parameter", || {
            post().to(p::do_new_parameter)
        }),
        Endpoint::get("/{account}/products/{product}/parameters/{parameter}", MANAGE, "A parameter", || {
            get().to(p::parameter)
        }),
        Endpoint::post("/{account}/products/{product}/parameters/{parameter}", MANAGE, "Save a parameter", || {
            post().to(p::do_parameter)
        }),
        Endpoint::get("/{account}/products/{product}/templates", READ, "Templates", || get().to(p::templates)),
        Endpoint::get("/{account}/products/{product}/templates/new", MANAGE, "Create a template", || {
            get().to(p::new_template)
        }),
        Endpoint::post("/{account}/products/{product}/templates/new", MANAGE, "Create a template", || {
            post().to(p::do_new_template)
        }),
        Endpoint::get("/{account}/products/{product}/templates/{template}", READ, "A template", || {
            get().to(p::template)
        }),
        Endpoint::post("/{account}/products/{product}/templates/{template}", MANAGE, "Save a template", || {
            post().to(p::do_template)
        }),
        Endpoint::get("/{account}/products/{product}/versions", READ, "Versions", || get().to(p::versions)),
        Endpoint::post("/{account}/products/{product}/versions", MANAGE, "Save a version", || {
            post().to(p::do_save_version)
        }),
        Endpoint::get("/{account}/products/{product}/versions/{version}", READ, "A version", || get().to(p::version)),
        Endpoint::post("/{account}/products/{product}/versions/{version}", MANAGE, "Edit a version", || {
            post().to(p::do_version)
        }),
    ]
}

pub(super) fn listings() -> Vec<Endpoint> {
    use listings::pages as p;
    vec![
        Endpoint::get("/{account}/listings", READ_LISTINGS, "Listings", || get().to(p::listings)),
        Endpoint::get("/{account}/listings/request", ACT, "Request a listing", || get().to(p::ask)),
        Endpoint::post("/{account}/listings/request", ACT, "Request a listing", || post().to(p::do_ask)),
        Endpoint::get("/{account}/listings/requests", READ_LISTINGS, "Listing requests", || get().to(p::requests)),
        Endpoint::get("/{account}/listings/requests/{listing_request}", READ_LISTINGS, "A listing request", || {
            get().to(p::request)
        }),
        Endpoint::get("/{account}/listings/requests/{listing_request}/{verb}", ACT, "Decide about a request", || {
            get().to(p::request_verb)
        }),
        Endpoint::post("/{account}/listings/requests/{listing_request}/{verb}", ACT, "Decide about a request", || {
            post().to(p::do_request_verb)
        }),
        Endpoint::get("/{account}/listings/{listing}", READ_LISTINGS, "A listing", || get().to(p::listing)),
        Endpoint::get("/{account}/listings/connections", READ, "Connections", || get().to(p::connections)),
        Endpoint::get("/{account}/products/{product}/connections", READ, "A product's connections", || {
            get().to(p::product_connections)
        }),
        Endpoint::get("/{account}/products/{product}/connections/new", MANAGE, "Connect with a hub", || {
            get().to(p::connect)
        }),
        Endpoint::post("/{account}/products/{product}/connections/new", MANAGE, "Connect with a hub", || {
            post().to(p::do_connect)
        }),
    ]
}
