//! Marketplaces and hubs, agreements and contracts.

use actix_web::http::Method;
use actix_web::web::{delete, post, put};

use crate::flows::{contracts, marketplaces};
use crate::kit::{Level, Module, Role};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

const READ: Who = Who::Member(Module::Partners, Level::Read);
const ACT: Who = Who::Member(Module::Partners, Level::Act);
const MANAGE: Who = Who::Member(Module::Partners, Level::Manage);
const READ_MARKETS: Who = Who::Member(Module::Marketplaces, Level::Read);
const MANAGE_MARKETS: Who = Who::Member(Module::Marketplaces, Level::Manage);

/// Marketplaces, hubs and agreements are the distributors' to make.
const ISSUE: Who = Who::Only(&[Role::Distributor], Module::Partners, Level::Manage);
const OPEN_MARKETS: Who = Who::Only(&[Role::Distributor], Module::Marketplaces, Level::Manage);

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    let mut all = marketplaces_pages();
    all.extend(agreements_pages());
    all.extend(contracts_pages());
    all
}

fn marketplaces_pages() -> Vec<Endpoint> {
    use marketplaces::pages as p;
    vec![
        Endpoint::get("/{account}/marketplaces", READ_MARKETS, "Marketplaces", || get().to(p::marketplaces)),
        Endpoint::get("/{account}/marketplaces/new", OPEN_MARKETS, "Create a marketplace", || {
            get().to(p::new_marketplace)
        }),
        Endpoint::post("/{account}/marketplaces/new", OPEN_MARKETS, "Create a marketplace", || {
            post().to(p::do_new_marketplace)
        }),
        Endpoint::get("/{account}/marketplaces/{marketplace}", READ_MARKETS, "A marketplace", || {
            get().to(p::marketplace)
        }),
        Endpoint::get("/{account}/marketplaces/{marketplace}/edit", MANAGE_MARKETS, "Edit a marketplace", || {
            get().to(p::edit_marketplace)
        }),
        Endpoint::post("/{account}/marketplaces/{marketplace}/edit", MANAGE_MARKETS, "Edit a marketplace", || {
            post().to(p::do_edit_marketplace)
        }),
        Endpoint::get("/{account}/marketplaces/{marketplace}/delete", MANAGE_MARKETS, "Delete a marketplace", || {
            get().to(p::delete_marketplace)
        }),
        Endpoint::post("/{account}/marketplaces/{marketplace}/delete", MANAGE_MARKETS, "Delete a marketplace", || {
            post().to(p::do_delete_marketplace)
        }),
        Endpoint::get("/{account}/hubs", READ_MARKETS, "Hubs", || get().to(p::hubs)),
        Endpoint::get("/{account}/hubs/new", OPEN_MARKETS, "Register a hub", || get().to(p::new_hub)),
        Endpoint::post("/{account}/hubs/new", OPEN_MARKETS, "Register a hub", || post().to(p::do_new_hub)),
        Endpoint::get("/{account}/hubs/{hub}", READ_MARKETS, "A hub", || get().to(p::hub)),
        Endpoint::get("/{account}/hubs/{hub}/edit", MANAGE_MARKETS, "Edit a hub", || get().to(p::edit_hub)),
        Endpoint::post("/{account}/hubs/{hub}/edit", MANAGE_MARKETS, "Edit a hub", || post().to(p::do_edit_hub)),
        Endpoint::get("/{account}/hubs/{hub}/delete", MANAGE_MARKETS, "Delete a hub", || get().to(p::delete_hub)),
        Endpoint::post("/{account}/hubs/{hub}/delete", MANAGE_MARKETS, "Delete a hub", || post().to(p::do_delete_hub)),
    ]
}

fn agreements_pages() -> Vec<Endpoint> {
    use contracts::pages as p;
    vec![
        Endpoint::get("/{account}/agreements", READ, "Agreements", || get().to(p::agreements)),
        Endpoint::get("/{account}/agreements/new", ISSUE, "Create an agreement", || get().to(p::new_agreement)),
        Endpoint::post("/{account}/agreements/new", ISSUE, "Create an agreement", || post().to(p::do_new_agreement)),
        Endpoint::get("/{account}/agreements/{agreement}", READ, "An agreement", || get().to(p::agreement)),
        Endpoint::get("/{account}/agreements/{agreement}/edit", MANAGE, "Edit an agreement", || {
            get().to(p::edit_agreement)
        }),
        Endpoint::post("/{account}/agreements/{agreement}/edit", MANAGE, "Edit an agreement", || {
            post().to(p::do_edit_agreement)
        }),
        Endpoint::get("/{account}/agreements/{agreement}/delete", MANAGE, "Delete an agreement", || {
            get().to(p::delete_agreement)
        }),
        Endpoint::post("/{account}/agreements/{agreement}/delete", MANAGE, "Delete an agreement", || {
            post().to(p::do_delete_agreement)
        }),
        Endpoint::get(
            "/{account}/agreements/{agreement}/distribution",
            ISSUE,
            "Create a distribution agreement",
            || get().to(p::new_distribution),
        ),
        Endpoint::post(
            "/{account}/agreements/{agreement}/distribution",
            ISSUE,
            "Create a distribution agreement",
            || post().to(p::do_new_distribution),
        ),
        Endpoint::get("/{account}/agreements/{agreement}/enrol", MANAGE, "Enrol", || get().to(p::enrol)),
        Endpoint::post("/{account}/agreements/{agreement}/enrol", MANAGE, "Enrol", || post().to(p::do_enrol)),
        Endpoint::get("/{account}/agreements/{agreement}/versions/new", MANAGE, "Add a version", || {
            get().to(p::new_version)
        }),
        Endpoint::post("/{account}/agreements/{agreement}/versions/new", MANAGE, "Add a version", || {
            post().to(p::do_new_version)
        }),
        Endpoint::get("/{account}/agreements/{agreement}/versions/{version}", READ, "A version", || {
            get().to(p::version)
        }),
        Endpoint::get(
            "/{account}/agreements/{agreement}/versions/{version}/document",
            READ,
            "The document of a version",
            || get().to(p::version_document),
        ),
        Endpoint::post(
            "/{account}/agreements/{agreement}/versions/{version}/{verb}",
            MANAGE,
            "Activate or delete a version",
            || post().to(p::do_version),
        ),
    ]
}

fn contracts_pages() -> Vec<Endpoint> {
    use contracts::pages as p;
    vec![
        Endpoint::get("/contracts/activate", Who::Guest, "Open an invitation", || get().to(p::activation)),
        Endpoint::post("/contracts/activate", Who::Guest, "Accept an invitation", || post().to(p::do_activation)),
        Endpoint::get("/contracts/activate/document", Who::Guest, "Read the document of an invitation", || {
            get().to(p::offered_document)
        }),
        Endpoint::get("/contracts/activate/decline", Who::Guest, "Decline an invitation", || get().to(p::decline)),
        Endpoint::post("/contracts/activate/decline", Who::Guest, "Decline an invitation", || post().to(p::do_decline)),
        Endpoint::get("/{account}/contracts", READ, "Contracts", || get().to(p::contracts)),
        Endpoint::get("/{account}/contracts/new", ISSUE, "Offer a contract", || get().to(p::new_contract)),
        Endpoint::post("/{account}/contracts/new", ISSUE, "Offer a contract", || post().to(p::do_new_contract)),
        Endpoint::get("/{account}/contracts/{contract}", READ, "A contract", || get().to(p::contract)),
        Endpoint::get("/{account}/contracts/{contract}/edit", MANAGE, "Edit a contract's terms", || {
            get().to(p::edit_contract)
        }),
        Endpoint::post("/{account}/contracts/{contract}/edit", MANAGE, "Edit a contract's terms", || {
            post().to(p::do_edit_contract)
        }),
        Endpoint::get("/{account}/contracts/{contract}/{verb}", ACT, "Decide about a contract", || {
            get().to(p::contract_verb)
        })
        .confirmed(),
        Endpoint::post("/{account}/contracts/{contract}/{verb}", ACT, "Decide about a contract", || {
            post().to(p::do_contract_verb)
        })
        .confirmed(),
    ]
}

/// The API's.
pub fn api() -> Vec<Endpoint> {
    let mut all = marketplaces_api();
    all.extend(agreements_api());
    all.extend(contracts_api());
    all
}

fn marketplaces_api() -> Vec<Endpoint> {
    use marketplaces::api::{self, wire};
    vec![
        Endpoint::api(Method::GET, "/hubs", READ_MARKETS, "Hubs", Shape::list::<wire::Hub>(), || get().to(api::hubs)),
        Endpoint::api(Method::POST, "/hubs", MANAGE_MARKETS, "Register a hub", Shape::created::<wire::Hub>(), || {
            post().to(api::register_hub)
        }),
        Endpoint::api(Method::GET, "/hubs/{hub}", READ_MARKETS, "A hub", Shape::one::<wire::Hub>(), || {
            get().to(api::hub)
        }),
        Endpoint::api(Method::PUT, "/hubs/{hub}", MANAGE_MARKETS, "Change a hub", Shape::one::<wire::Hub>(), || {
            put().to(api::edit_hub)
        }),
        Endpoint::api(Method::DELETE, "/hubs/{hub}", MANAGE_MARKETS, "Delete a hub", Shape::empty(), || {
            delete().to(api::delete_hub)
        }),
        Endpoint::api(
            Method::GET,
            "/hubs/{hub}/marketplaces",
            READ_MARKETS,
            "A hub's marketplaces",
            Shape::list::<wire::HubMarketplace>(),
            || get().to(api::hub_marketplaces),
        ),
        Endpoint::api(
            Method::GET,
            "/marketplaces",
            READ_MARKETS,
            "Marketplaces",
            Shape::list::<wire::Marketplace>(),
            || get().to(api::marketplaces),
        ),
        Endpoint::api(
            Method::POST,
            "/marketplaces",
            MANAGE_MARKETS,
            "Create a marketplace",
            Shape::created::<wire::Marketplace>(),
            || post().to(api::create_marketplace),
        ),
        Endpoint::api(
            Method::GET,
            "/marketplaces/{marketplace}",
            READ_MARKETS,
            "A marketplace",
            Shape::one::<wire::Marketplace>(),
            || get().to(api::marketplace),
        ),
        Endpoint::api(
            Method::PUT,
            "/marketplaces/{marketplace}",
            MANAGE_MARKETS,
            "Change a marketplace",
            Shape::one::<wire::Marketplace>(),
            || put().to(api::edit_marketplace),
        ),
        Endpoint::api(
            Method::DELETE,
            "/marketplaces/{marketplace}",
            MANAGE_MARKETS,
            "Delete a marketplace",
            Shape::empty(),
            || delete().to(api::delete_marketplace),
        ),
    ]
}

fn agreements_api() -> Vec<Endpoint> {
    use contracts::api::{self, wire};
    let list = Shape::list::<wire::Agreement>;
    let one = Shape::one::<wire::Agreement>;
    let created = Shape::created::<wire::Agreement>;
    vec![
        Endpoint::api(Method::GET, "/agreements", READ, "Agreements", list(), || get().to(api::agreements)),
        Endpoint::api(Method::POST, "/agreements", MANAGE, "Create an agreement", created(), || {
            post().to(api::create_agreement)
        }),
        Endpoint::api(Method::GET, "/agreements/{agreement}", READ, "An agreement", one(), || get().to(api::agreement)),
        Endpoint::api(Method::PUT, "/agreements/{agreement}", MANAGE, "Change an agreement", one(), || {
            put().to(api::edit_agreement)
        }),
        Endpoint::api(Method::DELETE, "/agreements/{agreement}", MANAGE, "Delete an agreement", Shape::empty(), || {
            delete().to(api::delete_agreement)
        }),
        Endpoint::api(
            Method::GET,
            "/agreements/{agreement}/agreements",
            READ,
            "Its distribution agreements",
            list(),
            || get().to(api::distribution_agreements),
        ),
        Endpoint::api(
            Method::POST,
            "/agreements/{agreement}/agreements",
            MANAGE,
            "Create a distribution agreement",
            created(),
            || post().to(api::create_distribution),
        ),
        Endpoint::api(
            Method::GET,
            "/agreements/{agreement}/document",
            READ,
            "The text of its version",
            Shape::file(),
            || get().to(api::document),
        ),
        Endpoint::api(
            Method::GET,
            "/agreements/{agreement}/versions",
            READ,
            "Its versions",
            Shape::list::<wire::AgreementVersion>(),
            || get().to(api::versions),
        ),
        Endpoint::api(
            Method::POST,
            "/agreements/{agreement}/versions",
            MANAGE,
            "Add a version",
            Shape::created::<wire::AgreementVersion>(),
            || post().to(api::add_version),
        ),
        // An old client knows the versions under this name.
        Endpoint::api(
            Method::GET,
            "/agreements/{agreement}/version/{version}",
            READ,
            "A version",
            Shape::one::<wire::AgreementVersion>(),
            || get().to(api::version),
        ),
        Endpoint::api(
            Method::GET,
            "/agreements/{agreement}/versions/{version}",
            READ,
            "A version",
            Shape::one::<wire::AgreementVersion>(),
            || get().to(api::version),
        ),
        Endpoint::api(
            Method::DELETE,
            "/agreements/{agreement}/versions/{version}",
            MANAGE,
            "Delete a version",
            Shape::empty(),
            || delete().to(api::delete_version),
        ),
        Endpoint::api(
            Method::POST,
            "/agreements/{agreement}/versions/{version}/activate",
            MANAGE,
            "Activate a version",
            Shape::one::<wire::AgreementVersion>(),
            || post().to(api::activate_version),
        ),
        Endpoint::api(
            Method::GET,
            "/agreements/{agreement}/versions/{version}/document",
            READ,
            "The text of a version",
            Shape::file(),
            || get().to(api::version_document),
        ),
        Endpoint::api(
            Method::GET,
            "/agreements/{agreement}/partners",
            READ,
            "Companies under contract",
            Shape::list::<wire::PartnerUnder>(),
            || get().to(api::partners_under),
        ),
        Endpoint::api(
            Method::GET,
            "/agreements/{agreement}/contracts",
            READ,
            "Its contracts",
            Shape::list::<wire::Contract>(),
            || get().to(api::contracts_under),
        ),
        Endpoint::api(
            Method::POST,
            "/agreements/{agreement}/contracts",
            MANAGE,
            "Offer a contract, or enrol",
            Shape::created::<wire::Contract>(),
            || post().to(api::create_contract),
        ),
    ]
}

fn contracts_api() -> Vec<Endpoint> {
    use contracts::api::{self, wire};
    let one = Shape::one::<wire::Contract>;
    vec![
        Endpoint::api(
            Method::POST,
            "/accounts",
            MANAGE,
            "Activate an invited account",
            Shape::created::<wire::ActivatedAccount>(),
            || post().to(api::activate_account),
        ),
        Endpoint::api(Method::GET, "/contracts", READ, "Contracts", Shape::list::<wire::Contract>(), || {
            get().to(api::contracts)
        }),
        Endpoint::api(Method::GET, "/contracts/{contract}", READ, "A contract", one(), || get().to(api::contract)),
        Endpoint::api(Method::PUT, "/contracts/{contract}", MANAGE, "Change a contract's terms", one(), || {
            put().to(api::edit_contract)
        }),
        Endpoint::api(Method::DELETE, "/contracts/{contract}", MANAGE, "Withdraw an offer", Shape::empty(), || {
            delete().to(api::delete_contract)
        }),
        Endpoint::api(Method::POST, "/contracts/{contract}/enroll", ACT, "Send an enrolment", one(), || {
            post().to(api::enroll)
        }),
        Endpoint::api(Method::POST, "/contracts/{contract}/refine", ACT, "Send an enrolment back", one(), || {
            post().to(api::refine)
        }),
        Endpoint::api(Method::POST, "/contracts/{contract}/reject", ACT, "Reject", one(), || post().to(api::reject)),
        Endpoint::api(Method::POST, "/contracts/{contract}/sign", ACT, "Accept or approve", one(), || {
            post().to(api::sign)
        }),
        Endpoint::api(Method::POST, "/contracts/{contract}/terminate", MANAGE, "Terminate", one(), || {
            post().to(api::terminate)
        }),
        Endpoint::api(
            Method::GET,
            "/contracts/{contract}/versions",
            READ,
            "Signed versions",
            Shape::list::<wire::ContractVersion>(),
            || get().to(api::contract_versions),
        ),
        Endpoint::api(
            Method::GET,
            "/contracts/{contract}/versions/{version}",
            READ,
            "A signed version",
            Shape::one::<wire::ContractVersion>(),
            || get().to(api::contract_version),
        ),
    ]
}
