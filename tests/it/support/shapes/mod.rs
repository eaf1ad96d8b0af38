//! The shape of the API's answers: each must fit the description that the program makes of itself; and, where the variable
//! `PUBLISHED_API` names the published description (YAML), that one too, but for the exceptions.

mod exceptions;
mod schema;

use std::sync::OnceLock;

use causeway::rest::PREFIX;
use causeway::routes;
use causeway::web::endpoint::Endpoint;
use serde_json::{Map, Value};

use super::page::Page;
use exceptions::EXCEPTIONS;
pub use schema::Check;

/// Fails unless an answer fits its descriptions.
#[track_caller]
pub fn check(method: &str, answer: &Page) {
    let problems = differences(method, answer);
    assert!(problems.is_empty(), "{method} {}:\n{}\n{}", answer.url, problems.join("\n"), answer.body());
}

/// Where an answer of the API differs from its descriptions. What is not JSON has no shape.
pub fn differences(method: &str, answer: &Page) -> Vec<String> {
    let Some(path) = answer.url.path().strip_prefix(PREFIX) else { return vec![] };
    let path = path.trim_end_matches('/');
    let json = answer.header("content-type") == "application/json" && !answer.bytes.is_empty();
    if !json || path == "/openapi.json" {
        return vec![];
    }
    let value = answer.json();
    let Some(endpoint) = endpoint(method, path) else {
        let error = &own()["components"]["schemas"]["ErrorBody"];
        return Check::new(own(), true).problems(error, &value);
    };
    let picked = answer.url.query().is_some_and(|query| query.contains("select("));
    let expected = |problem: &String| !(picked && problem.ends_with(": missing"));
    let status = answer.status.to_string();
    let Some(schema) = answer_of(own(), endpoint, &status) else {
        return vec![format!("{status}: the description does not have this answer")];
    };
    let mut found = Check::new(own(), true).problems(schema, &value);
    if let Some(published) = published() {
        let all = match answer_of(published, endpoint, &status) {
            Some(schema) => Check::new(published, false).problems(schema, &value),
            None => other_success(published, endpoint, &status).into_iter().collect(),
        };
        found.extend(all.into_iter().filter(|p| !excepted(endpoint.path, p)).map(|p| format!("published: {p}")));
    }
    found.retain(expected);
    found
}

/// Whether a difference from the published description is one of the exceptions.
fn excepted(path: &str, problem: &str) -> bool {
    let (place, wrong) = problem.split_once(": ").unwrap_or((problem, ""));
    EXCEPTIONS.iter().any(|(of, known, how, why)| {
        assert!(!why.is_empty(), "{of} {known} needs a reason");
        let of_path = of.strip_suffix('*').map_or(*of == path, |begin| path.starts_with(begin));
        let at_place = place == *known || place.ends_with(&format!(".{known}"));
        of_path && at_place && (wrong.starts_with(how) || wrong.ends_with(how))
    })
}

/// The description that the program makes of itself.
pub fn own() -> &'static Value {
    static OWN: OnceLock<Value> = OnceLock::new();
    OWN.get_or_init(|| causeway::rest::openapi::document(&routes::api()))
}

/// The published description, if `PUBLISHED_API` names it.
pub fn published() -> Option<&'static Value> {
    static PUBLISHED: OnceLock<Option<Value>> = OnceLock::new();
    let read = || {
        let file = std::env::var_os("PUBLISHED_API")?;
        let text = std::fs::read_to_string(&file).expect("read the file that PUBLISHED_API names");
        Some(serde_yaml_ng::from_str(&text).expect("the published description is YAML"))
    };
    PUBLISHED.get_or_init(read).as_ref()
}

/// The route that a path leads to: of those that fit, the one with the most words of its own.
fn endpoint(method: &str, path: &str) -> Option<&'static Endpoint> {
    static ALL: OnceLock<Vec<Endpoint>> = OnceLock::new();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |endpoint: &&Endpoint| {
        let known: Vec<&str> = endpoint.path.split('/').collect();
        let same = |(known, part): (&&str, &&str)| known.starts_with('{') || known == part;
        endpoint.method.as_str() == method && known.len() == parts.len() && known.iter().zip(&parts).all(same)
    };
    let parameters = |endpoint: &&Endpoint| endpoint.path.matches('{').count();
    ALL.get_or_init(routes::api).iter().filter(fits).min_by_key(parameters)
}

/// A path in which all parameters have the same name.
fn plain(path: &str) -> String {
    let parts = path.trim_end_matches('/').split('/').map(|p| if p.starts_with('{') { "{}" } else { p });
    parts.collect::<Vec<_>>().join("/")
}

/// What a call may answer, by its status.
fn answers_of<'d>(document: &'d Value, endpoint: &Endpoint) -> Option<&'d Map<String, Value>> {
    let wanted = plain(endpoint.path);
    let (_, methods) = document["paths"].as_object()?.iter().find(|(known, _)| plain(known) == wanted)?;
    methods.get(endpoint.method.as_str().to_lowercase())?["responses"].as_object()
}

/// The schema of what a call answers with a status.
fn answer_of<'d>(document: &'d Value, endpoint: &Endpoint, status: &str) -> Option<&'d Value> {
    answers_of(document, endpoint)?.get(status)?["content"].get("application/json")?.get("schema")
}

/// The problem that a call succeeds with another status than the description says.
fn other_success(document: &Value, endpoint: &Endpoint, status: &str) -> Option<String> {
    let known = answers_of(document, endpoint)?.keys().find(|known| known.starts_with('2'))?;
    (status.starts_with('2') && known != status).then(|| format!("(status): {status} is not {known}"))
}
