//! Routes as data: method, path, who may use it, what it is for.
//!
//! From the one table in `routes.rs` come the actix configuration, the check of who may use a route, the OpenAPI document
//! and the test that tries every route with every role. The name of a path parameter says what kind of object it is.

use actix_web::guard::{Any, Get, Head};
use actix_web::http::Method;
use actix_web::{Route, web};

use crate::kit::{Level, Module, Role};
use crate::rest::openapi::Shape;

/// Who may use a route. Actions check again, on the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Anyone,
    /// Somebody whose secret is part of the request.
    Guest,
    /// Anybody who is signed in; the page belongs to no company.
    Person,
    /// A member of the company in the path, or its token, with a permission.
    Member(Module, Level),
    /// The same, in a company of one of these roles only.
    Only(&'static [Role], Module, Level),
    /// Any member of the company in the path.
    AnyMember,
}

/// A route that is read: by GET, and by HEAD for those who want the headers only.
pub fn get() -> Route {
    web::route().guard(Any(Get()).or(Head()))
}

/// One route.
#[derive(Clone)]
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path with `{parameters}`; the API's without its prefix.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// The handler.
    pub route: fn() -> Route,
    /// What the API takes and answers; none for pages.
    pub shape: Option<Shape>,
    /// Whether a page wants to know that it is still the person themselves; see [`Endpoint::confirmed`].
    pub confirmed: bool,
}

impl Endpoint {
    /// A page that is read.
    pub fn get(path: &'static str, who: Who, summary: &'static str, route: fn() -> Route) -> Self {
        Self { method: Method::GET, path, who, summary, route, shape: None, confirmed: false }
    }

    /// A form that is sent.
    pub fn post(path: &'static str, who: Who, summary: &'static str, route: fn() -> Route) -> Self {
        Self { method: Method::POST, path, who, summary, route, shape: None, confirmed: false }
    }

    /// An endpoint of the API.
    pub fn api(
        method: Method,
        path: &'static str,
        who: Who,
        summary: &'static str,
        shape: Shape,
        route: fn() -> Route,
    ) -> Self {
        Self { method, path, who, summary, route, shape: Some(shape), confirmed: false }
    }

    /// A dangerous change: whoever makes it has proved a short while ago, in this session, who they are. A page or form
    /// that comes later leads to `/confirm` first; see `web::confirm`.
    #[must_use]
    pub fn confirmed(self) -> Self {
        Self { confirmed: true, ..self }
    }
}
