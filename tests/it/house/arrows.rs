//! Who may know whom: libraries and rooms, and the order of the flows.

use regex::Regex;

use super::tree::{File, Tree};
use super::{FLOWS, holds, sees};

/// A word, and the places whose code may name it. A place is a file, or a folder when it ends with `/`; `*` is one flow,
/// and a part of a flow such as `store` is `store.rs` as well as the folder `store/`.
const MAY_NAME: [(&str, &[&str]); 7] = [
    // `kit` knows how its words are stored in a column; sessions are found before anybody is known to ask.
    (r"diesel\w*", &["src/db/", "src/kit/", "src/journal/", "src/jobs/", "src/web/session.rs", "src/flows/*/store"]),
    (
        r"actix_\w+",
        &[
            "src/web/",
            "src/rest/",
            "src/app.rs",
            "src/routes.rs",
            "src/routes/",
            "src/cli/",
            "src/main.rs",
            "src/flows/*/pages",
            "src/flows/*/api",
        ],
    ),
    (r"askama", &["src/web/", "src/outside/mail/", "src/outside/mail.rs", "src/flows/*/pages"]),
    (r"lettre", &["src/outside/mail/", "src/outside/mail.rs", "src/kit/email.rs"]),
    (r"quick_xml|rust_xlsxwriter", &["src/outside/sheets/", "src/outside/sheets.rs"]),
    (r"krilla|ttf_parser", &["src/outside/pdf.rs"]),
    // Pictures and pages are measured in fractions, and spreadsheet programs store numbers so. Money and quantities are not.
    (
        r"f32|f64",
        &[
            "src/outside/sheets/",
            "src/outside/sheets.rs",
            "src/outside/pdf.rs",
            "src/web/chart.rs",
            "src/web/chart/",
            "src/flows/branding/",
        ],
    ),
];

/// A place, and the words that its code may not name although others may.
const MAY_NOT_NAME: [(&str, &str); 12] = [
    ("src/kit/", r"crate::(db|journal|jobs|web|rest|outside|flows|rql|app)\b|std::(fs|net|process|env)\b"),
    ("src/rql/", r"crate::(db|journal|jobs|web|rest|outside|flows|app)\b|std::(fs|net|process|env)\b"),
    ("src/db/", r"crate::(web|rest|outside|flows|app)\b"),
    ("src/journal/", r"crate::(web|rest|flows|app)\b"),
    ("src/jobs/", r"crate::(web|rest|flows)\b"),
    ("src/outside/", r"crate::(web|rest|flows|app)\b"),
    (
        "src/flows/*/model",
        r"crate::(db|journal|jobs|web|rest|outside|app)\b|\b(store|actions|pages|api)::|serde_json::Value\b",
    ),
    ("src/flows/*/store", r"crate::(web|rest|outside|app)\b|\b(actions|pages|api)::"),
    ("src/flows/*/actions", r"crate::(web|rest)\b|\b(pages|api)::"),
    // Views read rows through their store, always for an actor; whatever changes something goes through actions.
    ("src/flows/*/pages", r"\bsql_query\b|\bon_each\b|crate::db::(schema|migrate|settings)\b|\bapi::"),
    ("src/flows/*/api", r"\bsql_query\b|\bon_each\b|crate::db::(schema|migrate|settings)\b|\bpages::"),
    // The demo world is made as people make theirs.
    ("src/flows/desk/demo", r"\bdiesel\b|\bstore::|\bcrate::db\b|\bsql_query\b"),
];

fn is_at(file: &File, place: &str) -> bool {
    let place = match (place.strip_prefix("src/flows/*/"), file.flow()) {
        (Some(part), Some(flow)) => format!("src/flows/{flow}/{part}"),
        _ => place.to_owned(),
    };
    match file.path.strip_prefix(&place) {
        Some(rest) => rest.is_empty() || place.ends_with('/') || rest == ".rs" || rest.starts_with('/'),
        None => false,
    }
}

/// Each line of code that the pattern matches, as `path:line: words`.
fn naming(file: &File, pattern: &Regex, problem: &str) -> Vec<String> {
    let code = file.code();
    let found = code.lines().enumerate().filter_map(|(number, line)| {
        let word = pattern.find(line)?.as_str();
        Some(format!("{}:{}: {problem} {word}", file.path, number + 1))
    });
    found.collect()
}

fn libraries(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (word, places) in MAY_NAME {
        let pattern = Regex::new(&format!(r"\b({word})\b")).expect("a pattern");
        for file in tree.below("src/", ".rs").filter(|f| !places.iter().any(|place| is_at(f, place))) {
            found.extend(naming(file, &pattern, "this is not the place for"));
        }
    }
    found
}

fn rooms(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (place, words) in MAY_NOT_NAME {
        let pattern = Regex::new(words).expect("a pattern");
        for file in tree.below("src/", ".rs").filter(|f| is_at(f, place)) {
            found.extend(naming(file, &pattern, "this room does not know"));
        }
    }
    found
}

/// The flows that a file's code names, each with its line.
fn named_flows(file: &File) -> Vec<(usize, String)> {
    let one = Regex::new(r"\b(?:flows|super::super)::(\w+)").expect("a pattern");
    let several = Regex::new(r"\b(?:flows|super::super)::\{").expect("a pattern");
    let word = Regex::new(r"\w+").expect("a pattern");
    let code = file.code();
    let line = |at: usize| code[..at].matches('\n').count() + 1;
    let mut named: Vec<(usize, String)> =
        one.captures_iter(&code).map(|c| (line(c.get(0).expect("all").start()), c[1].to_owned())).collect();
    for group in several.find_iter(&code) {
        let open = group.end() - 1;
        let block = &code[open..open + super::tree::block_end(&code[open..])];
        // The first word of each entry, not the words inside a nested group.
        let mut depth = 0;
        let mut first = true;
        for (i, c) in block.char_indices() {
            match c {
                '{' => (depth, first) = (depth + 1, depth == 0),
                '}' => depth -= 1,
                ',' => first = depth == 1,
                c if first && depth == 1 && c.is_alphanumeric() => {
                    let name = word.find_at(block, i).expect("a word starts here").as_str();
                    named.push((line(open + i), name.to_owned()));
                    first = false;
                }
                _ => {}
            }
        }
    }
    named.retain(|(_, name)| FLOWS.contains(&name.as_str()));
    named
}

fn order_of_flows(tree: &Tree) -> Vec<String> {
    let place = |flow: &str| FLOWS.iter().position(|f| *f == flow);
    let mut found = Vec::new();
    for file in tree.below("src/flows/", ".rs") {
        let Some(flow) = file.flow() else { continue };
        let Some(own) = place(flow) else {
            found.push(format!("{}: {flow} is not in the list of flows", file.path));
            continue;
        };
        for (line, other) in named_flows(file) {
            if place(&other).is_some_and(|other| other > own) {
                found.push(format!("{}:{line}: {flow} comes before {other} and may not know it", file.path));
            }
        }
    }
    found
}

#[test]
fn libraries_stay_in_their_rooms() {
    holds(libraries);
    sees(
        libraries,
        &[
            ("src/flows/orders/store.rs", "use diesel::prelude::*;"),
            ("src/flows/orders/store/list.rs", "use diesel::prelude::*;"),
            ("src/flows/orders/pages/list.rs", "use actix_web::web; use askama::Template;"),
            ("src/flows/orders/model.rs", "// diesel stays out\nconst A: &str = \"actix_web\";"),
            ("src/db/mod.rs", "use diesel::prelude::*;"),
        ],
        &[
            &[("src/flows/orders/model.rs", "use diesel::prelude::*;")],
            &[("src/flows/orders/storehouse.rs", "use diesel::prelude::*;")],
            &[("src/flows/orders/pages.rs", "fn a() { diesel::select(1) }")],
            &[("src/flows/orders/store.rs", "use actix_web::web;")],
            &[("src/flows/orders/actions.rs", "use askama::Template;")],
            &[("src/rql/mod.rs", "use actix_web::web;")],
            &[("src/kit/amount.rs", "fn half(a: f64) {}")],
            &[("src/flows/usage/actions.rs", "use quick_xml::Reader;")],
        ],
    );
}

#[test]
fn rooms_know_only_what_is_below_them() {
    holds(rooms);
    sees(
        rooms,
        &[
            (
                "src/flows/orders/pages.rs",
                "use super::actions; use crate::web::Form; use crate::flows::products::actions as p;",
            ),
            ("src/flows/orders/actions.rs", "use super::{model, store}; use crate::db::Tx;"),
            ("src/kit/ids.rs", "use std::fmt;"),
            ("src/flows/desk/demo/orders.rs", "use crate::flows::orders::actions;"),
        ],
        &[
            &[("src/kit/ids.rs", "use crate::db::Db;")],
            &[("src/kit/ids.rs", "use std::fs;")],
            &[("src/flows/orders/pages.rs", "fn a() { diesel::sql_query() }")],
            &[("src/flows/orders/api/list.rs", "use crate::db::schema::party;")],
            &[("src/flows/orders/model.rs", "use crate::db::Tx;")],
            &[("src/flows/orders/store.rs", "fn a() { super::actions::go() }")],
            &[("src/journal/mod.rs", "use crate::flows::orders;")],
            &[("src/flows/desk/demo.rs", "use crate::flows::orders::store::insert;")],
            &[("src/flows/desk/demo/orders.rs", "diesel::insert_into(orders)")],
        ],
    );
}

#[test]
fn flows_know_only_earlier_flows() {
    holds(order_of_flows);
    sees(
        order_of_flows,
        &[
            ("src/flows/orders/actions.rs", "use crate::flows::products::actions; use super::model;"),
            ("src/flows/orders/api.rs", "use crate::flows::{accounts, listings::{model, actions}};"),
        ],
        &[
            &[("src/flows/products/actions.rs", "use crate::flows::orders::actions;")],
            &[("src/flows/products/actions.rs", "use crate::flows::{accounts, orders::{model, store}};")],
            &[("src/flows/products/actions.rs", "use crate::flows::{\n  accounts::{model},\n  usage,\n};")],
            &[("src/flows/products/actions.rs", "use super::super::orders;")],
            &[("src/flows/somewhere/mod.rs", "")],
        ],
    );
}
