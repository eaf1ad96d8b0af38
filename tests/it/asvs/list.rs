//! The list of requirements is whole, and the page about it says what the tests say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Every requirement that applies: its number and its level.
const APPLIES: &str = "\
    1.2.1:1 1.2.2:1 1.2.3:1 1.2.4:1 1.2.10:3 1.3.1:1 1.3.4:2 1.3.5:2 1.3.6:2 1.3.7:2 1.3.11:2 1.3.12:3 1.5.1:1 \
    2.2.1:1 2.2.2:1 2.2.3:2 2.3.1:1 2.3.3:2 2.3.4:2 2.4.1:2 \
    3.3.1:1 3.3.2:2 3.3.3:2 3.3.4:2 3.4.1:1 3.4.3:2 3.4.4:2 3.4.5:2 3.4.6:2 3.4.8:3 3.5.1:1 3.5.2:1 3.5.3:1 3.5.4:2 3.6.1:3 3.7.2:2 \
    4.1.3:2 4.2.1:2 4.3.1:2 \
    5.1.1:2 5.2.1:1 5.2.2:1 5.2.3:2 5.2.4:3 5.3.2:1 5.4.1:2 5.4.2:2 \
    6.2.1:1 6.2.2:1 6.2.3:1 6.2.4:1 6.2.5:1 6.2.6:1 6.2.7:1 6.2.8:1 6.2.9:2 6.2.10:2 6.2.11:2 6.2.12:2 \
    6.3.1:1 6.3.3:2 6.3.5:3 6.3.7:3 6.3.8:3 6.5.1:2 6.5.2:2 6.5.3:2 6.5.4:2 6.5.5:2 6.8.1:2 6.8.2:2 6.8.3:2 6.8.4:2 \
    7.2.3:1 7.2.4:1 7.3.1:2 7.3.2:2 7.4.1:1 7.4.2:1 7.4.3:2 7.5.1:2 7.5.2:2 7.5.3:3 \
    8.2.1:1 8.2.2:1 8.2.3:2 8.3.1:1 8.3.2:3 8.4.1:2 11.4.2:2 11.5.1:2 12.2.1:1 \
    13.2.3:2 13.4.1:1 13.4.2:2 13.4.3:2 13.4.4:2 13.4.5:2 14.2.1:1 14.3.2:2 14.3.3:2 15.1.2:2 15.2.1:1 15.3.1:1 15.3.2:2 15.3.3:2 15.4.2:3 \
    16.2.1:2 16.2.2:2 16.2.5:2 16.3.1:2 16.3.2:2 16.3.3:2 16.4.1:2 16.4.2:2 16.5.1:2 16.5.3:2 16.5.4:3";

/// What the standard asks for and does not apply, or is not met: the numbers, why.
const WITHOUT: &[(&str, &str)] = &[
    ("2.3.5", "Decisions by two people are not there: what a company wants approved twice, it splits over two groups."),
    (
        "3.4.7",
        "There is no endpoint for reports of the content security policy: with nothing inline there is little to report.",
    ),
    (
        "3.7.3",
        "Nothing leads to another site but what a company writes about itself, whose address is shown as text, and the way to \
         a provider of single sign-on, before which a page says where it leads.",
    ),
    (
        "5.4.3",
        "Uploads are not scanned for viruses: pictures are decoded, workbooks are read cell by cell, and both are \
               served to nobody who might run them. A scanner can watch the folder of files.",
    ),
    (
        "12.1.1, 12.3.2",
        "TLS towards browsers ends at the proxy in front; towards the mail server it is rustls, which has no version \
                        below 1.2 and checks certificates.",
    ),
    (
        "16.4.3",
        "Logs go to standard output, from where journald or the container's log driver carries them to another machine.",
    ),
];

/// One test: where it stands, what its comment says.
struct Test {
    name: String,
    asks: String,
    how: String,
    otherwise: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/asvs")
}

/// `1.2.10` so that it sorts by number.
fn order(number: &str) -> Vec<u32> {
    number.split('.').map(|part| part.parse().expect("a number")).collect()
}

/// The tests in a chapter's source, by each of their numbers.
fn tests(chapter: &str, source: &str) -> Vec<(String, Test)> {
    let lines: Vec<&str> = source.lines().collect();
    let mut found = vec![];
    for (at, line) in lines.iter().enumerate() {
        let Some(name) =
            line.strip_prefix("fn v").and_then(|rest| rest.split_once('(')).map(|(name, _)| format!("v{name}"))
        else {
            continue;
        };
        assert_eq!(lines[at - 1], "#[test]", "{name} is no test");
        let mut comment: Vec<&str> = lines[..at - 1].iter().rev().map_while(|l| l.strip_prefix("/// ")).collect();
        comment.reverse();
        let text = comment.join(" ");
        let (numbers, rest) = text.split_once(": ").unwrap_or_else(|| panic!("{name} does not say its numbers"));
        let (asks, rest) = rest.split_once(" How: ").unwrap_or_else(|| panic!("{name} does not say how"));
        let (how, otherwise) = match rest.split_once(" Otherwise: ") {
            Some((how, otherwise)) => (how, Some(otherwise.to_owned())),
            None => (rest, None),
        };
        let first = numbers.split(", ").next().unwrap_or_default();
        assert!(name.starts_with(&format!("v{}_", first.replace('.', "_"))), "{name} is not named after {first}");
        for number in numbers.split(", ") {
            let (asks, how, otherwise) = (asks.to_owned(), how.to_owned(), otherwise.clone());
            found.push((number.to_owned(), Test { name: format!("{chapter}::{name}"), asks, how, otherwise }));
        }
    }
    found
}

/// Every test, in the order of the numbers.
fn all() -> BTreeMap<Vec<u32>, (String, Test)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder()).expect("the chapters").flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let Some(chapter) = file.strip_suffix(".rs").filter(|name| !["mod", "list"].contains(name)) else { continue };
        let source = fs::read_to_string(entry.path()).expect("a chapter");
        for (number, test) in tests(chapter, &source) {
            let twice = all.insert(order(&number), (number.clone(), test));
            assert!(twice.is_none(), "{number} has two tests");
        }
    }
    all
}

/// The level of every requirement that applies.
fn levels() -> BTreeMap<Vec<u32>, u8> {
    APPLIES
        .split_whitespace()
        .map(|pair| pair.split_once(':').expect("a number and a level"))
        .map(|(number, level)| (order(number), level.parse().expect("a level")))
        .collect()
}

fn page(all: &BTreeMap<Vec<u32>, (String, Test)>) -> String {
    let levels = levels();
    let mut page = String::from(
        "# What OWASP ASVS 5.0 asks for, and how Causeway meets it\n\n\
         Made from the comments of the tests in `tests/it/asvs`; do not edit it here. Each test runs with every change, on\n\
         SQLite and on PostgreSQL; nothing lands while one of them fails, so that each line below has passed. The numbers are\n\
         those of version 5.0.0 of the standard; what is asked for is told in our own words.\n\n\
         | number | level | what is asked for | how it is met | test |\n|---|---|---|---|---|\n",
    );
    for (key, (number, test)) in all {
        let mut how = test.how.clone();
        if let Some(otherwise) = &test.otherwise {
            let _ = write!(how, " **In another way:** {otherwise}");
        }
        let cell = |text: &str| text.replace('|', "\\|");
        let _ =
            writeln!(page, "| {number} | {} | {} | {} | `{}` |", levels[key], cell(&test.asks), cell(&how), test.name);
    }
    page.push_str("\n## What does not apply, or is not met\n\n| number | why |\n|---|---|\n");
    for (numbers, why) in WITHOUT {
        let _ = writeln!(page, "| {numbers} | {why} |");
    }
    page
}

#[test]
fn every_requirement_that_applies_has_a_test() {
    let (all, asked) = (all(), levels());
    let missing: Vec<_> = asked.keys().filter(|number| !all.contains_key(*number)).collect();
    assert!(missing.is_empty(), "no test for {missing:?}");
    let unknown: Vec<_> = all.keys().filter(|number| !asked.contains_key(*number)).collect();
    assert!(unknown.is_empty(), "tests for {unknown:?}, which are not in the list");
}

#[test]
fn the_page_says_what_the_tests_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security/asvs.md");
    let page = page(&all());
    if std::env::var("CAUSEWAY_WRITE").is_ok_and(|what| what == "docs") {
        fs::create_dir_all(path.parent().expect("a folder")).expect("make the folder");
        fs::write(&path, &page).expect("write the page");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/security/asvs.md is not what the tests say: CAUSEWAY_WRITE=docs cargo test --test it asvs::list"
    );
}
