//! What may not be written: ways to stop the program, words that say nothing, places of one machine, tests that wait.

use regex::Regex;

use super::tree::{File, Tree};
use super::{holds, sees};

/// Where a test may look again after a moment; a benchmark measures how long something takes, however long that is.
const MAY_WAIT: [&str; 2] = ["tests/it/support/wait.rs", "tests/bench/"];

fn matches(file: &File, text: &str, pattern: &Regex, problem: &str) -> Vec<String> {
    let found = text.lines().enumerate().filter_map(|(number, line)| {
        let words = pattern.find(line)?.as_str().trim();
        Some(format!("{}:{}: {problem}: {words}", file.path, number + 1))
    });
    found.collect()
}

fn stops(tree: &Tree) -> Vec<String> {
    // `expect` with a text; a parser's own `expect(',')` is another matter.
    let pattern = r#"\.unwrap(_err|_unchecked)?\(\s*\)|\.expect(_err)?\(\s*("|&|\s\s|$)|\b(panic|unreachable|todo|unimplemented|dbg)!"#;
    let pattern = Regex::new(pattern).expect("a pattern");
    tree.below("src/", ".rs").flat_map(|f| matches(f, &f.code(), &pattern, "can stop the program")).collect()
}

fn empty_words(tree: &Tree) -> Vec<String> {
    let name = Regex::new(r"(^|/)(utils?|helpers?|commons?|managers?|misc|stuff)(\.\w+|/)").expect("a pattern");
    let module = Regex::new(r"\bmod (utils?|helpers?|commons?|managers?|misc|stuff)\b").expect("a pattern");
    let mut found: Vec<String> = tree
        .files()
        .iter()
        .filter(|f| name.is_match(&f.path))
        .map(|f| format!("{}: the name says nothing about what is inside", f.path))
        .collect();
    let rust = tree.files().iter().filter(|f| f.path.ends_with(".rs"));
    found.extend(rust.flat_map(|f| matches(f, &f.code(), &module, "the name says nothing")));
    found
}

/// The project speaks of itself alone: no folder of one machine, no name of a registry that a mirror may stand in for.
fn strangers(tree: &Tree) -> Vec<String> {
    // Put together here, so that this file does not find itself.
    let folders = ["work", "root", "home", "tmp", "Users", "mnt"].join("|");
    let registries = [("crates", "io"), ("npmjs", "org"), ("npmjs", "com"), ("pypi", "org"), ("pythonhosted", "org")]
        .map(|(name, end)| format!(r"\b{name}\.{end}\b"))
        .join("|");
    // At the start of a path, not in the middle of one.
    let pattern = Regex::new(&format!(r"(^|[^\w.}}~/-])/({folders})/|{registries}")).expect("a pattern");
    let ours = tree.files().iter().filter(|f| !f.path.ends_with("Cargo.lock"));
    ours.flat_map(|f| matches(f, &f.text, &pattern, "speaks of something outside the project")).collect()
}

fn unfinished(tree: &Tree) -> Vec<String> {
    let pattern = Regex::new(&["TO-DO", "FIX-ME", "XX-X"].map(|w| format!(r"\b{}\b", w.replace('-', ""))).join("|"));
    let pattern = pattern.expect("a pattern");
    let ours = tree.files().iter().filter(|f| !f.path.ends_with(".lock"));
    ours.flat_map(|f| matches(f, &f.text, &pattern, "unfinished")).collect()
}

fn idle_tests(tree: &Tree) -> Vec<String> {
    let pattern = Regex::new(r"\b(sleep|park_timeout)\s*\(|#\[ignore").expect("a pattern");
    let tests = tree
        .below("tests/", ".rs")
        .filter(|f| !MAY_WAIT.iter().any(|place| f.path.starts_with(place)))
        .map(|f| (f, super::tree::code(&f.text)));
    let own = tree.below("src/", ".rs").map(|f| (f, f.tests()));
    tests.chain(own).flat_map(|(f, code)| matches(f, &code, &pattern, "waits, or does not run")).collect()
}

#[test]
fn nothing_stops_the_program() {
    holds(stops);
    sees(
        stops,
        &[
            (
                "src/a.rs",
                "fn a() { b.unwrap_or(1); c(\".unwrap()\") }\n#[cfg(test)]\nmod tests { fn t() { a.unwrap(); } }",
            ),
            ("src/a/tests.rs", "fn t() { a.unwrap() }"),
            ("src/rql/parse.rs", "fn a() { self.expect('(')?; self.expect(Token::End) }"),
        ],
        &[
            &[("src/a.rs", "fn a() { b.unwrap() }")],
            &[("src/a.rs", "fn a() { b\n.expect(\"c\") }")],
            &[("src/a.rs", "fn a() { b.expect(&text) }")],
            &[("src/a.rs", "fn a() { b.expect(\n\"c\") }")],
            &[("src/latests.rs", "fn a() { b.unwrap() }")],
            &[("src/a.rs", "fn a() { panic!(\"c\") }")],
            &[("src/a.rs", "#[cfg(test)]\nmod t { }\nfn a() { b.unwrap() }")],
        ],
    );
}

#[test]
fn names_say_something() {
    holds(empty_words);
    sees(
        empty_words,
        &[("src/kit/mod.rs", "mod amount;"), ("src/db/pool.rs", "use diesel::r2d2::ConnectionManager;")],
        &[
            &[("src/utils.rs", "")],
            &[("src/web/helpers/mod.rs", "")],
            &[("static/js/common.js", "")],
            &[("src/lib.rs", "mod manager { }")],
        ],
    );
}

#[test]
fn the_project_speaks_of_itself_alone() {
    holds(strangers);
    let place = |name: &str| format!("see /{name}/thing");
    let (first, second) = (place("root"), place("tmp"));
    let third = ["https://docs.crates", "io/x"].join(".");
    sees(
        strangers,
        &[("docs/a.md", "the folder src/root/a, https://example.com/home/a and /srv/causeway")],
        &[&[("docs/a.md", &first)], &[("src/a.rs", &second)], &[("README.md", &third)]],
    );
}

#[test]
fn nothing_is_left_for_later() {
    holds(unfinished);
    let mark = ["TO", "DO"].concat();
    sees(unfinished, &[("src/a.rs", "// what to do next")], &[&[("src/a.rs", &format!("// {mark}: more"))]]);
}

#[test]
fn tests_neither_sleep_nor_rest() {
    holds(idle_tests);
    sees(
        idle_tests,
        &[
            ("tests/it/a.rs", "// no sleep()\nfn a() { wait::until() }"),
            (MAY_WAIT[0], "thread::park_timeout(x)"),
            ("src/jobs/worker.rs", "async fn a() { sleep(x).await }\n#[cfg(test)]\nmod tests { fn b() { c() } }"),
        ],
        &[
            &[("tests/it/a.rs", "std::thread::sleep(x)")],
            &[("tests/browser/a.rs", "tokio::time::sleep (x).await")],
            &[("src/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { sleep(c) } }")],
            &[("tests/it/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}")],
        ],
    );
}
