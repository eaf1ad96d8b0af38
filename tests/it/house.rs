//! The rules of the house: what ARCHITECTURE.md promises about the code, kept true.
//!
//! Each rule is a function from a set of files to what is wrong with them. It runs on the project, and on a sample that
//! breaks it: a rule that finds nothing there is not a rule.

mod arrows;
mod manners;
mod places;
mod queries;
pub mod tree;

use tree::Tree;

/// The flows, each of which may use the ones before it.
pub const FLOWS: [&str; 17] = [
    "accounts",
    "branding",
    "conversations",
    "marketplaces",
    "contracts",
    "products",
    "listings",
    "partners",
    "customers",
    "orders",
    "usage",
    "integration",
    "reports",
    "desk",
    "audit",
    "operator",
    "export",
];

/// Fails if the rule finds anything in the project.
#[track_caller]
fn holds(rule: fn(&Tree) -> Vec<String>) {
    let found = rule(&Tree::project());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// Fails unless the rule finds something in each bad sample, and nothing in the good one.
#[track_caller]
fn sees(rule: fn(&Tree) -> Vec<String>, good: &[(&str, &str)], bad: &[&[(&str, &str)]]) {
    assert_eq!(rule(&Tree::sample(good)), Vec::<String>::new(), "the good sample");
    for sample in bad {
        assert!(!rule(&Tree::sample(sample)).is_empty(), "nothing found in {sample:?}");
    }
}
