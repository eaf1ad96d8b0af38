//! The diagrams of docs/contracts.md, made from the rule that the program goes by.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use causeway::flows::contracts::model::{By, Circumstances, ContractKind, ContractStatus, Next, Verb, next};

const START: &str = "<!-- diagrams -->\n";
const END: &str = "<!-- end of diagrams -->";

/// Kinds that move alike stand under one heading.
const GROUPS: &[(&str, &[ContractKind])] = &[
    ("Program and service contracts", &[ContractKind::Program, ContractKind::Service]),
    ("Distribution contracts", &[ContractKind::Distribution]),
    ("Syndication contracts", &[ContractKind::Syndication]),
    ("Referral contracts", &[ContractKind::Referral]),
];

fn who(by: By) -> &'static str {
    match by {
        By::Issuer => "distributor",
        By::Owner => "partner",
        By::System => "system",
    }
}

/// The moves of a kind, one line for each; what the system does in somebody's place is theirs.
fn moves(kind: ContractKind) -> Vec<String> {
    let mut lines = vec![];
    for status in ContractStatus::ALL {
        for verb in Verb::ALL.iter().copied() {
            for by in [By::Issuer, By::Owner] {
                let mut seen = None;
                for (with, when) in [
                    (Circumstances { form: false, newer: false }, ""),
                    (Circumstances { form: true, newer: false }, ", if there is a form"),
                    (Circumstances { form: false, newer: true }, ", if a newer version is active"),
                ] {
                    let Ok(to) = next(kind, *status, verb, by, with) else { continue };
                    if seen == Some(to) {
                        continue;
                    }
                    seen = Some(to);
                    let verb = format!("{verb:?}").to_lowercase();
                    let to = match to {
                        Next::To(to) => to.as_str(),
                        Next::Renewed => status.as_str(),
                        Next::Gone => "[*]",
                    };
                    lines.push(format!("    {status} --> {to}: {verb} ({}{when})", who(by)));
                }
            }
        }
    }
    lines
}

/// In which states a contract of a kind begins.
fn beginnings(kind: ContractKind) -> Vec<String> {
    let begins = |status: ContractStatus, how: &str| format!("    [*] --> {status}: {how}");
    match kind {
        ContractKind::Program | ContractKind::Service => vec![begins(ContractStatus::Pending, "offer (distributor)")],
        ContractKind::Distribution => vec![
            begins(ContractStatus::Enrolling, "enrol (partner, if there is a form)"),
            begins(ContractStatus::Pending, "enrol (partner)"),
            begins(ContractStatus::Active, "accepted by itself (system)"),
        ],
        ContractKind::Syndication | ContractKind::Referral => vec![begins(ContractStatus::Pending, "enrol")],
    }
}

fn diagram(kind: ContractKind) -> String {
    let mut text = String::from("```mermaid\nstateDiagram-v2\n");
    for line in beginnings(kind).into_iter().chain(moves(kind)) {
        let _ = writeln!(text, "{line}");
    }
    for status in ContractStatus::ALL.iter().filter(|status| !status.is_live()) {
        let _ = writeln!(text, "    {status} --> [*]");
    }
    text + "```\n"
}

fn diagrams() -> String {
    let mut text = String::new();
    for (title, kinds) in GROUPS {
        let drawn: Vec<String> = kinds.iter().map(|kind| diagram(*kind)).collect();
        // Those that move alike are drawn once.
        assert!(drawn.windows(2).all(|two| two[0] == two[1]), "{title} move alike no more: give each a diagram");
        let _ = write!(text, "\n### {title}\n\n{}", drawn[0]);
    }
    text
}

#[test]
fn the_page_shows_the_moves_that_there_are() {
    let all: usize = GROUPS.iter().map(|(_, kinds)| kinds.len()).sum();
    assert_eq!(all, ContractKind::ALL.len(), "a kind of contract has no diagram");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/contracts.md");
    let page = fs::read_to_string(&path).expect("docs/contracts.md");
    let (before, rest) = page.split_once(START).expect("where the diagrams begin");
    let (_, after) = rest.split_once(END).expect("where the diagrams end");
    let made = format!("{before}{START}{}\n{END}{after}", diagrams());
    if std::env::var("CAUSEWAY_WRITE").is_ok_and(|what| what == "docs") {
        fs::write(&path, &made).expect("write the page");
    }
    let kept = fs::read_to_string(&path).expect("docs/contracts.md");
    assert!(
        kept == made,
        "the diagrams of docs/contracts.md are not the rule's: CAUSEWAY_WRITE=docs cargo test --test it partners::diagrams"
    );
}
