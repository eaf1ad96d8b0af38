//! The audit of accounts, and the area of the operator.

use actix_web::http::Method;
use actix_web::web::post;

use crate::flows::{audit, operator};
use crate::kit::{Level, Module};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

const AUDIT: Who = Who::Member(Module::Account, Level::Read);
const READ: Who = Who::Operator(Module::Devops, Level::Read);
const ACT: Who = Who::Operator(Module::Devops, Level::Act);
const MANAGE: Who = Who::Operator(Module::Devops, Level::Manage);

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    use operator::pages as p;
    vec![
        Endpoint::get("/{account}/audit", AUDIT, "Audit", || get().to(audit::pages::entries)),
        Endpoint::get("/{account}/audit/{event}", AUDIT, "An entry of the audit", || get().to(audit::pages::entry)),
        Endpoint::get("/{account}/operator", READ, "Operator", || get().to(p::overview)),
        Endpoint::get("/{account}/operator/accounts", READ, "Accounts of the deployment", || get().to(p::accounts)),
        Endpoint::get("/{account}/operator/accounts/{company}", READ, "An account of the deployment", || {
            get().to(p::account)
        }),
        Endpoint::get(
            "/{account}/operator/accounts/{company}/{verb}",
            MANAGE,
            "Deactivate or activate an account",
            || get().to(p::switch),
        )
        .confirmed(),
        Endpoint::post(
            "/{account}/operator/accounts/{company}/{verb}",
            MANAGE,
            "Deactivate or activate an account",
            || post().to(p::do_switch),
        )
        .confirmed(),
        Endpoint::get("/{account}/operator/jobs", READ, "Jobs", || get().to(p::jobs)),
        Endpoint::get("/{account}/operator/jobs/{job}", READ, "A job", || get().to(p::job)),
        Endpoint::get("/{account}/operator/jobs/{job}/{verb}", ACT, "Run a job again or cancel it", || {
            get().to(p::job_verb)
        }),
        Endpoint::post("/{account}/operator/jobs/{job}/{verb}", ACT, "Run a job again or cancel it", || {
            post().to(p::do_job)
        }),
        Endpoint::get("/{account}/operator/mail", READ, "Mail that was sent", || get().to(p::mails)),
        Endpoint::get("/{account}/operator/mail/{mail}", READ, "A mail that was sent", || get().to(p::mail)),
        Endpoint::get("/{account}/operator/mail/{mail}/again", ACT, "Send a mail again", || get().to(p::again)),
        Endpoint::post("/{account}/operator/mail/{mail}/again", ACT, "Send a mail again", || post().to(p::do_again)),
        Endpoint::get("/{account}/operator/storage", READ, "Storage", || get().to(p::storage)),
        Endpoint::get("/{account}/operator/audit", READ, "Audit of the operator", || get().to(p::operator_audit)),
    ]
}

/// The API's.
pub fn api() -> Vec<Endpoint> {
    use audit::api as a;
    vec![
        Endpoint::api(Method::GET, "/audit", AUDIT, "The audit", Shape::list::<a::Entry>(), || get().to(a::entries)),
        Endpoint::api(Method::GET, "/audit/{event}", AUDIT, "An entry of the audit", Shape::one::<a::Entry>(), || {
            get().to(a::entry)
        }),
    ]
}
