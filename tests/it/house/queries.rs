//! Who may look without saying who looks. Every function of a store that reads business objects takes the `Actor` and
//! applies what that actor may see; the few that cannot are named here, each with its reason.

use regex::Regex;

use super::sees;
use super::tree::{Tree, block_end};

/// Why some functions read without asking who reads: flow, reason, functions of its store. An entry whose function is gone,
/// or has learned to ask, is to be removed.
const WITHOUT_ACTOR: &[(&str, &str, &[&str])] = &[
    // Signing in: nobody is known yet, or the secret that is presented is the permission.
    ("accounts", "makes the actor out of the session's person", &["person_with_memberships"]),
    ("accounts", "signing in: nobody is known yet", &["credentials", "attempts", "has_fresh_link", "is_device_of"]),
    (
        "accounts",
        "a person about themselves, who are no company's; or a mail to them",
        &[
            "credentials_of",
            "sessions_of",
            "whereabouts",
            "muted",
            "profile",
            "picture",
            "email_changes_since",
            "closed_company_of",
        ],
    ),
    (
        "accounts",
        "a secret in a mail opens exactly the change of address that it was made for",
        &["email_change", "undoable"],
    ),
    (
        "accounts",
        "a person's own factors, while they sign in or change them: nobody acts for a company",
        &["factors", "app", "contact"],
    ),
    (
        "accounts",
        "single sign-on: nobody is known yet, and the account is the provider's own",
        &["any_idp", "offered_for", "covers", "member_with", "meant_by", "subject_of", "has_used"],
    ),
    ("accounts", "whether an address that somebody registers is in use: nobody is known yet", &["works_somewhere"]),
    ("accounts", "the schedule that looks domains up acts for each company in turn", &["sso_domains_to_check"]),
    ("accounts", "the answer of a passkey says whose it is", &["passkey_by_credential"]),
    ("accounts", "a one-time secret opens exactly what it was made for", &["link"]),
    ("accounts", "makes the actor out of a token, whose secret is the permission", &["token_actor"]),
    ("accounts", "a handle fetches exactly the token that it was made for, whoever shows it", &["by_handle"]),
    ("contracts", "a one-time secret opens exactly what it was made for", &["by_secret"]),
    (
        "contracts",
        "the jobs that check and invite the partners of a spreadsheet, for whoever uploaded and confirmed it",
        &["wanted_batch", "next_row"],
    ),
    ("accounts", "the group that a new company's first person joins", &["administrators"]),
    (
        "accounts",
        "the schedule that brings tokens up to date acts for each company in turn",
        &["companies_with_turned"],
    ),
    ("accounts", "the operator of the server asks on its command line who there is", &["everybody"]),
    ("accounts", "whether the database is empty; tells nothing about anybody", &["any_account"]),
    ("accounts", "the schedule that ends invitations acts for each company in turn", &["overdue"]),
    // Names and briefs, for ids that came out of a query that asked.
    ("accounts", "names for ids that an action has already shown to its actor", &["account_names"]),
    (
        "accounts",
        "what companies tell, for ids that an action has already shown to its actor",
        &["contacts", "profiles"],
    ),
    (
        "marketplaces",
        "names for ids that an action has already shown to its actor",
        &["hub_briefs", "marketplace_briefs"],
    ),
    ("marketplaces", "the hubs of a marketplace that an action has already shown to its actor", &["hubs_of"]),
    ("marketplaces", "a marketplace that is being shown to one more company", &["created_at"]),
    ("contracts", "for flows above, about ids that they have already shown to their actor", &["briefs"]),
    ("contracts", "for flows above: whether a vendor may sell on a marketplace", &["active_distribution"]),
    ("contracts", "for flows above: whether a reseller works with a distributor", &["active_service"]),
    ("products", "for flows above, about ids that they have already shown to their actor", &["head", "briefs"]),
    (
        "listings",
        "for flows above, about a product that they have already shown to their actor",
        &["listed", "connection_briefs"],
    ),
    (
        "listings",
        "for flows above, about a connection that they have already shown to their actor",
        &["connection_brief"],
    ),
    ("customers", "the directory's rows for ids that an action has picked for its actor", &["entries"]),
    // What belongs to an object that was read for the actor in the same transaction.
    ("contracts", "the versions of agreements that were just read for the actor", &["shown_versions"]),
    ("contracts", "the text of an agreement that the actor sees, or of a contract that a secret opens", &["document"]),
    (
        "contracts",
        "the versions and signatures of a contract that was just read for the actor",
        &["signed_versions", "signatures"],
    ),
    (
        "contracts",
        "the job that tells partners of a newer version acts for the agreement's issuer",
        &["behind", "count_behind"],
    ),
    ("accounts", "the people of a company to whom the system writes what happened", &["working"]),
    ("accounts", "a rule of the actor's own company, or of one that an action has shown to it", &["two_people"]),
    (
        "orders",
        "what stands under contracts that end: counted, and its story written, for the system",
        &["count_under", "running_under"],
    ),
    ("listings", "what stands under contracts that are about to end, counted", &["count_under"]),
    (
        "contracts",
        "whoever has the code of a signature has its certificate",
        &["signature_by_code", "newest_signature"],
    ),
    ("contracts", "an agreement that was shown to whoever signs it or reads it", &["description", "version_before"]),
    (
        "contracts",
        "what a signature opens or ends, of which its actor need not see everything",
        &["all_children", "live_below"],
    ),
    ("contracts", "the forms of an agreement that is being opened to one more vendor", &["forms_under"]),
    ("contracts", "whether a company that is about to sign has signed already", &["live_contract"]),
    ("contracts", "whom an agreement of the actor's own is opened to", &["under_contract"]),
    ("contracts", "whether auto accept has had its turn", &["any_since"]),
    ("contracts", "whether an invited company is still needed", &["any_of_owner"]),
    ("contracts", "whether a company is a partner of the actor's", &["knows"]),
    (
        "products",
        "the parts of a product that an action has already shown to its actor",
        &["of_product", "by_ids", "main_of"],
    ),
    ("products", "whether a product of the actor's own may get one more part", &["taken", "count", "any_ppu"]),
    (
        "products",
        "versions of products that an action has already shown to its actor",
        &["snapshot", "one", "kept", "newest_public"],
    ),
    ("products", "whom a vendor's own product is shown to", &["distributors_of"]),
    ("products", "the categories are the same for everybody", &["categories", "category"]),
    (
        "products",
        "shared units and those of the actor's account, which is handed over",
        &["units", "unit", "count_units"],
    ),
    ("listings", "a listing that an action has locked for its actor", &["events"]),
    (
        "usage",
        "rows of files and records that a list has picked for the actor, or that were opened for them",
        &["brief", "refs", "records"],
    ),
    (
        "usage",
        "what is in a file that was opened for the actor",
        &["group_counts", "problems_with", "problems_by_keys", "categories", "totals", "leaders", "uploads", "upload"],
    ),
    ("usage", "takes the vendor's account, which is the actor's own", &["offer", "offers"]),
    (
        "customers",
        "the directory of one company, which is handed over: an order goes into that of its distributor",
        &["id_of_uid", "of_portal"],
    ),
    ("customers", "an entry that an action has opened for its actor", &["versions", "is_used", "sellers"]),
    (
        "orders",
        "what is taken is asked over all subscriptions of a product or connection; the answer names none of others",
        &["uid_in_use", "unique_in_use"],
    ),
    (
        "orders",
        "where a product that the actor was shown is listed by the distributor that is handed over",
        &["marketplaces_for"],
    ),
    ("orders", "a subscription that an action has opened for its actor", &["last_activation", "last_approved"]),
    // Reactions, schedules and jobs: nobody asks.
    (
        "products",
        "the parties of a contract that was just activated, and what it opens",
        &["distribution", "public_products"],
    ),
    ("listings", "what ends with a contract that ended", &["under"]),
    ("contracts", "the schedule that ends contracts acts for each issuer in turn", &["expired"]),
    ("orders", "a customer's link and the jobs: there is no company in whose name somebody asks", &["around"]),
    ("usage", "the jobs work on a file for whoever uploaded it; an action opens it for its actor first", &["lock"]),
    (
        "usage",
        "the job that checks the rows of one file, against subscriptions of the file's own product",
        &["claim", "matching", "items_on", "by_item", "by_subscription", "subscription_count"],
    ),
    ("usage", "the job that writes the processed file", &["problems_of", "records_between"]),
    ("usage", "the job that links new items after acceptance", &["new_items", "link_items"]),
    ("usage", "the job that removes the rows of what was deleted or replaced", &["clear_before"]),
    ("export", "the job that makes an archive for whoever asked for it", &["wanted"]),
    ("export", "the job that takes away what nobody may download any more", &["expire"]),
    ("usage", "the stored workbook behind a key of the table of uploads", &["kept"]),
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
    // An actor that is taken and not looked at is none.
    let actor = Regex::new(r"\b[a-z]\w*: &Actor\b").expect("a pattern");
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
    let listed =
        |f: &Function| WITHOUT_ACTOR.iter().any(|(flow, _, names)| *flow == f.flow && names.contains(&f.name.as_str()));
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
    let listed = WITHOUT_ACTOR.iter().flat_map(|(flow, _, names)| names.iter().map(move |name| (flow, name)));
    for (flow, name) in listed.clone() {
        if listed.clone().filter(|one| *one == (flow, name)).count() > 1 {
            found.push(format!("{flow}: {name} is listed twice"));
        }
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
            &[(store, "pub fn one(tx: &mut Tx<'_>, _: &Actor) -> Rows { t.load(tx) }")],
            &[(store, "pub fn a(actor: &Actor) {}\npub fn b(tx: &mut Tx<'_>) -> Rows { t.load(tx) }")],
        ],
    );
}
