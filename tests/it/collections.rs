//! Every collection that is listed anywhere: that its declaration is whole on this database; and, where the variable
//! `PUBLISHED_API` names the published description, that clients can filter and order by what that description says.

use causeway::db::list::{self, Collection, Field};
use causeway::flows::{
    accounts, audit, contracts, customers, export, listings, marketplaces, operator, orders, partners, products, usage,
};

use crate::house::tree::Tree;
use crate::support::companies;
use crate::support::server::Server;
use crate::support::shapes::published;

/// Each collection with the path at which the API lists it; pages alone list those without.
const ALL: &[(&str, &Collection)] = &[
    ("/accounts", &accounts::store::ACCOUNTS),
    ("/accounts/{}/users", &accounts::store::USERS),
    ("/accounts/{}/groups", &accounts::store::GROUPS),
    ("/accounts/{}/groups/{}/users", &accounts::store::GROUP_USERS),
    ("/auth/tokens", &accounts::store::TOKENS),
    ("/acl/{}/rules", &accounts::store::IP_RULES),
    ("/auth/idps", &accounts::store::IDPS),
    ("/auth/domains", &accounts::store::SSO_DOMAINS),
    ("/hubs", &marketplaces::store::HUBS),
    ("/marketplaces", &marketplaces::store::MARKETPLACES),
    ("/agreements", &contracts::store::AGREEMENTS),
    ("/agreements/{}/versions", &contracts::store::VERSIONS),
    ("/agreements/{}/partners", &contracts::store::PARTNERS_UNDER),
    ("/forms", &contracts::store::FORMS),
    ("/forms/{}/versions", &contracts::store::FORM_VERSIONS),
    ("/contracts", &contracts::store::CONTRACTS),
    ("/contracts/{}/data", &contracts::store::ANSWERS),
    ("/contracts/{}/versions", &contracts::store::SIGNED_VERSIONS),
    ("/contracts/{}/signatures", &contracts::store::SIGNATURES),
    ("/invitations", &contracts::store::INVITATIONS),
    ("/invitations/{}/rows", &contracts::store::INVITATION_ROWS),
    ("", &accounts::store::SUB_ACCOUNTS),
    ("/partners", &partners::store::PARTNERS),
    ("/categories", &products::actions::CATEGORIES),
    ("/settings/units", &products::actions::UNITS),
    ("/products", &products::actions::PRODUCTS),
    ("/products/{}/items", &products::actions::ITEMS),
    ("/products/{}/parameters", &products::actions::PARAMETERS),
    ("/products/{}/templates", &products::actions::TEMPLATES),
    ("/products/{}/media", &products::actions::MEDIA),
    ("/products/{}/versions", &products::actions::VERSIONS),
    ("/products/{}/connections", &listings::actions::CONNECTIONS),
    ("/listings", &listings::actions::LISTINGS),
    ("/listing-requests", &listings::actions::REQUESTS),
    ("/tier/accounts", &customers::store::TIER_ACCOUNTS),
    ("/assets", &orders::store::ASSETS),
    ("/requests", &orders::store::REQUESTS),
    ("/usage/files", &usage::store::USAGE_FILES),
    ("/usage/records", &usage::store::USAGE_RECORDS),
    ("/usage/files/{}/categories", &usage::store::USAGE_CATEGORIES),
    ("", &usage::store::FILE_RECORDS),
    ("", &usage::store::USAGE_PROBLEMS),
    ("/audit", &audit::store::AUDIT),
    ("", &audit::store::OPERATOR_AUDIT),
    ("", &operator::store::ACCOUNTS),
    ("", &operator::store::JOBS),
    ("", &operator::store::MAILS),
    ("", &export::store::EXPORTS),
];

/// Filters of the published description that have nothing to look at here yet: path, how the names begin, why.
const NOT_YET: &[(&str, &str, &str)] = &[
    ("/accounts", "public", "no account is in a public catalogue"),
    ("/partners", "public", "no account is in a public catalogue"),
    ("/accounts/{}/users", "domain.auth.enforce", "people sign in with passwords only"),
    ("/products/{}/items", "version", "the versions have lists of their own"),
];

#[test]
fn every_property_of_every_list_works_on_this_database() {
    let server = Server::start();
    let db = companies::database(&server);
    for (_, collection) in ALL {
        let found = db.read(|tx| Ok(list::problems(tx.conn(), collection))).expect("read");
        assert_eq!(found, Vec::<String>::new(), "{}", collection.name);
    }
}

#[test]
fn no_collection_is_left_out() {
    let tree = Tree::project();
    let declared = |text: &str| text.matches(": Collection = ").count();
    let all: usize = tree.below("src/flows/", ".rs").map(|file| declared(&file.text)).sum();
    assert_eq!(ALL.len(), all, "list each collection of src/flows once");
    let mut names: Vec<_> = ALL.iter().map(|(path, collection)| (*path, collection.name)).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALL.len(), "a collection is listed twice");
}

/// A name as the query language reads it: `asset__id__exact` asks for `asset.id`.
fn plain(name: &str) -> String {
    name.trim_end_matches("__exact").trim_end_matches("__icontains").replace("__", ".")
}

/// What a description of a filter says after `**lookups:**` or `**ordering:**`.
fn said<'d>(description: &'d str, word: &str) -> Option<&'d str> {
    let rest = description.split_once(&format!("**{word}:**"))?.1;
    Some(rest.split("\n\n").next().unwrap_or_default().trim())
}

#[test]
fn clients_filter_and_order_by_what_is_published() {
    let Some(published) = published() else { return };
    let mut missing = vec![];
    let mut compared = 0;
    for (path, collection) in ALL.iter().filter(|(path, _)| !path.is_empty()) {
        let paths = published["paths"].as_object().expect("paths");
        let unnamed = |path: &str| {
            let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
            parts.collect::<Vec<_>>().join("/")
        };
        let Some((_, methods)) = paths.iter().find(|(known, _)| unnamed(known) == *path) else { continue };
        let empty = vec![];
        for parameter in methods["get"]["parameters"].as_array().unwrap_or(&empty) {
            let (Some(name), Some(about)) = (parameter["name"].as_str(), parameter["description"].as_str()) else {
                continue;
            };
            let lookups = said(about, "lookups").unwrap_or_default();
            if parameter["in"] != "query" || lookups.is_empty() || excused(path, &plain(name)) {
                continue;
            }
            compared += 1;
            let asked = |f: &&Field| f.is_public() && (f.name() == name || f.name() == plain(name));
            let Some(field) = collection.fields.iter().find(asked) else {
                missing.push(format!("{path}: {name} ({lookups})"));
                continue;
            };
            // Words have no order.
            let word = name == "status";
            let asks = |l: &&str| *l != "null" && !(word && ["ge", "gt", "le", "lt"].contains(l));
            let lacks: Vec<&str> = lookups.split(", ").filter(asks).filter(|l| !field.lookups().contains(l)).collect();
            if !lacks.is_empty() {
                missing.push(format!("{path}: {name} cannot be asked with {}", lacks.join(", ")));
            }
            if said(about, "ordering") == Some("true") && !field.is_orderable() {
                missing.push(format!("{path}: cannot be ordered by {name}"));
            }
        }
    }
    assert!(compared > 100, "only {compared} filters were compared");
    assert!(missing.is_empty(), "\n{}\n{} of {compared}", missing.join("\n"), missing.len());
}

fn excused(path: &str, name: &str) -> bool {
    NOT_YET.iter().any(|(of, begins, why)| {
        assert!(!why.is_empty(), "{of} {begins} needs a reason");
        // A name that ends with a dot, or with a part of a word, stands for all that begin so.
        *of == path && (name == *begins || begins.ends_with(['.', '_']) && name.starts_with(begins))
    })
}

/// Keeps the list of excuses honest: each must still be needed.
#[test]
fn every_excuse_is_needed() {
    for (path, begins, _) in NOT_YET {
        let collection = ALL.iter().find(|(of, _)| of == path).unwrap_or_else(|| panic!("{path} is not listed")).1;
        let known = collection.fields.iter().find(|f| f.is_public() && excused(path, f.name()) && f.name() == *begins);
        assert!(known.is_none(), "{path}: {begins} can be asked now");
    }
}
