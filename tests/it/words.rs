//! Every word that the program says goes through a text: in the pseudo-locale, where texts are accented, a page has no plain
//! word but those of the data.

use std::collections::{BTreeMap, BTreeSet};

use causeway::routes;
use causeway::web::endpoint::{Endpoint, Who};
use regex::Regex;
use scraper::{ElementRef, Html};

use crate::chain::Chain;
use crate::support::companies::sign_in;

/// Elements whose content nobody reads as words.
const SILENT: [&str; 6] = ["script", "style", "template", "svg", "code", "kbd"];

/// Attributes that are read out or shown.
const SAID: [&str; 5] = ["title", "alt", "placeholder", "aria-label", "label"];

/// Plain words that are the same in every language: names of formats, keys and things.
const NAMES: &[&str] = &["causeway"];

/// The texts of a page: what is shown, and what is read out.
fn texts(element: ElementRef<'_>, found: &mut Vec<String>) {
    let name = element.value().name();
    if SILENT.contains(&name) || element.value().attr("translate") == Some("no") {
        return;
    }
    found.extend(SAID.iter().filter_map(|attribute| element.value().attr(attribute)).map(str::to_owned));
    if name == "input" && matches!(element.value().attr("type"), Some("submit" | "button")) {
        found.extend(element.value().attr("value").map(str::to_owned));
    }
    for child in element.children() {
        match (child.value().as_text(), ElementRef::wrap(child)) {
            (Some(text), _) => found.push(text.to_string()),
            (None, Some(element)) => texts(element, found),
            _ => {}
        }
    }
}

/// The plain words of a text, in lower case.
fn words(text: &str) -> Vec<String> {
    let word = Regex::new(r"[A-Za-z]{3,}").expect("a pattern");
    // A letter with an accent beside it belongs to a text: not every letter has an accented form.
    let whole = Regex::new(r"[\p{L}\p{N}_@.:/-]+").expect("a pattern");
    let plain = whole.find_iter(text).map(|w| w.as_str()).filter(|w| w.is_ascii());
    plain.flat_map(|w| word.find_iter(w).map(|m| m.as_str().to_lowercase())).collect()
}

/// Every word that stands in the data: in the answers of the API, and in the addresses of the pages.
fn data(chain: &Chain) -> BTreeSet<String> {
    let paths: Vec<&str> = routes::api()
        .iter()
        .filter(|e| e.method.as_str() == "GET" && e.shape.is_some() && !e.path.contains("{category}"))
        .map(|e| e.path)
        .collect();
    let values = |json: &str| {
        let mut found = vec![];
        let mut open = vec![serde_json::from_str(json).unwrap_or_default()];
        while let Some(value) = open.pop() {
            match value {
                serde_json::Value::String(text) => found.extend(words(&text)),
                serde_json::Value::Array(list) => open.extend(list),
                serde_json::Value::Object(object) => open.extend(object.into_iter().map(|(_, value)| value)),
                _ => {}
            }
        }
        found
    };
    chain.everything(&paths).values().flat_map(|json| values(json)).collect()
}

#[test]
fn no_page_says_a_word_that_is_not_a_text() {
    let chain = Chain::new();
    let companies = chain.companies();
    let known = data(&chain);
    chain.server().database().execute("update person set locale = 'en-XA'");
    let browser = sign_in(chain.server(), &companies[0].email);
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut seen = 0;
    let asks = |e: &Endpoint| e.method.as_str() == "GET" && !matches!(e.who, Who::Guest) && !e.path.contains("/media/");
    for endpoint in routes::pages().iter().filter(|e| asks(e)) {
        for company in companies.iter().filter(|c| chain.sees(c, endpoint.path)) {
            let page = browser.get(&chain.fill(endpoint.path, company.id.as_str()));
            if !page.header("content-type").starts_with("text/html") || page.status >= 500 {
                continue;
            }
            seen += 1;
            let document = Html::parse_document(&page.body());
            let mut said = vec![];
            texts(document.root_element(), &mut said);
            for text in said {
                for word in words(&text) {
                    if !known.contains(&word) && !NAMES.contains(&word.as_str()) {
                        found.entry(word).or_insert_with(|| format!("{}: {:?}", endpoint.path, text.trim()));
                    }
                }
            }
        }
    }
    assert!(seen > 60, "only {seen} pages were read");
    let all: Vec<String> = found.iter().map(|(word, place)| format!("{word} ({place})")).collect();
    assert!(all.is_empty(), "\n{}\n{} words", all.join("\n"), all.len());
}

#[test]
fn a_plain_word_is_seen() {
    assert_eq!(words("Ĥéļļö Ada"), ["ada"]);
    assert_eq!(words("Ñéẇ 12 of PRD-1"), ["prd"]);
}
