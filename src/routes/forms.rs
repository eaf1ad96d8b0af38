//! Forms that partners fill, and enrolments that are filled.

use actix_web::http::Method;
use actix_web::web::{delete, post, put};

use crate::flows::contracts;
use crate::kit::{Level, Module, Role};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

const READ: Who = Who::Member(Module::Partners, Level::Read);
const ACT: Who = Who::Member(Module::Partners, Level::Act);
const MANAGE: Who = Who::Member(Module::Partners, Level::Manage);
/// Forms are the distributors' to make.
const ISSUE: Who = Who::Only(&[Role::Distributor], Module::Partners, Level::Manage);
/// Forms are theirs to look through; a partner reads the one that it has to fill.
const ISSUED: Who = Who::Only(&[Role::Distributor], Module::Partners, Level::Read);

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    use contracts::pages as p;
    vec![
        Endpoint::get("/{account}/forms", ISSUED, "Forms", || get().to(p::forms)),
        Endpoint::get("/{account}/forms/new", ISSUE, "Create a form", || get().to(p::new_form)),
        Endpoint::post("/{account}/forms/new", ISSUE, "Create a form", || post().to(p::do_new_form)),
        Endpoint::get("/{account}/forms/{form}", READ, "A form", || get().to(p::form)),
        Endpoint::get("/{account}/forms/{form}/versions/{version}", READ, "A version of a form", || {
            get().to(p::form_version)
        }),
        Endpoint::get("/{account}/forms/{form}/edit", MANAGE, "Edit a form", || get().to(p::edit_form)),
        Endpoint::post("/{account}/forms/{form}/edit", MANAGE, "Edit a form", || post().to(p::do_edit_form)),
        Endpoint::get("/{account}/forms/{form}/delete", MANAGE, "Delete a form", || get().to(p::delete_form)),
        Endpoint::post("/{account}/forms/{form}/delete", MANAGE, "Delete a form", || post().to(p::do_delete_form)),
        Endpoint::get("/{account}/agreements/{agreement}/forms", MANAGE, "Attach forms", || get().to(p::attach_forms)),
        Endpoint::post("/{account}/agreements/{agreement}/forms", MANAGE, "Attach forms", || {
            post().to(p::do_attach_forms)
        }),
        Endpoint::get("/{account}/contracts/{contract}/enrolment", ACT, "Fill the enrolment form", || {
            get().to(p::enrolment)
        })
        .confirmed(),
        Endpoint::post("/{account}/contracts/{contract}/enrolment", ACT, "Fill the enrolment form", || {
            post().to(p::do_enrolment)
        })
        .confirmed(),
    ]
}

/// The API's.
pub fn api() -> Vec<Endpoint> {
    use contracts::api::{self, wire};
    let one = Shape::one::<wire::Form>;
    vec![
        Endpoint::api(Method::GET, "/forms", READ, "Forms", Shape::list::<wire::Form>(), || get().to(api::forms)),
        Endpoint::api(Method::POST, "/forms", MANAGE, "Create a form", Shape::created::<wire::Form>(), || {
            post().to(api::create_form)
        }),
        Endpoint::api(Method::GET, "/forms/{form}", READ, "A form", one(), || get().to(api::form)),
        Endpoint::api(Method::PUT, "/forms/{form}", MANAGE, "Change a form", one(), || put().to(api::edit_form)),
        Endpoint::api(Method::DELETE, "/forms/{form}", MANAGE, "Delete a form", Shape::empty(), || {
            delete().to(api::delete_form)
        }),
        Endpoint::api(
            Method::GET,
            "/forms/{form}/versions",
            READ,
            "Versions of a form",
            Shape::list::<wire::FormVersion>(),
            || get().to(api::form_versions),
        ),
        Endpoint::api(
            Method::GET,
            "/forms/{form}/versions/{version}",
            READ,
            "A version of a form",
            Shape::one::<wire::FormVersion>(),
            || get().to(api::form_version),
        ),
        Endpoint::api(
            Method::GET,
            "/contracts/{contract}/data",
            READ,
            "Answers to the enrolment form",
            Shape::list::<wire::ContractData>(),
            || get().to(api::contract_data),
        ),
        Endpoint::api(
            Method::POST,
            "/contracts/{contract}/data",
            ACT,
            "Answer the enrolment form",
            Shape::created::<wire::ContractData>(),
            || post().to(api::put_contract_data),
        ),
    ]
}
