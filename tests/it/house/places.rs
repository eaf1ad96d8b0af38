//! Where things lie: migrations, templates, flow folders, long files.

use std::collections::BTreeSet;

use regex::Regex;

use super::tree::{File, Tree};
use super::{FLOWS, holds, sees};

/// A file is read from top to bottom; a longer one becomes a folder of the same name.
const MOST_LINES: usize = 450;

/// Template folders beside those of the flows.
const SHARED_TEMPLATES: [&str; 2] = ["macros", "web"];

fn long_files(tree: &Tree) -> Vec<String> {
    let ours = |f: &&File| ["src/", "templates/", "tests/"].iter().any(|folder| f.path.starts_with(folder));
    let long =
        |f: &&File| (f.path.ends_with(".rs") || f.path.ends_with(".html")) && f.text.lines().count() > MOST_LINES;
    let tell = |f: &File| format!("{}: {} lines, at most {MOST_LINES}", f.path, f.text.lines().count());
    tree.files().iter().filter(ours).filter(long).map(tell).collect()
}

fn migrations(tree: &Tree) -> Vec<String> {
    let names = |folder: &str| -> BTreeSet<String> {
        tree.below(folder, ".sql").filter_map(|f| f.path.strip_prefix(folder).map(str::to_owned)).collect()
    };
    let (sqlite, postgres) = (names("migrations/sqlite/"), names("migrations/postgres/"));
    let only = |other: &str, name: &String| format!("migrations/{other}/{name} is missing");
    let mut found: Vec<String> = sqlite.difference(&postgres).map(|name| only("postgres", name)).collect();
    found.extend(postgres.difference(&sqlite).map(|name| only("sqlite", name)));
    for up in sqlite.iter().filter_map(|name| name.strip_suffix("/up.sql")) {
        if !sqlite.contains(&format!("{up}/down.sql")) {
            found.push(only("sqlite", &format!("{up}/down.sql")));
        }
    }
    if sqlite.is_empty() {
        found.push("there are no migrations".to_owned());
    }
    found
}

fn templates(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    // Everything that may name a template: `path = "…"` in Rust, `{% include "…" %}` in another template.
    let naming: String =
        tree.below("src/", ".rs").chain(tree.below("templates/", "")).map(|f| f.text.as_str()).collect();
    for file in tree.below("templates/", "") {
        let name = file.path.trim_start_matches("templates/");
        let belongs = match name.split_once('/') {
            Some((folder, _)) => FLOWS.contains(&folder) || SHARED_TEMPLATES.contains(&folder),
            None => name == "layout.html",
        };
        if !belongs {
            found.push(format!("{}: belongs to no flow", file.path));
        }
        if !naming.contains(&format!("\"{name}\"")) {
            found.push(format!("{}: nothing uses it", file.path));
        }
    }
    found
}

/// What the content security policy would block, and what would let a user's text act as markup.
fn markup(tree: &Tree) -> Vec<String> {
    let bad =
        Regex::new(r#"\sstyle\s*=|\son[a-z]+\s*=|<style\b|<script(?:\s+type="[^"]*")?\s*>|javascript:|\|\s*safe\b"#);
    let bad = bad.expect("a pattern");
    let mut found = Vec::new();
    for file in tree.below("templates/", ".html") {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(piece) = bad.find(line) {
                found.push(format!("{}:{}: {}", file.path, number + 1, piece.as_str().trim()));
            }
        }
    }
    found
}

fn doors(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.below("src/", ".rs").chain(tree.below("tests/", ".rs")) {
        if !file.text.starts_with("//! ") {
            found.push(format!("{}: its first line has to say what the room is for (//! …)", file.path));
        }
    }
    let flows: BTreeSet<&str> = tree.below("src/flows/", ".rs").filter_map(File::flow).collect();
    for flow in &flows {
        if !tree.files().iter().any(|f| f.path == format!("src/flows/{flow}/mod.rs")) {
            found.push(format!("src/flows/{flow} has no mod.rs"));
        }
    }
    if flows.is_empty() {
        found.push("there are no flows".to_owned());
    }
    found
}

#[test]
fn no_file_is_too_long() {
    let long = "x\n".repeat(MOST_LINES + 1);
    let full = "x\n".repeat(MOST_LINES);
    holds(long_files);
    sees(
        long_files,
        &[("src/a.rs", &full), ("docs/a.md", &long), ("static/app.css", &long)],
        &[&[("src/a.rs", &long)], &[("templates/web/a.html", &long)], &[("tests/it/a.rs", &long)]],
    );
}

#[test]
fn both_databases_have_the_same_migrations() {
    holds(migrations);
    let (up, down) = ("migrations/sqlite/0001_a/up.sql", "migrations/sqlite/0001_a/down.sql");
    let (up2, down2) = ("migrations/postgres/0001_a/up.sql", "migrations/postgres/0001_a/down.sql");
    sees(
        migrations,
        &[(up, ""), (down, ""), (up2, ""), (down2, "")],
        &[
            &[],
            &[(up, ""), (down, ""), (up2, "")],
            &[(up, ""), (up2, "")],
            &[
                (up, ""),
                (down, ""),
                ("migrations/postgres/0001_b/up.sql", ""),
                ("migrations/postgres/0001_b/down.sql", ""),
            ],
        ],
    );
}

#[test]
fn every_template_belongs_to_a_flow_and_is_used() {
    holds(templates);
    let layout = ("templates/layout.html", "");
    let page = ("templates/orders/list.html", "{% extends \"layout.html\" %}");
    let user = ("src/flows/orders/pages.rs", "#[template(path = \"orders/list.html\")]");
    sees(
        templates,
        &[layout, page, user],
        &[
            &[layout, page],
            &[layout, page, user, ("templates/misc/a.html", "{# \"misc/a.html\" #}")],
            &[layout, page, user, ("templates/page.html", "{# \"page.html\" #}")],
        ],
    );
}

#[test]
fn templates_hold_no_script_no_style_and_escape_everything() {
    holds(markup);
    sees(
        markup,
        &[(
            "templates/orders/a.html",
            "<p class=\"style\">{{ name }}</p><script src=\"/static/app.js\" defer></script><option value=\"on=1\">",
        )],
        &[
            &[("templates/orders/a.html", "<p style=\"color:red\">")],
            &[("templates/orders/a.html", "<button onclick=\"go()\">")],
            &[("templates/orders/a.html", "<script>go()</script>")],
            &[("templates/orders/a.html", "{{ name|safe }}")],
            &[("templates/orders/a.html", "{{ name | safe }}")],
            &[("templates/orders/a.html", "<a href=\"javascript:go()\">")],
        ],
    );
}

#[test]
fn every_room_says_what_it_is_for() {
    holds(doors);
    sees(
        doors,
        &[("src/flows/orders/mod.rs", "//! Orders.\n")],
        &[
            &[],
            &[("src/flows/orders/mod.rs", "use std::fmt;")],
            &[("src/flows/orders/mod.rs", "//! Orders.\n"), ("src/kit/ids.rs", "")],
            &[("src/flows/orders/pages.rs", "//! Pages.\n")],
        ],
    );
}
