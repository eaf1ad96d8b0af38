//! A person at a browser: gestures by what is visible, each waiting until it can be done.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use thirtyfour::common::command::{Command, ExtensionCommand};
use thirtyfour::prelude::*;

use crate::axe;
use crate::chromium::Chromium;
use crate::support::wait;

/// Light or dark, as the person's system asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// A browser window.
pub struct Browser {
    chromium: Chromium,
    base: String,
}

impl Browser {
    /// Opens a window, 1280 by 800, light, for the portal at `base` (`http://127.0.0.1:PORT`, or `http://name.example:PORT`
    /// for a host name of its own).
    pub fn start(base: &str) -> Self {
        let browser = Self { chromium: Chromium::start(), base: base.to_owned() };
        browser.size(1280, 800);
        browser.theme(Theme::Light);
        browser
    }

    /// Opens an address of the portal.
    #[track_caller]
    pub fn open(&self, path: &str) {
        self.act(&format!("open {path}"), async |d| d.goto(format!("{}{path}", self.base)).await);
    }

    /// Signs in through the sign-in page.
    #[track_caller]
    pub fn sign_in(&self, email: &str, password: &str) {
        self.open("/sign-in");
        self.fill("E-mail", email);
        self.fill("Password", password);
        self.click("Sign in");
        self.until("the sign-in page to be left", || !self.path().starts_with("/sign-in"));
    }

    /// The addresses that the page's menus offer inside the portal, each once, in their order.
    #[track_caller]
    pub fn menu(&self) -> Vec<String> {
        let script = "return [...new Set([...document.querySelectorAll('nav a[href]')].filter(a => a.origin === location.origin)\
            .map(a => a.pathname + a.search))]";
        let paths = self.run(script, vec![]);
        paths.as_array().into_iter().flatten().filter_map(|path| path.as_str().map(str::to_owned)).collect()
    }

    /// Path and query of the page that is shown.
    #[track_caller]
    pub fn path(&self) -> String {
        let url = self.act("read the address", async |d| d.current_url().await);
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// The page's title.
    #[track_caller]
    pub fn title(&self) -> String {
        self.act("read the title", async |d| d.title().await)
    }

    /// The size of the page area in CSS pixels; narrower than any real window can be, if need be.
    #[track_caller]
    pub fn size(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// What the person's system asks for: light or dark. Motion is always reduced, so that pictures come out the same.
    #[track_caller]
    pub fn theme(&self, theme: Theme) {
        let scheme = if theme == Theme::Dark { "dark" } else { "light" };
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// Switches script off or on for the pages opened from now on.
    #[track_caller]
    pub fn script(&self, on: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({"value": !on}));
    }

    /// Gives the browser a place for passkeys, whose owner says yes to everything.
    #[track_caller]
    pub fn passkeys(&self) {
        let device = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        self.act("add a place for passkeys", async |d| {
            d.handle().cmd(Command::ExtensionCommand(Box::new(Authenticator(device)))).await?.value::<Value>()
        });
    }

    /// Forgets who was signed in.
    #[track_caller]
    pub fn forget_cookies(&self) {
        self.act("forget cookies", async |d| d.delete_all_cookies().await);
    }

    /// Clicks the button or link of this name: its visible text, or its label if it shows only a picture.
    #[track_caller]
    pub fn click(&self, name: &str) {
        let name_ = literal(name);
        let path = format!(
            "//*[self::button or self::a[@href] or self::summary or @role='button' or @role='link' or @role='tab' \
             or @role='menuitem' or @role='option'][normalize-space(.)={name_} or @aria-label={name_}] \
             | //input[(@type='submit' or @type='button') and @value={name_}]"
        );
        self.act(&format!("click {name:?}"), async |d| {
            d.query(By::XPath(path)).and_displayed().and_enabled().first().await?.click_when_ready().await
        });
    }

    /// Types into the field with this label, in place of what is there.
    #[track_caller]
    pub fn fill(&self, label: &str, text: &str) {
        self.act(&format!("fill {label:?}"), async |d| {
            let field = d.query(control(label)).and_displayed().and_enabled().first().await?;
            let kind = field.prop("type").await?.unwrap_or_default();
            if matches!(kind.as_str(), "date" | "datetime-local" | "month" | "time" | "color") {
                // What the keyboard does in these differs by locale.
                let set = "arguments[0].value = arguments[1]; for (const name of ['input', 'change']) \
                           arguments[0].dispatchEvent(new Event(name, {bubbles: true}));";
                d.execute(set, vec![field.to_json()?, json!(text)]).await?;
                return Ok(());
            }
            field.clear().await?;
            field.send_keys(text).await
        });
    }

    /// Chooses an option in the list with this label.
    #[track_caller]
    pub fn choose(&self, label: &str, option: &str) {
        self.act(&format!("choose {option:?} in {label:?}"), async |d| {
            let list = d.query(control(label)).and_displayed().and_enabled().first().await?;
            let path = format!(".//option[normalize-space(.)={}]", literal(option));
            list.query(By::XPath(path)).first().await?.click().await
        });
    }

    /// Changes the checkbox or radio button with this label.
    #[track_caller]
    pub fn tick(&self, label: &str) {
        self.act(&format!("tick {label:?}"), async |d| {
            d.query(control(label)).and_enabled().first().await?.click().await
        });
    }

    /// Chooses a file for the field with this label.
    #[track_caller]
    pub fn attach(&self, label: &str, file: &Path) {
        let file = file.to_string_lossy().into_owned();
        self.act(&format!("attach to {label:?}"), async |d| {
            d.query(control(label)).first().await?.send_keys(file).await
        });
    }

    /// Presses keys where the focus is: text, or `Key::Tab`, or `Key::Control + "k"`.
    #[track_caller]
    pub fn press(&self, keys: impl Into<thirtyfour::TypingData>) {
        let keys = keys.into();
        self.act("press keys", async |d| d.active_element().await?.send_keys(keys).await);
    }

    /// The name of what has the focus: its label, its text, or its tag if it has neither.
    #[track_caller]
    pub fn focused(&self) -> String {
        let script = "const e = document.activeElement; const label = e.labels && e.labels[0]; \
            return (e.getAttribute('aria-label') || (label && label.innerText) || e.innerText || e.value || e.tagName).trim();";
        self.run(script, vec![]).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows these words.
    #[track_caller]
    pub fn see(&self, words: &str) {
        self.until(&format!("the page to say {words:?}"), || self.shown().contains(words));
    }

    /// Waits until the page no longer shows these words.
    #[track_caller]
    pub fn see_no_longer(&self, words: &str) {
        self.until(&format!("the page to stop saying {words:?}"), || !self.shown().contains(words));
    }

    /// Waits until the address is this path.
    #[track_caller]
    pub fn arrive(&self, path: &str) {
        self.until(&format!("the address to be {path}"), || self.path() == path);
    }

    /// Waits until something matches the selector and is displayed; returns its text.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        self.act(&format!("find {css:?}"), async |d| d.query(By::Css(css)).and_displayed().first().await?.text().await)
    }

    /// How many elements match now.
    #[track_caller]
    pub fn count(&self, css: &str) -> usize {
        self.act(&format!("count {css:?}"), async |d| d.find_all(By::Css(css)).await).len()
    }

    /// Everything that is visible on the page, as one text.
    #[track_caller]
    pub fn shown(&self) -> String {
        let text = self.run("return document.body ? document.body.innerText : ''", vec![]);
        text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Runs a script in the page and returns what it returns.
    #[track_caller]
    pub fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.act("run a script", async |d| Ok(d.execute(script, arguments).await?.json().clone()))
    }

    /// Whether the page can be moved sideways, which no page should need.
    #[track_caller]
    pub fn scrolls_sideways(&self) -> bool {
        self.run("const e = document.documentElement; return e.scrollWidth > e.clientWidth", vec![]) == json!(true)
    }

    /// Saves a picture of what is shown, or of the whole page from top to bottom: PNG, or WebP where size counts.
    #[track_caller]
    pub fn picture(&self, file: &Path, whole_page: bool) {
        let small = file.extension().is_some_and(|e| e == "webp");
        let format = if small { json!({"format": "webp", "quality": 40}) } else { json!({"format": "png"}) };
        let mut wanted = json!({"captureBeyondViewport": whole_page});
        wanted.as_object_mut().expect("an object").extend(format.as_object().cloned().unwrap_or_default());
        let answer = self.devtools("Page.captureScreenshot", wanted);
        let data = answer["data"].as_str().expect("a picture");
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).expect("make the folder for pictures");
        }
        std::fs::write(file, decode(data)).expect("save the picture");
    }

    /// Fails if axe-core finds something serious or critical on the page as it is now.
    #[track_caller]
    pub fn check_accessibility(&self) {
        let findings = axe::check(self);
        assert!(findings.is_empty(), "{} is hard to use for some people:\n{}", self.path(), findings.join("\n"));
    }

    /// What the browser complained about since the last call: script errors, blocked content, failed requests.
    #[track_caller]
    pub fn complaints(&self) -> Vec<String> {
        let log = self.act("read the console", async |d| d.browser_log().await);
        log.into_iter()
            .filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"))
            .map(|e| e.message)
            .collect()
    }

    /// Fails if the browser complained about anything.
    #[track_caller]
    pub fn check_quiet(&self) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "{}: the browser complained:\n{}", self.path(), complaints.join("\n"));
    }

    #[track_caller]
    fn until(&self, what: &str, look: impl Fn() -> bool) {
        wait::until_or(what, || look().then_some(()), || self.failure());
    }

    #[track_caller]
    fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.act(method, async |d| {
            let command = DevTools { method: method.to_owned(), parameters };
            d.handle().cmd(Command::ExtensionCommand(Box::new(command))).await?.value()
        })
    }

    #[track_caller]
    fn act<T>(&self, what: &str, work: impl AsyncFnOnce(&WebDriver) -> WebDriverResult<T>) -> T {
        match self.chromium.wait(work) {
            Ok(value) => value,
            Err(problem) => panic!("could not {what}: {problem}\n{}", self.failure()),
        }
    }

    /// Where a failing test stands: address, what the page says, a picture.
    #[track_caller]
    fn failure(&self) -> String {
        let look = self.chromium.wait(async |d| {
            let said = d.execute("return document.body ? document.body.innerText : ''", vec![]).await?;
            let said = said.json().as_str().unwrap_or_default().chars().take(1_500).collect::<String>();
            let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
            let picture = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
            d.screenshot(&picture).await?;
            Ok(format!("at {}\nsaying: {said}\npicture: {}", d.current_url().await?, picture.display()))
        });
        look.unwrap_or_else(|problem| format!("and the page could not be read: {problem}"))
    }
}

/// A command of Chromium's own, beside those that every browser's driver knows.
#[derive(Debug)]
struct DevTools {
    method: String,
    parameters: Value,
}

impl ExtensionCommand for DevTools {
    fn parameters_json(&self) -> Option<Value> {
        Some(json!({"cmd": self.method, "params": self.parameters}))
    }

    fn method(&self) -> reqwest::Method {
        reqwest::Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/goog/cdp/execute".into()
    }
}

/// The command of every browser's driver that adds a virtual authenticator.
#[derive(Debug)]
struct Authenticator(Value);

impl ExtensionCommand for Authenticator {
    fn parameters_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }

    fn method(&self) -> reqwest::Method {
        reqwest::Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/webauthn/authenticator".into()
    }
}

/// A form control by its label.
fn control(label: &str) -> By {
    let label = literal(label);
    // A label's own words come first; a hint, or the options of a list inside it, may follow.
    let is_label = format!("normalize-space(.)={label} or normalize-space(.//text()[normalize-space()][1])={label}");
    By::XPath(format!(
        "//*[self::input or self::textarea or self::select][@id=//label[{is_label}]/@for or ancestor::label[{is_label}] \
         or @aria-label={label}]"
    ))
}

/// A text as XPath writes it, whichever quotes are in it.
fn literal(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    format!("concat('{}')", text.replace('\'', "', \"'\", '"))
}

fn decode(base64: &str) -> Vec<u8> {
    crate::support::mime::base64(base64)
}
