//! The accessibility rules of axe-core, run in the page.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::browser::Browser;

const SCRIPT: &str = "tests/browser/node_modules/axe-core/axe.min.js";

/// What is serious or critical on the page, a readable line for each element.
pub fn check(browser: &Browser) -> Vec<String> {
    if browser.run("return typeof window.axe", vec![]) == json!("undefined") {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCRIPT);
        let script = fs::read_to_string(script)
            .unwrap_or_else(|e| panic!("{SCRIPT}: {e}; it comes with: npm ci --prefix tests/browser"));
        browser.run(&format!("{script}; window.axe = axe;"), vec![]);
    }
    // A promise that a script returns is waited for.
    let found = browser.run("return axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)", vec![]);
    let violations = found.as_array().expect("axe-core returns its findings");
    violations.iter().filter(|v| matches!(v["impact"].as_str(), Some("serious" | "critical"))).flat_map(lines).collect()
}

/// `color-contrast (serious) at main > p: Elements must meet …`, then what to change.
fn lines(violation: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes = violation["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |node: &Value| {
        let place: Vec<String> = node["target"].as_array().into_iter().flatten().map(Value::to_string).collect();
        format!(
            "{} ({}) at {}: {}\n    {}\n    {}",
            text(&violation["id"]),
            text(&violation["impact"]),
            place.join(" "),
            text(&violation["help"]),
            text(&node["html"]).chars().take(200).collect::<String>(),
            text(&node["failureSummary"]).replace('\n', "\n    "),
        )
    };
    nodes.iter().map(line).collect()
}
