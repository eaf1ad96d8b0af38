//! Accounts: companies, the people who work in them, their groups and permissions, API tokens, and signing in.
//!
//! A company is *invited* when a distributor makes a contract for it and *active* once somebody accepted. A person has one
//! address and one password and may be a member of several companies; what they may do in each is the sum of their groups
//! there. Permissions exist per module and level (read, act, manage), are read with every request and are never kept in the
//! session. Every company has the group Administrators, and never loses its last member who can manage the account.
//!
//! | object | states | verbs | who |
//! |---|---|---|---|
//! | company | invited, active | create, activate, edit | distributor (by contract), its administrators |
//! | membership | invited, active, inactive, expired | invite, reinvite, revoke, join, edit, deactivate, activate, remove | administrators |
//! | group | – | create, edit, delete, grant, add and remove members | administrators |
//! | token | pending, active, inactive, expiring, expired, revitalised, deleted | create, edit, permit, make a new handle, activate, deactivate, renew, rotate, count calls anew, delete | manage in Integrations |
//! | a token's handle | – | redeem, once: the token is active then | any program with a token of its own |
//! | domain | pending, verified, failed | add, verify, edit, delete | administrators |
//! | provider | – | add, edit, test, delete | administrators |
//! | IP rule | – | add, edit, delete | administrators; for programs, manage in Integrations |
//! | session | – | sign in, sign out, end others | the person |

pub mod actions;
pub mod api;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod store;

/// Where people look after their second factors.
pub const FACTORS_PATH: &str = "/profile/security";

/// Where a company's single sign-on begins, and leads on to `next`.
pub fn sign_on_path(account: &str, next: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("account", account)
        .append_pair("next", next)
        .finish();
    format!("/sign-in/sso?{query}")
}

use crate::kit::{Role, Text};

/// What people read for a role.
pub fn role_word(role: Role) -> Text {
    match role {
        Role::Vendor => Text::new("Vendor"),
        Role::Distributor => Text::new("Distributor"),
        Role::Reseller => Text::new("Reseller"),
    }
}

/// What people read for what an account asks of its members.
pub fn policy_word(policy: model::factors::Policy) -> Text {
    use model::factors::Policy;
    match policy {
        Policy::Optional => Text::new("Optional"),
        Policy::Suggested => Text::new("Suggested"),
        Policy::Required => Text::new("Required"),
    }
}
