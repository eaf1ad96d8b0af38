//! A browser without script: it keeps cookies, says where a request comes from, follows links and sends forms.

use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::RequestBuilder;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use url::Url;

use super::form::Form;
use super::page::Page;
use super::shapes;

/// One person at one browser.
pub struct Client {
    http: reqwest::blocking::Client,
    base: Url,
}

impl Client {
    /// A new browser that knows the portal at `base`.
    pub fn new(base: &str) -> Self {
        let base = Url::parse(base).expect("the portal's address");
        Self { http: build(reqwest::blocking::Client::builder().cookie_store(true), &[]), base }
    }

    /// The same, but the portal answers under a host name of its own: the address is that of `base`, the name is `host`.
    pub fn on_host(base: &str, host: &str) -> Self {
        let mut base = Url::parse(base).expect("the portal's address");
        let address = base.socket_addrs(|| None).expect("a numeric address")[0];
        base.set_host(Some(host)).expect("a host name");
        let builder = reqwest::blocking::Client::builder().cookie_store(true).resolve(host, address);
        Self { http: build(builder, &[]), base }
    }

    /// The same behind a proxy, which says that the browser is at `address`.
    pub fn at(base: &str, address: &str) -> Self {
        let base = Url::parse(base).expect("the portal's address");
        Self { http: build(forwarded(address).cookie_store(true), &[]), base }
    }

    /// Opens a page as a person does: redirects are followed, and the page has to be there.
    pub fn open(&self, path: &str) -> Page {
        let page = self.get(path);
        self.follow(page).expect(200)
    }

    /// The answer to a GET, whatever it is.
    pub fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, |request| request)
    }

    /// What htmx gets when it asks for a fragment.
    pub fn fragment(&self, path: &str) -> Page {
        self.send(Method::GET, path, |request| request.header("HX-Request", "true").header("Sec-Fetch-Dest", "empty"))
    }

    /// Follows the link that reads `text`.
    pub fn click(&self, page: &Page, text: &str) -> Page {
        let target = page.url.join(&page.link(text)).expect("a link's address");
        self.open(target.as_str())
    }

    /// Sends a form and returns the answer itself, mostly a redirect: [`Client::submit`] follows it.
    pub fn post(&self, form: Form) -> Page {
        self.try_post(form).unwrap_or_else(|e| panic!("{e}"))
    }

    /// The same, where the server may break off.
    pub fn try_post(&self, form: Form) -> Result<Page, String> {
        let sent = form.into_request();
        let origin = self.base.origin().ascii_serialization();
        let method = if sent.post { Method::POST } else { Method::GET };
        let mut request = self.http.request(method, sent.url).header("Referer", sent.page.as_str());
        if sent.post {
            request = request.header("Origin", origin);
            request = match sent.multipart {
                Some(body) => request.multipart(body),
                None => request.form(&sent.fields),
            };
        }
        Page::try_receive(request)
    }

    /// Sends a form and follows where it leads, as a browser does.
    pub fn submit(&self, form: Form) -> Page {
        let answer = self.post(form);
        self.follow(answer)
    }

    /// Goes where a redirect points, a few times if need be. Any other answer is returned as it is.
    pub fn follow(&self, answer: Page) -> Page {
        let mut page = answer;
        for _ in 0..8 {
            let Some(target) = page.redirect() else { return page };
            page = self.get(target.as_str());
        }
        panic!("{} redirects in circles", page.url);
    }

    /// Sends a request made by hand, to try what no page offers. `path` may be a whole address.
    pub fn send(&self, method: Method, path: &str, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Page {
        let url = self.base.join(path).unwrap_or_else(|e| panic!("{path}: {e}"));
        Page::receive(change(self.http.request(method, url)))
    }
}

/// A program that uses the REST API with a key.
pub struct Api {
    http: reqwest::blocking::Client,
    base: Url,
}

impl Api {
    /// A client of the API at `base` that signs with `key` (`ApiKey SU-…:…`).
    pub fn new(base: &str, key: &str) -> Self {
        let base = Url::parse(base).and_then(|b| b.join("/public/v1/")).expect("the API's address");
        let builder = reqwest::blocking::Client::builder().user_agent("causeway-tests");
        Self { http: build(builder, &[("authorization", key)]), base }
    }

    /// The same behind a proxy, which says that the program is at `address`.
    pub fn at(base: &str, key: &str, address: &str) -> Self {
        let base = Url::parse(base).and_then(|b| b.join("/public/v1/")).expect("the API's address");
        Self { http: build(forwarded(address), &[("authorization", key)]), base }
    }

    /// GET `path`, which is relative to `/public/v1/` and may carry an RQL query as it stands.
    #[track_caller]
    pub fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, |request| request)
    }

    /// POST a JSON body.
    #[track_caller]
    pub fn post(&self, path: &str, body: &serde_json::Value) -> Page {
        self.send(Method::POST, path, |request| request.json(body))
    }

    /// PUT a JSON body.
    #[track_caller]
    pub fn put(&self, path: &str, body: &serde_json::Value) -> Page {
        self.send(Method::PUT, path, |request| request.json(body))
    }

    /// DELETE without a body.
    #[track_caller]
    pub fn delete(&self, path: &str) -> Page {
        self.send(Method::DELETE, path, |request| request)
    }

    /// Sends a request made by hand. The answer has to have the shape that the API describes.
    #[track_caller]
    pub fn send(&self, method: Method, path: &str, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Page {
        let answer = self.try_send(method.clone(), path, change).unwrap_or_else(|e| panic!("{e}"));
        shapes::check(method.as_str(), &answer);
        answer
    }

    /// The same, where the server may break off, and whatever the answer's shape.
    pub fn try_send(
        &self,
        method: Method,
        path: &str,
        change: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Page, String> {
        let url = self.base.join(path).unwrap_or_else(|e| panic!("{path}: {e}"));
        Page::try_receive(change(self.http.request(method, url)))
    }
}

/// A client behind a proxy that says from where it comes.
fn forwarded(address: &str) -> reqwest::blocking::ClientBuilder {
    let value = HeaderValue::from_str(address).expect("an address");
    let headers = HeaderMap::from_iter([(HeaderName::from_static("x-forwarded-for"), value)]);
    reqwest::blocking::Client::builder().user_agent("causeway-tests").default_headers(headers)
}

fn build(builder: reqwest::blocking::ClientBuilder, headers: &[(&'static str, &str)]) -> reqwest::blocking::Client {
    // What a browser says on its own about a click or a form of the portal's pages.
    let browser = [
        ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
        ("accept-language", "en"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let chosen = if headers.is_empty() { browser.as_slice() } else { headers };
    let mut map = HeaderMap::new();
    for (name, value) in chosen {
        map.insert(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header's value"));
    }
    builder
        .default_headers(map)
        .redirect(Policy::none())
        .no_proxy()
        .timeout(Duration::from_secs(180))
        // The program closes connections that were idle for five seconds; one that it is closing just now is not used again.
        .pool_idle_timeout(Duration::from_secs(1))
        .build()
        .expect("build the HTTP client")
}
