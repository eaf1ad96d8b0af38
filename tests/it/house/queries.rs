//! Who may look without saying who looks. Every function of a store that reads business objects takes the `Actor` and
//! applies what that actor may see; the few that cannot are named here, each with its reason.

use regex::Regex;

use super::sees;
use super::tree::{Tree, block_end};

/// Flow, function of its store, reason. An entry whose function is gone, or has learned to take an actor, is to be removed.
const WITHOUT_ACTOR: &[(&str, &str, &str)] = &[
    ("accounts", "person_with_memberships", "makes the actor out of the session's person"),
    ("accounts", "has_fresh_link", "a forgotten password: nobody is known yet"),
    ("listings", "connection_brief", "for the flows above, which have checked the actor"),
    ("listings", "events", "of a row that its action has locked"),
    ("orders", "around", "the neighbours of a request that its action has locked"),
    ("products", "any_ppu", "rows of what an action or list has picked for the actor"),
    ("products", "of_product", "rows of what an action or list has picked for the actor"),
    ("products", "by_ids", "rows of what an action or list has picked for the actor"),
    ("products", "taken", "rows of what an action or list has picked for the actor"),
    ("products", "count", "rows of what an action or list has picked for the actor"),
    ("products", "main_of", "rows of what an action or list has picked for the actor"),
    ("products", "head", "rows of what an action or list has picked for the actor"),
    ("products", "briefs", "rows of what an action or list has picked for the actor"),
    ("products", "distributors_of", "rows of what an action or list has picked for the actor"),
    ("products", "distribution", "rows of what an action or list has picked for the actor"),
    ("products", "public_products", "rows of what an action or list has picked for the actor"),
    ("products", "categories", "rows of what an action or list has picked for the actor"),
    ("products", "category", "rows of what an action or list has picked for the actor"),
    ("products", "units", "rows of what an action or list has picked for the actor"),
    ("products", "unit", "rows of what an action or list has picked for the actor"),
    ("products", "count_units", "rows of what an action or list has picked for the actor"),
    ("products", "snapshot", "rows of what an action or list has picked for the actor"),
    ("products", "snapshots", "rows of what an action or list has picked for the actor"),
    ("products", "newest_public", "rows of what an action or list has picked for the actor"),
    ("usage", "brief", "rows of what an action or list has picked for the actor"),
    ("usage", "lock", "rows of what an action or list has picked for the actor"),
    ("usage", "kept", "rows of what an action or list has picked for the actor"),
    ("usage", "claim", "rows of what an action or list has picked for the actor"),
    ("usage", "offer", "rows of what an action or list has picked for the actor"),
    ("usage", "offers", "rows of what an action or list has picked for the actor"),
    ("usage", "refs", "rows of what an action or list has picked for the actor"),
    ("usage", "group_counts", "rows of what an action or list has picked for the actor"),
    ("usage", "problems_with", "rows of what an action or list has picked for the actor"),
    ("usage", "problems_of", "rows of what an action or list has picked for the actor"),
    ("usage", "records", "rows of what an action or list has picked for the actor"),
    ("usage", "records_between", "rows of what an action or list has picked for the actor"),
    ("usage", "categories", "rows of what an action or list has picked for the actor"),
    ("usage", "new_items", "rows of what an action or list has picked for the actor"),
    ("usage", "link_items", "rows of what an action or list has picked for the actor"),
    ("usage", "items_on", "rows of what an action or list has picked for the actor"),
    ("usage", "matching", "rows of what an action or list has picked for the actor"),
    ("usage", "by_subscription", "rows of what an action or list has picked for the actor"),
    ("usage", "by_item", "rows of what an action or list has picked for the actor"),
    ("usage", "subscription_count", "rows of what an action or list has picked for the actor"),
    ("usage", "totals", "rows of what an action or list has picked for the actor"),
    ("usage", "uploads", "rows of what an action or list has picked for the actor"),
    ("usage", "upload", "rows of what an action or list has picked for the actor"),
    ("listings", "listed", "for the flows above, which have checked the actor"),
    ("listings", "under", "for reactions: what hangs on a contract that ended"),
    ("listings", "connection_briefs", "for the flows above, which have checked the actor"),
    ("customers", "entries", "rows of ids that a list or an action has picked for the actor"),
    ("accounts", "credentials", "signing in: nobody is known yet"),
    ("accounts", "attempts", "signing in: counts failures before anybody is known"),
    ("accounts", "account_names", "names for ids that an action has already shown to its actor"),
    ("accounts", "administrators", "the group that a new company's first person joins"),
    ("accounts", "link", "a one-time secret opens exactly what it was made for"),
    ("accounts", "everybody", "the operator of the server asks on its command line who there is"),
    ("accounts", "any_account", "whether the database is empty; tells nothing about anybody"),
    ("marketplaces", "hub_briefs", "names for ids that an action has already shown to its actor"),
    ("marketplaces", "marketplace_briefs", "names for ids that an action has already shown to its actor"),
    ("marketplaces", "hubs_of", "the hubs of a marketplace that an action has already shown to its actor"),
    ("marketplaces", "created_at", "a marketplace that is being shown to one more company"),
    ("contracts", "shown_versions", "the versions of agreements that were just read for the actor"),
    ("contracts", "document", "the text of an agreement that the actor sees, or of a contract that a secret opens"),
    ("contracts", "signed_versions", "the versions of a contract that was just read for the actor"),
    ("contracts", "all_children", "what a signature opens or ends, of which its actor need not see everything"),
    ("contracts", "by_secret", "a one-time secret opens exactly what it was made for"),
    ("contracts", "live_contract", "whether a company that is about to sign has signed already"),
    ("contracts", "live_below", "what ends with a program contract that its actor may end"),
    ("contracts", "under_contract", "whom an agreement of the actor's own is opened to"),
    ("contracts", "any_since", "whether auto accept has had its turn"),
    ("contracts", "any_of_owner", "whether an invited company is still needed"),
    ("contracts", "knows", "whether a company is a partner of the actor's"),
    ("contracts", "briefs", "for flows above, about ids that they have already shown to their actor"),
    ("contracts", "active_distribution", "for flows above: whether a vendor may sell on a marketplace"),
    ("contracts", "active_service", "for flows above: whether a reseller works with a distributor"),
    ("customers", "entries", "the directory's rows for ids that an action has picked for its actor"),
    ("orders", "around", "a customer's link and the jobs: there is no company in whose name somebody asks"),
    ("contracts", "expired", "the schedule that ends contracts acts for each issuer in turn"),
    ("products", "head", "for flows above, about a product that they have already shown to their actor"),
    ("products", "briefs", "for flows above, about ids that they have already shown to their actor"),
    ("products", "of_product", "the parts of a product that an action has already shown to its actor"),
    ("products", "by_ids", "the parts of a product that an action has already shown to its actor"),
    ("products", "main_of", "the main media of products that were just read for the actor"),
    ("products", "taken", "what else a product of the actor's own has"),
    ("products", "count", "how much a vendor or one of its products has"),
    ("products", "any_ppu", "what a product of the actor's own has"),
    ("products", "snapshot", "a version of a product that an action has already shown to its actor"),
    ("products", "snapshots", "versions of products that were just read for the actor"),
    ("products", "kept", "the versions of a product that an action has already shown to its actor"),
    ("products", "newest_public", "the versions of a product of the actor's own"),
    ("products", "distributors_of", "whom a vendor's own product is shown to"),
    ("products", "distribution", "the parties of a contract that was just activated"),
    ("products", "public_products", "what a contract that was just activated opens to a distributor"),
    ("products", "categories", "categories are the same for everybody"),
    ("products", "category", "categories are the same for everybody"),
    ("products", "units", "shared units and those of the account that is named"),
    ("products", "unit", "a shared unit or one of the account that is named"),
    ("products", "count_units", "how many units an account has"),
    ("listings", "listed", "for flows above, about a product that they have already shown to their actor"),
    ("listings", "under", "what ends with a contract that its actor may end"),
    ("listings", "events", "a listing that an action has locked"),
    ("listings", "connection_brief", "for flows above, about a connection that they have already shown to their actor"),
    ("listings", "connection_briefs", "for flows above, about a product that they have already shown to their actor"),
];

/// A function of a store.
struct Function {
    file: String,
    flow: String,
    line: usize,
    name: String,
    reads: bool,
    takes_actor: bool,
}

/// The functions of all stores that other files can call.
fn functions(tree: &Tree) -> Vec<Function> {
    let head = Regex::new(r"(?m)^\s*pub(?:\([^)]*\))?\s+(?:const\s+)?fn\s+(\w+)").expect("a pattern");
    // Ways to read rows; a function that only writes, and reads back what it wrote, needs no actor.
    let reads = Regex::new(r"\.(load|load_iter|first|get_result|get_results)\b").expect("a pattern");
    let writes = Regex::new(r"\b(insert_into|update|delete|replace_into)\s*\(").expect("a pattern");
    let actor = Regex::new(r"\bActor\b").expect("a pattern");
    let mut functions = Vec::new();
    for file in tree.below("src/flows/", ".rs").filter(|f| f.part() == Some("store")) {
        let code = file.code();
        for found in head.captures_iter(&code) {
            let start = found.get(1).expect("the name").start();
            let Some(open) = code[start..].find(['{', ';']).map(|n| start + n) else { continue };
            let body = &code[open..open + block_end(&code[open..])];
            functions.push(Function {
                file: file.path.clone(),
                flow: file.flow().unwrap_or_default().to_owned(),
                line: code[..start].matches('\n').count() + 1,
                name: found[1].to_owned(),
                reads: reads.is_match(body) && !writes.is_match(body),
                takes_actor: actor.is_match(&code[start..open]),
            });
        }
    }
    functions
}

fn without_actor(tree: &Tree) -> Vec<String> {
    let listed = |f: &Function| WITHOUT_ACTOR.iter().any(|(flow, name, _)| *flow == f.flow && *name == f.name);
    functions(tree)
        .into_iter()
        .filter(|f| f.reads && !f.takes_actor && !listed(f))
        .map(|f| format!("{}:{}: {} reads without an Actor", f.file, f.line, f.name))
        .collect()
}

#[test]
fn every_query_knows_who_asks() {
    let tree = Tree::project();
    let mut found = without_actor(&tree);
    let functions = functions(&tree);
    for (flow, name, reason) in WITHOUT_ACTOR {
        assert!(!reason.is_empty(), "{name} of {flow} needs a reason");
        if !functions.iter().any(|f| f.flow == *flow && f.name == *name && f.reads && !f.takes_actor) {
            found.push(format!("{flow}: {name} is listed, but does not read without an Actor"));
        }
    }
    if !functions.iter().any(|f| f.reads && f.takes_actor) {
        found.push("no query takes an Actor: has the rule lost sight of the stores?".to_owned());
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn a_query_that_does_not_ask_is_seen() {
    let store = "src/flows/orders/store.rs";
    sees(
        without_actor,
        &[
            (
                store,
                "pub fn list(tx: &mut Tx<'_>, actor: &Actor) -> Rows { orders::table.load(tx) }\nfn inner(tx: &mut Tx<'_>) { a.first(tx) }",
            ),
            (
                "src/flows/orders/store/write.rs",
                "pub fn save(tx: &mut Tx<'_>) { diesel::insert_into(t).get_result(tx) }",
            ),
        ],
        &[
            &[(store, "pub fn list(tx: &mut Tx<'_>) -> Rows { orders::table.load::<Row>(tx) }")],
            &[(
                store,
                "pub(crate) fn one(tx: &mut Tx<'_>, id: &str) -> Row {\n  orders::table\n    .find(id)\n    .first(tx)\n}",
            )],
            &[(
                "src/flows/orders/store/list.rs",
                "pub(super) fn n(tx: &mut Tx<'_>) -> i64 { t.count().get_result(tx) }",
            )],
            &[(store, "pub fn a(actor: &Actor) {}\npub fn b(tx: &mut Tx<'_>) -> Rows { t.load(tx) }")],
        ],
    );
}
