//! What a browser calls itself, in words.

use crate::kit::Text;

/// Words in the name that a browser gives itself, and what people call it. Many pretend to be others as well: the first
/// that is found is meant.
const BROWSERS: [(&str, &str); 11] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// The same for systems.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

fn found(agent: &str, words: &[(&str, &'static str)]) -> Option<&'static str> {
    words.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name)
}

/// Browser and system: `Firefox on Windows`. Anybody can pretend to be any of them.
pub fn browser_words(agent: &str) -> Text {
    match (found(agent, &BROWSERS), found(agent, &SYSTEMS)) {
        (Some(browser), Some(system)) => {
            Text::new("{browser} on {system}").arg("browser", browser).arg("system", system)
        }
        (Some(browser), None) => Text::data(browser),
        (None, Some(system)) => Text::new("A browser on {system}").arg("system", system),
        (None, None) => Text::new("An unknown browser"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_although_they_pretend() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        for (agent, words) in [
            (
                format!("{windows} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"),
                "Chrome on Windows",
            ),
            (format!("{windows} AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0"), "Edge on Windows"),
            (format!("{windows} Gecko/20100101 Firefox/143.0"), "Firefox on Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
                    .to_owned(),
                "Safari on iOS",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15".to_owned(),
                "Safari on macOS",
            ),
            ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36".to_owned(), "Chrome on Android"),
            ("curl/8.9.1".to_owned(), "curl"),
            ("Windows".to_owned(), "A browser on Windows"),
            ("<script>alert(1)</script>".to_owned(), "An unknown browser"),
            (String::new(), "An unknown browser"),
        ] {
            assert_eq!(browser_words(&agent).to_string(), words, "{agent}");
        }
    }
}
