//! An answer, read as a person reads it: headings, texts, tables, links, forms.

use reqwest::blocking::RequestBuilder;
use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::form::Form;

/// One answer of the server.
pub struct Page {
    /// Where it came from.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Vec<u8>,
    asked: String,
}

impl Page {
    /// Sends the request and takes the whole answer.
    pub fn receive(request: RequestBuilder) -> Self {
        Self::try_receive(request).unwrap_or_else(|e| panic!("{e}"))
    }

    /// The same, where the server may break off.
    pub fn try_receive(request: RequestBuilder) -> Result<Self, String> {
        let (client, request) = request.build_split();
        let request = request.expect("a request that can be sent");
        let asked = format!("{} {}", request.method(), request.url());
        let broke_off = |e: reqwest::Error| format!("{asked}: {e}");
        let answer = client.execute(request).map_err(broke_off)?;
        Ok(Self {
            url: answer.url().clone(),
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            bytes: answer.bytes().map_err(broke_off)?.to_vec(),
            asked,
        })
    }

    /// Fails unless the status is this one, showing what the page says instead.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered:\n{}", self.asked, self.summary());
        self
    }

    /// The body as text.
    pub fn body(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|e| panic!("{}: not JSON ({e}):\n{}", self.asked, self.body()))
    }

    /// A header's value; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where the answer sends the browser, if it is a redirect.
    pub fn redirect(&self) -> Option<Url> {
        let target = matches!(self.status, 301 | 302 | 303 | 307 | 308).then(|| self.header("location"))?;
        Some(self.url.join(target).unwrap_or_else(|e| panic!("{}: Location {target:?}: {e}", self.asked)))
    }

    /// The parsed page.
    pub fn document(&self) -> Html {
        Html::parse_document(&self.body())
    }

    /// Whether the visible text of the page contains these words.
    pub fn says(&self, words: &str) -> bool {
        visible_text(self.document().root_element()).contains(words)
    }

    /// Fails unless the page says these words.
    #[track_caller]
    pub fn must_say(&self, words: &str) -> &Self {
        assert!(self.says(words), "{} does not say {words:?}:\n{}", self.asked, self.summary());
        self
    }

    /// Whether something matches the selector.
    pub fn has(&self, css: &str) -> bool {
        self.document().select(&selector(css)).next().is_some()
    }

    /// The text of the one element that matches.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let mut texts = self.texts(css);
        assert_eq!(texts.len(), 1, "{} has {} of {css:?}:\n{}", self.asked, texts.len(), self.summary());
        texts.remove(0)
    }

    /// The texts of all elements that match, in order.
    pub fn texts(&self, css: &str) -> Vec<String> {
        self.document().select(&selector(css)).map(visible_text).collect()
    }

    /// An attribute of the first element that matches and has it.
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.document().select(&selector(css)).find_map(|element| element.attr(name).map(str::to_owned))
    }

    /// The cells of a table's body, row by row.
    pub fn rows(&self, css: &str) -> Vec<Vec<String>> {
        let cells = selector("td, th");
        self.document()
            .select(&selector(&format!("{css} tbody tr")))
            .map(|row| row.select(&cells).map(visible_text).collect())
            .collect()
    }

    /// The address of the link that reads `text`.
    #[track_caller]
    pub fn link(&self, text: &str) -> String {
        let document = self.document();
        let links = selector("a[href]");
        let found = document.select(&links).find(|link| name_of(*link) == text);
        found
            .and_then(|link| link.attr("href"))
            .map(str::to_owned)
            .unwrap_or_else(|| panic!("{} has no link {text:?}:\n{}", self.asked, self.summary()))
    }

    /// The address of the first link within the page's matter that contains these characters.
    #[track_caller]
    pub fn link_to(&self, piece: &str) -> String {
        let document = self.document();
        let links = selector("main a[href]");
        let mut found = document.select(&links).filter_map(|link| link.attr("href"));
        found
            .find(|href| href.contains(piece))
            .map(str::to_owned)
            .unwrap_or_else(|| panic!("{} has no link to {piece:?}:\n{}", self.asked, self.summary()))
    }

    /// The form that matches, as it stands on the page.
    #[track_caller]
    pub fn form(&self, css: &str) -> Form {
        let document = self.document();
        let found = document.select(&selector(css)).find(|element| element.value().name() == "form");
        let form = found.unwrap_or_else(|| panic!("{} has no form {css:?}:\n{}", self.asked, self.summary()));
        Form::read(&self.url, &document, form)
    }

    /// The form with a button that reads `button`, ready to be sent with that button.
    #[track_caller]
    pub fn form_with(&self, button: &str) -> Form {
        let document = self.document();
        document
            .select(&selector("form"))
            .map(|form| Form::read(&self.url, &document, form))
            .find_map(|form| form.try_press(button).ok())
            .unwrap_or_else(|| panic!("{} has no button {button:?}:\n{}", self.asked, self.summary()))
    }

    /// The beginning of what the page says, for a failing test.
    fn summary(&self) -> String {
        let text = if self.header("content-type").starts_with("text/html") {
            visible_text(self.document().root_element())
        } else {
            self.body()
        };
        let location = self.redirect().map(|url| format!("to {url} ")).unwrap_or_default();
        format!("{} {location}{}", self.status, text.chars().take(1_500).collect::<String>())
    }
}

/// Parses a selector that a test wrote.
pub fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|e| panic!("{css:?} is not a selector: {e}"))
}

/// What a person reads in an element: white space as one blank, nothing of scripts, styles and templates.
pub fn visible_text(element: ElementRef<'_>) -> String {
    let mut words = String::new();
    for node in element.descendants() {
        let Some(text) = node.value().as_text() else { continue };
        let hidden = node
            .ancestors()
            .filter_map(|a| a.value().as_element().map(|e| e.name().to_owned()))
            .any(|name| matches!(name.as_str(), "script" | "style" | "template" | "noscript" | "title"));
        if !hidden {
            words.push_str(text);
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a link or button: its label if it has one, otherwise its text.
pub fn name_of(element: ElementRef<'_>) -> String {
    element.attr("aria-label").map_or_else(|| visible_text(element), str::to_owned)
}
