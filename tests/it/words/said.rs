//! What a page says to people, and which of its words never went through a text.
//!
//! In the pseudo-locale every text comes out with accents. Whatever is left in plain letters must be data.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html};

use crate::support::page::Page;

/// Elements whose content is for machines, or is what somebody types.
const SILENT: [&str; 5] = ["script", "style", "template", "kbd", "code"];

/// Attributes that are read out or shown. Those of the script are shown by it.
const SAID: [&str; 8] = [
    "title",
    "alt",
    "placeholder",
    "label",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
];

/// What the script shows: attributes of the body, of file fields and of forms for passkeys.
const SCRIPTED: [&str; 15] = [
    "data-copied",
    "data-selected",
    "data-all",
    "data-span-dh",
    "data-span-d",
    "data-span-hm",
    "data-span-h",
    "data-span-m",
    "data-span-none",
    "data-sent",
    "data-stored",
    "data-lost",
    "data-too-large",
    "data-unable",
    "data-failed",
];

/// Everything that a page says, piece by piece.
pub fn said(page: &Page) -> Vec<String> {
    let mut found = vec![];
    walk(Html::parse_document(&page.body()).root_element(), &mut found);
    found
}

fn walk(element: ElementRef<'_>, found: &mut Vec<String>) {
    let name = element.value().name();
    // What says that it is English is not to be translated.
    let english = name != "html" && element.attr("lang") == Some("en");
    if english || SILENT.contains(&name) {
        return;
    }
    if name == "noscript" {
        // The parser, which plays a browser with script, leaves its markup as a text.
        let markup: String = element.text().collect();
        return walk(Html::parse_fragment(&markup).root_element(), found);
    }
    found.extend(SAID.iter().filter_map(|attribute| element.attr(attribute)).map(str::to_owned));
    let scripted = SCRIPTED.iter().filter_map(|attribute| element.attr(attribute));
    found.extend(scripted.map(|text| PLACE.replace_all(text, "").into_owned()));
    if name == "input" && matches!(element.attr("type"), Some("submit" | "button" | "reset")) {
        found.extend(element.attr("value").map(str::to_owned));
    }
    for child in element.children() {
        match (child.value().as_text(), ElementRef::wrap(child)) {
            (Some(text), _) => found.push(text.to_string()),
            (None, Some(element)) => walk(element, found),
            _ => {}
        }
    }
}

/// Where the script puts a value.
static PLACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{[a-z]+\}").expect("a pattern"));
/// Letters and digits without a gap, however many dots, dashes or accents are among them.
static RUN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}]+(?:[._@:/+-][\p{L}\p{N}]+)*").expect("a pattern"));
/// A word with a letter to which the pseudo-locale gives an accent.
static PLAIN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z]{2,}").expect("a pattern"));

/// The letters of which the pseudo-locale leaves none as it is.
const ACCENTED: &str = "AaCcEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz";

/// The plain words of a piece that are not among the data, which are whole names, ids and sentences.
pub fn plain(piece: &str, data: &BTreeSet<String>) -> Vec<String> {
    let piece = piece.split_whitespace().collect::<Vec<_>>().join(" ");
    if bare_words(&piece).is_empty() || data.contains(&piece) {
        return vec![];
    }
    let mut rest = piece;
    // The longest first: "Acme Ltd" before "Acme".
    let mut names: Vec<&String> = data.iter().filter(|name| rest.contains(name.as_str())).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        rest = without(&rest, name);
    }
    bare_words(&rest)
}

/// The plain words of a piece, whatever they are.
fn bare_words(piece: &str) -> Vec<String> {
    let bare = |run: &str| run.is_ascii() && !run.chars().any(|c| c.is_ascii_digit());
    RUN.find_iter(piece)
        .map(|run| run.as_str())
        .filter(|run| bare(run))
        .filter(|run| PLAIN.find_iter(run).any(|word| word.as_str().contains(|c| ACCENTED.contains(c))))
        .map(str::to_owned)
        .collect()
}

/// A piece without a name, where the name stands alone and is no part of a word.
fn without(piece: &str, name: &str) -> String {
    let mut out = String::new();
    let mut rest = piece;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let alone = !part(before.chars().next_back().or(out.chars().next_back())) && !part(after.chars().next());
        out.push_str(before);
        out.push_str(if alone { " " } else { name });
        rest = after;
    }
    out + rest
}

#[test]
fn a_plain_word_is_seen() {
    let data = BTreeSet::from(["Ada".to_owned(), "Ada Ltd".to_owned()]);
    assert_eq!(plain("⟦Ĥéļļö Ada⟧", &data), Vec::<String>::new());
    assert_eq!(plain("⟦Ĥéļļö Ada Ltd⟧, PDF 12", &data), Vec::<String>::new());
    assert_eq!(plain("⟦Ĥéļļö draft⟧ of Adam", &data), ["draft", "of", "Adam"]);
}

#[test]
fn what_is_shown_and_what_is_read_out_is_heard() {
    let html = r#"<p title="a">b <b>c</b></p><input type=submit value=d><img alt=e><script>f</script><input value=g>"#;
    let mut found = vec![];
    walk(Html::parse_document(html).root_element(), &mut found);
    let heard: Vec<&str> = found.iter().map(|piece| piece.trim()).collect();
    assert_eq!(heard, ["a", "b", "c", "d", "e"]);
}
