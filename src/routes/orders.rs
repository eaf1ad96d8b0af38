//! Customers, subscriptions, requests.

use actix_web::http::Method;
use actix_web::web::{delete, post, put};

use crate::flows::{customers, orders};
use crate::kit::{Level, Module};
use crate::rest::openapi::{Reply, Shape};
use crate::web::endpoint::{Endpoint, Who, get};

const READ: Who = Who::Member(Module::Subscriptions, Level::Read);
const ACT: Who = Who::Member(Module::Subscriptions, Level::Act);
const READ_CUSTOMERS: Who = Who::Member(Module::Customers, Level::Read);
const ACT_CUSTOMERS: Who = Who::Member(Module::Customers, Level::Act);
const MANAGE_CUSTOMERS: Who = Who::Member(Module::Customers, Level::Manage);

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    let mut all = vec![];
    all.extend(requests_pages());
    all.extend(subscriptions_pages());
    all
}

fn requests_pages() -> Vec<Endpoint> {
    use orders::pages as p;
    vec![
        Endpoint::get("/{account}/requests", READ, "Fulfillment requests", || get().to(p::requests)),
        Endpoint::get("/{account}/requests/{request}", READ, "A request", || get().to(p::request)),
        Endpoint::get("/{account}/requests/{request}/{verb}", ACT, "Ask about a request", || get().to(p::request_verb)),
        Endpoint::post("/{account}/requests/{request}/{verb}", ACT, "Act on a request", || {
            post().to(p::do_request_verb)
        }),
    ]
}

fn subscriptions_pages() -> Vec<Endpoint> {
    use orders::pages as p;
    vec![
        Endpoint::get("/{account}/subscriptions", READ, "Subscriptions", || get().to(p::subscriptions)),
        Endpoint::get("/{account}/subscriptions/{asset}", READ, "A subscription", || get().to(p::subscription)),
        Endpoint::get("/{account}/subscriptions/{asset}/{verb}", ACT, "Ask about a subscription", || {
            get().to(p::subscription_verb)
        }),
        Endpoint::post("/{account}/subscriptions/{asset}/{verb}", ACT, "Ask for a change of a subscription", || {
            post().to(p::do_subscription_verb)
        }),
    ]
}

/// The API's.
pub fn api() -> Vec<Endpoint> {
    let mut all = customers_api();
    all.extend(requests_api());
    all.extend(assets_api());
    all
}

fn customers_api() -> Vec<Endpoint> {
    use customers::api;
    use customers::model::TierSnapshot;
    vec![
        Endpoint::api(
            Method::GET,
            "/tier/accounts",
            READ_CUSTOMERS,
            "Customers and resellers",
            Shape::list::<TierSnapshot>(),
            || get().to(api::accounts),
        ),
        Endpoint::api(
            Method::POST,
            "/tier/accounts",
            ACT_CUSTOMERS,
            "Create a customer or reseller",
            Shape::created::<api::Created>(),
            || post().to(api::create),
        ),
        Endpoint::api(
            Method::GET,
            "/tier/accounts/{tier_account}",
            READ_CUSTOMERS,
            "A customer or reseller",
            Shape::one::<TierSnapshot>(),
            || get().to(api::account),
        ),
        Endpoint::api(
            Method::PUT,
            "/tier/accounts/{tier_account}",
            ACT_CUSTOMERS,
            "Change a customer or reseller",
            Shape::one::<TierSnapshot>(),
            || put().to(api::edit),
        ),
        Endpoint::api(
            Method::DELETE,
            "/tier/accounts/{tier_account}",
            MANAGE_CUSTOMERS,
            "Decommission a customer or reseller",
            Shape::empty(),
            || delete().to(api::decommission),
        ),
        Endpoint::api(
            Method::GET,
            "/tier/accounts/{tier_account}/versions",
            READ_CUSTOMERS,
            "Versions of a customer",
            Shape::list::<TierSnapshot>(),
            || get().to(api::versions),
        ),
        Endpoint::api(
            Method::GET,
            "/tier/accounts/{tier_account}/versions/{version}",
            READ_CUSTOMERS,
            "A version of a customer",
            Shape::one::<TierSnapshot>(),
            || get().to(api::version),
        ),
    ]
}

fn requests_api() -> Vec<Endpoint> {
    use orders::api::{self, wire};
    let one = Shape::one::<wire::Request>;
    let text = Shape { takes: None, gives: Reply::Words };
    let act = |path: &'static str, summary: &'static str, route: fn() -> actix_web::Route| {
        Endpoint::api(Method::POST, path, ACT, summary, one(), route)
    };
    vec![
        Endpoint::api(
            Method::GET,
            "/conversations",
            READ,
            "Conversations",
            Shape::list::<wire::Conversation>(),
            || get().to(api::conversations),
        ),
        Endpoint::api(Method::GET, "/requests", READ, "Fulfillment requests", Shape::list::<wire::Request>(), || {
            get().to(api::requests)
        }),
        Endpoint::api(Method::POST, "/requests", ACT, "Make a request", Shape::created::<wire::Request>(), || {
            post().to(api::create)
        }),
        Endpoint::api(Method::GET, "/requests/{request}", READ, "A request", one(), || get().to(api::request)),
        Endpoint::api(Method::PUT, "/requests/{request}", ACT, "Change note and parameters", one(), || {
            put().to(api::edit)
        }),
        Endpoint::api(Method::GET, "/requests/{request}/render", READ, "What the customer reads", text, || {
            get().to(api::render)
        }),
        Endpoint::api(
            Method::GET,
            "/templates/{template}/render",
            READ,
            "A template with a request's values",
            text,
            || get().to(api::render_template),
        ),
        act("/requests/{request}/approve", "Approve a request", || post().to(api::approve)),
        act("/requests/{request}/fail", "Fail a request", || post().to(api::fail)),
        act("/requests/{request}/inquire", "Ask the customer back", || post().to(api::inquire)),
        act("/requests/{request}/pend", "Give a request back to the vendor", || post().to(api::pend)),
        act("/requests/{request}/purchase", "Send a draft purchase", || post().to(api::purchase)),
        act("/requests/{request}/submit", "Send a draft", || post().to(api::submit)),
        act("/requests/{request}/validate", "Check a draft", || post().to(api::validate)),
        act("/requests/{request}/schedule", "Put a request off", || post().to(api::schedule)),
        act("/requests/{request}/revoke", "Want a scheduled request back", || post().to(api::revoke)),
        act("/requests/{request}/confirm", "Let a request be taken back", || post().to(api::confirm)),
        act("/requests/{request}/assign", "Assign a request", || post().to(api::assign)),
        act("/requests/{request}/unassign", "Assign a request to nobody", || post().to(api::unassign)),
    ]
}

fn assets_api() -> Vec<Endpoint> {
    use orders::api::{self, wire};
    let text = Shape { takes: None, gives: Reply::Words };
    vec![
        Endpoint::api(Method::GET, "/assets", READ, "Subscriptions", Shape::list::<wire::Asset>(), || {
            get().to(api::assets)
        }),
        Endpoint::api(Method::GET, "/assets/{asset}", READ, "A subscription", Shape::one::<wire::Asset>(), || {
            get().to(api::asset)
        }),
        Endpoint::api(
            Method::GET,
            "/assets/{asset}/requests",
            READ,
            "Requests of a subscription",
            Shape::list::<wire::Request>(),
            || get().to(api::asset_requests),
        ),
        Endpoint::api(Method::GET, "/assets/{asset}/render", READ, "What the customer reads", text, || {
            get().to(api::asset_render)
        }),
    ]
}
