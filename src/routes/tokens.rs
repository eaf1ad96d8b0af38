//! API tokens, and the rules about addresses.

use actix_web::http::Method;
use actix_web::web::{delete, post, put};

use crate::flows::accounts::{api, pages};
use crate::kit::{Level, Module};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

/// Who may make and change tokens.
const TOKENS: Who = Who::Member(Module::Integrations, Level::Manage);

pub(super) fn pages() -> Vec<Endpoint> {
    let mut all = vec![
        Endpoint::get("/{account}/tokens", TOKENS, "Tokens", || get().to(pages::tokens)),
        Endpoint::get("/{account}/tokens/new", TOKENS, "Create a token", || get().to(pages::new_token)),
        Endpoint::post("/{account}/tokens/new", TOKENS, "Create a token", || post().to(pages::do_new_token)),
        Endpoint::get("/{account}/tokens/{token}", TOKENS, "Token", || get().to(pages::token)),
        Endpoint::get("/{account}/tokens/{token}/edit", TOKENS, "Edit a token", || get().to(pages::edit_token)),
        Endpoint::post("/{account}/tokens/{token}/edit", TOKENS, "Edit a token", || post().to(pages::do_edit_token)),
        Endpoint::get("/{account}/tokens/{token}/permissions", TOKENS, "What a token may do", || {
            get().to(pages::token_permissions)
        }),
        Endpoint::post("/{account}/tokens/{token}/permissions", TOKENS, "What a token may do", || {
            post().to(pages::do_token_permissions)
        }),
        Endpoint::get("/{account}/tokens/{token}/handle", TOKENS, "Make a new handle", || {
            get().to(pages::renew_handle)
        }),
        Endpoint::post("/{account}/tokens/{token}/handle", TOKENS, "Make a new handle", || {
            post().to(pages::do_renew_handle)
        }),
        Endpoint::get("/{account}/tokens/{token}/renew", TOKENS, "Renew a token", || get().to(pages::renew_token)),
        Endpoint::post("/{account}/tokens/{token}/renew", TOKENS, "Renew a token", || post().to(pages::do_renew_token)),
        Endpoint::get("/{account}/tokens/{token}/rotate", TOKENS, "Rotate a token", || get().to(pages::rotate_token)),
        Endpoint::post("/{account}/tokens/{token}/rotate", TOKENS, "Rotate a token", || {
            post().to(pages::do_rotate_token)
        }),
        Endpoint::post("/{account}/tokens/{token}/calls/reset", TOKENS, "Count a token's calls anew", || {
            post().to(pages::do_reset_calls)
        }),
        Endpoint::get("/{account}/tokens/{token}/{verb}", TOKENS, "Activate, deactivate or delete a token", || {
            get().to(pages::token_verb)
        }),
        Endpoint::post("/{account}/tokens/{token}/{verb}", TOKENS, "Activate, deactivate or delete a token", || {
            post().to(pages::do_token)
        }),
    ];
    all.extend(rule_pages());
    // Looking and counting ask for no proof; all else lets programs in, or keeps people out.
    let looks = [
        "/{account}/tokens",
        "/{account}/tokens/{token}",
        "/{account}/tokens/{token}/calls/reset",
        "/{account}/users/ip-rules",
        "/{account}/tokens/ip-rules",
    ];
    all.into_iter().map(|e| if looks.contains(&e.path) { e } else { e.confirmed() }).collect()
}

/// The same pages for the two lists of rules.
fn rule_pages() -> Vec<Endpoint> {
    use pages::{of_tokens, of_users};
    let people = Who::Member(Module::Account, Level::Manage);
    vec![
        Endpoint::get("/{account}/users/ip-rules", people, "IP rules of people", || get().to(of_users::list)),
        Endpoint::get("/{account}/users/ip-rules/new", people, "Add an IP rule", || get().to(of_users::new)),
        Endpoint::post("/{account}/users/ip-rules/new", people, "Add an IP rule", || post().to(of_users::do_new)),
        Endpoint::get("/{account}/users/ip-rules/{user_ip_rule}/edit", people, "Edit an IP rule", || {
            get().to(of_users::edit)
        }),
        Endpoint::post("/{account}/users/ip-rules/{user_ip_rule}/edit", people, "Edit an IP rule", || {
            post().to(of_users::do_edit)
        }),
        Endpoint::get("/{account}/users/ip-rules/{user_ip_rule}/delete", people, "Delete an IP rule", || {
            get().to(of_users::delete)
        }),
        Endpoint::post("/{account}/users/ip-rules/{user_ip_rule}/delete", people, "Delete an IP rule", || {
            post().to(of_users::do_delete)
        }),
        Endpoint::get("/{account}/tokens/ip-rules", TOKENS, "IP rules of programs", || get().to(of_tokens::list)),
        Endpoint::get("/{account}/tokens/ip-rules/new", TOKENS, "Add an IP rule", || get().to(of_tokens::new)),
        Endpoint::post("/{account}/tokens/ip-rules/new", TOKENS, "Add an IP rule", || post().to(of_tokens::do_new)),
        Endpoint::get("/{account}/tokens/ip-rules/{token_ip_rule}/edit", TOKENS, "Edit an IP rule", || {
            get().to(of_tokens::edit)
        }),
        Endpoint::post("/{account}/tokens/ip-rules/{token_ip_rule}/edit", TOKENS, "Edit an IP rule", || {
            post().to(of_tokens::do_edit)
        }),
        Endpoint::get("/{account}/tokens/ip-rules/{token_ip_rule}/delete", TOKENS, "Delete an IP rule", || {
            get().to(of_tokens::delete)
        }),
        Endpoint::post("/{account}/tokens/ip-rules/{token_ip_rule}/delete", TOKENS, "Delete an IP rule", || {
            post().to(of_tokens::do_delete)
        }),
    ]
}

pub(super) fn api() -> Vec<Endpoint> {
    let one = Shape::one::<api::Token>;
    let mut all = vec![
        Endpoint::api(Method::GET, "/auth/tokens", TOKENS, "Tokens", Shape::list::<api::Token>(), || {
            get().to(api::tokens)
        }),
        // To make one takes the permission, which the handler asks for; to fetch the key of one with its handle takes none.
        Endpoint::api(
            Method::POST,
            "/auth/tokens",
            Who::AnyMember,
            "Create a token, or fetch the key of one with its handle",
            Shape::created::<api::Made>(),
            || post().to(api::create_token),
        ),
        Endpoint::api(Method::GET, "/auth/tokens/{token}", TOKENS, "A token", one(), || get().to(api::one_token)),
        Endpoint::api(Method::PUT, "/auth/tokens/{token}", TOKENS, "Change a token", one(), || {
            put().to(api::edit_token)
        }),
        Endpoint::api(Method::DELETE, "/auth/tokens/{token}", TOKENS, "Delete a token", Shape::empty(), || {
            delete().to(api::delete_token)
        }),
        Endpoint::api(Method::POST, "/auth/tokens/{token}/activate", TOKENS, "Activate a token", one(), || {
            post().to(api::activate_token)
        }),
        Endpoint::api(Method::POST, "/auth/tokens/{token}/deactivate", TOKENS, "Deactivate a token", one(), || {
            post().to(api::deactivate_token)
        }),
        Endpoint::api(Method::POST, "/auth/tokens/{token}/renew", TOKENS, "Renew a token", one(), || {
            post().to(api::renew_token)
        }),
        Endpoint::api(Method::POST, "/auth/tokens/{token}/rotate", TOKENS, "Rotate a token", one(), || {
            post().to(api::rotate_token)
        }),
        Endpoint::api(Method::POST, "/auth/tokens/{token}/handle", TOKENS, "Make a new handle", one(), || {
            post().to(api::renew_handle)
        }),
        Endpoint::api(
            Method::GET,
            "/auth/tokens/{token}/permissions",
            TOKENS,
            "What a token may do",
            Shape::list::<api::TokenPermission>(),
            || get().to(api::token_permissions),
        ),
        Endpoint::api(
            Method::POST,
            "/auth/tokens/{token}/permissions",
            TOKENS,
            "Let a token do something",
            Shape::created::<api::TokenPermission>(),
            || post().to(api::permit_token),
        ),
        Endpoint::api(
            Method::DELETE,
            "/auth/tokens/{token}/permissions",
            TOKENS,
            "Take a permission from a token",
            Shape::empty(),
            || delete().to(api::forbid_token),
        ),
    ];
    all.extend(calls_api());
    all.extend(rules_api());
    all
}

fn calls_api() -> Vec<Endpoint> {
    let sum = Shape::one::<api::CallSummary>;
    vec![
        Endpoint::api(Method::GET, "/statistics/tokens/{token}/summary", TOKENS, "Calls of a token", sum(), || {
            get().to(api::call_summary)
        }),
        Endpoint::api(
            Method::GET,
            "/statistics/tokens/{token}/aggregates",
            TOKENS,
            "Calls of a token by day",
            Shape::list::<api::CallDay>(),
            || get().to(api::call_aggregates),
        ),
        Endpoint::api(
            Method::POST,
            "/statistics/tokens/{token}/reset",
            TOKENS,
            "Count the calls of a token anew",
            sum(),
            || post().to(api::reset_calls),
        ),
    ]
}

fn rules_api() -> Vec<Endpoint> {
    let integrations = Who::Member(Module::Integrations, Level::Read);
    // Which permission it takes depends on the list: the handlers ask.
    let any = Who::AnyMember;
    let one = Shape::one::<api::IpRule>;
    vec![
        Endpoint::api(Method::GET, "/acl/{acl}/rules", any, "IP rules", Shape::list::<api::IpRule>(), || {
            get().to(api::ip_rules)
        }),
        Endpoint::api(Method::POST, "/acl/{acl}/rules", any, "Add an IP rule", Shape::created::<api::IpRule>(), || {
            post().to(api::add_ip_rule)
        }),
        Endpoint::api(Method::DELETE, "/acl/{acl}/rules", any, "Delete several IP rules", Shape::empty(), || {
            delete().to(api::delete_ip_rules)
        }),
        Endpoint::api(Method::GET, "/acl/{acl}/rules/{ip_rule}", any, "An IP rule", one(), || {
            get().to(api::one_ip_rule)
        }),
        Endpoint::api(Method::PUT, "/acl/{acl}/rules/{ip_rule}", any, "Change an IP rule", one(), || {
            put().to(api::edit_ip_rule)
        }),
        Endpoint::api(Method::DELETE, "/acl/{acl}/rules/{ip_rule}", any, "Delete an IP rule", Shape::empty(), || {
            delete().to(api::delete_ip_rule)
        }),
        Endpoint::api(
            Method::GET,
            "/modules/integrations/settings",
            integrations,
            "Settings of the integrations module",
            Shape::one::<api::IntegrationsSettings>(),
            || get().to(api::integrations_settings),
        ),
    ]
}
