//! The people of a company: users, groups, what they may do.

use actix_web::http::Method;
use actix_web::web::{delete, post, put};

use crate::flows::accounts;
use crate::kit::{Level, Module, NamedRef};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

const READ: Who = Who::Member(Module::Account, Level::Read);
const MANAGE: Who = Who::Member(Module::Account, Level::Manage);

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    use accounts::pages as p;
    vec![
        Endpoint::get("/{account}/users", READ, "Users", || get().to(p::users)),
        Endpoint::get("/{account}/users/signed-in", MANAGE, "Users who are signed in now", || {
            get().to(p::users_signed_in)
        }),
        Endpoint::get("/{account}/users/new", MANAGE, "Invite a user", || get().to(p::new_user)).confirmed(),
        Endpoint::post("/{account}/users/new", MANAGE, "Invite a user", || post().to(p::do_new_user)).confirmed(),
        Endpoint::get("/{account}/users/{user}", READ, "User", || get().to(p::user)),
        Endpoint::get("/{account}/users/{user}/permissions", READ, "What a user may do, and why", || {
            get().to(p::effective)
        }),
        Endpoint::get("/{account}/users/{user}/edit", MANAGE, "Change a user's groups", || get().to(p::edit_user))
            .confirmed(),
        Endpoint::post("/{account}/users/{user}/edit", MANAGE, "Change a user's groups", || post().to(p::do_edit_user))
            .confirmed(),
        Endpoint::get("/{account}/users/{user}/remove", MANAGE, "Remove a user", || get().to(p::remove_user))
            .confirmed(),
        Endpoint::post("/{account}/users/{user}/remove", MANAGE, "Remove a user", || post().to(p::do_remove_user))
            .confirmed(),
        Endpoint::get("/{account}/users/{user}/{verb}", MANAGE, "Invite again, revoke, deactivate, activate", || {
            get().to(p::user_verb)
        })
        .confirmed(),
        Endpoint::post("/{account}/users/{user}/{verb}", MANAGE, "Invite again, revoke, deactivate, activate", || {
            post().to(p::do_user_verb)
        })
        .confirmed(),
        Endpoint::get("/{account}/groups", READ, "Groups", || get().to(p::groups)),
        Endpoint::get("/{account}/groups/new", MANAGE, "Create a group", || get().to(p::new_group)).confirmed(),
        Endpoint::post("/{account}/groups/new", MANAGE, "Create a group", || post().to(p::do_new_group)).confirmed(),
        Endpoint::get("/{account}/groups/{group}", READ, "Group", || get().to(p::group)),
        // By its external id single sign-on puts people into it.
        Endpoint::post("/{account}/groups/{group}", MANAGE, "Save a group", || post().to(p::do_group)).confirmed(),
        Endpoint::get("/{account}/groups/{group}/permissions", READ, "What a group may do", || {
            get().to(p::group_permissions)
        }),
        Endpoint::post("/{account}/groups/{group}/permissions", MANAGE, "Say what a group may do", || {
            post().to(p::do_group_permissions)
        })
        .confirmed(),
        Endpoint::get("/{account}/groups/{group}/users", READ, "Users of a group", || get().to(p::group_users)),
        Endpoint::get("/{account}/groups/{group}/users/add", MANAGE, "Add a user to a group", || {
            get().to(p::add_group_user)
        })
        .confirmed(),
        Endpoint::post("/{account}/groups/{group}/users/add", MANAGE, "Add a user to a group", || {
            post().to(p::do_add_group_user)
        })
        .confirmed(),
        Endpoint::get("/{account}/groups/{group}/users/{user}/remove", MANAGE, "Take a user out of a group", || {
            get().to(p::remove_group_user)
        })
        .confirmed(),
        Endpoint::post("/{account}/groups/{group}/users/{user}/remove", MANAGE, "Take a user out of a group", || {
            post().to(p::do_remove_group_user)
        })
        .confirmed(),
        Endpoint::get("/{account}/groups/{group}/delete", MANAGE, "Delete a group", || get().to(p::delete_group))
            .confirmed(),
        Endpoint::post("/{account}/groups/{group}/delete", MANAGE, "Delete a group", || post().to(p::do_delete_group))
            .confirmed(),
    ]
}

/// The API's, under `/public/v1`.
pub fn api() -> Vec<Endpoint> {
    use accounts::api as a;
    let user = Shape::one::<a::User>;
    let on = |method, path, who, summary, shape, route| Endpoint::api(method, path, who, summary, shape, route);
    let users = "/accounts/{account}/users";
    let one = "/accounts/{account}/users/{user}";
    let groups = "/accounts/{account}/groups";
    let group = "/accounts/{account}/groups/{group}";
    let held = "/accounts/{account}/groups/{group}/permissions";
    let members = "/accounts/{account}/groups/{group}/users";
    let any = Who::AnyMember;
    vec![
        on(Method::GET, users, READ, "Users", Shape::list::<a::User>(), || get().to(a::users)),
        on(Method::POST, users, MANAGE, "Invite a user", Shape::created::<a::User>(), || post().to(a::invite)),
        on(Method::GET, one, READ, "A user", user(), || get().to(a::one_user)),
        on(Method::PUT, one, MANAGE, "Change a user", user(), || put().to(a::edit_user)),
        on(Method::DELETE, one, MANAGE, "Remove a user", Shape::empty(), || delete().to(a::remove_user)),
        on(Method::POST, "/accounts/{account}/users/{user}/activate", MANAGE, "Activate a user", user(), || {
            post().to(a::activate_user)
        }),
        on(Method::POST, "/accounts/{account}/users/{user}/deactivate", MANAGE, "Deactivate a user", user(), || {
            post().to(a::deactivate_user)
        }),
        on(Method::POST, "/accounts/{account}/users/{user}/reinvite", MANAGE, "Invite a user again", user(), || {
            post().to(a::reinvite_user)
        }),
        on(Method::POST, "/accounts/{account}/users/{user}/revoke", MANAGE, "Revoke an invitation", user(), || {
            post().to(a::revoke_user)
        }),
        on(
            Method::POST,
            "/accounts/{account}/users/{user}/unblock",
            MANAGE,
            "Send mail to a user again",
            user(),
            || post().to(a::unblock_user),
        ),
        on(
            Method::GET,
            "/accounts/{account}/users/{user}/permissions",
            READ,
            "What a user may do, and why",
            Shape::one::<a::Effective>(),
            || get().to(a::effective),
        ),
        on(Method::GET, groups, READ, "Groups", Shape::list::<a::Group>(), || get().to(a::groups)),
        on(Method::POST, groups, MANAGE, "Create a group", Shape::created::<a::Group>(), || post().to(a::create_group)),
        on(Method::GET, group, READ, "A group", Shape::one::<a::Group>(), || get().to(a::one_group)),
        on(Method::PUT, group, MANAGE, "Change a group", Shape::one::<a::Group>(), || put().to(a::edit_group)),
        on(Method::DELETE, group, MANAGE, "Delete a group", Shape::empty(), || delete().to(a::delete_group)),
        on(Method::GET, held, READ, "What a group may do", Shape::list::<a::GroupPermission>(), || {
            get().to(a::group_permissions)
        }),
        on(Method::POST, held, MANAGE, "Let a group use a module", Shape::created::<a::GroupPermission>(), || {
            post().to(a::add_permission)
        }),
        on(Method::DELETE, held, MANAGE, "Take a module away from a group", Shape::empty(), || {
            delete().to(a::remove_permission)
        }),
        on(Method::GET, members, READ, "Users of a group", Shape::list::<a::User>(), || get().to(a::group_users)),
        on(Method::POST, members, MANAGE, "Add a user to a group", Shape::created::<a::User>(), || {
            post().to(a::add_group_user)
        }),
        on(Method::DELETE, members, MANAGE, "Take a user out of a group", Shape::empty(), || {
            delete().to(a::remove_group_user)
        }),
        on(Method::GET, "/users", READ, "The users of the own account", Shape::list::<a::User>(), || {
            get().to(a::people)
        }),
        on(Method::GET, "/users/{user}", READ, "A user of the own account", user(), || get().to(a::person)),
        on(Method::GET, "/users/{user}/accounts", READ, "A user's accounts", Shape::list::<a::UserAccount>(), || {
            get().to(a::user_accounts)
        }),
        on(
            Method::GET,
            "/users/{user}/accounts/{account}",
            READ,
            "One of them",
            Shape::one::<a::UserAccount>(),
            || get().to(a::user_account),
        ),
        on(Method::GET, "/modules", any, "Modules", Shape::list::<NamedRef>(), || get().to(a::modules)),
        on(Method::GET, "/modules/{module}", any, "A module", Shape::one::<NamedRef>(), || get().to(a::one_module)),
    ]
}
